"""Accepted webhooks: nothing is lost, and nothing runs twice unnoticed, whatever ends, fills up or breaks off."""

import base64
import hashlib
import hmac
import json
import os
import random
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

import fastcgi_client
import processes
from fastcgi_client import Connection, ConnectionClosed, request_bytes
from test_nginx import NGINX, NGINX_FILES
from upstream import Answer, Held, Reset, Upstream, failure, success

TOKEN = {"Authorization": "Bearer a-token-of-the-sender"}
SECRETS = {"HOOK_TOKEN": "a-token-of-the-sender", "CALLBACK_SECRET": "whsec_" + base64.b64encode(b"c" * 32).decode()}


def hook(name, **more):
    return {"name": name, "function": "hello", "verify": "bearer", "secrets": ["environment:HOOK_TOKEN"],
            "answer": "accepted", "id": "header:X-Delivery"} | more


@pytest.fixture
def hooks(relay, tmp_path):
    """Starts a relay with hooks and a store; `hooks(port, hook("push"))`."""
    return lambda port, *hooks, store=None, **more: relay(
        port, environment=SECRETS, hooks=list(hooks),
        store={"path": str(tmp_path / "calls.db")} | (store or {}), **more)


def deliver(running, name, number, **headers):
    body = json.dumps({"n": number}).encode()
    return running.post(f"/hooks/{name}", body, **TOKEN, **{"X-Delivery": f"{name}-{number}"}, **headers)


def state(running, location):
    return running.get(location).json()["State"]


def wait_for_state(running, location, wanted):
    processes.wait_for(lambda: state(running, location) == wanted, f"{location} is {wanted}")


def number_of(call):
    """Which delivery a call at the cloud is."""
    return json.loads(call.json()["ClientContext"])["n"]


# ---- Nothing is lost, nothing runs twice unnoticed ------------------------------------------------------------------

# What the 5000 run: a process that stays, and a line for each run, in one write that no other one can come into.
NOTE_RUN = """
import os

NOTED = os.open(os.environ["NOTED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def main_handler(event, context):
    os.write(NOTED, b"%d\\n" % event["n"])
"""


class LocalCloud:
    """scf-local behind nginx, as script/server starts them, at a port that outlives them."""

    def __init__(self, directory):
        self.port, = processes.free_ports(1)
        self._directory = directory
        self._socket = directory / "local.sock"
        self._noted = directory / "noted"
        folder = directory / "functions" / "default" / "note"
        folder.mkdir(parents=True)
        (folder / "index.py").write_text(NOTE_RUN)
        # Not its 3 s, in which a busy machine may not start sixteen processes.
        (folder / "function.yaml").write_text(f'timeout: 60\nenvironment: {{NOTED: "{self._noted}"}}\n')
        self._write_nginx_configuration()
        self.start()

    def _write_nginx_configuration(self):
        server = (NGINX_FILES / "development-local.conf").read_text()
        places = {"@LOCAL@": f"unix:{self._socket}", "@LOCAL_PORT@": str(self.port), "@ROOT@": str(processes.ROOT)}
        for name, value in places.items():
            server = server.replace(name, value)
        kinds = ("client_body", "fastcgi", "proxy", "scgi", "uwsgi")
        paths = "".join(f"{kind}_temp_path {self._directory}/{kind};\n" for kind in kinds)
        # One process, so that nothing is left of it when it is killed.
        (self._directory / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {self._directory}/pid; events {{}}\n"
            f"http {{ access_log off;\ninclude {NGINX_FILES}/maps.conf;\n{paths}{server}}}\n")

    def start(self):
        self._local = processes.start(
            [processes.BINARIES / "scf-local", "serve", "--functions", self._directory / "functions",
             "--listen", f"unix:{self._socket}"], self._directory / "local.log")
        # First, so that nginx has no error of its own to answer with.
        processes.wait_for(self._is_ready, "scf-local is ready")
        self._nginx = processes.start(
            [NGINX, "-p", self._directory, "-c", self._directory / "nginx.conf", "-e", self._directory / "error.log"],
            self._directory / "nginx.log")
        processes.wait_for(lambda: processes.listens(self.port), "nginx listens")

    def _is_ready(self):
        try:
            return fastcgi_client.call(str(self._socket), "GET", "/readyz").status == 200
        except (OSError, ConnectionClosed):
            return False

    def kill(self):
        """Ends both at once."""
        for process in (self._local, self._nginx):
            process.kill()
        for process in (self._local, self._nginx):
            process.wait()

    def kill_during_runs(self):
        """Ends both at once, and with them the runs that are under way."""
        noted = self.runs().total()
        processes.wait_for(lambda: self.runs().total() > noted, "a function has just run")
        self.kill()

    def stop(self):
        """Ends both when the last run has ended."""
        processes.terminate(self._nginx)
        assert processes.terminate(self._local) == 0

    def runs(self):
        """How often each delivery has run."""
        return Counter(map(int, self._noted.read_text().split())) if self._noted.exists() else Counter()


