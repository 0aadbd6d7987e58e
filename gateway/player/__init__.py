"""What one player can read, do and wait for: what is cached of it and for how long, and what a write forgets."""

from functools import cached_property

from gateway.errors import BadUserInput
from gateway.identity.caller import Caller
from gateway.player.catalog import Catalog
from gateway.player.daily_reads import DailyReads
from gateway.player.reads import OF_CHAINS, Reads
from gateway.player.request import NEVER_FRESH, PlayerRequest
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
        self.is_signed_in = caller.is_signed_in
        self.order_mode = services.order_mode
        """Who sends orders where the game does not say."""
        self.price_texts = services.price_texts
        self.request = PlayerRequest(caller, services, deadline, takes_stale=takes_stale)
        self.reads = Reads(self.request)
        self._joins_recent = not has_idempotency_key

    @property
    def caller(self) -> Caller:
        """Whose request it is."""
        return self.request.caller

    @property
    def order_poll_seconds(self) -> float:
        """Seconds between two reads of an order that somebody waits for."""
        return self.request.services.tracker.interval_seconds

    @property
    def order_watch_seconds(self) -> float:
        """For how many seconds an order is waited for."""
        return self.request.services.tracker.limit_seconds

    def read_in(self, locale: str) -> None:
        """Read in the language of a tag, whatever the request's headers say. Raises BadUserInput for what is none."""
        languages = self.request.services.languages.read_one(locale)
        if languages is None:
            raise BadUserInput("`locale` must be one language tag, such as `de` or `pt-BR`.")
        self.request.read_in(languages)

    def refresh(self) -> None:
        """Let the next reads of chains and points go upstream, once in a few seconds; copies stay for need.

        One that comes sooner is not done, and `refresh_allowed_in` of the request tells when the next may come. The
        upstream's windows, breakers and limits hold as for every other read.
        """
        request = self.request
        # A kept response would answer the next request to refresh.
        request.limit_freshness(NEVER_FRESH)
        if request.is_refreshed:
            return
        request.is_refreshed = True
        request.refresh_allowed_in = request.services.refreshes.admit(self.caller.owner)
        if request.refresh_allowed_in is None:
            request.services.cache.expire(self.caller.owner, OF_CHAINS)

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
