"""The history answers with 10,000 calls in the time that it takes with 10."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import fastcgi_client
import processes
from running_relay import Relay
from upstream import Upstream

FEW, MANY = 10, 10_000
# Of both, the same number of calls is shown.
VIEWS = {
    "list": "/history?limit=10",
    "filtered list": "/history?limit=10&function=default/hello&outcome=ok",
    "list for programs": "/history?format=json&limit=10",
    "charts": "/history/statistics",
    "charts for programs": "/history/statistics?format=json",
}


def make_calls(running, count):
    """Through the door, so that everything is counted up that is counted up."""
    with ThreadPoolExecutor(8) as threads:
        made = threads.map(lambda _: running.invoke({"FunctionName": "hello"}).status, range(count))
        assert set(made) == {200}
    processes.wait_for(
        lambda: len(running.get("/history?format=json&limit=10000").json()["Calls"]) == count, f"{count} calls are kept")


@pytest.fixture(scope="module")
def histories(tmp_path_factory):
    """Two relays: one with a short history, one with a long one."""
    upstream = Upstream()
    running = []
    for count in FEW, MANY:
        folder = tmp_path_factory.mktemp(f"of-{count}")
        running.append(Relay(folder, upstream.port, history={"path": str(folder / "history.db")}))
        make_calls(running[-1], count)
    yield running
    for each in running:
        each.stop()
    upstream.close()


def ratio(short, long, address):
    """How many times as long the long history takes. One answer of each in turn, so that both meet the same machine."""
    times = ([], [])
    for _ in range(31):
        for each, taken in zip((short, long), times):
            with fastcgi_client.Connection(each.socket) as connection:
                began = time.perf_counter()
                connection.send(fastcgi_client.request_bytes("GET", address))
                answer = connection.read_response()
                taken.append(time.perf_counter() - began)
            assert answer.status == 200, answer.text
    return statistics.median(times[1]) / statistics.median(times[0])


@pytest.mark.parametrize("address", VIEWS.values(), ids=VIEWS.keys())
def test_ten_thousand_calls_take_no_longer_than_ten(histories, address):
    # Reading all of a thousand times as many calls would take many times as long. A busy machine gets three tries.
    tries = [ratio(*histories, address) for _ in range(3)]
    assert min(tries) < 2, tries
