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
from gateway.web.graphql.early_refusals import EarlyRefusals
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.response_caching import (
    Asked,
    CacheableRequest,
    StoredAnswer,
    age,
    conditional,
    in_asked_encoding,
    of_fields,
)
from gateway.web.metrics import OperationMetrics
from gateway.web.operation_reports import Report
from gateway.web.request_log import REQUEST_ID, log_request, request_id
from gateway.web.request_traces import RequestTraces
from gateway.web.responses import field_lines

_CREDENTIAL = b"authorization"
_UNUSUAL = frozenset({b"origin", b"expect", b"transfer-encoding"})
"""Fields whose requests the application sees: those of web pages get headers of their own."""

_TARGET = rb"((?:%b)(?:/([A-Za-z0-9._~:-]*))?)(?:\?([!\x22$-~]*))?"
"""A path without escapes, the document's id in it, and the query string."""

MAX_KNOWN_BYTES = 8_192
"""Longer requests are read anew each time: their digest would cost as much."""

KNOWN_BYTES = 12 * 2**20
"""Memory for what was read of requests that may come again in the same bytes: room for about as many as responses."""

ADMITTED_EACH = 16
"""Once that is full, one in so many takes the place of another: each new one would replace one that comes again."""

_OVERHEAD_BYTES = 1_300
"""Charged for each request that is known, on top of the bytes that decide its response."""

_Fields = Sequence[tuple[bytes, bytes]]


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


class EarlyResponses:
    """Finds the cached responses to requests for `path`, and for trusted documents below it."""

    def __init__(
        self,
        path: str,
        operations: Operations,
        responses: ResponseCache[StoredAnswer],
        refusals: EarlyRefusals,
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
        self._refusals = refusals
        self._metrics = metrics
        self._monotonic = monotonic
        # By digests of whole requests, because their bytes hold credentials. Where more players come in turn than there
        # is room for, most that are known stay; by recency, each would be gone before they come again.
        self._known: RRCache[bytes, _Request] = RRCache(KNOWN_BYTES, getsizeof=lambda one: one.charged_bytes)
        self._without_room = 0

    def covers(self, target: bytes) -> bool:
        """Whether the endpoint answers requests for this target, and any response is ready."""
        is_any_ready = self._responses.charged_bytes > 0 or self._refusals.is_any_ready
        return is_any_ready and self._target.fullmatch(target) is not None

    def find(
        self,
        method: bytes,
        target: bytes,
        fields: _Fields,
        client: tuple[str, int] | None,
        body: bytes,
        alone: bytes,
    ) -> tuple[int, bytes, bytes] | None:
        """The cached response to a request, or its early refusal, counted and logged; None if there is neither.

        It is the status, all lines of the header, and the body. `alone` are the bytes of the request, if nothing else
        came with them.
        """
        began_at = self._monotonic()
        request = self._read(method, target, fields, client, body)
        if request is None:
            return None
        response = self._cached(request, fields, began_at)
        if response is None:
            return self._refused(request, fields, client, began_at)
        if 0 < len(alone) <= MAX_KNOWN_BYTES and self._may_repeat(fields):
            self._remember(alone, request)
        return response

    def repeat(self, alone: bytes, client: tuple[str, int] | None) -> tuple[int, bytes, bytes] | None:
        """The cached response to a request in the same bytes, credential included, as one that `find` had one for."""
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
        return self._cached(request, (), began_at)

    def _remember(self, alone: bytes, request: _Request) -> None:
        if self._known.currsize + request.charged_bytes > KNOWN_BYTES:
            self._without_room += 1
            if self._without_room % ADMITTED_EACH:
                return
        self._known[sha256(alone).digest()] = request

    def _may_repeat(self, fields: _Fields) -> bool:
        """Whether a request may come again in the same bytes, and needs none of its fields then.

        An id that the client gives is another one each time, and a trace is made of fields.
        """
        return self._traces is None and all(name != REQUEST_ID for name, _ in fields)

    def _read(
        self, method: bytes, target: bytes, fields: _Fields, client: tuple[str, int] | None, body: bytes
    ) -> _Request | None:
        """What decides the response to a request; None if it is unusual."""
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
        return _Request(asked, method.decode(), path.decode(), address, generation)

    def _cached(self, request: _Request, fields: _Fields, began_at: float) -> tuple[int, bytes, bytes] | None:
        asked = request.asked
        cached = self._responses.get(asked.key)
        if cached is None:
            return None
        answer, lines, report = in_asked_encoding(asked, cached, self._responses)
        if asked.validator:
            answer = conditional(asked, answer)
            lines = field_lines(answer.headers)
        current = self._tell(request, fields, answer.status, report, began_at)
        added = field_lines((age(cached, self._monotonic()), (REQUEST_ID, current.encode())))
        return answer.status, lines + added, answer.body

    def _refused(
        self, request: _Request, fields: _Fields, client: tuple[str, int] | None, began_at: float
    ) -> tuple[int, bytes, bytes] | None:
        """The refusal of a request that would be refused when it was run, as `find` gives it."""
        key, values = request.asked.key, dict(fields)
        refused = self._refusals.find(key.parts, fields, client)
        if refused is None and _CREDENTIAL in values:
            refused = self._refusals.crowded(key.credential, values.get(b"accept", b""), is_soon=True)
        if refused is None:
            return None
        current = self._tell(request, fields, refused.status, refused.report, began_at)
        answer = refused.answer(current)
        return answer.status, field_lines((*answer.headers, (REQUEST_ID, current.encode()))), answer.body

    def _tell(self, request: _Request, fields: _Fields, status: int, report: Report, began_at: float) -> str:
        """Count, log and trace a request as the endpoint and the middleware do; gives its id."""
        _, method, path, address, _ = request
        seconds = self._monotonic() - began_at
        self._operations.count_cached(report)
        self._metrics.operation(report, seconds)
        current = request_id(value for name, value in fields if name == REQUEST_ID)
        token = log.request_id.set(current)
        trace = None
        if self._traces is not None:
            trace = self._traces.begin(path, fields, address, elapsed_seconds=seconds)
        log_request(method, path, status, seconds, report)
        if trace is not None and self._traces is not None:
            self._traces.end(trace, method, path, status, report)
        log.request_id.reset(token)
        return current
