"""What a player does with an offer chain: claim a free step, order a paid one (client contract, 1.5 and 1.6).

The upstream publishes one number for every reason why a step cannot be claimed; the text says the reason, for people.
"""

import msgspec

from gateway.sandbox.domain.rules import Price, is_step_free, next_step_id
from gateway.sandbox.errors import DetailedNotFoundError, RefusedError
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, StepItem, find_chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Item, Items, load_items
from gateway.sandbox.storage.orders import NewOrder, Order, expire_unpaid, place_order
from gateway.sandbox.storage.players import Player, Viewer
from gateway.sandbox.storage.step_claims import claimed_steps, record_claim


class AvailableStep(msgspec.Struct, frozen=True):
    """The step that a player may claim or buy next, with its item."""

    chain: Chain
    step: Step
    item: Item
    items: Items

    @property
    def part(self) -> StepItem:
        """What the step holds: one item in a quantity."""
        return self.step.items[0]

    @property
    def is_free(self) -> bool:
        """Whether the step is claimed; otherwise it is ordered."""
        return is_step_free(self.step.is_free, self.item.is_free)

    @property
    def price(self) -> Price | None:
        """The item's price, for the step as a whole: that it multiplies by quantity is not documented."""
        return None if self.is_free else self.item.price


def claim_offer_step(tx: Transaction, player: Player, chain_id: int, step_number: int) -> Order:
    """Claim a free step: grant its item and unlock the next step.

    Raises NotFoundError, or RefusedError when the step is paid, locked, claimed, or outside the chain's dates.
    """
    available = _find_available_step(tx, player, chain_id, step_number)
    if not available.is_free:
        raise RefusedError("The step is not free")
    order = place_order(tx, player, _new_order(available))
    record_claim(tx, available.chain, available.step, order)
    return order


def order_offer_step(tx: Transaction, player: Player, chain_id: int, step_number: int, payment_token: str) -> Order:
    """Order a paid step; it is claimed when the order is paid, and until then a new order expires the former one.

    Raises NotFoundError, or RefusedError when the step is free, without a price, locked, claimed, or outside the
    chain's dates.
    """
    available = _find_available_step(tx, player, chain_id, step_number)
    if available.price is None:
        raise RefusedError("The step cannot be bought")
    expire_unpaid(tx, player, available.step.step_id)
    return place_order(tx, player, _new_order(available, available.price, payment_token))


def payable_step(tx: Transaction, player: Player, order: Order) -> AvailableStep | None:
    """Find the step that an unpaid order is for, None when the player cannot claim it any more.

    The chain may have ended since: an order made in time may still be paid. A step that was claimed meanwhile, that a
    renewal has locked again, or that the publisher has deleted, may not.
    """
    if order.chain_id is None:
        return None
    chain = find_chain(tx, Viewer(player.project_id, player), ChainKind.OFFER, order.chain_id)
    step = next((step for step in chain.steps if step.step_id == order.step_id), None) if chain else None
    if chain is None or step is None or not _is_next(tx, player, chain, step):
        return None
    return _with_item(tx, chain, step)


def _find_available_step(tx: Transaction, player: Player, chain_id: int, step_number: int) -> AvailableStep:
    chain = find_chain(tx, Viewer(player.project_id, player), ChainKind.OFFER, chain_id)
    if chain is None:
        raise DetailedNotFoundError("Offer chain not found")
    step = next((step for step in chain.steps if step.step_number == step_number), None)
    if step is None:
        raise DetailedNotFoundError("Offer chain step not found")
    # That a chain refuses outside its dates is our reading; the upstream's response is not documented.
    if not chain.is_active(tx.now):
        raise RefusedError("The offer chain is not active")
    if not _is_next(tx, player, chain, step):
        raise RefusedError("The step is not the next one")
    return _with_item(tx, chain, step)


def _is_next(tx: Transaction, player: Player, chain: Chain, step: Step) -> bool:
    claimed = claimed_steps(tx, player, [chain])
    return next_step_id((one.step_id for one in chain.steps), claimed) == step.step_id


def _with_item(tx: Transaction, chain: Chain, step: Step) -> AvailableStep:
    item_id = step.items[0].item_id
    items = load_items(tx, [item_id])
    return AvailableStep(chain, step, items[item_id], items)


def _new_order(available: AvailableStep, price: Price | None = None, payment_token: str | None = None) -> NewOrder:
    return NewOrder(
        chain_id=available.chain.chain_id,
        step_id=available.step.step_id,
        parts=[available.part],
        items=available.items,
        price=price,
        payment_token=payment_token,
    )
