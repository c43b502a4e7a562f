"""The package on a machine that systemd runs: nothing of the sandbox is in the relay's way, and nothing gets out of it."""

import hashlib
import hmac
import json
import re
import shutil
import socket
import subprocess

import pytest
import requests

import documented
import fastcgi_client
import processes
from debian import Machine
from test_restart import Callers
from upstream import Upstream, success

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

EXAMPLES = processes.ROOT / "packaging" / "examples"
SECRET = "a-secret-of-the-hook"


class Installed:
    """The package, configured as docs/deploy.md says, with a cloud that this test plays."""

    def __init__(self, machine, package):
        self.machine = machine
        self.cloud = Upstream(lambda call: success())
        (port,) = processes.free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        machine.install(package)
        self.configure(port)

    def configure(self, port):
        machine = self.machine
        machine.edit("etc/scf-relay/relay.yaml", "https://scf.tencentcloudapi.com", f"http://127.0.0.1:{self.cloud.port}")
        machine.edit("etc/scf-relay/relay.yaml", "listen: fd:0\n", "listen: fd:0\nlimits:\n  requestsPerSecond: 0\n")
        # The store and the hook stand there as comments.
        text = re.sub(r"^# (store:|  path:|hooks:|  - name: deploy|    function|    verify|    secrets)", r"\1",
                      machine.read("etc/scf-relay/relay.yaml"), flags=re.MULTILINE)
        machine.write("etc/scf-relay/relay.yaml", text.replace("    verify: github\n", "    verify: github\n    answer: accepted\n"))
        machine.write("etc/scf-relay/keys/deploy", SECRET, 0o600)
        self.write_key("AKIDLOCAL")
        machine.edit("etc/nginx/sites-available/scf-relay", "127.0.0.1:8080", f"127.0.0.1:{port}")
        machine.run("ln", "-s", "../sites-available/scf-relay", "/etc/nginx/sites-enabled/")
        machine.run("nginx", "-t")
        machine.run("systemctl", "restart", "nginx")

    def write_key(self, id):
        self.machine.write("etc/scf-relay/credentials", f"[default]\nsecret_id = {id}\nsecret_key = local-secret\n", 0o600)

    def call(self, function="hello"):
        with requests.Session() as session:
            session.trust_env = False
            return session.post(f"{self.url}/invoke", json={"FunctionName": function}, timeout=60)

    def get(self, path):
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.url}{path}", timeout=60)

    @property
    def key_in_use(self):
        self.cloud.calls.clear()
        assert self.call().status_code == 200
        return re.search(r"Credential=(\w+)/", self.cloud.calls[0].headers["authorization"])[1]

    @property
    def pid(self):
        """The relay's number, as this machine sees it."""
        group = self.machine.path("sys/fs/cgroup/system.slice/scf-relay.service/cgroup.procs")
        (pid,) = group.read_text().split()
        return int(pid)

    def systemctl(self, *arguments):
        return self.machine.run("systemctl", *arguments)

    def is_active(self, unit):
        return self.machine.run("sh", "-c", f"systemctl is-active {unit} || true").strip()

    def journal(self):
        return self.machine.run("journalctl", "--unit=scf-relay", "--output=cat", "--no-pager")

    def stop(self):
        self.cloud.close()


