"""Three kinds of clients of the gateway: over HTTP, over sockets, and over event streams."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Protocol

import aiohttp

from tests.chaos.tally import Body

SECONDS = 20
"""What is not answered by then has failed; the gateway's own bounds are far below."""

CHANGES = "subscription { chainsChanged { reasons viewer { offerChains { name } } } }"


GOING_AWAY = 1001


class NotSent(Exception):
    """There was no connection to send a request over, or it closed in good order as the request came."""


@contextlib.contextmanager
def noting_what_is_not_sent() -> Iterator[None]:
    """Raises NotSent where there was no connection, or the one that was kept had closed before anything was sent."""
    try:
        yield
    except aiohttp.ClientConnectorError as error:
        raise NotSent from error
    except aiohttp.ClientOSError as error:
        if isinstance(error.__cause__, aiohttp.ClientConnectionResetError):
            raise NotSent from error
        raise


class Client(Protocol):
    """How a player asks, and hears of changes."""

    kind: str

    async def ask(self, query: str, variables: Mapping[str, object], token: str) -> str:
        """Send an operation and take the text of its answer. Raises NotSent, and aiohttp.ClientError and OSError."""
        ...

    def events(self, token: str) -> AsyncIterator[str]:
        """The texts of changes, until the connection ends. Raises as `ask` does."""
        ...


class HttpClient:
    """Posts JSON, and hears of nothing: it polls."""

    kind = "HTTP"

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/graphql"

    async def ask(self, query: str, variables: Mapping[str, object], token: str) -> str:
        body = {"query": query, "variables": variables}
        with noting_what_is_not_sent():
            async with self._http.post(self._url, json=body, headers=_credential(token)) as response:
                return await response.text()

    async def events(self, token: str) -> AsyncIterator[str]:
        await asyncio.Event().wait()
        yield token


class StreamClient:
    """Has every operation answered as an event stream."""

    kind = "streams"

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/graphql"

    async def ask(self, query: str, variables: Mapping[str, object], token: str) -> str:
        async for text in self._stream(query, variables, token, SECONDS):
            return text
        raise aiohttp.ClientPayloadError("the stream ended without an answer")

    def events(self, token: str) -> AsyncIterator[str]:
        return self._stream(CHANGES, {}, token, None)

    async def _stream(
        self, query: str, variables: Mapping[str, object], token: str, seconds: float | None
    ) -> AsyncIterator[str]:
        headers = {**_credential(token), "accept": "text/event-stream"}
        body = {"query": query, "variables": variables}
        timeout = aiohttp.ClientTimeout(seconds)
        with noting_what_is_not_sent():
            async with self._http.post(self._url, json=body, headers=headers, timeout=timeout) as response:
                if response.content_type != "text/event-stream":
                    yield await response.text()
                    return
                async for line in response.content:
                    if line.startswith(b"data: "):
                        yield line.removeprefix(b"data: ").decode()


class SocketClient:
    """Keeps one socket open, over which everything goes; opens another one when it ends or the player changes."""

    kind = "sockets"

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/graphql"
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._token = ""
        self._reading: asyncio.Task[None] | None = None
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._changes: asyncio.Queue[str | None] = asyncio.Queue()
        self._opening = asyncio.Lock()
        self._number = 0

    async def ask(self, query: str, variables: Mapping[str, object], token: str) -> str:
        socket = await self._opened(token)
        self._number += 1
        name = str(self._number)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[name] = answer
        payload = {"query": query, "variables": variables}
        try:
            async with asyncio.timeout(SECONDS):
                try:
                    await socket.send_json({"type": "subscribe", "id": name, "payload": payload})
                except aiohttp.ClientError as error:
                    raise NotSent from error
                return await answer
        finally:
            self._answers.pop(name, None)

    async def events(self, token: str) -> AsyncIterator[str]:
        socket = await self._opened(token)
        with contextlib.suppress(aiohttp.ClientError):
            await socket.send_json({"type": "subscribe", "id": "changes", "payload": {"query": CHANGES}})
        while (text := await self._changes.get()) is not None:
            yield text

    async def _opened(self, token: str) -> aiohttp.ClientWebSocketResponse:
        async with self._opening:
            if self._socket is not None and not self._socket.closed and self._token == token:
                return self._socket
            await self.aclose()
            try:
                async with asyncio.timeout(SECONDS):
                    socket = await self._http.ws_connect(self._url, protocols=("graphql-transport-ws",))
                    await socket.send_json({"type": "connection_init", "payload": _credential(token)})
                    await socket.receive_json()
            except (aiohttp.ClientError, TypeError) as error:
                raise NotSent from error
            self._socket, self._token = socket, token
            self._changes = asyncio.Queue()
            self._reading = asyncio.ensure_future(self._read(socket, self._changes))
            return socket

    async def aclose(self) -> None:
        """Close the socket, if there is one."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def _read(self, socket: aiohttp.ClientWebSocketResponse, changes: asyncio.Queue[str | None]) -> None:
        async for message in socket:
            heard = json.loads(message.data)
            payload = heard.get("payload")
            text = json.dumps({"errors": payload} if heard["type"] == "error" else payload)
            if heard.get("id") == "changes":
                changes.put_nowait(text if heard["type"] == "next" else None)
            elif heard["type"] in {"next", "error"} and heard["id"] in self._answers:
                self._answers.pop(heard["id"]).set_result(text)
        changes.put_nowait(None)
        while self._answers:
            _, answer = self._answers.popitem()
            is_late = socket.close_code == GOING_AWAY
            closed = NotSent if is_late else aiohttp.ClientConnectionError
            answer.set_exception(closed(f"the socket closed ({socket.close_code})"))


def _credential(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def parsed(text: str) -> Body:
    """An answer's JSON. Raises ValueError."""
    body = json.loads(text)
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004 - of the text's content
    return body
