"""Limits of the HTTP parser's work: slices of data, and the size of heads and trailers."""

from enum import Enum
from typing import Any

import httptools

from gateway.server.error_responses import HEAD_TOO_LARGE, MALFORMED, METHOD_NOT_ALLOWED, ErrorResponse
from gateway.server.limits import ServerLimits

SLICE_BYTES = 16_384
"""How much the parser gets at once: an incomplete head may exceed its limit by this."""

TURN_BYTES = 32_768
"""How much of one connection is parsed in a turn of the loop: the smallest chunks of a body take 0.4 ms a kilobyte."""

FIELD_OVERHEAD = 4
"""Bytes of a field besides its name and value: colon, space, end of line."""

_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


class Stage(Enum):
    """What the parser expects next."""

    # BETWEEN -> HEAD by on_message_begin -> BODY by on_headers_complete, when uvicorn starts or queues the request
    # -> BETWEEN by on_message_complete. REPEATED_HEAD stands in for HEAD after an upgrade that is ignored: a new parser
    # gets the fields that frame the body, and none of them is reported again.

    BETWEEN = "a request"
    HEAD = "the rest of a head"
    REPEATED_HEAD = "a head that was read before"
    BODY = "the rest of a body, or trailers"


class Refused(Exception):
    """A callback of the parser refuses a request."""

    def __init__(self, refusal: ErrorResponse) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


BETWEEN, HEAD, REPEATED_HEAD, BODY = Stage.BETWEEN, Stage.HEAD, Stage.REPEATED_HEAD, Stage.BODY
# Names of their own, because members of an enumeration are slow to look up and these are looked up for each field.


def head_bytes(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    """The size of a head: its target and its fields with what separates them."""
    return len(url) + sum(len(name) + len(value) + FIELD_OVERHEAD for name, value in headers)


def check_head(
    parser: Any, url: bytes, headers: list[tuple[bytes, bytes]], limits: ServerLimits, is_uncertain: bool
) -> None:
    """Refuse a head that is too large or not allowed; small ones need no counting. Raises Refused."""
    if len(headers) > limits.head_fields or (is_uncertain and head_bytes(url, headers) > limits.head_bytes):
        raise Refused(HEAD_TOO_LARGE)
    if not headers and parser.get_http_version() == "0.9":
        raise Refused(MALFORMED)
    if parser.get_method() == b"CONNECT":
        raise Refused(METHOD_NOT_ALLOWED)


def slice_end(data: bytes, start: int, room: int) -> int:
    """How far the parser may read in this turn to start at most `room` requests.

    Each request has the protocol's name in its first line; heads without it, of HTTP/0.9, are refused.
    """
    if room <= 0 or start >= TURN_BYTES:
        return start
    end = min(start + SLICE_BYTES, len(data))
    if data.count(b" HTTP/", start, end) <= room:
        return end
    at = start
    for _ in range(room + 1):
        at = data.index(b" HTTP/", at) + 1
    return at - 1


def new_parser(protocol: object) -> Any:
    """A parser that reports to `protocol`, set up as uvicorn does it."""
    parser = httptools.HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


def framing_head(headers: list[tuple[bytes, bytes]]) -> bytes:
    """A head with only the fields that frame the body."""
    framing = [b": ".join(field) for field in headers if field[0] in _FRAMING]
    return b"\r\n".join([b"POST / HTTP/1.1", *framing, b"", b""])