@pytest.fixture(scope="module")
def installed(fresh_debian, package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("machine")
    machine = Machine(fresh_debian, folder / "root", folder / "console.log")
    try:
        installed = Installed(machine, package)
        yield installed
        installed.stop()
    finally:
        machine.stop()
        machine.remove()


@pytest.fixture
def relay(installed):
    """It runs, and its configuration is as it was when the test is over."""
    configuration = installed.machine.read("etc/scf-relay/relay.yaml")
    installed.systemctl("start", "scf-relay.service")
    # It has read its configuration when it answers: systemd waits for no more than its start.
    assert installed.get("/healthz").status_code == 200
    yield installed
    installed.machine.write("etc/scf-relay/relay.yaml", configuration)
    installed.machine.run("systemctl", "reset-failed")
    installed.systemctl("daemon-reload")
    installed.systemctl("restart", "scf-relay.service")


# ---- Starting -------------------------------------------------------------------------------------------------------


def test_the_first_call_starts_the_service(installed):
    installed.systemctl("stop", "scf-relay.service")
    assert (installed.is_active("scf-relay.socket"), installed.is_active("scf-relay.service")) == ("active", "inactive")
    answer = installed.call()
    assert answer.status_code == 200 and answer.json()["Response"]["Result"]["RetMsg"] == "hello from scf"
    assert installed.is_active("scf-relay.service") == "active"


def test_the_keys_are_handed_over_and_the_store_is_written(relay):
    assert relay.key_in_use == "AKIDLOCAL"
    relay.cloud.calls.clear()
    body = json.dumps({"ref": "main"}).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{relay.url}/hooks/deploy", data=body, timeout=60, headers={
            "Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Delivery": "1", "X-GitHub-Event": "push"})
    assert answer.status_code == 202, answer.text
    processes.wait_for(lambda: relay.cloud.calls, "the webhook is delivered")
    assert (relay.machine.directory / "var/lib/scf-relay/calls.sqlite").stat().st_mode & 0o777 == 0o600


# ---- Changing it ----------------------------------------------------------------------------------------------------


def test_reload_takes_over_a_configuration_and_keeps_the_key(relay):
    pid = relay.pid
    assert relay.call("second").status_code == 403
    relay.machine.edit("etc/scf-relay/relay.yaml", "  - name: hello\n", "  - name: hello\n  - name: second\n")
    relay.systemctl("reload", "scf-relay")
    processes.wait_for(lambda: relay.call("second").status_code == 200, "the new function can be called")
    assert relay.key_in_use == "AKIDLOCAL" and relay.pid == pid


def test_a_changed_file_is_enough(relay):
    pid = relay.pid
    for name in ("third", "fourth"):     # Each time another file takes the place of the old one.
        relay.machine.edit("etc/scf-relay/relay.yaml", "  - name: hello\n", f"  - name: hello\n  - name: {name}\n")
        processes.wait_for(lambda: relay.call(name).status_code == 200, f"{name} can be called")
    assert relay.pid == pid


def test_reload_refuses_a_mistake_and_says_it_in_the_journal(relay):
    pid = relay.pid
    relay.machine.edit("etc/scf-relay/relay.yaml", "  region: ap-guangzhou", "  region: ap-guangzhou\n  colour: blue")
    relay.systemctl("reload", "scf-relay")
    processes.wait_for(lambda: "colour" in relay.journal(), "the journal has the reason")
    assert relay.call().status_code == 200 and relay.pid == pid


def test_a_changed_key_takes_a_restart(relay):
    relay.write_key("AKIDOTHER")
    try:
        relay.systemctl("reload", "scf-relay")
        assert relay.key_in_use == "AKIDLOCAL"
        relay.systemctl("restart", "scf-relay")
        assert relay.key_in_use == "AKIDOTHER"
    finally:
        relay.write_key("AKIDLOCAL")


def test_restarts_reloads_and_an_upgrade_under_load_lose_no_request(relay, package):
    relay.cloud.calls.clear()
    first = relay.pid
    callers = Callers(relay.url, 8)
    try:
        for change in [("restart", "scf-relay"), ("reload", "scf-relay"), ("restart", "scf-relay"), None]:
            enough = callers.answered + 50
            processes.wait_for(lambda: callers.answered >= enough, "calls are answered", 60)
            if change:
                relay.systemctl(*change)
            else:
                before = relay.pid
                relay.machine.install(package, "--reinstall")
                assert relay.pid != before, "the upgrade restarts it"
        enough = callers.answered + 50
        processes.wait_for(lambda: callers.answered >= enough, "calls are answered", 60)
    finally:
        callers.stop()
    assert callers.failures == []
    assert callers.answered == len(relay.cloud.calls), "each call ran once"
    assert relay.pid != first


# ---- The sandbox ----------------------------------------------------------------------------------------------------


def test_systemd_calls_the_service_as_it_runs_safe(relay):
    report = relay.machine.run("systemd-analyze", "security", "--no-pager", "scf-relay.service")
    exposure, verdict = re.search(r"Overall exposure level for scf-relay.service: ([\d.]+) (\w+)", report).groups()
    assert float(exposure) < 1 and verdict == "SAFE", report


