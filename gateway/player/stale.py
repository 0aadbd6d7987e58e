"""Copies that are shown in place of what cannot be read (`stale-if-error`, RFC 5861), and how old they are."""

import logging
from typing import Any

from gateway.cache.keys import CacheKey
from gateway.cache.user_cache import CacheEntry
from gateway.domain.models import RewardChain, ValuePoint
from gateway.errors import (
    GatewayError,
    Overloaded,
    RateLimited,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.player.request import PlayerRequest
from gateway.telemetry import log

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
"""For how long a response with copies in it is kept: it spares work in an outage, and nobody notices the delay."""


def stale_copy(request: PlayerRequest, key: CacheKey, error: GatewayError) -> CacheEntry[Any]:
    """The copy to show for a read that failed; its age is noted. Raises the error where there is none.

    A copy is gone where the player wrote or a webhook came since, and where a boundary or the token's end has passed.
    """
    services = request.services
    found: CacheEntry[Any] | None = None
    if request.takes_stale and _is_the_upstreams(error):
        found = services.cache.get_stale(request.caller.owner, key)
    if found is None:
        request.failed_reads.append((key, error))
        raise error
    _note(request, (key.resource, key.key), found.loaded_at)
    request.limit_freshness(found.kept_until)
    return found


def stale_points(
    request: PlayerRequest, chain_id: int, chain: RewardChain, read_at: float, error: GatewayError
) -> ValuePoint | GatewayError:
    """What to show where the balance call of `chain_id` failed: what a list told at `read_at`, or the error."""
    services = request.services
    is_of_use = services.monotonic() < read_at + services.lifetimes.stale_seconds
    is_covered = request.takes_stale and _is_the_upstreams(error)
    if not is_covered or not is_of_use or chain.value_point.amount is None:
        return error
    _note(request, ("balance", str(chain_id)), read_at)
    return chain.value_point


def _note(request: PlayerRequest, what: tuple[str, str], read_at: float) -> None:
    now = request.services.monotonic()
    request.stale_seconds[what] = age = int(now - read_at)
    request.limit_freshness(now + ANSWER_SECONDS)
    request.note_load(read_at)
    log.event(logger, logging.WARNING, "stale_copy", resource=what[0], age_seconds=age)


def _is_the_upstreams(error: GatewayError) -> bool:
    """Whether the upstream, or the way to it, is the reason; a limit of the gateway that the player exceeded is not."""
    if isinstance(error, RateLimited):
        return error.is_unsent or error.wait_seconds is not None
    return isinstance(error, UpstreamTimeout | UpstreamUnavailable | UpstreamInvalid | Overloaded)
