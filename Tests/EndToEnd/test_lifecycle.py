"""Ends, wanted and not: of the relay, of the local cloud, of the site."""

import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import requests

import fastcgi_client
import processes
from fastcgi_client import Connection
from test_limits import send_calls
from upstream import Held, success


def test_a_relay_that_is_told_to_stop_finishes_ten_calls_and_takes_no_more(relay, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port)
    with ExitStack() as stack:
        held = send_calls(stack, running, 10)
        processes.wait_for(lambda: upstream.in_flight == 10, "ten calls at the upstream")
        os.kill(running.pid, signal.SIGTERM)
        processes.wait_for(lambda: not takes_connections(running.socket), "no new connections")
        assert processes.is_running(running.pid)
        upstream.release()
        assert [each.read_response().status for each in held] == [200] * 10
        assert running.process.wait(30) == 0
    assert len(upstream.calls) == 10


def takes_connections(path):
    try:
        with Connection(path):
            return True
    except OSError:
        return False


def test_kill_TERM_with_ten_calls_of_2_seconds_in_flight_gives_ten_answers_and_exit_0(relay, site):
    running = relay(site.local_port, functions=["sleep"])
    with ThreadPoolExecutor(10) as pool:
        call = {"FunctionName": "sleep", "ClientContext": '{"seconds": 2}'}
        answers = [pool.submit(running.invoke, call) for _ in range(10)]
        processes.wait_for(lambda: processes.connections_to(running.pid, site.local_port) >= 10, "ten calls in flight")
        os.kill(running.pid, signal.SIGTERM)
        assert [each.result().json()["Response"]["Result"]["RetMsg"] for each in answers] == ['{"slept": 2.0}'] * 10
    assert running.process.wait(30) == 0


def test_a_parked_connection_does_not_delay_the_end(relay, upstream):
    running = relay(upstream.port)
    with ExitStack() as stack:
        for connection in send_calls(stack, running, 3):
            connection.read_response()
        assert running.stop() == 0


def test_a_stopped_site_finishes_what_it_has_begun(new_site):
    site = new_site()
    with ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(post, site, {"FunctionName": "sleep", "ClientContext": '{"seconds": 2}'}) for _ in range(10)]
        processes.wait_for(lambda: processes.connections_to(site.relay_pid, site.local_port) >= 10, "ten calls in flight")
        site.stop()
        assert [each.result().status_code for each in answers] == [200] * 10


def post(site, fields):
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{site.url}/invoke", json=fields, timeout=60)


def test_a_local_cloud_that_is_killed_mid_call_is_502_and_the_relay_goes_on(new_site, relay):
    site = new_site()
    running = relay(site.local_port, functions=["sleep"])
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(running.invoke, {"FunctionName": "sleep", "ClientContext": '{"seconds": 60}'})
        processes.wait_for(lambda: processes.connections_to(running.pid, site.local_port) >= 1, "a call in flight")
        processes.wait_for(lambda: any(
            is_python(child) for keeper in children_of(site.local_pid) for child in children_of(keeper)), "the function runs")
        os.kill(site.local_pid, signal.SIGKILL)
        response = answer.result()
    assert response.status == 502
    assert response.error[0] == "ClientError.NetworkError"
    assert site.wait_until_ended() == 1
    assert "local stopped by itself (killed by signal 9)" in site.errors
    assert running.get("/healthz").status == 200
    assert running.invoke({"FunctionName": "sleep"}).status == 502


def children_of(pid):
    return [entry for entry in os.listdir("/proc") if entry.isdigit() and (processes._stat(entry) or [0, 0])[1] == str(pid)]


def is_python(pid):
    try:
        with open(f"/proc/{pid}/comm") as name:
            return name.read().startswith("python")
    except OSError:
        return False


def test_a_relay_that_dies_ends_the_site_and_is_named(new_site):
    site = new_site()
    os.kill(site.relay_pid, signal.SIGKILL)
    assert site.wait_until_ended() == 1
    assert "relay stopped by itself (killed by signal 9)" in site.errors


def test_a_client_that_leaves_does_not_keep_its_place(relay, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port, limits={"inFlight": 1})
    with ExitStack() as stack:
        send_calls(stack, running, 1)
        processes.wait_for(lambda: upstream.in_flight == 1, "a call at the upstream")
    # Its connection is closed now.
    upstream.release()
    processes.wait_for(lambda: running.invoke({"FunctionName": "hello"}).status == 200, "the place is free again")


def test_a_second_relay_does_not_steal_the_socket_of_a_living_one(relay, upstream):
    first = relay(upstream.port)
    second = processes.start(
        [processes.BINARIES / "scf-relay", "serve", "--config", first.directory / "relay.yaml"],
        first.directory / "second.log", processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS)
    assert second.wait(15) != 0
    assert "relay.sock" in (first.directory / "second.log").read_text()
    assert first.invoke({"FunctionName": "hello"}).status == 200


def test_a_socket_left_by_a_killed_relay_is_no_obstacle(relay, upstream, tmp_path):
    first = relay(upstream.port)
    first.process.kill()
    first.process.wait()
    log = tmp_path / "again.log"
    again = processes.start(
        [processes.BINARIES / "scf-relay", "serve", "--config", first.directory / "relay.yaml"], log,
        processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS)
    try:
        processes.wait_for(lambda: takes_connections(first.socket), "the new relay takes connections")
        assert first.invoke({"FunctionName": "hello"}).status == 200
    finally:
        assert processes.terminate(again) == 0


def test_a_socket_handed_over_as_descriptor_0_is_served(relay, upstream, tmp_path):
    """As systemd does with StandardInput=socket, and spawn-fcgi."""
    config = tmp_path / "relay.yaml"
    model = relay(upstream.port)
    config.write_text((model.directory / "relay.yaml").read_text().replace(f"unix:{model.socket}", "fd:0"))
    path = str(tmp_path / "handed-over.sock")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        server = processes.start(
            [processes.BINARIES / "scf-relay", "serve", "--config", config], tmp_path / "relay.log",
            processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS, stdin=listener)
    try:
        assert fastcgi_client.call(path, "GET", "/healthz").status == 200
    finally:
        assert processes.terminate(server) == 0
    assert os.path.exists(path), "whoever made the socket removes it"


def test_the_socket_is_for_its_group_alone(relay, upstream):
    assert os.stat(relay(upstream.port).socket).st_mode & 0o777 == 0o660
