"""A relay whose configuration changes while it runs: after SIGHUP, and after a change of its file."""

import json
import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

import processes
from fastcgi_client import Connection
from test_deliveries import SECRETS, TOKEN, deliver, hook, wait_for_state
from test_limits import send_calls
from upstream import Held, Upstream, failure, success

IN_FORCE = '"configuration in force"'
REFUSED = '"configuration refused; the old one stays"'


def read(running):
    return json.loads(running.config.read_text())


def write(running, configuration):
    """As most programs replace a file: another one takes its name."""
    new = running.config.with_suffix(".new")
    new.write_text(json.dumps(configuration, indent=2))
    new.rename(running.config)


def reload(running, expected=IN_FORCE):
    """SIGHUP, and the log's line about what came of it."""
    return after(running, lambda: os.kill(running.pid, signal.SIGHUP), expected)


def after(running, action, expected=IN_FORCE):
    before = running.log.count(expected)
    action()
    processes.wait_for(lambda: running.log.count(expected) > before, f"the log says {expected}", seconds=30)
    return [line for line in running.log.splitlines() if expected in line][-1]


def change(running, expected=IN_FORCE, **sections):
    write(running, read(running) | sections)
    return reload(running, expected)


def code(response):
    return response.json()["Response"].get("Error", {}).get("Code", "OK")


def invoke(running, function="hello"):
    return code(running.invoke({"FunctionName": function}, headers={"Accept": "application/json"}))


# ---- What comes into force, and what does not ------------------------------------------------------------------------

def test_functions_come_and_go_with_SIGHUP(relay, upstream):
    running = relay(upstream.port, functions=["hello"])
    assert invoke(running, "echo") == "UnauthorizedOperation.CAM"
    change(running, functions=[{"name": "echo"}])
    assert invoke(running, "echo") == "OK"
    assert invoke(running, "hello") == "UnauthorizedOperation.CAM"
    assert running.get("/functions").json() is not None and "echo" in running.get("/functions").text


def rewrite(running, text):
    running.config.write_text(text)


def rename(running, text):
    new = running.config.with_suffix(".tmp")
    new.write_text(text)
    new.rename(running.config)


def swap_link(running, text):
    """As Kubernetes hands out a ConfigMap: relay.yaml -> now/relay.yaml, and `now` is another folder."""
    folder = running.directory / f"version-{time.monotonic_ns()}"
    folder.mkdir()
    (folder / "relay.yaml").write_text(text)
    link = running.directory / "now.new"
    link.symlink_to(folder.name)
    link.rename(running.directory / "now")


@pytest.mark.parametrize("way", [rewrite, rename, swap_link])
def test_a_change_of_the_file_is_noticed(relay, upstream, way):
    running = relay(upstream.port, functions=["hello"])
    if way is swap_link:
        # The file itself becomes a link first, which is a change too.
        swap_link(running, running.config.read_text())
        link = running.directory / "link"
        link.symlink_to("now/relay.yaml")
        after(running, lambda: link.rename(running.config))
    text = json.dumps(read(running) | {"functions": [{"name": "echo"}]})
    line = after(running, lambda: way(running, text))
    assert "the file has changed" in line
    assert invoke(running, "echo") == "OK"


def check(running):
    """What `scf-relay check` says about the file."""
    done = subprocess.run(
        [processes.BINARIES / "scf-relay", "check", "--config", running.config], capture_output=True, text=True,
        timeout=60, env=processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS)
    assert done.returncode == 1
    return done.stderr.removeprefix("scf-relay: ").strip().splitlines()


@pytest.mark.parametrize("text", [
    "listen: [", "", "listen: nowhere\nfunctions: []\n", '{"listen": "fd:0", "surprise": 1}',
], ids=["no YAML", "empty", "several mistakes", "an unknown key"])
def test_what_check_refuses_is_refused_in_its_words_and_the_old_configuration_stays(relay, upstream, text):
    running = relay(upstream.port, functions=["hello"])
    running.config.write_text(text)
    reload(running, REFUSED)
    for line in check(running):
        assert json.dumps(line) in running.log
    assert invoke(running) == "OK"
    assert running.log.count(IN_FORCE) == 0


def test_a_file_that_is_gone_is_refused_and_one_that_comes_back_is_taken(relay, upstream):
    running = relay(upstream.port, functions=["hello"])
    text = running.config.read_text()
    line = after(running, running.config.unlink, REFUSED)
    assert "does not exist" in line
    assert invoke(running) == "OK"
    after(running, lambda: running.config.write_text(text))
    assert invoke(running) == "OK"


