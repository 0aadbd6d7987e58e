"""The metrics of all workers, from any of them: each tells the others its own over a Unix socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.telemetry import metric_families
from gateway.telemetry.metric_families import Family
from gateway.telemetry.metrics import Metrics, Sample
from gateway.workers.worker import Worker

ANSWER_SECONDS = 0.5
"""How long a worker waits for the metrics of another."""


class WorkerMetrics:
    """The metrics of a worker and of those beside it. One that does not answer in time is left out, and counted."""

    def __init__(self, worker: Worker, metrics: Metrics) -> None:
        self._worker = worker
        self._metrics = metrics
        self._missed = 0
        metrics.watch(self._samples)

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[None]:
        """Tell the other workers, until the context ends."""
        number = self._worker.seat.number
        path, temporary = self._path(number), self._path(number).with_suffix(".new")
        server = await asyncio.start_unix_server(self._tell, temporary)
        # The process that is replaced was asked here until now.
        temporary.replace(path)
        try:
            yield
        finally:
            server.close()

    async def exposition(self, accept: str) -> tuple[bytes, str]:
        """All metrics in the format that an Accept header asks for, and its media type."""
        found = await asyncio.gather(*map(self._ask, range(len(self._worker.all))))
        self._missed += found.count(None)
        families = {number: [*(one or ()), *self._of_slot(number)] for number, one in enumerate(found)}
        return metric_families.exposition(accept, families)

    def _of_slot(self, number: int) -> Iterator[Family]:
        """What the supervisor says of a worker, which may not be there to say it."""
        figures = self._worker.all[number]
        yield Family(
            "gateway_workers",
            "1 while the worker takes requests.",
            "gauge",
            [("gateway_workers", {}, figures.is_ready)],
        )
        yield Family(
            "gateway_worker_restarts",
            "Times that a worker died and was started again.",
            "counter",
            [("gateway_worker_restarts_total", {}, figures.restarts)],
        )

    def _samples(self) -> Iterator[Sample]:
        text = "Answers of other workers about their metrics that did not come in time."
        yield Sample("gateway_worker_metrics_missed", text, self._missed, True)

    def _path(self, number: int) -> Path:
        return self._worker.seat.folder / str(number)

    async def _tell(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._metrics.packed())
        writer.close()

    async def _ask(self, number: int) -> list[Family] | None:
        """The metrics of a worker; also of this one, whose place another process may have taken already."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = await asyncio.open_unix_connection(self._path(number))
                try:
                    return metric_families.unpack(await reader.read())
                finally:
                    writer.close()
        except (OSError, ValueError):
            return None
