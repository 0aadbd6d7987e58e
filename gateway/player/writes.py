"""What one player can do; a write forgets what was kept of him, in every outcome."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from gateway.cache.keys import Owner
from gateway.concurrency.single_flight import FlightEnded
from gateway.domain.models import Item, PlacedOrder
from gateway.errors import AccessError, GatewayError, OutcomeUnknown
from gateway.events.changes import Change, ChangeReason
from gateway.player.reads import Reads
from gateway.player.recent_writes import Outcome, Write
from gateway.upstream.direct import DirectRequest

T = TypeVar("T")

_CLAIM = frozenset({ChangeReason.CLAIM})
_PLACED = frozenset({ChangeReason.ORDER_PLACED})


class Writes(Reads):
    """The writing doors. They raise what `Client` raises.

    A write that is under way at the deadline raises OutcomeUnknown and runs to its end.
    """

    async def claim_offer_step(self, chain_id: int, number: int) -> int | None:
        """Claim a free step of an offer chain; answers the number of its order, where the upstream told it."""
        client, forwarded = self._services.client, self.caller.headers

        async def claim() -> int | None:
            order_id = await client.claim_offer_step(forwarded, chain_id, number)
            if order_id is not None:
                self._services.directory.learn_order(order_id, self.caller.owner)
            return order_id

        return await self._write(
            ("claim_offer_step", chain_id, number), claim, Change(_CLAIM, offer_chain_ids=frozenset({chain_id}))
        )

    async def order_offer_step(self, chain_id: int, number: int) -> PlacedOrder:
        """Order a paid step of an offer chain."""
        client, forwarded = self._services.client, self.caller.headers

        async def order() -> PlacedOrder:
            placed = await client.order_offer_step(forwarded, chain_id, number)
            self._services.directory.learn_order(placed.order_id, self.caller.owner)
            return placed

        return await self._write(
            ("order_offer_step", chain_id, number), order, Change(_PLACED, offer_chain_ids=frozenset({chain_id}))
        )

    def direct_order(self, chain_id: int, number: int) -> DirectRequest:
        """The request that orders a paid step from the player's own device."""
        return self._services.client.direct_order(self.caller.headers, chain_id, number)

    async def claim_reward_step(self, chain_id: int, step_id: int) -> None:
        """Claim a reached step of a reward chain."""
        client, forwarded = self._services.client, self.caller.headers
        await self._write(
            ("claim_reward_step", chain_id, step_id),
            lambda: client.claim_reward_step(forwarded, chain_id, step_id),
            Change(_CLAIM, reward_chain_ids=frozenset({chain_id})),
        )

    async def update_clan(self) -> tuple[Item, ...]:
        """Let the upstream re-read the player's clan; answers what the former clan's chains paid out."""
        client, forwarded = self._services.client, self.caller.headers
        return await self._write(
            ("update_clan",),
            lambda: client.update_clan(forwarded),
            Change(frozenset({ChangeReason.CLAN})),
            # It takes over what stands elsewhere, and that may have changed a second later.
            is_repeatable=True,
        )

    async def _write(
        self, what: Write, call: Callable[[], Awaitable[T]], change: Change, *, is_repeatable: bool = False
    ) -> T:
        """Send a write once; identical ones of the player join it, and the player's answers are forgotten.

        They join while it is under way and, unless they come under a key of their own, for some seconds from its start
        where it may have changed something. A repeatable write is joined while it is under way, by the same credential.

        It is never cancelled: what was sent may have been carried out. Forgetting happens when the write ends, and
        also when the player stops waiting for it; `change` is told when it ended, unless nothing was done.
        """
        self.require_sign_in()
        write = ("owner", self.caller.owner, *what) if is_repeatable else await self._shared(what)
        recent = None if self._is_keyed else self._services.recent.outcome(write)
        if recent is not None:
            return cast(T, recent.told())
        while True:
            beginner = self._begin(write)
            try:
                return await self._services.writes.join(
                    write,
                    lambda: self._send(write, call, change, is_kept=not is_repeatable),
                    keep_running=True,
                    deadline=self.deadline,
                )
            except (TimeoutError, FlightEnded):
                raise OutcomeUnknown from None
            except AccessError as error:
                # Another device's credential being refused says nothing of this one.
                if beginner == self.caller.owner:
                    raise self._rejected(error) from error
            finally:
                self._forget()

    async def _shared(self, what: Write) -> Write:
        """Name a write so that the player's devices share it.

        Anybody can write another player's id into a token, so a write that another credential began is joined only
        once this one was accepted.
        """
        own: Write = ("owner", self.caller.owner, *what)
        if self.caller.player_id is None:
            return own
        shared: Write = ("player", self.caller.player_id, *what)
        if self._services.recent.owner(shared) in {None, self.caller.owner}:
            return shared
        await self.confirm()
        return shared if self.is_confirmed else own

    def _begin(self, write: Write) -> Owner | None:
        """Whose credential a write is sent with: another's where it is under way."""
        if not self._services.writes.is_in_flight(write):
            self._services.recent.begin(write, self.caller.owner)
        return self._services.recent.owner(write)

    async def _send(self, write: Write, call: Callable[[], Awaitable[T]], change: Change, *, is_kept: bool) -> T:
        outcome: Outcome | None = Outcome(is_unknown=True)
        try:
            result = await call()
            outcome = Outcome(result)
            self._learn()
            return result
        except GatewayError as error:
            if not isinstance(error, OutcomeUnknown):
                outcome = None
            raise
        finally:
            self._services.recent.end(write, outcome if is_kept else None)
            self._forget()
            if outcome is not None:
                self._tell(change)
