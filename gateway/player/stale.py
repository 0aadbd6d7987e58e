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
"""For how long a response with copies in it is cached: it spares work in an outage, and nobody notices the delay."""


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
    _hold(request, key, error, found.expires_at - found.loaded_at)
    _note(request, (key.resource, key.key), found.loaded_at)
    request.limit_freshness(found.stale_until)
    return found


def require_not_held(request: PlayerRequest, key: CacheKey) -> None:
    """Raises UpstreamUnavailable for a read that failed a moment ago, while its copy is there to be shown again.

    Sent at each look, it would cost an upstream in trouble more calls than one that is well.
    """
    services, owner = request.services, request.caller.owner
    is_held = request.takes_stale and services.held_reads.is_held(owner, key)
    if is_held and not services.cache.would_load(owner, key, in_need=True):
        error = UpstreamUnavailable()
        error.is_unsent = True
        raise error


def stale_list_points(request: PlayerRequest, key: CacheKey, error: GatewayError) -> None:
    """Let the points of a fresh list of reward chains serve that could not be read again; their age is noted.

    Else their balances would be asked for one by one: more calls than the list, of an upstream in trouble.
    """
    services = request.services
    listed: CacheEntry[Any] | None = services.cache.peek(request.caller.owner, key)
    is_covered = request.takes_stale and _is_the_upstreams(error)
    if listed is None or not is_covered or services.monotonic() >= listed.loaded_at + services.lifetimes.stale_seconds:
        return
    _hold(request, key, error, services.lifetimes.balance_seconds)
    _note(request, (key.resource, key.key), listed.loaded_at)


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


def _hold(request: PlayerRequest, key: CacheKey, error: GatewayError, lifetime: float) -> None:
    """Hold a read that was sent and failed; where the upstream says when to come back, its window does."""
    services, owner = request.services, request.caller.owner
    if not error.is_unsent and error.wait_seconds is None:
        services.held_reads.hold(owner, key, lifetime, services.cache.generation(owner))


def _note(request: PlayerRequest, what: tuple[str, str], read_at: float) -> None:
    now = request.services.monotonic()
    request.stale_seconds[what] = age = int(now - read_at)
    request.note_read(read_at, now + ANSWER_SECONDS)
    log.event(logger, logging.WARNING, "stale_copy", resource=what[0], age_seconds=age)


def _is_the_upstreams(error: GatewayError) -> bool:
    """Whether the upstream, or the way to it, is the reason; a limit of the gateway that the player exceeded is not."""
    if isinstance(error, RateLimited):
        return error.is_unsent or error.wait_seconds is not None
    return isinstance(error, UpstreamTimeout | UpstreamUnavailable | UpstreamInvalid | Overloaded)
