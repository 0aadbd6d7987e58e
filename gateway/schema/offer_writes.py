"""Claims and orders of offer steps: what is sent, how a refusal is explained, and how a lost response is recovered."""

from datetime import datetime

from gateway.domain.refusals import UserErrorCode, explain_offer_refusal, offer_obstacle
from gateway.domain.rules import OfferStepProgress, StepState, offer_progress
from gateway.errors import GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema import order_writes
from gateway.schema.cycles import cycle_error, offer_cycle_error, with_cycle
from gateway.schema.outcomes import OfferStepOutcome, UserErrorView, as_replay

STEP_PATH = ("input", "stepId")

StepJournal = WriteJournal[OfferStepOutcome]
StepWrite = IdempotentWrite[OfferStepOutcome]
_ORDER = "orderOfferChainStep"


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
        order_writes.executed(take, recover, _explain((chain_id, number), now, wants_free=True)),
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
        return OfferStepOutcome(chain_id, order=order_writes.followed(player, placed))

    return order_writes.gateway_order(
        _ORDER,
        with_cycle((str(chain_id), str(number)), cycle),
        OfferStepOutcome,
        take=take,
        recover=recover,
        explain=_explain((chain_id, number), now, wants_free=False),
    )


def direct_order(chain_id: int, number: int, now: datetime, *, cycle: str | None = None) -> StepWrite:
    """Check a paid step for an order that the player's device sends; nothing is sent, and nothing is recorded."""

    async def check(player: Player) -> OfferStepOutcome:
        chain = await player.reads.fresh_offer_chain(chain_id)
        error = cycle_error(chain, cycle, STEP_PATH)
        if chain and not error and (code := offer_obstacle(chain, number, wants_free=False, now=now)):
            error = UserErrorView(code, STEP_PATH)
        if error is not None:
            return OfferStepOutcome(chain_id, (error,))
        return OfferStepOutcome(chain_id, direct_number=number)

    arguments = with_cycle((str(chain_id), str(number)), cycle)
    return order_writes.direct_order(_ORDER, arguments, OfferStepOutcome, check)


def _explain(step: tuple[int, int], now: datetime, *, wants_free: bool) -> order_writes.Explain[OfferStepOutcome]:
    """Say why a step was refused, from the chain as it is afterwards."""
    chain_id, number = step

    async def explain(player: Player, refusal: Refusal) -> OfferStepOutcome:
        try:
            chain = await player.reads.fresh_offer_chain(chain_id)
            code = explain_offer_refusal(refusal, chain, number, wants_free=wants_free, now=now)
        except GatewayError:
            code = UserErrorCode.REJECTED
        return OfferStepOutcome(chain_id, (UserErrorView.of(code, STEP_PATH, refusal),))

    return explain


async def _step(player: Player, chain_id: int, number: int) -> OfferStepProgress | None:
    """The step as it stands; None also where it cannot be read, which leaves open what became of a write."""
    try:
        chain = await player.reads.fresh_offer_chain(chain_id)
    except GatewayError:
        return None
    steps = () if chain is None else offer_progress(chain, is_open=True).steps
    return next((step for step in steps if step.step.step_number == number), None)
