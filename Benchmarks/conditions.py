"""What the figures hold for: the machine, the versions, the day."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from programs import ROOT, say
from relays import PYTHON, Missing, php_fpm


def describe(options):
    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"This machine is busy (load {load:.1f}): figures will vary more than they should.")
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()), "load_before": round(load, 2),
        "cpu": _first(r"model name\s*: (.+)", "/proc/cpuinfo"), "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(_first(r"MemTotal:\s+(\d+)", "/proc/meminfo")) / 2**20),
        "system": _first(r'PRETTY_NAME="(.+)"', "/etc/os-release"), "kernel": os.uname().release.split("-")[0],
        "rounds": options.rounds, "seconds": options.seconds, "versions": versions(),
    }


def versions():
    found = {
        "scf-relay": _say("git", "-C", ROOT, "describe", "--always", "--dirty", pattern=r"(\S+)"),
        "Swift": _say("swift", "--version", pattern=r"Swift version (\S+)"),
        "libcurl": _say("curl-config", "--version", pattern=r"libcurl (\S+)"),
        "OpenSSL": _say("openssl", "version", pattern=r"OpenSSL (\S+)"),
        "nginx": _say("/usr/sbin/nginx", "-v", pattern=r"nginx/(\S+)"),
        "wrk": _say("wrk", "-v", pattern=r"wrk (?:debian/)?([\d.]+)"),
        "gcc": _say("gcc", "-dumpfullversion", pattern=r"(\S+)"),
        "Go": _say("go", "version", pattern=r"go([\d.]+)"),
        "Python": _say(PYTHON / "python", "--version", pattern=r"Python (\S+)"),
    }
    try:
        found["PHP"] = _say(php_fpm(), "-v", pattern=r"PHP (\S+)")
    except Missing:
        pass
    packages = _say(PYTHON / "python", "-m", "pip", "freeze", pattern=r"(?s)(.+)") or ""
    found |= dict(re.findall(r"(?m)^(Flask|gunicorn|tencentcloud-sdk-python-scf)==(\S+)$", packages))
    return {name: version for name, version in found.items() if version}


def _say(program, *arguments, pattern):
    if not shutil.which(str(program)):
        return None
    result = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    match = re.search(pattern, result.stdout)
    return match and match[1].strip()


def _first(pattern, file):
    match = re.search(pattern, Path(file).read_text())
    return match[1] if match else "0"
