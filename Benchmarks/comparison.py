"""Turn and turn about: each relay under each load, in rounds."""

import math
import statistics
import threading
from collections import defaultdict

from load import PAYLOADS, run_wrk
from programs import fail, say

WARM_UP_SECONDS = 1
LONGEST_SECONDS = 20    # before giving up on a relay that has not answered a single call
STRETCH = 5             # at most, where a relay is so slow that the calls cut off at the end would weigh in
ANSWERS = 20            # for each connection, to be fair
PAUSE_SECONDS = 0.35    # until a relay is seen to be idle, and wrk's own start


def duration(options):
    """How long `compare` takes at most, in seconds, near enough."""
    total = 0
    for payload in options.payloads:
        for connections in options.connections:
            is_slow = PAYLOADS[payload] * connections > 10_000_000 and not options.quick
            total += options.rounds * (options.seconds * (STRETCH if is_slow else 1) + PAUSE_SECONDS)
            total += 0 if options.quick else WARM_UP_SECONDS + PAUSE_SECONDS
    return total * len(options.only)


def compare(relays, nginx, options):
    """A row for each load and relay, with the medians and, in `rounds`, what they are of."""
    rows = []
    for payload in options.payloads:
        for connections in options.connections:
            say(f"{payload}, {connections} at once: {options.rounds} × {options.seconds} s for each of {len(relays)}")
            rows += compare_under(payload, connections, relays, nginx, options)
    return rows


def compare_under(payload, connections, relays, nginx, options):
    peaks = {relay.key: Peak(relay.tree) for relay in relays if relay.tree}
    rounds = defaultdict(list)
    seconds = {relay.key: options.seconds for relay in relays}
    if not options.quick:
        for relay in relays:
            per_second = warm_up(relay, peaks.get(relay.key), payload, connections)
            wanted = math.ceil(ANSWERS * connections / max(per_second, 1))
            seconds[relay.key] = max(options.seconds, min(wanted, STRETCH * options.seconds))
    for number in range(options.rounds):
        first = number % len(relays)
        for relay in relays[first:] + relays[:first]:
            rounds[relay.key].append(measure_once(relay, nginx, payload, connections, seconds[relay.key]))
            if relay.tree:
                peaks[relay.key].look()
                relay.tree.wait_until_idle()
    return [
        {"payload": payload, "connections": connections, "relay": relay.key} | medians(rounds[relay.key])
        | (peaks[relay.key].values() if relay.tree else {}) | {"rounds": rounds[relay.key]}
        for relay in relays]


def measure_once(relay, nginx, payload, connections, seconds):
    before = relay.tree.cpu_seconds() if relay.tree else 0
    nginx_before = nginx.cpu_seconds()
    result = run_wrk(relay.url, payload, connections, seconds)
    nginx_used = nginx.cpu_seconds() - nginx_before
    used = relay.tree.cpu_seconds() - before if relay.tree else None
    answered = result.pop("answered")
    if not answered:
        if seconds > LONGEST_SECONDS:
            fail(f"{relay.name} answers no call of {payload}, {connections} at once, within {seconds} s")
        relay.tree and relay.tree.wait_until_idle()
        return measure_once(relay, nginx, payload, connections, 3 * seconds)
    took = result.pop("microseconds")
    del result["failed"]
    return {
        "seconds": seconds, "answered": answered, "per_second": round(answered / took * 1e6, 1),
        "cpu_us": used and round(used / answered * 1e6, 2), "nginx_cpu_us": round(nginx_used / answered * 1e6, 2),
    } | result


def medians(rounds):
    """The median of each figure. A round too short for a percentile has none."""
    found = {name: statistics.median(values) for name in rounds[0]
             if (values := [each[name] for each in rounds if each[name] is not None])}
    if found["answered"] < 1000:
        found["p999"] = None
    if found["answered"] < 100:
        found["p99"] = None
    return found


def warm_up(relay, peak, payload, connections):
    """Returns the requests per second, roughly."""
    stop = threading.Event()
    watcher = threading.Thread(target=lambda: peak and peak.watch(stop))
    watcher.start()
    try:
        result = run_wrk(relay.url, payload, connections, WARM_UP_SECONDS)
    finally:
        stop.set()
        watcher.join()
    if relay.tree:
        relay.tree.wait_until_idle()
    return result["answered"] / result["microseconds"] * 1e6


class Peak:
    """The most memory and threads under one load. Looked at while warming up, which nothing is measured in."""

    def __init__(self, tree):
        self._tree = tree
        self._mib = 0
        self._threads = 0
        tree.forget_peak()

    def watch(self, stop):
        while not stop.wait(0.1):
            self.look()

    def look(self):
        self._mib = max(self._mib, self._tree.peak_megabytes())
        self._threads = max(self._threads, self._tree.threads())

    def values(self):
        return {"peak_mib": round(self._mib, 1), "threads": self._threads}
