"""What asks for a site by a name that is not its own is refused: else DNS rebinding made the relay part of any page's site."""

import socket

import pytest

import processes
from cloud_doors import client
from pages import HTML, JSON, assert_is_failure, assert_is_html
from tencentcloud.common.http.request import RequestInternal
from test_deploy import deployed  # noqa: F401 (a fixture)

PACKAGED = (processes.ROOT / "packaging" / "nginx" / "scf-relay").read_text()


@pytest.fixture(params=["development", "package"])
def page_site(request, site):
    """Address of the page of a site for this machine, and the file that has its names."""
    if request.param == "development":
        return site.url, "nginx/development.conf"
    return request.getfixturevalue("deployed")(PACKAGED), "/etc/nginx/sites-available/scf-relay"


def runs_of(site, function):
    """How many calls of a function have come to the local cloud."""
    return sum('"action":"Invoke"' in line and function in line for line in site.log("local").splitlines())


def port_of(url):
    return url.rpartition(":")[2]


@pytest.mark.parametrize("name", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evillocalhost", "relay"])
def test_a_page_whose_name_was_led_here_runs_nothing(page_site, site, http, name):
    url, names_at = page_site
    rebound = {"Host": f"{name}:{port_of(url)}", "Origin": f"http://{name}:{port_of(url)}", "Sec-Fetch-Site": "same-origin"}
    before = runs_of(site, "echo-node")      # the line of an earlier call may come late: hardly one of this function
    answer = http.post(f"{url}/invoke", data={"FunctionName": "echo-node"}, headers=rebound | JSON)
    message = assert_is_failure(answer, 421, "UnauthorizedOperation", False)
    assert "server_name" in message and names_at in message
    for path in ("/", "/functions", "/history", "/style.css", "/healthz", "/metrics", "/hooks/x"):
        assert http.get(url + path, headers=rebound).status_code == 421, path
    assert runs_of(site, "echo-node") == before


def test_a_person_is_told_in_both_languages_where_names_stand(page_site, http):
    url, names_at = page_site
    answer = http.get(url, headers={"Host": "relay.example"} | HTML)
    assert answer.status_code == 421
    assert_is_html(answer)
    assert answer.text.count(names_at) == 2 and 'lang="zh"' in answer.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "relay.localhost", "[::1]"])
def test_the_names_of_this_machine_are_the_sites(page_site, http, name):
    url, _ = page_site
    own = {"Host": f"{name}:{port_of(url)}", "Origin": f"http://{name}:{port_of(url)}", "Sec-Fetch-Site": "same-origin"}
    answer = http.post(f"{url}/invoke", data={"FunctionName": "hello"}, headers=own | JSON)
    assert answer.status_code == 200, answer.text


def test_a_program_that_names_no_site_is_answered(page_site):
    url, _ = page_site
    with socket.create_connection(("127.0.0.1", port_of(url))) as connection:
        connection.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
        assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


# ---- The cloud API of a development site: its keys are known to everybody ---------------------------------------------

def signed_form(door, host):
    """A call as any page could make and sign it: a form, which a browser sends without asking anybody."""
    sdk = client(door, "HmacSHA256", endpoint=host)
    made = RequestInternal(host, "POST", "/", header={})
    sdk._build_req_inter("Invoke", {"FunctionName": "hello"}, made)
    return made.data


@pytest.mark.parametrize("sent_by", [
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"},
], ids=["form", "sandbox", "picture"])
def test_no_page_calls_the_cloud_API_with_the_key_that_everybody_knows(door, http, sent_by):
    url, form = f"http://{door.endpoint}/", {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post(url, data=signed_form(door, door.endpoint), headers=form | sent_by)
    assert answer.status_code == 403
    assert answer.json()["Response"]["Error"]["Code"] == "UnauthorizedOperation"
    # The same call of a program runs, which shows that it was signed well.
    answer = http.post(url, data=signed_form(door, door.endpoint), headers=form)
    assert answer.json()["Response"]["Result"]["RetMsg"] == "hello from scf"


def test_a_page_whose_name_was_led_to_the_cloud_API_runs_nothing(door, http):
    host = f"evil.example:{door.port}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Host": host}
    answer = http.post(f"http://{door.endpoint}/", data=signed_form(door, host), headers=form)
    assert answer.status_code == 421
    assert answer.json()["Response"]["Error"]["Code"] == "UnauthorizedOperation"


@pytest.mark.parametrize("name", ["localhost", "scf.tencentcloudapi.com", "scf.ap-guangzhou.tencentcloudapi.com"])
def test_the_cloud_API_knows_this_machines_names_and_the_clouds(door, http, name):
    """By the cloud's names it is called through a gateway. Here the call is not signed: the door itself says so."""
    answer = http.post(f"http://{door.endpoint}/", json={}, headers={"Host": name})
    assert answer.status_code == 200
    assert "Error" in answer.json()["Response"]
