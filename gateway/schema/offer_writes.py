"""Claims and orders of offer steps: what is sent, how a refusal is explained, and how a lost response is recovered."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from gateway.domain.payment import OrderMode
from gateway.domain.refusals import UserErrorCode, explain_offer_refusal, offer_obstacle
from gateway.domain.rules import OfferStepProgress, StepState, offer_progress
from gateway.errors import GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.cycles import cycle_error, offer_cycle_error, with_cycle
from gateway.schema.outcomes import OfferStepOutcome, UserErrorView, as_replay

STEP_PATH = ("input", "stepId")

StepJournal = WriteJournal[OfferStepOutcome]
StepWrite = IdempotentWrite[OfferStepOutcome]
_NOTHING: PriorState[OfferStepOutcome] = PriorState()


def claim(chain_id: int, number: int, now: datetime, *, cycle: str | None = None) -> StepWrite:
    """Claim a free step. A claim whose response was lost counts as done if the chain shows the step as taken."""

    async def recover(player: Player, _: StepJournal, __: PriorState[OfferStepOutcome]) -> OfferStepOutcome:
        step = await _step(player, chain_id, number)
        if step is not None and step.state is StepState.CLAIMED:
            return OfferStepOutcome(chain_id)
        raise OutcomeUnknown

    async def take(player: Player) -> OfferStepOutcome:
        if error := await offer_cycle_error(player, chain_id, cycle, STEP_PATH):
            return OfferStepOutcome(chain_id, (error,))
        return OfferStepOutcome(chain_id, order_id=await player.writes.claim_offer_step(chain_id, number, cycle))

    return IdempotentWrite(
        "claimOfferChainStep",
        with_cycle((str(chain_id), str(number)), cycle),
        OfferStepOutcome,
        _executed(take, recover, (chain_id, number), now, wants_free=True),
        recover,
        as_replay=as_replay,
    )


def order(chain_id: int, number: int, now: datetime, *, cycle: str | None = None) -> StepWrite:
    """Order a paid step.

    Nobody can pay an order whose response was lost, because nobody knows its token. It is recovered once the chain
    shows the step as taken, or a webhook tells of a paid order of the player for what the step holds.
    """

    async def recover(player: Player, journal: StepJournal, prior: PriorState[OfferStepOutcome]) -> OfferStepOutcome:
        step = None if prior.order_id is not None else await _step(player, chain_id, number)
        if prior.order_id is not None or (step is not None and step.state is StepState.CLAIMED):
            return OfferStepOutcome(chain_id, (UserErrorView(UserErrorCode.ALREADY_CLAIMED, STEP_PATH),))
        if step is not None:
            await journal.expect_order([item.sku for item in step.step.items])
        raise OutcomeUnknown

    async def take(player: Player) -> OfferStepOutcome:
        if error := await offer_cycle_error(player, chain_id, cycle, STEP_PATH):
            return OfferStepOutcome(chain_id, (error,))
        placed = await player.writes.order_offer_step(chain_id, number, cycle)
        if placed.token is None:
            # The game will not ask for it, because it cannot open the payment page.
            player.waits.follow_order(placed.order_id)
        return OfferStepOutcome(chain_id, order=placed)

    return IdempotentWrite(
        "orderOfferChainStep",
        with_cycle((OrderMode.GATEWAY.value, str(chain_id), str(number)), cycle),
        OfferStepOutcome,
        _executed(take, recover, (chain_id, number), now, wants_free=False),
        recover,
        with_order=lambda outcome, order_id: replace(outcome, settled_order_id=order_id),
        as_replay=as_replay,
    )


def direct_order(chain_id: int, number: int, now: datetime, *, cycle: str | None = None) -> StepWrite:
    """Check a paid step for an order that the player's device sends; nothing is sent, and nothing is recorded."""

    async def check(player: Player, _: StepJournal) -> OfferStepOutcome:
        chain = await player.reads.fresh_offer_chain(chain_id)
        error = cycle_error(chain, cycle, STEP_PATH)
        if chain and not error and (code := offer_obstacle(chain, number, wants_free=False, now=now)):
            error = UserErrorView(code, STEP_PATH)
        if error is not None:
            return OfferStepOutcome(chain_id, (error,))
        return OfferStepOutcome(chain_id, direct_number=number)

    async def check_again(player: Player, journal: StepJournal, _: PriorState[OfferStepOutcome]) -> OfferStepOutcome:
        return await check(player, journal)

    return IdempotentWrite(
        "orderOfferChainStep",
        with_cycle((OrderMode.DIRECT.value, str(chain_id), str(number)), cycle),
        OfferStepOutcome,
        check,
        check_again,
        is_final=lambda _: False,
    )


Take = Callable[[Player], Awaitable[OfferStepOutcome]]
Recover = Callable[[Player, StepJournal, PriorState[OfferStepOutcome]], Awaitable[OfferStepOutcome]]


def _executed(
    take: Take, recover: Recover, step: tuple[int, int], now: datetime, *, wants_free: bool
) -> Callable[[Player, StepJournal], Awaitable[OfferStepOutcome]]:
    """Send a write. A refusal is explained, and a lost response recovered at once."""
    chain_id, _ = step

    async def execute(player: Player, journal: StepJournal) -> OfferStepOutcome:
        try:
            return await take(player)
        except Refusal as refusal:
            code = await _explained(player, refusal, step, now, wants_free=wants_free)
            return OfferStepOutcome(chain_id, (UserErrorView.of(code, STEP_PATH, refusal),))
        except OutcomeUnknown as lost:
            try:
                return await recover(player, journal, _NOTHING)
            except OutcomeUnknown:
                raise lost from None

    return execute


async def _explained(
    player: Player, refusal: Refusal, step: tuple[int, int], now: datetime, *, wants_free: bool
) -> UserErrorCode:
    chain_id, number = step
    try:
        chain = await player.reads.fresh_offer_chain(chain_id)
    except GatewayError:
        return UserErrorCode.REJECTED
    return explain_offer_refusal(refusal, chain, number, wants_free=wants_free, now=now)


async def _step(player: Player, chain_id: int, number: int) -> OfferStepProgress | None:
    """The step as it stands; None also where it cannot be read, which leaves open what became of a write."""
    try:
        chain = await player.reads.fresh_offer_chain(chain_id)
    except GatewayError:
        return None
    steps = () if chain is None else offer_progress(chain, is_open=True).steps
    return next((step for step in steps if step.step.step_number == number), None)
