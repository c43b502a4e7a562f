"""script/server: its promises at the command line, and what it says where it cannot keep them."""

import json
import os
import re
import signal
import socket
import subprocess
import time
from contextlib import ExitStack

import pytest

import processes
from fastcgi_client import Connection
from running_relay import Relay
from running_site import Site

SERVER = processes.ROOT / "script" / "server"


def run(*options, environment=None, directory=None):
    """Runs script/server where it has to end by itself."""
    return subprocess.run(
        [SERVER, *map(str, options)], capture_output=True, text=True, timeout=60, cwd=directory,
        stdin=subprocess.DEVNULL, env=environment or processes.CLEAN_ENVIRONMENT)


def ports():
    page, api, local = processes.free_ports(3)
    return ["--port", page, "--api-port", api, "--local-port", local]


def assert_one_clear_line(ended, *words):
    assert ended.returncode == 1
    assert ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("script/server: ")
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("options, words", [
    (["--frob"], ["--frob", "--help"]),
    (["extra"], ["extra"]),
    (["--port"], ["--port", "value"]),
    (["--port="], ["--port", "value"]),
    (["--port", "x"], ["--port", "65535", "'x'"]),
    (["--port", "0"], ["--port", "65535"]),
    (["--port", "65536"], ["--port", "65535"]),
    (["--port", "9000"], ["differ"]),
    (["--functions", "no-such-folder"], ["--functions", "no-such-folder"]),
    (["--config", "no-such-file.yaml"], ["--config", "no-such-file.yaml"]),
    (["--run-dir", "/proc/no"], ["--run-dir", "/proc/no"]),
    (["--run-dir", "/tmp/a$b"], ["/tmp/a$b"]),
], ids=str)
def test_a_bad_option_is_named(options, words, tmp_path):
    assert_one_clear_line(run("--run-dir", tmp_path / "run", *options), *words)


@pytest.mark.parametrize("option, name", [
    ("--port", "--port"), ("--api-port", "--api-port"), ("--local-port", "--local-port")])
def test_a_port_that_is_taken_is_named(tmp_path, option, name):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_clear_line(run("--run-dir", tmp_path / "run", *ports(), option, port), str(port), name)


def test_the_cloud_needs_credentials(tmp_path):
    assert_one_clear_line(run("--run-dir", tmp_path / "run", *ports(), "--cloud"),
                          "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY")


def test_without_Swift_it_says_where_to_get_it(tmp_path):
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in ("/usr/bin", "/bin", "/usr/sbin"):
        for program in os.listdir(folder):
            if not program.startswith("swift") and not (programs / program).exists():
                (programs / program).symlink_to(os.path.join(folder, program))
    environment = processes.CLEAN_ENVIRONMENT | {"PATH": str(programs)}
    assert_one_clear_line(run("--run-dir", tmp_path / "run", *ports(), environment=environment), "swift", "https://")


def test_an_empty_folder_of_functions_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    assert_one_clear_line(run("--run-dir", tmp_path / "run", *ports(), "--functions", tmp_path / "empty"), "default/hello/")


def test_a_bad_configuration_is_explained_with_its_line(tmp_path):
    config = tmp_path / "relay.yaml"
    config.write_text("listen: unix:/tmp/x.sock\ncloud:\n  region: ap-guangzhou\n  colour: red\n")
    ended = run("--run-dir", tmp_path / "run", *ports(), "--config", config)
    assert ended.returncode == 1 and ended.stdout == ""
    assert "colour" in ended.stderr and re.search(r"\b4\b", ended.stderr)


def test_help_shows_every_option():
    ended = run("--help")
    assert ended.returncode == 0
    for option in ("--port", "--api-port", "--local-port", "--functions", "--run-dir", "--config", "--cloud"):
        assert option in ended.stdout


def test_a_run_dir_in_use_is_named(site):
    assert_one_clear_line(run("--run-dir", site.run_dir, *ports()), str(site.run_dir))


def test_two_sites_run_side_by_side(site, new_site, http):
    other = new_site()
    for each in (site, other):
        assert http.get(f"{each.url}/readyz").status_code == 200
    other.stop()
    assert http.get(f"{site.url}/readyz").status_code == 200


