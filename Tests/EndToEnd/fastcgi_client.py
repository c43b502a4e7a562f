"""A FastCGI client, honest or not: it builds any record, right or wrong, and reads what comes back.

Specification: FastCGI 1.0. Names of the record types are those of its section 8.
"""

import json
import socket
import struct
from dataclasses import dataclass

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR = 1, 2, 3, 4, 5, 6, 7
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = 9, 10, 11
RESPONDER, KEEP_CONN = 1, 1
REQUEST_COMPLETE, CANT_MPX_CONN, OVERLOADED, UNKNOWN_ROLE = 0, 1, 2, 3


# ---- Writing --------------------------------------------------------------------------------------------------------

def record(kind, content=b"", request_id=1, version=1, announced=None, padding=0):
    """One record. `announced` is the length its header gives, where that is to be a lie."""
    length = len(content) if announced is None else announced
    return struct.pack(">BBHHBx", version, kind, request_id, length, padding) + content + bytes(padding)


def begin(request_id=1, role=RESPONDER, flags=KEEP_CONN):
    return record(BEGIN_REQUEST, struct.pack(">HB5x", role, flags), request_id)


def name_values(pairs):
    """Name-value pairs as in section 3.4."""
    return b"".join(
        _length(name) + _length(value) + name + value
        for name, value in ((_bytes(name), _bytes(value)) for name, value in pairs))


def stream(kind, content, request_id=1):
    """A stream of records, with the empty one that ends it."""
    pieces = [content[start:start + 65535] for start in range(0, len(content), 65535)]
    return b"".join(record(kind, piece, request_id) for piece in [*pieces, b""])


def parameters(method, path, headers=None, content_length=None, **more):
    """What nginx would say about a request. `more` overrides."""
    target, _, query = path.partition("?")
    headers = headers or {}
    variables = {
        "REQUEST_METHOD": method, "REQUEST_URI": path, "DOCUMENT_URI": target, "QUERY_STRING": query,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": "" if content_length is None else str(content_length),
        "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_SCHEME": "http", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8080",
    }
    variables |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    return variables | more


def request_bytes(method, path, headers=None, body=b"", request_id=1, content_length=None, **more):
    """A whole request. `content_length` is what CONTENT_LENGTH says, where that is to be a lie."""
    announced = content_length if content_length is not None else (len(body) if body else None)
    variables = parameters(method, path, headers, announced, **more)
    return (begin(request_id) + stream(PARAMS, name_values(variables.items()), request_id)
            + stream(STDIN, body, request_id))


def _length(data):
    return struct.pack(">B", len(data)) if len(data) < 128 else struct.pack(">I", len(data) | 0x80000000)


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


# ---- Reading --------------------------------------------------------------------------------------------------------

@dataclass
class Record:
    kind: int
    request_id: int
    content: bytes


@dataclass
class Response:
    """A CGI answer."""

    status: int
    headers: dict
    body: bytes
    protocol_status: int

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """Code and Message of an error envelope."""
        error = self.json()["Response"]["Error"]
        return error["Code"], error["Message"]


class ConnectionClosed(Exception):
    """The other side closed the connection."""


class Connection:
    """A connection to a FastCGI server on a Unix socket."""

    def __init__(self, path, seconds=30):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)      # without a time limit: with one, Python fails where the backlog is full
        self._socket.settimeout(seconds)
        self._input = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._input.close()
        self._socket.close()

    def send(self, data):
        self._socket.sendall(data)

    def end_sending(self):
        self._socket.shutdown(socket.SHUT_WR)

    def read_record(self):
        header = self._read(8)
        version, kind, request_id, length, padding = struct.unpack(">BBHHBx", header)
        assert version == 1, f"a record of version {version}"
        content = self._read(length)
        self._read(padding)
        return Record(kind, request_id, content)

    def read_response(self, request_id=1):
        """Reads records until the request has ended."""
        output = b""
        while True:
            each = self.read_record()
            assert each.request_id == request_id, f"a record of request {each.request_id}: {each}"
            if each.kind == STDOUT:
                output += each.content
            if each.kind == END_REQUEST:
                return _response(output, each.content[4])

    def is_closed_by_peer(self):
        """Waits until the peer closes; False if it says something first."""
        try:
            return self._input.read(1) == b""
        except ConnectionResetError:
            return True

    def _read(self, count):
        try:
            data = self._input.read(count)
        except ConnectionResetError:
            data = b""
        if len(data) < count:
            raise ConnectionClosed
        return data


def call(path, method, target, headers=None, body=b""):
    """One request on a connection of its own."""
    with Connection(path) as connection:
        connection.send(request_bytes(method, target, headers, body))
        return connection.read_response()


def _response(output, protocol_status):
    head, _, body = output.partition(b"\r\n\r\n")
    headers = {}
    for line in head.decode().splitlines():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    status = int(headers.pop("status", "200 OK").split()[0]) if head else None
    return Response(status, headers, body, protocol_status)
