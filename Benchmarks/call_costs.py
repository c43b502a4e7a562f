"""Counts what a call costs scf-relay and the C relay: instructions by where they are spent, and system calls by name.

Counts, unlike times, are the same on a busy machine. Instructions are those of the process alone, under callgrind; the
kernel's are in the system calls. callgrind's processor has no SHA instructions: libcrypto counts some ten times as many
as on one that has, for both relays.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import documents
import relays
from bench import prepare_directory, start_nginx
from cloud import ANSWER
from load import PAYLOADS, body
from programs import DIRECTORY, end, fail, free_ports, say, wait_for
from relays import RELAYS, Relay

TOOLS = ["valgrind", "strace"]


def main():
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        fail(f"no {' and no '.join(missing)}")
    prepare_directory()
    results = [measure(key, payload, connections, options)
               for payload, connections in options.loads for key in options.only]
    options.results.write_text(json.dumps(results, indent=1) + "\n")
    print(markdown(results))
    for result in results if options.top else []:
        print(most(result, options.top))
    if options.write_docs:
        documents.fill("script/profile", markdown(results))


def parse_options():
    def load(text):
        payload, _, connections = text.partition("/")
        if payload not in PAYLOADS:
            raise argparse.ArgumentTypeError(f"{payload!r} is none of {', '.join(PAYLOADS)}")
        return payload, int(connections or 1)

    parser = argparse.ArgumentParser(prog="script/profile", description=__doc__)
    add = parser.add_argument
    add("loads", type=load, nargs="*", metavar="PAYLOAD/CALLS", help="such as '100 B/32'")
    add("--only", type=lambda text: text.split(","), default=["swift", "c"], metavar="LIST", help="of swift,c")
    add("--calls", type=int, default=320, help="how many calls are counted (320); 1 MB: a tenth")
    add("--skip", default="", help="instructions or system-calls: leave these out")
    add("--write-docs", action="store_true", help="write the tables into docs/performance.md")
    add("--top", type=int, default=0, help="list that many functions, too")
    add("--results", type=Path, default=DIRECTORY / "profile.json", metavar="FILE")
    options = parser.parse_args()
    options.loads = options.loads or [("100 B", 1), ("100 B", 32), ("1 MB", 1)]
    return options


def measure(key, payload, connections, options):
    say(f"{RELAYS[key][0]}: {payload}, {connections} at once")
    result = {"relay": key, "payload": payload, "connections": connections}
    if options.skip != "instructions":
        result |= under(count_instructions, key, payload, connections, options)
    if options.skip != "system-calls":
        result |= under(count_system_calls, key, payload, connections, options)
    return result


def under(count, key, payload, connections, options):
    """Starts the relay, warms it up, and lets `count` watch it under load."""
    ports = free_ports([f"{each.upper()}_PORT" for each in RELAYS] + ["CLOUD_PORT"])
    calls = max(connections, options.calls // (10 if payload == "1 MB" else 1))
    output = DIRECTORY / f"callgrind.{key}.out"
    programs = []
    started = relays.start

    def start_watched(name, *command, **environment):
        """In place of `relays.start`: the program under callgrind."""
        if count is not count_instructions:
            return started(name, *command, **environment)
        command = [plain(command[0]), *command[1:]]
        return started(
            name, "valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={output}",
            "--max-threads=1000", *command, **environment)

    relays.start = start_watched
    try:
        process = RELAYS[key][1](DIRECTORY / f"{key}.sock", ports["CLOUD_PORT"])
        programs.append(process)
        nginx = start_nginx(ports, with_cloud=True)
        programs.append(nginx)
        relay = Relay(key, RELAYS[key][0], ports[f"{key.upper()}_PORT"], process)
        relay.check(body(payload))
        send_calls(relay, payload, connections, 2 * connections)
        return count(process, lambda: send_calls(relay, payload, connections, calls), output)
    finally:
        relays.start = started
        for program in reversed(programs):
            end(program)


def plain(program):
    """A copy without debug information, some of which valgrind of Debian 12 cannot read. Names of functions stay."""
    copy = DIRECTORY / f"{Path(program).name}.plain"
    subprocess.run(["strip", "--strip-debug", "-o", copy, program], check=True)
    return copy


def send_calls(relay, payload, connections, count):
    """Sends that many calls, so many at once, each as soon as the one before is answered. Returns how many."""
    url = urlsplit(relay.url)
    calls = count // connections

    def send():
        connection = HTTPConnection(url.hostname, url.port, timeout=120)
        for _ in range(calls):
            connection.request("POST", url.path, body(payload), {"Content-Type": "application/json"})
            response = connection.getresponse()
            if response.read() != ANSWER.encode():
                fail(f"{relay.name} answers {response.status}")
        connection.close()

    with ThreadPoolExecutor(connections) as pool:
        for sent in [pool.submit(send) for _ in range(connections)]:
            sent.result()
    return calls * connections


# ---- System calls ---------------------------------------------------------------------------------------------------

def count_system_calls(process, run, _):
    table = DIRECTORY / "strace.txt"
    watcher = subprocess.Popen(
        ["strace", "-c", "-f", "-p", str(process.pid), "-o", table], stderr=subprocess.DEVNULL)
    time.sleep(1)
    answered = run()
    watcher.send_signal(signal.SIGINT)
    watcher.wait(20)
    counts = {}
    for line in table.read_text().splitlines()[2:]:
        fields = line.split()
        if len(fields) >= 5 and fields[3].isdigit() and fields[-1] != "total":
            counts[fields[-1]] = int(fields[3]) / answered
    return {"system_calls": counts, "system_calls_of": answered}


# ---- Instructions ---------------------------------------------------------------------------------------------------

def count_instructions(process, run, output):
    control(process, "--instr=on")
    answered = run()
    control(process, "--instr=off")
    for old in output.parent.glob(output.name + ".*"):
        old.unlink()
    control(process, "--dump")
    wait_for(lambda: any(output.parent.glob(output.name + ".*")), "callgrind to write")
    dumps = sorted(output.parent.glob(output.name + ".*"))
    text = subprocess.run(
        ["callgrind_annotate", "--threshold=100", "--auto=no", *dumps], capture_output=True, text=True).stdout
    functions = Counter()
    for count, name, library in re.findall(r"^ *([\d,]+) \([ \d.]+%\) +\S*?:(\S.*?) \[(\S*)\]$", text, re.MULTILINE):
        functions[f"{Path(library).name}|{name}"] += int(count.replace(",", "")) / answered
    return {"functions": functions, "functions_of": answered, "dump": str(dumps[-1])}


def control(process, *arguments):
    subprocess.run(["callgrind_control", *arguments, str(process.pid)], capture_output=True, check=True)


# ---- Showing --------------------------------------------------------------------------------------------------------

OWN = ["FastCGI", "EventLoop", "CurlHTTP", "StrictJSON", "TencentCloud", "Invocation", "Relay"]
# A function belongs to the first group whose pattern is found in "library|name".
GROUPS = [
    ("libcurl", r"^libcurl"),
    ("libcrypto", r"^libcrypto"),
    ("libfcgi", r"^libfcgi"),
    ("malloc and free", r"^libc\.so.*\|.*(malloc|free|calloc|realloc|memalign|unlink_chunk|tcache)"),
    ("copying and comparing memory", r"^libc\.so.*\|(__)?mem"),
    ("rest of libc", r"^(libc|ld-linux|libpthread|vgpreload|\?)"),
    *((f"own code: {module}", rf"\|\$s{len(module)}{module}") for module in OWN),
    ("Swift's standard library", r"\|\$s"),
    ("Swift's runtime", r"^scf-relay"),
    ("own code: C", r"^relay-c"),
    ("rest", r""),
]


def group(name):
    return next(title for title, pattern in GROUPS if re.search(pattern, name))


def markdown(results):
    loads = dict.fromkeys((each["payload"], each["connections"]) for each in results)
    head = [f"{payload}, {connections} at once: {RELAYS[each['relay']][0].split()[0]}"
            for payload, connections in loads for each in of_load(results, payload, connections)]
    ordered = [each for load in loads for each in of_load(results, *load)]
    tables = []
    for title, name, form in [
            ("instructions per call", "functions", ",.0f"), ("system calls per call", "system_calls", ".2f")]:
        if all(name in each for each in ordered):
            tables.append(table(title, head, [sums(each[name], name) for each in ordered], form))
    return "\n\n".join(tables)


def of_load(results, payload, connections):
    return [each for each in results if (each["payload"], each["connections"]) == (payload, connections)]


def sums(counts, name):
    if name != "functions":
        return Counter(counts)
    groups = Counter()
    for function, count in counts.items():
        groups[group(function)] += count
    return groups


def table(title, head, columns, form):
    names = sorted({name for each in columns for name in each}, key=lambda name: -max(each[name] for each in columns))
    lines = [f"| {title} | {' | '.join(head)} |", "| --- |" + " ---: |" * len(head)]
    cells = [[name, *(format(each[name], form) if each[name] else "–" for each in columns)] for name in names]
    cells.append(["**all**", *(format(sum(each.values()), form) for each in columns)])
    zero = format(0, form)
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in cells if set(row[1:]) - {"–", zero}])


def most(result, top):
    """The functions with most instructions, by name."""
    names = "\n".join(
        f"{count:12,.0f}  {name.partition('|')[2]}" for name, count in Counter(result["functions"]).most_common(top))
    names = subprocess.run(["swift", "demangle", "--simplified"], input=names, capture_output=True, text=True).stdout
    return f"{result['relay']}, {result['payload']}, {result['connections']} at once\n\n{names}"


if __name__ == "__main__":
    main()
