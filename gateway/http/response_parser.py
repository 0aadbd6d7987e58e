"""One answer after the other out of the bytes of a connection; no input or output happens here."""

import httpx
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from msgspec import Struct
from msgspec.structs import replace

MAX_HEAD_BYTES = 65_536
"""Longest head of an answer, with its status line; trailers, and what frames a body, may be as long in one piece."""

_NO_LIMIT = 1 << 62
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_LENGTHS_OF_NOTED = (len("content-encoding"), len("transfer-encoding"))

Pairs = list[tuple[bytes, bytes]]


class RawResponse(Struct, frozen=True, gc=False):
    """A whole response as it came, its body still compressed; `may_follow` when the connection can serve another."""

    status: int
    headers: Pairs
    encoding: bytes
    body: bytes
    may_follow: bool


class ResponseParser:
    """Reads the answers of one connection with the C parser of Node.js, in its strict mode.

    `begin` comes before each request. `feed` and `end` return the answer once it is whole, and raise
    `httpx.RemoteProtocolError` for what is not HTTP, or `httpx.DecodingError` for a body of more than
    `max_body_bytes`; the connection is not to be used after either. An answer behind which further bytes came is
    whole, and may not be followed by another.
    """

    __slots__ = (
        "_barren_bytes",
        "_body_bytes",
        "_chunks",
        "_encoding",
        "_has_body",
        "_head_left",
        "_header_count",
        "_headers",
        "_is_whole",
        "_max_body_bytes",
        "_may_follow",
        "_parser",
        "_pieces",
        "_status",
        "_to_head",
        "on_body",
    )

    def __init__(self, max_body_bytes: int) -> None:
        self._max_body_bytes = max_body_bytes
        self._chunks: list[bytes] = []
        self._pieces: list[bytes] = []
        self.on_body = self._chunks.append
        self.begin(to_head=False)
        self._parser = HttpResponseParser(self)

    def begin(self, *, to_head: bool) -> None:
        """Expect an answer, to a HEAD request or to any other."""
        self._to_head = to_head
        self._headers: Pairs = []
        self._encoding = b""
        self._status = self._header_count = self._body_bytes = self._barren_bytes = 0
        self._head_left = MAX_HEAD_BYTES
        self._has_body = True
        self._is_whole = self._may_follow = False

    def feed(self, data: bytes) -> RawResponse | None:
        """Take bytes in the order in which they came."""
        if len(data) > self._head_left:
            return self._feed_in_two(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            # Its text quotes what came: the chain ends here.
            if not self._is_whole:
                raise httpx.RemoteProtocolError("the answer is not HTTP") from None
            self._may_follow = False
        if self._is_whole or not self._has_body:
            return self._take()
        self._keep(len(data))
        return None

    def end(self) -> RawResponse:
        """Take the end of the connection, which ends an answer that names no length."""
        if self._head_left != _NO_LIMIT or any(name.lower() in _FRAMING for name, _ in self._headers):
            raise httpx.RemoteProtocolError("the connection ended before the answer")
        return self._take()

    def on_message_begin(self) -> None:
        """Stop the parser at bytes behind a whole answer: nobody asked for them."""
        if self._is_whole:
            raise HttpParserError

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, and look at those that say how the body is compressed."""
        self._headers.append((name, value))
        if len(name) in _LENGTHS_OF_NOTED:
            self._note(name.lower(), value.strip().lower())

    def on_headers_complete(self) -> None:
        """Lift the bound of the head."""
        self._head_left = _NO_LIMIT
        # What came with the end of the head does not count as framing.
        self._barren_bytes = -MAX_HEAD_BYTES
        self._header_count = len(self._headers)
        self._status = self._parser.get_status_code()
        if self._to_head and self._status >= 200:
            self._has_body = False

    def on_message_complete(self) -> None:
        """Finish the answer, unless it only tells that another will come."""
        if self._status >= 200:
            self._is_whole = True
            self._may_follow = self._parser.should_keep_alive()
        elif self._status == 101:
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
        left = self._head_left
        answer = self.feed(data[:left]) if left else None
        if answer is not None:
            return replace(answer, may_follow=False)
        if self._head_left != _NO_LIMIT:
            raise httpx.RemoteProtocolError("the head of the answer is too large")
        return self.feed(data[left:])

    def _keep(self, size: int) -> None:
        """Keep what is there of an answer that is not whole, within its bounds."""
        if self._head_left != _NO_LIMIT:
            self._head_left = max(self._head_left - size, 0)
            return
        if not self._chunks:
            self._barren_bytes += size
            if self._barren_bytes > MAX_HEAD_BYTES:
                raise httpx.RemoteProtocolError("the framing of the answer is too large")
            return
        self._barren_bytes = 0
        piece = b"".join(self._chunks)
        self._chunks.clear()
        self._pieces.append(piece)
        self._body_bytes += len(piece)
        self._check(self._body_bytes)

    def _take(self) -> RawResponse:
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
        return RawResponse(self._status, self._headers, self._encoding, body, self._may_follow)

    def _check(self, body_bytes: int) -> None:
        if body_bytes > self._max_body_bytes:
            raise httpx.DecodingError("the answer is too large")
