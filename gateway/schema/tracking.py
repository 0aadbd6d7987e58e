"""Orders made from the player's device: the game reports them, and the gateway checks that they are the player's."""

from dataclasses import replace

from gateway.domain.refusals import UserErrorCode
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.outcomes import TrackedOutcome, UserErrorView, as_replay

ORDER_PATH = ("input", "upstreamId")


def track(order_id: int) -> IdempotentWrite[TrackedOutcome]:
    """Read an order with the player's own credential, and watch over it. Nothing is sent, so it may be done again."""

    async def execute(player: Player, _: WriteJournal[TrackedOutcome]) -> TrackedOutcome:
        order = await player.waits.track_order(order_id) if order_id > 0 else None
        if order is None:
            return TrackedOutcome(errors=(UserErrorView(UserErrorCode.NOT_FOUND, ORDER_PATH),))
        return TrackedOutcome(order_id, order)

    async def again(
        player: Player, journal: WriteJournal[TrackedOutcome], _: PriorState[TrackedOutcome]
    ) -> TrackedOutcome:
        return await execute(player, journal)

    return IdempotentWrite(
        "trackOrder",
        (str(order_id),),
        TrackedOutcome,
        execute,
        again,
        # An order that is too new to be found may be there the next time.
        is_final=lambda outcome: outcome.order_id is not None,
        # Its state is told as it is then.
        to_record=lambda outcome: replace(outcome, order=None),
        as_replay=as_replay,
    )
