"""What bounds the work of the HTTP parser: slices of data, and the size of heads and trailers."""

from enum import Enum
from typing import Any

import httptools

from gateway.server.refusals import HEAD_TOO_LARGE, Refusal

_SLICE_BYTES = 16_384
"""How much the parser gets at once: a field may be longer than its bound by this before it is noticed."""

_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


class Stage(Enum):
    """What the parser expects next."""

    BETWEEN = "a request"
    HEAD = "the rest of a head"
    REPEATED_HEAD = "a head that was read before"
    BODY = "the rest of a body, or trailers"


class Refused(Exception):
    """A request is refused out of a callback of the parser."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class FieldBytes:
    """The size of a head or of trailers: fields that the parser has reported, and what it keeps of the next one."""

    def __init__(self, max_bytes: int) -> None:
        self.begin(max_bytes)

    def begin(self, max_bytes: int) -> None:
        """Begin to count anew."""
        self._max_bytes = max_bytes
        self._bytes = 0
        self._unreported = 0
        self._has_reported = True

    def report(self, size: int) -> None:
        """Count a part that the parser has reported. Raises Refused where that is too much."""
        self._has_reported = True
        self._bytes += size
        if self._bytes > self._max_bytes:
            raise Refused(HEAD_TOO_LARGE)

    def parsed(self, size: int) -> bool:
        """Count a slice that left the parser within a head or a body; whether it may keep what it has not reported."""
        self._unreported = 0 if self._has_reported else self._unreported + size
        self._has_reported = False
        return self._bytes + self._unreported <= self._max_bytes


def slice_end(data: bytes, start: int, room: int) -> int:
    """How far the parser may read on to start `room` requests at most.

    Each request has the protocol's name in its first line; heads without it, of HTTP/0.9, are refused.
    """
    if room <= 0:
        return start
    end = min(start + _SLICE_BYTES, len(data))
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
    """A head that says no more than which body follows."""
    framing = [b": ".join(field) for field in headers if field[0] in _FRAMING]
    return b"\r\n".join([b"POST / HTTP/1.1", *framing, b"", b""])
