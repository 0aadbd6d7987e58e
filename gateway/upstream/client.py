"""One method per REST call of the client contract, for a caller's forwarded headers."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Generic, TypeVar

import httpx
from msgspec import Struct

from gateway import __version__
from gateway.admission.admission import Admission
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
from gateway.http.messages import RequestLimits, RequestTemplate
from gateway.http.transport import Transport
from gateway.upstream import decode, failures
from gateway.upstream.admitted_transport import AdmittedTransport
from gateway.upstream.call_outcomes import CALLS, OK, Count, outcome_of, uncounted
from gateway.upstream.decode import Page
from gateway.upstream.decode_lists import ChainLists
from gateway.upstream.direct import DirectRequest
from gateway.upstream.lenient import Report
from gateway.upstream.oddities import Oddities

T = TypeVar("T")
Forwarded = tuple[tuple[str, str], ...]

MAX_PAGES = 20
"""Pages of one list that are read; what comes after is not shown (600 offer chains, 1,000 of each other kind)."""


class Reply(Struct, Generic[T], frozen=True, gc=False):
    """A decoded response, and the bytes of it that were decoded for it alone."""

    value: T
    size_bytes: int


class Client:
    """The upstream's player-facing calls. It stores nothing, retries nothing and follows no redirect.

    The upstream's own messages are logged; errors carry them only where it `shows_messages`, for developers.

    Reads raise UpstreamTimeout, UpstreamUnavailable, UpstreamInvalid; writes raise OutcomeUnknown where the request may
    have arrived. Both raise Unauthenticated, Forbidden, RateLimited, Overloaded, Refusal and NotFound.
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
        shows_messages: bool = False,
        admission: Admission | None = None,
    ) -> None:
        self._transport = AdmittedTransport(transport, admission or Admission(CALLS))
        root_url = f"{base_url.rstrip('/')}/v2/project/{project_id}"
        self._reads = RequestTemplate(root_url, _OWN_HEADERS, _limits(read_timeout_seconds))
        self._writes = RequestTemplate(root_url, _WRITE_HEADERS, _limits(write_timeout_seconds))
        self._now = now
        self._lists = ChainLists()
        self._count = count
        self._oddities = Oddities(count_oddity)
        self._shows_messages = shows_messages

    async def offer_chains(self, forwarded: Forwarded) -> Reply[Listing[OfferChain]]:
        """All active offer chains (client contract, 1.1)."""
        return await self._list("offer_chains", "/user/offer_chain", forwarded, self._lists.offer_chains, _chain_key)

    async def offer_chain(self, forwarded: Forwarded, chain_id: int) -> Reply[OfferChain]:
        """One offer chain (client contract, 1.2). Raises NotFound."""
        return await self._read("offer_chain", f"/user/offer_chain/{chain_id}", forwarded, decode.offer_chain)

    async def claim_offer_step(self, forwarded: Forwarded, chain_id: int, number: int) -> int | None:
        """Claim a free step; returns the order's number (client contract, 1.5)."""
        path = f"/user/offer_chain/{chain_id}/step/number/{number}/claim"
        return await self._write("claim_offer_step", "POST", path, forwarded, decode.claimed_order_id)

    async def order_offer_step(self, forwarded: Forwarded, chain_id: int, number: int) -> PlacedOrder:
        """Order a paid step; every call makes a new order (client contract, 1.6)."""
        path = _order_path(chain_id, number)
        return await self._write("order_offer_step", "POST", path, forwarded, decode.placed_order)

    def direct_order(self, forwarded: Forwarded, chain_id: int, number: int) -> DirectRequest:
        """The request that orders a paid step from the player's device: the credential, and what the vendor requires.

        Other forwarded headers are left out: the device sends its own (client contract, 1.6 and 6.5).
        """
        credential = [(name, value) for name, value in forwarded if name == "authorization"]
        headers = (*credential, ("accept", "application/json"), _CONTENT_TYPE)
        return DirectRequest("POST", self._writes.root_url + _order_path(chain_id, number), headers)

    async def reward_chains(self, forwarded: Forwarded) -> Reply[Listing[RewardChain]]:
        """All reward chains, personal and clan (client contract, 2.1)."""
        return await self._list(
            "reward_chains", "/user/reward_chain", forwarded, self._lists.reward_chains, _reward_key
        )

    async def balance(self, forwarded: Forwarded, chain_id: int) -> Reply[ValuePoint | None]:
        """The points that count for a reward chain (client contract, 2.2); None where nothing is told."""
        return await self._read("balance", f"/user/reward_chain/{chain_id}/balance", forwarded, decode.balance)

    async def claim_reward_step(self, forwarded: Forwarded, chain_id: int, step_id: int) -> None:
        """Claim a reached step, by its id (client contract, 2.3). The response has no body."""
        path = f"/user/reward_chain/{chain_id}/step/{step_id}/claim"
        await self._write("claim_reward_step", "POST", path, forwarded, _ignored)

    async def daily_chains(self, forwarded: Forwarded) -> Reply[Listing[DailyChain]]:
        """All active daily chains (client contract, 4)."""
        return await self._list("daily_chains", "/user/daily_chain", forwarded, self._lists.daily_chains, _chain_key)

    async def daily_chain(self, forwarded: Forwarded, chain_id: int) -> Reply[DailyChain]:
        """One daily chain (client contract, 4). Raises NotFound."""
        return await self._read("daily_chain", f"/user/daily_chain/{chain_id}", forwarded, decode.daily_chain)

    async def claim_daily_step(self, forwarded: Forwarded, chain_id: int, number: int) -> None:
        """Claim the step of the day (client contract, 4). The response has no body."""
        path = f"/user/daily_chain/{chain_id}/step/number/{number}/claim"
        await self._write("claim_daily_step", "POST", path, forwarded, _ignored)

    async def update_clan(self, forwarded: Forwarded) -> tuple[Item, ...]:
        """Re-read the player's clan; returns what the former clan's chains still owed (client contract, 3)."""
        return await self._write("update_clan", "PUT", "/user/clan/update", forwarded, decode.clan_rewards)

    async def top_contributors(self, forwarded: Forwarded, chain_id: int) -> Reply[tuple[Contributor, ...]]:
        """Up to ten members of the player's clan who contributed most points (client contract, 3)."""
        return await self._read(
            "top_contributors", f"/user/clan/contributors/{chain_id}/top", forwarded, decode.contributors
        )

    async def order(self, forwarded: Forwarded, order_id: int) -> Reply[Order]:
        """One order of the player (client contract, 5.1). Raises NotFound."""
        return await self._read("order", f"/order/{order_id}", forwarded, decode.order)

    async def aclose(self) -> None:
        """Close the transport's connections."""
        await self._transport.aclose()

    async def _list(
        self,
        call: str,
        path: str,
        forwarded: Forwarded,
        decoder: Callable[[bytes, Report], Page[T]],
        key: Callable[[T], tuple[int, int]],
    ) -> Reply[Listing[T]]:
        """Read a list's pages: the rest together when the first tells how many there are, else one after the other.

        The first call names no `limit`, because the maximum is disputed and what happens above it is not documented
        (client contract, 0): the default is the maximum, and the size of the first page tells it.
        """
        first = await self._read(call, path, forwarded, decoder)
        replies = [first]
        page, offset = first.value, first.value.received
        if page.has_more and page.received and page.total_items_count:
            offsets = range(offset, page.total_items_count, page.received)[: MAX_PAGES - 1]
            paths = [f"{path}?limit={page.received}&offset={start}" for start in offsets]
            replies += await _gather([self._read(call, one, forwarded, decoder) for one in paths])
            page, offset = replies[-1].value, sum(reply.value.received for reply in replies)
        while page.has_more and page.received and len(replies) < MAX_PAGES:
            replies.append(await self._read(call, f"{path}?offset={offset}", forwarded, decoder))
            page = replies[-1].value
            offset += page.received
        size = sum(reply.size_bytes - reply.value.shared_bytes for reply in replies)
        return Reply(decode.listing([reply.value for reply in replies], key), size)

    async def _read(
        self, call: str, path: str, forwarded: Forwarded, decoder: Callable[[bytes, Report], T]
    ) -> Reply[T]:
        def decoded(body: bytes, report: Report) -> Reply[T]:
            return Reply(decoder(body, report), len(body))

        return await self._counted(call, self._send(call, "GET", path, forwarded, writes=False), decoded)

    async def _write(
        self, call: str, method: str, path: str, forwarded: Forwarded, decoder: Callable[[bytes, Report], T]
    ) -> T:
        return await self._counted(call, self._send(call, method, path, forwarded, writes=True), decoder)

    async def _counted(
        self, call: str, exchange: Coroutine[None, None, bytes], decoder: Callable[[bytes, Report], T]
    ) -> T:
        """Await an exchange and decode its response; count how it ended."""
        try:
            decoded = decoder(await exchange, self._oddities.of(call))
        except BaseException as error:
            self._count(call, outcome_of(error))
            raise
        self._count(call, OK)
        return decoded

    async def _send(self, call: str, method: str, path: str, forwarded: Forwarded, *, writes: bool) -> bytes:
        request = (self._writes if writes else self._reads).request(method, path, forwarded)
        try:
            response = await self._transport.send(call, request)
        except httpx.RequestError as error:
            failure = failures.broken_exchange(error, writes=writes)
            # Texts of this one say how far connecting came, and hold no address.
            details = {"detail": str(error)} if isinstance(error, httpx.ConnectError) else {}
            failures.log_failure(failure, method, path, type(error).__name__, **details)
            raise failure from error
        if response.is_success:
            return response.body
        retry_after = response.header(b"retry-after")
        failure = failures.failure(response.status, response.body, retry_after, writes=writes, now=self._now())
        details = {"upstream_message": failure.upstream_message} if failure.upstream_message else {}
        failures.log_failure(failure, method, path, response.status, **details)
        if not self._shows_messages:
            failure.upstream_message = None
        raise failure


_OWN_HEADERS = (
    ("accept", "application/json"),
    ("accept-encoding", "gzip"),
    ("user-agent", f"liveops-gateway/{__version__}"),
)
# The vendor's guide requires the type on every POST and PUT, and none of these calls has a body.
_CONTENT_TYPE = ("content-type", "application/json")
_WRITE_HEADERS = (*_OWN_HEADERS, _CONTENT_TYPE)


def _ignored(_body: bytes, _report: Report) -> None:
    """Ignore the body."""


def _order_path(chain_id: int, number: int) -> str:
    return f"/user/offer_chain/{chain_id}/step/number/{number}/order"


def _limits(seconds: float) -> RequestLimits:
    return RequestLimits(read_seconds=seconds, write_seconds=seconds, total_seconds=seconds)


async def _gather(calls: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """Await calls side by side; the first failure cancels the others."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _chain_key(chain: OfferChain | DailyChain) -> tuple[int, int]:
    return chain.order, chain.id


def _reward_key(chain: RewardChain) -> tuple[int, int]:
    return chain.order, chain.reward_chain_id
