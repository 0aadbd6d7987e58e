"""Purchase limits of items in publishers' requests and responses (admin contract, 5.1).

The sandbox counts nothing against these limits: chains ignore them, so `available` is always `total`.
"""

import msgspec

from gateway.sandbox.admin.schedules import Daily, Monthly, ScheduleResponse, Weekly, schedule_response
from gateway.sandbox.domain.item_details import Count, Limits


class LimitScheduleBody(msgspec.Struct, frozen=True):
    """When the count of a player's purchases starts over."""

    per_user: Daily | Weekly | Monthly | None = None


class LimitsBody(msgspec.Struct, frozen=True):
    """How often an item may be bought."""

    per_user: Count | None = None
    per_item: Count | None = None
    recurrent_schedule: LimitScheduleBody | None = None


class UserLimit(msgspec.Struct, frozen=True):
    """How often one player may buy the item."""

    total: int
    available: int
    recurrent_schedule: ScheduleResponse | None


class ItemLimit(msgspec.Struct, frozen=True):
    """How often all players together may buy the item."""

    total: int
    available: int
    reserved: int = 0
    sold: int = 0


class LimitRenewal(msgspec.Struct, frozen=True):
    """When the count of a player's purchases starts over."""

    per_user: ScheduleResponse


class LimitsResponse(msgspec.Struct, frozen=True):
    """An item's limits."""

    per_user: UserLimit | None
    per_item: ItemLimit | None
    recurrent_schedule: LimitRenewal | None


def new_limits(body: LimitsBody, now: float) -> Limits:
    """Build limits that hold from now on."""
    renewal = body.recurrent_schedule.per_user if body.recurrent_schedule else None
    return Limits(
        per_user=body.per_user,
        per_item=body.per_item,
        schedule=renewal.schedule() if renewal else None,
        since=now,
    )


def limits_response(limits: Limits, now: float) -> LimitsResponse:
    """Describe limits; the renewal is the player limit's, and is repeated beside it, as documented."""
    renewal = schedule_response(limits.schedule, limits.since, now)
    return LimitsResponse(
        per_user=None if limits.per_user is None else UserLimit(limits.per_user, limits.per_user, renewal),
        per_item=None if limits.per_item is None else ItemLimit(limits.per_item, limits.per_item),
        recurrent_schedule=LimitRenewal(renewal) if renewal else None,
    )
