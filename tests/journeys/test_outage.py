"""An upstream that fails, and many players on real sockets: what they see, and what is asked of the upstream."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from gateway import sandbox
from tests.support.clock import Clock
from tests.support.cut import Cut, cut
from tests.support.stack import Stack, gateway_before, running_stack, serving
from tests.support.upstream_json import OFFER

ASK = "{ viewer { offerChains { name isStale ageSeconds } } }"
PLAYERS = 50
ASKING = 10
"""So many ask at the same time."""

FRESH_SECONDS = 16
"""After these nobody has anything that is fresh."""


class Watermarks:
    """An upstream with one chain, which bears the name of the token that it was asked with; it may fail."""

    def __init__(self) -> None:
        self.status = 200
        self.retry_after: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked_with = Request(scope).headers.get("authorization", "")
        headers = None if self.retry_after is None else {"retry-after": self.retry_after}
        body = {"items": [{**OFFER, "name": asked_with}], "has_more": False}
        await JSONResponse(body if self.status == 200 else {}, self.status, headers)(scope, receive, send)


@asynccontextmanager
async def gateway(upstream: Watermarks, clock: Clock) -> AsyncIterator[tuple[Stack, Cut]]:
    """A gateway whose way to the upstream can be closed."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await upstream(scope, receive, send)

    async with (
        serving(app) as url,
        cut(urlsplit(url).port or 0) as way,
        gateway_before(f"http://127.0.0.1:{way.port}", clock) as stack,
    ):
        yield stack, way


class Crowd:
    """Players who ask in turn while the clock goes on; each answer is checked to be their own."""

    def __init__(self, stack: Stack, players: int = PLAYERS, asking: int = ASKING) -> None:
        self.stack = stack
        self.times = 0
        self._players = players
        self._asking = asking

    async def ask(self, player: int) -> bool | None:
        """Ask as one player; whether a copy was shown, None without an answer."""
        body = await self.stack.ask(ASK, token=f"player-{player}")
        if "errors" in body:
            return None
        (chain,) = body["data"]["viewer"]["offerChains"]
        assert chain["name"] == f"Bearer player-{player}"
        assert chain["isStale"] == (chain["ageSeconds"] is not None) == ("extensions" in body)
        is_stale: bool = chain["isStale"]
        return is_stale

    async def seconds(self, count: int, *, each: int = 2) -> list[bool | None]:
        """Let so many seconds pass, and some ask after `each` of them; what they were shown."""
        shown: list[bool | None] = []
        for _ in range(count // each):
            self.stack.clock.advance(each)
            first = self.times * self._asking % self._players
            self.times += 1
            shown += await asyncio.gather(*map(self.ask, range(first, first + self._asking)))
        return shown

    async def calls(self, seconds: int) -> list[int]:
        """How many upstream calls there are in each of so many seconds."""
        counts = []
        for _ in range(seconds):
            await self.seconds(1, each=1)
            counts.append(self.stack.calls().total())
        return counts


@pytest.mark.slow
@pytest.mark.parametrize("is_refusing", [False, True], ids=["answers 503", "refuses connections"])
async def test_players_with_copies_see_them_through_a_minute_without_the_upstream(is_refusing: bool) -> None:
    upstream = Watermarks()
    async with gateway(upstream, Clock()) as (stack, way):
        crowd = Crowd(stack)
        assert set(await crowd.seconds(60)) == {False}
        usual = stack.calls().total()
        if is_refusing:
            way.refuse()
        else:
            upstream.status = 503
        before, down = await crowd.seconds(FRESH_SECONDS), await crowd.seconds(60 - FRESH_SECONDS)
        assert stack.calls().total() <= 1.1 * usual
        assert [*before, *down].count(None) <= 0.05 * len(before + down)
        assert set(down) <= {True, None}
        if is_refusing:
            await way.listen()
        upstream.status = 200
        await crowd.seconds(5, each=1)
        assert set(await crowd.seconds(5, each=1)) == {False}


@pytest.mark.slow
async def test_calls_come_back_after_an_outage_without_a_herd() -> None:
    upstream = Watermarks()
    async with gateway(upstream, Clock()) as (stack, _):
        crowd = Crowd(stack, players=200, asking=50)
        await crowd.calls(FRESH_SECONDS)
        normal = sum(await crowd.calls(FRESH_SECONDS)) / FRESH_SECONDS
        upstream.status = 503
        await crowd.calls(FRESH_SECONDS)
        upstream.status = 200
        back = await crowd.calls(8)
        # Everybody's copy is old by now. There is the probe first, then what the breaker lets through in a second.
        assert max([count for count in back if count][:2]) <= 2 * normal
        assert sum(back) > 5 * normal


SCREEN = """{ viewer { badge { claimableCount } offerChains { name nextAction }
  rewardChains { name balance { amount } } } }"""


@pytest.mark.slow
async def test_calls_of_which_three_in_ten_fail_are_hardly_more_than_normally() -> None:
    chance = random.Random(20_261_129)
    is_failing = False

    async def fault(_: httpx.Request) -> httpx.Response | None:
        return httpx.Response(503) if is_failing and chance.random() < 0.3 else None

    async with running_stack({"GATEWAY_RETRY_PERCENT": "off"}) as stack:
        stack.seam.on(".*", fault)
        tokens = [sandbox.mint_token(f"player-{one}", lifetime_seconds=900, now=stack.clock()) for one in range(8)]

        async def calls(seconds: int) -> int:
            for _ in range(seconds):
                stack.clock.advance(1)
                for token in tokens:
                    assert "errors" not in await stack.ask(SCREEN, token=token)
            return stack.calls().total()

        await calls(20)
        normal = await calls(60)
        is_failing = True
        assert await calls(60) <= 1.25 * normal


def in_half_a_minute(clock: Clock) -> str:
    return format_datetime(datetime.fromtimestamp(clock() + 30, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("told", "told_seconds", "held_seconds"),
    [("30", 30, 30), (None, 30, 30), ("2.5", 3, 3), ("99999999999", 86_400, 60), ("soon", 5, 5), ("-1", 5, 5)],
    ids=["seconds", "a date", "a fraction", "absurd", "no time", "negative"],
)
async def test_a_player_who_is_told_to_wait_costs_no_call_until_then_and_is_told_the_truth(
    told: str | None, told_seconds: int, held_seconds: int
) -> None:
    upstream, clock = Watermarks(), Clock()
    upstream.retry_after = in_half_a_minute(clock) if told is None else told
    async with gateway(upstream, clock) as (stack, _):

        async def ask(player: str) -> httpx.Response:
            return await stack.send(ASK, token=player)

        upstream.status = 429
        for elapsed in range(held_seconds):
            response = await ask("limited")
            (error,) = response.json()["errors"]
            assert error["extensions"]["code"] == "RATE_LIMITED"
            assert error["extensions"]["retryAfterSeconds"] == told_seconds - elapsed
            assert response.headers["retry-after"] == str(told_seconds - elapsed)
            assert stack.calls().total() == (elapsed == 0)
            upstream.status = 200
            if elapsed == 0:
                assert "errors" not in (await ask("other")).json()
                stack.calls()
            clock.advance(1)
        assert json.loads((await ask("limited")).text)["data"]["viewer"]["offerChains"][0]["name"] == "Bearer limited"
        assert stack.calls().total() == 1
