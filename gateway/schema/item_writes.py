"""Orders of items of the catalog: what is sent, how a refusal is explained, and how a lost response is recovered."""

import re

from gateway.domain.catalog import ItemOrder, explain_item_refusal, item_obstacle
from gateway.domain.refusals import UserErrorCode
from gateway.errors import GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema import order_writes
from gateway.schema.outcomes import ItemOrderOutcome, UserErrorView

SKU_PATH = ("input", "sku")

SKU = re.compile(r"(?!\.+$)[A-Za-z0-9._-]{1,255}")
"""A SKU (client contract, 0); one of dots alone would be another address."""

ItemWrite = IdempotentWrite[ItemOrderOutcome]
_NAME = "orderItem"


def order(item: ItemOrder) -> ItemWrite:
    """Order an item. An order whose response was lost is recovered once a webhook tells of it: no chain shows it."""

    async def take(player: Player) -> ItemOrderOutcome:
        return ItemOrderOutcome(order=order_writes.followed(player, await player.writes.order_item(item)))

    async def recover(
        _: Player, journal: WriteJournal[ItemOrderOutcome], prior: PriorState[ItemOrderOutcome]
    ) -> ItemOrderOutcome:
        if prior.order_id is not None:
            return _refused(UserErrorCode.ALREADY_CLAIMED)
        await journal.expect_order([item.sku])
        raise OutcomeUnknown

    async def explain(player: Player, refusal: Refusal) -> ItemOrderOutcome:
        try:
            code = explain_item_refusal(refusal, await player.catalog.fresh_item(item.sku))
        except GatewayError:
            code = UserErrorCode.REJECTED
        return ItemOrderOutcome((UserErrorView.of(code, SKU_PATH, refusal),))

    return order_writes.gateway_order(
        _NAME, _arguments(item), ItemOrderOutcome, take=take, recover=recover, explain=explain
    )


def direct_order(item: ItemOrder) -> ItemWrite:
    """Check an item for an order that the player's device sends."""

    async def check(player: Player) -> ItemOrderOutcome:
        code = item_obstacle(await player.catalog.fresh_item(item.sku))
        return ItemOrderOutcome(direct=item) if code is None else _refused(code)

    return order_writes.direct_order(_NAME, _arguments(item), ItemOrderOutcome, check)


def _arguments(item: ItemOrder) -> tuple[str, ...]:
    """What makes two orders the same; the language of the payment page does not."""
    return item.sku, str(item.quantity)


def _refused(code: UserErrorCode) -> ItemOrderOutcome:
    return ItemOrderOutcome((UserErrorView(code, SKU_PATH),))
