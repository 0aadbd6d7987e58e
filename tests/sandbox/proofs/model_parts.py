"""What the model is made of: chains, players, orders, and the periods in which chains renew."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HOUR = 3600
WEEK = 7 * 24 * HOUR
MONDAY_FOUR_O_CLOCK = 4 * 24 * HOUR + 4 * HOUR
"""The first Monday of 1970 at 04:00 UTC, which is 06:00 at +02:00."""

Period = Callable[[float], float]


def never(_: float) -> float:
    return 0


def hourly(now: float) -> float:
    return now // HOUR * HOUR


def weekly(now: float) -> float:
    return (now - MONDAY_FOUR_O_CLOCK) // WEEK * WEEK + MONDAY_FOUR_O_CLOCK


@dataclass(frozen=True)
class Step:
    """One item to take: free, paid, or reached with points."""

    step_id: int
    sku: str
    quantity: int = 1
    is_free: bool = False
    points_needed: int = 0


@dataclass(frozen=True)
class Chain:
    """An offer chain, or with a value point a reward chain; `period` names the current period."""

    chain_id: int
    steps: tuple[Step, ...]
    period: Period = never
    ends_at: float = float("inf")
    value_point: str | None = None
    is_clan: bool = False


@dataclass(frozen=True)
class Catalog:
    """What items give: `points` by value point and SKU, `contents` by the SKU of a bundle."""

    points: Mapping[str, Mapping[str, int]]
    contents: Mapping[str, Mapping[str, int]]


@dataclass
class Player:
    """What is known of a player; `wanted_clan` is their attribute, `clan` their current clan."""

    name: str
    wanted_clan: str | None
    clan: str | None = None
    claims: list[tuple[int, float]] = field(default_factory=list)
    owned: Counter[str] = field(default_factory=Counter)

    def arrive(self) -> None:
        """Call with a token: players without a clan join the one that it names."""
        self.clan = self.clan or self.wanted_clan


@dataclass
class Order:
    """An order for a step, or with no chain for an item, and every status that it has had."""

    player: str
    step: Step
    chain: Chain | None
    history: list[str]

    @property
    def status(self) -> str:
        return self.history[-1]


@dataclass(frozen=True)
class Earned:
    """Points that an order gave."""

    value_point: str
    order: Order
    clan: str | None
    amount: int
    at: float
