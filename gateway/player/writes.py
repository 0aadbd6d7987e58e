"""What one player can do; a write that was sent forgets what is cached of the player, however it ends."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar, cast

from gateway.cache.keys import Owner
from gateway.domain.catalog import ItemOrder
from gateway.domain.models import Item, PlacedOrder
from gateway.errors import AccessError, GatewayError, OutcomeUnknown
from gateway.errors.internal import FlightEnded
from gateway.events.changes import Change, ChangeReason
from gateway.player.reads import Reads
from gateway.player.recent_writes import Outcome, WriteKey
from gateway.player.request import PlayerRequest
from gateway.player.shared_write import SharedWrite
from gateway.store.events import Kind
from gateway.upstream.direct import DirectRequest

T = TypeVar("T")

_CLAIM = frozenset({ChangeReason.CLAIM})
_PLACED = frozenset({ChangeReason.ORDER_PLACED})


class Writes:
    """The player's writes. All raise what `Client` raises.

    A write that is in flight at the deadline raises OutcomeUnknown and runs to its end. With `joins_recent` a write
    also gives the outcome of an identical one of the last seconds, instead of being sent again. A write for another
    cycle is not identical: the same step can be taken again right after a reset.
    """

    def __init__(self, request: PlayerRequest, reads: Reads, *, joins_recent: bool = True) -> None:
        self._request = request
        self._reads = reads
        self._joins_recent = joins_recent
        self._services = request.services
        self._client = request.services.client
        self._requester = request.requester

    async def claim_offer_step(self, chain_id: int, number: int, cycle: str | None = None) -> int | None:
        """Claim a free step of an offer chain; gives the number of its order, where the upstream told it."""

        async def claim() -> int | None:
            order_id = await self._client.claim_offer_step(self._requester, chain_id, number)
            if order_id is not None:
                self._services.directory.link_order(order_id, self._request.caller.owner)
            return order_id

        change = Change(_CLAIM, offer_chain_ids=frozenset({chain_id}))
        return await self._write(("claim_offer_step", chain_id, number, cycle or ""), claim, change, int | None)

    async def order_offer_step(self, chain_id: int, number: int, cycle: str | None = None) -> PlacedOrder:
        """Order a paid step of an offer chain."""

        def order() -> Awaitable[PlacedOrder]:
            return self._client.order_offer_step(self._requester, chain_id, number)

        change = Change(_PLACED, offer_chain_ids=frozenset({chain_id}))
        return await self._order(("order_offer_step", chain_id, number, cycle or ""), order, change)

    async def order_item(self, item: ItemOrder) -> PlacedOrder:
        """Order an item of the catalog."""
        what = ("order_item", item.sku, item.quantity)
        return await self._order(what, lambda: self._client.order_item(self._requester, item), Change(_PLACED))

    async def _order(self, what: WriteKey, call: Callable[[], Awaitable[PlacedOrder]], change: Change) -> PlacedOrder:
        async def order() -> PlacedOrder:
            placed = await call()
            self._services.directory.link_order(placed.order_id, self._request.caller.owner)
            return placed

        # A second order is a second payment: without a record none is sent.
        return await self._write(what, order, change, PlacedOrder, needs_record=True)

    def direct_order(self, chain_id: int, number: int) -> DirectRequest:
        """The request that orders a paid step from the player's own device."""
        return self._client.direct_order(self._requester, chain_id, number)

    def direct_item_order(self, item: ItemOrder) -> DirectRequest:
        """The request that orders an item from the player's own device."""
        return self._client.direct_item_order(self._requester, item)

    async def claim_reward_step(self, chain_id: int, step_id: int, cycle: str | None = None) -> None:
        """Claim a reached step of a reward chain."""
        await self._write(
            ("claim_reward_step", chain_id, step_id, cycle or ""),
            lambda: self._client.claim_reward_step(self._requester, chain_id, step_id),
            Change(_CLAIM, reward_chain_ids=frozenset({chain_id})),
        )

    async def claim_daily_step(self, chain_id: int, number: int, cycle: str | None = None) -> None:
        """Claim the step of the day of a daily chain."""
        await self._write(
            ("claim_daily_step", chain_id, number, cycle or ""),
            lambda: self._client.claim_daily_step(self._requester, chain_id, number),
            Change(_CLAIM, daily_chain_ids=frozenset({chain_id})),
        )

    async def update_clan(self) -> tuple[Item, ...]:
        """Let the upstream re-read the player's clan; gives what the former clan's chains paid out."""
        return await self._write(
            ("update_clan",),
            lambda: self._client.update_clan(self._requester),
            Change(frozenset({ChangeReason.CLAN})),
            # It takes over what stands elsewhere, and that may have changed a second later.
            is_repeatable=True,
        )

    async def _write(
        self,
        what: WriteKey,
        call: Callable[[], Awaitable[T]],
        change: Change,
        answer_type: object = None,
        *,
        is_repeatable: bool = False,
        needs_record: bool = False,
    ) -> T:
        """Send a write once; identical ones of the player join it, and what is cached of the player is forgotten.

        They join while it is in flight and, with `joins_recent`, for some seconds from its start where it may have
        changed something. A repeatable write is joined while it is in flight, by the same credential. In a fleet they
        join over all processes, by a record of `answer_type`; one that `needs_record` is not sent without.

        It is never cancelled: what was sent may have been carried out. Forgetting happens when the write ends, and
        also when the player stops waiting for it; `change` is published when it ended, unless nothing was done.
        """
        self._request.require_sign_in()
        owner = self._request.caller.owner
        write = ("owner", owner, *what) if is_repeatable else await self._shared_key(what)
        recent = self._services.recent_writes.outcome(write) if self._joins_recent else None
        if recent is not None:
            # Nothing is sent, but the chain that is shown with the outcome is promised to be newly read.
            self._request.forget()
            return cast(T, recent.result())
        send = self._sending(write, call, change, is_repeatable=is_repeatable)
        records = self._services.shared_recent_writes
        if records is not None and self._joins_recent and not is_repeatable:
            shared = SharedWrite[T](self._request, records, write, answer_type, change)
            send = partial(self._send, write, partial(shared.send, call, needs_record=needs_record), is_kept=True)
        while True:
            sender = self._start(write)
            try:
                return await self._joined(write, send)
            except (TimeoutError, FlightEnded):
                raise OutcomeUnknown from None
            except AccessError as error:
                # Another device's credential being refused says nothing of this one: it sends the write itself.
                if sender == owner:
                    raise self._request.rejected(error) from error

    async def _joined(self, write: WriteKey, send: Callable[[], Awaitable[T]]) -> T:
        """Join a write that is under way, or send it; then forget what it may have changed."""
        is_unsent = False
        try:
            return await self._services.writes_in_flight.join(
                write,
                send,
                keep_running=True,
                deadline=self._request.deadline,
            )
        except GatewayError as error:
            is_unsent = error.is_unsent
            raise
        finally:
            if not is_unsent:
                self._request.forget()

    async def _shared_key(self, what: WriteKey) -> WriteKey:
        """Name a write so that the player's devices share it.

        Anybody can write another player's id into a token, so a write that another credential sent is joined only
        once this one was accepted.
        """
        caller = self._request.caller
        own: WriteKey = ("owner", caller.owner, *what)
        if caller.player_id is None:
            return own
        shared: WriteKey = ("player", caller.player_id, *what)
        is_alone = self._services.shared_recent_writes is None or not self._joins_recent
        if is_alone and self._services.recent_writes.owner(shared) in {None, caller.owner}:
            return shared
        await self._reads.confirm()
        return shared if self._request.is_confirmed else own

    def _sending(
        self, write: WriteKey, call: Callable[[], Awaitable[T]], change: Change, *, is_repeatable: bool
    ) -> Callable[[], Awaitable[T]]:
        """How a write is sent of which the others are told by its key's record, or at its end."""
        if is_repeatable and self._joins_recent:
            call = partial(self._announced, call)
        return partial(self._send, write, call, is_kept=not is_repeatable, change=change)

    async def _announced(self, call: Callable[[], Awaitable[T]]) -> T:
        """Send a write that has no record; others keep nothing of the player meanwhile."""
        await self._services.peers.publish(self._request.event(Kind.BEGIN))
        return await call()

    def _start(self, write: WriteKey) -> Owner | None:
        """With whose credential a write is sent: another's where it is in flight."""
        if not self._services.writes_in_flight.is_in_flight(write):
            self._services.recent_writes.start(write, self._request.caller.owner)
        return self._services.recent_writes.owner(write)

    async def _send(
        self, write: WriteKey, call: Callable[[], Awaitable[T]], *, is_kept: bool, change: Change | None = None
    ) -> T:
        # Unknown until the call says otherwise: also where it is cancelled because the gateway ends.
        outcome: Outcome | None = Outcome(is_unknown=True)
        is_unsent = False
        try:
            self._request.count_call()
            result = await call()
            outcome = Outcome(result)
            self._request.mark_confirmed()
            return result
        except GatewayError as error:
            is_unsent = error.is_unsent
            if not isinstance(error, OutcomeUnknown):
                outcome = None
            raise
        finally:
            self._services.recent_writes.finish(write, outcome if is_kept else None)
            if not is_unsent:
                self._request.forget()
            if outcome is not None and change is not None:
                self._request.publish(change)
