"""Claims of daily steps: which ones are ready, and how the chain explains a refusal or a lost response."""

from datetime import datetime

from gateway.domain.daily_rules import CLAIMED
from gateway.domain.refusals import UserErrorCode, explain_daily_refusal
from gateway.domain.rules import StepState
from gateway.errors import GatewayError, Refusal
from gateway.player import Player
from gateway.schema.cycles import cycle_error, daily_cycle_error
from gateway.schema.daily_chains import DailyChainView
from gateway.schema.outcomes import UserErrorView
from gateway.schema.step_claims import StepClaims

CHAIN_PATH = ("input", "dailyChainId")


async def _ready_steps(player: Player, chain_id: int, now: datetime, cycle: str | None) -> list[int] | UserErrorView:
    # The screen may be of the day before.
    chain = await player.daily.fresh_chain(chain_id)
    if error := cycle_error(chain, cycle, CHAIN_PATH):
        return error
    steps = DailyChainView.of(chain, player, now).progress.steps if chain else ()
    return [step.step.step_number for step in steps if step.state is StepState.AVAILABLE]


async def _claimed_steps(player: Player, chain_id: int) -> frozenset[int]:
    try:
        chain = await player.daily.fresh_chain(chain_id)
    except GatewayError:
        return frozenset()
    return frozenset(step.step_number for step in (chain.steps if chain else ()) if step.status == CLAIMED)


async def _explained(player: Player, refusal: Refusal, chain_id: int, number: int, now: datetime) -> UserErrorCode:
    try:
        chain = await player.daily.fresh_chain(chain_id)
    except GatewayError:
        return UserErrorCode.REJECTED
    return explain_daily_refusal(refusal, chain, number, now=now)


DAILY_CLAIMS = StepClaims(
    mutation="claimDailyChainStep",
    prefix=("daily",),
    chain_path=CHAIN_PATH,
    is_daily=True,
    # In order, because the upstream takes them in no other (client contract, 4).
    at_once=1,
    send=lambda player, chain_id, number, cycle: player.writes.claim_daily_step(chain_id, number, cycle),
    cycle_error=daily_cycle_error,
    explained=_explained,
    ready=_ready_steps,
    claimed=_claimed_steps,
)