@pytest.fixture
def local_cloud(tmp_path):
    cloud = LocalCloud(tmp_path)
    yield cloud
    cloud.kill()


class Sender:
    """Sends as patient senders do: with the same id, until it is told 202."""

    def __init__(self, running, seed):
        self.running = running
        self.random = random.Random(seed)
        self.accepted = 0
        self.restarted = threading.Event()

    def send(self, number):
        while True:
            try:
                answer = deliver(self.running, "careful" if number % 2 else "idempotent", number)
                if answer.status == 202:
                    self.accepted += 1
                    return
                assert answer.status == 503, answer.text
            except (OSError, ConnectionClosed):
                self.restarted.wait(0.02)     # the relay is gone for a moment

    def kill_and_restart(self, pause):
        self.restarted.wait(pause)
        self.running.kill()
        self.running.start()


def may_have_run(each):
    """Whether the relay lists a try as one whose function may have run, though nobody heard of it."""
    return each["Code"] == "RelayStopped" or "may have run" in each["Message"]


@pytest.mark.timeout(300)
def test_5000_webhooks_survive_ten_kills_and_a_cloud_that_is_down(hooks, local_cloud):
    """What has run is what the function itself has noted: neither what the relay believes nor what a cloud was sent."""
    seed, count = 20260817, 5000
    running = hooks(
        local_cloud.port, hook("careful", function="note"), hook("idempotent", function="note", idempotent=True),
        functions=["note"], cloud={"timeoutSeconds": 60})
    sender = Sender(running, seed)
    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(sender.send, number) for number in range(count)]
        for kill in range(10):
            if kill == 3:
                local_cloud.kill_during_runs()
            if kill == 6:
                known = running.log.count("ClientError.NetworkError")
                processes.wait_for(lambda: running.log.count("ClientError.NetworkError") > known, "a try finds it down")
                local_cloud.start()
            sender.kill_and_restart(sender.random.uniform(0.05, 0.6))
        for each in sending:
            each.result()
    assert sender.accepted == count
    processes.wait_for(lambda: not running.queue_list("waiting", "running"), "nothing waits any more", seconds=120)

    runs = local_cloud.runs()
    listed = {call["DeliveryId"].partition("-")[::2]: call for call in running.queue_list("done", "dead", "unknown")}
    assert len(listed) == count, "every accepted delivery is one call"
    for (name, number), call in listed.items():
        times = runs[int(number)]
        if call["State"] == "unknown":
            assert name == "careful" and times <= 1, (times, call)
        else:
            assert call["State"] == "done" and (times == 1 if name == "careful" else times >= 1), (times, call)

    # What is unknown is for a person, who decides here that it shall run.
    unknown = [call["Id"] for call in listed.values() if call["State"] == "unknown"]
    assert unknown, "ten kills leave no call in the middle of its delivery: this test would show nothing"
    running.queue("retry", *unknown)
    processes.wait_for(lambda: not running.queue_list(), "everything is delivered")

    local_cloud.stop()
    runs = local_cloud.runs()
    assert sorted(runs) == list(range(count)), "each has run"
    for (_, number), call in listed.items():
        if runs[int(number)] > 1:
            tries = running.get(f"/deliveries?format=json&id={call['Id']}").json()["Tries"]
            assert runs[int(number)] <= 1 + sum(map(may_have_run, tries)), f"ran {runs[int(number)]} times: {tries}"


