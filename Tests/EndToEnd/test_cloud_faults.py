"""What a cloud, or what stands in its way, can do wrong below the API: each fault, and the code that it is told as.

The error table of the API itself is in test_cloud_errors.py.
"""

import gzip
import os
import socket
import threading
from pathlib import Path

import pytest

import processes
from pages import JSON
from upstream import Answer, Dripping, Endless, Held, Raw, Stuck, success

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = success().body
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
MEBIBYTE = 1 << 20


def chunked(*pieces):
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(pieces)


def invoke(running):
    return running.invoke({"FunctionName": "hello"}, headers=JSON)


# ---- Answers that are none ------------------------------------------------------------------------------------------

NO_ANSWER = {
    "HTML with 502": Answer(b"<html>bad gateway: secret-of-a-proxy</html>", status=502, headers={"Content-Type": "text/html"}),
    "HTML with 503": Answer(b"<html>secret-of-a-proxy</html>", status=503, headers={"Content-Type": "text/html"}),
    "HTML with 504": Answer(b"<html>secret-of-a-proxy</html>", status=504, headers={"Content-Type": "text/html"}),
    "a right answer with 500": Answer(BODY, status=500),
    "a right answer with 206": Answer(BODY, status=206),
    # It is whole, so its connection is kept: an end of it could meet the next call on its way.
    "204": Raw(b"HTTP/1.1 204 No Content\r\n\r\n", goes_on=True),
    "101": Raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + WHOLE),
    "100 and nothing": Raw(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "half a status line": Raw(b"HTTP/1.1 20"),
    "half a header": Raw(HEAD + b"Content-Le"),
    "half a body": Raw(WHOLE[:-10]),
    "half a chunk": Raw(chunked(b"fff\r\n" + BODY)),
    "no last chunk": Raw(chunked(b"%x\r\n" % len(BODY) + BODY + b"\r\n")),
    "a chunk of no size": Raw(chunked(b"zz\r\n" + BODY + b"\r\n0\r\n\r\n")),
    "a length of no number": Raw(HEAD + b"Content-Length: many\r\n\r\n" + BODY),
    "a negative length": Raw(HEAD + b"Content-Length: -1\r\n\r\n" + BODY),
    "gzip that nobody asked for": Answer(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}),
    "a version of HTTP that is none": Raw(WHOLE.replace(b"HTTP/1.1", b"HTTP/7.1")),
    "NUL bytes": Raw(bytes(1000)),
    "TLS where none was expected": Raw(b"\x15\x03\x03\x00\x02\x02\x28"),
}


@pytest.mark.parametrize("reply", NO_ANSWER.values(), ids=NO_ANSWER.keys())
def test_what_is_no_answer_is_a_network_error_and_nothing_of_it_is_passed_on(relay, upstream, reply):
    upstream.behaviour = lambda call: reply
    running = relay(upstream.port)
    response = invoke(running)
    assert (response.status, response.error[0]) == (502, "ClientError.NetworkError"), response.text[:500]
    assert "secret-of-a-proxy" not in response.text and "hello from scf" not in response.text
    assert len(upstream.calls) == 1, "what may have run is never sent again"
    upstream.behaviour = lambda call: success()
    assert invoke(running).status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(relay, upstream, status):
    """It would take a signed call, and with it the event, to wherever the answer says."""
    upstream.behaviour = lambda call: Answer(
        b"", status=status, headers={"Location": f"http://127.0.0.1:{upstream.port}/elsewhere"})
    response = invoke(relay(upstream.port))
    assert (response.status, response.error[0]) == (502, "ClientError.NetworkError")
    assert [call.target for call in upstream.calls] == ["/"]


# ---- Answers that are odd, and right --------------------------------------------------------------------------------

