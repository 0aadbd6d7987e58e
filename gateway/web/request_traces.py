"""Which requests are traced, and what is told of them: never a document, variables, a player, or a token.

OpenTelemetry's conventions for GraphQL servers have one span for an operation and say nothing of subscriptions. So a
subscription is one span for as long as it lasts, as a call with a stream of answers is one by those for RPC.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from graphql import OperationType

from gateway.telemetry.traces import Parent, Trace, new_trace_id, parse_parent
from gateway.web.operation_reports import WAITING, Report

Headers = Iterable[tuple[bytes, bytes]]

_HEADER = b"traceparent"
_FAILED = "failed"
_ROUTES = ("/graphql", "/webhooks/xsolla")
_UNNAMED = "GraphQL Operation"
_SUBSCRIPTION = OperationType.SUBSCRIPTION.value
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Spans(Protocol):
    """Decides who is traced, and tells of what was."""

    def decides(self, trace_id: int, parent: Parent | None) -> bool:
        """Whether a request is traced."""
        ...

    def export(
        self,
        trace: Trace,
        ended_ns: int,
        name: str,
        attributes: Mapping[str, str | int | tuple[str, ...]],
        *,
        is_failed: bool,
    ) -> None:
        """Tell of a request that was answered."""
        ...

    async def aclose(self) -> None:
        """Send what is left."""
        ...


class RequestTraces:
    """Traces GraphQL requests and webhooks; a parent is believed of peers that `trusts` names, if any, and of no game.

    Else whoever plays could have every request sampled, or mix into the traces of others.
    """

    def __init__(
        self, spans: Spans, trusts: Callable[[str | None], bool] | None, bits: Callable[[int], int] = random.getrandbits
    ) -> None:
        self._spans = spans
        self._trusts = trusts
        self._bits = bits

    def begin(self, path: str, headers: Headers, peer: str | None, *, elapsed_seconds: float = 0.0) -> Trace | None:
        """Decide on a request, and begin to note what happens in it; None where it is not traced.

        It began `elapsed_seconds` ago.
        """
        if _route(path) is None:
            return None
        trace = self._begin(self._parent(headers, peer))
        if trace is not None:
            trace.began_ns -= int(elapsed_seconds * 1e9)
        return trace

    def begin_operation(self) -> Trace | None:
        """The same for an operation over a socket, which begins a trace of its own.

        The trace that the request for the socket belongs to has ended long before most of what is asked over it.
        """
        return self._begin(None)

    def end(self, trace: Trace, method: str, path: str, status: int, report: Report | None) -> None:
        """Tell of a request, once its answer is sent or nobody waits for it."""
        trace.leave()
        ended_ns = trace.end()
        route = _route(path) or ""
        method = method if method in _METHODS else "_OTHER"
        attributes: dict[str, str | int | tuple[str, ...]] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            **_attributes(trace, report),
        }
        name = f"{method} {route}" if report is None or report.name is None else f"{report.kind} {report.name}"
        self._spans.export(trace, ended_ns, name, attributes, is_failed=status >= 500 or _has_failed(report))

    def end_operation(self, trace: Trace, report: Report | None) -> None:
        """Tell of an operation over a socket, once its last answer is sent; None: nobody waited for one."""
        attributes = {"network.protocol.name": "websocket", **_attributes(trace, report)}
        name = _UNNAMED if report is None else f"{report.kind} {report.name}" if report.name else report.kind
        self._spans.export(trace, trace.end(), name, attributes, is_failed=_has_failed(report))

    async def aclose(self) -> None:
        """Send what is left."""
        await self._spans.aclose()

    def _begin(self, parent: Parent | None) -> Trace | None:
        trace_id = new_trace_id(self._bits) if parent is None else parent.trace_id
        return Trace(trace_id, parent, self._bits) if self._spans.decides(trace_id, parent) else None

    def _parent(self, headers: Headers, peer: str | None) -> Parent | None:
        if self._trusts is None:
            return None
        told = [value for name, value in headers if name == _HEADER]
        return parse_parent(told[0]) if len(told) == 1 and self._trusts(peer) else None


def _has_failed(report: Report | None) -> bool:
    return report is not None and report.outcome == _FAILED


def _attributes(trace: Trace, report: Report | None) -> dict[str, str | int | tuple[str, ...]]:
    if report is None:
        return {}
    told: dict[str, str | int | tuple[str, ...]] = {
        "graphql.operation.type": "query" if report.kind == WAITING else report.kind,
        "gateway.execution": report.execution,
        "gateway.outcome": report.outcome,
    }
    if report.kind == _SUBSCRIPTION:
        told["gateway.events"] = trace.events
    if report.name is not None:
        told["graphql.operation.name"] = report.name
    if report.codes:
        told["gateway.codes"] = report.codes
    return told


def _route(path: str) -> str | None:
    """The part of a path that says what it is for; what comes behind it, such as a document's id, is left out."""
    if path in _ROUTES:
        return path
    for route in _ROUTES:
        if path.endswith(route) or f"{route}/" in path:
            return route
    return None
