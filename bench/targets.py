"""The speeds that the project wants to reach, and whether a run reached them. Less is better in all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from bench.results import Cell, Figures, Ratio, ratio
from bench.stub import PLAYERS
from bench.upstream import LARGER, Distance

Lookup = Mapping[Cell, Figures]

OURS_UNDER_LOAD = ("gateway", "gateway-balances", "gateway-models", "gateway-kept")


class Verdict(Enum):
    """How far a target is reached."""

    AIM = "aim reached"
    AT_LEAST = "reached"
    MISSED = "**not reached**"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted: a value from a run, the most that it may be, and the value to aim at."""

    text: str
    unit: str
    at_least: float
    aim: float
    value: Callable[[Lookup], Ratio]
    """Raises KeyError for a run that did not measure it, others for one that measured nothing of it."""

    def reached(self, found: Lookup) -> tuple[Ratio | None, Verdict]:
        """The value of a run, None where it was not measured, and what it means."""
        try:
            value = self.value(found)
        except (KeyError, ValueError, ZeroDivisionError):
            return None, Verdict.UNKNOWN
        if value.median <= self.aim:
            return value, Verdict.AIM
        return value, Verdict.AT_LEAST if value.median <= self.at_least else Verdict.MISSED

    def shown(self, value: float) -> str:
        """A value as people read it: small ratios as fractions."""
        if self.unit != "x":
            return f"{value:.3g} {self.unit}"
        return f"{value:.2f}x" if value >= 0.2 else f"1/{1 / value:.1f}".removesuffix(".0")


def cell(
    server: str,
    operation: str = "home",
    connections: int = 32,
    distance: Distance = Distance.NEAR,
    *,
    is_new_text: bool = False,
    players: int = PLAYERS,
    accepts: str = "",
) -> Cell:
    """The cell that most targets speak of, with what is different."""
    return Cell(server, operation, distance.value, connections, is_new_text, players, accepts)


def cpu_ratio(ours: Cell, theirs: Cell) -> Callable[[Lookup], Ratio]:
    """Our CPU for a request in theirs."""
    return lambda found: ratio(found[ours], found[theirs])


def beside_mercurius(operation: str = "home", distance: Distance = Distance.NEAR) -> Callable[[Lookup], Ratio]:
    """Our CPU in that of Mercurius with as many calls, for what it is asked."""
    return cpu_ratio(
        cell("gateway", operation, distance=distance), cell("mercurius-listed", operation, distance=distance)
    )


def _single(value: Callable[[Lookup], float]) -> Callable[[Lookup], Ratio]:
    def found_value(found: Lookup) -> Ratio:
        one = value(found)
        return Ratio(one, one, one)

    return found_value


def _new_text(found: Lookup, server: str) -> float:
    return found[cell(server, is_new_text=True)].cpu_ms - found[cell(server)].cpu_ms


def _new_texts(found: Lookup) -> float:
    return _new_text(found, "gateway-models") / _new_text(found, "mercurius-listed")


def _memory(found: Lookup) -> float:
    return max(one.rss_mb for own, one in found.items() if own.server in OURS_UNDER_LOAD and not own.is_new_text)


def _wire(found: Lookup) -> float:
    return found[cell("gateway", accepts="gzip")].answer_bytes / found[cell("gateway")].answer_bytes


def _step(found: Lookup) -> float:
    return found[cell("gateway", distance=Distance.LARGE)].cpu_ms / found[cell("gateway")].cpu_ms / LARGER


_GATEWAY, _KEPT = cell("gateway"), cell("gateway-kept")
_KEPT_COMPRESSED = cell("gateway-kept-gzip", accepts="gzip")

TARGETS = (
    Target("`home`: CPU vs Mercurius with JIT, as many calls", "x", 0.85, 0.7, beside_mercurius()),
    Target("… with request ids, metrics and a log line, as we have", "x", 0.85, 0.7,
           cpu_ratio(_GATEWAY, cell("mercurius-logged"))),
    Target("`screen`", "x", 0.85, 0.7, beside_mercurius("screen")),
    Target("`home`, each player's own progress on one catalogue", "x", 0.9, 0.75,
           beside_mercurius(distance=Distance.PROGRESS)),
    Target("`home`, data that no two players share", "x", 1.15, 1.0, beside_mercurius(distance=Distance.OWN)),
    Target("`badge`", "x", 1.2, 1.0, beside_mercurius("badge")),
    Target("`home`, upstream over TLS", "x", 0.85, 0.7, beside_mercurius(distance=Distance.TLS)),
    Target("`home`: CPU vs Tailcall, five calls to our two", "x", 0.6, 0.3, cpu_ratio(_GATEWAY, cell("tailcall"))),
    Target("… vs the plain stack, five calls to our two", "x", 1 / 25, 1 / 40, cpu_ratio(_GATEWAY, cell("plain"))),
    Target("Models cached: CPU vs Yoga's response cache", "x", 0.7, 0.6,
           cpu_ratio(cell("gateway-models"), cell("yoga-cache"))),
    Target("Answer cached: CPU vs constant bytes of the same length", "x", 1.4, 1.2,
           cpu_ratio(_KEPT, cell("constant"))),
    Target("… for clients that take gzip", "x", 1.2, 1.0,
           cpu_ratio(_KEPT_COMPRESSED, cell("constant-gzip", accepts="gzip"))),
    Target("Bytes of `home` on the wire, for clients that take gzip", "x", 1 / 10, 1 / 12, _single(_wire)),
    Target("A new text: its cost vs that of Mercurius's new text", "x", 1.5, 1.0, _single(_new_texts)),
    Target("From 1 to 512 connections: CPU", "x", 1.3, 1.15,
           cpu_ratio(cell("gateway", connections=512), cell("gateway", connections=1))),
    Target("From 200 to 5,000 players cached in turn: CPU", "x", 2.0, 1.3,
           cpu_ratio(cell("gateway-kept-gzip", accepts="gzip", players=5_000), _KEPT_COMPRESSED)),
    Target("CPU of a step, ten times as many steps", "x", 1.0, 0.9, _single(_step)),
    Target("Upstream 20 ms away: p50 of `home`", "ms", 28, 23,
           _single(lambda found: found[cell("gateway", distance=Distance.FAR)].p50_ms)),
    Target("Resident memory of a worker under this load", "MB", 150, 120, _single(_memory)),
)  # fmt: skip
