"""Requests signed as the cloud's documents say, and compared with the official SDK; with a mistake where one is wanted."""

import hashlib
import hmac
import http.client
import json
import time
from datetime import datetime, timedelta, timezone

from tencentcloud.common.sign import Sign

HOST = "scf.tencentcloudapi.com"
# The cloud's documents have it: https://cloud.tencent.com/document/product/583/17239
EXAMPLE = ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
LOCAL = ("AKIDLOCAL", "local-secret")


def utc_date(timestamp, hours=0):
    return (datetime.fromtimestamp(timestamp, timezone.utc) + timedelta(hours=hours)).strftime("%Y-%m-%d")


class Signed:
    """A request as a program would send it; each argument can be a mistake."""

    def __init__(self, key=LOCAL, body=b'{"FunctionName":"hello"}', timestamp=None, date=None, host=HOST, sent_host=HOST,
                 signed_body=None, names="content-type;host", content_type="application/json", prefix="TC3", service="scf"):
        timestamp = timestamp or int(time.time())
        date = date or utc_date(timestamp)
        values = {"content-type": content_type, "host": host}
        digest = hashlib.sha256(body if signed_body is None else signed_body).hexdigest()
        lines = ["POST", "/", "", *(f"{name}:{values[name]}" for name in names.split(";")), "", names, digest]
        self.canonical = "\n".join(lines)
        scope = f"{date}/{service}/tc3_request"
        self.string_to_sign = "\n".join(
            ["TC3-HMAC-SHA256", str(timestamp), scope, hashlib.sha256(self.canonical.encode()).hexdigest()])
        secret = (prefix + key[1]).encode()
        for step in (date, service, "tc3_request", self.string_to_sign):
            secret = hmac.digest(secret, step.encode(), "sha256")
        if prefix == "TC3":
            assert secret.hex() == Sign.sign_tc3(key[1], date, service, self.string_to_sign)
        self.body = body
        self.headers = {
            "Host": sent_host, "Content-Type": content_type, "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16",
            "X-TC-Region": "ap-guangzhou", "X-TC-Timestamp": str(timestamp),
            "Authorization": f"TC3-HMAC-SHA256 Credential={key[0]}/{scope}, SignedHeaders={names}, Signature={secret.hex()}",
        }

    @property
    def text(self):
        """As a person pastes it."""
        head = "".join(f"{name}: {value}\n" for name, value in self.headers.items())
        return f"POST / HTTP/1.1\n{head}\n{self.body.decode()}"

    def answer(self, site):
        """What the local cloud says to it."""
        connection = http.client.HTTPConnection("127.0.0.1", site.local_port, timeout=30)
        connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
        for name, value in (self.headers | {"Content-Length": str(len(self.body))}).items():
            connection.putheader(name, value)
        connection.endheaders(self.body)
        answer = json.loads(connection.getresponse().read())["Response"]
        connection.close()
        return answer