def test_what_takes_a_restart_is_refused_by_name(relay, upstream, tmp_path):
    running = relay(upstream.port, store={"path": str(tmp_path / "calls.db")})
    for key, sections in [
        ("listen", {"listen": f"unix:{tmp_path}/other.sock"}),
        ("apiListen", {
            "apiListen": f"unix:{tmp_path}/api.sock",
            "callers": [{"name": "a", "secretId": "A", "secretKey": "environment:TENCENTCLOUD_SECRET_KEY",
                         "functions": "all"}]}),
        ("store.path", {"store": {"path": str(tmp_path / "other.db")}}),
    ]:
        old = read(running)
        line = change(running, REFUSED, **sections)
        assert f"'{key}' was " in line and "restart" in line
        write(running, old)
        reload(running)
    assert invoke(running) == "OK"


def test_calls_under_way_finish_under_the_configuration_they_began_with(relay, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port, functions=["hello"], limits={"inFlight": 20})
    with ExitStack() as stack:
        held = send_calls(stack, running, 10)
        processes.wait_for(lambda: upstream.in_flight == 10, "ten calls at the upstream")
        other = stack.enter_context(UpstreamAt(lambda call: success()))
        cloud = read(running)["cloud"] | {"endpoint": f"http://127.0.0.1:{other.port}"}
        change(running, functions=[{"name": "echo"}], cloud=cloud, limits={"inFlight": 11, "requestsPerSecond": 0})
        # The ten count on: one more fits.
        assert invoke(running, "echo") == "OK"
        other.behaviour = lambda call: Held(success())
        held += send_calls_of(stack, running, "echo", 1)
        processes.wait_for(lambda: other.in_flight == 1, "a call at the other upstream")
        assert invoke(running, "echo") == "RequestLimitExceeded.InFlight"
        upstream.release()
        other.release()
        assert [each.read_response().status for each in held] == [200] * 11
    assert len(upstream.calls) == 10


class UpstreamAt:
    def __init__(self, behaviour):
        self.server = Upstream(behaviour)

    def __enter__(self):
        return self.server

    def __exit__(self, *_):
        self.server.release()
        self.server.close()


def send_calls_of(stack, running, function, count):
    connections = [stack.enter_context(Connection(running.socket, seconds=60)) for _ in range(count)]
    for connection in connections:
        connection.send(running.invoke_bytes({"FunctionName": function}))
    return connections


# ---- What is counted and remembered stays ----------------------------------------------------------------------------

def test_reloads_do_not_double_the_rate(relay, upstream):
    running = relay(upstream.port, limits={"requestsPerSecond": 20, "queueSeconds": 60})
    with ExitStack() as stack:
        started = time.monotonic()
        held = send_calls(stack, running, 100)
        for _ in range(10):
            reload(running)
        assert [each.read_response().status for each in held] == [200] * 100
        # Twenty start at once, and from then on twenty in each second.
        assert time.monotonic() - started >= (100 - 20) / 20 - 0.05


def test_a_changed_rate_holds_from_then_on(relay, upstream):
    running = relay(upstream.port, limits={"requestsPerSecond": 2, "queueSeconds": 60})
    with ExitStack() as stack:
        held = send_calls(stack, running, 60)
        processes.wait_for(lambda: len(upstream.calls) >= 2, "the first calls at the upstream")
        change(running, limits={"requestsPerSecond": 0})
        # Two a second would take half a minute.
        processes.wait_for(lambda: len(upstream.calls) == 60, "all calls at the upstream", seconds=10)
        assert [each.read_response().status for each in held] == [200] * 60


def secret_id(call):
    return call.headers["authorization"].split("Credential=")[1].split("/")[0]


def test_another_key_in_the_credentials_file_is_signed_with(relay, upstream, tmp_path):
    file = tmp_path / "credentials"

    def key(name):
        file.write_text(f"[default]\nsecret_id = {name}\nsecret_key = a-key-of-{name}\n")

    key("AKIDOLD")
    running = relay(
        upstream.port, cloud={"credentials": "file"}, credentials={"TENCENTCLOUD_CREDENTIALS_FILE": str(file)})
    assert invoke(running) == "OK"
    key("AKIDNEW")
    assert "AKIDNEW" in reload(running)
    assert invoke(running) == "OK"
    assert [secret_id(call) for call in upstream.calls] == ["AKIDOLD", "AKIDNEW"]
    # Half a key is no key.
    file.write_text("[default]\nsecret_id = AKIDHALF\n")
    reload(running, REFUSED)
    assert invoke(running) == "OK"
    assert secret_id(upstream.calls[-1]) == "AKIDNEW"


