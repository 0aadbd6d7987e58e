"""What the response to a webhook means, and when it is sent again (client contract, 8.1 and 8.3). Pure.

Automatic refunds are a setting of the vendor's account; here they are off, so a webhook that was refused or given up
leaves its order unchanged.
"""

from enum import StrEnum

_MINUTE = 60.0
_ACCEPTED = frozenset({200, 201, 204})
_REFUSED = frozenset({400, 401, 402, 403, 404, 409, 415, 422})
_LADDER = (*(5 * _MINUTE,) * 2, *(15 * _MINUTE,) * 7, *(60 * _MINUTE,) * 10)
MOST_ATTEMPTS = len(_LADDER) + 1
"""The first one and its retries, over 11 hours and 55 minutes."""


class Outcome(StrEnum):
    """How a webhook ended: accepted, refused, never accepted, or unsent because webhooks were switched off."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


def outcome_of(status: int | None, number: int) -> Outcome | None:
    """Return the outcome of attempt `number` (from 1) by its status, None when another attempt follows.

    A status of None means that there was no response.
    """
    if status in _ACCEPTED:
        return Outcome.DELIVERED
    if status in _REFUSED:
        return Outcome.REFUSED
    return Outcome.GIVEN_UP if number >= MOST_ATTEMPTS else None


def next_attempt_seconds(number: int) -> float:
    """Return how long after attempt `number` (from 1, below MOST_ATTEMPTS) the next one is made."""
    return _LADDER[number - 1]