def test_a_run_dir_too_long_for_a_socket_is_no_obstacle(tmp_path, http):
    site = Site(tmp_path / ("long" * 40) / "run")
    socket_path = site.relay_socket
    assert http.post(f"{site.url}/invoke", json={"FunctionName": "hello"}).status_code == 200
    site.stop()
    assert len(socket_path) < 108 and not os.path.exists(os.path.dirname(socket_path))


def test_Ctrl_C_stops_everything_in_order(new_site):
    site = new_site()
    site.process.send_signal(signal.SIGINT)
    assert site.wait_until_ended() == 0
    assert "Stopping" in site.errors


def test_stopping_lets_calls_that_wait_for_their_turn_finish(new_site):
    """At 20 calls a second, the last of 30 have not left the relay yet when the end is announced."""
    site = new_site()
    call = Relay.invoke_bytes({"FunctionName": "echo"})
    with ExitStack() as stack:
        connections = [stack.enter_context(Connection(site.relay_socket, seconds=60)) for _ in range(30)]
        for connection in connections:
            connection.send(call)
        assert connections[0].read_response().status == 200
        site.process.send_signal(signal.SIGINT)
        assert [each.read_response().status for each in connections[1:]] == [200] * 29
    assert site.wait_until_ended() == 0


def test_a_killed_nginx_leaves_no_workers_behind(new_site):
    site = new_site()
    os.kill(site.pids["nginx"], signal.SIGKILL)
    assert site.process.wait(60) == 1
    assert "nginx stopped by itself (killed by signal 9)" in site.errors
    left = {name: processes.processes_of_session(pid) for name, pid in site.pids.items()}
    assert not any(left.values()), f"still running: {left}"
    assert not processes.listens(site.port)


def test_any_description_that_YAML_allows_reaches_the_list(new_site, http, tmp_path):
    function = tmp_path / "functions" / "default" / "two-lines"
    function.mkdir(parents=True)
    (function / "bootstrap").write_text("#!/bin/sh\nexec cat\n")
    (function / "bootstrap").chmod(0o755)
    (function / "function.yaml").write_text('description: "says: a\n  over two lines"\n')
    site = new_site("--functions", tmp_path / "functions")
    listed = http.get(f"{site.url}/functions").json()["Functions"]
    assert [each["Description"] for each in listed] == ["says: a over two lines"]


def test_a_killed_script_takes_its_programs_along(new_site):
    site = new_site()
    site.process.kill()
    site.process.wait()
    processes.wait_for(lambda: not any(map(processes.is_running, site.pids.values())), "all programs end")


def test_functions_of_ones_own_and_a_configuration_of_ones_own(new_site, http, tmp_path):
    functions = tmp_path / "my functions" / "default" / "greet"
    functions.mkdir(parents=True)
    (functions / "index.py").write_text("def main_handler(event, context):\n    return 'hi ' + event['name']\n")
    site = new_site("--functions", functions.parents[1])
    fields = {"FunctionName": "greet", "ClientContext": '{"name": "you"}'}
    assert http.post(f"{site.url}/invoke", json=fields).json()["Response"]["Result"]["RetMsg"] == "hi you"
    site.stop()

    config = tmp_path / "mine.yaml"
    text = (site.run_dir / "relay.yaml").read_text()
    config.write_text(text.replace(str(site.run_dir), str(tmp_path)).replace('name: "greet"', 'name: "other"'))
    second = new_site("--functions", functions.parents[1], "--config", config)
    assert http.post(f"{second.url}/invoke", json=fields).status_code == 403


def test_the_second_start_is_fast(new_site):
    start = time.monotonic()
    new_site()
    assert time.monotonic() - start < 30


def test_logs_are_one_JSON_object_a_line(new_site, http):
    site = new_site()
    request_id = http.post(f"{site.url}/invoke", json={"FunctionName": "hello"}).headers["X-Request-Id"]
    site.stop()
    for name in ("relay", "local", "nginx-access"):
        for line in site.log(name).splitlines():
            json.loads(line)
    assert request_id in site.log("relay")
