"""The fixtures: a whole site for all tests, and parts of it for those that need their own."""

import os
import resource

import pytest
import requests

from browser import chromium, open_page, page, page_without_javascript  # noqa: F401 (fixtures of all tests: one browser)
from cloud_doors import ApiSite
from debian import fresh_debian, package  # noqa: F401 (fixtures of all tests: one debootstrap)
from running_relay import Relay
from running_site import Site
from upstream import Upstream


def pytest_configure():
    # Thousands of connections at a time; children inherit it.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # The SDK would go through the machine's proxy, even to 127.0.0.1.
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The whole site, shared by all tests. Whoever wants to break something takes `new_site`."""
    running = Site(tmp_path_factory.mktemp("site") / "run")
    yield running
    assert running.stop() == "", "script/server prints one line, Ready"


@pytest.fixture(scope="session")
def api_site(tmp_path_factory):
    """A site whose relay has a cloud-API door, shared by all tests."""
    running = ApiSite(tmp_path_factory.mktemp("api"))
    yield running
    running.stop()


@pytest.fixture(scope="session", params=["scf-local", "scf-relay"])
def door(request, api_site):
    """Both places that speak the cloud's API: what one answers, the other does too."""
    return api_site.relay if request.param == "scf-relay" else api_site.local


@pytest.fixture
def new_site(tmp_path):
    """Starts another site; `new_site("--functions", "folder")`."""
    running = []

    def start(*options, **more):
        running.append(Site(tmp_path / f"run{len(running)}", *options, **more))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.stop()


@pytest.fixture
def upstream():
    """A scripted cloud."""
    server = Upstream()
    yield server
    server.release()
    server.close()


@pytest.fixture
def relay(tmp_path):
    """Starts scf-relay alone: `relay(upstream.port, limits={"inFlight": 1})`."""
    running = []

    def start(upstream_port, **options):
        directory = tmp_path / f"relay{len(running)}"
        directory.mkdir()
        running.append(Relay(directory, upstream_port, **options))
        return running[-1]

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def http():
    """HTTP without the machine's proxies."""
    with requests.Session() as session:
        session.trust_env = False
        yield session
