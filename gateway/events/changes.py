"""What changed for a player, in the few words that a listener needs to know what to read again."""

from dataclasses import dataclass
from enum import Enum

MOST_IDS = 100
"""Chains that a change names at most; one about more is about any, so that what waits for a slow listener is small."""


class ChangeReason(Enum):
    """Why a player's chains changed, or may have."""

    CLAIM = "CLAIM"
    ORDER_PLACED = "ORDER_PLACED"
    ORDER_PAID = "ORDER_PAID"
    ORDER_CANCELED = "ORDER_CANCELED"
    CLAN = "CLAN"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Change:
    """Why, and which chains were acted on; no ids of any kind mean any chain.

    The points that come with a step of an offer chain may move reward chains that are not named.
    """

    reasons: frozenset[ChangeReason]
    offer_chain_ids: frozenset[int] = frozenset()
    reward_chain_ids: frozenset[int] = frozenset()
    daily_chain_ids: frozenset[int] = frozenset()

    @property
    def is_about_any(self) -> bool:
        """Whether every chain may have changed."""
        return not (self.offer_chain_ids or self.reward_chain_ids or self.daily_chain_ids)


def merged(first: Change, second: Change) -> Change:
    """Both changes in one; it is about any chain where one of them is, or where together they name too many."""
    reasons = first.reasons | second.reasons
    offer_chain_ids = first.offer_chain_ids | second.offer_chain_ids
    reward_chain_ids = first.reward_chain_ids | second.reward_chain_ids
    daily_chain_ids = first.daily_chain_ids | second.daily_chain_ids
    is_too_long = len(offer_chain_ids) + len(reward_chain_ids) + len(daily_chain_ids) > MOST_IDS
    if first.is_about_any or second.is_about_any or is_too_long:
        return Change(reasons)
    return Change(reasons, offer_chain_ids, reward_chain_ids, daily_chain_ids)
