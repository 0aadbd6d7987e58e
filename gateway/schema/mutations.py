"""The mutation root. Payloads are nullable, so that a mutation that fails outright leaves its neighbours' answers."""

import asyncio
from collections.abc import Awaitable, Callable

import strawberry

from gateway.errors import AccessError, GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.refusals import UserErrorCode, explain_offer_refusal, explain_reward_refusal
from gateway.rules import StepState
from gateway.schema import ids
from gateway.schema.common import computed
from gateway.schema.context import Context, Info
from gateway.schema.payloads import (
    ClaimAllOutcome,
    ClaimAvailableRewardsInput,
    ClaimAvailableRewardsPayload,
    ClaimOfferChainStepInput,
    ClaimOfferChainStepPayload,
    ClaimRewardChainStepInput,
    ClaimRewardChainStepPayload,
    ClanOutcome,
    OfferStepOutcome,
    OrderOfferChainStepInput,
    OrderOfferChainStepPayload,
    RewardStepOutcome,
    StepClaimView,
    UpdateClanPayload,
    UserErrorView,
)
from gateway.schema.reward_views import reward_chain_view, settle_all

_STEP_PATH = ("input", "stepId")
_CHAIN_PATH = ("input", "rewardChainId")

CLAIMS_AT_ONCE = 4
"""How many steps of a chain are claimed side by side, so that one player's tap does not take all connections."""


@strawberry.type(description="Everything that can be done.")
class Mutation:
    @computed(
        description="Claim a free step of an offer chain. Safe to send again: a step is granted once.",
        graphql_type=ClaimOfferChainStepPayload | None,
    )
    @staticmethod
    async def claim_offer_chain_step(info: Info, input: ClaimOfferChainStepInput) -> OfferStepOutcome:  # noqa: A002 - the argument's name
        async def claim(chain_id: int, number: int) -> OfferStepOutcome:
            order_id = await info.context.player.claim_offer_step(chain_id, number)
            return OfferStepOutcome(chain_id, order_id=order_id)

        return await _take_offer_step(info.context, input.step_id, claim, wants_free=True)

    @computed(
        description="Order a paid step of an offer chain: opens an order that waits for payment at `paymentUrl`. Every "
        "call makes a new order, so do not send it again before reading the chain.",
        graphql_type=OrderOfferChainStepPayload | None,
    )
    @staticmethod
    async def order_offer_chain_step(info: Info, input: OrderOfferChainStepInput) -> OfferStepOutcome:  # noqa: A002 - the argument's name
        async def order(chain_id: int, number: int) -> OfferStepOutcome:
            placed = await info.context.player.order_offer_step(chain_id, number)
            return OfferStepOutcome(chain_id, order=placed)

        return await _take_offer_step(info.context, input.step_id, order, wants_free=False)

    @computed(
        description="Claim a reward step that has enough points. Safe to send again: a step is granted once.",
        graphql_type=ClaimRewardChainStepPayload | None,
    )
    @staticmethod
    async def claim_reward_chain_step(info: Info, input: ClaimRewardChainStepInput) -> RewardStepOutcome:  # noqa: A002 - the argument's name
        try:
            chain_id, step_id = ids.decode(ids.IdKind.REWARD_STEP, input.step_id)
        except ids.InvalidId:
            return RewardStepOutcome(None, _invalid_id(_STEP_PATH))
        try:
            await info.context.player.claim_reward_step(chain_id, step_id)
        except Refusal as refusal:
            return RewardStepOutcome(chain_id, (await _explain_reward(info.context, refusal, chain_id, step_id),))
        return RewardStepOutcome(chain_id)

    @computed(
        description="Claim every step of a reward chain that is ready, each with its own result.",
        graphql_type=ClaimAvailableRewardsPayload | None,
    )
    @staticmethod
    async def claim_available_rewards(info: Info, input: ClaimAvailableRewardsInput) -> ClaimAllOutcome:  # noqa: A002 - the argument's name
        try:
            (chain_id,) = ids.decode(ids.IdKind.REWARD_CHAIN, input.reward_chain_id)
        except ids.InvalidId:
            return ClaimAllOutcome(None, errors=_invalid_id(_CHAIN_PATH))
        player = info.context.player
        player.require_sign_in()
        view = await reward_chain_view(player, chain_id)
        if view is None:
            return ClaimAllOutcome(None, errors=(UserErrorView(UserErrorCode.NOT_FOUND, _CHAIN_PATH),))
        await settle_all([view])
        ready = [step.step.step_id for step in view.progress.steps if step.state is StepState.AVAILABLE]
        return ClaimAllOutcome(chain_id, results=await _claim_all(info.context, chain_id, ready))

    @computed(
        description="Take over the player's present clan, and grant what was unclaimed in the former one. Call it "
        "after the player joined, changed or left a clan.",
        graphql_type=UpdateClanPayload | None,
    )
    @staticmethod
    async def update_clan(info: Info) -> ClanOutcome:
        try:
            return ClanOutcome(await info.context.player.update_clan())
        except Refusal as refusal:
            return ClanOutcome(errors=(UserErrorView(UserErrorCode.REJECTED, (), refusal.upstream_code),))


