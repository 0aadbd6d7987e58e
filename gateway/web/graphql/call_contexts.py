"""The contexts that one call is executed with, and for how long what was read in them is true."""

import asyncio
import math
from collections.abc import Sequence
from datetime import UTC, datetime

from gateway.cache.keys import CacheKey
from gateway.cache.user_cache import CacheGeneration
from gateway.domain.payment import PaymentPage
from gateway.errors import GatewayError
from gateway.identity.caller import Caller
from gateway.player import Player
from gateway.player.limits import source_of
from gateway.player.services import Services
from gateway.schema.context import Context

_NO_GENERATION = CacheGeneration(is_current=False)


class CallContexts:
    """Makes the contexts of one call: one, or for a subscription the first to listen and then one for each event."""

    def __init__(
        self, caller: Caller, services: Services, payment_page: PaymentPage, seconds: float, *, takes_stale: bool
    ) -> None:
        self._takes_stale = takes_stale
        self._caller = caller
        self._services = services
        self._payment_page = payment_page
        self._seconds = seconds
        self._contexts: tuple[Context, ...] = ()
        self._is_abandoned = False
        self._began_at = services.monotonic()
        self.source = source_of(caller)
        self.rate_limits = services.rate_limits
        self.generation = _NO_GENERATION

    def note_generation(self) -> None:
        """Note what of the caller is current, before anything is read."""
        self.generation = self._services.cache.generation(self._caller.owner)

    def context(self) -> Context:
        """A context for the next execution; those between the first and this one are finished."""
        deadline = asyncio.get_running_loop().time() + self._seconds
        player = Player(self._caller, self._services, deadline=deadline, takes_stale=self._takes_stale)
        if self._is_abandoned:
            player.abandon()
        now = datetime.fromtimestamp(self._services.now(), UTC)
        context = Context(player, now, self._payment_page)
        self._contexts = (*self._contexts[:1], context)
        return context

    def admit_mutation(self) -> None:
        """Count a mutation. Raises RateLimited."""
        self.rate_limits.admit_mutation(self.source)

    @property
    def elapsed_seconds(self) -> float:
        """Seconds since it began."""
        return self._services.monotonic() - self._began_at

    @property
    def expires_at(self) -> float | None:
        """When the response is stale. One with clock fields is fresh in the second of their computation only.

        No response outlives the token: a cached one is found before the token is checked, and a newer token may have
        read what is in it.
        """
        fresh_until = min([context.player.fresh_until for context in self._contexts])
        if fresh_until == math.inf:
            return None
        if self._caller.expires_at is not None:
            token_seconds_left = self._caller.expires_at - self._services.now()
            fresh_until = min(fresh_until, self._services.monotonic() + token_seconds_left)
        for context in self._contexts:
            if context.is_timed:
                fresh_until = min(fresh_until, self._began_at + 1 - context.moment.microsecond / 1_000_000)
        return fresh_until

    @property
    def waits_for_order(self) -> bool:
        """Whether it is answered late because it was told to wait."""
        return True in [context.player.request.waits_for_order for context in self._contexts]

    @property
    def failed_reads(self) -> Sequence[tuple[CacheKey, GatewayError]]:
        """What could not be read for it."""
        return [failed for context in self._contexts for failed in context.player.request.failed_reads]

    @property
    def loaded_since(self) -> float:
        """When the oldest of what was read for it was loaded."""
        return min([context.player.loaded_since for context in self._contexts])

    def abandon(self) -> None:
        """Stop all waiting, now and later."""
        self._is_abandoned = True
        for context in self._contexts:
            context.player.abandon()
