"""The mutation root. Payloads are nullable, so that a mutation that fails outright leaves the others' results."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import strawberry

from gateway.domain.catalog import ItemOrder
from gateway.domain.payment import OrderMode, PaymentMode
from gateway.domain.refusals import UserErrorCode
from gateway.errors import BadUserInput, KeyConflict, KeyInUse
from gateway.player.idempotency import run_idempotent
from gateway.player.idempotent_write import IdempotentWrite
from gateway.schema import daily_writes, ids, item_writes, offer_writes, reward_writes, tracking
from gateway.schema.context import Info
from gateway.schema.fields import computed
from gateway.schema.inputs import (
    ClaimAvailableRewardsInput,
    ClaimDailyChainStepInput,
    ClaimOfferChainStepInput,
    ClaimRewardChainStepInput,
    OrderItemInput,
    OrderOfferChainStepInput,
    TrackOrderInput,
    UpdateClanInput,
)
from gateway.schema.outcomes import (
    ClaimAllOutcome,
    ClanOutcome,
    Errors,
    ItemOrderOutcome,
    OfferStepOutcome,
    StepClaimOutcome,
    TrackedOutcome,
    UserErrorView,
)
from gateway.schema.payloads import (
    ClaimAvailableRewardsPayload,
    ClaimDailyChainStepPayload,
    ClaimOfferChainStepPayload,
    ClaimRewardChainStepPayload,
    OrderItemPayload,
    OrderOfferChainStepPayload,
    TrackOrderPayload,
    UpdateClanPayload,
)
from gateway.schema.step_claims import STEP_PATH

A = TypeVar("A")

_KEY_PATH = ("input", "idempotencyKey")

_ChainInput = (
    ClaimOfferChainStepInput
    | OrderOfferChainStepInput
    | ClaimRewardChainStepInput
    | ClaimDailyChainStepInput
    | ClaimAvailableRewardsInput
)


@dataclass(frozen=True, slots=True)
class _Target(Generic[A]):
    """What a mutation writes to: the kind of its id, the input field of the id, and the outcome of a refusal."""

    kind: ids.IdKind
    path: tuple[str, ...]
    refused: Callable[[int | None, Errors], A]


_OFFER_STEP = _Target(ids.IdKind.OFFER_STEP, offer_writes.STEP_PATH, OfferStepOutcome)
_REWARD_STEP = _Target(ids.IdKind.REWARD_STEP, STEP_PATH, StepClaimOutcome)
_REWARD_CHAIN = _Target(
    ids.IdKind.REWARD_CHAIN,
    reward_writes.CHAIN_PATH,
    lambda chain_id, errors: ClaimAllOutcome(chain_id, errors=errors),
)

_DAILY_STEP = _Target(ids.IdKind.DAILY_STEP, STEP_PATH, StepClaimOutcome)
_DAILY_CHAIN = _Target(
    ids.IdKind.DAILY_CHAIN,
    daily_writes.CHAIN_PATH,
    lambda chain_id, errors: ClaimAllOutcome(chain_id, errors=errors, is_daily=True),
)


@strawberry.type(description="Every mutation that a game can send.")
class Mutation:
    @computed(
        description="Claim a free step of an offer chain. Safe to send again: a step is granted once.",
        graphql_type=ClaimOfferChainStepPayload | None,
    )
    @staticmethod
    async def claim_offer_chain_step(info: Info, input: ClaimOfferChainStepInput) -> OfferStepOutcome:  # noqa: A002 - the argument's name
        return await _run_on(_OFFER_STEP, input.step_id, info, input, offer_writes.claim)

    @computed(
        description="Order a paid step of an offer chain: opens an order that waits for payment at `paymentUrl`. Send "
        "an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order.",
        graphql_type=OrderOfferChainStepPayload | None,
    )
    @staticmethod
    async def order_offer_chain_step(info: Info, input: OrderOfferChainStepInput) -> OfferStepOutcome:  # noqa: A002 - the argument's name
        is_direct = (input.mode or info.context.player.order_mode) is OrderMode.DIRECT
        make = offer_writes.direct_order if is_direct else offer_writes.order
        return await _run_on(_OFFER_STEP, input.step_id, info, input, make)

    @computed(
        description="Order an item of the catalog, such as one of `RewardChain.earnBy`: opens an order that waits for "
        "payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the "
        "last makes a new order.",
        graphql_type=OrderItemPayload | None,
    )
    @staticmethod
    async def order_item(info: Info, input: OrderItemInput) -> ItemOrderOutcome:  # noqa: A002 - the argument's name
        info.context.choose_locale(input.locale)
        if not item_writes.SKU.fullmatch(input.sku):
            return ItemOrderOutcome(_errors(UserErrorCode.INVALID_ID, item_writes.SKU_PATH))
        if input.quantity < 1:
            raise BadUserInput("`quantity` must be at least 1.")
        player = info.context.player
        item = ItemOrder(
            input.sku,
            input.quantity,
            sandbox=info.context.payment_page.mode is PaymentMode.SANDBOX,
            locale=next(iter(player.caller.languages), None),
        )
        is_direct = (input.mode or player.order_mode) is OrderMode.DIRECT
        write = item_writes.direct_order(item) if is_direct else item_writes.order(item)
        return await _run(info, input.idempotency_key, write, ItemOrderOutcome)

    @computed(
        description="Tell the gateway about an order that was made from the player's device, so that the gateway "
        "watches it.",
        graphql_type=TrackOrderPayload | None,
    )
    @staticmethod
    async def track_order(info: Info, input: TrackOrderInput) -> TrackedOutcome:  # noqa: A002 - the argument's name
        write = tracking.track(input.upstream_id)
        return await _run(info, input.idempotency_key, write, lambda errors: TrackedOutcome(errors=errors))

    @computed(
        description="Claim a reward step for which the player has enough points. Safe to send again: a step is "
        "granted once.",
        graphql_type=ClaimRewardChainStepPayload | None,
    )
    @staticmethod
    async def claim_reward_chain_step(info: Info, input: ClaimRewardChainStepInput) -> StepClaimOutcome:  # noqa: A002 - the argument's name
        return await _run_on(_REWARD_STEP, input.step_id, info, input, reward_writes.REWARD_CLAIMS.claim)

    @computed(
        description="Claim the step of the day of a daily chain. Safe to send again: a step is granted once.",
        graphql_type=ClaimDailyChainStepPayload | None,
    )
    @staticmethod
    async def claim_daily_chain_step(info: Info, input: ClaimDailyChainStepInput) -> StepClaimOutcome:  # noqa: A002 - the argument's name
        return await _run_on(_DAILY_STEP, input.step_id, info, input, daily_writes.DAILY_CLAIMS.claim)

    @computed(
        description="Claim every step that is ready of a reward chain or of a daily chain, each with its own result.",
        graphql_type=ClaimAvailableRewardsPayload | None,
    )
    @staticmethod
    async def claim_available_rewards(info: Info, input: ClaimAvailableRewardsInput) -> ClaimAllOutcome:  # noqa: A002 - the argument's name
        reward_id, daily_id = input.reward_chain_id, input.daily_chain_id
        if reward_id is not None and daily_id is None:
            return await _run_on(_REWARD_CHAIN, reward_id, info, input, reward_writes.REWARD_CLAIMS.claim_available)
        if daily_id is not None and reward_id is None:
            return await _run_on(_DAILY_CHAIN, daily_id, info, input, daily_writes.DAILY_CLAIMS.claim_available)
        raise BadUserInput("Give exactly one of `rewardChainId` and `dailyChainId`.")

    @computed(
        description="Adopt the player's present clan, and grant what was unclaimed in the former one. Send this after "
        "the player joined, changed or left a clan.",
        graphql_type=UpdateClanPayload | None,
    )
    @staticmethod
    async def update_clan(info: Info, input: UpdateClanInput | None = None) -> ClanOutcome:  # noqa: A002 - the argument's name
        key = None if input is None else input.idempotency_key
        info.context.choose_locale(None if input is None else input.locale)
        return await _run(info, key, reward_writes.update_clan(), lambda errors: ClanOutcome(errors=errors))


async def _run_on(
    target: _Target[A],
    text: str,
    info: Info,
    input: _ChainInput,  # noqa: A002 - as in the schema
    make: Callable[..., IdempotentWrite[A]],
) -> A:
    """Run the write that `make` returns for the numbers in an id, the moment of the request and the input's cycle."""
    info.context.choose_locale(input.locale)
    try:
        numbers = ids.decode(target.kind, text)
    except ids.IdInvalid:
        return target.refused(None, _errors(UserErrorCode.INVALID_ID, target.path))
    write = make(*numbers, info.context.now, cycle=input.cycle)
    return await _run(info, input.idempotency_key, write, partial(target.refused, numbers[0]))


async def _run(info: Info, key: str | None, write: IdempotentWrite[A], refused: Callable[[Errors], A]) -> A:
    """Run a write once for each key. A problem with the key is a user error: only the game can solve it."""
    try:
        return await run_idempotent(info.context.player, key, write)
    except KeyConflict:
        return refused(_errors(UserErrorCode.IDEMPOTENCY_CONFLICT, _KEY_PATH))
    except KeyInUse:
        return refused(_errors(UserErrorCode.IN_PROGRESS, _KEY_PATH))


def _errors(code: UserErrorCode, path: tuple[str, ...]) -> Errors:
    return (UserErrorView(code, path),)
