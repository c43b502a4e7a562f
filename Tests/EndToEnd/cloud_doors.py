"""The two programs that speak the cloud's API, and the official Python SDK pointed at them."""

import json
import secrets
import shutil
import tempfile
from dataclasses import dataclass

import processes
from running_site import Site
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416 import models, scf_client

TC3, SHA256, SHA1 = "TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"
# Every way in which the SDK signs and sends a call.
SIGNATURES = [(signature, method) for signature in (TC3, SHA256, SHA1) for method in ("POST", "GET")]

# On the relay's list, but not in the cloud: what a function is that was deleted there.
DELETED_FUNCTION = "deleted-yesterday"


@dataclass(frozen=True)
class Key:
    """What a program signs its calls with."""

    secret_id: str
    secret_key: str
    token: str | None = None


@dataclass(frozen=True)
class Door:
    """A place that speaks the cloud's API: scf-local itself, or scf-relay with scf-local behind it."""

    name: str
    port: int
    key: Key

    @property
    def endpoint(self):
        return f"127.0.0.1:{self.port}"

    @property
    def is_relay(self):
        return self.name == "scf-relay"


def client(door, signature=TC3, method="POST", key=None, region="ap-guangzhou", language="zh-CN", unsigned=False, **http):
    """The official SDK, as a user of the door would set it up."""
    key = key or door.key
    profile = ClientProfile(
        signMethod=signature, language=language,
        httpProfile=HttpProfile(
            **{"protocol": "http", "endpoint": door.endpoint, "reqMethod": method, "reqTimeout": 60} | http))
    profile.unsignedPayload = unsigned
    return scf_client.ScfClient(credential.Credential(key.secret_id, key.secret_key, key.token), region, profile)


def invoke(sdk, action="Invoke", **fields):
    """Runs a function by either API and returns the SDK's answer. `event` stands for the name each API gives it."""
    if "event" in fields:
        fields["ClientContext" if action == "Invoke" else "Event"] = fields.pop("event")
    request = getattr(models, action + "Request")()
    request._deserialize({"FunctionName": "hello"} | fields)
    return getattr(sdk, action)(request)


class ApiSite:
    """A script/server whose relay has a cloud-API door, and callers with long random keys."""

    # Of one who may run everything: the key that is, the one that will be, and one with a token.
    everything = Key("AKIDeverything0001", "key-" + secrets.token_hex(24))
    tomorrow = Key("AKIDeverything0001", "key-" + secrets.token_hex(24))
    local_temporary = Key("AKIDLOCALTEMPORARY", "local-secret", "local-token")
    temporary = Key("AKIDtemporary00003", "key-" + secrets.token_hex(24), "token-" + secrets.token_hex(32))
    # Of one who may run a single function.
    hello_only = Key("AKIDhelloonly00002", "key-" + secrets.token_hex(24))

    keys = (everything, tomorrow, temporary, hello_only)
    functions = ("hello", "echo", "fail", "sleep", "log", DELETED_FUNCTION)

    def __init__(self, directory, *options, limits=None, functions=(), action=None, actions=None):
        """`action` is what calls go out as, and `actions` what those of some functions do."""
        self.functions = (*self.functions, *functions)
        self._cloud = {"action": action} if action else {}
        self._actions = actions or {}
        self._limits = {"requestsPerSecond": 0} | (limits or {})
        # A Unix socket's path may have 107 bytes, and pytest's folders are deep.
        self._sockets = tempfile.mkdtemp(prefix="scf-relay.")
        self.site = Site(
            directory / "run", "--config", directory / "relay.yaml", *options,
            environment=processes.CLEAN_ENVIRONMENT | self._environment(),
            prepare=lambda site: (directory / "relay.yaml").write_text(self._configuration(site)))
        self.local = Door("scf-local", self.site.local_port, Key("AKIDLOCAL", "local-secret"))
        self.relay = Door("scf-relay", self.site.api_port, self.everything)

    def stop(self):
        """Ends it; returns what script/server wrote after Ready."""
        try:
            return self.site.stop()
        finally:
            shutil.rmtree(self._sockets)

    @property
    def relay_socket(self):
        """Where nginx reaches the relay's other doors."""
        return f"{self._sockets}/relay.sock"

    @property
    def api_socket(self):
        """Where nginx reaches the relay's cloud-API door."""
        return f"{self._sockets}/api.sock"

    def _environment(self):
        variables = {}
        for number, key in enumerate(self.keys):
            variables[f"CALLER_KEY_{number}"] = key.secret_key
            if key.token:
                variables[f"CALLER_TOKEN_{number}"] = key.token
        return variables

    def _configuration(self, site):
        parts = {
            "listen": f"unix:{self._sockets}/relay.sock",
            "apiListen": f"unix:{self.api_socket}",
            "apiEndpoint": site.api_url,
            "cloud": {"endpoint": site.local_url, "region": "ap-guangzhou", "credentials": "environment"} | self._cloud,
            "limits": {"drainSeconds": 25} | self._limits,
            "functions": [
                {"name": name, "namespace": "default"} | ({"action": self._actions[name]} if name in self._actions else {})
                for name in self.functions],
            "callers": [
                {"name": "everything", "keys": [self._key(self.everything), self._key(self.tomorrow)], "functions": "all"},
                {"name": "for-a-while", **self._key(self.temporary), "functions": "all"},
                {"name": "hello-only", **self._key(self.hello_only), "functions": ["hello"]},
            ],
        }
        # JSON is YAML too, but script/server looks for the addresses in lines of their own.
        return "".join(f"{name}: {json.dumps(value)}\n" for name, value in parts.items())

    def _key(self, key):
        """A key as relay.yaml names it: it holds no secret."""
        number = self.keys.index(key)
        entry = {"secretId": key.secret_id, "secretKey": f"environment:CALLER_KEY_{number}"}
        return entry | ({"token": f"environment:CALLER_TOKEN_{number}"} if key.token else {})
