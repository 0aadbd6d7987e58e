"""Orders made from the player's device: the gateway is told of them, and makes sure that they are the player's."""

from dataclasses import replace

from gateway.domain.refusals import UserErrorCode
from gateway.player import Player
from gateway.player.deeds import Deed, Known, Notes
from gateway.schema.outcomes import TrackedOutcome, UserErrorView

ORDER_PATH = ("input", "upstreamId")


def track(order_id: int) -> Deed[Player, TrackedOutcome]:
    """Read an order with the player's own credential, and watch over it. Nothing is sent, so it may be done again."""

    async def carry_out(player: Player, _: Notes[TrackedOutcome]) -> TrackedOutcome:
        order = await player.track_order(order_id) if order_id > 0 else None
        if order is None:
            return TrackedOutcome(errors=(UserErrorView(UserErrorCode.NOT_FOUND, ORDER_PATH),))
        return TrackedOutcome(order_id, order)

    async def again(player: Player, notes: Notes[TrackedOutcome], _: Known[TrackedOutcome]) -> TrackedOutcome:
        return await carry_out(player, notes)

    return Deed(
        "trackOrder",
        (str(order_id),),
        TrackedOutcome,
        carry_out,
        again,
        # An order that is too new to be found may be there the next time.
        is_final=lambda outcome: outcome.order_id is not None,
        # Its state is told as it is then.
        kept=lambda outcome: replace(outcome, order=None),
    )
