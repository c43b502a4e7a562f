"""The relays under measurement: scf-relay, its peers, and the floor. How each is started, and what it needs."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from cloud import ANSWER
from programs import DIRECTORY, HERE, ROOT, ProcessTree, fail, say, start, wait_for

PYTHON = DIRECTORY / "venv" / "bin"
# libfcgi's thread serves one connection, as long as nginx keeps it: one for each of 256 in use, and for each kept one.
C_THREADS = 256 + 64


class Missing(Exception):
    """A relay cannot be measured on this machine, and why."""


class Relay:
    """A running relay behind nginx."""

    def __init__(self, key, name, port, process=None):
        self.key = key
        self.name = name
        self.url = f"http://127.0.0.1:{port}/invoke"
        self.process = process
        self.tree = process and ProcessTree(process.pid)

    def answer(self, body):
        """One call. The answer's body, or None where there is none yet."""
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as response:
                if response.headers.get_content_type() != "application/json":
                    fail(f"{self.name} answers with Content-Type {response.headers['Content-Type']}")
                return response.read()
        except urllib.error.HTTPError as error:
            if error.code not in (502, 504):    # nginx's, while the relay does not listen yet
                fail(f"{self.name} answers {error.code}: {error.read()[:500]}")
            return None
        except OSError:
            return None

    def check(self, body):
        """Waits until it answers, and fails unless the answer is the cloud's, byte for byte."""
        answers = []

        def has_answered():
            if self.process and self.process.poll() is not None:
                fail(f"{self.name} ended at its start; see {DIRECTORY}/{self.key}.log")
            answers.append(self.answer(body))
            return answers[-1] is not None

        wait_for(has_answered, f"{self.name} to answer")
        if answers[-1] != ANSWER.encode():
            fail(f"{self.name} does not answer what the cloud said: {answers[-1][:500]!r}")


# ---- How each is started --------------------------------------------------------------------------------------------

def start_floor(socket, cloud_port):
    return None


def start_swift(socket, cloud_port):
    config = DIRECTORY / "relay.yaml"
    # JSON is YAML too. The bounds are those of the machine, so that 256 calls of 1 MB are not refused.
    config.write_text(json.dumps({
        "listen": f"unix:{socket}",
        "cloud": {"endpoint": f"http://127.0.0.1:{cloud_port}", "region": "ap-guangzhou", "credentials": "environment"},
        "limits": {"requestsPerSecond": 0, "inFlight": 16384, "bytesHeld": 4 << 30},
        "functions": [{"name": "hello", "namespace": "default"}],
    }, indent=2))
    return start("swift", swift_program(), "serve", "--config", config)


def swift_program():
    program = Path(os.environ.get("SCF_RELAY", ROOT / ".build" / "release" / "scf-relay"))
    if not program.exists():
        raise Missing(f"no {program}")
    return program


def start_c(socket, cloud_port):
    program = DIRECTORY / "relay-c"
    if not Path("/usr/include/fcgiapp.h").exists():
        raise Missing("no libfcgi-dev")
    compile_with("gcc", "-O2", "-o", program, HERE / "peers" / "relay.c", "-lfcgi", "-lcurl", "-lcrypto", "-lpthread")
    return start("c", program, socket, cloud_port, C_THREADS)


def start_go(socket, cloud_port):
    program = DIRECTORY / "relay-go"
    compile_with(
        "go", "build", "-o", program, HERE / "peers" / "relay.go", GO111MODULE="off", GOCACHE=DIRECTORY / "go-cache")
    return start("go", program, socket, cloud_port)


def start_php(socket, cloud_port):
    program = php_fpm()
    config = render("php/php-fpm.conf", HERE / "peers", USER="user = root" if os.geteuid() == 0 else "")
    as_root = ["--allow-to-run-as-root"] if os.geteuid() == 0 else []
    return start("php", program, *as_root, "--fpm-config", config, CLOUD_PORT=str(cloud_port))


def php_fpm():
    found = sorted(Path("/usr/sbin").glob("php-fpm[0-9]*"))
    if not found:
        raise Missing("no php-fpm")
    modules = subprocess.run([found[-1], "-m"], capture_output=True, text=True, check=True).stdout.split()
    if "curl" not in modules:
        raise Missing("no curl extension for PHP")
    return found[-1]


def start_flask(socket, cloud_port):
    if not (PYTHON / "gunicorn").exists():
        raise Missing("no Flask and gunicorn in .run/bench/venv")
    peer = HERE / "peers" / "flask"
    return start("flask", PYTHON / "gunicorn", "--config", peer / "gunicorn.conf.py", "--chdir", peer,
                 "--bind", f"unix:{socket}", "relay:app", CLOUD_PORT=str(cloud_port))


# In the order of the tables.
RELAYS = {
    "swift": ("scf-relay", start_swift),
    "c": ("C (libfcgi, threads)", start_c),
    "go": ("Go (net/http/fcgi)", start_go),
    "php": ("PHP-FPM (curl)", start_php),
    "flask": ("Flask, official SDK", start_flask),
    "floor": ("nginx alone, unsigned", start_floor),
}


def compile_with(compiler, *arguments, **environment):
    if not shutil.which(compiler):
        raise Missing(f"no {compiler}")
    environment = os.environ | {name: str(value) for name, value in environment.items()}
    if subprocess.run([compiler, *map(str, arguments)], env=environment).returncode:
        fail(f"{compiler} fails (see above)")


def render(name, folder=HERE, **values):
    """Writes a template with its @NAMES@ filled in; returns the file."""
    text = (folder / name).read_text()
    for key, value in ({"DIRECTORY": DIRECTORY, "ROOT": ROOT} | values).items():
        text = text.replace(f"@{key}@", str(value))
    file = DIRECTORY / Path(name).name
    file.write_text(text)
    return file


def start_relays(keys, ports, programs):
    """Starts those that this machine can run. Returns them, and the reasons of the others by key."""
    relays, missing = [], {}
    for key in keys:
        name, start_it = RELAYS[key]
        try:
            process = start_it(DIRECTORY / f"{key}.sock", ports["CLOUD_PORT"])
        except Missing as reason:
            say(f"Skipped: {name}: {reason} (script/bench --install installs what is missing)")
            missing[key] = str(reason)
            continue
        if process:
            programs.append(process)
        relays.append(Relay(key, name, ports[f"{key.upper()}_PORT"], process))
    return relays, missing
