"""The benchmark works: it measures what there is, checks signatures and answers, and writes its tables. Never how fast."""

import copy
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import pytest
from requests.structures import CaseInsensitiveDict
from tencentcloud.common.credential import Credential
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.scf.v20180416.scf_client import ScfClient

import processes

BENCHMARKS = processes.ROOT / "Benchmarks"
sys.path.append(str(BENCHMARKS))
import chart  # noqa: E402
import cloud  # noqa: E402
import documents  # noqa: E402
import goals  # noqa: E402
import load  # noqa: E402
import report  # noqa: E402
import signature  # noqa: E402

CONDITIONS = {
    "versions": {}, "load_before": 0, "date": "", "cpu": "", "cores": 2, "memory_gib": 1, "system": "", "kernel": "",
    "rounds": 1, "seconds": 1}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Raw results of a quick run, with the peers that this machine has the tools for."""
    file = tmp_path_factory.mktemp("bench") / "results.json"
    run = subprocess.run(
        [processes.ROOT / "script" / "bench", "--no-build", "--quick", "--results", file],
        capture_output=True, text=True, timeout=240, env=os.environ | {"NO_PROXY": "*"})
    assert run.returncode == 0, run.stderr
    results = json.loads(file.read_text())
    assert run.stdout == report.markdown(results) + "\n"
    assert run.stderr.count("Skipped: ") == len(results["missing"])
    return results


def test_every_relay_that_is_there_is_measured_under_every_load(results):
    there = [relay["key"] for relay in results["relays"]]
    assert {"swift", "floor"} <= set(there)
    assert sorted([*there, *results["missing"]]) == ["c", "flask", "floor", "go", "php", "swift"]
    assert [(row["payload"], row["relay"]) for row in results["rows"]] == [
        (payload, key) for payload in load.PAYLOADS for key in there]


def test_each_measurement_has_all_its_figures(results):
    for row in results["rows"]:
        assert row["answered"] > 0 and row["per_second"] > 0 and row["nginx_cpu_us"] > 0
        assert 0 < row["p50"] <= row["p90"]
        assert len(row["rounds"]) == 1
        if row["relay"] != "floor":
            assert row["cpu_us"] > 0 and row["peak_mib"] > 1 and row["threads"] >= 1
    for relay in results["relays"]:
        if relay["key"] != "floor":
            assert relay["idle_mib"] > 1
            assert relay["memory"] == ("RSS" if relay["processes"] == 1 else "PSS")


def test_start_and_calls_in_flight_are_measured(results):
    assert results["start"]["starts"] == 3 and results["start"]["median_ms"] > 0
    held = results["in_flight"]
    assert held["in_flight"] == held["sent"] == 500
    assert 1 <= held["threads"] <= 16 and held["mib"] > held["idle_mib"]


def test_the_chart_is_well_formed_and_says_in_words_what_it_shows(results):
    root = ElementTree.fromstring(chart.svg(results))
    texts = {each.text for each in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"scf-relay", "ClientContext of 100 B", "ClientContext of 1 MB"} <= texts
    description = root.find("{http://www.w3.org/2000/svg}desc").text
    assert description.count("requests a second") == len(results["rows"])


def test_documents_are_written_between_their_marks(results, tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs" / "performance.md"
    begin, end = documents.marks("script/bench")
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n")
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    documents.write(results)
    written = page.read_text()
    assert written.startswith(f"before\n{begin}\n") and written.endswith(f"{end}\nafter\n")
    assert "| 32 | scf-relay |" in written and "old" not in written
    assert (tmp_path / "docs" / "performance.svg").read_text() == chart.svg(results)


@pytest.mark.parametrize("cpu, verdict", [
    ({1: 1.0, 32: 0.9}, "yes"), ({1: 1.01, 32: 0.9}, "at 32 at once; else no"), ({1: 1.01, 32: 1.2}, "**no**")])
def test_a_goal_counts_as_reached_where_every_load_reaches_it(cpu, verdict):
    rows = [{"payload": "100 B", "connections": connections, "relay": relay, "cpu_us": 50 * factor, "per_second": 1}
            for connections, ratio in cpu.items() for relay, factor in [("swift", ratio), ("c", 1)]]
    line = next(line for line in goals.table({"rows": rows, "relays": []}).splitlines() if "C's" in line)
    assert line.endswith(f"| {verdict} |")


def test_a_run_that_measures_one_thing_shows_that_thing():
    held = {"in_flight": 500, "sent": 500, "wanted": 500, "descriptor_limit": 20000, "threads": 8, "kib_per_call": 32.0,
            "idle_mib": 16, "mib": 32, "after_mib": 32}
    shown = report.markdown({"conditions": CONDITIONS, "in_flight": held})
    assert "| … with at most 40 KB each | 32.8 KB | yes |" in shown
    assert "requests/s" not in shown


def test_what_a_relay_adds_is_not_shown_where_nginx_alone_was_slower():
    """With many connections nginx alone serves some of them late, and a percentile of that is no floor."""
    latencies = {"floor": {"p50": 100, "p99": 9000, "p999": 20000}, "swift": {"p50": 180, "p99": 2000, "p999": 20000}}
    rows = [{"payload": "100 B", "connections": 256, "relay": relay, "per_second": 1, "answered": 1 << 20} | figures
            for relay, figures in latencies.items()]
    relays = [
        {"key": "swift", "name": "scf-relay", "idle_mib": 1, "after_mib": 1, "memory": "RSS", "processes": 1},
        {"key": "floor", "name": "nginx alone"}]
    table = report.markdown({"conditions": CONDITIONS, "rows": rows, "relays": relays, "missing": {}})
    cells = {line.split(" | ")[1]: line.split(" | ")[6:9] for line in table.splitlines() if line.startswith("| 256 ")}
    assert cells == {"scf-relay": ["80", "–", "0"], "nginx alone": ["(100)", "(9,000)", "(20,000)"]}


# ---- What it is checked with ----------------------------------------------------------------------------------------

@pytest.fixture
def signed():
    """Headers and body of a call as the official SDK signs it."""
    client = ScfClient(Credential("AKIDLOCAL", "local-secret"), "ap-guangzhou")
    client.profile.httpProfile.endpoint = "127.0.0.1:9000"
    request = RequestInternal("127.0.0.1:9000", "POST", "/", header={})
    client._build_req_with_tc3_signature("Invoke", json.loads(load.body("100 B")), request)
    return CaseInsensitiveDict(request.header), request.data.encode()


def test_a_call_of_the_official_SDK_has_no_problem(signed):
    assert cloud.problems("/", *signed) == []


@pytest.mark.parametrize("change, problem", [
    (lambda headers: headers.pop("Authorization"), "Authorization is missing"),
    (lambda headers: headers.update({"Host": "elsewhere"}), "signature does not match"),
    (lambda headers: headers.update({"X-TC-Timestamp": str(int(time.time()) - 1000)}), "X-TC-Timestamp"),
    (lambda headers: headers.update({"X-TC-Action": "DeleteFunction"}), "X-TC-Action is DeleteFunction"),
    (lambda headers: headers.update({"Content-Type": "text/plain"}), "signature does not match"),
], ids=["no signature", "other host", "old", "other action", "other type"])
def test_a_call_that_is_not_signed_as_it_must_be_is_found(signed, change, problem):
    headers, body = copy.deepcopy(signed)
    change(headers)
    assert problem in "; ".join(cloud.problems("/", headers, body))


def test_a_body_that_was_changed_on_the_way_is_found(signed):
    headers, body = signed
    found = cloud.problems("/", headers, body.replace(b"12345", b"1234"))
    assert "signature: the signature does not match" in found
    assert "the call is not the one that was sent" in found


@pytest.mark.parametrize("payload", load.PAYLOADS)
def test_an_event_has_the_length_it_is_named_after(payload):
    event = load.event(load.PAYLOADS[payload])
    assert len(event) == load.PAYLOADS[payload] == json.loads(event)["bytes"]
