"""Copies that are shown in place of what cannot be read (`stale-if-error`, RFC 5861), and how old they are."""

from typing import Any

from gateway.cache.keys import CacheKey
from gateway.cache.user_cache import CacheEntry
from gateway.errors import (
    GatewayError,
    Overloaded,
    RateLimited,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.player.request import PlayerRequest

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
        raise error
    now = services.monotonic()
    request.stale_seconds[key.resource, key.key] = int(now - found.loaded_at)
    request.limit_freshness(min(found.kept_until, now + ANSWER_SECONDS))
    return found


def _is_the_upstreams(error: GatewayError) -> bool:
    """Whether the upstream, or the way to it, is the reason; a limit of the gateway that the player exceeded is not."""
    if isinstance(error, RateLimited):
        return error.is_unsent or error.wait_seconds is not None
    return isinstance(error, UpstreamTimeout | UpstreamUnavailable | UpstreamInvalid | Overloaded)
