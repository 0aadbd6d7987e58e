"""What was measured, as it is kept in a JSON file."""

from collections.abc import Iterable
from pathlib import Path

import msgspec


class Cell(msgspec.Struct, frozen=True):
    """One row to measure: a server, asked for an operation by a number of connections, with its upstream at a distance.

    `is_new_text` asks with a text that the server has never seen, each time.
    """

    server: str
    operation: str
    distance: str
    connections: int
    is_new_text: bool = False


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
    )


def read(path: Path) -> Results:
    """Read a run. Raises OSError or msgspec.MsgspecError."""
    return msgspec.json.decode(path.read_bytes(), type=Results)


def write(results: Results, path: Path) -> None:
    """Keep a run."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
