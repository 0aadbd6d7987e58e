"""A store that is set up wrong ends the start, with what to do and without a secret."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from gateway.errors import StoreUnusable
from gateway.store.settings import StoreSettings, parse_url
from gateway.store.shared.checks import StoreCheck
from gateway.store.shared.client import Client
from gateway.store.shared.clock import StoreClock
from gateway.store.shared.connections import Command, Reply
from gateway.store.shared.epoch import Epoch
from gateway.store.shared.keys import Keys
from gateway.store.shared.metrics import StoreMetrics
from gateway.store.tags import Tags
from gateway.telemetry.metrics import Metrics
from tests.support.clock import Clock
from tests.support.store_servers import Redis, asking, free_port, listening

SECRET = "password-of-a-test"


@asynccontextmanager
async def checking(url: str, **settings: object) -> AsyncIterator[tuple[StoreCheck, Clock]]:
    clock = Clock()
    given = StoreSettings(url=parse_url(url), **{"seconds": 2.0, "replicas": 0, **settings})  # type: ignore[arg-type]
    client = Client(given, StoreClock(clock), StoreMetrics(Metrics()))
    epoch = Epoch(client, Keys(77, Tags()))
    try:
        yield StoreCheck(client, epoch, given, call_later=clock.call_later), clock
    finally:
        await client.aclose()


@pytest.fixture(autouse=True)
def needs_a_server(server: Redis) -> None:
    """`server` skips where there is none."""


@contextmanager
def served(*options: str) -> Iterator[str]:
    with listening("--appendonly", "yes", *options) as (_, port):
        yield f"redis://127.0.0.1:{port}"


async def test_a_store_that_is_set_up_well_is_not_spoken_of(caplog: pytest.LogCaptureFixture) -> None:
    with served() as url:
        async with checking(url, replicas=None) as (check, _):
            await check.run()
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("options", "settings", "text"),
    [
        pytest.param(("--maxmemory-policy", "allkeys-lru"), {}, "set maxmemory-policy to noeviction", id="evicts"),
        pytest.param((), {"replicas": 1}, "GATEWAY_STORE_REPLICAS", id="too few replicas"),
        pytest.param(("--replicaof", "127.0.0.1", "1"), {"seconds": 0.2}, "has to name the primary", id="replica"),
        pytest.param(("--requirepass", "another"), {"password": SECRET}, "GATEWAY_STORE_PASSWORD", id="password"),
        pytest.param(("--requirepass", "another"), {}, "the user may not run|refuses the user", id="no password"),
        pytest.param(("--rename-command", "EVALSHA", ""), {}, "with scripts", id="no scripts"),
        pytest.param(("--rename-command", "INFO", ""), {}, "does not run what is needed", id="no facts"),
    ],
)
async def test_a_store_that_cannot_be_relied_on_ends_the_start(
    options: tuple[str, ...], settings: dict[str, object], text: str
) -> None:
    with served(*options) as url:
        async with checking(url, **settings) as (check, clock):
            start = asyncio.create_task(check.run())
            await pass_time(start, clock)
            with pytest.raises(StoreUnusable, match=text) as caught:
                await start
    assert SECRET not in str(caught.value)


async def pass_time(start: "asyncio.Task[None]", clock: Clock) -> None:
    """Let the time pass for which a store is waited for."""
    while not start.done():
        clock.advance(5)
        await asyncio.wait([start], timeout=0.01)


async def test_only_a_warning_where_checks_only_warn(caplog: pytest.LogCaptureFixture) -> None:
    with listening("--maxmemory-policy", "allkeys-lru") as (_, port):
        async with checking(f"redis://127.0.0.1:{port}", is_strict=False) as (check, _):
            await check.run()
    assert caplog.messages == ["store_evicts", "store_not_durable"]


@pytest.mark.parametrize("url", ["redis://127.0.0.1:{}", "redis+cluster://127.0.0.1:{}"])
async def test_a_store_that_never_answers_ends_the_start_after_a_while(url: str) -> None:
    async with checking(url.format(free_port()), password=SECRET) as (check, clock):
        began = clock.now
        start = asyncio.create_task(check.run())
        for _ in range(60):
            await clock.until_alarm(0.5)
            clock.advance(0.5)
        with pytest.raises(StoreUnusable, match="cannot be reached") as caught:
            await start
    assert clock.now - began == 30
    assert SECRET not in str(caught.value)


async def test_a_store_that_is_away_is_gone_without_where_writes_go_on(caplog: pytest.LogCaptureFixture) -> None:
    async with checking(f"redis://127.0.0.1:{free_port()}", down="local") as (check, clock):
        start = asyncio.create_task(check.run())
        await pass_time(start, clock)
        await start
    assert caplog.messages[-1] == "store_check_failed"


async def test_a_store_that_starts_meanwhile_is_waited_for() -> None:
    port = free_port()
    async with checking(f"redis://127.0.0.1:{port}") as (check, clock):
        start = asyncio.create_task(check.run())
        await clock.until_alarm(0.5)
        with listening(port=port):
            await pass_time(start, clock)
            await start


INFO = "redis_version:{}\r\naof_enabled:1\r\nconnected_slaves:0\r\nmaxmemory_policy:noeviction\r\n"


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        pytest.param(INFO.format("7.0.15"), [], id="redis"),
        pytest.param(INFO.format("6.2.14"), ["store_check_failed"], id="old redis"),
        pytest.param(INFO.format("7.2.4") + "valkey_version:8.0.1\r\n", [], id="valkey"),
        pytest.param(INFO.format("7.2.4") + "valkey_version:7.1.0\r\n", ["store_check_failed"], id="old valkey"),
        pytest.param("aof_enabled:1\r\nmaxmemory_policy:noeviction\r\n", ["store_check_failed"], id="no version"),
        pytest.param(INFO.replace("maxmemory_policy:noeviction", "").format("7.4"), ["store_evicts"], id="no policy"),
        pytest.param(INFO.replace("aof_enabled:1", "aof_enabled:0").format("7.4"), ["store_not_durable"], id="lost"),
    ],
)
async def test_what_a_server_says_of_itself_is_looked_at(
    info: str, expected: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served() as url:
        async with checking(url, is_strict=False) as (check, _):

            async def say(name: str, commands: list[Command]) -> list[list[Reply]]:
                assert (name, len(commands)) == ("check", 4)
                return [[info.encode()] * 4]

            monkeypatch.setattr(check._client, "on_each", say)
            await check.run()
    assert caplog.messages == expected


async def test_a_user_who_may_not_ask_all_sections_is_told_what_cannot_be_seen(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with served() as url:
        async with asking(int(url.rpartition(":")[2])) as ask:
            await ask("ACL", "SETUSER", "limited", "on", f">{SECRET}", "~*", "+@all", "-info", "+info|replication")
        async with checking(url.replace("//", "//limited@"), password=SECRET, is_strict=False) as (check, _):
            await check.run()
    assert caplog.messages == ["store_check_failed", "store_evicts"]
