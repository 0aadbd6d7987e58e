"""An HTTP proxy between a game and the gateway that loses requests and answers, or answers itself.

Sockets pass through it as they are; what opens one is a request of the operation `SOCKET`.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from gateway.client_kits.model import Operation
from gateway.documents.ids import same_id, sha256_of
from tests.kits.driver import PATIENCE_SECONDS

SOCKET = "a socket"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the game: the operation's name, the body, the headers (in lower case)."""

    operation: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def token(self) -> str | None:
        """The player's token."""
        return self.headers.get("authorization", "").removeprefix("Bearer ") or None

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables of the operation."""
        variables: Mapping[str, Any] = self.body.get("variables") or {}
        return variables


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that comes from the proxy, once the event is set if there is one; nothing is sent to the gateway."""

    body: object
    status: int = 200
    release: asyncio.Event | None = None


class Lost:
    """What happens to a request that nobody hears of again: the connection is closed."""


class LostRequest(Lost):
    """Before the gateway gets it."""


class LostAnswer(Lost):
    """After the gateway has answered."""


@dataclass(frozen=True, slots=True)
class Held:
    """The answer waits until the event is set."""

    release: asyncio.Event


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer's text is changed, as another version of the gateway would send it."""

    old: str
    new: str


Fault = Answer | Lost | Held | Changed


def error(code: str, **extensions: object) -> Answer:
    """An answer with one error."""
    return Answer({"data": None, "errors": [{"message": code, "extensions": {"code": code, **extensions}}]})


class FaultProxy:
    """A proxy on a free port of this machine. Each connection has one request, so that no client repeats it unasked."""

    def __init__(self, gateway_url: str, operations: Sequence[Operation]) -> None:
        self.requests: list[Request] = []
        self.url = ""
        self.chance: Callable[[Request], Fault | None] = lambda _: None
        """The fault of a request that has none of its own; None lets it pass."""
        self.passes = asyncio.Event()
        """Whether a game hears what the gateway sends over its sockets."""
        self.passes.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._port = int(gateway_url.rpartition(":")[2])
        self._names = {one.id: one.name for one in operations}
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._arrival = asyncio.Condition()

    def on(self, operation: str, *faults: Fault) -> None:
        """What happens to the next requests of an operation, one fault each."""
        self._faults[operation].extend(faults)

    def sent(self, operation: str) -> list[Request]:
        """The requests of an operation so far."""
        return [one for one in self.requests if one.operation == operation]

    async def arrived(self, operation: str, count: int) -> list[Request]:
        """Wait until an operation has been sent so often."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrival:
            await self._arrival.wait_for(lambda: len(self.sent(operation)) >= count)
        return self.sent(operation)

    def cut(self) -> None:
        """Close all connections that are open, as a network does that goes away."""
        for one in self._open:
            one.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self._open.add(writer)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            headers = _headers(head)
            if headers.get("expect"):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            content = await reader.readexactly(int(headers.get("content-length", "0")))
            is_socket = headers.get("upgrade") == "websocket"
            request = Request(SOCKET, {}, headers) if is_socket else self._request(content, headers)
            fault = await self._noted(request)
            if isinstance(fault, Answer):
                if fault.release:
                    await fault.release.wait()
                writer.write(_written(fault))
            elif is_socket and fault is None:
                await self._pass(head, reader, writer)
            elif not isinstance(fault, LostRequest):
                await self._forward(head, content, writer, fault)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            self._open.discard(writer)
            writer.close()

    async def _noted(self, request: Request) -> Fault | None:
        async with self._arrival:
            self.requests.append(request)
            self._arrival.notify_all()
        waiting = self._faults[request.operation]
        return waiting.popleft() if waiting else self.chance(request)

    def _request(self, content: bytes, headers: Mapping[str, str]) -> Request:
        body = json.loads(content)
        known = same_id(body["documentId"]) if "documentId" in body else sha256_of(body["query"])
        return Request(self._names.get(known, "?"), body, headers)

    async def _pass(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", self._port)
        there.write(head)
        answers = asyncio.ensure_future(self._pass_answers(there_reader, writer))
        try:
            while part := await reader.read(65_536):
                there.write(part)
                await there.drain()
        finally:
            there.close()
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)

    async def _pass_answers(self, there_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while part := await there_reader.read(65_536):
            await self.passes.wait()
            writer.write(part)
        writer.close()

    async def _forward(
        self, head: bytes, content: bytes, writer: asyncio.StreamWriter, fault: Lost | Held | Changed | None
    ) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            there.write(_for_one_request(head) + content)
            if fault is None:
                while part := await there_reader.read(65_536):
                    writer.write(part)
                    await writer.drain()
                return
            answer = await there_reader.read()
            if isinstance(fault, Held):
                await fault.release.wait()
            if isinstance(fault, Changed):
                answer = _changed(answer, fault)
            if not isinstance(fault, Lost):
                writer.write(answer)
                await writer.drain()
        finally:
            there.close()


@asynccontextmanager
async def fault_proxy(gateway_url: str, operations: Sequence[Operation]) -> AsyncIterator[FaultProxy]:
    """A proxy to a gateway, with nothing wrong yet."""
    proxy = FaultProxy(gateway_url, operations)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of ours: asyncio logs an error for a task of its own that is cancelled.
        task = asyncio.ensure_future(proxy.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=256)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _headers(head: bytes) -> dict[str, str]:
    lines = [line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:] if line]
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _for_one_request(head: bytes) -> bytes:
    """The head, asking for a connection that ends with the answer, and for an answer that can be read as text."""
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    left_out = (b"connection:", b"keep-alive:", b"expect:", b"accept-encoding:")
    kept = [line for line in lines if not line.lower().startswith(left_out)]
    return b"\r\n".join([first, *kept, b"Connection: close", b"\r\n"])


def _changed(answer: bytes, fault: Changed) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert fault.old.encode() in body, body
    body = body.replace(fault.old.encode(), fault.new.encode())
    first, *lines = head.split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith((b"content-length:", b"transfer-encoding:"))]
    return b"\r\n".join([first, *kept, b"Content-Length: %d" % len(body), b"", body])


def _written(answer: Answer) -> bytes:
    body = json.dumps(answer.body).encode()
    head = f"HTTP/1.1 {answer.status} Told\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\nAccess-Control-Allow-Origin: *\r\n\r\n" + body
