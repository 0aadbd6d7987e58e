"""What was measured, as it is kept in a JSON file."""

from collections.abc import Iterable
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import msgspec

from bench.stub import PLAYERS


class Cell(msgspec.Struct, frozen=True):
    """One row to measure: a server, asked for an operation by a number of connections, with its upstream at a distance.

    `is_new_text` asks with a text that the server has never seen, each time. `players` ask in turn, and `accepts` is
    the content encoding that they take.
    """

    server: str
    operation: str
    distance: str
    connections: int
    is_new_text: bool = False
    players: int = PLAYERS
    accepts: str = ""


class Round(msgspec.Struct, frozen=True):
    """One measurement of a cell. `foreign` is the CPU that others took meanwhile, in cores."""

    cell: Cell
    requests: int
    cpu_seconds: float
    per_second: float
    p50_ms: float
    p99_ms: float
    rss_mb: float
    foreign: float
    failed: int = 0
    answer_bytes: float = 0.0
    """Bytes on the wire of one answer, with its head."""


class Profile(msgspec.Struct, frozen=True):
    """Samples of one busy server: how many had their innermost frame in each part and function."""

    title: str
    parts: dict[str, int]
    functions: dict[str, int]


class Machine(msgspec.Struct, frozen=True):
    """What it was measured on."""

    processor: str
    cores: int
    memory_gb: int
    system: str
    versions: dict[str, str]


class Results(msgspec.Struct, frozen=True):
    """One run: everything in it may be compared with everything else in it."""

    date: str
    seconds: float
    rounds: list[Round]
    machine: Machine
    left_out: dict[str, str] = {}
    """Servers that could not be measured, with the reason."""
    profiles: list[Profile] = []


class Figures(msgspec.Struct, frozen=True):
    """A cell's figures over all its rounds."""

    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    rss_mb: float
    foreign: float
    requests: int
    failed: int
    answer_bytes: float = 0.0
    cpu_rounds: tuple[float, ...] = ()
    """CPU ms in each round."""


class Ratio(NamedTuple):
    """One cell's CPU in another's: the median over the rounds in which both were measured, and its quartiles."""

    median: float
    low: float
    high: float


def ratio(one: Figures, other: Figures) -> Ratio:
    """Rounds are compared pairwise, since a machine that changes its speed does so for neighbours alike."""
    pairs = list(zip(one.cpu_rounds, other.cpu_rounds, strict=False)) or [(one.cpu_ms, other.cpu_ms)]
    ratios = [mine / theirs for mine, theirs in pairs]
    if len(ratios) == 1:
        return Ratio(ratios[0], ratios[0], ratios[0])
    low, median, high = quantiles(ratios, n=4, method="inclusive")
    return Ratio(median, low, high)


def figures(rounds: Iterable[Round]) -> dict[Cell, Figures]:
    """Join each cell's rounds: CPU over all requests, speed and latency of the round that others disturbed least."""
    by_cell: dict[Cell, list[Round]] = {}
    for one in rounds:
        by_cell.setdefault(one.cell, []).append(one)
    return {cell: _joined(own) for cell, own in by_cell.items()}


def _joined(rounds: list[Round]) -> Figures:
    requests = sum(one.requests for one in rounds)
    quietest = min(rounds, key=lambda one: one.foreign)
    return Figures(
        cpu_ms=sum(one.cpu_seconds for one in rounds) * 1000 / requests,
        per_second=quietest.per_second,
        p50_ms=quietest.p50_ms,
        p99_ms=quietest.p99_ms,
        rss_mb=max(one.rss_mb for one in rounds),
        foreign=quietest.foreign,
        requests=requests,
        failed=sum(one.failed for one in rounds),
        answer_bytes=quietest.answer_bytes,
        cpu_rounds=tuple(one.cpu_seconds * 1000 / one.requests for one in rounds),
    )


def read(path: Path) -> Results:
    """Read a run. Raises OSError or msgspec.MsgspecError."""
    return msgspec.json.decode(path.read_bytes(), type=Results)


def write(results: Results, path: Path) -> None:
    """Keep a run."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
