"""The metrics of all workers, from any of them."""

import asyncio
from contextlib import AsyncExitStack
from multiprocessing import Pipe
from pathlib import Path

import pytest

from gateway.telemetry.metrics import Metrics, Sample, Tally
from gateway.workers import metrics as workers_metrics
from gateway.workers.metrics import WorkerMetrics
from gateway.workers.worker import Seat, SlotFigures, Worker
from tests.support.paths import DOCS

FLEET = (DOCS / "fleet.md").read_text()


class Sharing:
    """A worker of two that has counted requests."""

    def __init__(self, number: int, folder: Path) -> None:
        self.registry = registry = Metrics()
        self.requests: Tally = registry.tally("gateway_requests", "Requests.", method=("get", "post"))
        worker = Worker(Seat(number, folder, []), Pipe()[1])
        worker.all = [SlotFigures(True, 0), SlotFigures(True, 3)]
        self.metrics = WorkerMetrics(worker, registry)

    async def lines(self, accept: str = "") -> list[str]:
        text, _ = await self.metrics.exposition(accept)
        return [line for line in text.decode().splitlines() if line.startswith(("gateway_", "# TYPE gateway_requests"))]


@pytest.fixture
def both(tmp_path: Path) -> tuple[Sharing, Sharing]:
    first, second = Sharing(0, tmp_path), Sharing(1, tmp_path)
    first.requests.count("get")
    second.requests.count("post")
    second.requests.count("post")
    return first, second


async def test_each_worker_tells_those_of_all(both: tuple[Sharing, Sharing]) -> None:
    async with AsyncExitStack() as stack:
        for one in both:
            await stack.enter_async_context(one.metrics.shared())
        for one in both:
            assert await one.lines() == [
                "# TYPE gateway_requests_total counter",
                'gateway_requests_total{method="get",worker="0"} 1.0',
                'gateway_requests_total{method="post",worker="0"} 0.0',
                'gateway_requests_total{method="get",worker="1"} 0.0',
                'gateway_requests_total{method="post",worker="1"} 2.0',
                'gateway_worker_metrics_missed_total{worker="0"} 0.0',
                'gateway_worker_metrics_missed_total{worker="1"} 0.0',
                'gateway_workers{worker="0"} 1.0',
                'gateway_workers{worker="1"} 1.0',
                'gateway_worker_restarts_total{worker="0"} 0.0',
                'gateway_worker_restarts_total{worker="1"} 3.0',
            ]


@pytest.mark.parametrize("value", [True, 1, 1.0], ids=["yes", "an integer", "a float"])
async def test_a_value_of_any_kind_of_number_is_told(both: tuple[Sharing, Sharing], value: float) -> None:
    both[0].registry.watch(lambda: [Sample("gateway_open", "Whether it is open.", value)])
    async with both[0].metrics.shared():
        lines = await both[0].lines()
    assert 'gateway_open{worker="0"} 1.0' in lines
    assert 'gateway_requests_total{method="get",worker="0"} 1.0' in lines


async def test_the_documentation_names_what_only_workers_tell(both: tuple[Sharing, Sharing]) -> None:
    async with both[0].metrics.shared():
        names = {line.partition("{")[0] for line in await both[0].lines() if line.startswith("gateway_worker")}
    assert len(names) == 3
    assert [name for name in names if f"| `{name}` |" not in FLEET] == []


async def test_openmetrics_is_told_too(both: tuple[Sharing, Sharing]) -> None:
    async with both[0].metrics.shared():
        text, media_type = await both[0].metrics.exposition("application/openmetrics-text")
        assert media_type.startswith("application/openmetrics-text")
        assert text.endswith(b"# EOF\n")


async def test_one_that_is_not_there_is_left_out_and_counted(both: tuple[Sharing, Sharing]) -> None:
    first, _ = both
    async with first.metrics.shared():
        await first.lines()
        found = await first.lines()
    assert 'gateway_worker_metrics_missed_total{worker="0"} 1.0' in found
    assert [line for line in found if 'worker="1"' in line] == [
        'gateway_workers{worker="1"} 1.0',
        'gateway_worker_restarts_total{worker="1"} 3.0',
    ]


@pytest.mark.parametrize("sent", [None, b"", b"no metrics"], ids=["silence", "nothing", "something else"])
async def test_one_that_does_not_answer_with_metrics_is_left_out(
    both: tuple[Sharing, Sharing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes | None
) -> None:
    over = asyncio.Event()
    if sent is None:
        monkeypatch.setattr(workers_metrics, "ANSWER_SECONDS", 0.01)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if sent is None:
            await over.wait()
        else:
            writer.write(sent)
        writer.close()

    server = await asyncio.start_unix_server(answer, tmp_path / "1")
    async with server:
        assert await both[0].metrics._ask(1) is None
        over.set()


async def test_the_replacement_of_a_worker_answers_for_it(both: tuple[Sharing, Sharing], tmp_path: Path) -> None:
    first, second = both
    replacement = Sharing(1, tmp_path)
    async with AsyncExitStack() as stack:
        for one in (first, second, replacement):
            await stack.enter_async_context(one.metrics.shared())
        for one in (first, second, replacement):
            assert 'gateway_requests_total{method="post",worker="1"} 0.0' in await one.lines()
