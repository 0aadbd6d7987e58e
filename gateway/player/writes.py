"""What one player can do; a write forgets what was kept of him, in every outcome."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.cache.flights import FlightEnded
from gateway.errors import AccessError, OutcomeUnknown
from gateway.models import Item, PlacedOrder
from gateway.player.session import Session

T = TypeVar("T")


class Writes(Session):
    """The writing doors. They raise what `Client` raises.

    A write that is under way at the deadline raises OutcomeUnknown and runs to its end.
    """

    async def claim_offer_step(self, chain_id: int, number: int) -> int | None:
        """Claim a free step of an offer chain; answers the number of its order, where the upstream told it."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(
            ("claim_offer_step", chain_id, number), lambda: client.claim_offer_step(forwarded, chain_id, number)
        )

    async def order_offer_step(self, chain_id: int, number: int) -> PlacedOrder:
        """Order a paid step of an offer chain."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(
            ("order_offer_step", chain_id, number), lambda: client.order_offer_step(forwarded, chain_id, number)
        )

    async def claim_reward_step(self, chain_id: int, step_id: int) -> None:
        """Claim a reached step of a reward chain."""
        client, forwarded = self._services.client, self.visitor.headers
        await self._write(
            ("claim_reward_step", chain_id, step_id), lambda: client.claim_reward_step(forwarded, chain_id, step_id)
        )

    async def update_clan(self) -> tuple[Item, ...]:
        """Let the upstream re-read the player's clan; answers what the former clan's chains paid out."""
        client, forwarded = self._services.client, self.visitor.headers
        return await self._write(("update_clan",), lambda: client.update_clan(forwarded))

    async def _write(self, what: tuple[str | int, ...], call: Callable[[], Awaitable[T]]) -> T:
        """Send a write once; identical ones that are under way join it, and the player's answers are forgotten.

        It is never cancelled: what was sent may have been carried out. Forgetting happens when the write ends, and
        also when the player stops waiting for it.
        """
        self.require_sign_in()
        cache, owner = self._services.cache, self.visitor.owner

        async def send() -> T:
            try:
                return await call()
            finally:
                cache.forget(owner)

        try:
            async with self._until_deadline():
                return await self._services.writes.join((owner, *what), send, keep_running=True)
        except (TimeoutError, FlightEnded):
            raise OutcomeUnknown from None
        except AccessError as error:
            raise self._rejected(error) from error
        finally:
            cache.forget(owner)
