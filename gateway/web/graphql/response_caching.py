"""HTTP caching: how a request finds its cached response, and the headers of cached responses.

`max-age` and `Age` say how fresh a response is. `no-cache` makes HTTP caches validate it before they use it, which
the `ETag` makes cheap. Otherwise a player who has claimed something could see an older response from their browser.
"""

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct
from starlette.types import Scope

from gateway.cache.response_cache import CachedResponse, ResponseCache, ResponseKey, response_key
from gateway.http.messages import field_lines
from gateway.web.content_encoding import ContentEncoding, in_encoding, is_compressed, suits
from gateway.web.operation_reports import Report
from gateway.web.responses import EncodedResponse, fields_of

READ_KEY = "gateway.cacheable_request"
"""Where the ASGI scope has the key of a request for which there was no cached response when it came."""

_CREDENTIAL = b"authorization"
_IF_NONE_MATCH = b"if-none-match"
_ADDRESSES = (b"x-forwarded-for", b"forwarded")
_DECIDING = (b"accept", b"accept-language", b"content-type", b"content-encoding")
_RELEVANT = frozenset({_CREDENTIAL, _IF_NONE_MATCH, *_ADDRESSES, *_DECIDING})
_VARY = (b"vary", b"Accept, Accept-Encoding, Accept-Language, Authorization")
_ETAG = b"etag"
_NOT_MODIFIED = 304


class StoredAnswer(Struct, frozen=True, gc=False):
    """A response to cache: its header and its body as they are sent, and what is told of requests that get it."""

    # The lines are all that is stored of its header. Names and values as objects would take twice the memory.

    status: int
    lines: bytes
    body: bytes
    is_compressed: bool
    report: Report

    @property
    def answer(self) -> EncodedResponse:
        """The response."""
        return EncodedResponse(self.status, fields_of(self.lines), self.body)


def stored_answer(answer: EncodedResponse, report: Report) -> StoredAnswer:
    """A response to cache."""
    return StoredAnswer(answer.status, field_lines(answer.headers), answer.body, is_compressed(answer), report)


class CacheableRequest(Struct, frozen=True):
    """A request that may have a cached response; `validator` is a GET's `If-None-Match`, empty where there is none.

    The encoding is no part of the key: a response is cached in one, and brought into another for the rare client that
    wants it so.
    """

    key: ResponseKey
    is_get: bool
    validator: bytes
    encoding: ContentEncoding


class KnownRequest(Struct, frozen=True, gc=False):
    """What has to be known of a request that comes again in the same bytes, and finds its response by them.

    It is the same for all players whose game asks the same, and holds nothing of them.
    """

    method: str
    path: str
    encoding: ContentEncoding
    is_conditional: bool
    documents_generation: bytes


Responses: TypeAlias = ResponseCache[StoredAnswer, KnownRequest]
FoundResponse: TypeAlias = CachedResponse[StoredAnswer, KnownRequest]


class Asked(Struct, frozen=True):
    """What of a request decides its response besides its header; `document_id` is in its path, `peer` its address."""

    is_get: bool
    query_string: bytes
    body: bytes
    document_id: bytes
    peer: str | None


def cacheable_request(
    scope: Scope,
    headers: Mapping[bytes, bytes],
    body: bytes,
    encoding: ContentEncoding,
    *,
    with_address: bool,
    documents_generation: bytes,
) -> CacheableRequest | None:
    """The cache key of a request; None if one of its headers that the response depends on comes twice."""
    known: CacheableRequest | None = scope.get(READ_KEY)
    if known is not None:
        return known
    if len(headers) < len(scope["headers"]):
        relevant = [name for name, _ in scope["headers"] if name in _RELEVANT]
        if len(set(relevant)) < len(relevant):
            return None
    is_get = scope["method"] == "GET"
    peer = scope["client"][0] if scope["client"] else None
    document_id = scope.get("path_params", {}).get("document_id", "").encode()
    asked = Asked(is_get, scope["query_string"], body, document_id, peer)
    return of_fields(headers, asked, encoding, with_address=with_address, documents_generation=documents_generation)


def of_fields(
    values: Mapping[bytes, bytes],
    asked: Asked,
    encoding: ContentEncoding,
    *,
    with_address: bool,
    documents_generation: bytes,
) -> CacheableRequest:
    """The cache key of a request, each of whose header's fields came once.

    `with_address` says that the response may depend on the caller's address, and `documents_generation` what ids mean.
    """
    value = values.get
    in_query = asked.query_string if asked.is_get else b""
    parts = (in_query, asked.body, asked.document_id, documents_generation, *[value(name, b"") for name in _DECIDING])
    if with_address:
        parts += ((asked.peer or "").encode(), *[value(name, b"") for name in _ADDRESSES])
    key = response_key(value(_CREDENTIAL, b""), parts)
    validator = value(_IF_NONE_MATCH, b"") if asked.is_get else b""
    return CacheableRequest(key, asked.is_get, validator, encoding)


def with_cache_headers(
    cacheable_request: CacheableRequest, answer: EncodedResponse, lifetime_seconds: float
) -> EncodedResponse:
    """The response with the headers for HTTP caches, in the encoding of the request."""
    control = b"cache-control", b"private, no-cache, max-age=%d" % lifetime_seconds
    answer = answer.plus(control, _VARY, (_ETAG, _etag(answer))) if cacheable_request.is_get else answer.plus(control)
    return in_encoding(answer, cacheable_request.encoding)


def from_cache(asks: CacheableRequest, cached: FoundResponse, responses: Responses, now: float) -> EncodedResponse:
    """The cached response, with its age at the clock's reading `now`."""
    answer = in_asked_encoding(asks.encoding, cached, responses).answer
    answer = answer.plus((b"age", b"%d" % age(cached, now)))
    return conditional(asks.validator, answer)


def age(cached: FoundResponse, now: float) -> float:
    """For how many seconds a response has been cached."""
    return now - cached.stored_at


def in_asked_encoding(encoding: ContentEncoding, cached: FoundResponse, responses: Responses) -> StoredAnswer:
    """The cached response as the client takes it; the same object where it is cached so.

    One that was cached uncompressed stays compressed once a client has asked for it so: it takes less memory.
    """
    stored = cached.response
    if suits(encoding, is_compressed=stored.is_compressed, size_bytes=len(stored.body)):
        return stored
    other = stored_answer(in_encoding(stored.answer, encoding), stored.report)
    if len(other.body) < len(stored.body):
        responses.replace(cached, other, len(other.body))
    return other


def conditional(validator: bytes, answer: EncodedResponse) -> EncodedResponse:
    """The response, or 304 if the client of a GET has it already; without a validator, it is asked for as it is."""
    if not validator:
        return answer
    known = [tag.strip().removeprefix(b"W/") for tag in validator.split(b",")]
    if b"*" not in known and dict(answer.headers)[_ETAG] not in known:
        return answer
    return EncodedResponse(
        _NOT_MODIFIED, tuple(pair for pair in answer.headers if not pair[0].startswith(b"content-")), b""
    )


def _etag(answer: EncodedResponse) -> bytes:
    """A strong validator: a digest of these bytes and their media type."""
    digest = hashlib.sha256(answer.body)
    digest.update(dict(answer.headers)[b"content-type"])
    return f'"{digest.hexdigest()[:32]}"'.encode()
