"""The calls of a soak: every door, right and wrong, from peers who behave and others."""

import base64
import hashlib
import hmac
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

import fastcgi_client as fcgi
from fastcgi_client import Connection, ConnectionClosed
from upstream import Answer, Dripping, Reset, failure, success

FUNCTIONS = ("hello", "large", "failing", "missing", "reset", "half", "slow")
SECRETS = {
    "HOOK_SECRET": "a-secret-of-the-sender", "CALLER_SECRET": "a-secret-of-the-caller",
    "CALLBACK_SECRET": "whsec_" + base64.b64encode(b"c" * 32).decode(),
}
CALLER = "AKIDCALLER0001"
EVENT = json.dumps({"bytes": 200, "text": "x" * 160})
LARGE_EVENT = json.dumps({"text": "x" * 200_000})


def behaviour(call):
    """The scripted cloud: what a function's name says."""
    match call.json()["FunctionName"]:
        case "large": return success(ret_msg="y" * 300_000)
        case "failing": return success(ret_msg='{"errorMessage":"no"}', ErrMsg="no", InvokeResult=1)
        case "missing": return failure("ResourceNotFound.FunctionName")
        case "reset": return Reset()
        case "half": return Answer(success().body[:50], announced=5000)
        case "slow": return Dripping(success().bytes(), 0.001)
        case _: return success()


@dataclass
class Load:
    """What came of a run."""

    seconds: float = 0
    count: int = 0
    kinds: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    @property
    def rate(self):
        return self.count / self.seconds


