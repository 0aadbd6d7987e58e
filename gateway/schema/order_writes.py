"""What orders of steps and of items have in common: how they are sent, tracked, recovered and prepared for a device."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from gateway.domain.models import PlacedOrder
from gateway.domain.payment import OrderMode
from gateway.errors import OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.outcomes import ItemOrderOutcome, OfferStepOutcome, as_replay

A = TypeVar("A")
O = TypeVar("O", OfferStepOutcome, ItemOrderOutcome)  # noqa: E741

Take = Callable[[Player], Awaitable[A]]
Recover = Callable[[Player, WriteJournal[A], PriorState[A]], Awaitable[A]]
Explain = Callable[[Player, Refusal], Awaitable[A]]


def executed(
    take: Take[A], recover: Recover[A], explain: Explain[A]
) -> Callable[[Player, WriteJournal[A]], Awaitable[A]]:
    """Send a write. A refusal is explained, and a lost response recovered at once."""

    async def execute(player: Player, journal: WriteJournal[A]) -> A:
        try:
            return await take(player)
        except Refusal as refusal:
            return await explain(player, refusal)
        except OutcomeUnknown as lost:
            try:
                return await recover(player, journal, PriorState())
            except OutcomeUnknown:
                raise lost from None

    return execute


def gateway_order(
    name: str, arguments: tuple[str, ...], kind: type[O], *, take: Take[O], recover: Recover[O], explain: Explain[O]
) -> IdempotentWrite[O]:
    """An order that the gateway sends; a webhook may bring it after its response was lost."""
    return IdempotentWrite(
        name,
        (OrderMode.GATEWAY.value, *arguments),
        kind,
        executed(take, recover, explain),
        recover,
        with_order=lambda outcome, order_id: replace(outcome, settled_order_id=order_id),
        as_replay=as_replay,
    )


def direct_order(
    name: str, arguments: tuple[str, ...], kind: type[O], check: Callable[[Player], Awaitable[O]]
) -> IdempotentWrite[O]:
    """Check an order that the player's device sends; nothing is sent, and nothing is recorded."""

    async def execute(player: Player, _: WriteJournal[O]) -> O:
        return await check(player)

    return IdempotentWrite(
        name,
        (OrderMode.DIRECT.value, *arguments),
        kind,
        execute,
        lambda player, journal, _: execute(player, journal),
        is_final=lambda _: False,
    )


def followed(player: Player, placed: PlacedOrder) -> PlacedOrder:
    """A new order; one without a token is watched: the game will not ask for it, because it cannot be paid."""
    if placed.token is None:
        player.waits.follow_order(placed.order_id)
    return placed
