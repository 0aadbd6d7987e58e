"""Each fault shows where an operator looks: in a metric of its alert and of its panel, and in the log."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest

from gateway.records import database
from tests.support.claims import next_step
from tests.support.gateway_fleet import gateway_fleet
from tests.support.logged_events import logged_events
from tests.support.markdown import read_page
from tests.support.monitoring import alerts, metrics_in, panels
from tests.support.paths import REPOSITORY
from tests.support.purchase_mutations import ORDER, PAID
from tests.support.stack import ANN, BEN, CLEO, Stack, answers, raises, running_stack
from tests.support.store_servers import REDIS, redis

CHAINS = "{ viewer { offerChains { name } } }"
KEYED = """mutation ($step: ID!) {
  claimOfferChainStep(input: { stepId: $step, idempotencyKey: "k" }) { userErrors { code } } }"""


@dataclass(frozen=True)
class Sign:
    """What shows a fault: its alert, a panel, the series and its value, and the event in the log."""

    alert: str
    panel: str
    series: str
    value: float
    event: str
    fields: Mapping[str, object]

    def check_places(self) -> None:
        """The alert and the panel are about the series."""
        (metric,) = metrics_in(self.series.partition("{")[0])
        assert metric in metrics_in(alerts()[self.alert]["expr"])
        assert metric in metrics_in(" ".join(panels()[self.panel]))


async def upstream_is_slow(stack: Stack) -> None:
    async def late(_: httpx.Request) -> httpx.Response:
        stack.clock.advance(2)
        raise httpx.ReadTimeout("late")

    stack.seam.on("GET /user/offer_chain", late)
    await stack.ask(CHAINS, token=stack.token())


async def upstream_is_down(stack: Stack) -> None:
    stack.seam.on("GET /user/offer_chain", raises(httpx.ConnectError("refused")))
    for number in range(20):
        await stack.ask(CHAINS, token=stack.token(lifetime_seconds=1_000 + number))


async def upstream_limits(stack: Stack) -> None:
    stack.seam.on("GET /user/offer_chain", answers(429))
    for player in (ANN, BEN, CLEO):
        await stack.ask(CHAINS, token=stack.token(player))


async def upstream_is_malformed(stack: Stack) -> None:
    stack.seam.on("GET /user/offer_chain", answers(200, ["nonsense"]))
    await stack.ask(CHAINS, token=stack.token())


async def keys_are_unreachable(stack: Stack) -> None:
    await stack.send(CHAINS, token="eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AAAA")


async def disk_is_full(stack: Stack) -> None:
    token = stack.token()
    await stack.ask(KEYED, {"step": await next_step(stack, token)}, token=token)


async def clients_are_slow(stack: Stack) -> None:
    address = urlsplit(stack.gateway_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"POST /graphql HTTP/1.1\r\n")
    assert b" 408 " in await reader.readline()
    writer.close()


async def loop_is_blocked(stack: Stack) -> None:
    async def block(_: httpx.Request) -> None:
        time.sleep(1)  # noqa: ASYNC251 - this is the fault

    stack.seam.on("GET /user/offer_chain", block)
    await stack.ask(CHAINS, token=stack.token())


async def release_is_bad(stack: Stack) -> None:
    stack.seam.on("GET /user/offer_chain", raises(RuntimeError("a defect")))
    await stack.ask(CHAINS, token=stack.token())


FAULTS: dict[Callable[[Stack], Awaitable[None]], Sign] = {
    upstream_is_slow: Sign(
        "GatewayUpstreamSlow",
        "Upstream latency (p95)",
        'gateway_upstream_seconds_bucket{call="offer_chains",le="1.0"}',
        0,
        "upstream_failure",
        {"meaning": "UpstreamTimeout"},
    ),
    upstream_is_down: Sign(
        "GatewayUpstreamBreakerOpen",
        "Breakers and windows",
        "gateway_upstream_breakers_open",
        1,
        "upstream_breaker",
        {"call": "offer_chains", "state": "open"},
    ),
    upstream_limits: Sign(
        "GatewayUpstreamLimited",
        "Breakers and windows",
        'gateway_upstream_windows_total{call="offer_chains",whose="everybody"}',
        1,
        "upstream_window",
        {"call": "offer_chains", "whose": "everybody"},
    ),
    upstream_is_malformed: Sign(
        "GatewayUpstreamMalformed",
        "Upstream calls by outcome",
        'gateway_upstream_calls_total{call="offer_chains",outcome="invalid"}',
        1,
        "request",
        {"codes": ("UPSTREAM_INVALID",)},
    ),
    keys_are_unreachable: Sign(
        "GatewayTokenKeysUnreachable",
        "Token keys",
        'gateway_token_key_fetches_total{result="failed"}',
        1,
        "token_keys_not_fetched",
        {},
    ),
    disk_is_full: Sign("GatewayRecordsFailing", "Records", "gateway_records_up", 0, "records_failing", {}),
    clients_are_slow: Sign(
        "GatewaySlowClients",
        "Connections",
        'gateway_connections_refused_total{reason="too_slow"}',
        1,
        "request_refused",
        {"status": 408},
    ),
    loop_is_blocked: Sign(
        "GatewayLoopBlocked", "Event loop lag", "gateway_loop_lag_seconds_count", 0, "event_loop_blocked", {}
    ),
    release_is_bad: Sign(
        "GatewayBadRelease", "Errors by code", 'gateway_errors_total{code="INTERNAL"}', 1, "unexpected_error", {}
    ),
}


SETTINGS: Mapping[Callable[[Stack], Awaitable[None]], Mapping[str, str]] = {
    keys_are_unreachable: {"GATEWAY_TOKEN_KEYS_URL": "http://127.0.0.1:9/keys"},
    clients_are_slow: {"GATEWAY_REQUEST_HEAD_SECONDS": "1"},
}


@pytest.mark.parametrize("inject", FAULTS, ids=lambda inject: inject.__name__)
async def test_a_fault_shows_in_its_metric_and_in_the_log(
    inject: Callable[[Stack], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = FAULTS[inject]
    sign.check_places()
    if inject is disk_is_full:
        monkeypatch.setattr(database, "_attempt", _full)
    with logged_events() as logged:
        async with running_stack(SETTINGS.get(inject)) as stack:
            await inject(stack)
            await logged.until(sign.event, **sign.fields)
            if inject is loop_is_blocked:
                total, soon = await stack.figures(sign.series, 'gateway_loop_lag_seconds_bucket{le="0.5"}')
                assert total > soon
            else:
                assert await stack.figure(sign.series) == sign.value


def _full(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed: apt-get install redis-server")
async def test_a_store_that_is_down_shows_in_its_metric_and_in_the_log() -> None:
    Sign("GatewayStoreDown", "Store", "gateway_store_up", 0, "store_down", {}).check_places()
    with logged_events() as logged:
        for server in redis():
            async with gateway_fleet(server.url, store_seconds="0.25") as fleet:
                (token,) = await fleet.open_shop("player")
                server.send(signal.SIGSTOP)
                await fleet.ask(0, ORDER, {"step": PAID, "key": "k"}, token)
                await logged.until("store_down")
                assert await fleet.figure(0, "gateway_store_up") == 0
                server.send(signal.SIGCONT)


def test_the_page_has_a_row_for_each_fault() -> None:
    page = (REPOSITORY / "tests" / "README.md").read_text()
    assert "Faults, and where an operator sees them" in read_page(page).headings
    section = page.partition("## Faults, and where an operator sees them")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 10
    assert {row[1].strip("`") for row in rows} <= set(alerts())
    assert {row[2].strip("*") for row in rows} <= set(panels())
    assert {sign.alert for sign in FAULTS.values()} <= {row[1].strip("`") for row in rows}
