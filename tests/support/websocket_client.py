"""A client of the gateway's sockets that does what a test says, also what no client should."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

PROTOCOL = "graphql-transport-ws"
CHANGES = "subscription { chainsChanged { reasons } }"


class Served(Protocol):
    """Something with the gateway's endpoints."""

    gateway_url: str


class Talk:
    """One open socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, kind: str, **members: object) -> None:
        """Send a message."""
        await self.send(json.dumps({"type": kind, **members}))

    async def send(self, frame: str | bytes) -> None:
        """Send any frame."""
        await self.connection.send(frame)

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(await self.connection.recv())
        return message

    async def begin(self, token: str | None = None) -> None:
        """Sign in, and be acknowledged."""
        await self.say("connection_init", payload={"Authorization": f"Bearer {token}"} if token else None)
        assert await self.hear() == {"type": "connection_ack"}

    async def ask(self, operation_id: str, query: str, variables: object = None) -> None:
        """Ask for an operation."""
        await self.say("subscribe", id=operation_id, payload={"query": query, "variables": variables})

    async def answer(self, query: str, variables: object = None) -> dict[str, Any]:
        """Run an operation with one answer, and take that."""
        await self.ask("one", query, variables)
        heard = await self.hear()
        assert (heard["type"], heard["id"]) == ("next", "one"), heard
        assert await self.hear() == {"type": "complete", "id": "one"}
        payload: dict[str, Any] = heard["payload"]
        return payload

    async def refusal(self, query: str, variables: object = None) -> str:
        """The code with which an operation is refused."""
        await self.ask("bad", query, variables)
        heard = await self.hear()
        assert (heard["type"], heard["id"]) == ("error", "bad"), heard
        assert heard["payload"][0]["extensions"]["requestId"] == self.request_id
        code: str = heard["payload"][0]["extensions"]["code"]
        return code

    async def still_works(self) -> None:
        """See that everything sent before was taken, and the socket is open."""
        await self.say("ping")
        assert await self.hear() == {"type": "pong"}

    async def closing(self) -> tuple[int, str]:
        """Wait for the gateway to close; the code and the reason."""
        with pytest.raises(ConnectionClosed) as closed:
            await self.connection.recv()
        close = closed.value.rcvd
        assert close is not None
        return close.code, close.reason

    async def end(self) -> None:
        """Close it, as clients do."""
        await self.connection.close()

    @property
    def request_id(self) -> str:
        """The id that the gateway gave this socket."""
        assert self.connection.response is not None
        return self.connection.response.headers["x-request-id"]


@asynccontextmanager
async def talking(
    site: Served,
    *,
    protocols: Sequence[str] = (PROTOCOL,),
    origin: str | None = None,
    headers: dict[str, str] | None = None,
    query: str = "",
) -> AsyncIterator[Talk]:
    """Open a socket, and close it in the end."""
    async with connect(
        site.gateway_url.replace("http", "ws", 1) + "/graphql" + query,
        subprotocols=[Subprotocol(one) for one in protocols] or None,
        origin=Origin(origin) if origin else None,
        additional_headers=headers,
        compression=None,
        ping_interval=None,
        proxy=None,
        open_timeout=60,
    ) as connection:
        yield Talk(connection)
