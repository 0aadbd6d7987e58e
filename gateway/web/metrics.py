"""The page at `/metrics`, and the metrics of operations."""

from typing import Protocol

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.execution.engine import Execution
from gateway.telemetry.metrics import Metrics

_REFUSED = "refused"
_UNKNOWN = "unknown"
_SECONDS = (0.001, 0.005, 0.025, 0.1, 0.25, 1, 3, 8)


class OperationMetrics:
    """Counts answered operations, by how they were executed and how long they took."""

    def __init__(self, metrics: Metrics) -> None:
        executions = (*(one.value for one in Execution), _REFUSED)
        self._count = metrics.tally(
            "gateway_operations",
            "Operations answered, by how they were run and their kind; unknown where the request was refused before.",
            execution=executions,
            kind=(*(one.value for one in OperationType), _UNKNOWN),
        )
        self._seconds = metrics.timing(
            "gateway_operation_seconds",
            "From the head of a request to its finished answer.",
            seconds=_SECONDS,
            execution=executions,
        )
        self._events = metrics.tally("gateway_subscription_events", "Events of subscriptions that were answered.")

    def event(self) -> None:
        """Count one event of a subscription."""
        self._events.count()

    def operation(self, execution: Execution | None, kind: OperationType | None, seconds: float) -> None:
        """Count one operation; it is refused if nothing was executed."""
        # `value` is a descriptor written in Python; `_value_`, where it keeps the value, costs a thirtieth.
        how = execution._value_ if execution else _REFUSED
        self._count.count(how, kind._value_ if kind else _UNKNOWN)
        self._seconds.took(seconds, how)


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
