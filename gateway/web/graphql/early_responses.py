"""Cached responses for the server to send without running the application.

They are the endpoint's: found by the same key, and counted and logged as the endpoint and the middleware do it. Only
requests that the middleware would do something else for are left to it.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256

from starlette.types import Scope

from gateway.http.messages import field_lines
from gateway.telemetry import log
from gateway.web.content_encoding import ContentEncoding, encoding_of
from gateway.web.graphql.early_refusals import EarlyRefusals
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.response_caching import (
    READ_KEY,
    Asked,
    CacheableRequest,
    FoundResponse,
    KnownRequest,
    Responses,
    age,
    conditional,
    in_asked_encoding,
    of_fields,
)
from gateway.web.metrics import OperationMetrics
from gateway.web.operation_reports import Report
from gateway.web.request_log import REQUEST_ID, log_request, request_id
from gateway.web.request_traces import RequestTraces

_CREDENTIAL = b"authorization"
_UNUSUAL = frozenset({b"origin", b"expect", b"transfer-encoding"})
"""Fields whose requests the application sees: those of web pages get headers of their own."""

_TARGET = rb"((?:%b)(?:/([A-Za-z0-9._~:-]*))?)(?:\?([!\x22$-~]*))?"
"""A path without escapes, the document's id in it, and the query string."""

MAX_KNOWN_BYTES = 8_192
"""Longer requests are read anew each time: their digest would cost as much."""

_VALIDATOR = re.compile(rb"\r\nif-none-match:([^\r\n]*)", re.IGNORECASE)

_Fields = Sequence[tuple[bytes, bytes]]
_Client = tuple[str, int] | None
_Ready = tuple[int, bytes, bytes]


@lru_cache(maxsize=1_000)
def _shared(request: KnownRequest) -> KnownRequest:
    """One object for all players whose game asks the same: the cache holds one with each response."""
    return request


class EarlyResponses:
    """Finds the cached responses to requests for `path`, and for trusted documents below it."""

    def __init__(
        self,
        path: str,
        operations: Operations,
        responses: Responses,
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

    def covers(self, target: bytes) -> bool:
        """Whether the endpoint answers requests for this target, and any response is ready."""
        is_any_ready = self._responses.charged_bytes > 0 or self._refusals.is_any_ready
        return is_any_ready and self._target.fullmatch(target) is not None

    def find(self, method: bytes, target: bytes, scope: Scope, body: bytes, alone: bytes) -> _Ready | None:
        """The cached response to a request, or its early refusal, counted and logged; None if there is neither.

        It is the status, all lines of the header, and the body. `alone` are the bytes of the request, if nothing else
        came with them. The endpoint finds what was read in the scope.
        """
        began_at = self._monotonic()
        fields, client = scope["headers"], scope["client"]
        read = self._read(method, target, fields, client, body)
        if read is None:
            return None
        asked, request = read
        cached = self._responses.get(asked.key)
        if cached is None:
            scope[READ_KEY] = asked
            return self._refused(asked, request, fields, client, began_at)
        if 0 < len(alone) <= MAX_KNOWN_BYTES and self._may_repeat(fields):
            self._responses.know(cached, self._digest(alone, client), _shared(request))
        return self._found(request, cached, asked.validator, fields, client, began_at)

    def repeat(self, alone: bytes, client: _Client) -> _Ready | None:
        """The cached response to a request in the same bytes, credential included, as one that `find` had one for."""
        began_at = self._monotonic()
        if not self._responses.is_any_known or len(alone) > MAX_KNOWN_BYTES:
            return None
        cached = self._responses.repeated(self._digest(alone, client))
        if cached is None or cached.request is None:
            return None
        request = cached.request
        if request.documents_generation != self._operations.documents_generation:
            return None
        validator = _VALIDATOR.search(alone) if request.is_conditional else None
        return self._found(request, cached, validator[1] if validator else b"", (), client, began_at)

    def _digest(self, alone: bytes, client: _Client) -> bytes:
        """Stands for a request and, where its response depends on that, its address: its bytes hold the credential."""
        return sha256(
            b"%b %b" % (_address(client).encode(), alone) if self._operations.follows_address else alone
        ).digest()

    def _may_repeat(self, fields: _Fields) -> bool:
        """Whether a request may come again in the same bytes, and needs none of its fields then.

        An id that the client gives is another one each time, and a trace is made of fields.
        """
        return self._traces is None and all(name != REQUEST_ID for name, _ in fields)

    def _read(
        self, method: bytes, target: bytes, fields: _Fields, client: _Client, body: bytes
    ) -> tuple[CacheableRequest, KnownRequest] | None:
        """What decides the response to a request, and what is told of it; None if it is unusual."""
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
        peer, generation = client[0] if client else None, self._operations.documents_generation
        asked = of_fields(
            values,
            Asked(is_get, query_string, b"" if is_get else body, document_id, peer),
            encoding,
            with_address=self._operations.follows_address,
            documents_generation=generation,
        )
        return asked, KnownRequest(method.decode(), path.decode(), encoding, bool(asked.validator), generation)

    def _found(
        self,
        request: KnownRequest,
        cached: FoundResponse,
        validator: bytes,
        fields: _Fields,
        client: _Client,
        began_at: float,
    ) -> _Ready:
        stored = in_asked_encoding(request.encoding, cached, self._responses)
        status, lines, body = stored.status, stored.lines, stored.body
        if validator:
            answer = conditional(validator, stored.answer)
            status, lines, body = answer.status, field_lines(answer.headers), answer.body
        current = self._tell(request, fields, client, status, stored.report, began_at)
        lines = b"%bage: %d\r\n%b: %b\r\n" % (lines, age(cached, began_at), REQUEST_ID, current.encode())
        return status, lines, body

    def _refused(
        self, asked: CacheableRequest, request: KnownRequest, fields: _Fields, client: _Client, began_at: float
    ) -> _Ready | None:
        """The refusal of a request that would be refused when it was run, as `find` gives it."""
        key, values = asked.key, dict(fields)
        refused = self._refusals.find(key.parts, fields, client)
        if refused is None and _CREDENTIAL in values:
            refused = self._refusals.crowded(key.credential, values.get(b"accept", b""), is_soon=True)
        if refused is None:
            return None
        current = self._tell(request, fields, client, refused.status, refused.report, began_at)
        answer = refused.answer(current)
        return answer.status, field_lines((*answer.headers, (REQUEST_ID, current.encode()))), answer.body

    def _tell(
        self, request: KnownRequest, fields: _Fields, client: _Client, status: int, report: Report, began_at: float
    ) -> str:
        """Count, log and trace a request as the endpoint and the middleware do; gives its id."""
        method, path = request.method, request.path
        seconds = self._monotonic() - began_at
        self._operations.count_cached(report)
        self._metrics.operation(report, seconds)
        current = request_id(value for name, value in fields if name == REQUEST_ID)
        token = log.request_id.set(current)
        trace = None
        if self._traces is not None:
            trace = self._traces.begin(path, fields, client[0] if client else None, elapsed_seconds=seconds)
        log_request(method, path, status, seconds, report)
        if trace is not None and self._traces is not None:
            self._traces.end(trace, method, path, status, report)
        log.request_id.reset(token)
        return current


def _address(client: _Client) -> str:
    return client[0] if client else ""
