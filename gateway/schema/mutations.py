"""The mutation root. Payloads are nullable, so that a mutation that fails outright leaves its neighbours' answers."""

from collections.abc import Callable
from typing import TypeVar

import strawberry

from gateway.domain.payment import OrderMode
from gateway.domain.refusals import UserErrorCode
from gateway.errors import KeyConflict, KeyInUse
from gateway.player.idempotency import run_idempotent
from gateway.player.idempotent_write import IdempotentWrite
from gateway.schema import ids, offer_writes, reward_writes, tracking
from gateway.schema.common import computed
from gateway.schema.context import Info
from gateway.schema.inputs import (
    ClaimAvailableRewardsInput,
    ClaimOfferChainStepInput,
    ClaimRewardChainStepInput,
    OrderOfferChainStepInput,
    TrackOrderInput,
    UpdateClanInput,
)
from gateway.schema.outcomes import (
    ClaimAllOutcome,
    ClanOutcome,
    Errors,
    OfferStepOutcome,
    RewardStepOutcome,
    TrackedOutcome,
    UserErrorView,
)
from gateway.schema.payloads import (
    ClaimAvailableRewardsPayload,
    ClaimOfferChainStepPayload,
    ClaimRewardChainStepPayload,
    OrderOfferChainStepPayload,
    TrackOrderPayload,
    UpdateClanPayload,
)

A = TypeVar("A")

_KEY_PATH = ("input", "idempotencyKey")


@strawberry.type(description="Everything that can be done.")
class Mutation:
    @computed(
        description="Claim a free step of an offer chain. Safe to send again: a step is granted once.",
        graphql_type=ClaimOfferChainStepPayload | None,
    )
    @staticmethod
    async def claim_offer_chain_step(info: Info, input: ClaimOfferChainStepInput) -> OfferStepOutcome:  # noqa: A002 - the argument's name
        try:
            chain_id, number = ids.decode(ids.IdKind.OFFER_STEP, input.step_id)
        except ids.InvalidId:
            return OfferStepOutcome(None, _invalid_id(offer_writes.STEP_PATH))
        write = offer_writes.claim(chain_id, number, info.context.now)
        return await _once(info, input.idempotency_key, write, lambda errors: OfferStepOutcome(chain_id, errors))

    @computed(
        description="Order a paid step of an offer chain: opens an order that waits for payment at `paymentUrl`. Send "
        "an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order.",
        graphql_type=OrderOfferChainStepPayload | None,
    )
    @staticmethod
    async def order_offer_chain_step(info: Info, input: OrderOfferChainStepInput) -> OfferStepOutcome:  # noqa: A002 - the argument's name
        try:
            chain_id, number = ids.decode(ids.IdKind.OFFER_STEP, input.step_id)
        except ids.InvalidId:
            return OfferStepOutcome(None, _invalid_id(offer_writes.STEP_PATH))
        is_direct = (input.mode or info.context.player.order_mode) is OrderMode.DIRECT
        make = offer_writes.direct_order if is_direct else offer_writes.order
        write = make(chain_id, number, info.context.now)
        return await _once(info, input.idempotency_key, write, lambda errors: OfferStepOutcome(chain_id, errors))

    @computed(
        description="Tell the gateway of an order that was made from the player's device, so that it watches over it.",
        graphql_type=TrackOrderPayload | None,
    )
    @staticmethod
    async def track_order(info: Info, input: TrackOrderInput) -> TrackedOutcome:  # noqa: A002 - the argument's name
        write = tracking.track(input.upstream_id)
        return await _once(info, input.idempotency_key, write, lambda errors: TrackedOutcome(errors=errors))

    @computed(
        description="Claim a reward step that has enough points. Safe to send again: a step is granted once.",
        graphql_type=ClaimRewardChainStepPayload | None,
    )
    @staticmethod
    async def claim_reward_chain_step(info: Info, input: ClaimRewardChainStepInput) -> RewardStepOutcome:  # noqa: A002 - the argument's name
        try:
            chain_id, step_id = ids.decode(ids.IdKind.REWARD_STEP, input.step_id)
        except ids.InvalidId:
            return RewardStepOutcome(None, _invalid_id(reward_writes.STEP_PATH))
        write = reward_writes.claim(chain_id, step_id, info.context.now)
        return await _once(info, input.idempotency_key, write, lambda errors: RewardStepOutcome(chain_id, errors))

    @computed(
        description="Claim every step of a reward chain that is ready, each with its own result.",
        graphql_type=ClaimAvailableRewardsPayload | None,
    )
    @staticmethod
    async def claim_available_rewards(info: Info, input: ClaimAvailableRewardsInput) -> ClaimAllOutcome:  # noqa: A002 - the argument's name
        try:
            (chain_id,) = ids.decode(ids.IdKind.REWARD_CHAIN, input.reward_chain_id)
        except ids.InvalidId:
            return ClaimAllOutcome(None, errors=_invalid_id(reward_writes.CHAIN_PATH))
        write = reward_writes.claim_available(chain_id, info.context.now)
        return await _once(info, input.idempotency_key, write, lambda errors: ClaimAllOutcome(chain_id, errors=errors))

    @computed(
        description="Take over the player's present clan, and grant what was unclaimed in the former one. Call it "
        "after the player joined, changed or left a clan.",
        graphql_type=UpdateClanPayload | None,
    )
    @staticmethod
    async def update_clan(info: Info, input: UpdateClanInput | None = None) -> ClanOutcome:  # noqa: A002 - the argument's name
        key = None if input is None else input.idempotency_key
        return await _once(info, key, reward_writes.update_clan(), lambda errors: ClanOutcome(errors=errors))


async def _once(info: Info, key: str | None, write: IdempotentWrite[A], refused: Callable[[Errors], A]) -> A:
    """Do it once for each key; what is wrong with a key is the client's to know."""
    try:
        return await run_idempotent(info.context.player, key, write)
    except KeyConflict:
        return refused((UserErrorView(UserErrorCode.IDEMPOTENCY_CONFLICT, _KEY_PATH),))
    except KeyInUse:
        return refused((UserErrorView(UserErrorCode.IN_PROGRESS, _KEY_PATH),))


def _invalid_id(path: tuple[str, ...]) -> Errors:
    return (UserErrorView(UserErrorCode.INVALID_ID, path),)
