"""Thousands of calls at once on one scf-relay, without nginx, before a cloud that takes its time. And its start."""

import json
import resource
import statistics
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from cloud import ANSWER
from load import body
from programs import (
    DIRECTORY, HERE, ROOT, ProcessTree, end, fail, free_ports, say, start, takes_connections, wait_for)
from relays import start_swift

sys.path.append(str(ROOT / "Tests" / "EndToEnd"))
import fastcgi_client  # noqa: E402

SOCKET = DIRECTORY / "in-flight.sock"
PER_CALL = 2            # descriptors that a call holds in the relay: nginx's connection, and the cloud's
SPARE = 64              # descriptors that the relay holds for itself, more than it has


def measure_starts(count):
    """Milliseconds from the start of the program to its first 200 on /readyz."""
    say(f"Starting scf-relay {count} times")
    times = []
    for _ in range(count):
        began = time.perf_counter()
        process = start_swift(SOCKET, 9)
        try:
            wait_until_ready()
            times.append((time.perf_counter() - began) * 1000)
        finally:
            end(process)
    return {"median_ms": round(statistics.median(times), 1), "slowest_ms": round(max(times), 1), "starts": count}


def wait_until_ready():
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if fastcgi_client.call(str(SOCKET), "GET", "/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.0005)
    fail("scf-relay is not ready within 10 s")


def measure_calls(wanted):
    """Has that many calls in flight, or as many as there can be, and measures what they hold."""
    limit = raise_descriptor_limit()
    count = min(wanted, (limit - SPARE) // PER_CALL)
    say(f"{count:,} calls in flight" + ("" if count == wanted else f": at most {limit:,} descriptors are allowed here"))
    port = free_ports(["cloud"])["cloud"]
    with SlowCloud(port) as cloud:
        process = start_swift(SOCKET, port)
        try:
            wait_until_ready()
            return {"wanted": wanted, "descriptor_limit": limit} | fill(ProcessTree(process.pid), cloud, count)
        finally:
            end(process)


def fill(relay, cloud, count):
    idle = relay.settled_megabytes()
    connections = []
    with ExitStack() as stack:
        # In a thread: to connect may take until there is room.
        sender = threading.Thread(target=send_calls, args=(count, connections, stack), daemon=True)
        sender.start()
        reached = wait_until_it_stays(cloud.count, count)
        full, threads = relay.megabytes(), relay.threads()
        cloud.release()
        sender.join()
        answers = [connection.read_response() for connection in connections]
    if wrong := [each for each in answers if each.status != 200 or each.body != ANSWER.encode()]:
        fail(f"{len(wrong):,} of {count:,} calls were not answered as they must be; the first: {wrong[0]}")
    return {
        "sent": count, "in_flight": reached, "threads": threads, "idle_mib": round(idle, 1), "mib": round(full, 1),
        "kib_per_call": round((full - idle) * 1024 / reached, 1), "after_mib": round(relay.settled_megabytes(), 1)}


def send_calls(count, connections, stack):
    call = fastcgi_client.request_bytes(
        "POST", "/invoke", headers={"Content-Type": "application/json"}, body=body("100 B"))
    for _ in range(count):
        connection = stack.enter_context(fastcgi_client.Connection(str(SOCKET), seconds=120))
        connection.send(call)
        connections.append(connection)


def wait_until_it_stays(value, goal):
    """Waits until `value()` is `goal`, or does not grow any more for three seconds. Returns it."""
    last, since = value(), time.monotonic()
    while last < goal and time.monotonic() - since < 3:
        time.sleep(0.05)
        if (now := value()) != last:
            last, since = now, time.monotonic()
    return last


def raise_descriptor_limit():
    """As far as this machine lets us. Programs that are started inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = int(Path("/proc/sys/fs/nr_open").read_text())
    for limit in (most, hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            return limit
        except (ValueError, OSError):
            continue
    return hard


class SlowCloud:
    """slow_cloud.py, running."""

    def __init__(self, port):
        self._url = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._process = start("slow-cloud", sys.executable, HERE / "slow_cloud.py", port)
        wait_for(lambda: takes_connections(port), "the slow cloud to listen")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self._process)

    def count(self):
        """Calls that have arrived whole."""
        return json.loads(self._get("/calls"))

    def release(self):
        self._get("/release")

    def _get(self, path):
        with self._opener.open(self._url + path, timeout=30) as response:
            return response.read()
