"""Bodies that came compressed."""

import zlib

import httpx

_SUPPORTED = frozenset({b"gzip", b"x-gzip", b"deflate"})
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


def decompress(body: bytes, encoding: bytes, max_bytes: int) -> bytes:
    """The body without its content coding (lower case). Raises httpx.DecodingError, also above `max_bytes`."""
    if encoding not in _SUPPORTED:
        raise httpx.DecodingError("the response is compressed in a way that nobody asked for")
    decompressor = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        # One byte more than allowed tells a body that is too large, and nothing of it beyond that is ever in memory.
        decompressed = decompressor.decompress(body, max_bytes + 1)
    except zlib.error:
        raise httpx.DecodingError("the response does not decompress") from None
    if len(decompressed) > max_bytes:
        raise httpx.DecodingError("the response is too large")
    if not decompressor.eof:
        raise httpx.DecodingError("the compressed response is cut")
    return decompressed
