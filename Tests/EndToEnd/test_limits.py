"""Pacing, calls in flight, and thousands of them."""

from contextlib import ExitStack

import pytest

import processes
from fastcgi_client import Connection
from pages import HTML, JSON
from upstream import Held, success

FORMATS = pytest.mark.parametrize("html", [True, False], ids=["html", "json"])


def send_calls(stack, relay, count, headers=None):
    """Starts `count` calls, each on a connection of its own."""
    call = relay.invoke_bytes({"FunctionName": "hello"}, headers=headers)
    connections = []
    for _ in range(count):
        connection = stack.enter_context(Connection(relay.socket, seconds=60))
        connection.send(call)
        connections.append(connection)
    return connections


@FORMATS
def test_over_the_rate_is_429_with_Retry_After(relay, upstream, html):
    running = relay(upstream.port, limits={"requestsPerSecond": 2, "queueSeconds": 1})
    with ExitStack() as stack:
        responses = [each.read_response()
                     for each in send_calls(stack, running, 20, HTML if html else JSON)]
    refused = [each for each in responses if each.status == 429]
    assert sum(each.status == 200 for each in responses) >= 3, "the burst's first, and two that waited up to 1 s"
    assert len(refused) >= 10
    for each in refused:
        assert int(each.headers["retry-after"]) >= 1
        assert "RequestLimitExceeded" in each.text
    assert len(upstream.calls) == len(responses) - len(refused)


def test_calls_within_the_rate_wait_for_their_turn(relay, upstream):
    running = relay(upstream.port, limits={"requestsPerSecond": 20, "queueSeconds": 5})
    with ExitStack() as stack:
        assert [each.read_response().status for each in send_calls(stack, running, 40)] == [200] * 40


@FORMATS
def test_too_much_in_flight_is_503_with_Retry_After(relay, upstream, html):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port, limits={"inFlight": 2})
    with ExitStack() as stack:
        held = send_calls(stack, running, 2)
        processes.wait_for(lambda: upstream.in_flight == 2, "two calls at the upstream")
        refused = running.invoke({"FunctionName": "hello"}, headers=HTML if html else JSON)
        assert refused.status == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert "RequestLimitExceeded.InFlight" in refused.text
        upstream.release()
        assert [each.read_response().status for each in held] == [200, 200]
    assert running.invoke({"FunctionName": "hello"}).status == 200


def test_two_thousand_calls_in_flight_on_at_most_16_threads_hold_at_most_40_kilobytes_each(relay, upstream):
    upstream.behaviour = lambda call: Held(success())
    running = relay(upstream.port, limits={"inFlight": 4096}, cloud={"timeoutSeconds": 110})
    with ExitStack() as stack:
        idle = resident_kib(running, "RssAnon")
        connections = send_calls(stack, running, 2000)
        processes.wait_for(lambda: upstream.in_flight == 2000, "2,000 calls at the upstream", seconds=60)
        assert processes.thread_count(running.pid) <= 16
        assert (resident_kib(running, "RssAnon") - idle) * 1.024 / 2000 <= 40
        assert running.get("/healthz").status == 200
        upstream.release()
        assert [each.read_response().status for each in connections] == [200] * 2000
    assert len(upstream.calls) == 2000


def test_a_thousand_idle_connections_cost_no_thread(relay, upstream):
    running = relay(upstream.port, limits={"inFlight": 1000})
    with ExitStack() as stack:
        for connection in send_calls(stack, running, 1000):
            assert connection.read_response().status == 200
        assert processes.thread_count(running.pid) <= 16
        assert running.invoke({"FunctionName": "hello"}).status == 200


def test_an_idle_relay_is_small(relay, upstream):
    """Under 25 MB (proc counts in KiB), once what only the start needed is given back."""
    running = relay(upstream.port)
    processes.wait_for(lambda: resident_kib(running, "VmRSS") < 24_400, "a small relay")
    assert resident_kib(running, "RssAnon") < 8_000


def test_a_relay_is_small_again_after_a_burst(relay, upstream):
    """Half of the idle memory is code that calls need; what 200 calls held is given back or kept for the next."""
    running = relay(upstream.port)
    with ExitStack() as stack:
        for connection in send_calls(stack, running, 200):
            assert connection.read_response().status == 200
    assert resident_kib(running, "VmRSS") < 29_200


def resident_kib(running, kind):
    status = dict(line.split(":", 1) for line in open(f"/proc/{running.pid}/status"))
    return int(status[kind].split()[0])
