"""HTTP responses: status, headers and bytes, sent as they are."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from msgspec import Struct
from starlette.types import Send

from gateway.errors import GatewayError
from gateway.telemetry.log import request_id
from gateway.web.errors import PublicError, present_failure
from gateway.web.graphql.requests import JSON

HeaderPairs = tuple[tuple[bytes, bytes], ...]

_encoder = msgspec.json.Encoder()
_buffer = bytearray()
_NOT_STORED: HeaderPairs = ((b"cache-control", b"no-store"),)


class EncodedResponse(Struct, frozen=True):
    """A response as it is sent; header names are in lower case and include the length."""

    status: int
    headers: HeaderPairs
    body: bytes

    async def send(self, send: Send) -> None:
        """Send the whole response."""
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": self.body})

    def plus(self, *headers: tuple[bytes, bytes]) -> "EncodedResponse":
        """The same with more headers."""
        return EncodedResponse(self.status, self.headers + headers, self.body)


def fields_of(lines: bytes) -> HeaderPairs:
    """The header fields that `field_lines` wrote."""
    pairs = (line.partition(b": ") for line in lines.split(b"\r\n")[:-1])
    return tuple((name, value) for name, _, value in pairs)


def encoded(content: object) -> bytes:
    """JSON. It is written into one buffer for all: for a whole screen, to let a new one grow costs as much again."""
    _encoder.encode_into(content, _buffer)
    return bytes(_buffer)


def json_response(
    content: Mapping[str, object], *, status: int, media_type: str, headers: Mapping[str, str] | None = None
) -> EncodedResponse:
    """A response that no cache may store."""
    more = tuple((name.encode(), value.encode()) for name, value in (headers or {}).items())
    return encoded_response(encoded(content), status=status, media_type=media_type).plus(*_NOT_STORED, *more)


def encoded_response(body: bytes, *, status: int, media_type: str) -> EncodedResponse:
    """A response of bytes, with the headers that describe them."""
    return EncodedResponse(status, (_content_type(media_type), (b"content-length", b"%d" % len(body))), body)


@lru_cache(maxsize=16)
def _content_type(media_type: str) -> tuple[bytes, bytes]:
    """The field, one object for all responses of a media type: caches hold many."""
    return b"content-type", f"{media_type}; charset=utf-8".encode()


def error_response(
    status: int, error: GatewayError, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> EncodedResponse:
    """The response to a request that fails as a whole."""
    errors: list[PublicError] = [present_failure(error, request_id.get())]
    return json_response({"errors": errors}, status=status, media_type=media_type, headers=headers)
