"""What the sandbox has to say, computed a second time from the acts: plain lists, no database, no shared code.

The model restates the rules that the sandbox documents; where both agree after every act, no step was taken twice, no
point came out of nothing, and nobody's state moved but the actor's (or, of clan points, his clan's).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

HOUR = 3600
WEEK = 7 * 24 * HOUR
MONDAY_FOUR_O_CLOCK = 4 * 24 * HOUR + 4 * HOUR
"""The first Monday of 1970 at 04:00 UTC, which is 06:00 at +02:00."""

Period = Callable[[float], float]
Verdict = tuple[int, int]
"""Status and error code of an answer; the code of a success is 0."""

OK: Verdict = (200, 0)
NO_CONTENT: Verdict = (204, 0)
REFUSED: Verdict = (422, 1102)
ALREADY_CLAIMED: Verdict = (422, 9912)
NOT_ENOUGH_POINTS: Verdict = (422, 9913)


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
    """What is known of a player; `wanted_clan` is his attribute, `clan` where he is a member."""

    name: str
    wanted_clan: str | None
    clan: str | None = None
    claims: list[tuple[int, float]] = field(default_factory=list)
    owned: Counter[str] = field(default_factory=Counter)

    def arrive(self) -> None:
        """Be seen with a token: who has no clan joins the one that he names."""
        self.clan = self.clan or self.wanted_clan


@dataclass(frozen=True)
class Earned:
    """A line of the ledger."""

    value_point: str
    player: str
    clan: str | None
    amount: int
    at: float


@dataclass
class Order:
    """An order and every status that it has had."""

    player: str
    chain: Chain
    step: Step
    history: list[str]

    @property
    def status(self) -> str:
        return self.history[-1]


class Model:
    """All chains, players and orders."""

    def __init__(self, chains: Iterable[Chain], catalog: Catalog, names: Iterable[str]) -> None:
        self.chains = {chain.chain_id: chain for chain in chains}
        self.catalog = catalog
        self.players = {name: Player(name, None) for name in names}
        self.orders: dict[int, Order] = {}
        self.ledger: list[Earned] = []

    def claimed(self, name: str, chain: Chain, now: float) -> set[int]:
        """Steps that the player has taken in the current period."""
        mine = {step.step_id for step in chain.steps}
        since = chain.period(now)
        return {step_id for step_id, at in self.players[name].claims if step_id in mine and at >= since}

    def next_number(self, name: str, chain: Chain, now: float) -> int | None:
        """Number of the step that the player may take."""
        claimed = self.claimed(name, chain, now)
        return next((number for number, step in enumerate(chain.steps, 1) if step.step_id not in claimed), None)

    def contributions(self, name: str, chain: Chain, now: float) -> dict[str, int]:
        """Who has earned what counts for the player in a reward chain."""
        player, since = self.players[name], chain.period(now)
        found: dict[str, int] = defaultdict(int)
        for line in self.ledger:
            counts = line.clan == player.clan is not None if chain.is_clan else line.player == name
            if counts and line.value_point == chain.value_point and line.at >= since:
                found[line.player] += line.amount
        return dict(found)

    def amount(self, name: str, chain: Chain, now: float) -> int:
        """Points that count for the player in a reward chain."""
        return sum(self.contributions(name, chain, now).values())

    def claim_offer(self, name: str, chain: Chain, number: int, now: float) -> Verdict:
        """Foresee a claim."""
        step = chain.steps[number - 1]
        if now >= chain.ends_at or number != self.next_number(name, chain, now) or not step.is_free:
            return REFUSED
        self._take(self.players[name], step, now)
        return OK

    def order_offer(self, name: str, chain: Chain, number: int, now: float) -> Verdict:
        """Foresee an order; the former unpaid ones for the step expire."""
        step = chain.steps[number - 1]
        if now >= chain.ends_at or number != self.next_number(name, chain, now) or step.is_free:
            return REFUSED
        for order in self.orders.values():
            if order.player == name and order.step == step and order.status == "new":
                order.history.append("expired")
        return OK

    def pay(self, order: Order, now: float) -> None:
        """Foresee a payment: taken when the step is still the next one."""
        if order.status not in ("new", "expired"):
            return
        number = self.next_number(order.player, order.chain, now)
        if number is None or order.chain.steps[number - 1] != order.step:
            order.history += ["canceled"] if order.status == "new" else []
            return
        order.history += ["paid", "done"]
        player = self.players[order.player]
        self._take(player, order.step, now)
        for value_point, amounts in self.catalog.points.items():
            amount = amounts.get(order.step.sku, 0) * order.step.quantity
            if amount:
                self.ledger.append(Earned(value_point, player.name, player.clan, amount, now))

    def cancel(self, order: Order) -> Verdict:
        """Foresee a cancellation."""
        if order.status != "new":
            return REFUSED
        order.history.append("canceled")
        return OK

    def claim_reward(self, name: str, chain: Chain, step: Step, now: float) -> Verdict:
        """Foresee a reward's claim."""
        if step.step_id in self.claimed(name, chain, now):
            return ALREADY_CLAIMED
        if now >= chain.ends_at:
            return REFUSED
        if not self._reached(name, chain, step, now):
            return NOT_ENOUGH_POINTS
        self._take(self.players[name], step, now)
        return NO_CONTENT

    def update_clan(self, name: str, now: float) -> list[str]:
        """Foresee what a player gets when he follows his attribute to another clan."""
        player = self.players[name]
        if player.clan == player.wanted_clan:
            return []
        left = [
            step
            for chain in self.chains.values()
            if chain.is_clan and now < chain.ends_at
            for step in chain.steps
            if step.step_id not in self.claimed(name, chain, now) and self._reached(name, chain, step, now)
        ]
        for step in left:
            self._take(player, step, now)
        player.clan = player.wanted_clan
        return [step.sku for step in left]

    def _take(self, player: Player, step: Step, now: float) -> None:
        player.claims.append((step.step_id, now))
        player.owned[step.sku] += step.quantity
        for sku, quantity in self.catalog.contents.get(step.sku, {}).items():
            player.owned[sku] += quantity * step.quantity

    def _reached(self, name: str, chain: Chain, step: Step, now: float) -> bool:
        if chain.is_clan and self.players[name].clan is None:
            return False
        return self.amount(name, chain, now) >= step.points_needed
