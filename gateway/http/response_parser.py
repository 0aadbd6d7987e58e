"""Responses out of the bytes of a connection, one after the other; no input or output happens here."""

import httpx
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from msgspec import Struct
from msgspec.structs import replace

MAX_HEAD_BYTES = 65_536
"""Longest head of a response, status line included; trailers, and what frames a body, may be as long in one piece."""

_NO_LIMIT = 1 << 62
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_LENGTHS_OF_NOTED = (len("content-encoding"), len("transfer-encoding"))

Pairs = list[tuple[bytes, bytes]]


class RawResponse(Struct, frozen=True, gc=False):
    """A whole response as it came, its body still compressed; `keep_alive` when the connection can serve another."""

    status: int
    headers: Pairs
    encoding: bytes
    body: bytes
    keep_alive: bool


class ResponseParser:
    """Reads the responses of one connection with the C parser of Node.js, in its strict mode.

    `expect` comes before each request. `feed` and `feed_eof` return the response once it is whole, and raise
    `httpx.RemoteProtocolError` for what is not HTTP, or `httpx.DecodingError` for a body that is too large; the
    connection must not be used after either. A response with further bytes behind it is whole, but the connection
    cannot serve another.
    """

    # Why this much care: a connection serves many players in turn. If one response ended earlier or later than the
    # upstream meant, the next player would read what is left of it. So whatever is ambiguous is an error, and what
    # comes after a whole response closes the connection.

    __slots__ = (
        "_body_bytes",
        "_chunks",
        "_encoding",
        "_framing_bytes",
        "_has_body",
        "_head_left",
        "_header_count",
        "_headers",
        "_is_whole",
        "_keep_alive",
        "_max_body_bytes",
        "_parser",
        "_pieces",
        "_status",
        "_to_head",
        "on_body",
    )

    def __init__(self) -> None:
        # The C parser calls `on_body` for each run of body bytes: a list's own append is the cheapest callback.
        self._chunks: list[bytes] = []
        self._pieces: list[bytes] = []
        self.on_body = self._chunks.append
        self.expect(to_head=False, max_body_bytes=0)
        self._parser = HttpResponseParser(self)

    def expect(self, *, to_head: bool, max_body_bytes: int) -> None:
        """Expect a response, to a HEAD request or to any other, with a body of so many bytes at most."""
        self._to_head = to_head
        self._max_body_bytes = max_body_bytes
        self._headers: Pairs = []
        self._encoding = b""
        self._status = self._header_count = self._body_bytes = self._framing_bytes = 0
        self._head_left = MAX_HEAD_BYTES
        self._has_body = True
        self._is_whole = self._keep_alive = False

    def drop(self) -> None:
        """Drop what was read of a body. The C parser points back here, so only the garbage collector frees both."""
        self._chunks.clear()
        self._pieces.clear()

    def feed(self, data: bytes) -> RawResponse | None:
        """Read bytes in the order in which they came."""
        if len(data) > self._head_left:
            return self._feed_in_two(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            # The parser's text quotes what came, so it is not chained to ours.
            if not self._is_whole:
                raise httpx.RemoteProtocolError("the response is not HTTP") from None
            self._keep_alive = False
        if self._is_whole or not self._has_body:
            return self._response()
        self._collect(len(data))
        return None

    def feed_eof(self) -> RawResponse:
        """Read the end of the connection, which ends a response that names no length."""
        if self._head_left != _NO_LIMIT or any(name.lower() in _FRAMING for name, _ in self._headers):
            raise httpx.RemoteProtocolError("the connection ended before the response")
        return self._response()

    def on_message_begin(self) -> None:
        """Stop the parser at bytes behind a whole response: nothing was asked that they could answer."""
        if self._is_whole:
            raise HttpParserError

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header, and look at those that say how the body is encoded."""
        self._headers.append((name, value))
        if len(name) in _LENGTHS_OF_NOTED:
            self._note(name.lower(), value.strip().lower())

    def on_headers_complete(self) -> None:
        """Lift the bound of the head."""
        self._head_left = _NO_LIMIT
        # What came with the end of the head does not count as framing.
        self._framing_bytes = -MAX_HEAD_BYTES
        self._header_count = len(self._headers)
        self._status = self._parser.get_status_code()
        if self._to_head and self._status >= 200:
            # The parser would wait for the body that Content-Length announces and HEAD leaves out.
            self._has_body = False

    def on_message_complete(self) -> None:
        """Finish the response, unless it only announces another (1xx)."""
        if self._status >= 200:
            self._is_whole = True
            self._keep_alive = self._parser.should_keep_alive()
        elif self._status == 101:
            # Nobody asked to switch protocols.
            raise HttpParserError
        else:
            self._headers.clear()
            self._head_left = MAX_HEAD_BYTES

    def _note(self, name: bytes, value: bytes) -> None:
        if name == b"content-encoding" and self._head_left != _NO_LIMIT:
            self._encoding = b"%s, %s" % (self._encoding, value) if self._encoding else value
        elif name == b"transfer-encoding" and value != b"chunked":
            raise HttpParserError

    def _feed_in_two(self, data: bytes) -> RawResponse | None:
        """Feed what the head may still have, then the rest: the bound falls at the same byte however data is cut."""
        left = self._head_left
        response = self.feed(data[:left]) if left else None
        if response is not None:
            return replace(response, keep_alive=False)
        if self._head_left != _NO_LIMIT:
            raise httpx.RemoteProtocolError("the head of the response is too large")
        return self.feed(data[left:])

    def _collect(self, size: int) -> None:
        """Collect what is there of a response that is not whole, within its bounds."""
        if self._head_left != _NO_LIMIT:
            self._head_left = max(self._head_left - size, 0)
            return
        if not self._chunks:
            # Chunk sizes, their extensions and trailers: bytes that bring no body must end some time, too.
            self._framing_bytes += size
            if self._framing_bytes > MAX_HEAD_BYTES:
                raise httpx.RemoteProtocolError("the framing of the response is too large")
            return
        self._framing_bytes = 0
        piece = b"".join(self._chunks)
        self._chunks.clear()
        self._pieces.append(piece)
        self._body_bytes += len(piece)
        self._check(self._body_bytes)

    def _response(self) -> RawResponse:
        chunks = self._chunks
        if self._pieces:
            chunks = [*self._pieces, *chunks]
            self._pieces.clear()
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        self._chunks.clear()
        if not self._has_body:
            body = b""
        self._check(len(body))
        # Trailers do not belong to the head.
        del self._headers[self._header_count :]
        return RawResponse(self._status, self._headers, self._encoding, body, self._keep_alive)

    def _check(self, body_bytes: int) -> None:
        if body_bytes > self._max_body_bytes:
            raise httpx.DecodingError("the response is too large")
