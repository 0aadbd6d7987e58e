"""Claims and orders of offer steps: what is sent, how a refusal is explained, and how a lost answer is found out."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from gateway.domain.payment import OrderMode
from gateway.domain.refusals import UserErrorCode, explain_offer_refusal, offer_obstacle
from gateway.domain.rules import OfferStepProgress, StepState, offer_progress
from gateway.errors import GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.deeds import Deed, Known, Notes
from gateway.schema.outcomes import OfferStepOutcome, UserErrorView

STEP_PATH = ("input", "stepId")

StepNotes = Notes[OfferStepOutcome]
StepDeed = Deed[Player, OfferStepOutcome]
_NOTHING: Known[OfferStepOutcome] = Known()


def claim(chain_id: int, number: int, now: datetime) -> StepDeed:
    """Claim a free step. A claim whose answer was lost stands if the chain shows the step as taken."""

    async def settle(player: Player, _: StepNotes, __: Known[OfferStepOutcome]) -> OfferStepOutcome:
        step = await _step(player, chain_id, number)
        if step is not None and step.state is StepState.CLAIMED:
            return OfferStepOutcome(chain_id)
        raise OutcomeUnknown

    async def take(player: Player) -> OfferStepOutcome:
        return OfferStepOutcome(chain_id, order_id=await player.claim_offer_step(chain_id, number))

    return Deed(
        "claimOfferChainStep",
        (str(chain_id), str(number)),
        OfferStepOutcome,
        _carried_out(take, settle, (chain_id, number), now, wants_free=True),
        settle,
    )


def order(chain_id: int, number: int, now: datetime) -> StepDeed:
    """Order a paid step.

    The order of a lost answer cannot be paid by anybody who does not know it. It is found out once the chain shows the
    step as taken, or a webhook tells of a paid order of the player for what the step holds.
    """

    async def settle(player: Player, notes: StepNotes, known: Known[OfferStepOutcome]) -> OfferStepOutcome:
        step = None if known.order_id is not None else await _step(player, chain_id, number)
        if known.order_id is not None or (step is not None and step.state is StepState.CLAIMED):
            return OfferStepOutcome(chain_id, (UserErrorView(UserErrorCode.ALREADY_CLAIMED, STEP_PATH),))
        if step is not None:
            await notes.expect_order([item.sku for item in step.step.items])
        raise OutcomeUnknown

    async def take(player: Player) -> OfferStepOutcome:
        return OfferStepOutcome(chain_id, order=await player.order_offer_step(chain_id, number))

    return Deed(
        "orderOfferChainStep",
        (OrderMode.GATEWAY.value, str(chain_id), str(number)),
        OfferStepOutcome,
        _carried_out(take, settle, (chain_id, number), now, wants_free=False),
        settle,
        with_order=lambda outcome, order_id: replace(outcome, settled_order_id=order_id),
    )


def direct_order(chain_id: int, number: int, now: datetime) -> StepDeed:
    """Check a paid step for an order that the player's device sends; nothing is sent, and nothing is kept."""

    async def check(player: Player, _: StepNotes) -> OfferStepOutcome:
        chain = await player.fresh_offer_chain(chain_id)
        code = UserErrorCode.NOT_FOUND if chain is None else offer_obstacle(chain, number, wants_free=False, now=now)
        if code is not None:
            return OfferStepOutcome(chain_id, (UserErrorView(code, STEP_PATH),))
        return OfferStepOutcome(chain_id, direct_number=number)

    async def check_again(player: Player, notes: StepNotes, _: Known[OfferStepOutcome]) -> OfferStepOutcome:
        return await check(player, notes)

    return Deed(
        "orderOfferChainStep",
        (OrderMode.DIRECT.value, str(chain_id), str(number)),
        OfferStepOutcome,
        check,
        check_again,
        is_final=lambda _: False,
    )


Take = Callable[[Player], Awaitable[OfferStepOutcome]]
Settle = Callable[[Player, StepNotes, Known[OfferStepOutcome]], Awaitable[OfferStepOutcome]]


def _carried_out(
    take: Take, settle: Settle, step: tuple[int, int], now: datetime, *, wants_free: bool
) -> Callable[[Player, StepNotes], Awaitable[OfferStepOutcome]]:
    """Send it; a refusal is explained, and a lost answer is looked for at once."""
    chain_id, _ = step

    async def carry_out(player: Player, notes: StepNotes) -> OfferStepOutcome:
        try:
            return await take(player)
        except Refusal as refusal:
            code = await _explained(player, refusal, step, now, wants_free=wants_free)
            return OfferStepOutcome(chain_id, (UserErrorView(code, STEP_PATH, refusal.upstream_code),))
        except OutcomeUnknown as lost:
            try:
                return await settle(player, notes, _NOTHING)
            except OutcomeUnknown:
                raise lost from None

    return carry_out


async def _explained(
    player: Player, refusal: Refusal, step: tuple[int, int], now: datetime, *, wants_free: bool
) -> UserErrorCode:
    chain_id, number = step
    try:
        chain = await player.offer_chain(chain_id)
    except GatewayError:
        return UserErrorCode.REJECTED
    return explain_offer_refusal(refusal, chain, number, wants_free=wants_free, now=now)


async def _step(player: Player, chain_id: int, number: int) -> OfferStepProgress | None:
    """The step as it stands; None also where it cannot be read, which leaves open what became of a write."""
    try:
        chain = await player.fresh_offer_chain(chain_id)
    except GatewayError:
        return None
    steps = () if chain is None else offer_progress(chain).steps
    return next((step for step in steps if step.step.step_number == number), None)
