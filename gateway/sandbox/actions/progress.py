"""A player's progress set by hand, in place of purchases, points and days that would lead there.

Steps that are given are free orders and those that are taken back are cancelled ones, so that the publisher's server is
told of each by a webhook as usual. Steps that are given earn no points, and what else was claimed stays as it is.
"""

from collections.abc import Iterable

from gateway.sandbox.domain.daily_rounds import DAY_SECONDS, DailyType, StepStatus
from gateway.sandbox.domain.rules import OrderStatus, can_transition
from gateway.sandbox.errors import RefusedError
from gateway.sandbox.storage.chains import Chain, ChainKind, Step
from gateway.sandbox.storage.daily_rounds import daily_rounds
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Part, PointReward, load_items
from gateway.sandbox.storage.orders import NewOrder, Order, get_order, place_order, transition_order
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.points import ValuePoint, grant_points, own_points, revoke_points, value_points
from gateway.sandbox.storage.step_claims import claimed_steps, delete_claims, record_claim


def set_taken_steps(tx: Transaction, player: Player, chain: Chain, count: int) -> None:
    """Make the first `count` steps the ones that the player has taken in the chain's current cycle.

    Days in a row become days until yesterday, so that the next one is today's. Raises RefusedError for more steps than
    the chain has, and for days that have not come.
    """
    if count > len(chain.steps):
        raise RefusedError(f"The chain has {len(chain.steps)} steps")
    if chain.kind is ChainKind.DAILY:
        _set_taken_days(tx, player, chain, chain.steps[:count])
        return
    taken = claimed_steps(tx, player, [chain])
    _take_back(tx, player, chain.steps[count:], since=chain.current_period_start(tx.now))
    for step in chain.steps[:count]:
        if step.step_id not in taken:
            record_claim(tx, chain, step, _give(tx, player, chain, step))


def set_points(tx: Transaction, player: Player, chain: Chain, amount: int) -> None:
    """Make the points that the player has earned in a reward chain's current cycle `amount`; in a clan, their share.

    Raises RefusedError for a chain that counts no points, and for a clan's chain where the player is in no clan.
    """
    point = value_points(tx, [chain]).get(chain.chain_id)
    if point is None:
        raise RefusedError("The chain counts no points")
    if point.is_clan and player.clan is None:
        raise RefusedError("The player is in no clan")
    missing = amount - own_points(tx, player, chain)
    if not missing:
        return
    items = load_items(tx, [point.item_id])
    order = place_order(tx, player, NewOrder(None, None, [Part(point.item_id, abs(missing))], items))
    grant_points(tx, player, order, [_reward(point, missing)])
    if missing < 0:
        transition_order(tx, order, OrderStatus.CANCELED)


def _set_taken_days(tx: Transaction, player: Player, chain: Chain, steps: tuple[Step, ...]) -> None:
    current = daily_rounds(tx, player, [chain])[chain.chain_id]
    is_rolling = chain.daily_type == DailyType.ROLLING
    if not is_rolling and any(current.steps[step.step_id].status is StepStatus.FUTURE for step in steps):
        raise RefusedError("That day has not come")
    _take_back(tx, player, chain.steps, period_start=current.period_start)
    # The last day of all is today: a chain that starts over would do so if it had been yesterday.
    last_day = tx.now if len(steps) == len(chain.steps) else tx.now - DAY_SECONDS
    first_day = last_day - (len(steps) - 1) * DAY_SECONDS
    period_start = int(first_day) if is_rolling else current.period_start
    for place, step in enumerate(steps):
        claimed_at = first_day + place * DAY_SECONDS if is_rolling else tx.now
        order = _give(tx, player, chain, step)
        record_claim(tx, chain, step, order, period_start=period_start, claimed_at=claimed_at)


def _give(tx: Transaction, player: Player, chain: Chain, step: Step) -> Order:
    rewards = step.items_for(player.attributes)
    items = load_items(tx, [reward.item_id for reward in rewards])
    return place_order(tx, player, NewOrder(chain.chain_id, step.step_id, rewards, items))


def _take_back(
    tx: Transaction, player: Player, steps: Iterable[Step], *, since: float = 0, period_start: int | None = None
) -> None:
    step_ids = [step.step_id for step in steps]
    for order_id in delete_claims(tx, player, step_ids, since=since, period_start=period_start):
        order = get_order(tx, order_id)
        # One that was refunded has been cancelled already.
        if can_transition(order.status, OrderStatus.CANCELED):
            revoke_points(tx, order)
            transition_order(tx, order, OrderStatus.CANCELED)


def _reward(point: ValuePoint, amount: int) -> PointReward:
    return PointReward(point.item_id, point.sku, point.name, point.image_url, point.is_clan, amount)
