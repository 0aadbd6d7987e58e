"""Cached responses for the server to send without running the application.

They are the endpoint's: found by the same key, and counted and logged as the endpoint and the middleware do it. Only
requests that the middleware would do something else for are left to it.
"""

import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from cachetools import RRCache

from gateway.cache.response_cache import ResponseCache
from gateway.telemetry import log
from gateway.web.content_encoding import ContentEncoding, encoding_of
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.response_caching import (
    Asked,
    CacheableRequest,
    KeptAnswer,
    age,
    conditional,
    in_asked_encoding,
    of_fields,
)
from gateway.web.metrics import OperationMetrics
from gateway.web.request_log import REQUEST_ID, log_request, request_id
from gateway.web.request_traces import RequestTraces
from gateway.web.responses import field_lines

_UNUSUAL = frozenset({b"origin", b"expect", b"transfer-encoding"})
"""Fields whose requests the application sees: those of web pages get headers of their own."""

_TARGET = rb"((?:%b)(?:/([A-Za-z0-9._~:-]*))?)(?:\?([!\x22$-~]*))?"
"""A path without escapes, the document's id in it, and the query string."""

MAX_KNOWN_BYTES = 8_192
"""Longer requests are read anew each time: their digest would cost as much."""

_KNOWN_BYTES = 4 * 2**20
_OVERHEAD_BYTES = 1_300
"""Charged for each request that is known, on top of the bytes that decide its response."""


class _Request(NamedTuple):
    """What was read of a request; `address` is where it came from."""

    asked: CacheableRequest
    method: str
    path: str
    address: str | None
    documents_generation: bytes

    @property
    def charged_bytes(self) -> int:
        return sum(map(len, self.asked.key.parts)) + _OVERHEAD_BYTES


class KeptResponses:
    """Finds the cached responses to requests for `path`, and for trusted documents below it."""

    def __init__(
        self,
        path: str,
        operations: Operations,
        responses: ResponseCache[KeptAnswer],
        metrics: OperationMetrics,
        monotonic: Callable[[], float],
        *,
        root_path: str = "",
        traces: RequestTraces | None = None,
    ) -> None:
        self._traces = traces
        roots = b"|".join(re.escape(prefix.encode() + path.encode()) for prefix in ("", root_path))
        self._target = re.compile(_TARGET % roots)
        self._operations = operations
        self._responses = responses
        self._metrics = metrics
        self._monotonic = monotonic
        # By digests of whole requests, because their bytes hold credentials. Where more players come in turn than there
        # is room for, some of them are found; by recency, each would be gone before they come again.
        self._known: RRCache[bytes, _Request] = RRCache(_KNOWN_BYTES, getsizeof=lambda one: one.charged_bytes)

    def covers(self, target: bytes) -> bool:
        """Whether the endpoint answers requests for this target, and anything is cached."""
        return self._responses.charged_bytes > 0 and self._target.fullmatch(target) is not None

    def find(
        self,
        method: bytes,
        target: bytes,
        fields: Sequence[tuple[bytes, bytes]],
        client: tuple[str, int] | None,
        body: bytes,
        alone: bytes,
    ) -> tuple[int, bytes, bytes] | None:
        """The cached response to a request, counted and logged; None if there is none.

        It is the status, all lines of the header, and the body. `alone` are the bytes of the request, if nothing else
        came with them.
        """
        began_at = self._monotonic()
        values = dict(fields)
        parts = self._target.fullmatch(target)
        encoding = encoding_of(values.get(b"accept-encoding", b""))
        if (
            parts is None
            or len(values) != len(fields)
            or not _UNUSUAL.isdisjoint(values)
            or encoding is ContentEncoding.NONE
        ):
            return None
        path, document_id, query_string = parts.groups(b"")
        is_get = method == b"GET"
        address = client[0] if client else None
        generation = self._operations.documents_generation
        asked = of_fields(
            values,
            Asked(is_get, query_string, b"" if is_get else body, document_id, address),
            encoding,
            with_address=self._operations.follows_address,
            documents_generation=generation,
        )
        request = _Request(asked, method.decode(), path.decode(), address, generation)
        given = (values[REQUEST_ID],) if REQUEST_ID in values else ()
        response = self._response(request, began_at, fields, given)
        # An id of the client's own is another one each time, and so are the fields that traces are made of.
        if response is not None and 0 < len(alone) <= MAX_KNOWN_BYTES and not given and self._traces is None:
            self._known[sha256(alone).digest()] = request
        return response

    def repeat(self, alone: bytes, client: tuple[str, int] | None) -> tuple[int, bytes, bytes] | None:
        """The same for a request in the same bytes, the credential among them, as one that `find` had a response to."""
        began_at = self._monotonic()
        if not self._known or len(alone) > MAX_KNOWN_BYTES:
            return None
        request = self._known.get(sha256(alone).digest())
        if (
            request is None
            or request.address != (client[0] if client else None)
            or request.documents_generation != self._operations.documents_generation
        ):
            return None
        return self._response(request, began_at)

    def _response(
        self,
        request: _Request,
        began_at: float,
        fields: Sequence[tuple[bytes, bytes]] = (),
        given_ids: Sequence[bytes] = (),
    ) -> tuple[int, bytes, bytes] | None:
        asked, method, path, address, _ = request
        kept = self._responses.get(asked.key)
        if kept is None:
            return None
        answer, lines, report = in_asked_encoding(asked, kept, self._responses)
        if asked.validator:
            answer = conditional(asked, answer)
            lines = field_lines(answer.headers)
        now = self._monotonic()
        self._operations.count_kept(report)
        self._metrics.operation(report, now - began_at)
        current = request_id(given_ids)
        token = log.request_id.set(current)
        trace = None
        if self._traces is not None:
            trace = self._traces.begin(path, fields, address, elapsed_seconds=now - began_at)
        log_request(method, path, answer.status, now - began_at, report)
        if trace is not None and self._traces is not None:
            self._traces.end(trace, method, path, answer.status, report)
        log.request_id.reset(token)
        added = field_lines((age(kept, now), (REQUEST_ID, current.encode())))
        return answer.status, lines + added, answer.body
