"""What a player's reads, writes and waits share during one request: the caller, the deadline, whom a change reaches."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property, reduce

from gateway.cache.keys import CacheKey
from gateway.concurrency.deadline import Deadline
from gateway.concurrency.timeouts import expire, within
from gateway.domain.models import Order
from gateway.errors import AccessError, GatewayError, Overloaded, RateLimited, TokenExpired, Unauthenticated
from gateway.events.changes import Change, merged
from gateway.events.order_notices import reason_of
from gateway.identity.caller import Caller
from gateway.identity.languages import Languages
from gateway.player.limits import source_of
from gateway.player.services import Services
from gateway.resilience.requester import Requester
from gateway.store.events import Event, Kind
from gateway.store.ports import RecordKey

NEVER_FRESH = float("-inf")
"""For `limit_freshness`: an answer that may not be kept at all."""


class PlayerRequest:
    """One caller during one request; `deadline` is the event loop's time at which the request must be answered.

    `takes_stale` says that a copy may be shown where a read fails; what a mutation answers is newly read.
    """

    def __init__(self, caller: Caller, services: Services, deadline: float, *, takes_stale: bool = True) -> None:
        self.caller = caller
        self.services = services
        self._deadline = deadline
        self.deadline = Deadline(deadline)
        """Bounds the waits for upstream calls."""
        self.fresh_until = float("inf")
        """The monotonic clock's reading at which the first of what was read is stale; infinity while nothing was."""
        self.takes_stale = takes_stale
        self.stale_seconds: dict[tuple[str, str], int] = {}
        """How old the copies are that were shown because a read failed, by resource and key."""
        self.failed_reads: list[tuple[CacheKey, GatewayError]] = []
        """What could not be read, and was not there as a copy either."""
        self.waits_for_order = False
        """Whether it takes long because it was told to wait for an order."""
        self.loaded_since = float("inf")
        """The monotonic clock's reading at which the oldest of what was read was loaded; infinity while nothing was."""
        self.refresh_allowed_in: int | None = None
        """In how many seconds the player may refresh, where it was asked for too soon and is not done."""
        self.is_refreshed = False
        """Whether what is kept of the player's chains was set aside already, because they asked for it."""
        self._collected: list[Change] | None = None
        self._timeouts: set[asyncio.Timeout] = set()
        self._is_abandoned = False
        self._source = source_of(caller)
        self._stale_from: datetime | None = None
        self._is_admitted = False
        self._refused_seconds: int | None = None
        if caller.is_verified:
            self.mark_confirmed()

    @cached_property
    def requester(self) -> Requester:
        """For whom upstream calls are sent; a read may be sent again in the first half of what time is left now."""
        now = asyncio.get_running_loop().time()
        return Requester(
            self.caller.headers,
            self.caller.owner,
            source=self._source.player,
            retry_until=now + (self._deadline - now) / 2,
            reads=self.services.reads_per_operation,
        )

    def read_in(self, languages: Languages) -> None:
        """Read in these languages from now on. What is under way is not touched."""
        self.caller = self.caller.reading(languages)
        self.__dict__.pop("requester", None)

    @property
    def is_confirmed(self) -> bool:
        """Whether the credential is known to be good: verified here, or accepted by the upstream."""
        return self.caller.is_verified or self.services.directory.player_id(self.caller.owner) is not None

    async def is_confirmed_anywhere(self) -> bool:
        """Whether the credential is known to be good here, or to another process of the fleet."""
        caller = self.caller
        if self.is_confirmed:
            return True
        if caller.player_id is None or not await self.services.confirmations.is_confirmed(
            caller.owner, caller.player_id
        ):
            return False
        self.mark_confirmed()
        return True

    async def share_confirmation(self) -> None:
        """Let the other processes know that the credential is good, if it is."""
        caller = self.caller
        if self.is_confirmed and caller.player_id is not None:
            await self.services.confirmations.confirm(caller.owner, caller.player_id, self.token_seconds_left)

    @property
    def token_seconds_left(self) -> float:
        """For how long the token is good; infinity where it does not say."""
        expires_at = self.caller.expires_at
        return float("inf") if expires_at is None else expires_at - self.services.now()

    def count_call(self) -> None:
        """Count an upstream call that is about to be sent.

        Raises RateLimited where it would be the first of the request: what was begun is not refused halfway. A request
        is refused as a whole, however many calls it needs: it is counted once and told one time.
        """
        if self._is_admitted:
            self.services.rate_limits.count_call(self._source)
            return
        if self._refused_seconds is not None:
            raise RateLimited(self._refused_seconds)
        try:
            self.services.rate_limits.admit_calls(self._source)
        except RateLimited as refused:
            self._refused_seconds = refused.retry_after_seconds
            raise
        self._is_admitted = True

    def give_back_call(self, error: GatewayError) -> None:
        """Take back a call that was counted and failed, where the upstream's state kept it from being sent.

        Otherwise an outage would use up a player's limit, and hide the copies that are shown to them meanwhile.
        """
        if error.is_unsent and not isinstance(error, Overloaded):
            self.services.rate_limits.give_back_call(self._source)

    def mark_accepted(self) -> None:
        """Note that the upstream answered a call with the caller's credential."""
        self.services.rate_limits.accept(self._source)

    def deadline_before_read(self) -> Deadline:
        """A deadline that leaves time to read something afterwards: `read_seconds`, or half of what there is."""
        return Deadline(asyncio.get_running_loop().time() + self.seconds_before_read)

    @property
    def seconds_before_read(self) -> float:
        """For how long something may be waited for that is read afterwards."""
        seconds_left = self._deadline - asyncio.get_running_loop().time()
        return seconds_left - min(self.services.read_seconds, seconds_left / 2)

    def require_sign_in(self) -> None:
        """Raises Unauthenticated for a caller without a token."""
        if not self.caller.is_signed_in:
            raise Unauthenticated

    def mark_confirmed(self) -> None:
        """Link the credential with the player that it names, because it was verified or the upstream accepted it.

        Only a call that needs a credential shows that it was accepted: lists may be open to all.
        """
        self.mark_accepted()
        if self.caller.player_id is not None:
            self.services.directory.link(self.caller.player_id, self.caller.owner)

    def rejected(self, error: AccessError) -> AccessError:
        """Forget what is cached for a credential that the upstream refuses; gives the error to raise for it.

        One that it does not accept at all is no longer linked with its player either, unless it was verified here.
        """
        if not self.caller.is_signed_in:
            return error
        self.services.cache.invalidate(self.caller.owner)
        if not isinstance(error, Unauthenticated):
            return error
        self.services.rate_limits.refuse(self._source)
        if not self.caller.is_verified:
            self.services.directory.forget(self.caller.owner)
            self.services.peers.reject(self.caller.owner)
        if self.token_seconds_left > 0:
            return error
        return TokenExpired(upstream_code=error.upstream_code, transaction_id=error.transaction_id)

    def limit_freshness(self, stale_at: float) -> None:
        """Let the answer be stale at that reading of the monotonic clock at the latest."""
        self.fresh_until = min(self.fresh_until, stale_at)

    def note_read(self, loaded_at: float, stale_at: float) -> None:
        """Note when something was loaded that the answer tells, and let the answer be stale with it."""
        self.loaded_since = min(self.loaded_since, loaded_at)
        self.fresh_until = min(self.fresh_until, stale_at)

    def limit_freshness_to(self, moment: datetime | None) -> None:
        """Let the answer be stale from that moment on at the latest; None is no limit."""
        # Chains of a list have one limit each, and only the earliest of them counts.
        if moment is not None and (self._stale_from is None or moment < self._stale_from):
            self._stale_from = moment
            self.limit_freshness(self.services.monotonic() + moment.timestamp() - self.services.now())

    def forget(self, resources: Collection[str] | None = None) -> None:
        """Drop what is cached of the player, under all of their known credentials."""
        for owner in self.services.directory.owners_of_same_player(self.caller.owner):
            self.services.cache.invalidate(owner, resources)

    def publish(self, change: Change) -> None:
        """Tell all of the player's devices that listen, on this process and on others.

        While changes are collected, the others are told with the end of the write that they belong to.
        """
        self.tell_devices(change)
        if self._collected is None:
            self.services.peers.tell(self.event(Kind.END, change=change))
        else:
            self._collected.append(change)

    def publish_status(self, order: Order) -> None:
        """Tell all of the player's devices what an order has come to; other processes hear of the order itself."""
        self.tell_devices(Change(frozenset({reason_of(order.status)})))
        self.services.peers.tell(self.event(Kind.ORDER, order_id=order.order_id, status=order.status))

    def collect_changes(self) -> None:
        """Collect what is published from now on, for `collected_change`."""
        self._collected = []

    @property
    def collected_change(self) -> Change | None:
        """What was published since `collect_changes`, in one."""
        return reduce(merged, self._collected) if self._collected else None

    def event(
        self,
        kind: Kind,
        *,
        record: RecordKey | None = None,
        order_id: int | None = None,
        status: str | None = None,
        change: Change | None = None,
    ) -> Event:
        """An event about the caller; about all of the player's devices once the credential was confirmed."""
        owner = self.caller.owner
        player_id = self.services.directory.player_id(owner)
        return Event(kind, owner, player_id, record, order_id, status, change)

    def tell_devices(self, change: Change) -> None:
        """Tell the player's devices that listen on this process."""
        for owner in self.services.directory.owners_of_same_player(self.caller.owner):
            self.services.bus.publish(owner, change)

    def abandon(self) -> None:
        """End every wait, those that are still to begin among them."""
        self._is_abandoned = True
        self.deadline.expire()
        for timeout in self._timeouts:
            expire(timeout)

    @asynccontextmanager
    async def within(self, seconds: float) -> AsyncIterator[None]:
        """Bound what is awaited inside by these seconds instead of the deadline, and by the token's end.

        Raises TimeoutError when the seconds are over or the request is abandoned, and TokenExpired.
        """
        # A timeout belongs to the task that it is made in. A field may begin in the task of its request and go on in
        # one of its own from its first wait (`gather_eagerly`): this is that wait.
        await asyncio.sleep(0)
        try:
            async with within(min(seconds, self.token_seconds_left), self.services.tracker.call_later) as timeout:
                self._timeouts.add(timeout)
                if self._is_abandoned:
                    expire(timeout)
                try:
                    yield
                finally:
                    self._timeouts.discard(timeout)
        except TimeoutError:
            if self.token_seconds_left <= 0:
                raise TokenExpired from None
            raise
