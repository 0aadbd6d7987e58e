"""What the store sells that gives value points, for one player, and what of it is kept.

The vendor says that the catalog can be read without authorization, that a token makes it the player's (what is left of
their limits, and items that only some are shown), and that `country` decides about prices, else the caller's address.
The reading taken: the catalog is read without a token and shared by all players of a language and a country, or of an
address where none is named. It is read with the player's token, and kept for them alone, where an item in it differs
from player to player, where `catalog_is_personal` says that items do, and where the upstream refuses to show it without
a token.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import CacheEntry, LoadResult
from gateway.domain.catalog import CatalogItem, seconds_until_change
from gateway.domain.models import Listing
from gateway.errors import AccessError, NotFound, UpstreamTimeout, UpstreamUnavailable
from gateway.errors.internal import FlightEnded
from gateway.player.request import PlayerRequest
from gateway.resilience.requester import Requester
from gateway.upstream.decode import MEMORY_PER_BODY_BYTE
from gateway.upstream.sending import Reply

T = TypeVar("T")

_NOT_SHARED = frozenset({"authorization", "accept-language"})
"""Headers that are not sent for the shared catalog, whose language is a parameter."""


class Catalog:
    """The player's view of the catalog. Reads raise what `Client` raises, and UpstreamTimeout at the deadline."""

    def __init__(self, request: PlayerRequest) -> None:
        self._request = request
        self._services = request.services
        self._client = request.services.client
        self._locale = next(iter(request.caller.languages), None)

    async def earning_items(self, country: str | None) -> Listing[CatalogItem]:
        """The items that give value points when they are bought, with the prices of a country (ISO 3166-1 alpha-2).

        Without a country, prices follow the player's address, as far as the upstream is told it.
        """
        is_signed_in = self._request.caller.is_signed_in
        if not (is_signed_in and self._services.catalog_is_personal):
            try:
                shared = await self._shared(country)
            except AccessError:
                if not is_signed_in:
                    raise
            else:
                if not is_signed_in or not any(item.is_players for item in shared.items):
                    return shared
        return await self._own(country)

    async def fresh_item(self, sku: str) -> CatalogItem | None:
        """An item as the player is shown it now; None where the store sells none of that SKU."""

        def call() -> Awaitable[Reply[CatalogItem]]:
            return self._client.catalog_item(self._request.requester, sku)

        try:
            return await self._load(self._request.caller.owner, CacheKey("catalog_item", sku), call, lambda _: 0)
        except NotFound:
            return None

    async def _shared(self, country: str | None) -> Listing[CatalogItem]:
        headers = self._request.caller.headers
        sent = () if country else tuple(header for header in headers if header[0] not in _NOT_SHARED)
        # Each has an owner of its own: those that nobody asks for leave the cache first.
        variant = "@".join((self._locale or "", country or "", *(value for _, value in sent)))
        # Sent for nobody: what one player may still send does not decide about what all of them share.
        requester = Requester(sent, retry_until=self._request.requester.retry_until)
        return await self._list(Owner(f"catalog {variant}"), CacheKey("catalog"), requester, country)

    async def _own(self, country: str | None) -> Listing[CatalogItem]:
        try:
            caller = self._request.caller
            key = CacheKey("catalog", country or "", caller.variant)
            return await self._list(caller.owner, key, self._request.requester, country)
        except AccessError as error:
            raise self._request.rejected(error) from error

    async def _list(
        self, owner: Owner, key: CacheKey, requester: Requester, country: str | None
    ) -> Listing[CatalogItem]:
        async def call() -> Reply[Listing[CatalogItem]]:
            # Only what gives points is kept: a store may sell a thousand other things.
            reply = await self._client.catalog(requester, self._locale, country)
            listing = reply.value
            earning = tuple(item for item in listing.items if item.earns_points)
            size_bytes = reply.size_bytes * len(earning) // max(1, len(listing.items))
            return Reply(Listing(earning, listing.unreadable), size_bytes)

        def lifetime_of(listing: Listing[CatalogItem]) -> float:
            seconds = self._services.lifetimes.catalog_seconds
            seconds_left = self._request.token_seconds_left if owner == self._request.caller.owner else seconds
            return min(seconds, seconds_until_change(listing.items, self._services.now()), seconds_left)

        return await self._load(owner, key, call, lifetime_of)

    async def _load(
        self,
        owner: Owner,
        key: CacheKey,
        call: Callable[[], Awaitable[Reply[T]]],
        lifetime_of: Callable[[T], float],
    ) -> T:
        async def load() -> LoadResult[T]:
            reply = await call()
            if owner == self._request.caller.owner:
                self._request.mark_accepted()
            return LoadResult(reply.value, reply.size_bytes * MEMORY_PER_BODY_BYTE, lifetime_of(reply.value))

        if not self._services.cache.contains(owner, key):
            # Before the load and not in it: a player who asks too much must not cost those who share it the catalog.
            self._request.count_call()
        try:
            entry: CacheEntry[T] = await self._services.cache.get_or_load(
                owner, key, load, deadline=self._request.deadline
            )
        except TimeoutError:
            raise UpstreamTimeout from None
        except FlightEnded:
            raise UpstreamUnavailable from None
        self._request.limit_freshness(entry.expires_at)
        return entry.value
