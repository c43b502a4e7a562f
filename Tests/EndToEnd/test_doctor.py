"""scf-relay doctor: nothing to say about the sites that come with the project, and every fault found on spoilt copies."""

import json
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from email.utils import formatdate
from time import time

import pytest

import processes
from processes import ROOT
from upstream import Answer, Upstream, failure


@dataclass
class Report:
    status: int
    text: str


def doctor(config, nginx=None, *options, credentials=processes.LOCAL_CREDENTIALS, **environment):
    command = [processes.BINARIES / "scf-relay", "doctor", "--config", config, *options]
    if nginx:
        command += ["--nginx", nginx]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, timeout=120,
        env=processes.CLEAN_ENVIRONMENT | credentials | environment)
    assert done.stderr == ""
    return Report(done.returncode, done.stdout)


CALLER = {"SCF_RELAY_CALLER_KEY": "a-key-that-is-long-enough"}


def test_the_development_site_is_healthy(site):
    report = doctor(site.run_dir / "relay.yaml", site.run_dir / "nginx.conf", **CALLER)
    assert report.text.strip() == "Nothing that was looked at is wrong."
    assert report.status == 0


# ---- nginx/production.conf and what it includes, with two relays' sockets ---------------------------------------------

class Production:
    """A copy of nginx's production example in a folder, and the relay.yaml of the first relay behind it."""

    def __init__(self, folder, cloud_port):
        self.folder = folder
        for file in (ROOT / "nginx").glob("*.conf"):
            text = file.read_text().replace("/etc/nginx/scf-relay", str(folder))
            (folder / file.name).write_text(text.replace("/run/scf-relay", str(folder)).replace("www-data;", "root;"))
        self.nginx = folder / "production.conf"
        self.config = folder / "relay.yaml"
        self.write(cloud_port)

    def write(self, cloud_port, **sections):
        self.config.write_text(json.dumps({
            "listen": f"unix:{self.folder}/a.sock",
            "apiListen": f"unix:{self.folder}/a-api.sock",
            "cloud": {"endpoint": f"http://127.0.0.1:{cloud_port}", "region": "ap-guangzhou"},
            "limits": {"inFlight": 100},
            "functions": [{"name": "hello"}],
            "callers": [{"name": "ci", "secretId": "AKIDCI", "secretKey": "environment:SCF_RELAY_CALLER_KEY",
                         "functions": "all"}],
            "hooks": [{"name": "deploy", "function": "hello", "verify": "none", "allow": ["10.0.0.0/8"]}],
        } | sections, indent=2))

    def spoil(self, file, old, new):
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{old} is not in {file}"
        path.write_text(text.replace(old, new))

    def doctor(self, **environment):
        return doctor(self.config, self.nginx, **CALLER, **environment)


@pytest.fixture
def production(tmp_path, cloud):
    return Production(tmp_path, cloud.port)


@pytest.fixture
def cloud():
    """A cloud in which functions may run 60 s."""
    server = Upstream(lambda call: settings())
    yield server
    server.close()


def settings(timeout=60, **headers):
    body = {"Response": {"FunctionName": "hello", "Timeout": timeout, "RequestId": "r"}}
    fields = {"Content-Type": "application/json", "Date": formatdate(usegmt=True)} | headers
    return Answer(json.dumps(body).encode(), headers=fields)


def test_the_production_example_is_healthy(production):
    report = production.doctor()
    assert "Nothing that was looked at is wrong." in report.text
    assert report.status == 0


