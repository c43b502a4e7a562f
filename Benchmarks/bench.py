"""Measures scf-relay against the C relay of peers/: same nginx, same cloud, same calls, turn and turn about.

What counts is the CPU time that the relay's process takes for an answered call: user and system time from
/proc/PID/stat, divided by what wrk got answers for. Requests per second depend on nginx and wrk as well, which share
the machine's cores.
"""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "Benchmarks"
DIRECTORY = ROOT / ".run" / "bench"
PAYLOADS = {"100 B": HERE / "payloads" / "small.lua", "1 MB": HERE / "payloads" / "large.lua"}
C_THREADS = 128
CONNECTIONS = 32


def main():
    options = parse_options()
    prepare_directory()
    ports = free_ports("SWIFT_PORT", "C_PORT", "CLOUD_PORT")
    programs = []
    try:
        relays = start_relays(options.only, ports, programs)
        programs.append(start_nginx(ports))
        for relay in relays:
            relay.check()
        measure(relays, options)
        print_table(relays, options)
    finally:
        for program in reversed(programs):
            end(program)


def parse_options():
    parser = argparse.ArgumentParser(prog="script/bench", description="Measures scf-relay against a relay in C.")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median is shown (5)")
    parser.add_argument("--seconds", type=int, default=4, help="length of each measurement (4)")
    parser.add_argument("--only", choices=["swift", "c"], help="one relay alone")
    return parser.parse_args()


# ---- Programs -------------------------------------------------------------------------------------------------------

def prepare_directory():
    for kind in ("body", "fastcgi", "proxy", "scgi", "uwsgi"):
        (DIRECTORY / "temp" / kind).mkdir(parents=True, exist_ok=True)
    for old in [*DIRECTORY.glob("*.sock"), *DIRECTORY.glob("*.log")]:
        old.unlink()


def free_ports(*names):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: each.getsockname()[1] for name, each in zip(names, sockets)}
    for each in sockets:
        each.close()
    return ports


def start_relays(only, ports, programs):
    relays = []
    if only != "swift":
        programs.append(start_c(ports))
        relays.append(Relay("C (libfcgi, threads)", programs[-1], ports["C_PORT"], is_yardstick=True))
    if only != "c":
        programs.append(start_swift(ports))
        relays.append(Relay("scf-relay", programs[-1], ports["SWIFT_PORT"]))
    return relays


def start_c(ports):
    say("Compiling the C relay")
    program = DIRECTORY / "relay-c"
    subprocess.run(["gcc", "-O2", "-o", program, HERE / "peers" / "relay.c", "-lfcgi", "-lcurl", "-lcrypto", "-lpthread"],
                   check=True)
    return start("c", program, DIRECTORY / "c.sock", ports["CLOUD_PORT"], C_THREADS)


def start_swift(ports):
    config = DIRECTORY / "relay.yaml"
    # JSON is YAML too.
    config.write_text(json.dumps({
        "listen": f"unix:{DIRECTORY}/swift.sock",
        "cloud": {"endpoint": f"http://127.0.0.1:{ports['CLOUD_PORT']}", "region": "ap-guangzhou",
                  "credentials": "environment"},
        "limits": {"requestsPerSecond": 0, "inFlight": 4096},
        "functions": [{"name": "hello", "namespace": "default"}],
    }, indent=2))
    return start("swift", ROOT / ".build" / "release" / "scf-relay", "serve", "--config", config)


def start_nginx(ports):
    text = (HERE / "nginx.conf").read_text()
    values = {name: str(port) for name, port in ports.items()} | {
        "DIRECTORY": str(DIRECTORY), "ROOT": str(ROOT), "USER": "user root;" if os.geteuid() == 0 else ""}
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    (DIRECTORY / "nginx.conf").write_text(text)
    nginx = start("nginx", "/usr/sbin/nginx", "-p", DIRECTORY, "-c", DIRECTORY / "nginx.conf", "-e", DIRECTORY / "nginx-error.log")
    wait_for(lambda: takes_connections(ports["CLOUD_PORT"]), "nginx to listen")
    return nginx


def start(name, *command):
    """Starts a program, its output in a log of that name."""
    environment = os.environ | {"TENCENTCLOUD_SECRET_ID": "AKIDLOCAL", "TENCENTCLOUD_SECRET_KEY": "local-secret"}
    with open(DIRECTORY / f"{name}.log", "wb") as log:
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
    process.name = name
    return process


def end(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def takes_connections(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, what):
    deadline = time.monotonic() + 10
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"script/bench: waited 10 s in vain for {what}; see the logs in {DIRECTORY}")
        time.sleep(0.05)


# ---- Measuring ------------------------------------------------------------------------------------------------------

class Relay:
    """One of the relays, and what was measured of it: by payload, a list of (requests per second, CPU µs per call)."""

    def __init__(self, name, process, port, is_yardstick=False):
        self.name = name
        self.process = process
        self.url = f"http://127.0.0.1:{port}/invoke"
        self.is_yardstick = is_yardstick
        self.results = {payload: [] for payload in PAYLOADS}
        self.resident = {}
        self.idle = None

    def check(self):
        """One call, to be sure that what is measured works."""
        wait_for(self._answers, f"{self.name} to answer")
        self.idle = self.resident_megabytes()

    def _answers(self):
        request = urllib.request.Request(
            self.url, b'{"FunctionName":"hello"}', {"Content-Type": "application/json"})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
                return json.load(response)["Response"]["Result"]["RetMsg"] == "hello from scf"
        except OSError:
            return False

    def run(self, payload, seconds):
        before = self.cpu_seconds()
        output = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-s", PAYLOADS[payload], self.url],
            capture_output=True, text=True, check=True).stdout
        used = self.cpu_seconds() - before
        if "Non-2xx" in output or "Socket errors" in output:
            sys.exit(f"script/bench: {self.name} did not answer all calls:\n{output}")
        answered = int(re.search(r"(\d+) requests in", output)[1])
        per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
        self.resident[payload] = self.resident_megabytes()
        return per_second, used / answered * 1e6

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def median(self, payload):
        return [statistics.median(values) for values in zip(*self.results[payload])]


def measure(relays, options):
    for payload in PAYLOADS:
        say(f"{payload}: {options.rounds} rounds of {options.seconds} s each")
        for relay in relays:
            relay.run(payload, 1)   # to warm up
        for _ in range(options.rounds):
            for relay in relays:
                relay.results[payload].append(relay.run(payload, options.seconds))


def print_table(relays, options):
    yardstick = next((relay for relay in relays if relay.is_yardstick), None)
    print(f"{os.cpu_count()} cores, {CONNECTIONS} connections, median of {options.rounds} rounds of {options.seconds} s\n")
    print("| payload | relay | requests/s | CPU µs per call | CPU, ratio to C | RSS MiB | RSS idle MiB |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for payload in PAYLOADS:
        for relay in relays:
            per_second, cpu = relay.median(payload)
            ratio = f"{cpu / yardstick.median(payload)[1]:.2f}" if yardstick else "–"
            print(f"| {payload} | {relay.name} | {per_second:,.0f} | {cpu:,.1f} | {ratio} "
                  f"| {relay.resident[payload]:.1f} | {relay.idle:.1f} |")


def say(text):
    print(text, file=sys.stderr)


main()