def test_a_hooks_secret_in_a_file_is_read_again(relay, upstream, tmp_path):
    file = tmp_path / "token"

    def secret(text):
        file.write_text(text)
        file.chmod(0o600)

    secret("the-first-token-of-ci")
    running = relay(upstream.port, hooks=[
        {"name": "ci", "function": "hello", "verify": "bearer", "secrets": [f"file:{file}"]}])

    def status(token):
        return running.post("/hooks/ci", b"{}", Authorization=f"Bearer {token}").status

    assert (status("the-first-token-of-ci"), status("the-second-token-of-ci")) == (200, 401)
    secret("the-second-token-of-ci")
    assert (status("the-first-token-of-ci"), status("the-second-token-of-ci")) == (200, 401)
    reload(running)
    assert (status("the-first-token-of-ci"), status("the-second-token-of-ci")) == (401, 200)


def test_what_a_hook_has_accepted_is_delivered_when_the_hook_is_gone(relay, upstream, tmp_path):
    upstream.behaviour = lambda call: failure("ResourceInsufficient")
    running = relay(
        upstream.port, environment=SECRETS, hooks=[hook("push"), hook("pull", function="echo")],
        store={"path": str(tmp_path / "calls.db")})
    kept, parked = [deliver(running, name, 1).headers["location"] for name in ("push", "pull")]
    processes.wait_for(lambda: running.log.count('"delivery"') >= 2, "first attempts")
    configuration = read(running)
    del configuration["hooks"]
    write(running, configuration | {"functions": [{"name": "hello"}]})
    reload(running)
    upstream.behaviour = lambda call: success()
    wait_for_state(running, kept, "done")
    # Its function is not on the list any more: it waits for a person, who sees why.
    wait_for_state(running, parked, "dead")
    assert running.get(parked).json()["Code"] == "UnauthorizedOperation.CAM"
    assert running.post("/hooks/push", b"{}", **TOKEN).status == 404


# ---- Under load, and again and again ---------------------------------------------------------------------------------

def test_no_call_through_nginx_fails_while_the_configuration_changes_under_load(new_site):
    site = new_site()
    config = site.run_dir / "relay.yaml"
    text = config.read_text()
    limits = "limits:\n"
    assert limits in text

    def put(rate):
        new = config.with_suffix(".new")
        new.write_text(text.replace(limits, f"{limits}  requestsPerSecond: {rate}\n"))
        new.rename(config)

    def reloads():
        return site.log("relay").count(IN_FORCE)

    put(0)
    os.kill(site.relay_pid, signal.SIGHUP)
    processes.wait_for(lambda: reloads() >= 1, "the first reload")
    ended = threading.Event()

    def send():
        with requests.Session() as session:
            session.trust_env = False
            statuses = []
            while not ended.is_set():
                answer = session.post(f"{site.url}/invoke", json={"FunctionName": "echo", "ClientContext": "1"}, timeout=60)
                statuses.append((answer.status_code, code(answer)))
            return statuses

    with ThreadPoolExecutor(8) as pool:
        senders = [pool.submit(send) for _ in range(8)]
        try:
            for number in range(30):
                before = reloads()
                put(1000 + number)
                os.kill(site.relay_pid, signal.SIGHUP)
                processes.wait_for(lambda: reloads() > before, "a reload", seconds=30)
        finally:
            ended.set()
        statuses = [status for each in senders for status in each.result()]
    assert len(statuses) >= 30
    assert set(statuses) == {(200, "OK")}


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_bytes(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_two_hundred_reloads_leave_nothing_behind(relay, upstream, tmp_path):
    with UpstreamAt(lambda call: success()) as other:
        running = relay(
            upstream.port, environment=SECRETS, hooks=[hook("push")], store={"path": str(tmp_path / "calls.db")},
            callbacks={"origins": ["https://a.example"]})
        configuration = read(running)

        def turn(number):
            """Another cloud, other hooks, other callbacks, and a call through each of them."""
            port = (upstream.port, other.port)[number % 2]
            cloud = configuration["cloud"] | {"endpoint": f"http://127.0.0.1:{port}"}
            change(
                running, cloud=cloud, hooks=[hook(f"push{number % 7}")],
                callbacks={"origins": [f"https://{'ab'[number % 2]}.example"]},
                functions=[{"name": "hello", "description": "x" * (number % 2 * 100_000)}])
            assert invoke(running) == "OK"

        for number in range(40):
            turn(number)
        processes.wait_for(lambda: processes.connections_to(running.pid, other.port) <= 2, "old connections are closed")
        before = (descriptors(running.pid), processes.thread_count(running.pid), resident_bytes(running.pid))
        for number in range(200):
            turn(number)
        processes.wait_for(
            lambda: descriptors(running.pid) <= before[0] + 1, f"descriptors come back to {before[0]}")
        assert processes.thread_count(running.pid) <= before[1] + 2
        assert resident_bytes(running.pid) - before[2] < 4 << 20
