"""The Debian package: its units, and what it does in a fresh Debian, without systemd (test_systemd.py has that)."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import requests

import processes
from debian import Root, run
from test_restart import Callers
from upstream import Upstream, success

PACKAGING = processes.ROOT / "packaging"
UNITS = [PACKAGING / "systemd" / name for name in ("scf-relay.service", "scf-relay.socket")]
has_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


# ---- The units, as they are in the tree -----------------------------------------------------------------------------


@has_systemd
def test_systemd_calls_the_sandbox_safe():
    report = run("systemd-analyze", "security", "--offline=yes", UNITS[0])
    exposure, verdict = re.search(r"Overall exposure level for scf-relay.service: ([\d.]+) (\w+)", report).groups()
    assert float(exposure) < 1 and verdict == "SAFE", report
    # docs/deploy.md says why these remain.
    remain = {"RestrictAddressFamilies=~AF_(INET|INET6)", "PrivateNetwork=", "DeviceAllow=", "IPAddressDeny="}
    assert set(re.findall(r"^✗ (\S+)", report, re.MULTILINE)) <= remain


@has_systemd
@pytest.mark.parametrize("example", ["none", "cloud-api", "log-file"])
def test_systemd_finds_no_mistake_in_the_units_nor_in_the_examples(tmp_path, example):
    for unit in UNITS:
        # Neither the program nor its manual is where the package will put it.
        text = re.sub(r"^Documentation=.*\n", "", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text.replace("/usr/bin/scf-relay serve", "/bin/true serve"))
    if example != "none":
        shutil.copytree(PACKAGING / "examples" / example, tmp_path, dirs_exist_ok=True)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "scf-relay" not in done.stderr, done.stderr


@pytest.mark.parametrize("page", ["scf-relay.1", "relay.yaml.5"])
def test_the_manual_pages_are_set_without_a_warning(page):
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    if page == "scf-relay.1":
        text = (PACKAGING / "man" / page).read_text()
    else:
        text = run(PACKAGING / "man" / "markdown_to_man.py", "relay.yaml", "5", "configuration of scf-relay", "0",
                   input=(processes.ROOT / "docs" / "configuration.md").read_text())
    done = subprocess.run(["groff", "-man", "-ww", "-Kutf8", "-Tutf8"], input=text, capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""


def test_the_manual_page_names_every_command_and_option():
    manual = (PACKAGING / "man" / "scf-relay.1").read_text().replace("\\-", "-")
    for command in ("", "serve", "check", "hooks test", "queue list", "queue show", "queue retry", "queue drop"):
        help = run(processes.BINARIES / "scf-relay", *command.split(), "--help")
        for option in re.findall(r"^  (--[a-z-]+)", help, re.MULTILINE):
            assert option in manual, f"{command} {option}"
        for subcommand in re.findall(r"^  ([a-z]+)(?: \(default\))? {2,}\S", help.partition("SUBCOMMANDS:")[2], re.MULTILINE):
            assert subcommand in manual, f"{command} {subcommand}"


# ---- The package ----------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_package_is_of_the_trees_version_and_the_same_each_time(package, tmp_path):
    version = run(processes.BINARIES / "scf-relay", "--version").strip()
    assert run("dpkg-deb", "--field", package, "Version").strip() == version
    again = run(processes.ROOT / "script" / "package", "--output", tmp_path, env=os.environ | {"DEBEMAIL": "relay@debian.org"}).strip()
    assert Path(again).read_bytes() == package.read_bytes()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_lintian_finds_nothing(package):
    if not shutil.which("lintian"):
        pytest.skip("lintian is not installed")
    done = subprocess.run(["lintian", "--fail-on", "error,warning", package], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def root(fresh_debian, tmp_path_factory):
    root = Root(fresh_debian, tmp_path_factory.mktemp("debian") / "root")
    yield root
    root.remove()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_in_a_fresh_Debian_it_installs_answers_restarts_upgrades_and_goes(package, root, tmp_path):
    before = root.files()
    root.install(package)
    new = root.files() - before

    # As it comes: it says what is missing, nothing listens to the network, and the site is not enabled.
    assert "/etc/systemd/system/sockets.target.wants/scf-relay.socket" in new
    assert not any(path.startswith(("/etc/nginx/sites-enabled/", "/etc/systemd/system/multi-user.target.wants/")) for path in new)
    assert_rights(root)
    check = ("env", "TENCENTCLOUD_CREDENTIALS_FILE=/etc/scf-relay/credentials", "scf-relay", "check")
    assert "secret_id" in root.fails(*check, "--config", "/etc/scf-relay/relay.yaml")

    with_cloud(root, tmp_path)

    # An upgrade keeps what the administrator wrote.
    root.install(package, "--reinstall")
    assert "AKIDLOCAL" in (root.directory / "etc/scf-relay/credentials").read_text()
    assert "127.0.0.1" in (root.directory / "etc/scf-relay/relay.yaml").read_text()

    # Removed: nginx goes on; the configuration stays, and accepted calls. Purged: nothing stays.
    root.run("apt-get", "remove", "--yes", "scf-relay")
    root.run("nginx", "-t")
    left = root.files() - before
    assert "/etc/scf-relay/credentials" in left and not any(path.startswith("/usr/share/scf-relay") for path in left)
    root.run("apt-get", "purge", "--yes", "scf-relay")
    root.run("apt-get", "autoremove", "--purge", "--yes")
    assert {path for path in root.files() - before if "scf" in path} == set()
    assert "scf-relay" not in (root.directory / "etc/passwd").read_text()


def assert_rights(root):
    """Secrets are root's alone."""
    for path, mode in {"credentials": 0o600, "keys": 0o700, "relay.yaml": 0o644}.items():
        status = os.stat(root.directory / "etc/scf-relay" / path)
        assert (status.st_uid, status.st_mode & 0o777) == (0, mode), path


