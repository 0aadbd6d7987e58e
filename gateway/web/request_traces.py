"""Which requests are traced, and what is told of them: never a document, variables, a player, or a token."""

import random
from collections.abc import Callable, Mapping
from typing import Protocol

from starlette.types import Scope

from gateway.telemetry.traces import Parent, Trace, new_trace_id, parse_parent
from gateway.web.operation_reports import SCOPE_KEY, WAITING, Report

_HEADER = b"traceparent"
_FAILED = "failed"
_ROUTES = ("/graphql", "/webhooks/xsolla")
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

    def begin(self, scope: Scope) -> Trace | None:
        """Decide on a request, and begin to note what happens in it; None where it is not traced."""
        route = _route(scope["path"])
        if route is None:
            return None
        parent = self._parent(scope)
        trace_id = new_trace_id(self._bits) if parent is None else parent.trace_id
        return Trace(trace_id, parent, self._bits) if self._spans.decides(trace_id, parent) else None

    def end(self, trace: Trace, scope: Scope, status: int) -> None:
        """Tell of a request, once its answer is sent or nobody waits for it."""
        ended_ns = trace.end()
        route = _route(scope["path"]) or ""
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        attributes: dict[str, str | int | tuple[str, ...]] = {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
        }
        name = f"{method} {route}"
        report: Report | None = scope.get(SCOPE_KEY)
        if report is not None:
            attributes |= {
                "graphql.operation.type": "query" if report.kind == WAITING else report.kind,
                "gateway.execution": report.execution,
                "gateway.outcome": report.outcome,
            }
            if report.name is not None:
                attributes["graphql.operation.name"] = report.name
            if report.codes:
                attributes["gateway.codes"] = report.codes
            name = f"{report.kind} {report.name}" if report.name is not None else name
        is_failed = status >= 500 or (report is not None and report.outcome == _FAILED)
        self._spans.export(trace, ended_ns, name, attributes, is_failed=is_failed)

    async def aclose(self) -> None:
        """Send what is left."""
        await self._spans.aclose()

    def _parent(self, scope: Scope) -> Parent | None:
        if self._trusts is None:
            return None
        told = [value for name, value in scope["headers"] if name == _HEADER]
        client = scope.get("client")
        is_believed = len(told) == 1 and self._trusts(client[0] if client else None)
        return parse_parent(told[0]) if is_believed else None


def _route(path: str) -> str | None:
    """The part of a path that says what it is for; what comes behind it, such as a document's id, is left out."""
    if path in _ROUTES:
        return path
    for route in _ROUTES:
        if path.endswith(route) or f"{route}/" in path:
            return route
    return None
