"""FastCGI peers that are silent, broken or evil harm nobody but themselves."""

import os
import signal
import struct
import threading
import time
from contextlib import ExitStack

import pytest

import fastcgi_client as fcgi
from fastcgi_client import Connection, ConnectionClosed
from processes import wait_for
from running_relay import Relay
from upstream import Upstream, success

GOOD_BODY = b'{"FunctionName":"hello"}'
JSON_POST = {"Content-Type": "application/json"}


def good_request(**more):
    return fcgi.request_bytes("POST", "/invoke", JSON_POST, GOOD_BODY, **more)


def half_of(data):
    return data[:len(data) // 2]


def with_content_length(value, body=GOOD_BODY):
    return fcgi.request_bytes("POST", "/invoke", JSON_POST, body, content_length=value)


def begin_and_parameters(content):
    return fcgi.begin() + fcgi.stream(fcgi.PARAMS, content) + fcgi.stream(fcgi.STDIN, b"")


FORTY_TIMES = [("FCGI_MPXS_CONNS", "")] * 40

# What a peer sends before it keeps its connection open and says no more.
BAD_PEERS = {
    "silent": b"",
    "half a record header": fcgi.begin()[:5],
    "half a record": half_of(fcgi.begin()),
    "half a request": half_of(good_request()),
    "no end of PARAMS": fcgi.begin() + fcgi.record(fcgi.PARAMS, fcgi.name_values([("A", "1")])),
    "a body that never comes": with_content_length(1000, b"")[:-8],
    "garbage": bytes(range(256)) * 40,
    "HTTP": b"POST /invoke HTTP/1.1\r\nHost: x\r\n\r\n",
    "zeros": bytes(10_000),
    "wrong version": fcgi.record(fcgi.BEGIN_REQUEST, struct.pack(">HB5x", 1, 1), version=2),
    "BEGIN too short": fcgi.record(fcgi.BEGIN_REQUEST, b"\0\1"),
    "BEGIN for an unknown role": fcgi.begin(role=7),
    "a second BEGIN": fcgi.begin(1) + fcgi.begin(2),
    "a second BEGIN of the same id": fcgi.begin(1) + fcgi.begin(1),
    "ABORT of nothing": fcgi.record(fcgi.ABORT_REQUEST),
    "ABORT in the middle": fcgi.begin() + fcgi.record(fcgi.ABORT_REQUEST),
    "STDIN before PARAMS": fcgi.begin() + fcgi.record(fcgi.STDIN, b"x"),
    "records of a request that never began": fcgi.record(fcgi.PARAMS, b"\1\1AB", request_id=9),
    "an unknown record type": fcgi.record(99, b"x", request_id=0),
    "a server's record": fcgi.record(fcgi.STDOUT, b"x"),
    "GET_VALUES": fcgi.record(fcgi.GET_VALUES, fcgi.name_values([("FCGI_MAX_CONNS", "")]), request_id=0),
    "GET_VALUES naming one variable 40 times": fcgi.record(fcgi.GET_VALUES, fcgi.name_values(FORTY_TIMES), request_id=0),
    "GET_VALUES of 64 KB": fcgi.record(fcgi.GET_VALUES, b"\1\0A" * 21845, request_id=0),
    "PARAMS over the limit": begin_and_parameters(fcgi.name_values([("A" * 100, "x" * 100)]) * 700),
    "PARAMS without an end": fcgi.begin() + fcgi.record(fcgi.PARAMS, b"\1\1AB" * 16000) * 20,
    "a name of 2 GB": begin_and_parameters(b"\xff\xff\xff\xff\xff\xff\xff\xffAB"),
    "lengths that overflow together": begin_and_parameters(b"\xff\xff\xff\xfe\xff\xff\xff\xfeAB"),
    "a cut pair": begin_and_parameters(b"\x05\x05ABC"),
    "CONTENT_LENGTH too short": with_content_length(3),
    "CONTENT_LENGTH too long": with_content_length(1000),
    "CONTENT_LENGTH negative": with_content_length(-1),
    "CONTENT_LENGTH not a number": with_content_length("24x"),
    "CONTENT_LENGTH with a sign": with_content_length("+24"),
    "CONTENT_LENGTH with a space": with_content_length(" 24"),
    "CONTENT_LENGTH in hex": with_content_length("0x18"),
    "CONTENT_LENGTH huge": with_content_length(10 ** 12),
    "CONTENT_LENGTH beyond 64 bits": with_content_length(10 ** 30),
}

LIES = [name for name in BAD_PEERS if name.startswith("CONTENT_LENGTH")]


@pytest.fixture(scope="module")
def shared_relay(tmp_path_factory):
    upstream = Upstream()
    relay = Relay(tmp_path_factory.mktemp("bad"), upstream.port)
    relay.upstream = upstream
    yield relay
    assert relay.stop() == 0
    upstream.close()


class GoodPeer:
    """Sends good requests, one after the other, on one connection, and takes the time of each."""

    def __init__(self, relay):
        self._relay = relay
        self._stop = threading.Event()
        self._failure = None
        self.seconds = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        if self._failure:
            raise self._failure

    def measure(self, count):
        """Waits for `count` more answers and returns how long each took."""
        start = len(self.seconds)
        while len(self.seconds) < start + count and self._thread.is_alive():
            self._stop.wait(0.005)
        return self.seconds[start:start + count]

    def _run(self):
        try:
            with Connection(self._relay.socket) as connection:
                while not self._stop.is_set():
                    start = time.monotonic()
                    connection.send(good_request())
                    response = connection.read_response()
                    assert response.status == 200, response.text
                    self.seconds.append(time.monotonic() - start)
        except Exception as failure:
            self._failure = failure


@pytest.mark.parametrize("data", BAD_PEERS.values(), ids=BAD_PEERS.keys())
def test_a_bad_peer_does_not_delay_good_ones(shared_relay, data):
    # A busy machine delays somebody now and then; a peer that really holds up others does so each time.
    delays = []
    while not delays or (len(delays) < 3 and delays[-1] > 0):
        delays.append(delay_beyond_the_bound(shared_relay, data))
    assert delays[-1] <= 0, f"slower than allowed, by so many seconds: {delays}"
    assert shared_relay.process.poll() is None, shared_relay.log
    assert shared_relay.invoke({"FunctionName": "hello"}).status == 200


def delay_beyond_the_bound(relay, data):
    """How much more than 50 ms the slowest of 50 good requests lost, with 16 bad peers about."""
    with GoodPeer(relay) as good, ExitStack() as stack:
        usual = max(good.measure(50))
        for _ in range(16):
            peer = stack.enter_context(Connection(relay.socket))
            try:
                peer.send(data)
            except (BrokenPipeError, ConnectionResetError):
                pass    # closed on us already: so much the better
        return max(good.measure(50)) - (usual + 0.050)


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_the_length_is_refused_and_runs_nothing(shared_relay, name):
    calls = len(shared_relay.upstream.calls)
    with Connection(shared_relay.socket) as connection:
        connection.send(BAD_PEERS[name])
        connection.end_sending()
        try:
            assert connection.read_response().status in (400, 413)
        except ConnectionClosed:
            pass
    assert len(shared_relay.upstream.calls) == calls


def test_a_body_beyond_the_limit_is_413_even_without_nginx(shared_relay):
    with Connection(shared_relay.socket) as connection:
        connection.send(fcgi.request_bytes("POST", "/invoke", JSON_POST, b"x" * (6 << 20)))
        response = connection.read_response()
    assert response.status == 413
    assert response.error[0] == "RequestSizeLimitExceeded"


def test_a_connection_goes_on_after_a_request_that_was_refused(shared_relay):
    with Connection(shared_relay.socket) as connection:
        for data in (with_content_length("24x"), BAD_PEERS["PARAMS over the limit"], with_content_length(3)):
            connection.send(data)
            assert connection.read_response().status >= 400
            connection.send(good_request())
            assert connection.read_response().status == 200


def test_GET_VALUES_is_answered_once_for_each_name(shared_relay):
    names = ["FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS", "OTHER"] * 10
    with Connection(shared_relay.socket) as connection:
        connection.send(fcgi.record(fcgi.GET_VALUES, fcgi.name_values((name, "") for name in names), request_id=0))
        answer = connection.read_record()
        assert (answer.kind, answer.request_id) == (fcgi.GET_VALUES_RESULT, 0)
        assert [answer.content.count(name.encode()) for name in names[:4]] == [1, 1, 1, 0]
        connection.send(good_request())
        assert connection.read_response().status == 200


def test_an_unknown_management_record_is_answered_as_unknown(shared_relay):
    with Connection(shared_relay.socket) as connection:
        connection.send(fcgi.record(77, b"", request_id=0))
        answer = connection.read_record()
        assert (answer.kind, answer.content[0]) == (fcgi.UNKNOWN_TYPE, 77)


def test_a_second_BEGIN_is_told_that_there_is_no_multiplexing_and_the_first_goes_on(shared_relay):
    first = good_request()
    with Connection(shared_relay.socket) as connection:
        connection.send(first[:16] + fcgi.begin(request_id=2) + first[16:])
        answer = connection.read_record()
        assert (answer.kind, answer.request_id, answer.content[4]) == (fcgi.END_REQUEST, 2, fcgi.CANT_MPX_CONN)
        assert connection.read_response().status == 200


def test_an_unknown_role_is_named_as_such(shared_relay):
    with Connection(shared_relay.socket) as connection:
        connection.send(fcgi.begin(role=3))
        answer = connection.read_record()
        assert (answer.kind, answer.content[4]) == (fcgi.END_REQUEST, fcgi.UNKNOWN_ROLE)


def test_ABORT_ends_the_request_and_not_the_connection(shared_relay):
    with Connection(shared_relay.socket) as connection:
        connection.send(fcgi.begin() + fcgi.record(fcgi.ABORT_REQUEST))
        assert connection.read_record().kind == fcgi.END_REQUEST
        connection.send(good_request())
        assert connection.read_response().status == 200


def test_bytes_that_come_one_by_one_are_a_request_all_the_same(shared_relay):
    with Connection(shared_relay.socket) as connection:
        for byte in good_request():
            connection.send(bytes([byte]))
        assert connection.read_response().status == 200


def test_records_with_padding_and_pieces_of_any_size_are_a_request(shared_relay):
    content = fcgi.name_values(fcgi.parameters("POST", "/invoke", JSON_POST, len(GOOD_BODY)).items())
    data = fcgi.begin()
    data += b"".join(fcgi.record(fcgi.PARAMS, content[i:i + 7], padding=i % 256) for i in range(0, len(content), 7))
    data += fcgi.record(fcgi.PARAMS)
    data += b"".join(fcgi.record(fcgi.STDIN, GOOD_BODY[i:i + 1], padding=255) for i in range(len(GOOD_BODY)))
    data += fcgi.record(fcgi.STDIN)
    with Connection(shared_relay.socket) as connection:
        connection.send(data)
        assert connection.read_response().status == 200


def test_a_peer_that_does_not_read_its_answer_holds_up_nobody(relay, upstream):
    upstream.behaviour = lambda call: success(ret_msg="x" * 4_000_000)
    running = relay(upstream.port)
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(Connection(running.socket)).send(good_request())
        for _ in range(3):
            response = running.invoke({"FunctionName": "hello"})
            assert response.status == 200 and len(response.body) > 4_000_000


def test_peers_that_vanish_in_the_middle_leave_nothing_behind(relay, upstream):
    running = relay(upstream.port)
    descriptors = f"/proc/{running.pid}/fd"
    running.invoke({"FunctionName": "hello"})
    before = len(os.listdir(descriptors))
    request = good_request()
    for cut in range(0, len(request), 3):
        with Connection(running.socket) as connection:
            connection.send(request[:cut])
    assert running.invoke({"FunctionName": "hello"}).status == 200
    wait_for(lambda: len(os.listdir(descriptors)) <= before + 4, "their descriptors are closed")


def test_a_thousand_silent_peers_do_not_keep_a_good_one_out(relay, upstream):
    running = relay(upstream.port)
    with ExitStack() as stack:
        for _ in range(1000):
            stack.enter_context(Connection(running.socket))
        assert running.invoke({"FunctionName": "hello"}).status == 200
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(30) == 0, "nor the end"
