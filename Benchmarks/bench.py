"""Measures scf-relay and its peers: same nginx, same cloud, same calls, turn and turn about.

What counts most is the CPU time that a relay's processes take for an answered call: user and system time from
/proc/PID/stat, divided by what wrk got answers for. Requests per second depend on nginx and wrk as well, which share
the machine's cores.
"""

import argparse
import json
import math
import os
import signal
import sys
import time
from pathlib import Path

import conditions
import documents
import in_flight
import report
import single_parts
from cloud import ANSWER, CheckingCloud
from comparison import compare, duration
from load import CONNECTIONS, PAYLOADS, body, write_bodies
from programs import DIRECTORY, ProcessTree, end, fail, free_ports, say, start, takes_connections, wait_for
from relays import RELAYS, render, start_relays

KINDS = ["relays", "start", "in-flight", "parts"]


def main():
    options = parse_options()
    # As SystemExit, so that everything started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.results_of:
        results = json.loads(options.results_of.read_text())
    else:
        results = measure(options)
        options.results.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        say(f"Raw results: {options.results}")
    print(report.markdown(results))
    if options.write_docs:
        documents.write(results)


def parse_options():
    def choices(known):
        def parse(text):
            names = text.split(",")
            if wrong := [name for name in names if name not in known]:
                raise argparse.ArgumentTypeError(f"{wrong[0]!r} is none of {', '.join(known)}")
            return [name for name in known if name in names]
        return parse

    parser = argparse.ArgumentParser(
        prog="script/bench", description="Measures scf-relay and its peers.",
        epilog="script/bench --install installs what the peers need; --no-build takes the programs that are there.")
    add = parser.add_argument
    add("--rounds", type=int, default=5, help="rounds, of which the median is shown (5)")
    add("--seconds", type=int, default=2, help="length of each measurement (2)")
    add("--only", type=choices(list(RELAYS)), default=list(RELAYS), metavar="LIST", help=f"of {','.join(RELAYS)}")
    add("--payloads", type=choices(list(PAYLOADS)), default=list(PAYLOADS), metavar="LIST",
        help=f"of '{','.join(PAYLOADS)}'")
    add("--connections", type=lambda text: [int(each) for each in text.split(",")], default=CONNECTIONS, metavar="LIST",
        help=f"calls at once, each list entry at most 256 ({','.join(map(str, CONNECTIONS))})")
    add("--measure", type=choices(KINDS), default=KINDS, metavar="LIST", help=f"of {','.join(KINDS)}; all")
    add("--calls", type=int, default=10_000, help="calls in flight at once (10,000)")
    add("--quick", action="store_true", help="one round of a second, 32 connections, 500 in flight: does it work?")
    add("--results", type=Path, default=DIRECTORY / "results.json", metavar="FILE",
        help="raw results (.run/bench/results.json)")
    add("--results-of", type=Path, metavar="FILE", help="measure nothing, show these raw results")
    add("--write-docs", action="store_true", help="write table and chart into docs/")
    options = parser.parse_args()
    if max(options.connections) > 256 or min(options.connections) < 1:
        parser.error("--connections: 1 to 256")
    if options.quick:
        options.rounds, options.seconds, options.connections, options.calls = 1, 1, [32], 500
    return options


def measure(options):
    prepare_directory()
    results = {"conditions": conditions.describe(options)}
    if "relays" in options.measure:
        say(f"Comparing takes at most {math.ceil(duration(options) / 60)} min.")
        results |= measure_relays(options)
    if "start" in options.measure:
        results["start"] = in_flight.measure_starts(3 if options.quick else 20)
    if "in-flight" in options.measure:
        results["in_flight"] = in_flight.measure_calls(options.calls)
    if "parts" in options.measure:
        results["parts"] = single_parts.measure()
    return results


def prepare_directory():
    for kind in ("body", "fastcgi", "proxy", "scgi", "uwsgi"):
        (DIRECTORY / "temp" / kind).mkdir(parents=True, exist_ok=True)
    for old in [*DIRECTORY.glob("*.sock"), *DIRECTORY.glob("*.log")]:
        old.unlink()
    write_bodies()


# ---- The relays -----------------------------------------------------------------------------------------------------

def measure_relays(options):
    ports = free_ports([f"{key.upper()}_PORT" for key in RELAYS] + ["CLOUD_PORT"])
    programs = []
    try:
        relays, missing = start_relays(options.only, ports, programs)
        idle = {relay.key: relay.tree.settled_megabytes() for relay in relays if relay.tree}
        check(relays, ports, programs)
        nginx = start_nginx(ports, with_cloud=True)
        programs.append(nginx)
        for relay in relays:
            relay.check(body("100 B"))
        rows = compare(relays, ProcessTree(nginx.pid), options)
        return {"relays": [describe(relay, idle) for relay in relays], "missing": missing, "rows": rows}
    finally:
        for program in reversed(programs):
            end(program)


def check(relays, ports, programs):
    """Every relay's call, of every length, is signed as it must be and arrives whole; and so does the answer."""
    cloud = CheckingCloud(ports["CLOUD_PORT"])
    nginx = start_nginx(ports, with_cloud=False)
    try:
        for relay in relays:
            for payload in PAYLOADS:
                cloud.findings.clear()
                relay.check(body(payload))
                if relay.key != "floor" and cloud.findings[-1:] != [[]]:
                    fail(f"{relay.name}, {payload}: the cloud found: {'; '.join(sum(cloud.findings, []))}")
    finally:
        end(nginx)
        cloud.close()


def start_nginx(ports, with_cloud):
    cloud = render("nginx-cloud.conf", ANSWER=ANSWER, **ports) if with_cloud else os.devnull
    config = render("nginx.conf", CLOUD=cloud, USER="user root;" if os.geteuid() == 0 else "", **ports)
    nginx = start("nginx", "/usr/sbin/nginx", "-p", DIRECTORY, "-c", config, "-e", DIRECTORY / "nginx-error.log")
    wait_for(lambda: takes_connections(ports["FLOOR_PORT"]), "nginx to listen")
    return nginx


def describe(relay, idle):
    tree = relay.tree
    return {"key": relay.key, "name": relay.name} | ({} if not tree else {
        "idle_mib": round(idle[relay.key], 1), "after_mib": round(tree.settled_megabytes(), 1),
        "processes": len(tree.pids), "memory": "RSS" if tree.is_one_process() else "PSS"})


if __name__ == "__main__":
    main()
