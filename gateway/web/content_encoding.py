"""Content encodings of responses: which one a client takes, and a response in it (RFC 9110, 8.4 and 12.5.3).

`gzip` is the only one: each client takes it, and what others would save is little beside what they cost.
"""

from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache

from gateway.http.content_coding import compress, decompress_own
from gateway.web.graphql.requests import qualities
from gateway.web.responses import EncodedResponse, HeaderPairs

MIN_BYTES = 1_000
"""Shorter responses are sent as they are: they fit into one packet anyway."""

MAX_ACCEPT_ENCODING_LENGTH = 500
"""Bytes of an `Accept-Encoding` header; browsers send 30. The parsed header is cached, so its length is limited."""

_GZIP = (b"content-encoding", b"gzip")
_GZIP_TAG = b'-gzip"'


class ContentEncoding(Enum):
    """How a client takes responses."""

    IDENTITY = auto()
    GZIP = auto()
    """Compressed where that saves something."""
    ONLY_GZIP = auto()
    """Compressed always: the client refuses anything else."""
    NONE = auto()
    """The client refuses both."""


COMPRESSED = frozenset({ContentEncoding.GZIP, ContentEncoding.ONLY_GZIP})


def accepted_encoding(headers: Iterable[tuple[bytes, bytes]]) -> ContentEncoding:
    """How the client of a request takes the response.

    Without `Accept-Encoding` the response is sent as it is: a client that takes gzip says so. A header above
    `MAX_ACCEPT_ENCODING_LENGTH` is not read.
    """
    values = [value for name, value in headers if name == b"accept-encoding"]
    return encoding_of(values[0] if len(values) == 1 else b",".join(values))


def encoding_of(accepted: bytes) -> ContentEncoding:
    """The same by the value of `Accept-Encoding`; empty where there is none."""
    if not accepted or len(accepted) > MAX_ACCEPT_ENCODING_LENGTH:
        return ContentEncoding.IDENTITY
    return _accepted_encoding(accepted)


@lru_cache(maxsize=64)
def _accepted_encoding(accepted: bytes) -> ContentEncoding:
    weights = qualities(accepted.decode("latin-1"))
    others = weights.get("*")
    gzip = weights.get("gzip", weights.get("x-gzip", others or 0))
    identity = weights.get("identity", 0 if others == 0 else None)
    if gzip and identity == 0:
        return ContentEncoding.ONLY_GZIP
    # A client that does not name `identity` takes it, and likes what it names better.
    if gzip and gzip >= (identity or 0):
        return ContentEncoding.GZIP
    return ContentEncoding.NONE if identity == 0 else ContentEncoding.IDENTITY


def in_encoding(response: EncodedResponse, encoding: ContentEncoding) -> EncodedResponse:
    """The response as the client takes it; the same object where it is so already.

    A validator says which encoding it is of, as caches hold them apart by it.
    """
    is_gzip = is_compressed(response)
    if not response.body or suits(encoding, is_compressed=is_gzip, size_bytes=len(response.body)):
        return response
    return _decompressed(response) if is_gzip else _compressed(response)


def is_compressed(response: EncodedResponse) -> bool:
    """Whether a response is compressed already."""
    return _GZIP in response.headers


def suits(encoding: ContentEncoding, *, is_compressed: bool, size_bytes: int) -> bool:
    """Whether a client takes a body as it is."""
    if encoding is ContentEncoding.IDENTITY:
        return not is_compressed
    return is_compressed or (encoding is ContentEncoding.GZIP and size_bytes < MIN_BYTES)


def _compressed(response: EncodedResponse) -> EncodedResponse:
    body = compress(response.body)
    headers = _described(response.headers, body, b'"', _GZIP_TAG)
    return EncodedResponse(response.status, (*headers, _GZIP), body)


def _decompressed(response: EncodedResponse) -> EncodedResponse:
    body = decompress_own(response.body)
    headers = _described(response.headers, body, _GZIP_TAG, b'"')
    return EncodedResponse(response.status, tuple(pair for pair in headers if pair != _GZIP), body)


def _described(headers: HeaderPairs, body: bytes, tag_end: bytes, new_tag_end: bytes) -> HeaderPairs:
    """The headers of a response for a body in another encoding."""
    replaced = {b"content-length": b"%d" % len(body)}
    return tuple(
        (name, value.removesuffix(tag_end) + new_tag_end if name == b"etag" else replaced.get(name, value))
        for name, value in headers
    )
