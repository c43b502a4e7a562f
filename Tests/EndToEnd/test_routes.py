"""No site that we ship leaves out a route of the relay, or leads it elsewhere. Other servers than nginx: test_web_servers."""

import re

import pytest

import processes
import routes
from test_deploy import ONE_HOST, PASSWORD, deployed, https  # noqa: F401 (fixtures)
from test_nginx import production  # noqa: F401 (a fixture)

PACKAGED = (processes.ROOT / "packaging" / "nginx" / "scf-relay").read_text()
pytestmark = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")


def test_the_list_of_routes_is_complete():
    """Every door of the sources has its line in docs/http.md."""
    sources = processes.ROOT / "Sources" / "Relay"
    text = "".join(path.read_text() for path in sources.rglob("*.swift"))
    table = text[text.index("static func relay("):text.index("static func cloudAPI(")]
    doors = set(re.findall(r'"(/[a-z/]+)"(?::|\] =)', table)) | {"/hooks/"}
    assert {"/invoke", "/signature", "/history/statistics", "/deliveries/"} <= doors
    listed = {path.partition("?")[0] for _, path in routes.documented()}
    assert {door for door in doors if not any(path == door or door.endswith("/") and path.startswith(door) for path in listed)} == set()
    assert {"/metrics", "/status"} <= listed


def test_the_development_site_has_every_route(site, http):
    routes.assert_all_reach_the_relay(site.url, site.relay_socket, http)


def test_the_production_site_has_every_route(production, site, https):  # noqa: F811
    routes.assert_all_reach_the_relay(production.url, site.relay_socket, https, PASSWORD)


def test_the_packages_site_has_every_route(deployed, site, http):  # noqa: F811
    routes.assert_all_reach_the_relay(deployed(PACKAGED), site.relay_socket, http)


def test_the_site_of_one_host_has_every_route(deployed, site, https):  # noqa: F811
    routes.assert_all_reach_the_relay(deployed(ONE_HOST), site.relay_socket, https, PASSWORD)
