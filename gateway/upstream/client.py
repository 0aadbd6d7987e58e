"""One method per REST call of the client contract, for a requester."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

from gateway.admission.admission import Admission
from gateway.domain.catalog import CatalogItem, ItemOrder
from gateway.domain.models import (
    Contributor,
    DailyChain,
    Item,
    Listing,
    OfferChain,
    Order,
    PlacedOrder,
    RewardChain,
    ValuePoint,
)
from gateway.http.transport import Transport
from gateway.resilience.guard import Guard
from gateway.resilience.requester import Requester
from gateway.upstream import catalog, decode
from gateway.upstream.admitted_transport import AdmittedTransport, Took, untimed
from gateway.upstream.call_outcomes import CALLS, Count, uncounted
from gateway.upstream.decode import Page
from gateway.upstream.decode_lists import ChainLists
from gateway.upstream.direct import DirectRequest
from gateway.upstream.lenient import Report
from gateway.upstream.sending import CONTENT_TYPE, Reply, Sender
from gateway.upstream.traced_sending import TracedSending

T = TypeVar("T")

Read = Coroutine[None, None, Reply[T]]
"""A read that is sent once it is awaited."""

MAX_PAGES = 20
"""Pages of one list that are read; what comes after is not shown (600 offer chains, 1,000 of all else)."""

CATALOG_AT_ONCE = 4
"""Pages of the catalog that are read side by side: it does not tell how many there are, and three may be too many."""

_BY_PLACE, _BY_REWARD_PLACE = attrgetter("order", "id"), attrgetter("order", "reward_chain_id")


class Client:
    """The upstream's player-facing calls. It stores nothing and follows no redirect; `guard` decides what is sent.

    The upstream's own messages are logged; errors carry them only where it `shows_messages`, for developers.

    Reads raise UpstreamTimeout, UpstreamUnavailable, UpstreamInvalid; writes raise OutcomeUnknown where the request may
    have arrived. Both raise Unauthenticated, Forbidden, RateLimited, Overloaded, Refusal and NotFound, and what `Guard`
    raises.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        base_url: str,
        project_id: int,
        read_timeout_seconds: float = 1.5,
        write_timeout_seconds: float = 5.0,
        now: Callable[[], float] = time.time,
        count: Count = uncounted,
        count_oddity: Count = uncounted,
        took: Took = untimed,
        shows_messages: bool = False,
        admission: Admission | None = None,
        guard: Guard | None = None,
        traced: TracedSending | None = None,
    ) -> None:
        self._transport = AdmittedTransport(transport, admission or Admission(CALLS), took, traced)
        self._root_url = f"{base_url.rstrip('/')}/v2/project/{project_id}"
        sender = Sender(
            self._transport,
            self._root_url,
            read_timeout_seconds=read_timeout_seconds,
            write_timeout_seconds=write_timeout_seconds,
            now=now,
            count=count,
            count_oddity=count_oddity,
            shows_messages=shows_messages,
            guard=guard,
        )
        self._read, self._write, self._reports = sender.read, sender.write, sender.reports
        self._lists = ChainLists()

    def offer_chains(self, requester: Requester) -> Read[Listing[OfferChain]]:
        """All active offer chains (client contract, 1.1)."""
        return self._list("offer_chains", "/user/offer_chain", requester, self._lists.offer_chains, _BY_PLACE)

    def offer_chain(self, requester: Requester, chain_id: int) -> Read[OfferChain]:
        """One offer chain (client contract, 1.2). Raises NotFound."""
        return self._read("offer_chain", f"/user/offer_chain/{chain_id}", requester, decode.offer_chain)

    async def claim_offer_step(self, requester: Requester, chain_id: int, number: int) -> int | None:
        """Claim a free step; returns the order's number (client contract, 1.5)."""
        path = f"/user/offer_chain/{chain_id}/step/number/{number}/claim"
        return await self._write("claim_offer_step", "POST", path, requester, decode.claimed_order_id)

    async def order_offer_step(self, requester: Requester, chain_id: int, number: int) -> PlacedOrder:
        """Order a paid step; every call makes a new order (client contract, 1.6)."""
        path = _order_path(chain_id, number)
        return await self._write("order_offer_step", "POST", path, requester, decode.placed_order)

    def direct_order(self, requester: Requester, chain_id: int, number: int) -> DirectRequest:
        """The request that orders a paid step from the player's device."""
        return self._direct(requester, _order_path(chain_id, number))

    def _direct(self, requester: Requester, path: str, body: str | None = None) -> DirectRequest:
        """A request for the player's device: the credential, and what the vendor requires.

        Other headers are left out: the device sends its own (client contract, 1.6 and 6.5).
        """
        credential = [(name, value) for name, value in requester.headers if name == "authorization"]
        headers = (*credential, ("accept", "application/json"), CONTENT_TYPE)
        return DirectRequest("POST", self._root_url + path, headers, body)

    def reward_chains(self, requester: Requester) -> Read[Listing[RewardChain]]:
        """All reward chains, personal and clan (client contract, 2.1)."""
        return self._list("reward_chains", "/user/reward_chain", requester, self._lists.reward_chains, _BY_REWARD_PLACE)

    def balance(self, requester: Requester, chain_id: int) -> Read[ValuePoint | None]:
        """The points that count for a reward chain (client contract, 2.2); None where nothing is told."""
        return self._read("balance", f"/user/reward_chain/{chain_id}/balance", requester, decode.balance)

    async def claim_reward_step(self, requester: Requester, chain_id: int, step_id: int) -> None:
        """Claim a reached step, by its id (client contract, 2.3). The response has no body."""
        path = f"/user/reward_chain/{chain_id}/step/{step_id}/claim"
        await self._write("claim_reward_step", "POST", path, requester, _ignored)

    def daily_chains(self, requester: Requester) -> Read[Listing[DailyChain]]:
        """All active daily chains (client contract, 4)."""
        return self._list("daily_chains", "/user/daily_chain", requester, self._lists.daily_chains, _BY_PLACE)

    def daily_chain(self, requester: Requester, chain_id: int) -> Read[DailyChain]:
        """One daily chain (client contract, 4). Raises NotFound."""
        return self._read("daily_chain", f"/user/daily_chain/{chain_id}", requester, decode.daily_chain)

    async def claim_daily_step(self, requester: Requester, chain_id: int, number: int) -> None:
        """Claim the step of the day (client contract, 4). The response has no body."""
        path = f"/user/daily_chain/{chain_id}/step/number/{number}/claim"
        await self._write("claim_daily_step", "POST", path, requester, _ignored)

    async def update_clan(self, requester: Requester) -> tuple[Item, ...]:
        """Re-read the player's clan; returns what the former clan's chains still owed (client contract, 3)."""
        return await self._write("update_clan", "PUT", "/user/clan/update", requester, decode.clan_rewards)

    def top_contributors(self, requester: Requester, chain_id: int) -> Read[tuple[Contributor, ...]]:
        """Up to ten members of the player's clan who contributed most points (client contract, 3)."""
        return self._read("top_contributors", f"/user/clan/contributors/{chain_id}/top", requester, decode.contributors)

    def order(self, requester: Requester, order_id: int) -> Read[Order]:
        """One order of the player (client contract, 5.1). Raises NotFound."""
        return self._read("order", f"/order/{order_id}", requester, decode.order)

    def catalog(self, requester: Requester, locale: str | None, country: str | None) -> Read[Listing[CatalogItem]]:
        """All items that the store sells, in its order (client contract, 5.5)."""
        path = catalog.path(locale, country)
        return self._list("catalog", path, requester, catalog.items, catalog.position, at_once=CATALOG_AT_ONCE)

    def catalog_item(self, requester: Requester, sku: str) -> Read[CatalogItem]:
        """One item that the store sells (client contract, 5.5). Raises NotFound."""
        return self._read("catalog_item", f"/items/sku/{sku}", requester, catalog.item)

    async def order_item(self, requester: Requester, order: ItemOrder) -> PlacedOrder:
        """Order an item outside of chains; every call makes a new order (client contract, 5.6)."""
        path, body = catalog.order_request(order)
        return await self._write("order_item", "POST", path, requester, decode.placed_order, body)

    def direct_item_order(self, requester: Requester, order: ItemOrder) -> DirectRequest:
        """The request that orders an item from the player's device."""
        path, body = catalog.order_request(order)
        return self._direct(requester, path, body.decode())

    async def aclose(self) -> None:
        """Close the transport's connections."""
        await self._transport.aclose()

    async def _list(
        self,
        call: str,
        path: str,
        requester: Requester,
        decoder: Callable[[bytes, Report], Page[T]],
        key: Callable[[T], tuple[int, Any]],
        *,
        at_once: int = 1,
    ) -> Reply[Listing[T]]:
        """Read a list's pages: the rest together when the first tells how many there are, else `at_once` at a time.

        The first call names no `limit`, because the maximum is disputed and what happens above it is not documented
        (client contract, 0): the default is the maximum, and the size of the first page tells it.
        """
        first = await self._read(call, path, requester, decoder)
        if first.value.has_more:
            replies = await self._pages(call, path, requester, decoder, first, at_once)
        else:
            replies = [first]
        pages = [reply.value for reply in replies]
        size_bytes = sum([reply.size_bytes for reply in replies])
        own_bytes = size_bytes - sum([page.shared_bytes for page in pages])
        return Reply(decode.listing(pages, key, size_bytes, self._reports[call]), own_bytes)

    async def _pages(
        self,
        call: str,
        path: str,
        requester: Requester,
        decoder: Callable[[bytes, Report], Page[T]],
        first: Reply[Page[T]],
        at_once: int,
    ) -> list[Reply[Page[T]]]:
        """The first page, and those behind it."""

        def with_query(**numbers: int) -> str:
            return f"{path}{'&' if '?' in path else '?'}{urlencode(numbers)}"

        replies = [first]
        page, offset = first.value, first.value.received
        if page.received and page.total_items_count:
            offsets = range(offset, page.total_items_count, page.received)[: MAX_PAGES - 1]
            paths = [with_query(limit=page.received, offset=start) for start in offsets]
            replies += await _gather([self._read(call, one, requester, decoder, is_page=True) for one in paths])
            page, offset = replies[-1].value, sum(reply.value.received for reply in replies)
        while page.has_more and page.received and len(replies) < MAX_PAGES:
            offsets = range(offset, offset + at_once * page.received, page.received)[: MAX_PAGES - len(replies)]
            paths = [with_query(offset=start) for start in offsets]
            replies += await _gather([self._read(call, one, requester, decoder, is_page=True) for one in paths])
            page, offset = replies[-1].value, sum(reply.value.received for reply in replies)
        return replies


def _ignored(_body: bytes, _report: Report) -> None:
    """Ignore the body."""


def _order_path(chain_id: int, number: int) -> str:
    return f"/user/offer_chain/{chain_id}/step/number/{number}/order"


async def _gather(calls: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """Await calls side by side; the first failure cancels the others."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
