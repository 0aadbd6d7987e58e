"""Answers that are given again: how a request finds its own, and what HTTP says of one.

`max-age` and `Age` tell how fresh an answer is. `no-cache` makes HTTP caches ask again before they use it, which the
`ETag` makes cheap: a player who has claimed something may not be shown what his browser kept from before.
"""

import hashlib
from typing import NamedTuple

from starlette.types import Scope

from gateway.cache.response_cache import CachedResponse, ResponseKey, response_key
from gateway.web.responses import EncodedResponse

_CREDENTIAL = b"authorization"
_IF_NONE_MATCH = b"if-none-match"
_ADDRESSES = (b"x-forwarded-for", b"forwarded")
_DECIDING = (b"accept", b"accept-language", b"content-type", b"content-encoding")
_RELEVANT = frozenset({_CREDENTIAL, _IF_NONE_MATCH, *_ADDRESSES, *_DECIDING})
_VARY = (b"vary", b"Accept, Accept-Language, Authorization")
_ETAG = b"etag"
_NOT_MODIFIED = 304


class CacheableRequest(NamedTuple):
    """A request that may find a kept answer; `validator` is what its client has already, by the header of a GET."""

    key: ResponseKey
    is_get: bool
    validator: bytes


def cacheable_request(scope: Scope, body: bytes, *, with_address: bool) -> CacheableRequest | None:
    """What a request asks, or None where a header that decides the answer comes twice.

    `with_address` says that the answer may depend on where the request comes from.
    """
    values: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _RELEVANT:
            if name in values:
                return None
            values[name] = value
    is_get = scope["method"] == "GET"
    parts = [scope["query_string"] if is_get else b"", body, *(values.get(name, b"") for name in _DECIDING)]
    if with_address:
        peer = scope["client"]
        parts += (peer[0].encode() if peer else b"", *(values.get(name, b"") for name in _ADDRESSES))
    return CacheableRequest(
        response_key(values.get(_CREDENTIAL, b""), tuple(parts)), is_get, values.get(_IF_NONE_MATCH, b"")
    )


def with_cache_headers(
    cacheable_request: CacheableRequest, answer: EncodedResponse, lifetime_seconds: float
) -> EncodedResponse:
    """The answer with what caches may do with it."""
    control = b"private, no-cache, max-age=%d" % lifetime_seconds
    headers = (*answer.headers, (b"cache-control", control))
    if cacheable_request.is_get:
        headers += (_VARY, (_ETAG, _etag(answer)))
    return EncodedResponse(answer.status, headers, answer.body)


def from_cache(
    cacheable_request: CacheableRequest, kept: CachedResponse[EncodedResponse], now: float
) -> EncodedResponse:
    """A kept answer, given again at the clock's reading `now`."""
    status, headers, body = kept.response
    return conditional(
        cacheable_request, EncodedResponse(status, (*headers, (b"age", b"%d" % (now - kept.stored_at))), body)
    )


def conditional(cacheable_request: CacheableRequest, answer: EncodedResponse) -> EncodedResponse:
    """The answer, or that it has not changed, where the client of a GET has it already."""
    if not cacheable_request.validator or not cacheable_request.is_get:
        return answer
    known = [tag.strip().removeprefix(b"W/") for tag in cacheable_request.validator.split(b",")]
    if b"*" not in known and dict(answer.headers)[_ETAG] not in known:
        return answer
    return EncodedResponse(
        _NOT_MODIFIED, tuple(pair for pair in answer.headers if not pair[0].startswith(b"content-")), b""
    )


def _etag(answer: EncodedResponse) -> bytes:
    """A strong validator: of these very bytes in their media type."""
    digest = hashlib.sha256(answer.body)
    digest.update(dict(answer.headers)[b"content-type"])
    return f'"{digest.hexdigest()[:32]}"'.encode()
