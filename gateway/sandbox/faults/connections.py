"""The connection that a call came on, for faults that break it; ASGI has no message for that."""

import asyncio
import socket
import struct

from starlette.types import ASGIApp, Receive, Scope, Send

SCOPE_KEY = "sandbox.connection"
_LINGER_NO_TIME = struct.pack("ii", 1, 0)


class Connection:
    """A connection of uvicorn's; a call made in process has none, and gets an exception for a reset."""

    def __init__(self, receive: Receive) -> None:
        """Take the server's `receive`; the object that it is bound to holds the transport."""
        self._receive = receive
        self._transport: asyncio.Transport | None = getattr(getattr(receive, "__self__", None), "transport", None)

    @property
    def is_real(self) -> bool:
        """Whether there is a socket."""
        return self._transport is not None

    async def reset(self) -> None:
        """Drop the connection at once; the caller sees a reset. Raises ConnectionResetError in process."""
        if self._transport is None:
            raise ConnectionResetError("The sandbox reset the connection")
        # Lingering for no time makes the end a reset in place of an orderly close.
        with socket.socket(fileno=socket.dup(self._transport.get_extra_info("socket").fileno())) as own:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NO_TIME)
        self._transport.abort()
        await self._wait_for_disconnect()

    async def close(self) -> None:
        """Close the connection after what was sent; nothing to do in process."""
        if self._transport is not None:
            self._transport.close()
            await self._wait_for_disconnect()

    async def _wait_for_disconnect(self) -> None:
        # Until the server has seen the disconnect it would log that the response is incomplete.
        while (await self._receive())["type"] != "http.disconnect":
            pass


class ConnectionMiddleware:
    """Puts each call's connection into its scope; must be outermost, where `receive` is the server's own."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        if scope["type"] == "http":
            scope = {**scope, SCOPE_KEY: Connection(receive)}
        await self._app(scope, receive, send)