def test_a_call_that_was_under_way_when_the_relay_was_killed_waits_for_a_person(hooks, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = hooks(upstream.port, hook("push"))
    location = deliver(running, "push", 1).headers["location"]
    processes.wait_for(lambda: upstream.in_flight == 1, "the call is at the cloud")
    running.kill()
    running.start()
    wait_for_state(running, location, "unknown")
    upstream.release()
    [call] = running.queue_list()
    assert (call["State"], call["Code"], call["Attempts"]) == ("unknown", "RelayStopped", 1)
    assert len(upstream.calls) == 1


def test_a_relay_that_is_told_to_stop_finishes_what_is_under_way_and_keeps_the_rest(hooks, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = hooks(upstream.port, hook("push", ordered=True))
    locations = [deliver(running, "push", number).headers["location"] for number in range(3)]
    processes.wait_for(lambda: upstream.in_flight == 1, "the first is at the cloud")
    running.process.terminate()
    processes.wait_for(lambda: "draining" in running.log, "it drains")
    upstream.release()
    assert running.process.wait(30) == 0
    states = {call["Id"]: call["State"] for call in running.queue_list("waiting", "running", "unknown", "done")}
    assert [states[location.rpartition("/")[2]] for location in locations] == ["done", "waiting", "waiting"]
    running.start()
    for location in locations:
        wait_for_state(running, location, "done")
    assert [number_of(call) for call in upstream.calls] == [0, 1, 2]


def test_an_asynchronous_call_is_delivered_when_the_cloud_has_taken_it_and_not_sent_again(hooks, upstream):
    """From there on it is the cloud that runs it, and runs it again where it fails."""
    running = hooks(upstream.port, hook("push", invocationType="Event"))
    location = deliver(running, "push", 1).headers["location"]
    wait_for_state(running, location, "done")
    running.kill()
    running.start()
    # What comes later is delivered later: nothing of the first is left to be sent.
    wait_for_state(running, deliver(running, "push", 2).headers["location"], "done")
    assert [(number_of(call), call.json()["InvocationType"]) for call in upstream.calls] == [(1, "Event"), (2, "Event")]
    assert state(running, location) == "done"


# ---- Once -----------------------------------------------------------------------------------------------------------

def test_the_same_id_is_the_same_call_also_after_a_restart(hooks, upstream):
    running = hooks(upstream.port, hook("push"))
    first = deliver(running, "push", 1)
    assert first.status == 202
    wait_for_state(running, first.headers["location"], "done")
    running.kill()
    running.start()
    again = deliver(running, "push", 1)
    assert (again.status, again.headers["location"]) == (202, first.headers["location"])
    other = running.post("/hooks/push", b'{"n": 2}', **TOKEN, **{"X-Delivery": "push-1"})
    assert other.status == 422
    assert len(upstream.calls) == 1


def test_a_result_is_given_again_without_running_also_after_a_restart(hooks, upstream):
    upstream.behaviour = lambda call: success(ret_msg=f"run {len(upstream.calls)}")
    running = hooks(upstream.port, hook("push", answer="result"))
    first = deliver(running, "push", 1)
    running.kill()
    running.start()
    again = deliver(running, "push", 1)
    assert (again.status, again.body) == (first.status, first.body)
    assert deliver(running, "push", 2).body != first.body
    assert len(upstream.calls) == 2


def test_a_delivery_that_still_runs_is_accepted_again_and_runs_once(hooks, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = hooks(upstream.port, hook("push"))
    location = deliver(running, "push", 1).headers["location"]
    processes.wait_for(lambda: upstream.in_flight == 1, "the first is at the cloud")
    assert state(running, location) == "running"
    again = deliver(running, "push", 1)
    assert (again.status, again.headers["location"]) == (202, location)
    other = running.post("/hooks/push", b'{"n": 2}', **TOKEN, **{"X-Delivery": "push-1"})
    assert other.status == 422
    upstream.release()
    wait_for_state(running, location, "done")
    assert len(upstream.calls) == 1


def test_a_result_that_is_still_being_made_is_a_202_to_whoever_sends_again(hooks, upstream):
    """Not a 409, as /invoke says: senders of webhooks would try again, or switch the hook off."""
    upstream.behaviour = lambda call: Held(success())
    running = hooks(upstream.port, hook("push", answer="result"))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(deliver, running, "push", 1)
        processes.wait_for(lambda: upstream.in_flight == 1, "the first is at the cloud")
        again = deliver(running, "push", 1)
        assert (again.status, again.json()) == (202, {"State": "running"})
        other = running.post("/hooks/push", b'{"n": 2}', **TOKEN, **{"X-Delivery": "push-1"})
        assert other.status == 422
        upstream.release()
        assert (first.result().status, first.result().body) == (200, b"hello from scf")
    later = deliver(running, "push", 1)
    assert (later.status, later.body) == (200, b"hello from scf")
    assert len(upstream.calls) == 1


def test_a_result_that_may_have_run_is_not_run_again(hooks, upstream):
    upstream.behaviour = lambda call: Reset()
    running = hooks(upstream.port, hook("push", answer="result"))
    assert deliver(running, "push", 1).status == 502
    again = deliver(running, "push", 1)
    assert again.status in (502, 504)
    assert len(upstream.calls) == 1


def test_a_call_with_an_idempotency_key_runs_once(hooks, upstream):
    upstream.behaviour = lambda call: success(ret_msg=f"run {len(upstream.calls)}")
    running = hooks(upstream.port)
    call, key = {"FunctionName": "hello", "ClientContext": "{}"}, {"Idempotency-Key": '"8e03978e-40d5-43dd-bc93"'}
    first = running.invoke(call, headers=key)
    running.kill()
    running.start()
    again = running.invoke(call, headers={"Idempotency-Key": "8e03978e-40d5-43dd-bc93"})
    assert (again.status, again.body) == (200, first.body)
    assert running.invoke(call | {"ClientContext": "[]"}, headers=key).status == 422
    assert len(upstream.calls) == 1
    running.invoke(call)
    running.invoke(call)
    assert len(upstream.calls) == 3


def test_a_call_whose_idempotency_key_still_runs_is_a_409(hooks, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = hooks(upstream.port)
    call, key = {"FunctionName": "hello"}, {"Idempotency-Key": "one"}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(running.invoke, call, headers=key)
        processes.wait_for(lambda: upstream.in_flight == 1, "the first is at the cloud")
        second = running.invoke(call, headers=key)
        assert (second.status, second.headers["retry-after"]) == (409, "1")
        upstream.release()
        assert first.result().status == 200
    assert len(upstream.calls) == 1


@pytest.mark.parametrize("key", ["x" * 256, "a\tb", "a\0b", "é", "x" * 60_000])
def test_what_cannot_be_an_idempotency_key_is_refused(hooks, upstream, key):
    running = hooks(upstream.port)
    answer = running.invoke({"FunctionName": "hello"}, headers={"Idempotency-Key": key})
    assert answer.status == 400 and b"Idempotency-Key is not of at most 255 visible ASCII characters" in answer.body
    assert len(upstream.calls) == 0
    assert running.invoke({"FunctionName": "hello"}, headers={"Idempotency-Key": "x" * 255}).status == 200


def test_keys_of_one_caller_mean_nothing_to_another(hooks, upstream):
    """Nor does a user whose name is an address, or goes on behind what would end it in C."""
    upstream.behaviour = lambda call: success(ret_msg=f"run {len(upstream.calls)}")
    running = hooks(upstream.port)
    callers = [{"REMOTE_USER": "10.9.9.9"}, {"REMOTE_ADDR": "10.9.9.9"}, {"REMOTE_USER": "bob"}, {"REMOTE_USER": "bob\0x"}]
    for caller in [*callers, *callers]:
        with Connection(running.socket) as connection:
            connection.send(request_bytes(
                "POST", "/invoke", headers={"Content-Type": "application/json", "Idempotency-Key": "one"},
                body=b'{"FunctionName": "hello"}', **caller))
            assert connection.read_response().status == 200
    assert len(upstream.calls) == len(callers)


# ---- By hand --------------------------------------------------------------------------------------------------------

def test_dead_letters_are_kept_shown_retried_and_dropped_while_the_relay_runs(hooks, upstream):
    upstream.behaviour = lambda call: failure("InvalidParameterValue.Param", "no such thing")
    running = hooks(upstream.port, hook("push"))
    locations = [deliver(running, "push", number).headers["location"] for number in (1, 2)]
    for location in locations:
        wait_for_state(running, location, "dead")
    [first, second] = [location.rpartition("/")[2] for location in locations]

    assert [call["Id"] for call in running.queue_list("dead")] == [first, second]
    assert b"InvalidParameterValue.Param" in running.queue("list")
    shown = running.queue("show", first)
    assert b"InvalidParameterValue.Param" in shown and b'"n"' not in shown, "no payload unless asked for"
    assert running.queue("show", first, "--payload") == b'{"n": 1}'
    running.queue("drop", second)
    assert b"no call" in running.queue("drop", second, status=1)
    assert running.get(locations[1]).status == 404

    upstream.behaviour = lambda call: success()
    running.queue("retry", first)
    wait_for_state(running, locations[0], "done")
    assert b"done" in running.queue("retry", first, status=1)


def test_the_queue_is_looked_after_while_the_relay_is_stopped(hooks, upstream):
    upstream.behaviour = lambda call: failure("InvalidParameterValue.Param")
    running = hooks(upstream.port, hook("push"))
    location = deliver(running, "push", 1).headers["location"]
    wait_for_state(running, location, "dead")
    running.stop()
    running.queue("retry", location.rpartition("/")[2])
    upstream.behaviour = lambda call: success()
    running.start()
    wait_for_state(running, location, "done")


def test_a_queue_in_a_folder_that_is_not_there_is_not_an_empty_queue(hooks, upstream, tmp_path):
    running = hooks(upstream.port, hook("push"))
    running.stop()
    (tmp_path / "calls.db").rename(tmp_path / "elsewhere.db")
    assert b"no call was accepted yet" in running.queue("list", status=1)
    text = running.config.read_text()
    assert str(tmp_path / "calls.db") in text
    running.config.write_text(text.replace(str(tmp_path / "calls.db"), str(tmp_path / "gone" / "calls.db")))
    assert f"there is no folder {tmp_path / 'gone'}".encode() in running.queue("list", status=1)


# ---- Trouble with the disk ------------------------------------------------------------------------------------------

@pytest.mark.skipif(not processes.is_root(), reason="mounting a small disk needs root")
def test_a_full_disk_refuses_before_accepting_and_takes_more_once_there_is_room(relay, tmp_path, upstream):
    upstream.behaviour = lambda call: Held(success())
    with processes.small_disk(tmp_path / "disk", "700k") as disk:
        running = relay(upstream.port, environment=SECRETS, hooks=[hook("push")], store={
            "path": str(disk / "calls.db"), "deliveriesAtOnce": 1})
        padding = "x" * 20_000
        answers = []
        for number in range(60):
            body = json.dumps({"n": number, "padding": padding}).encode()
            answers.append(running.post("/hooks/push", body, **TOKEN, **{"X-Delivery": str(number)}))
        statuses = [answer.status for answer in answers]
        assert set(statuses) == {202, 503}, statuses
        refused = answers[statuses.index(503)]
        assert int(refused.headers["retry-after"]) > 0
        accepted = [number for number, status in enumerate(statuses) if status == 202]

        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        upstream.release()
        processes.wait_for(lambda: not running.queue_list(), "everything accepted is delivered", seconds=30)
        assert sorted(number_of(call) for call in upstream.calls) == accepted
        assert running.post("/hooks/push", b'{"n": 99}', **TOKEN).status == 202
        assert running.stop() == 0


def test_a_locked_database_is_an_honest_503_and_nothing_is_lost(hooks, upstream, tmp_path):
    running = hooks(upstream.port, hook("push"))
    other = sqlite3.connect(tmp_path / "calls.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = deliver(running, "push", 1)
    assert refused.status == 503 and int(refused.headers["retry-after"]) > 0
    assert running.get("/healthz").status == 200
    other.execute("ROLLBACK")
    other.close()
    accepted = deliver(running, "push", 1)
    assert accepted.status == 202
    wait_for_state(running, accepted.headers["location"], "done")
    assert len(upstream.calls) == 1


def test_a_full_store_is_a_503(hooks, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = hooks(upstream.port, hook("push"), store={"maximumCalls": 3})
    assert [deliver(running, "push", number).status for number in range(5)] == [202, 202, 202, 503, 503]


# ---- Callbacks ------------------------------------------------------------------------------------------------------

def callback(port):
    return {"url": f"http://localhost:{port}/results", "secret": "environment:CALLBACK_SECRET"}


def origins(port, networks=()):
    return {"origins": [f"http://localhost:{port}"]} | ({"networks": list(networks)} if networks else {})


def test_a_callback_is_signed_and_tried_until_it_is_taken(hooks, upstream):
    # Three times as long as the relay would wait of its own accord after a first try.
    answers = iter([Answer(b"", status=503, headers={"Retry-After": "3"}), Reset()])
    times = []

    def receive(call):
        times.append(time.monotonic())
        return next(answers, Answer(b""))
    receiver = Upstream(receive)
    running = hooks(upstream.port, hook("push", callback=callback(receiver.port)),
                    callbacks=origins(receiver.port, ["127.0.0.0/8", "::1"]))
    location = deliver(running, "push", 1).headers["location"]
    processes.wait_for(lambda: len(receiver.calls) == 3, "the callback is taken", seconds=30)
    # The relay counts in whole milliseconds.
    assert times[1] - times[0] > 2.99, "not sooner than the receiver has asked for"
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    for call in receiver.calls:
        text = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
        digest = base64.b64encode(hmac.new(b"c" * 32, text, hashlib.sha256).digest()).decode()
        assert call.headers["webhook-signature"] == f"v1,{digest}"
        assert call.json()["data"]["id"] == location.rpartition("/")[2]
        assert call.json()["data"]["retMsg"] == "hello from scf"
    receiver.close()


def test_no_callback_goes_to_a_private_address_that_is_not_listed(hooks, upstream):
    receiver = Upstream()
    running = hooks(upstream.port, hook("push", callback=callback(receiver.port)), callbacks=origins(receiver.port))
    deliver(running, "push", 1)
    processes.wait_for(
        lambda: any(call.get("Code") == "CallbackUnreachable" for call in running.queue_list("waiting")),
        "the callback is held back")
    assert not receiver.calls
    receiver.close()


def test_a_callback_follows_no_redirect(hooks, upstream):
    other = Upstream()
    receiver = Upstream(lambda call: Answer(
        b"", status=307, headers={"Location": f"http://localhost:{other.port}/elsewhere"}))
    running = hooks(upstream.port, hook("push", callback=callback(receiver.port)),
                    callbacks=origins(receiver.port, ["127.0.0.0/8", "::1"]))
    deliver(running, "push", 1)
    processes.wait_for(
        lambda: any(call.get("Code") == "CallbackStatus.307" for call in running.queue_list("waiting")), "it is tried")
    assert receiver.calls and not other.calls
    receiver.close()
    other.close()


# ---- Files ----------------------------------------------------------------------------------------------------------

def test_the_store_is_for_its_owner_alone(hooks, upstream, tmp_path):
    running = hooks(upstream.port, hook("push"))
    deliver(running, "push", 1)
    files = sorted(tmp_path.glob("calls.db*"))
    assert len(files) == 4
    assert {oct(os.stat(file).st_mode & 0o777) for file in files} == {"0o600"}
