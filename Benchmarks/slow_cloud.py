"""A cloud that answers no call before it is told to: `python3 slow_cloud.py PORT`.

`GET /calls` says how many calls have arrived whole; `GET /release` lets it answer all of them, and all that come later.
A process of its own, because thousands of connections need as many descriptors.
"""

import asyncio
import re
import sys

from cloud import ANSWER

calls = 0


async def serve(released, reader, writer):
    global calls
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            if head.startswith(b"GET /calls "):
                await answer(writer, str(calls))
                continue
            if head.startswith(b"GET /release "):
                released.set()
                await answer(writer, "{}")
                continue
            calls += 1
            await released.wait()
            await answer(writer, ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def answer(writer, text):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                 % (len(text), text.encode()))
    await writer.drain()


async def main(port):
    released = asyncio.Event()
    server = await asyncio.start_server(
        lambda reader, writer: serve(released, reader, writer), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