# What is spoilt, and what the doctor has to say about it: a place, and the line to write.
FAULTS = {
    "body size": ("production.conf", "client_max_body_size 4m;", "client_max_body_size 2m;",
                  r"production\.conf:\d+: nginx takes bodies of 2097152 bytes", "client_max_body_size 4m;"),
    "body size of the API": ("cloud-api-fastcgi.conf", "client_max_body_size        11m;", "client_max_body_size 1m;",
                             r"cloud-api-fastcgi\.conf:\d+: ", "client_max_body_size 11m;"),
    "read timeout": ("relay-fastcgi.conf", "fastcgi_read_timeout    330s;", "fastcgi_read_timeout 300s;",
                     r"relay-fastcgi\.conf:\d+: nginx waits 300 s", "fastcgi_read_timeout 330s;"),
    "read timeout of the API": ("cloud-api-fastcgi.conf", "fastcgi_read_timeout    930s;", "",
                                r"production\.conf:\d+: nginx waits 60 s", "fastcgi_read_timeout 330s;"),
    "keep_conn": ("relay-fastcgi.conf", "fastcgi_keep_conn         on;", "",
                  r"production\.conf:\d+: The upstream keeps connections", "fastcgi_keep_conn on;"),
    "idle time": ("production.conf", "keepalive_timeout 30s;", "keepalive_timeout 10m;",
                  r"production\.conf:\d+: nginx keeps idle connections for 600 s", "keepalive_timeout 60s;"),
    "httpoxy": ("relay-fastcgi.conf", 'fastcgi_param HTTP_PROXY      "";', "",
                r"relay-fastcgi\.conf:\d+: .*httpoxy", 'fastcgi_param HTTP_PROXY "";'),
    "parameters": ("relay-fastcgi.conf", "fastcgi_param REQUEST_URI     $request_uri;", "",
                   r"The relay is not told REQUEST_URI", "fastcgi_param REQUEST_URI $request_uri;"),
    "retries": ("relay-fastcgi.conf", "error timeout;", "error timeout non_idempotent;",
                r"relay-fastcgi\.conf:\d+: A POST .* may run twice", "fastcgi_next_upstream error timeout;"),
    "repeated GETs": ("production.conf", "fastcgi_next_upstream off;", "",
                      r"production\.conf:\d+: A GET of the cloud API", "fastcgi_next_upstream off;"),
    "request buffering": ("relay-fastcgi.conf", "fastcgi_request_buffering on;", "fastcgi_request_buffering off;",
                          r"relay-fastcgi\.conf:\d+: Bodies are passed on", "fastcgi_request_buffering on;"),
    "answer buffers": ("relay-fastcgi.conf", "fastcgi_max_temp_file_size 16m;", "fastcgi_max_temp_file_size 0;",
                       r"relay-fastcgi\.conf:\d+: nginx has room for", "fastcgi_max_temp_file_size 16m;"),
    "intercepted errors": ("relay-fastcgi.conf", "fastcgi_intercept_errors  off;", "fastcgi_intercept_errors on;",
                           r"relay-fastcgi\.conf:\d+: nginx puts pages", "fastcgi_intercept_errors off;"),
    "another socket": ("production.conf", "/a.sock", "/c.sock",
                       r"production\.conf:\d+: The relay listens at unix:.*/a\.sock", "fastcgi_pass unix:"),
    "another API socket": ("production.conf", "/a-api.sock", "/c-api.sock",
                           r"production\.conf:\d+: The relay listens at unix:.*/a-api\.sock", "fastcgi_pass unix:"),
    "no way for hooks": ("production.conf", "location ~ ^/hooks(/|$) {", "location /elsewhere/ {",
                         r"No location leads /hooks/deploy", "location ~ ^/hooks(/|$)"),
    "a file that is gone": ("production.conf", "/page.conf;", "/pages.conf;",
                            r"production\.conf:\d+: The file that is included here is not there", "include "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_nginx_is_found_and_no_other(production, fault):
    file, old, new, place, remedy = FAULTS[fault]
    production.spoil(file, old, new)
    report = production.doctor()
    assert report.status == 1
    findings = [part for part in report.text.strip().split("\n\n") if not part.startswith("Not known:")]
    assert findings, report.text
    for finding in findings:
        assert re.search(place, finding), finding
        assert remedy in finding


def test_a_configuration_that_nginx_would_not_understand_is_shown_with_its_line(production):
    (production.folder / "page.conf").write_text("location / {\n    try_files $uri =404\n}\n")
    done = subprocess.run(
        [processes.BINARIES / "scf-relay", "doctor", "--config", production.config, "--nginx", production.nginx],
        capture_output=True, text=True, timeout=60,
        env=processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS | CALLER)
    assert done.returncode == 1
    assert "page.conf:3: a ';' is missing before the '}'" in done.stderr


# ---- The cloud -------------------------------------------------------------------------------------------------------

def test_the_functions_own_time_is_compared(production, cloud):
    cloud.behaviour = lambda call: settings(timeout=900)
    report = production.doctor()
    assert report.status == 1
    assert re.search(r"relay\.yaml:\d+: default/hello may run 900 s, and the relay gives up after 310 s", report.text)
    assert "timeoutSeconds: 910" in report.text
    assert [call.headers["x-tc-action"] for call in cloud.calls] == ["ListFunctions", "GetFunction"]


@pytest.mark.parametrize("offset", [-3600, 40])
def test_a_clock_that_is_off_is_found(production, cloud, offset):
    cloud.behaviour = lambda call: settings(Date=formatdate(time() - offset, usegmt=True))
    report = production.doctor()
    assert report.status == 1
    assert re.search(rf"clock is \d+ s {'ahead of' if offset > 0 else 'behind'} the cloud's", report.text)
    assert "timedatectl set-ntp true" in report.text


def test_a_credential_that_the_cloud_does_not_take_is_found(production, cloud):
    cloud.behaviour = lambda call: failure("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    report = production.doctor()
    assert report.status == 1
    assert re.search(r"relay\.yaml:\d+: The cloud does not take the credential AKIDLOCAL", report.text)
    assert "local-secret" not in report.text


def test_a_credential_that_may_not_ask_is_no_fault(production, cloud):
    cloud.behaviour = lambda call: failure("UnauthorizedOperation.CAM", "not allowed")
    report = production.doctor()
    assert report.status == 0
    assert "Not known: how long default/hello may run: UnauthorizedOperation.CAM" in report.text


def test_a_function_that_the_cloud_does_not_have_is_found(production, cloud):
    cloud.behaviour = lambda call: (
        settings() if call.headers["x-tc-action"] == "ListFunctions"
        else failure("ResourceNotFound.FunctionName", "no such function"))
    report = production.doctor()
    assert report.status == 1
    assert "The cloud has no function default/hello in ap-guangzhou" in report.text


def test_no_credential_and_no_cloud_are_found(production):
    report = doctor(production.config, production.nginx, credentials={}, **CALLER)
    assert report.status == 1
    assert "TENCENTCLOUD_SECRET_ID" in report.text
    [port] = processes.free_ports(1)
    production.write(port)
    report = production.doctor()
    assert report.status == 1
    assert re.search(rf"relay\.yaml:\d+: http://127\.0\.0\.1:{port} cannot be asked", report.text)


# ---- The machine -----------------------------------------------------------------------------------------------------

def test_more_calls_than_descriptors_are_found(production, cloud):
    production.write(cloud.port, limits={"inFlight": 100_000, "bytesHeld": 536870912})
    done = subprocess.run(
        ["prlimit", "--nofile=4096:4096", processes.BINARIES / "scf-relay", "doctor", "--config", production.config],
        capture_output=True, text=True, timeout=60,
        env=processes.CLEAN_ENVIRONMENT | processes.LOCAL_CREDENTIALS | CALLER)
    assert done.returncode == 1
    assert "LimitNOFILE=201024" in done.stdout
    assert "Say where its configuration is with --nginx" in done.stdout


def test_a_store_without_a_folder_and_one_larger_than_its_disk_are_found(production, cloud, tmp_path):
    production.write(cloud.port, store={"path": str(tmp_path / "none" / "calls.db")})
    assert "is not there: the relay does not start" in production.doctor().text
    free = shutil.disk_usage(tmp_path).free
    most = 1_099_511_627_776
    production.write(cloud.port, store={"path": str(tmp_path / "calls.db"), "maximumBytes": most})
    report = production.doctor()
    assert (report.status == 1) == (free < most)
    assert ("has room for" in report.text) == (free < most)


DATABASES = {"store": ("calls.db", "the relay does not start"), "history": ("history.db", "no call is kept")}


@pytest.mark.parametrize("section", DATABASES)
def test_a_place_where_no_file_can_be_is_found_and_nothing_is_made(production, cloud, tmp_path, section):
    name, outcome = DATABASES[section]
    folder = tmp_path / "data"
    production.write(cloud.port, **{section: {"path": str(folder / name)}})
    report = production.doctor()
    assert report.status == 1
    assert f"The {section}'s folder, {folder}, is not there" in report.text
    assert outcome in report.text
    assert not folder.exists()
    folder.mkdir()
    production.write(cloud.port, **{section: {"path": str(folder), "maximumBytes": 1_048_576}})
    report = production.doctor()
    assert report.status == 1
    assert re.search(rf"relay\.yaml:\d+: {folder} is a folder, and the {section} is a file", report.text)
    assert f"path: {folder}/{name}" in report.text
    production.write(cloud.port, **{section: {"path": str(folder / name), "maximumBytes": 1_048_576}})
    report = production.doctor()
    assert report.status == 0, report.text
    assert list(folder.iterdir()) == []
    if not processes.is_root():
        folder.chmod(0o500)
        report = production.doctor()
        folder.chmod(0o700)
        assert report.status == 1
        assert f"may not make files in the {section}'s folder, {folder}, which belongs to" in report.text
        assert outcome in report.text


def test_a_socket_that_is_said_in_vain_is_found(production):
    report = doctor(production.config, production.nginx, "--socket", "unix:/run/other.sock", **CALLER)
    assert report.status == 1
    assert re.search(r"relay\.yaml:\d+: --socket says .* unix:/run/other\.sock was not looked at", report.text)
    report = doctor(production.config, production.nginx, "--socket", f"unix:{production.folder}/a.sock", **CALLER)
    assert report.status == 0, report.text


@pytest.mark.skipif(not processes.is_root(), reason="needs sockets of several owners")
def test_a_socket_that_nginx_may_not_open_is_found(production):
    production.spoil("production.conf", "root;", "www-data;")
    path = production.folder / "a.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o660)
        report = production.doctor()
        assert report.status == 1
        assert re.search(r"nginx's workers, who are www-data, may not", report.text)
        assert "chgrp www-data" in report.text
