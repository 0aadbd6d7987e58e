"""What one player can read, do and wait for: what is cached of it and for how long, and what a write forgets."""

from functools import cached_property

from gateway.identity.caller import Caller
from gateway.player.catalog import Catalog
from gateway.player.daily_reads import DailyReads
from gateway.player.reads import Reads
from gateway.player.request import PlayerRequest
from gateway.player.services import Services
from gateway.player.waits import Waits
from gateway.player.writes import Writes


class Player:
    """One caller during one request; `deadline` is the event loop's time at which the request must be answered.

    `has_idempotency_key` is for what runs under such a key: then the key says which writes are the same. `takes_stale`
    is as for `PlayerRequest`.
    """

    def __init__(
        self,
        caller: Caller,
        services: Services,
        *,
        deadline: float,
        has_idempotency_key: bool = False,
        takes_stale: bool = True,
    ) -> None:
        self.caller = caller
        self.is_signed_in = caller.is_signed_in
        self.order_mode = services.order_mode
        """Who sends orders where the game does not say."""
        self.price_texts = services.price_texts
        self.request = PlayerRequest(caller, services, deadline, takes_stale=takes_stale)
        self.reads = Reads(self.request)
        self._joins_recent = not has_idempotency_key

    # Made when they are needed: most requests only read, and there is a player for each of them.

    @cached_property
    def writes(self) -> Writes:
        """What the player can do."""
        return Writes(self.request, self.reads, joins_recent=self._joins_recent)

    @cached_property
    def waits(self) -> Waits:
        """What the player can wait for."""
        return Waits(self.request, self.reads)

    @cached_property
    def daily(self) -> DailyReads:
        """What the player can read of daily chains."""
        return DailyReads(self.request, self.reads)

    @cached_property
    def catalog(self) -> Catalog:
        """What the player can buy to earn points."""
        return Catalog(self.request)

    @property
    def fresh_until(self) -> float:
        """The monotonic clock's reading at which the first of what was read is stale; infinity while nothing was."""
        return self.request.fresh_until

    @property
    def loaded_since(self) -> float:
        """The monotonic clock's reading at which the oldest of what was read was loaded; infinity while nothing was."""
        return self.request.loaded_since

    def abandon(self) -> None:
        """Let every read, write and wait time out, now and later: nobody waits for the answer.

        A write that was sent is carried to its end all the same.
        """
        self.request.abandon()
