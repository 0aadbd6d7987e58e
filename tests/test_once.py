"""Deeds under a key, where the exact moment and the broken record matter."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.errors import AccessError, OutcomeUnknown, Overloaded, Unauthenticated, UpstreamInvalid
from gateway.identity.caller import Caller
from gateway.player import Player
from gateway.player.deeds import Deed, Known, Notes
from gateway.player.services import Services
from gateway.records.database import Database, RecordsFailed
from gateway.records.idempotency import IdempotencyTable
from gateway.schema.reward_writes import claim_available
from gateway.upstream.client import Client
from tests.cache.loads import settle
from tests.upstream.test_client import Answer, ScriptedTransport

KEY = "key"


def services_of(answer: Answer, database: Database) -> Services:
    client = Client(ScriptedTransport(answer), base_url="https://up.example", project_id=1)
    cache = UserCache(max_bytes=10_000)
    return Services(client, cache, SingleFlight(), idempotency=IdempotencyTable(database))


def player_of(services: Services, device: str = "phone", *, is_verified: bool = True) -> Player:
    headers = (("authorization", f"Bearer {device}"),)
    caller = Caller(Owner(device), True, headers, player_id="ann", is_verified=is_verified)
    return Player(caller, services, deadline=asyncio.get_running_loop().time() + 60)


class Buying:
    """A deed that counts how often it is sent and looked for."""

    def __init__(self) -> None:
        self.sent: list[Owner] = []
        self.sought: list[str | None] = []
        self.error: Exception | None = None
        self.draft: str | None = None

    def deed(self, *, drafts_first: bool = False) -> Deed[Player, str]:
        return Deed("buy", ("1",), str, self.send, self.seek, drafts_first=drafts_first)

    async def send(self, player: Player, notes: Notes[str]) -> str:
        if self.draft is not None:
            await notes.draft(self.draft)
        self.sent.append(player.caller.owner)
        if self.error is not None:
            raise self.error
        return "bought"

    async def seek(self, _: Player, __: Notes[str], known: Known[str]) -> str:
        self.sought.append(known.draft)
        raise OutcomeUnknown


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def services(database: Database) -> Services:
    return services_of(lambda _: httpx.Response(500), database)


class Failing(IdempotencyTable):
    """Fails at the calls that are named."""

    def __init__(self, database: Database, *names: str) -> None:
        super().__init__(database)
        for name in names:
            setattr(self, name, self._fail)

    async def _fail(self, *_: Any) -> None:
        raise RecordsFailed("disk is full")


def failing(database: Database, *names: str) -> Services:
    client = Client(ScriptedTransport(lambda _: httpx.Response(500)), base_url="https://up.example", project_id=1)
    return Services(client, UserCache(max_bytes=10_000), SingleFlight(), idempotency=Failing(database, *names))


async def test_nothing_is_sent_where_nothing_can_be_recorded(database: Database) -> None:
    buying = Buying()
    with pytest.raises(Overloaded):
        await player_of(failing(database, "begin")).once(KEY, buying.deed())
    buying.draft = "draft"
    with pytest.raises(Overloaded):
        await player_of(failing(database, "draft")).once(KEY, buying.deed())
    assert buying.sent == []


async def test_an_answer_that_cannot_be_recorded_is_told_and_then_unknown(database: Database) -> None:
    services, buying = failing(database, "finish"), Buying()
    assert await player_of(services).once(KEY, buying.deed()) == "bought"
    with pytest.raises(OutcomeUnknown):
        await player_of(services).once(KEY, buying.deed())
    assert (len(buying.sent), buying.sought) == (1, [None])


async def test_a_failure_that_cannot_be_dropped_is_told_and_then_unknown(database: Database) -> None:
    services, buying = failing(database, "drop"), Buying()
    buying.error = Overloaded()
    with pytest.raises(Overloaded):
        await player_of(services).once(KEY, buying.deed())
    with pytest.raises(OutcomeUnknown):
        await player_of(services).once(KEY, buying.deed())
    assert len(buying.sent) == 1


@pytest.mark.parametrize("drafts_first", [True, False])
async def test_an_answer_that_was_damaged_is_unknown_and_nothing_is_sent_again(
    services: Services, database: Database, drafts_first: bool
) -> None:
    buying = Buying()
    deed = buying.deed(drafts_first=drafts_first)
    await player_of(services).once(KEY, deed)
    await database.run(lambda db: db.execute("UPDATE idempotency SET answer = x'00'"))
    with pytest.raises(OutcomeUnknown):
        await player_of(services).once(KEY, deed)
    assert (len(buying.sent), buying.sought) == (1, [None])


async def test_an_answer_of_another_version_is_unknown(services: Services) -> None:
    buying = Buying()
    await player_of(services).once(KEY, buying.deed())
    later: Deed[Player, Any] = Deed("buy", ("1",), int, buying.send, buying.seek)
    with pytest.raises(OutcomeUnknown):
        await player_of(services).once(KEY, later)


async def begun(services: Services, buying: Buying, deed: Deed[Player, str]) -> None:
    """Begin a deed whose process dies before it ends."""
    buying.error = RuntimeError()
    with pytest.raises(RuntimeError):
        await player_of(services).once(KEY, deed)
    buying.error = None


async def test_a_deed_that_drafts_first_and_did_not_was_not_sent(services: Services) -> None:
    buying = Buying()
    deed = buying.deed(drafts_first=True)
    await begun(services, buying, deed)
    assert await player_of(services).once(KEY, deed) == "bought"
    assert buying.sought == []


async def test_a_deed_that_was_drafted_is_looked_for(services: Services) -> None:
    buying = Buying()
    buying.draft = "draft"
    deed = buying.deed(drafts_first=True)
    await begun(services, buying, deed)
    with pytest.raises(OutcomeUnknown):
        await player_of(services).once(KEY, deed)
    assert (len(buying.sent), buying.sought) == (1, ["draft"])


async def test_another_devices_refused_credential_is_not_this_ones(services: Services) -> None:
    entered, release = asyncio.Event(), asyncio.Event()
    buying = Buying()

    async def send(player: Player, notes: Notes[str]) -> str:
        if player.caller.owner == "phone":
            entered.set()
            await release.wait()
            raise Unauthenticated
        return await buying.send(player, notes)

    deed: Deed[Player, str] = Deed("buy", ("1",), str, send, buying.seek)
    phone = asyncio.ensure_future(player_of(services, "phone").once(KEY, deed))
    await entered.wait()
    tablet = asyncio.ensure_future(player_of(services, "tablet").once(KEY, deed))
    await asyncio.sleep(0)
    release.set()
    with pytest.raises(AccessError):
        await phone
    assert await tablet == "bought"
    assert buying.sent == ["tablet"]


async def test_a_credential_of_which_the_upstream_says_nothing_has_no_keys(database: Database) -> None:
    services, buying = services_of(lambda _: httpx.Response(404), database), Buying()
    with pytest.raises(UpstreamInvalid):
        await player_of(services, is_verified=False).once(KEY, buying.deed())
    assert buying.sent == []


async def test_a_credential_of_which_the_upstream_says_nothing_joins_no_write(database: Database) -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    class Held(ScriptedTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            if request.method == "GET":
                return httpx.Response(404)
            entered.set()
            await release.wait()
            return httpx.Response(200, json={"order_id": 1, "token": request.headers["authorization"]})

    client = Client(Held(lambda _: httpx.Response(500)), base_url="https://up.example", project_id=1)
    services = Services(client, UserCache(max_bytes=10_000), SingleFlight())
    first = asyncio.ensure_future(player_of(services, "phone").order_offer_step(1, 2))
    await entered.wait()
    second = asyncio.ensure_future(player_of(services, "tablet", is_verified=False).order_offer_step(1, 2))
    release.set()
    assert ((await first).token, (await second).token) == ("Bearer phone", "Bearer tablet")


async def test_a_write_that_another_devices_credential_spoilt_is_sent_with_this_one() -> None:
    entered, release = asyncio.Event(), asyncio.Event()

    class Held(ScriptedTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            entered.set()
            await release.wait()
            is_good = request.headers["authorization"] == "Bearer tablet"
            return httpx.Response(200 if is_good else 401, json={"order_id": 1, "token": "t"})

    transport = Held(lambda _: httpx.Response(500))
    client = Client(transport, base_url="https://up.example", project_id=1)
    services = Services(client, UserCache(max_bytes=10_000), SingleFlight())
    phone = asyncio.ensure_future(player_of(services, "phone").order_offer_step(1, 2))
    await entered.wait()
    tablet = asyncio.ensure_future(player_of(services, "tablet").order_offer_step(1, 2))
    await settle()
    assert len(transport.requests) == 1
    release.set()
    with pytest.raises(Unauthenticated):
        await phone
    assert (await tablet).order_id == 1
    assert [request.headers["authorization"] for request in transport.requests] == ["Bearer phone", "Bearer tablet"]


async def test_steps_that_nobody_noted_cannot_be_told_of(services: Services) -> None:
    deed = claim_available(7, datetime.now(UTC))
    with pytest.raises(OutcomeUnknown):
        await deed.settle(player_of(services), Notes(), Known())


async def test_at_the_end_of_the_gateway_a_deed_under_way_is_unknown_and_stays_so(services: Services) -> None:
    entered = asyncio.Event()
    buying = Buying()

    async def send(player: Player, notes: Notes[str]) -> str:
        entered.set()
        await asyncio.Event().wait()
        raise AssertionError

    deed: Deed[Player, str] = Deed("buy", ("1",), str, send, buying.seek)
    waiting = asyncio.ensure_future(player_of(services).once(KEY, deed))
    await entered.wait()
    await services.keyed.aclose()
    with pytest.raises(OutcomeUnknown):
        await waiting
    after = Services(services.client, services.cache, SingleFlight(), idempotency=services.idempotency)
    with pytest.raises(OutcomeUnknown):
        await player_of(after).once(KEY, deed)
    assert buying.sought == [None]
