"""The cloud of the benchmark: one answer to every call. Before anything is measured it looks at what it is sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import signature
from programs import CREDENTIALS

# The API page's example.
ANSWER = json.dumps({"Response": {"Result": {
    "MemUsage": 3207168, "Log": "", "RetMsg": "hello from scf", "BillDuration": 100,
    "FunctionRequestId": "6add56fa-58f1-11e8-89a9-5254005d5fdb", "Duration": 0.826, "ErrMsg": "", "InvokeResult": 0,
}, "RequestId": "c2af8a64-c922-4d55-aee0-bd86a5c2cd12"}}, separators=(",", ":"))


class CheckingCloud:
    """Answers as the measured cloud will, and keeps of every call what is wrong with it: `[]`, or texts."""

    def __init__(self, port):
        self.findings = []
        findings = self.findings

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                findings.append(problems(self.path, self.headers, body))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(ANSWER)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(ANSWER.encode())
                self.close_connection = True

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def problems(path, headers, body):
    """What the cloud would refuse in a call, or what has become of it on the way."""
    found = []
    try:
        signature.verify(
            headers, body, CREDENTIALS["TENCENTCLOUD_SECRET_ID"], CREDENTIALS["TENCENTCLOUD_SECRET_KEY"])
    except signature.WrongSignature as error:
        found.append(f"signature: {error}")
    if path != "/":
        found.append(f"the path is {path}")
    expected = {"X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16", "X-TC-Region": "ap-guangzhou",
                "Content-Type": "application/json"}
    found += [f"{name} is {headers.get(name)}" for name, value in expected.items() if headers.get(name) != value]
    return found + _problems_of_event(body)


def _problems_of_event(body):
    """Each call's event says in itself how long it is."""
    try:
        call = json.loads(body)
        event = json.loads(call["ClientContext"])
        if call["FunctionName"] != "hello" or len(call["ClientContext"].encode()) != event["bytes"]:
            return ["the call is not the one that was sent"]
    except (ValueError, KeyError, TypeError) as error:
        return [f"the body is not the one that was sent: {error!r}"]
    return []
