"""One run: cells measured in rounds, so that whatever drifts hits all alike."""

import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from bench import load, processes, running, stub, upstream
from bench.operations import Operation
from bench.results import Cell, Round
from bench.running import Running, Unusable
from bench.servers import SERVERS

_WARM_SECONDS = 1.0
_WARM_TIMES = 8
_IDLE_LIMIT_SECONDS = 60.0
_TOLERATED = 0.02
"""The share of requests that may fail, as they do when others keep the machine busy; failures are reported."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, how often and how long, and what answers have to be."""

    cells: Sequence[Cell]
    rounds: int
    seconds: float
    operations: Mapping[str, Operation]
    expected: Mapping[upstream.Distance, Mapping[str, object]]
    tokens: Sequence[str]


class Run:
    """Measures a plan with its files in `folder`, best one in memory; `say` gets a line of progress at a time."""

    def __init__(self, plan: Plan, folder: Path, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._folder = folder
        self._say = say
        self.given_up: dict[Cell, str] = {}
        """Cells whose server failed under load, with what happened; their rounds count for nothing."""

    def rounds(self) -> Iterator[Round]:
        """Measure everything. Raises Unusable for a server that does not answer what it has to before it starts."""
        for players in {cell.players for cell in self._plan.cells}:
            (self._folder / f"tokens-{players}").write_text("\n".join(stub.tokens(players)))
        for name, operation in self._plan.operations.items():
            (self._folder / f"{name}.body").write_bytes(operation.body())
            (self._folder / f"{name}.new").write_bytes(operation.never_seen())
        with upstream.running(self._folder) as called:
            for distance in upstream.Distance:
                cells = [cell for cell in self._plan.cells if cell.distance == distance.value]
                if cells:
                    yield from self._at(distance, cells, called)

    def _at(self, distance: upstream.Distance, cells: Sequence[Cell], called: upstream.Upstream) -> Iterator[Round]:
        names = list(dict.fromkeys(cell.server for cell in cells))
        self._say(f"Upstream {distance.value}: starting {', '.join(names)} ...")
        answer = _compact({"data": self._plan.expected[distance]["home"]})
        with running.servers(names, called, distance, self._folder, answer) as servers:
            for cell in cells:
                self._check(servers[cell.server], cell)
            rests = self._warm(servers, cells)
            for number in range(1, self._plan.rounds + 1):
                for place, cell in enumerate(cells, start=1):
                    one = self._try(servers[cell.server], cell, rests[cell], called)
                    if one is not None:
                        self._say(f"  {number}/{self._plan.rounds} {place:>2}/{len(cells)} {_line(one)}")
                        yield one

    def _check(self, server: Running, cell: Cell) -> None:
        operation, log = self._plan.operations[cell.operation], self._folder / f"{cell.server}.log"
        if cell.is_new_text:
            running.check_new_text(server, operation, self._plan.tokens[0], log)
        else:
            expected = self._plan.expected[upstream.Distance(cell.distance)][cell.operation]
            running.check(server, operation, expected, self._plan.tokens[0], log)

    def _warm(self, servers: Mapping[str, Running], cells: Sequence[Cell]) -> dict[Cell, int]:
        """Let servers get used to each operation and number of connections; answers how long to wait for the last."""
        answered: Counter[tuple[str, str]] = Counter()
        rests: dict[Cell, int] = {}
        for cell in cells:
            self._say(f"  warming {named(cell)} ...")
            rests[cell], seconds = 1, _WARM_SECONDS
            # Each load begins with the first player: more than the usual ones are reached by a longer one only.
            players = cell.players if cell.players > stub.PLAYERS else 0
            for _ in range(_WARM_TIMES):
                sent = self._load(servers[cell.server], cell).send(seconds, rest_seconds=rests[cell])
                rests[cell] = load.rest_after(sent, rests[cell])
                answered[cell.server, cell.operation] += sent.answered
                is_warm = answered[cell.server, cell.operation] >= SERVERS[cell.server].warm_requests
                if is_warm and sent.answered == sent.sent and sent.answered >= players:
                    break
                if sent.answered < players:
                    seconds *= 2
        return rests

    def _try(self, server: Running, cell: Cell, rest: int, called: upstream.Upstream) -> Round | None:
        """Measure a cell, or give it up for good: one failing server must not cost a whole run."""
        if cell in self.given_up:
            return None
        try:
            return self._measure(server, cell, rest, called)
        except (Unusable, TimeoutError) as error:
            self.given_up[cell] = str(error)
            self._say(f"  given up: {named(cell)}: {error}")
            return None

    def _measure(self, server: Running, cell: Cell, rest: int, called: upstream.Upstream) -> Round:
        processes.wait_until_idle(server.pid, limit_seconds=_IDLE_LIMIT_SECONDS)
        before = Usage.now(server.pid, called.pid)
        sent = self._load(server, cell).send(self._plan.seconds, rest_seconds=rest)
        # What is still in flight belongs to the requests sent, and so does its CPU.
        processes.wait_until_idle(server.pid, limit_seconds=_IDLE_LIMIT_SECONDS)
        used = Usage.now(server.pid, called.pid).since(before)
        failed = self._failed(sent, cell)
        if failed > sent.sent * _TOLERATED:
            raise Unusable(f"{failed} of {sent.sent} requests failed")
        self._check(server, cell)
        return Round(
            cell=cell,
            requests=sent.sent,
            cpu_seconds=used.server,
            # All but those that were under way when sending ended were answered until then.
            per_second=(sent.answered - cell.connections) / self._plan.seconds,
            p50_ms=sent.p50_us / 1000,
            p99_ms=sent.p99_us / 1000,
            rss_mb=processes.resident_mb(server.pid),
            foreign=max(0.0, used.machine - used.server - used.upstream - used.own) / used.wall,
            failed=failed,
            answer_bytes=sent.bytes / sent.answered,
        )

    def _failed(self, sent: load.Sent, cell: Cell) -> int:
        """Refused, broken and unanswered requests, and answers too short to be whole: errors may have status 200."""
        if cell.accepts or cell.distance == upstream.Distance.PROGRESS.value:
            return sent.failed + sent.broken + (sent.sent - sent.answered)
        whole = len(_compact(self._plan.expected[upstream.Distance(cell.distance)][cell.operation]))
        short = round(max(0, sent.answered * whole - sent.bytes) / whole)
        return sent.failed + sent.broken + (sent.sent - sent.answered) + short

    def _load(self, server: Running, cell: Cell) -> load.Load:
        body = self._folder / f"{cell.operation}.{'new' if cell.is_new_text else 'body'}"
        return load.Load(server.url, body, self._folder / f"tokens-{cell.players}", cell.connections, cell.accepts)


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds: of the clock, and of CPU by the whole machine, the server, the upstream, and the bench with its wrk."""

    wall: float
    machine: float
    server: float
    upstream: float
    own: float

    @classmethod
    def now(cls, server: int, upstream_pid: int) -> Self:
        """Used until now."""
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return cls(
            wall=time.monotonic(),
            machine=processes.machine_cpu_seconds(),
            server=processes.cpu_seconds(server),
            upstream=processes.cpu_seconds(upstream_pid),
            own=children.ru_utime + children.ru_stime + sum(os.times()[:2]),
        )

    def since(self, before: Self) -> Self:
        """Used since an earlier moment."""
        return type(self)(
            wall=self.wall - before.wall,
            machine=self.machine - before.machine,
            server=self.server - before.server,
            upstream=self.upstream - before.upstream,
            own=self.own - before.own,
        )


def _compact(value: object) -> bytes:
    return msgspec.json.encode(value)


def _line(one: Round) -> str:
    return (
        f"{named(one.cell):<38}{one.per_second:>9.0f}/s {one.cpu_seconds * 1000 / one.requests:>8.4f} ms CPU,"
        f" p50 {one.p50_ms:.1f}, p99 {one.p99_ms:.1f} ms, {one.rss_mb:.0f} MB, foreign {one.foreign:.2f}"
    )


def named(cell: Cell) -> str:
    """A cell in a few words."""
    new, more = " (new text)" if cell.is_new_text else "", f" {cell.accepts}" if cell.accepts else ""
    players = "" if cell.players == stub.PLAYERS else f" of {cell.players}"
    return f"{cell.server} {cell.operation}{new}{more} x{cell.connections}{players}"
