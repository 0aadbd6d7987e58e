"""Upstream calls as they are counted: their names, and how they end."""

from asyncio import CancelledError
from collections.abc import Callable, Mapping

from gateway.errors import (
    Forbidden,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    Refusal,
    Unauthenticated,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)

Count = Callable[[str, str], None]
"""Takes a call's name and its outcome."""

CALLS = (
    "offer_chains",
    "offer_chain",
    "claim_offer_step",
    "order_offer_step",
    "reward_chains",
    "balance",
    "claim_reward_step",
    "daily_chains",
    "daily_chain",
    "claim_daily_step",
    "update_clan",
    "top_contributors",
    "order",
    "catalog",
    "catalog_item",
    "order_item",
)
"""The calls of the client contract, by the names of `Client`'s methods; each page of a list is a call."""

OK = "ok"

_FAILURES: Mapping[type[BaseException], str] = {
    Unauthenticated: "unauthenticated",
    Forbidden: "forbidden",
    NotFound: "not_found",
    Refusal: "refused",
    RateLimited: "rate_limited",
    UpstreamTimeout: "timeout",
    UpstreamUnavailable: "unavailable",
    UpstreamInvalid: "invalid",
    OutcomeUnknown: "unknown",
    Overloaded: "overloaded",
    CancelledError: "abandoned",
}
_DEFECT = "defect"

OUTCOMES = (OK, *_FAILURES.values(), _DEFECT)
"""How a call ends: `abandoned` when nobody waits for it any more, `defect` by an error of the gateway's own."""


def outcome_of(error: BaseException) -> str:
    """The outcome that an error of a call stands for."""
    return _FAILURES.get(type(error), _DEFECT)


def uncounted(_call: str, _outcome: str) -> None:
    """Count nothing."""
