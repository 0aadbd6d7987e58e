"""The plain stack's types: strawberry classes that hold what the upstream says, and what follows."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import strawberry


@strawberry.enum
class ItemType(Enum):
    VIRTUAL_GOOD = "virtual_good"
    VIRTUAL_CURRENCY = "virtual_currency"
    BUNDLE = "bundle"
    UNIT = "unit"
    OTHER = ""


@strawberry.enum
class NextAction(Enum):
    CLAIM = "CLAIM"
    BUY = "BUY"
    EARN_POINTS = "EARN_POINTS"
    SIGN_IN = "SIGN_IN"
    WAIT = "WAIT"
    NONE = "NONE"


@strawberry.enum
class StepState(Enum):
    LOCKED = "LOCKED"
    AVAILABLE = "AVAILABLE"
    CLAIMED = "CLAIMED"


@strawberry.type
class Money:
    amount: str
    currency: str


@strawberry.type
class PointReward:
    name: str | None
    amount: int


@strawberry.type
class Item:
    sku: str
    name: str | None
    description: str | None
    type_raw: str
    type: ItemType
    image_url: str | None
    quantity: int
    is_free: bool
    content: list[Item]


@strawberry.type
class OfferStep:
    id: strawberry.ID
    number: int
    state: StepState
    is_free: bool
    price: Money | None
    items: list[Item]
    value_points: list[PointReward]


@strawberry.type
class PointBalance:
    sku: str
    name: str
    image_url: str | None
    amount: int


@strawberry.type
class RewardStep:
    id: strawberry.ID
    number: int
    name: str
    image_url: str | None
    state: StepState
    points_required: int
    points_missing: int
    rewards: list[Item]


@strawberry.type
class DailyStep:
    id: strawberry.ID
    number: int
    state: StepState
    is_missed: bool
    items: list[Item]


@strawberry.type
class Badge:
    claimable_offer_steps: int
    claimable_reward_steps: int
    claimable_daily_steps: int
    ending_soon_count: int

    @strawberry.field
    def claimable_count(self) -> int:
        return self.claimable_offer_steps + self.claimable_reward_steps + self.claimable_daily_steps


@dataclass(frozen=True)
class Plan:
    """When a chain runs and starts over, at the moment of the request."""

    now: datetime
    starts_at: datetime
    ends_at: datetime | None
    resets_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.starts_at <= self.now and (self.ends_at is None or self.now < self.ends_at)

    @property
    def is_ending_soon(self) -> bool:
        return self.is_running and self.ends_at is not None and self.ends_at - self.now <= timedelta(hours=24)

    def action(self, *, is_completed: bool, is_signed_in: bool, otherwise: NextAction) -> NextAction:
        if self.ends_at is not None and self.now >= self.ends_at:
            return NextAction.NONE
        if is_completed:
            return NextAction.WAIT if self.resets_at is not None and self.resets_at > self.now else NextAction.NONE
        if self.now < self.starts_at:
            return NextAction.WAIT
        return otherwise if is_signed_in else NextAction.SIGN_IN


def to_id(kind: str, *numbers: int) -> strawberry.ID:
    return strawberry.ID(urlsafe_b64encode(":".join((kind, *map(str, numbers))).encode()).rstrip(b"=").decode())


def to_item(raw: dict[str, Any]) -> Item:
    return Item(
        sku=raw["sku"],
        name=raw.get("name"),
        description=raw.get("description"),
        type_raw=raw["type"],
        type=ItemType(raw["type"]) if raw["type"] in {kind.value for kind in ItemType} else ItemType.OTHER,
        image_url=raw.get("image_url"),
        quantity=raw["quantity"],
        is_free=raw.get("is_free", False),
        content=[to_item(one) for one in raw.get("content") or []],
    )


def to_offer_step(chain: dict[str, Any], raw: dict[str, Any]) -> OfferStep:
    number, price = raw["step_number"], raw.get("step_price")
    state = StepState.AVAILABLE if number == chain["next_step_number"] else StepState.LOCKED
    return OfferStep(
        id=to_id("os", chain["id"], number),
        number=number,
        state=StepState.CLAIMED if raw["is_claimed"] else state,
        is_free=raw["is_free"],
        price=Money(amount=str(price["amount"]), currency=price["currency"]) if price else None,
        items=[to_item(one) for one in raw["items"]],
        value_points=[
            PointReward(name=one.get("name"), amount=one["amount"]) for one in raw.get("step_vp_rewards") or []
        ],
    )


def to_reward_step(chain: dict[str, Any], number: int, raw: dict[str, Any], points: int) -> RewardStep:
    required = raw["price"]["amount"]
    state = StepState.AVAILABLE if points >= required else StepState.LOCKED
    return RewardStep(
        id=to_id("rs", chain["reward_chain_id"], raw["step_id"]),
        number=number,
        name=raw["name"],
        image_url=raw.get("image_url"),
        state=StepState.CLAIMED if raw["is_claimed"] else state,
        points_required=required,
        points_missing=0 if raw["is_claimed"] else max(0, required - points),
        rewards=[to_item(one) for one in raw["reward"]],
    )


def to_daily_step(chain: dict[str, Any], raw: dict[str, Any], *, is_open: bool) -> DailyStep:
    state = StepState.AVAILABLE if is_open and raw["status"] == "claimable" else StepState.LOCKED
    return DailyStep(
        id=to_id("ds", chain["id"], raw["step_number"]),
        number=raw["step_number"],
        state=StepState.CLAIMED if raw["status"] == "claimed" else state,
        is_missed=raw["status"] == "blocked",
        items=[to_item(one) for one in raw["items"]],
    )


def to_plan(raw: dict[str, Any], now: datetime) -> Plan:
    recurrence = raw.get("recurrent_schedule")
    return Plan(
        now=now,
        starts_at=datetime.fromisoformat(raw["date_start"]),
        ends_at=datetime.fromisoformat(raw["date_end"]) if raw.get("date_end") else None,
        resets_at=datetime.fromtimestamp(recurrence["reset_next_date"], UTC) if recurrence else None,
    )