class Mixture:
    """Sends the calls, from a few threads with a connection each."""

    THREADS = 8

    def __init__(self, directory, cloud):
        self.directory = directory
        cloud.behaviour = behaviour
        self.numbers = itertools.count()
        self.kinds = {
            # name: (how often, who sends it, which statuses are right)
            "JSON": (20, self.invoke_json, {200}),
            "form": (10, self.invoke_form, {200}),
            "form of 200 KB": (2, self.invoke_large, {200}),
            "multipart as HTML": (4, self.invoke_multipart, {200}),
            "answer of 300 KB": (2, lambda send: self.call(send, "large"), {200}),
            "function that fails": (3, lambda send: self.call(send, "failing"), {200}),
            "function that is not there": (3, lambda send: self.call(send, "missing"), {404}),
            "reset by the cloud": (2, lambda send: self.call(send, "reset"), {502}),
            "half an answer": (2, lambda send: self.call(send, "half"), {502}),
            "slow answer": (1, lambda send: self.call(send, "slow"), {200}),
            "not on the list": (2, lambda send: self.call(send, "unlisted"), {403}),
            "JSON that is none": (3, self.broken_json, {400}),
            "too large": (1, self.too_large, {413}),
            "another site": (2, self.other_site, {403}),
            "no such address": (3, lambda send: send(fcgi.request_bytes("GET", "/nothing")), {404}),
            "health": (3, lambda send: send(fcgi.request_bytes("GET", "/healthz")), {200}),
            "webhook": (8, self.hook_result, {200}),
            "webhook, stored": (6, self.hook_accepted, {202}),
            "webhook, forged": (4, self.hook_forged, {401}),
            "webhook, sent twice": (2, self.hook_twice, {202}),
        }
        self.api_kinds = {
            "SDK": (10, self.api_call, {200}),
            "SDK, wrong key": (4, self.api_wrong_key, {200}),
            "SDK, broken": (2, self.api_broken, {200}),
        }
        self.peer_kinds = {"cut off": (3, self.cut_off, {None}), "no FastCGI": (2, self.no_fastcgi, {None})}

    def configuration(self):
        """For `Relay`."""
        hook = {"function": "hello", "verify": "github", "secrets": ["environment:HOOK_SECRET"]}
        return {
            "functions": FUNCTIONS, "environment": SECRETS, "cloud": {"timeoutSeconds": 60},
            "limits": {"inFlight": 512},
            "apiListen": f"unix:{self.directory}/api.sock",
            "callers": [{"name": "soak", "secretId": CALLER, "secretKey": "environment:CALLER_SECRET", "functions": "all"}],
            "store": {"path": f"{self.directory}/calls.db", "maximumCalls": 1_000_000, "keepDays": 1},
            "hooks": [
                {"name": "result", **hook},
                {"name": "accepted", "answer": "accepted", "id": "header:X-GitHub-Delivery", **hook},
            ],
        }

    # ---- Running ----------------------------------------------------------------------------------------------------

    def run(self, relay, seconds, rate=None, each_second=lambda: None):
        """Sends calls for a time, as fast as can be or at `rate` calls a second."""
        load = Load()
        counts, lock = Counter(), threading.Lock()
        start = time.monotonic()
        end = start + seconds
        turns = itertools.count()

        def work(seed):
            peer = Peer(relay.socket, f"{self.directory}/api.sock", random.Random(seed))
            choices = [(self.kinds, "door"), (self.api_kinds, "api"), (self.peer_kinds, "raw")]
            names = [(name, kinds[name], where) for kinds, where in choices for name in kinds]
            weights = [kind[0] for _, kind, _ in names]
            while True:
                if rate:
                    delay = start + next(turns) / rate - time.monotonic()
                    if delay > 0:
                        time.sleep(min(delay, max(0, end - time.monotonic())))
                if time.monotonic() >= end:
                    break
                name, (_, send, right), where = peer.random.choices(names, weights)[0]
                answer = peer.send(send, where)
                status = answer and answer.status
                with lock:
                    counts[name] += 1
                    if status not in right and len(load.problems) < 10:
                        load.problems.append(f"{name}: {status} instead of {right}: {answer and answer.text[:300]}")
            peer.close()

        threads = [threading.Thread(target=work, args=[seed], daemon=True) for seed in range(self.THREADS)]
        for each in threads:
            each.start()
        while time.monotonic() < end:
            each_second()
            time.sleep(max(0, min(1, end - time.monotonic())))
        for each in threads:
            each.join(60)
        load.seconds = time.monotonic() - start
        load.count, load.kinds = counts.total(), dict(sorted(counts.items()))
        return load

    # ---- The page's door --------------------------------------------------------------------------------------------

    def call(self, send, function, event=EVENT, **headers):
        body = json.dumps({"FunctionName": function, "ClientContext": event}).encode()
        return send(fcgi.request_bytes(
            "POST", "/invoke", {"Content-Type": "application/json"} | headers, body))

    def invoke_json(self, send):
        return self.call(send, "hello")

    def invoke_form(self, send, event=EVENT):
        body = urlencode({"FunctionName": "hello", "ClientContext": event, "LogType": "Tail"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return send(fcgi.request_bytes("POST", "/invoke", headers, body))

    def invoke_large(self, send):
        return self.invoke_form(send, LARGE_EVENT)

    def invoke_multipart(self, send):
        fields = {"FunctionName": "hello", "ClientContext": EVENT}
        body = "".join(
            f'--soak\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
        headers = {"Content-Type": "multipart/form-data; boundary=soak", "Accept": "text/html"}
        return send(fcgi.request_bytes("POST", "/invoke", headers, (body + "--soak--\r\n").encode()))

    def broken_json(self, send):
        return self.call(send, "hello", event='{"a": 1,}')

    def too_large(self, send):
        return send(fcgi.request_bytes(
            "POST", "/invoke", {"Content-Type": "application/json"}, b"x" * 1000, content_length=100_000_000))

    def other_site(self, send):
        return self.call(send, "hello", **{"Origin": "https://elsewhere.example"})

    # ---- Webhooks ---------------------------------------------------------------------------------------------------

    def hook(self, send, name, number, secret=SECRETS["HOOK_SECRET"]):
        body = json.dumps({"n": number}).encode()
        signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
        return send(fcgi.request_bytes("POST", f"/hooks/{name}", {
            "Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}",
            "X-GitHub-Event": "push", "X-GitHub-Delivery": f"delivery-{number}"}, body))

    def hook_result(self, send):
        return self.hook(send, "result", next(self.numbers))

    def hook_accepted(self, send):
        return self.hook(send, "accepted", next(self.numbers))

    def hook_twice(self, send):
        number = next(self.numbers)
        self.hook(send, "accepted", number)
        return self.hook(send, "accepted", number)

    def hook_forged(self, send):
        return self.hook(send, "result", next(self.numbers), secret="another-secret")

    # ---- The cloud's API --------------------------------------------------------------------------------------------

    def api_call(self, send, secret=SECRETS["CALLER_SECRET"]):
        body = json.dumps({"FunctionName": "hello", "ClientContext": EVENT}).encode()
        headers = {"Content-Type": "application/json", "Host": "relay.example"} | sign(body, secret)
        return send(fcgi.request_bytes("POST", "/", headers, body))

    def api_wrong_key(self, send):
        return self.api_call(send, secret="not the caller's")

    def api_broken(self, send):
        return send(fcgi.request_bytes(
            "POST", "/", {"Content-Type": "application/json", "Authorization": "TC3-HMAC-SHA256 Credential=x"}, b"{"))

    # ---- Peers that are none ----------------------------------------------------------------------------------------

    def cut_off(self, connection, chance):
        whole = fcgi.request_bytes("POST", "/invoke", {"Content-Type": "application/json"}, b'{"FunctionName":"hello"}')
        connection.send(whole[:chance.randrange(len(whole))])

    def no_fastcgi(self, connection, chance):
        connection.send(chance.randbytes(chance.randrange(1, 500)))


class Peer:
    """Connections of one thread: kept ones for the doors, new ones for what ends them."""

    def __init__(self, socket, api_socket, chance):
        self.sockets = {"door": socket, "api": api_socket}
        self.connections = {}
        self.random = chance

    def send(self, kind, where):
        """Returns the answer; None where there is none to come."""
        if where == "raw":
            with Connection(self.sockets["door"]) as connection:
                try:
                    kind(connection, self.random)
                except OSError:
                    pass    # the relay has seen enough
            return None
        if self.random.random() < 0.02:
            self._drop(where)
        return kind(lambda data: self._answer(where, data))

    def _answer(self, where, data):
        for is_last in (False, True):
            connection = self.connections.get(where) or Connection(self.sockets[where])
            self.connections[where] = connection
            try:
                connection.send(data)
                return connection.read_response()
            except (OSError, ConnectionClosed):
                # A kept connection may have been closed meanwhile, as nginx knows, too.
                self._drop(where)
                if is_last:
                    raise
        return None

    def _drop(self, where):
        if connection := self.connections.pop(where, None):
            connection.close()

    def close(self):
        for where in list(self.connections):
            self._drop(where)


def sign(body, secret):
    """TC3-HMAC-SHA256, as the API's documents describe it."""
    now = int(time.time())
    date = time.strftime("%Y-%m-%d", time.gmtime(now))
    canonical = (f"POST\n/\n\ncontent-type:application/json\nhost:relay.example\n\ncontent-type;host\n"
                 f"{hashlib.sha256(body).hexdigest()}")
    scope = f"{date}/scf/tc3_request"
    text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (date, "scf", "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    return {
        "Authorization": f"TC3-HMAC-SHA256 Credential={CALLER}/{scope}, SignedHeaders=content-type;host, "
                         f"Signature={signature}",
        "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16", "X-TC-Timestamp": str(now), "X-TC-Region": "ap-guangzhou",
    }
