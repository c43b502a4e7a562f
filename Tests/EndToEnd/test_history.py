"""The history of calls: nothing waits for it, it says what it lacks, and a result survives whoever asked for it."""

import csv
import io
import json
import sqlite3
import subprocess
import time

import pytest

import fastcgi_client
import processes
from processes import small_disk
from signed_request import Signed
from upstream import Held, Reset, failure, success

HELLO = {"FunctionName": "hello"}


@pytest.fixture
def kept(relay, upstream, tmp_path):
    """Starts a relay with a history: `kept(payloads=True)`."""
    def start(**history):
        (tmp_path / "kept").mkdir(exist_ok=True)
        return relay(upstream.port, history={"path": str(tmp_path / "kept" / "history.db")} | history)
    return start


def calls(running, query=""):
    answer = running.get(f"/history?format=json&{query}")
    assert answer.status == 200, answer.text
    return answer.json()["Calls"]


def missing(running):
    return running.get("/history?format=json").json()["Missing"]


def invoked(upstream):
    return [call for call in upstream.calls if call.headers.get("x-tc-action", call.headers.get("X-TC-Action")) == "Invoke"]


def wait_until_kept(running, count, **more):
    processes.wait_for(lambda: len(calls(running)) == count, f"{count} calls are kept", **more)


def history_file(running):
    return json.loads(running.config.read_text())["history"]["path"]


# ---- What is kept ---------------------------------------------------------------------------------------------------

def test_calls_are_kept_across_a_restart_and_payloads_only_if_said_so(kept, upstream):
    for payloads in (False, True):
        running = kept(payloads=payloads)
        running.invoke(HELLO | {"ClientContext": '{"secret": "kept?"}'})
        [call, *_] = calls(running)
        assert running.stop() == 0
        running.start()
        assert calls(running)[0] == call
        detail = running.get(f"/history/{call['Id']}").json()
        assert ("ClientContext" in detail, "RetMsg" in detail) == (payloads, payloads)
        assert running.stop() == 0
        held = b"".join(path.read_bytes() for path in (running.directory.parent / "kept").iterdir())
        assert (b"kept?" in held) == payloads


def test_each_door_and_each_outcome_is_told(kept, upstream):
    running = kept()
    upstream.behaviour = lambda call: {
        "ok": success(), "failed": success(ErrMsg="raised", InvokeResult=1), "refused": failure("ResourceNotFound.FunctionName"),
        "unknown": Reset()}[json.loads(call.json().get("ClientContext", '"ok"'))]
    for outcome in ("ok", "failed", "refused", "unknown"):
        running.invoke(HELLO | {"ClientContext": json.dumps(outcome)})
        [call, *_] = calls(running)
        assert (call["Outcome"], call["Door"]) == (outcome, "invoke")
        assert [each["Id"] for each in calls(running, f"outcome={outcome}")] == [call["Id"]]
    assert calls(running, "function=default/hello&outcome=ok")[0]["BillDuration"] == 100
    assert calls(running, f"id={call['Id'][:9]}") == [call]