async def _take_offer_step(
    context: Context,
    step_id: str,
    take: Callable[[int, int], Awaitable[OfferStepOutcome]],
    *,
    wants_free: bool,
) -> OfferStepOutcome:
    """Claim or order the step that an id names; a refusal comes back explained."""
    try:
        chain_id, number = ids.decode(ids.IdKind.OFFER_STEP, step_id)
    except ids.InvalidId:
        return OfferStepOutcome(None, _invalid_id(_STEP_PATH))
    try:
        return await take(chain_id, number)
    except Refusal as refusal:
        error = await _explain_offer(context, refusal, chain_id, number, wants_free=wants_free)
        return OfferStepOutcome(chain_id, (error,))


async def _claim_all(context: Context, chain_id: int, step_ids: list[int]) -> tuple[StepClaimView, ...]:
    places = asyncio.Semaphore(CLAIMS_AT_ONCE)

    async def claim(step_id: int) -> UserErrorView | None:
        async with places:
            return await _claim_one(context, chain_id, step_id)

    errors = await asyncio.gather(*map(claim, step_ids))
    claimed: frozenset[int] = frozenset()
    if any(error and error.code is UserErrorCode.OUTCOME_UNKNOWN for error in errors):
        claimed = await _claimed_steps(context.player, chain_id)
    results = []
    for step_id, error in zip(step_ids, errors, strict=True):
        is_claimed = error is None or error.code is UserErrorCode.ALREADY_CLAIMED or step_id in claimed
        results.append(StepClaimView(chain_id, step_id, is_claimed, None if is_claimed else error))
    return tuple(results)


async def _claim_one(context: Context, chain_id: int, step_id: int) -> UserErrorView | None:
    """Claim one step of many: what goes wrong costs this step alone, unless the player himself is refused."""
    try:
        await context.player.claim_reward_step(chain_id, step_id)
    except AccessError:
        raise
    except Refusal as refusal:
        return await _explain_reward(context, refusal, chain_id, step_id)
    except OutcomeUnknown as error:
        return UserErrorView(UserErrorCode.OUTCOME_UNKNOWN, _CHAIN_PATH, error.upstream_code)
    except GatewayError as error:
        return UserErrorView(UserErrorCode.UNAVAILABLE, _CHAIN_PATH, error.upstream_code)
    return None


async def _claimed_steps(player: Player, chain_id: int) -> frozenset[int]:
    """Steps that the chain itself shows as claimed: it settles claims whose answers were lost."""
    try:
        view = await reward_chain_view(player, chain_id)
    except GatewayError:
        return frozenset()
    return frozenset(step.step_id for step in view.chain.steps if step.is_claimed) if view else frozenset()


async def _explain_offer(
    context: Context, refusal: Refusal, chain_id: int, number: int, *, wants_free: bool
) -> UserErrorView:
    try:
        chain = await context.player.offer_chain(chain_id)
    except GatewayError:
        return UserErrorView(UserErrorCode.REJECTED, _STEP_PATH, refusal.upstream_code)
    code = explain_offer_refusal(refusal, chain, number, wants_free=wants_free, now=context.now)
    return UserErrorView(code, _STEP_PATH, refusal.upstream_code)


async def _explain_reward(context: Context, refusal: Refusal, chain_id: int, step_id: int) -> UserErrorView:
    try:
        view = await reward_chain_view(context.player, chain_id)
        await settle_all([view] if view else ())
    except GatewayError:
        return UserErrorView(UserErrorCode.REJECTED, _STEP_PATH, refusal.upstream_code)
    chain, points = (view.chain, view.points) if view else (None, 0)
    code = explain_reward_refusal(refusal, chain, step_id, points=points, now=context.now)
    return UserErrorView(code, _STEP_PATH, refusal.upstream_code)


def _invalid_id(path: tuple[str, ...]) -> tuple[UserErrorView, ...]:
    return (UserErrorView(UserErrorCode.INVALID_ID, path),)
