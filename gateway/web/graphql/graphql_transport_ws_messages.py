"""The messages of `graphql-transport-ws`, and the codes that a socket is closed with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from gateway.errors import BadRequest
from gateway.web.errors import PublicError
from gateway.web.graphql.requests import GraphQLRequest

PROTOCOL = "graphql-transport-ws"
"""The only supported sub-protocol."""

_MAX_REASON_BYTES = 123

OperationId = Annotated[str, Meta(min_length=1, max_length=128)]
Payload = dict[str, Any] | None


class ConnectionInit(Struct, frozen=True, tag="connection_init"):
    """The first message: the caller's headers."""

    payload: Payload = None


class Ping(Struct, frozen=True, tag="ping", omit_defaults=True):
    """Checks that the other side is alive."""

    payload: Payload = None


class Pong(Struct, frozen=True, tag="pong", omit_defaults=True):
    """The reply to a ping."""

    payload: Payload = None


class Subscribe(Struct, frozen=True, tag="subscribe"):
    """Starts an operation of any kind."""

    id: OperationId
    payload: GraphQLRequest


class Complete(Struct, frozen=True, tag="complete"):
    """An operation has ended, or the client does not want it any more."""

    id: OperationId


class ConnectionAck(Struct, frozen=True, tag="connection_ack"):
    """The client may send operations."""


class Next(Struct, frozen=True, tag="next"):
    """One result of an operation."""

    id: str
    payload: Mapping[str, object]


class Error(Struct, frozen=True, tag="error"):
    """Why an operation did not start; it has ended."""

    id: str
    payload: Sequence[PublicError]


Received = ConnectionInit | Ping | Pong | Subscribe | Complete
Sent = ConnectionAck | Ping | Pong | Next | Error | Complete

_decode: Callable[[str], Received] = msgspec.json.Decoder(Received).decode
_encode = msgspec.json.Encoder().encode


class CloseSocket(Exception):
    """Why a socket is closed, with its close code."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
        super().__init__(reason)


def received(text: str | None) -> Received:
    """The message in a frame. Raises CloseSocket (4400) for a frame that is no text or no message."""
    if text is None:
        raise CloseSocket(4400, "Messages are text.")
    try:
        message = _decode(text)
        if isinstance(message, Subscribe):
            message.payload.named()
    except (msgspec.MsgspecError, ValueError, RecursionError, BadRequest) as error:
        raise CloseSocket(4400, f"Not a message: {error}") from None
    return message


def sent(message: Sent) -> str:
    """A message as text."""
    return _encode(message).decode()


def credentials(payload: Mapping[str, object]) -> list[tuple[str, object]]:
    """The headers in `connection_init` that replace those of the request, by lower-case name.

    Browsers cannot set headers of a socket, so clients put them into the payload, at its top or under `headers`.
    """
    nested = payload.get("headers")
    members = {**payload, **nested} if isinstance(nested, dict) else payload
    named = ((name.lower(), value) for name, value in members.items())
    return [
        (name, value) for name, value in named if name in {"authorization", "accept-language"} and value is not None
    ]