def test_calls_of_every_door_are_listed_under_it_with_their_caller_and_counted(relay, upstream, tmp_path):
    """One list and one sum for all that runs functions, whichever way it comes in."""
    def hook(answer):
        return {"name": answer, "function": "echo", "verify": "bearer", "secrets": ["environment:HOOK_TOKEN"], "answer": answer}

    running = relay(
        upstream.port, environment={"CALLER_KEY": "a-secret-of-the-caller", "HOOK_TOKEN": "a-token-of-the-sender"},
        apiListen=f"unix:{tmp_path}/api.sock",
        callers=[{"name": "reports", "secretId": "AKIDREPORTS", "secretKey": "environment:CALLER_KEY", "functions": "all"}],
        hooks=[hook("result"), hook("accepted")], store={"path": str(tmp_path / "calls.db")},
        history={"path": str(tmp_path / "history.db")})
    with fastcgi_client.Connection(running.socket) as connection:
        connection.send(fastcgi_client.request_bytes(
            "POST", "/invoke", {"Content-Type": "application/json"}, json.dumps(HELLO).encode(), REMOTE_USER="ana"))
        answers = [connection.read_response()]
    signed = Signed(("AKIDREPORTS", "a-secret-of-the-caller"))
    answers.append(fastcgi_client.call(f"{tmp_path}/api.sock", "POST", "/", signed.headers, signed.body))
    for name in ("result", "accepted"):
        answers.append(running.post(f"/hooks/{name}", b"{}", Authorization="Bearer a-token-of-the-sender"))
    assert [answer.status for answer in answers] == [200, 200, 200, 202], [answer.text for answer in answers]

    # What was accepted is there twice: when it came, and when it ran.
    wait_until_kept(running, 5)
    members = ("Door", "Caller", "FunctionName", "Outcome")
    expected = [
        ("cloud-api", "reports", "hello", "ok"), ("delivery", "accepted", "echo", "ok"),
        ("hook", "127.0.0.1", "echo", "accepted"), ("hook", "127.0.0.1", "echo", "ok"), ("invoke", "ana", "hello", "ok"),
    ]
    assert sorted(tuple(call[member] for member in members) for call in calls(running)) == expected
    for place, question in enumerate(("door", "caller")):
        for value in {each[place] for each in expected}:
            found = sorted(tuple(call[member] for member in members) for call in calls(running, f"{question}={value}"))
            assert found == [each for each in expected if each[place] == value]

    # It is counted once, when it ran.
    statistics = running.get("/history/statistics?format=json").json()
    counted = {name: {each["Name"]: (each["Calls"], each["BillDuration"]) for each in statistics[name]}
               for name in ("Functions", "Callers")}
    assert counted == {
        "Functions": {"default/hello": (2, 200), "default/echo": (2, 200)},
        "Callers": {"ana": (1, 100), "reports": (1, 100), "127.0.0.1": (1, 100), "accepted": (1, 100)},
    }


@pytest.mark.parametrize("question", ["id=%00%00%00%00", "function=hello%00zz", "caller=%0a", "code=%7f"])
def test_a_filter_with_a_control_character_is_refused(kept, question):
    """SQLite ends a text at NUL, and would find what was not asked for."""
    running = kept()
    running.invoke({"FunctionName": "hello"})
    answer = running.get(f"/history?format=json&{question}")
    assert answer.status == 400 and b"control character" in answer.body


