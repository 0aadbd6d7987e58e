"""What the sandbox has to say, computed a second time from the acts: plain lists, no database, no shared code.

The model restates the rules that the sandbox documents; where both agree after every act, no step was taken twice, no
point came out of nothing, and nobody's state moved but the actor's (or, of clan points, his clan's).
"""

from collections import defaultdict
from collections.abc import Iterable

from tests.sandbox.proofs.model_parts import Catalog, Chain, Earned, Order, Player, Step

Outcome = tuple[int, int]
"""Status and error code of a response; the code of a success is 0."""

OK: Outcome = (200, 0)
NO_CONTENT: Outcome = (204, 0)
REFUSED: Outcome = (422, 1102)
ALREADY_CLAIMED: Outcome = (422, 9912)
NOT_ENOUGH_POINTS: Outcome = (422, 9913)
NO_CHAIN: Outcome = (404, 4001)
NO_ORDER: Outcome = (404, 9001)
NO_REWARD_STEP: Outcome = (404, 9911)


class Model:
    """All chains, players and orders."""

    def __init__(self, chains: Iterable[Chain], catalog: Catalog, names: Iterable[str]) -> None:
        self.chains = {chain.chain_id: chain for chain in chains}
        self.catalog = catalog
        self.players = {name: Player(name, None) for name in names}
        self.orders: dict[int, Order] = {}
        self.ledger: list[Earned] = []
        self.switched_off: set[int] = set()

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
            counts = line.clan == player.clan is not None if chain.is_clan else line.order.player == name
            if counts and line.value_point == chain.value_point and line.at >= since:
                found[line.order.player] += line.amount
        return dict(found)

    def amount(self, name: str, chain: Chain, now: float) -> int:
        """Points that count for the player in a reward chain."""
        return sum(self.contributions(name, chain, now).values())

    def claim_offer(self, name: str, chain: Chain, number: int, now: float) -> Outcome:
        """Predict a claim."""
        if chain.chain_id in self.switched_off:
            return NO_CHAIN
        step = chain.steps[number - 1]
        if now >= chain.ends_at or number != self.next_number(name, chain, now) or not step.is_free:
            return REFUSED
        self._take(self.players[name], step, now)
        return OK

    def order_offer(self, name: str, chain: Chain, number: int, now: float) -> Outcome:
        """Predict an order; the former unpaid ones for the step expire."""
        if chain.chain_id in self.switched_off:
            return NO_CHAIN
        step = chain.steps[number - 1]
        if now >= chain.ends_at or number != self.next_number(name, chain, now) or step.is_free:
            return REFUSED
        for order in self.orders.values():
            if order.player == name and order.step == step and order.status == "new":
                order.history.append("expired")
        return OK

    def pay(self, order: Order, now: float) -> None:
        """Predict a payment: taken when the step is still the next one, or for an item."""
        if order.status not in ("new", "expired"):
            return
        if not self._can_take(order, now):
            order.history += ["canceled"] if order.status == "new" else []
            return
        order.history += ["paid", "done"]
        player = self.players[order.player]
        self._grant(player, order.step)
        if order.chain:
            player.claims.append((order.step.step_id, now))
        for value_point, amounts in self.catalog.points.items():
            amount = amounts.get(order.step.sku, 0) * order.step.quantity
            if amount:
                self.ledger.append(Earned(value_point, order, player.clan, amount, now))

    def refund(self, order: Order) -> Outcome:
        """Predict a refund: items and points go back, the step stays taken."""
        if order.status != "done":
            return REFUSED
        order.history.append("canceled")
        self._grant(self.players[order.player], order.step, times=-1)
        self.ledger = [line for line in self.ledger if line.order is not order]
        return OK

    def reset(self, chain: Chain) -> None:
        """Predict the publisher's reset: no player has claimed a step, and no player has points of that kind."""
        steps = {step.step_id for step in chain.steps}
        for player in self.players.values():
            player.claims = [claim for claim in player.claims if claim[0] not in steps]
        self.ledger = [line for line in self.ledger if line.value_point != chain.value_point]

    def toggle(self, chain: Chain) -> None:
        """Predict the publisher's switch."""
        self.switched_off ^= {chain.chain_id}

    def cancel(self, order: Order) -> Outcome:
        """Predict a cancellation."""
        if order.status != "new":
            return REFUSED
        order.history.append("canceled")
        return OK

    def claim_reward(self, name: str, chain: Chain, step: Step, now: float) -> Outcome:
        """Predict a reward's claim."""
        if chain.chain_id in self.switched_off:
            return NO_REWARD_STEP
        if step.step_id in self.claimed(name, chain, now):
            return ALREADY_CLAIMED
        if now >= chain.ends_at:
            return REFUSED
        if not self._reached(name, chain, step, now):
            return NOT_ENOUGH_POINTS
        self._take(self.players[name], step, now)
        return NO_CONTENT

    def update_clan(self, name: str, now: float) -> list[str]:
        """Predict what players get when they follow their attribute to another clan."""
        player = self.players[name]
        if player.clan == player.wanted_clan:
            return []
        left = [
            step
            for chain in self.chains.values()
            if chain.is_clan and self.is_running(chain, now)
            for step in chain.steps
            if step.step_id not in self.claimed(name, chain, now) and self._reached(name, chain, step, now)
        ]
        for step in left:
            self._take(player, step, now)
        player.clan = player.wanted_clan
        return [step.sku for step in left]

    def is_running(self, chain: Chain, now: float) -> bool:
        """Tell whether players find the chain in their lists."""
        return now < chain.ends_at and chain.chain_id not in self.switched_off

    def _can_take(self, order: Order, now: float) -> bool:
        if order.chain is None:
            return True
        number = self.next_number(order.player, order.chain, now)
        is_next = number is not None and order.chain.steps[number - 1] == order.step
        return is_next and order.chain.chain_id not in self.switched_off

    def _take(self, player: Player, step: Step, now: float) -> None:
        player.claims.append((step.step_id, now))
        self._grant(player, step)

    def _grant(self, player: Player, step: Step, times: int = 1) -> None:
        player.owned[step.sku] += step.quantity * times
        for sku, quantity in self.catalog.contents.get(step.sku, {}).items():
            player.owned[sku] += quantity * step.quantity * times

    def _reached(self, name: str, chain: Chain, step: Step, now: float) -> bool:
        if chain.is_clan and self.players[name].clan is None:
            return False
        return self.amount(name, chain, now) >= step.points_needed
