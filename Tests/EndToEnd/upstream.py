"""A scripted cloud: an HTTP server on 127.0.0.1 that answers as it is told, slowly, wrongly or not at all."""

import asyncio
import json
import socket
import struct
import threading
from dataclasses import dataclass, field


@dataclass
class Answer:
    """An HTTP answer. `announced` is what Content-Length says, where more is promised than sent."""

    body: bytes
    status: int = 200
    headers: dict = field(default_factory=lambda: {"Content-Type": "application/json"})
    announced: int | None = None

    def bytes(self):
        length = len(self.body) if self.announced is None else self.announced
        lines = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in self.headers.items()),
                 f"Content-Length: {length}", "", ""]
        return "\r\n".join(lines).encode() + self.body


@dataclass
class Held:
    """The answer comes when `Upstream.release()` is called."""

    answer: Answer


@dataclass
class Raw:
    """Bytes that need not be HTTP, then the end of the connection, unless it `goes_on`."""

    data: bytes
    goes_on: bool = False


@dataclass
class Stuck:
    """Bytes, and then neither more of them nor an end, until `Upstream.release()` is called."""

    data: bytes


@dataclass
class Dripping:
    """Bytes one by one, with a pause after each."""

    data: bytes
    seconds: float = 0.05


@dataclass
class Endless:
    """A beginning, and a piece that is sent again and again, until the other side has had enough."""

    beginning: bytes
    piece: bytes


class Reset:
    """The connection is reset instead of an answer."""


@dataclass
class Call:
    """A request that came in."""

    method: str
    target: str
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


def success(ret_msg="hello from scf", request_id="c2af8a64-c922-4d55-aee0-bd86a5c2cd12", **result):
    """The API page's example."""
    return Answer(json.dumps({"Response": {"Result": {
        "MemUsage": 3207168, "Log": "", "RetMsg": ret_msg, "BillDuration": 100,
        "FunctionRequestId": "6add56fa-58f1-11e8-89a9-5254005d5fdb", "Duration": 0.826, "ErrMsg": "",
        "InvokeResult": 0} | result, "RequestId": request_id}}).encode())


def failure(code, message="as the cloud says it", **headers):
    """An error of the cloud: HTTP 200, as all its answers."""
    error = {"Response": {"Error": {"Code": code, "Message": message}, "RequestId": "e0000000-0000-4000-8000-000000000000"}}
    return Answer(json.dumps(error).encode(), headers={"Content-Type": "application/json"} | headers)


class Upstream:
    """The server. `behaviour` makes an answer of a call; `calls` holds what came in, `in_flight` what is not answered."""

    def __init__(self, behaviour=lambda call: success(), port=0):
        self.behaviour = behaviour
        self.calls = []
        self.in_flight = 0
        self._loop = asyncio.new_event_loop()
        self._released = asyncio.Event()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=4096)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def release(self):
        """Lets all held answers go, and the later ones pass at once."""
        self._loop.call_soon_threadsafe(self._released.set)

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._listener.close()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, sock=self._listener, limit=1 << 24))
        self._loop.run_forever()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _serve(self, reader, writer):
        try:
            while (call := await self._read(reader, writer)) is not None:
                self.calls.append(call)
                self.in_flight += 1
                try:
                    goes_on = await self._answer(self.behaviour(call), writer)
                finally:
                    self.in_flight -= 1
                if not goes_on:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass    # the relay has gone, or this server closes
        finally:
            writer.close()

    async def _read(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        request_line, *lines = head.decode("latin-1").splitlines()
        method, target, _ = request_line.split(" ")
        headers = {}
        for line in filter(None, lines):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Call(method, target, headers, body)

    async def _answer(self, reply, writer):
        """Returns whether the connection goes on."""
        if isinstance(reply, Held):
            await self._released.wait()
            reply = reply.answer
        if isinstance(reply, Reset):
            # Lingering for 0 s makes close() send a reset.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if isinstance(reply, Raw):
            writer.write(reply.data)
            await writer.drain()
            return reply.goes_on
        if isinstance(reply, Stuck):
            writer.write(reply.data)
            await writer.drain()
            await self._released.wait()
            return False
        if isinstance(reply, Dripping):
            for byte in reply.data:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(reply.seconds)
            return True
        if isinstance(reply, Endless):
            writer.write(reply.beginning)
            while True:
                writer.write(reply.piece)
                await writer.drain()    # raises when the other side has gone
        writer.write(reply.bytes())
        await writer.drain()
        return reply.announced is None
