"""What one player can do; a write forgets what was kept of him, in every outcome."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.cache.flights import FlightEnded
from gateway.errors import AccessError, GatewayError, OutcomeUnknown
from gateway.events.changes import Change, ChangeReason
from gateway.models import Item, PlacedOrder
from gateway.player.session import Session

T = TypeVar("T")

_CLAIM = frozenset({ChangeReason.CLAIM})
_PLACED = frozenset({ChangeReason.ORDER_PLACED})


class Writes(Session):
    """The writing doors. They raise what `Client` raises.

    A write that is under way at the deadline raises OutcomeUnknown and runs to its end.
    """

    async def claim_offer_step(self, chain_id: int, number: int) -> int | None:
        """Claim a free step of an offer chain; answers the number of its order, where the upstream told it."""
        client, forwarded = self._services.client, self.visitor.headers

        async def claim() -> int | None:
            order_id = await client.claim_offer_step(forwarded, chain_id, number)
            if order_id is not None:
                self._services.directory.learn_order(order_id, self.visitor.owner)
            return order_id

        return await self._write(
            ("claim_offer_step", chain_id, number), claim, Change(_CLAIM, offer_chain_ids=frozenset({chain_id}))
        )

    async def order_offer_step(self, chain_id: int, number: int) -> PlacedOrder:
        """Order a paid step of an offer chain."""
        client, forwarded = self._services.client, self.visitor.headers

        async def order() -> PlacedOrder:
            placed = await client.order_offer_step(forwarded, chain_id, number)
            self._services.directory.learn_order(placed.order_id, self.visitor.owner)
            return placed

        return await self._write(
            ("order_offer_step", chain_id, number), order, Change(_PLACED, offer_chain_ids=frozenset({chain_id}))
        )

    async def claim_reward_step(self, chain_id: int, step_id: int) -> None:
        """Claim a reached step of a reward chain."""
        client, forwarded = self._services.client, self.visitor.headers
        await self._write(
            ("claim_reward_step", chain_id, step_id),
            lambda: client.claim_reward_step(forwarded, chain_id, step_id),
            Change(_CLAIM, reward_chain_ids=frozenset({chain_id})),
        )

    async def update_clan(self) -> tuple[Item, ...]:
        """Let the upstream re-read the player's clan; answers what the former clan's chains paid out."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(
            ("update_clan",), lambda: client.update_clan(forwarded), Change(frozenset({ChangeReason.CLAN}))
        )

    async def _write(self, what: tuple[str | int, ...], call: Callable[[], Awaitable[T]], change: Change) -> T:
        """Send a write once; identical ones that are under way join it, and the player's answers are forgotten.

        It is never cancelled: what was sent may have been carried out. Forgetting happens when the write ends, and
        also when the player stops waiting for it; `change` is told when it ended, unless nothing was done.
        """
        self.require_sign_in()

        async def send() -> T:
            may_be_done = True
            try:
                result = await call()
                self._learn()
                return result
            except GatewayError as error:
                may_be_done = isinstance(error, OutcomeUnknown)
                raise
            finally:
                self._forget()
                if may_be_done:
                    self._tell(change)

        try:
            async with self._until_deadline():
                return await self._services.writes.join((self.visitor.owner, *what), send, keep_running=True)
        except (TimeoutError, FlightEnded):
            raise OutcomeUnknown from None
        except AccessError as error:
            raise self._rejected(error) from error
        finally:
            self._forget()
