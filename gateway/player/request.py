"""What every door of a player needs: who he is, and until when to wait."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from gateway.concurrency.deadline import Deadline
from gateway.domain.payment import OrderMode
from gateway.errors import AccessError, TokenExpired, Unauthenticated
from gateway.events.changes import Change
from gateway.identity.caller import Caller
from gateway.player.services import Services

_LONG_AGO = 0.0


class Session:
    """One caller during one request; `deadline` is the event loop's time at which the request must be answered.

    `is_keyed` is for what runs under an idempotency key: then the key says which writes are the same.
    """

    def __init__(self, caller: Caller, services: Services, *, deadline: float, is_keyed: bool = False) -> None:
        self.caller = caller
        self._services = services
        self._is_keyed = is_keyed
        self.deadline = Deadline(deadline)
        """For how long the doors wait for the upstream."""
        self._waits: set[asyncio.Timeout] = set()
        self._is_abandoned = False
        self.fresh_until = float("inf")
        """The clock's reading at which the first of what was read is stale; infinity while nothing was."""
        if caller.is_verified:
            self._learn()

    @property
    def is_signed_in(self) -> bool:
        """Whether a token came with the request."""
        return self.caller.is_signed_in

    @property
    def order_mode(self) -> OrderMode:
        """Who sends orders where the game does not say."""
        return self._services.order_mode

    @property
    def is_confirmed(self) -> bool:
        """Whether the credential is known to be good: verified here, or accepted by the upstream."""
        return self.caller.is_verified or self._services.directory.player_id(self.caller.owner) is not None

    def abandon(self) -> None:
        """Stop waiting, because nobody waits for the answer: every door that is open or opens now times out."""
        self._is_abandoned = True
        self.deadline.expire()
        for wait in self._waits:
            self._end(wait)

    @asynccontextmanager
    async def _while_here(self) -> AsyncIterator[asyncio.Timeout]:
        """Bound what is awaited inside by nothing but the player's leaving. Raises TimeoutError."""
        # A door begins in the task of its request; timeouts belong to the task that they are made in.
        await asyncio.sleep(0)
        wait = asyncio.timeout_at(_LONG_AGO if self._is_abandoned else None)
        self._waits.add(wait)
        try:
            async with wait:
                yield wait
        finally:
            self._waits.discard(wait)

    @staticmethod
    def _end(wait: asyncio.Timeout) -> None:
        if not wait.expired():
            wait.reschedule(_LONG_AGO)

    def _rejected(self, error: AccessError) -> AccessError:
        """Drop what is kept for a credential that the upstream rejects, and tell a token that has run out."""
        if not self.is_signed_in:
            return error
        self._services.cache.forget(self.caller.owner)
        if isinstance(error, Unauthenticated) and not self.caller.is_verified:
            self._services.directory.forget(self.caller.owner)
        if isinstance(error, Unauthenticated) and self._token_seconds_left() <= 0:
            return TokenExpired(upstream_code=error.upstream_code, transaction_id=error.transaction_id)
        return error

    def _learn(self) -> None:
        """Remember whose credential this is: it was verified, or accepted on a call that needs one."""
        if self.caller.player_id is not None:
            self._services.directory.learn(self.caller.player_id, self.caller.owner)

    def _forget(self, resources: Collection[str] | None = None) -> None:
        """Forget what is kept of the player, for all of his credentials that are known."""
        for owner in self._services.directory.companions(self.caller.owner):
            self._services.cache.forget(owner, resources)

    def _tell(self, change: Change) -> None:
        """Tell everybody who listens for the player."""
        for owner in self._services.directory.companions(self.caller.owner):
            self._services.bus.publish(owner, change)

    def require_sign_in(self) -> None:
        if not self.is_signed_in:
            raise Unauthenticated

    def _token_seconds_left(self) -> float:
        expires_at = self.caller.expires_at
        return float("inf") if expires_at is None else expires_at - self._services.now()