def with_cloud(root, tmp_path):
    """The relay and nginx, started by hand where systemd would: calls are answered, and restarts lose none."""
    cloud = Upstream(lambda call: success())
    (port,) = processes.free_ports(1)
    root.edit("etc/scf-relay/relay.yaml", "https://scf.tencentcloudapi.com", f"http://127.0.0.1:{cloud.port}")
    root.edit("etc/scf-relay/relay.yaml", "listen: fd:0\n", "listen: fd:0\nlimits:\n  requestsPerSecond: 0\n")
    root.edit("etc/nginx/sites-available/scf-relay", "127.0.0.1:8080", f"127.0.0.1:{port}")
    root.write("etc/scf-relay/credentials", "[default]\nsecret_id = AKIDLOCAL\nsecret_key = local-secret\n", 0o600)
    os.symlink("../sites-available/scf-relay", root.directory / "etc/nginx/sites-enabled/scf-relay")
    (root.directory / "run/scf-relay").mkdir(exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    # A Unix socket's path may have 107 bytes, and pytest's folders are deep.
    here = os.getcwd()
    os.chdir(root.directory / "run/scf-relay")
    try:
        listener.bind("relay.sock")
    finally:
        os.chdir(here)
    shutil.chown(root.directory / "run/scf-relay/relay.sock", "root", "www-data")
    os.chmod(root.directory / "run/scf-relay/relay.sock", 0o660)
    listener.listen(1024)

    def start_relay():
        # systemd hands the key over in a file of the service's own user.
        shutil.copy(root.directory / "etc/scf-relay/credentials", root.directory / "run/cloud")
        root.run("chown", "scf-relay", "/run/cloud")
        return root.start(
            "setpriv", "--reuid=scf-relay", "--regid=scf-relay", "--clear-groups", "--no-new-privs",
            "env", "TENCENTCLOUD_CREDENTIALS_FILE=/run/cloud", "/usr/bin/scf-relay", "serve", "--config", "/etc/scf-relay/relay.yaml",
            log=tmp_path / "relay.log", stdin=listener)

    root.run("nginx", "-t")
    nginx = root.start("nginx", "-g", "daemon off;", log=tmp_path / "nginx.log")
    relay = start_relay()
    try:
        url = f"http://127.0.0.1:{port}"
        processes.wait_for(lambda: processes.listens(port), "nginx listens")
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(f"{url}/invoke", data={"FunctionName": "hello"}, headers={"Accept": "application/json"}, timeout=60)
            assert answer.status_code == 200 and answer.json()["Response"]["Result"]["RetMsg"] == "hello from scf"
            assert cloud.calls[0].headers["authorization"].startswith("TC3-HMAC-SHA256 Credential=AKIDLOCAL/")
            page = session.get(url, timeout=60)
            assert page.status_code == 200 and "<form" in page.text
        callers = Callers(url, 8)
        try:
            for _ in range(3):
                enough = callers.answered + 50
                processes.wait_for(lambda: callers.answered >= enough, "calls are answered", 60)
                assert processes.terminate(relay) == 0
                relay = start_relay()
        finally:
            callers.stop()
        assert callers.failures == [] and callers.answered >= 150
    finally:
        processes.terminate(relay)
        processes.terminate(nginx)
        listener.close()
        cloud.close()
        shutil.rmtree(root.directory / "run/scf-relay")
        (root.directory / "run/cloud").unlink()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_log_in_a_file_is_rotated_while_it_is_written(root, tmp_path):
    """As with examples/log-file: the descriptor stays, and appends."""
    logs = root.directory / "var/log/scf-relay"
    logs.mkdir(exist_ok=True)
    (root.directory / "etc/logrotate.d/scf-relay").write_text((PACKAGING / "logrotate").read_text())
    with open(logs / "relay.log", "ab", buffering=0) as log:
        log.write(b"before\n")
        root.run("logrotate", "--force", "/etc/logrotate.d/scf-relay")
        log.write(b"after\n")
    assert (logs / "relay.log").read_bytes() == b"after\n"
    assert (logs / "relay.log.1").read_bytes() == b"before\n"