def test_nothing_that_it_can_write_can_be_run(relay):
    mounts = [line.split() for line in relay.machine.path(f"proc/{inner(relay)}/mountinfo").read_text().splitlines()]
    open_to_it = []
    for fields in mounts:
        place, options = fields[4], fields[5].split(",")
        status = processes.Path(f"/proc/{relay.pid}/root{place}").stat()
        writable = status.st_mode & 0o002 or status.st_uid == service_user(relay)
        if "rw" in options and "noexec" not in options and writable:
            open_to_it.append(" ".join(fields))
    assert open_to_it == []


def test_it_can_run_no_other_program(relay):
    for program in ("/usr/bin/id", "/bin/sh", "/usr/sbin/nginx"):
        done = subprocess.run(["nsenter", "--target", str(relay.pid), "--mount", program], capture_output=True, text=True)
        assert done.returncode != 0 and "Permission denied" in done.stderr, (program, done)


def test_it_sees_its_own_files_alone(relay):
    seen = processes.Path(f"/proc/{relay.pid}/root")
    assert not list((seen / "home").iterdir()) and not list((seen / "root").iterdir())
    assert not (seen / "srv").exists() and not (seen / "run/nginx.pid").exists()
    assert sorted(path.name for path in (seen / "run/credentials").iterdir()) == ["scf-relay.service"]
    assert (seen / "etc/scf-relay/credentials").stat().st_mode & 0o777 == 0
    assert (seen / "etc/scf-relay/keys").stat().st_mode & 0o777 == 0
    # The folder that is its root is as the package made it.
    root = "/usr/lib/scf-relay/root"
    listed = {line for line in relay.machine.run("dpkg", "--listfiles", "scf-relay").splitlines() if line.startswith(root)}
    assert set(relay.machine.run("find", root).splitlines()) == listed


def test_it_has_no_capability_and_a_filter_of_system_calls(relay):
    status = dict(line.split(":\t") for line in processes.Path(f"/proc/{relay.pid}/status").read_text().splitlines() if ":\t" in line)
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0000000000000000"}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert int(status["Uid"].split()[0]) == service_user(relay) != 0


@pytest.mark.parametrize("group", ["224.0.0.251", "255.255.255.255"])
def test_it_reaches_no_group_of_hosts(relay, group):
    relay.machine.run("bash", "-c", as_service("127.0.0.1"))
    assert_kept_from(relay, group)


def as_service(address):
    """Sends a datagram from the service's control group, where systemd's filter sits."""
    group = "/sys/fs/cgroup/system.slice/scf-relay.service/cgroup.procs"
    return f"echo $$ >{group}; exec 3<>/dev/udp/{address}/5353 && echo x >&3"


def assert_kept_from(relay, address):
    assert re.search("not permitted|denied", relay.machine.fails("bash", "-c", as_service(address)))


def test_the_status_page_tells_the_queue_without_netlink(relay):
    status = relay.get("/status").text
    assert re.search(r"^listen queue: +\d+$", status, re.MULTILINE), status
    assert re.search(r'^scf_relay_listen_queue\{listen="fd:0"\} \d+$', relay.get("/metrics").text, re.MULTILINE)


def service_user(relay):
    return int(relay.machine.run("id", "--user", "scf-relay"))


def inner(relay):
    """The relay's number inside of the machine."""
    return int(relay.machine.run("systemctl", "show", "--property=MainPID", "--value", "scf-relay.service"))


# ---- What docs/deploy.md shows ---------------------------------------------------------------------------------------------------


class Units:
    """Changes of the units, until the test is over."""

    def __init__(self, relay):
        self.relay = relay
        self.folder = relay.machine.directory / "etc/systemd/system"
        self.copied = []

    def copy_example(self, name):
        for folder in (EXAMPLES / name).iterdir():
            if folder.is_dir():
                shutil.copytree(folder, self.folder / folder.name)
                self.copied.append(self.folder / folder.name)
        self.relay.systemctl("daemon-reload")

    def edit(self, unit, text):
        """As "systemctl edit" does."""
        folder = self.folder / f"{unit}.d"
        folder.mkdir()
        self.copied.append(folder)
        (folder / "override.conf").write_text(text)
        self.relay.systemctl("daemon-reload")

    def restart_socket(self):
        self.relay.systemctl("stop", "scf-relay.service", "scf-relay.socket")
        self.relay.systemctl("start", "scf-relay.socket")


