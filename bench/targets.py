"""The speeds that the project wants to reach, and whether a run reached them. Less is better in all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from bench.results import Cell, Figures
from bench.upstream import Distance

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
    value: Callable[[Lookup], float]
    """Raises KeyError for a run that did not measure it, ValueError for one that measured nothing of it."""

    def reached(self, found: Lookup) -> tuple[float | None, Verdict]:
        """The value of a run, None where it was not measured, and what it means."""
        try:
            value = self.value(found)
        except (KeyError, ValueError):
            return None, Verdict.UNKNOWN
        if value <= self.aim:
            return value, Verdict.AIM
        return value, Verdict.AT_LEAST if value <= self.at_least else Verdict.MISSED

    def shown(self, value: float) -> str:
        """A value as people read it: small ratios as fractions."""
        if self.unit != "x":
            return f"{value:.3g} {self.unit}"
        return f"{value:.2f}x" if value >= 0.2 else f"1/{1 / value:.1f}".removesuffix(".0")


def cell(
    server: str, operation: str = "home", connections: int = 32, distance: Distance = Distance.NEAR, **more: bool
) -> Cell:
    """The cell that most targets speak of, with what is different."""
    return Cell(server, operation, distance.value, connections, **more)


def cpu_ratio(ours: Cell, theirs: Cell) -> Callable[[Lookup], float]:
    """Our CPU for a request in theirs."""
    return lambda found: found[ours].cpu_ms / found[theirs].cpu_ms


def _median(one: Cell) -> Callable[[Lookup], float]:
    return lambda found: found[one].p50_ms


def _cost_of_a_new_text(found: Lookup) -> float:
    return found[cell("gateway-models", is_new_text=True)].cpu_ms - found[cell("gateway-models")].cpu_ms


def _memory(found: Lookup) -> float:
    return max(one.rss_mb for own, one in found.items() if own.server in OURS_UNDER_LOAD and not own.is_new_text)


_GATEWAY, _FIVE, _KEPT = cell("gateway"), cell("gateway-balances"), cell("gateway-kept")
_TLS = cell("gateway", distance=Distance.TLS), cell("mercurius", distance=Distance.TLS)

TARGETS = (
    Target("Every request upstream, 32 connections: CPU vs plain stack", "x", 1 / 25, 1 / 40,
           cpu_ratio(_GATEWAY, cell("plain"))),
    Target("… vs Mercurius, JIT, undici", "x", 1.0, 0.7, cpu_ratio(_GATEWAY, cell("mercurius"))),
    Target("… vs Tailcall", "x", 0.6, 0.3, cpu_ratio(_GATEWAY, cell("tailcall"))),
    Target("… with the balance calls made (five calls), vs Mercurius", "x", 1.4, 1.0,
           cpu_ratio(_FIVE, cell("mercurius"))),
    Target("… CPU at 128 connections vs at 1", "x", 1.6, 1.3,
           cpu_ratio(cell("gateway", connections=128), cell("gateway", connections=1))),
    Target("Upstream over TLS: CPU vs Mercurius over TLS", "x", 1.2, 1.0, cpu_ratio(*_TLS)),
    Target("Upstream 20 ms away: p50 of `home` at 32 connections", "ms", 28, 23,
           _median(cell("gateway", distance=Distance.FAR))),
    Target("Models kept, projection each time: CPU vs Yoga's response cache", "x", 1.0, 0.5,
           cpu_ratio(cell("gateway-models"), cell("yoga-cache"))),
    Target("Answer kept: CPU vs constant bytes on bare ASGI", "x", 1.6, 1.3, cpu_ratio(_KEPT, cell("constant"))),
    Target("… vs Yoga's response cache", "x", 1 / 8, 1 / 10, cpu_ratio(_KEPT, cell("yoga-cache"))),
    Target("… vs Tailcall's `@cache`", "x", 1 / 15, 1 / 20, cpu_ratio(_KEPT, cell("tailcall-cache"))),
    Target("A text never seen before: CPU of parsing, limits, validation and compiling", "ms", 3, 2.5,
           _cost_of_a_new_text),
    Target("Resident memory of a worker under this load", "MB", 100, 80, _memory),
)  # fmt: skip
