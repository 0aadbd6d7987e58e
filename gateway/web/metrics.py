"""The page at `/metrics`, and the metrics of operations."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway import __version__
from gateway.errors.codes import ErrorCode
from gateway.telemetry.metrics import LATENCY_SECONDS, Metrics, Sample
from gateway.web.operation_reports import EXECUTIONS, KINDS, OUTCOMES, Report

_SUBSCRIPTION = OperationType.SUBSCRIPTION.value


class OperationMetrics:
    """Counts answered operations, by how they were executed, how they ended and how long they took."""

    def __init__(self, metrics: Metrics) -> None:
        self._count = metrics.tally(
            "gateway_operations",
            "Operations answered, by how they were run, their kind, and how they ended.",
            execution=EXECUTIONS,
            kind=KINDS,
            outcome=OUTCOMES,
        )
        self._errors = metrics.tally(
            "gateway_errors",
            "Operations and events that were answered with an error of this code.",
            code=[one.value for one in ErrorCode],
        )
        self._seconds = metrics.timing(
            "gateway_operation_seconds",
            "From the head of a request to its finished answer.",
            seconds=LATENCY_SECONDS,
            execution=EXECUTIONS,
            kind=[one for one in KINDS if one != _SUBSCRIPTION],
        )
        self._events = metrics.tally("gateway_subscription_events", "Events of subscriptions that were answered.")

        metrics.watch(_build)

    def event(self, codes: Iterable[str]) -> None:
        """Count one event of a subscription, and the codes of its errors."""
        self._events.count()
        self.errors(codes)

    def errors(self, codes: Iterable[str]) -> None:
        """Count codes of errors."""
        for code in codes:
            self._errors.count(code)

    def operation(self, report: Report, seconds: float) -> None:
        """Count one operation. How long a subscription takes is up to its client."""
        self._count.count(*report.labels)
        if report.codes:
            self.errors(report.codes)
        if report.kind != _SUBSCRIPTION:
            self._seconds.took(seconds, report.execution, report.kind)


def _build() -> Iterator[Sample]:
    yield Sample("gateway_build_info", "1, with the release that runs.", 1, labels=(("version", __version__),))


class AllWorkers(Protocol):
    """The metrics of several processes."""

    async def exposition(self, accept: str) -> tuple[bytes, str]:
        """All of them in the format that an Accept header asks for, and its media type."""
        ...


class MetricsPage:
    """Serves all metrics in the text formats of Prometheus and OpenMetrics; of all workers, where there are several."""

    def __init__(self, metrics: Metrics, workers: AllWorkers | None = None) -> None:
        self._metrics = metrics
        self._workers = workers

    def routes(self) -> list[BaseRoute]:
        """The page."""
        return [Route("/metrics", self._page)]

    async def _page(self, request: Request) -> Response:
        accept = request.headers.get("accept", "")
        if self._workers is not None:
            content, media_type = await self._workers.exposition(accept)
        else:
            content, media_type = self._metrics.exposition(accept)
        return Response(content, headers={"content-type": media_type, "cache-control": "no-store"})
