"""Cached responses for the server to send without running the application.

They are the endpoint's: found by the same key, and counted and logged as the endpoint and the middleware do it. Only
requests that the middleware would do something else for are left to it.
"""

import re
from collections.abc import Callable, Sequence

from gateway.cache.response_cache import ResponseCache
from gateway.telemetry import log
from gateway.web.content_encoding import ContentEncoding, encoding_of
from gateway.web.graphql.early_refusals import EarlyRefusals, Refusal
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.response_caching import Asked, KeptAnswer, age, conditional, in_asked_encoding, of_fields
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


class KeptResponses:
    """Finds the cached responses to requests for `path`, and for trusted documents below it."""

    def __init__(
        self,
        path: str,
        operations: Operations,
        responses: ResponseCache[KeptAnswer],
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

    def find(
        self,
        method: bytes,
        target: bytes,
        fields: Sequence[tuple[bytes, bytes]],
        client: tuple[str, int] | None,
        body: bytes,
    ) -> tuple[int, bytes, bytes] | None:
        """The cached response to a request, or its early refusal, counted and logged; None if there is neither.

        It is the status, all lines of the header, and the body.
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
        request = of_fields(
            values,
            Asked(is_get, query_string, b"" if is_get else body, document_id, client[0] if client else None),
            encoding,
            with_address=self._operations.follows_address,
            documents_generation=self._operations.documents_generation,
        )
        kept = self._responses.get(request.key)
        if kept is None:
            refused = self._refusals.find(request.key.parts, fields, client)
            if refused is None and _CREDENTIAL in values:
                accept = values.get(b"accept", b"")
                refused = self._refusals.crowded(request.key.credential, accept, is_soon=True)
            return None if refused is None else self._refused(refused, method, path, fields, client, began_at)
        answer, lines, report = in_asked_encoding(request, kept, self._responses)
        if request.validator:
            answer = conditional(request, answer)
            lines = field_lines(answer.headers)
        current = self._tell(method, path, fields, client, answer.status, report, began_at)
        added = field_lines((age(kept, self._monotonic()), (REQUEST_ID, current.encode())))
        return answer.status, lines + added, answer.body

    def _refused(
        self,
        refused: Refusal,
        method: bytes,
        path: bytes,
        fields: Sequence[tuple[bytes, bytes]],
        client: tuple[str, int] | None,
        began_at: float,
    ) -> tuple[int, bytes, bytes]:
        """A refusal as `find` gives it."""
        current = self._tell(method, path, fields, client, refused.status, refused.report, began_at)
        answer = refused.answer(current)
        return answer.status, field_lines((*answer.headers, (REQUEST_ID, current.encode()))), answer.body

    def _tell(
        self,
        method: bytes,
        path: bytes,
        fields: Sequence[tuple[bytes, bytes]],
        client: tuple[str, int] | None,
        status: int,
        report: Report,
        began_at: float,
    ) -> str:
        """Count, log and trace a request as the endpoint and the middleware do; gives its id."""
        seconds = self._monotonic() - began_at
        self._operations.count_kept(report)
        self._metrics.operation(report, seconds)
        current = request_id(value for name, value in fields if name == REQUEST_ID)
        token = log.request_id.set(current)
        trace = None
        if self._traces is not None:
            peer = client[0] if client else None
            trace = self._traces.begin(path.decode(), fields, peer, elapsed_seconds=seconds)
        log_request(method.decode(), path.decode(), status, seconds, report)
        if trace is not None and self._traces is not None:
            self._traces.end(trace, method.decode(), path.decode(), status, report)
        log.request_id.reset(token)
        return current