ODD_BUT_RIGHT = {
    "100 first": Raw(b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE),
    "100 and 103 first": Raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + WHOLE),
    "twenty times 100 first": Raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 20 + WHOLE),
    "another content type": Answer(BODY, headers={"Content-Type": "text/html"}),
    "no content type": Answer(BODY, headers={}),
    # libcurl goes by the last one. What is left over goes to nobody, see the next test.
    "two lengths": Raw(HEAD + b"Content-Length: 5\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY),
    "no length, and an end": Raw(HEAD + b"Connection: close\r\n\r\n" + BODY),
    "HTTP/1.0": Raw(WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0")),
    "chunks of a byte": Raw(chunked(*(b"1\r\n%c\r\n" % byte for byte in BODY), b"0\r\n\r\n")),
}


@pytest.mark.parametrize("reply", ODD_BUT_RIGHT.values(), ids=ODD_BUT_RIGHT.keys())
def test_an_odd_answer_that_is_right_is_passed_on_as_JSON(relay, upstream, reply):
    upstream.behaviour = lambda call: reply
    response = invoke(relay(upstream.port))
    assert response.status == 200 and response.body == BODY
    assert response.headers["content-type"].lower().startswith("application/json")


def test_what_follows_an_answer_is_not_taken_for_the_next_one(relay, upstream):
    """Whoever can send more than was asked for could answer somebody else's call with it."""
    false = success(ret_msg="a false answer")
    upstream.behaviour = lambda call: (
        Raw(WHOLE + false.bytes(), goes_on=True) if len(upstream.calls) == 1 else success(ret_msg="the second answer"))
    running = relay(upstream.port)
    for expected in ("hello from scf", "the second answer", "the second answer"):
        assert invoke(running).json()["Response"]["Result"]["RetMsg"] == expected


@pytest.mark.parametrize("number", [2**63 - 1, 4 * 10**15, -1, -2**63])
def test_numbers_that_no_run_can_have_stop_nobody(relay, upstream, tmp_path, number):
    upstream.behaviour = lambda call: success(MemUsage=number, BillDuration=number, Duration=number, InvokeResult=number)
    (tmp_path / "history").mkdir(mode=0o700)
    running = relay(upstream.port, history={"path": str(tmp_path / "history" / "calls.db")})
    for _ in range(3):
        response = invoke(running)
        assert response.status == 200
        assert response.json()["Response"]["Result"]["BillDuration"] == number, "it is passed on as the cloud said it"
        assert running.invoke({"FunctionName": "hello"}, headers={"HTTP_ACCEPT": "text/html"}).status == 200
    for view in "/history", "/history/statistics", "/metrics", "/history?format=csv", "/history/statistics?format=json":
        answer = running.get(view)
        assert answer.status == 200, (view, answer.body)


# ---- Answers that take their time -----------------------------------------------------------------------------------

SLOW = {
    "silence": Held(success()),
    "slow header fields": Dripping(WHOLE),
    "slow body": Dripping(HEAD + b"Content-Length: 5000\r\n\r\n" + b"x" * 5000),
    "slow chunks": Dripping(chunked(b"1\r\nx\r\n" * 500)),
    "half a header, and silence": Stuck(HEAD),
    "half an answer, and silence": Stuck(WHOLE[:-10]),
    "100, and silence": Stuck(b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW.keys())
def test_an_answer_that_is_not_there_in_time_is_a_timeout_with_outcome_unknown(relay, upstream, reply):
    upstream.behaviour = lambda call: reply
    response = invoke(relay(upstream.port, cloud={"timeoutSeconds": 1}))
    assert (response.status, response.error[0]) == (504, "ClientError.Timeout")
    assert "unknown" in response.error[1]
    assert len(upstream.calls) == 1


# ---- Answers without end --------------------------------------------------------------------------------------------

ENDLESS = {
    "a body": Endless(HEAD + b"Connection: close\r\n\r\n", b"x" * 65536),
    "chunks": Endless(chunked(), b"10000\r\n" + b"x" * 65536 + b"\r\n"),
    "header fields": Endless(HEAD, b"X-More: " + b"x" * 1000 + b"\r\n"),
    "one header field": Endless(HEAD + b"X-More: ", b"x" * 65536),
    "a status line": Endless(b"HTTP/1.1 200 ", b"x" * 65536),
    "100": Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "trailers": Endless(chunked(b"0\r\n"), b"X-More: " + b"x" * 1000 + b"\r\n"),
    "chunk extensions": Endless(chunked(b"1;"), b"x" * 65536),
}


@pytest.mark.parametrize("reply", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_answer_without_end_ends_all_the_same_and_takes_no_more_than_its_limit(relay, upstream, reply):
    upstream.behaviour = lambda call: reply
    running = relay(upstream.port, cloud={"timeoutSeconds": 5})
    response = invoke(running)
    assert (response.status, response.error[0]) in [(502, "ClientError.NetworkError"), (504, "ClientError.Timeout")]
    # An answer may have 50 MB; growing, its room may be twice that for a moment.
    assert peak_memory(running.pid) < 180 * MEBIBYTE
    assert len(upstream.calls) == 1
    upstream.behaviour = lambda call: success()
    assert invoke(running).status == 200


def peak_memory(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


# ---- Ways that lead nowhere -----------------------------------------------------------------------------------------

def test_a_cloud_that_refuses_connections_is_a_network_error(relay):
    port, = processes.free_ports(1)
    response = invoke(relay(port))
    assert (response.status, response.error[0]) == (502, "ClientError.NetworkError")


def test_a_name_that_does_not_exist_is_a_network_error(relay):
    # RFC 6761: there is never anything under .invalid, whoever is asked.
    response = invoke(relay(1, cloud={"endpoint": "http://scf.tencentcloudapi.invalid:9000"}))
    assert (response.status, response.error[0]) == (502, "ClientError.NetworkError"), response.text


def test_a_cloud_that_takes_no_connection_is_told_in_time(relay):
    """A full backlog: the connection is neither refused nor made, as behind a firewall that drops."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        try:
            for each in fillers:
                each.setblocking(False)
                each.connect_ex(silent.getsockname())
            response = invoke(relay(silent.getsockname()[1], cloud={"timeoutSeconds": 1}))
            assert response.status in (502, 504)
            assert response.error[0] in ("ClientError.NetworkError", "ClientError.Timeout"), response.text
        finally:
            for each in fillers:
                each.close()


def test_many_faults_at_once_leave_nothing_behind(relay, upstream):
    running = relay(upstream.port, cloud={"timeoutSeconds": 1})
    assert invoke(running).status == 200
    descriptors, threads = len(os.listdir(f"/proc/{running.pid}/fd")), processes.thread_count(running.pid)
    replies = [*NO_ANSWER.values(), *SLOW.values()]
    upstream.behaviour = lambda call: replies[len(upstream.calls) % len(replies)]
    workers = [threading.Thread(target=lambda: [invoke(running) for _ in range(10)]) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    upstream.release()
    upstream.behaviour = lambda call: success()
    assert invoke(running).status == 200
    processes.wait_for(
        lambda: len(os.listdir(f"/proc/{running.pid}/fd")) <= descriptors + 4, "their descriptors are closed", seconds=60)
    assert processes.thread_count(running.pid) <= threads + 2
