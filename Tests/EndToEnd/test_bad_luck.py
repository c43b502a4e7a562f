"""Bad luck of the machine: a clock that is wrong or set back, a disk that is full, an end in the middle of a call."""

import email.utils
import json
import os
import shutil
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

import processes
import signature
from fastcgi_client import Connection, ConnectionClosed
from test_deliveries import SECRETS, deliver, hook, state
from upstream import Held, failure, success

# ---- The clock ------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="session")
def clock_library(tmp_path_factory):
    library = tmp_path_factory.mktemp("clock") / "clock.so"
    compiler = shutil.which("gcc") or shutil.which("clang")
    assert compiler, "neither gcc nor clang is installed"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source], check=True, timeout=60)
    return library


@pytest.fixture
def clock(clock_library, tmp_path):
    return Clock(clock_library, tmp_path / "clock")


class Clock:
    """The time of day of a relay, as the seconds from the real one; it can be changed while the relay runs."""

    def __init__(self, library, file):
        self._file = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
        self.set(0)
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_DIFFERENCE": str(file)}

    def set(self, seconds):
        os.pwrite(self._file, struct.pack("q", seconds), 0)


def strict_cloud(call):
    """A cloud whose clock is right, and which takes no signature that does not fit it."""
    headers = call.headers | {
        "Authorization": call.headers["authorization"], "X-TC-Timestamp": call.headers["x-tc-timestamp"]}
    try:
        signature.verify(headers, call.body, "AKIDLOCAL", "local-secret")
        return success()
    except signature.WrongSignature:
        return failure("AuthFailure.SignatureExpire", Date=email.utils.formatdate(usegmt=True))


def logged_times(running):
    return [json.loads(line)["time"] for line in running.log.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("difference", [-3600, 3600, -400 * 86400])
def test_a_relay_whose_clock_is_wrong_signs_by_the_clouds(relay, upstream, clock, difference):
    upstream.behaviour = strict_cloud
    clock.set(difference)
    running = relay(upstream.port, environment=clock.environment)
    for _ in range(3):
        response = running.invoke({"FunctionName": "hello"})
        assert response.status == 200, response.text
    assert len(upstream.calls) == 4, "once is enough to learn the cloud's time"
    processes.wait_for(lambda: logged_times(running), "a log")
    assert abs(logged_times(running)[-1] - time.time()) > 3000, "its clock is wrong indeed"


def test_a_clock_that_is_put_right_or_wrong_while_calls_run_harms_none(relay, upstream, clock):
    upstream.behaviour = strict_cloud
    running = relay(upstream.port, environment=clock.environment)
    for difference in (0, -7200, 0, 86400, -86400, 0):
        clock.set(difference)
        for _ in range(2):
            response = running.invoke({"FunctionName": "hello"})
            assert response.status == 200, (difference, response.text)


def test_a_clock_that_is_set_back_delays_no_delivery(relay, upstream, clock, tmp_path):
    upstream.behaviour = lambda call: failure("InternalError.System")
    running = relay(
        upstream.port, environment=SECRETS | clock.environment, hooks=[hook("push", idempotent=True)],
        store={"path": str(tmp_path / "calls.db")})
    accepted = deliver(running, "push", 1)
    assert accepted.status == 202
    processes.wait_for(lambda: len(upstream.calls) == 1, "a first try")
    clock.set(-86400)
    upstream.behaviour = lambda call: success()
    processes.wait_for(
        lambda: state(running, accepted.headers["location"]) == "done", "a second try within its pause", seconds=60)
    # And what is accepted now is delivered now.
    later = deliver(running, "push", 2)
    processes.wait_for(lambda: state(running, later.headers["location"]) == "done", "a delivery after that")
    running.stop()
    running.start()
    assert deliver(running, "push", 2).headers["location"] == later.headers["location"], "ids are still known"


def test_a_webhook_is_judged_by_the_relays_clock_and_the_log_says_so(relay, upstream, clock):
    """The one thing a wrong clock does stop: signatures with a time in them. The refusal names the seconds."""
    clock.set(3600)
    running = relay(
        upstream.port, environment={"HOOK_SECRET": "a-secret-of-the-sender"} | clock.environment,
        hooks=[{"name": "stripe", "function": "hello", "verify": "stripe", "secrets": ["environment:HOOK_SECRET"]}])
    answer = running.post("/hooks/stripe", b"{}", **{"Stripe-Signature": f"t={int(time.time())},v1={'0' * 64}"})
    assert answer.status == 401
    processes.wait_for(lambda: "s old; at most 300 s are allowed" in running.log, "the reason in the log")


# ---- The disk -------------------------------------------------------------------------------------------------------

@pytest.mark.skipif(not processes.is_root(), reason="mounting a small disk needs root")
def test_a_log_on_a_full_disk_stops_no_call_and_says_later_what_it_lost(relay, upstream, tmp_path):
    with processes.small_disk(tmp_path / "disk", "64k") as disk:
        running = relay(upstream.port, log_file=disk / "relay.log")
        filler = disk / "filler"
        try:
            filler.write_bytes(b"x" * 65536)
        except OSError:
            pass    # that is the point
        for _ in range(200):
            assert running.invoke({"FunctionName": "hello"}).status == 200
        filler.unlink()
        assert running.invoke({"FunctionName": "hello"}).status == 200
        processes.wait_for(lambda: "log lines dropped" in running.log, "the log says what is missing")
        lines = running.log.splitlines()
        assert json.loads(lines[-1])
        assert running.stop() == 0


# ---- The end --------------------------------------------------------------------------------------------------------

def test_a_relay_that_is_killed_in_the_middle_of_calls_starts_again_at_once_and_repeats_none(relay, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port)
    connections = [Connection(running.socket) for _ in range(8)]
    for connection in connections:
        connection.send(running.invoke_bytes({"FunctionName": "hello"}))
    processes.wait_for(lambda: upstream.in_flight == 8, "eight calls at the cloud")
    running.kill()
    for connection in connections:
        with pytest.raises((ConnectionClosed, OSError)):
            connection.read_response()
        connection.close()
    upstream.release()
    running.start()
    assert running.invoke({"FunctionName": "hello"}).status == 200
    assert len(upstream.calls) == 9, "what was under way is not sent again"


def test_kills_under_load_leave_a_log_of_whole_lines_behind(relay, upstream):
    running = relay(upstream.port)
    ends = threading.Event()

    def call():
        while not ends.is_set():
            try:
                running.invoke({"FunctionName": "hello"})
            except (ConnectionClosed, OSError):
                ends.wait(0.01)

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    for _ in range(5):
        seen = len(upstream.calls)
        processes.wait_for(lambda: len(upstream.calls) > seen + 50, "calls")
        running.kill()
        running.start()
    ends.set()
    for caller in callers:
        caller.join()
    # A line that a kill has cut is one line, and no other is lost with it.
    broken = [line for line in running.log.splitlines() if not is_json(line)]
    assert len(broken) <= 5, broken


def is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False