@pytest.fixture
def units(relay):
    units = Units(relay)
    yield units
    for folder in units.copied:
        shutil.rmtree(folder)
    relay.systemctl("daemon-reload")
    units.restart_socket()


def test_a_site_that_knows_its_addresses_keeps_the_relay_from_others(relay, units):
    units.edit("scf-relay.service", documented.block("deploy.md", "ini", "IPAddressAllow=localhost"))
    relay.systemctl("restart", "scf-relay")
    assert relay.call().status_code == 200
    assert_kept_from(relay, "192.0.2.1")


def test_of_a_private_net_the_web_server_alone_is_let_in(relay, units):
    (port,) = processes.free_ports(1)
    text = documented.block("deploy.md", "ini", "FreeBind=")
    units.edit("scf-relay.socket", documented.adapted(text, {"10.0.0.11:9001": f"127.0.0.2:{port}", "10.0.0.2": "127.0.0.3"}))
    units.restart_socket()
    with socket.create_connection(("127.0.0.2", port), timeout=60, source_address=("127.0.0.3", 0)) as connection:
        connection.sendall(fastcgi_client.request_bytes("GET", "/healthz"))
        assert b"Status: 200" in connection.recv(65536)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), timeout=2, source_address=("127.0.0.1", 0))


def test_the_log_goes_to_a_file_and_is_rotated(relay, units):
    units.copy_example("log-file")
    relay.systemctl("restart", "scf-relay")
    log = relay.machine.directory / "var/log/scf-relay/relay.log"
    assert relay.call().status_code == 200
    processes.wait_for(lambda: '"message":"call"' in log.read_text(), "the file has the call")
    relay.machine.run("logrotate", "--force", "/etc/logrotate.d/scf-relay")
    assert log.read_text() == "" and '"message":"call"' in log.with_name("relay.log.1").read_text()
    assert relay.call().status_code == 200
    processes.wait_for(lambda: '"message":"call"' in log.read_text(), "the file has the next call")


def test_a_second_socket_takes_the_cloud_api(relay, units):
    units.copy_example("cloud-api")
    relay.machine.write("etc/scf-relay/keys/reports", "caller-secret", 0o600)
    relay.machine.edit("etc/scf-relay/relay.yaml", "listen: fd:0\n", "listen: fd:3\napiListen: fd:4\n")
    text = relay.machine.read("etc/scf-relay/relay.yaml")
    relay.machine.write("etc/scf-relay/relay.yaml", text + """
callers:
  - name: reports
    secretId: AKIDREPORTS
    secretKey: file:/run/credentials/scf-relay.service/keys_reports
    functions: [hello]
""")
    units.restart_socket()
    assert relay.call().status_code == 200
    answer = fastcgi_client.call(str(relay.machine.path("run/scf-relay/api.sock")), "POST", "/", {"Content-Type": "application/json"}, b"{}")
    assert answer.error[0].startswith("AuthFailure") or answer.error[0] == "MissingParameter", answer.text


# ---- The end --------------------------------------------------------------------------------------------------------


def test_removed_and_purged_nothing_of_it_is_left(installed):
    """The last test: those before it need the package."""
    assert installed.call().status_code == 200
    pid = installed.pid
    installed.machine.run("apt-get", "remove", "--yes", "scf-relay")
    assert not processes.is_running(pid)
    assert not installed.machine.path("run/scf-relay/relay.sock").exists()
    installed.systemctl("is-active", "nginx")
    assert (installed.machine.directory / "etc/scf-relay/credentials").exists()
    installed.machine.run("apt-get", "purge", "--yes", "scf-relay")
    installed.systemctl("daemon-reload")
    assert "scf-relay" not in installed.machine.run("systemctl", "list-unit-files", "--all")
    assert {path for path in installed.machine.files() if "scf-relay" in path} == set()
    assert "scf-relay" not in installed.machine.read("etc/passwd")
