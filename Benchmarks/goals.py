"""What was to be reached, and whether it is: ratios of figures of one run."""


def table(results):
    """One line for each goal that this run says something about."""
    goals = [
        *_processor_time(results), *_requests(results), *_parts(results), *_in_flight(results), *_idle(results),
        *_start(results)]
    if not goals:
        return None
    lines = ["| goal | measured | reached |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {goal} | {measured} | {reached} |" for goal, measured, reached in goals])


def _processor_time(results):
    return [
        goal for payload, limit in [("100 B", 1.0), ("10 KB", 1.0), ("1 MB", 1.3)]
        for goal in _compared(
            results, payload, "c", "cpu_us", lambda ratio, limit=limit: ratio <= limit,
            f"{payload}: CPU per call at most {limit} × C's")]


def _requests(results):
    return [
        goal for key, factor in [("go", 2), ("php", 3), ("flask", 12)]
        for goal in _compared(
            results, "100 B", key, "per_second", lambda ratio, factor=factor: ratio >= factor,
            f"100 B: at least {factor} × the requests/s of {_name(results, key)}")]


def _compared(results, payload, key, figure, is_reached, goal):
    """scf-relay's figure to that of another, for each number of calls at once."""
    rows = {(row["payload"], row["connections"], row["relay"]): row for row in results.get("rows", [])}
    ratios = {
        connections: round(row[figure] / rows[payload, connections, key][figure], 2)
        for (each, connections, relay), row in rows.items()
        if relay == "swift" and each == payload and (payload, connections, key) in rows}
    if not ratios:
        return []
    measured = ", ".join(f"{ratio:.2f} × at {connections}" for connections, ratio in ratios.items())
    reached = [str(connections) for connections, ratio in ratios.items() if is_reached(ratio)]
    if len(reached) == len(ratios):
        verdict = "yes"
    else:
        verdict = f"at {', '.join(reached)} at once; else no" if reached else "**no**"
    return [(goal, measured, verdict)]


def _parts(results):
    speeds = [each["value"] for each in results.get("parts") or [] if each["part"].startswith("validate")]
    return [("validator: at least 1,000 MB/s", f"{min(speeds):,.0f} MB/s", _yes(min(speeds) >= 1000))] if speeds else []


def _in_flight(results):
    if not (held := results.get("in_flight")):
        return []
    kilobytes = held["kib_per_call"] * 1.024
    if held["in_flight"] == held["wanted"]:
        verdict = "yes"
    elif held["in_flight"] == held["sent"]:
        verdict = f"no: a process may have {held['descriptor_limit']:,} descriptors here, and a call takes two"
    else:
        verdict = "**no**"
    return [
        (f"{held['wanted']:,} calls in flight", f"{held['in_flight']:,}", verdict),
        ("… on at most 16 threads", f"{held['threads']}", _yes(held["threads"] <= 16)),
        ("… with at most 40 KB each", f"{kilobytes:.1f} KB", _yes(kilobytes <= 40))]


def _idle(results):
    return [
        ("idle: at most 25 MB", f"{megabytes:.1f} MB", _yes(megabytes <= 25))
        for megabytes in [each["idle_mib"] * 1.048576 for each in results.get("relays", []) if each["key"] == "swift"]]


def _start(results):
    if not (start := results.get("start")):
        return []
    return [("start to ready: at most 100 ms", f"{start['median_ms']} ms", _yes(start["median_ms"] <= 100))]


def _name(results, key):
    return next((relay["name"] for relay in results.get("relays", []) if relay["key"] == key), key)


def _yes(is_reached):
    return "yes" if is_reached else "**no**"
