"""Writes under a key, where the exact moment and the broken record matter."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.errors import AccessError, KeyInUse, OutcomeUnknown, Overloaded, Unauthenticated, UpstreamInvalid
from gateway.errors.internal import RecordsFailed
from gateway.identity.caller import Caller
from gateway.player import Player
from gateway.player.idempotency import run_idempotent
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.player.services import Services
from gateway.records.database import Database
from gateway.schema.reward_writes import REWARD_CLAIMS
from gateway.store.local.sqlite_records import SqliteRecords
from gateway.store.ports import RecordKey
from gateway.upstream.client import Client
from tests.support.loads import run_ready
from tests.support.scripted_upstream import Answer, ScriptedTransport

KEY = "key"


def services_of(answer: Answer, database: Database) -> Services:
    client = Client(ScriptedTransport(answer), base_url="https://up.example", project_id=1)
    cache = UserCache(max_bytes=10_000)
    return Services(client, cache, SingleFlight(), idempotency=SqliteRecords(database))


def player_of(services: Services, device: str = "phone", *, is_verified: bool = True) -> Player:
    headers = (("authorization", f"Bearer {device}"),)
    caller = Caller(Owner(device), True, headers, player_id="ann", is_verified=is_verified)
    return Player(caller, services, deadline=asyncio.get_running_loop().time() + 60)


class Buying:
    """A write that counts how often it is sent and looked for."""

    def __init__(self) -> None:
        self.sent: list[Owner] = []
        self.sought: list[str | None] = []
        self.error: Exception | None = None
        self.checkpoint: str | None = None

    def write(self, *, checkpoints_first: bool = False) -> IdempotentWrite[str]:
        return IdempotentWrite("buy", ("1",), str, self.send, self.seek, checkpoints_first=checkpoints_first)

    async def send(self, player: Player, journal: WriteJournal[str]) -> str:
        if self.checkpoint is not None:
            await journal.checkpoint(self.checkpoint)
        self.sent.append(player.caller.owner)
        if self.error is not None:
            raise self.error
        return "bought"

    async def seek(self, _: Player, __: WriteJournal[str], prior: PriorState[str]) -> str:
        self.sought.append(prior.checkpoint)
        raise OutcomeUnknown


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def services(database: Database) -> Services:
    return services_of(lambda _: httpx.Response(500), database)


class Failing(SqliteRecords):
    """Fails at the calls that are named."""

    def __init__(self, database: Database, *names: str) -> None:
        super().__init__(database)
        for name in names:
            setattr(self, name, self._fail)

    async def _fail(self, *_: Any, **__: Any) -> None:
        raise RecordsFailed("disk is full")


def failing(database: Database, *names: str) -> Services:
    client = Client(ScriptedTransport(lambda _: httpx.Response(500)), base_url="https://up.example", project_id=1)
    return Services(client, UserCache(max_bytes=10_000), SingleFlight(), idempotency=Failing(database, *names))


async def test_nothing_is_sent_where_nothing_can_be_recorded(database: Database) -> None:
    buying = Buying()
    with pytest.raises(Overloaded):
        await run_idempotent(player_of(failing(database, "begin")), KEY, buying.write())
    buying.checkpoint = "checkpoint"
    with pytest.raises(Overloaded):
        await run_idempotent(player_of(failing(database, "checkpoint")), KEY, buying.write())
    assert buying.sent == []


async def test_an_answer_that_cannot_be_recorded_is_told_and_then_unknown(database: Database) -> None:
    services, buying = failing(database, "finish"), Buying()
    assert await run_idempotent(player_of(services), KEY, buying.write()) == "bought"
    with pytest.raises(OutcomeUnknown):
        await run_idempotent(player_of(services), KEY, buying.write())
    assert (len(buying.sent), buying.sought) == (1, [None])


async def test_a_failure_that_cannot_be_dropped_is_told_and_then_unknown(database: Database) -> None:
    services, buying = failing(database, "drop"), Buying()
    buying.error = Overloaded()
    with pytest.raises(Overloaded):
        await run_idempotent(player_of(services), KEY, buying.write())
    with pytest.raises(OutcomeUnknown):
        await run_idempotent(player_of(services), KEY, buying.write())
    assert len(buying.sent) == 1


@pytest.mark.parametrize("checkpoints_first", [True, False])
async def test_an_answer_that_was_damaged_is_unknown_and_nothing_is_sent_again(
    services: Services, database: Database, checkpoints_first: bool
) -> None:
    buying = Buying()
    write = buying.write(checkpoints_first=checkpoints_first)
    await run_idempotent(player_of(services), KEY, write)
    await database.run(lambda db: db.execute("UPDATE idempotency SET answer = x'00'"))
    with pytest.raises(OutcomeUnknown):
        await run_idempotent(player_of(services), KEY, write)
    assert (len(buying.sent), buying.sought) == (1, [None])


async def test_an_answer_of_another_version_is_unknown(services: Services) -> None:
    buying = Buying()
    await run_idempotent(player_of(services), KEY, buying.write())
    later: IdempotentWrite[Any] = IdempotentWrite("buy", ("1",), int, buying.send, buying.seek)
    with pytest.raises(OutcomeUnknown):
        await run_idempotent(player_of(services), KEY, later)


async def begun(services: Services, buying: Buying, write: IdempotentWrite[str]) -> None:
    """Begin a write whose process dies before it ends."""
    buying.error = RuntimeError()
    with pytest.raises(RuntimeError):
        await run_idempotent(player_of(services), KEY, write)
    buying.error = None


async def test_a_write_that_checkpoints_first_and_did_not_was_not_sent(services: Services) -> None:
    buying = Buying()
    write = buying.write(checkpoints_first=True)
    await begun(services, buying, write)
    assert await run_idempotent(player_of(services), KEY, write) == "bought"
    assert buying.sought == []


async def test_a_write_with_a_checkpoint_is_looked_for(services: Services) -> None:
    buying = Buying()
    buying.checkpoint = "checkpoint"
    write = buying.write(checkpoints_first=True)
    await begun(services, buying, write)
    with pytest.raises(OutcomeUnknown):
        await run_idempotent(player_of(services), KEY, write)
    assert (len(buying.sent), buying.sought) == (1, ["checkpoint"])


class Elsewhere(SqliteRecords):
    """Records that another process continues: what this one asks for is refused."""

    async def take_over(self, key: RecordKey, attempt: bytes, successor: bytes) -> bool:
        return False

    async def checkpoint(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        return False


async def test_a_write_that_another_process_continues_is_not_sent(services: Services, database: Database) -> None:
    buying = Buying()
    write = buying.write(checkpoints_first=True)
    await begun(services, buying, write)
    services = replace(services, idempotency=Elsewhere(database))
    with pytest.raises(KeyInUse):
        await run_idempotent(player_of(services), KEY, write)
    buying.checkpoint = "checkpoint"
    with pytest.raises(KeyInUse):
        await run_idempotent(player_of(services), "another key", write)
    assert len(buying.sent) == 1


async def test_another_devices_refused_credential_is_not_this_ones(services: Services) -> None:
    entered, release = asyncio.Event(), asyncio.Event()
    buying = Buying()

    async def send(player: Player, journal: WriteJournal[str]) -> str:
        if player.caller.owner == "phone":
            entered.set()
            await release.wait()
            raise Unauthenticated
        return await buying.send(player, journal)

    write: IdempotentWrite[str] = IdempotentWrite("buy", ("1",), str, send, buying.seek)
    phone = asyncio.ensure_future(run_idempotent(player_of(services, "phone"), KEY, write))
    await entered.wait()
    tablet = asyncio.ensure_future(run_idempotent(player_of(services, "tablet"), KEY, write))
    await asyncio.sleep(0)
    release.set()
    with pytest.raises(AccessError):
        await phone
    assert await tablet == "bought"
    assert buying.sent == ["tablet"]


async def test_a_credential_of_which_the_upstream_says_nothing_has_no_keys(database: Database) -> None:
    services, buying = services_of(lambda _: httpx.Response(404), database), Buying()
    with pytest.raises(UpstreamInvalid):
        await run_idempotent(player_of(services, is_verified=False), KEY, buying.write())
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
    first = asyncio.ensure_future(player_of(services, "phone").writes.order_offer_step(1, 2))
    await entered.wait()
    second = asyncio.ensure_future(player_of(services, "tablet", is_verified=False).writes.order_offer_step(1, 2))
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
    phone = asyncio.ensure_future(player_of(services, "phone").writes.order_offer_step(1, 2))
    await entered.wait()
    tablet = asyncio.ensure_future(player_of(services, "tablet").writes.order_offer_step(1, 2))
    await run_ready()
    assert len(transport.requests) == 1
    release.set()
    with pytest.raises(Unauthenticated):
        await phone
    assert (await tablet).order_id == 1
    assert [request.headers["authorization"] for request in transport.requests] == ["Bearer phone", "Bearer tablet"]


async def test_steps_that_nobody_noted_cannot_be_told_of(services: Services) -> None:
    write = REWARD_CLAIMS.claim_available(7, datetime.now(UTC))
    with pytest.raises(OutcomeUnknown):
        await write.recover(player_of(services), WriteJournal(), PriorState())


async def test_at_the_end_of_the_gateway_a_write_in_flight_is_unknown_and_stays_so(services: Services) -> None:
    entered = asyncio.Event()
    buying = Buying()

    async def send(player: Player, journal: WriteJournal[str]) -> str:
        entered.set()
        await asyncio.Event().wait()
        raise AssertionError

    write: IdempotentWrite[str] = IdempotentWrite("buy", ("1",), str, send, buying.seek)
    waiting = asyncio.ensure_future(run_idempotent(player_of(services), KEY, write))
    await entered.wait()
    await services.idempotent_in_flight.aclose()
    with pytest.raises(OutcomeUnknown):
        await waiting
    after = Services(services.client, services.cache, SingleFlight(), idempotency=services.idempotency)
    with pytest.raises(OutcomeUnknown):
        await run_idempotent(player_of(after), KEY, write)
    assert buying.sought == [None]
