"""Functions on the local cloud, seen from outside: their environment, their processes, and what becomes of these."""

import json
import os
import pathlib
import signal

import pytest
import requests

import processes

PYTHON = """
import os, subprocess
child = subprocess.Popen(["sleep", "600"])
def main_handler(event, context):
    return {"pids": [os.getpid(), child.pid]}
"""
NODE = """
const child = require("child_process").spawn("sleep", ["600"]);
exports.main_handler = async () => ({ pids: [process.pid, child.pid] });
"""
DETACHED = """#!/bin/sh
setsid sleep 600 </dev/null >/dev/null 2>&1 &
child=$!
# One that has another session, another parent and no environment.
(env -i setsid sh -c 'echo $$ > "$0"; exec sleep 600' "$0.daemon" </dev/null >/dev/null 2>&1 &)
until [ -s "$0.daemon" ]; do sleep 0.01; done
echo "{\\"pids\\": [$$, $child, $(cat "$0.daemon")]}" > "$0.pids"
wait
"""


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def is_listening(link):
    if not link.startswith("socket:["):
        return False
    inode = link[len("socket:["):-1]
    # The flag __SO_ACCEPTCON in the fourth column.
    lines = pathlib.Path("/proc/net/unix").read_text().splitlines()[1:]
    return any(line.split()[6] == inode and line.split()[3] == "00010000" for line in lines)


@pytest.fixture
def functions(tmp_path):
    for name, file, text in [("py", "index.py", PYTHON), ("js", "index.js", NODE), ("sh", "bootstrap", DETACHED)]:
        folder = tmp_path / "functions" / "default" / name
        folder.mkdir(parents=True)
        (folder / file).write_text(text)
        (folder / file).chmod(0o755)
        (folder / "function.yaml").write_text("timeout: 900\nenvironment: {GREETING: hello}\n")
    return tmp_path / "functions"


@pytest.fixture
def local_site(new_site, functions):
    return new_site("--functions", functions)


def invoke(site, fields):
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{site.url}/invoke", json=fields, timeout=60)


def pids_of(site, name):
    answer = invoke(site, {"FunctionName": name}).json()["Response"]["Result"]
    return json.loads(answer["RetMsg"])["pids"]


@pytest.mark.parametrize("name", ["py", "js"])
def test_a_running_function_has_no_key_and_no_variable_of_ours(local_site, name):
    for pid in pids_of(local_site, name):
        environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        assert b"GREETING=hello\0" in environment
        for foreign in (b"SECRET", b"AKIDLOCAL", b"local-secret", b"VIRTUAL_ENV", b"HOME=/root"):
            assert foreign not in environment, foreign
        for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            # Node has a pair of sockets of its own for its signals; a listening one would be ours.
            assert not is_listening(os.readlink(descriptor))


def test_no_process_of_a_function_outlives_a_local_cloud_that_is_killed(local_site, functions):
    pids = pids_of(local_site, "py") + pids_of(local_site, "js")
    invoke(local_site, {"FunctionName": "sh", "InvocationType": "Event"})
    note = functions / "default" / "sh" / "bootstrap.pids"
    processes.wait_for(lambda: note.exists() and note.read_text().endswith("\n"), "the bootstrap runs")
    pids += json.loads(note.read_text())["pids"]
    assert all(is_running(pid) for pid in pids)
    os.kill(local_site.local_pid, signal.SIGKILL)
    processes.wait_for(lambda: not any(is_running(pid) for pid in pids), "all processes of functions end")
    assert local_site.wait_until_ended() == 1
