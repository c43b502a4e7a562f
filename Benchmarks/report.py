"""The tables of docs/performance.md."""

import goals
from load import PAYLOADS


def markdown(results):
    sections = [_conditions(results["conditions"])]
    if "rows" in results:
        sections += [_relays(results)] + [
            _payload(payload, results) for payload in PAYLOADS
            if any(row["payload"] == payload for row in results["rows"])]
    sections += [part for part in (_start(results), _in_flight(results), _parts(results), _goals(results)) if part]
    return "\n\n".join(sections) + "\n"


def _conditions(conditions):
    versions = ", ".join(f"{name} {version}" for name, version in conditions["versions"].items())
    busy = f" **The machine was busy with other things (load {conditions['load_before']}).**"
    return (
        f"Measured on {conditions['date']}: {conditions['cpu']}, {conditions['cores']} cores, "
        f"{conditions['memory_gib']} GiB, {conditions['system']}, Linux {conditions['kernel']}. {versions}. "
        f"Median of {conditions['rounds']} rounds of {conditions['seconds']} s."
        + (busy if conditions["load_before"] > 0.5 else ""))


def _relays(results):
    lines = [
        "| relay | processes | idle MiB | after all calls MiB |",
        "| --- | ---: | ---: | ---: |"]
    for relay in results["relays"]:
        if "idle_mib" in relay:
            lines.append(
                f"| {relay['name']} | {relay['processes']} | {relay['idle_mib']:.1f} {relay['memory']} "
                f"| {relay['after_mib']:.1f} {relay['memory']} |")
    for key, reason in results["missing"].items():
        lines.append(f"\nNot measured: {key} ({reason}).")
    return "\n".join(lines)


def _payload(payload, results):
    """One table for a payload. Ratios are to the C relay's figure of the same load."""
    lines = [
        f"#### {payload}", "",
        "| at once | relay | requests/s | to C | CPU µs per call | to C | p50 + µs | p99 + µs | p99.9 + µs | peak MiB | threads |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    names = {relay["key"]: relay["name"] for relay in results["relays"]}
    rows = {(row["connections"], row["relay"]): row for row in results["rows"] if row["payload"] == payload}
    for (connections, key), row in rows.items():
        c, floor = rows.get((connections, "c")), rows.get((connections, "floor"))
        cells = [
            str(connections), names[key], f"{row['per_second']:,.0f}", _ratio(row, c, "per_second"),
            _cpu(row), _ratio(row, c, "cpu_us"), *(_added(row, floor, name) for name in ("p50", "p99", "p999")),
            _number(row.get("peak_mib"), ",.1f"), _number(row.get("threads"), "d")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cpu(row):
    """With a ~ where so few calls were answered that those cut off at the end weigh in."""
    if row.get("cpu_us") is None:
        return "–"
    return ("~" if row["answered"] < 10 * row["connections"] else "") + f"{row['cpu_us']:,.1f}"


def _ratio(row, yardstick, name):
    if not yardstick or row.get(name) is None:
        return "–"
    return f"{row[name] / yardstick[name]:.2f}"


def _added(row, floor, name):
    """What a relay adds to the latency of nginx alone; that one's own latency in its row.

    Nothing where nginx alone took longer: it does not serve many connections evenly, so its slowest answers are no floor.
    """
    value, base = row.get(name), floor and floor.get(name)
    if value is None or (floor and base is None):
        return "–"
    if row["relay"] == "floor":
        return f"({value:,.0f})"
    added = value - (base or 0)
    return f"{added:,.0f}" if added >= 0 else "–"


def _number(value, form):
    return "–" if value is None else format(value, form)


def _start(results):
    if start := results.get("start"):
        return (f"From the start of the program to the first 200 on `/readyz`: {start['median_ms']} ms "
                f"(median of {start['starts']}; slowest {start['slowest_ms']} ms).")
    return None


def _in_flight(results):
    if not (held := results.get("in_flight")):
        return None
    text = (f"Calls in flight at once: {held['in_flight']:,} on {held['threads']} threads, "
            f"{held['kib_per_call']} KiB each ({held['idle_mib']:.1f} MiB idle, {held['mib']:,.1f} MiB with all, "
            f"{held['after_mib']:,.1f} MiB after); every one was answered.")
    if held["sent"] < held["wanted"]:
        text += (f" More could not be tried here: a call holds two descriptors, and a process may have "
                 f"{held['descriptor_limit']:,}.")
    if held["in_flight"] < held["sent"]:
        text += f" The other {held['sent'] - held['in_flight']:,} of {held['sent']:,} waited to be accepted."
    return text


def _parts(results):
    if not results.get("parts"):
        return None
    lines = ["| part alone | |", "| --- | ---: |"]
    return "\n".join(lines + [f"| {each['part']} | {each['value']:,.6g} {each['unit']} |" for each in results["parts"]])


def _goals(results):
    table = goals.table(results)
    return table and f"#### Goals\n\n{table}"