def test_the_export_is_csv_by_its_rfc_and_holds_no_formula(kept, upstream):
    upstream.behaviour = lambda call: failure("FailedOperation", '=HYPERLINK("http://evil.example"),\r\n2nd line')
    running = kept()
    running.invoke(HELLO)
    answer = running.get("/history?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    [row] = csv.DictReader(io.StringIO(answer.body.decode(), newline=""))
    assert row["Message"] == '\'=HYPERLINK("http://evil.example"),\r\n2nd line'
    assert row["FunctionName"] == "hello"


# ---- A result survives whoever asked for it -------------------------------------------------------------------------

CHOSEN = "01234567-89ab-4def-8123-456789abcdef"


def leave_during_a_call(running, upstream):
    """Sends a call, and goes away while the cloud works on it."""
    upstream.behaviour = lambda call: Held(success(ret_msg="worth waiting for"))
    connection = fastcgi_client.Connection(running.socket)
    connection.send(running.invoke_bytes(HELLO, headers={"X-Call-Id": CHOSEN}))
    processes.wait_for(lambda: upstream.in_flight >= 1, "the call is at the cloud")
    processes.wait_for(lambda: calls(running), "it is in the history already")
    assert calls(running)[0]["Outcome"] == "running"
    connection.close()


def test_a_call_goes_on_when_its_browser_leaves(kept, upstream):
    running = kept(payloads=True)
    leave_during_a_call(running, upstream)
    upstream.release()
    processes.wait_for(lambda: calls(running)[0]["Outcome"] != "running", "it has ended")
    detail = running.get(f"/history/{CHOSEN}").json()
    assert (detail["Outcome"], detail["RetMsg"]) == ("ok", "worth waiting for")
    assert len(invoked(upstream)) == 1


def test_a_relay_that_stops_lets_such_a_call_finish(kept, upstream):
    running = kept(payloads=True)
    leave_during_a_call(running, upstream)
    running.process.terminate()
    processes.wait_for(lambda: "draining" in running.log, "it drains")
    upstream.release()
    assert running.process.wait(30) == 0
    running.start()
    assert running.get(f"/history/{CHOSEN}").json()["RetMsg"] == "worth waiting for"


def test_a_call_of_a_killed_relay_is_unknown_and_the_history_says_so(kept, upstream):
    running = kept()
    leave_during_a_call(running, upstream)
    running.kill()
    running.start()
    processes.wait_for(lambda: calls(running)[0]["Outcome"] == "unknown", "it is settled")
    assert calls(running)[0]["Code"] == "RelayStopped"
    [gap] = missing(running)
    assert "ended during calls" in gap["Reason"] and "Calls" not in gap
    upstream.release()


def test_without_a_history_a_call_ends_with_its_caller(relay, upstream):
    running = relay(upstream.port)
    upstream.behaviour = lambda call: Held(success())
    with fastcgi_client.Connection(running.socket) as connection:
        connection.send(running.invoke_bytes(HELLO))
        processes.wait_for(lambda: upstream.in_flight == 1, "the call is at the cloud")
    processes.wait_for(lambda: "ClientError.Cancelled" in running.log, "it is broken off")
    assert running.get("/history").status == 404


# ---- Calls go on ----------------------------------------------------------------------------------------------------

def test_calls_go_on_while_the_file_is_no_database_and_the_history_begins_once_it_is_put_right(kept, upstream, tmp_path):
    (tmp_path / "kept").mkdir()
    path = tmp_path / "kept" / "history.db"
    path.write_bytes(b"not a database at all, and long enough not to be taken for an empty one" * 20)
    running = kept()
    assert running.invoke(HELLO).status == 200
    answer = running.get("/history")
    assert answer.status == 503 and "not a database" in answer.text
    path.unlink()
    processes.wait_for(lambda: running.get("/history").status == 200, "it is opened anew")
    wait_until_kept(running, 1)
    assert running.stop() == 0


def test_calls_do_not_wait_for_a_database_that_somebody_else_holds(kept, upstream):
    running = kept()
    running.invoke(HELLO)
    wait_until_kept(running, 1)
    holder = sqlite3.connect(history_file(running), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    assert [running.invoke(HELLO).status for _ in range(20)] == [200] * 20
    # It waits 5 s for the lock; these are 20 calls of a few milliseconds.
    assert time.monotonic() - begun < 4
    holder.execute("COMMIT")
    wait_until_kept(running, 21, seconds=30)
    assert missing(running) == []


@pytest.mark.skipif(not processes.is_root(), reason="mounting a small disk needs root")
def test_calls_go_on_while_the_disk_is_full_and_what_fits_is_written_later(relay, upstream, tmp_path):
    with small_disk(tmp_path / "disk", "700k") as disk:
        running = relay(upstream.port, history={"path": str(disk / "history.db"), "payloads": True})
        event = json.dumps("x" * 40_000)
        for _ in range(40):
            assert running.invoke(HELLO | {"ClientContext": event}).status == 200
        processes.wait_for(lambda: "the history cannot be written" in running.log, "the trouble is noticed")
        assert "Trouble" in running.get("/history?format=json&limit=1").text
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        processes.wait_for(lambda: len(calls(running)) == 40, "all is written", seconds=30)
        processes.wait_for(lambda: "the history is written again" in running.log, "the log says so too")
        assert running.stop() == 0


def test_the_history_is_bounded(kept, upstream):
    running = kept(maximumCalls=10)
    for number in range(25):
        running.invoke(HELLO | {"ClientContext": str(number)})
    processes.wait_for(lambda: len(calls(running)) == 10, "ten are left")
    statistics = running.get("/history/statistics?format=json").json()
    assert statistics["Functions"][0]["Calls"] == 25, "what was let go of is still counted"


# ---- Many calls -----------------------------------------------------------------------------------------------------

def test_ten_thousand_calls_are_listed_and_counted(kept, upstream):
    running = kept()
    running.invoke(HELLO)
    wait_until_kept(running, 1)
    running.stop()
    database = sqlite3.connect(history_file(running))
    database.execute("""
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10000)
        INSERT INTO calls SELECT NULL, 'copy-' || n, kind, began + n, qualifier, region, routingKey, invocationType, logType,
            hook, status, message, note, microseconds, duration, billDuration, memUsage, memorySize, 'copy-' || n,
            cloudRequestId, functionRequestId, bytesIn, bytesOut, NULL FROM calls, number""")
    database.commit()
    database.close()
    running.start()
    seen, address = 0, "/history?format=csv&limit=4000"
    while address:
        answer = running.get(address)
        seen += answer.body.count(b"\r\n") - 1
        link = answer.headers.get("link")
        address = link and link[1:link.index(">")]
    assert seen == 10_001
