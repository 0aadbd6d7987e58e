"""No player ever sees what was read for another: many players, faults and hang-ups at once, all answers watermarked."""

import asyncio
import hashlib
import json
import os
import random
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from starlette.types import Receive, Scope, Send

from gateway.app import create_app
from gateway.schema import ids
from gateway.settings import read_settings
from tests.support.stack import LONG_TIMEOUTS, serving
from tests.support.store_servers import REDIS, listening

pytestmark = pytest.mark.slow

PLAYERS = 50
REQUESTS = int(os.environ.get("GATEWAY_LEAK_REQUESTS", "200"))
SEED = 20_261_120

CHAIN, ORDER = ids.encode(ids.IdKind.OFFER_CHAIN, 1), ids.encode(ids.IdKind.ORDER, 5)
FREE, PAID = ids.encode(ids.IdKind.OFFER_STEP, 1, 1), ids.encode(ids.IdKind.OFFER_STEP, 1, 2)
DAILY = ids.encode(ids.IdKind.DAILY_CHAIN, 2)
TODAY = ids.encode(ids.IdKind.DAILY_STEP, 2, 1)
REACHED = ids.encode(ids.IdKind.REWARD_STEP, 1, 1)
READS = (
    "{ viewer { offerChains { name description steps { items { name sku } } } } }",
    "{ viewer { rewardChains { name balance { sku } topContributors { name } steps { name rewards { sku } } } } }",
    "{ viewer { offerChains { name } rewardChains { popup { header } } imageUrls badge { claimableCount } } }",
    "{ viewer { dailyChains { name description typeRaw steps { items { name sku } } } } }",
    f'{{ viewer {{ dailyChain(id: "{DAILY}") {{ name steps {{ items {{ sku }} }} }} }} }}',
    f'{{ viewer {{ offerChain(id: "{CHAIN}") {{ name steps {{ items {{ sku }} }} }} }} }}',
    f'{{ order(id: "{ORDER}") {{ items {{ sku }} }} viewer {{ rewardChains {{ name }} }} }}',
)
WRITES = (
    f'mutation {{ claimOfferChainStep(input: {{stepId: "{FREE}"}}) {{ offerChain {{ name }} orderId }} }}',
    f'mutation {{ orderOfferChainStep(input: {{stepId: "{PAID}"}}) {{ order {{ token }} offerChain {{ name }} }} }}',
    f'mutation {{ orderOfferChainStep(input: {{stepId: "{PAID}", idempotencyKey: "k"}}) {{ order {{ token }} }} }}',
    f'mutation {{ claimRewardChainStep(input: {{stepId: "{REACHED}"}}) {{ rewardChain {{ name }} }} }}',
    f'mutation {{ claimDailyChainStep(input: {{stepId: "{TODAY}"}}) {{ dailyChain {{ name }} }} }}',
    f'mutation {{ claimAvailableRewards(input: {{dailyChainId: "{DAILY}"}}) {{ dailyChain {{ name }} }} }}',
    "mutation { updateClan { rewards { sku } rewardChains { name } } }",
)
_MARK = re.compile(r"mark-[0-9a-f]{16}")


def mark(token: str) -> str:
    return f"mark-{hashlib.sha256(token.encode()).hexdigest()[:16]}"


class WatermarkingUpstream:
    """Answers every call with the mark of the token that came with it; some calls fail, and some break off."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        token = dict(scope["headers"])[b"authorization"].decode().removeprefix("Bearer ")
        for _ in range(self.chance.randrange(4)):
            await asyncio.sleep(0)
        luck = self.chance.random()
        status = 200 if luck < 0.85 else 503 if luck < 0.92 else 422
        body = json.dumps(self.body(scope["path"], mark(token)) if status == 200 else {"errorCode": 1102}).encode()
        length = len(body) + (7 if luck > 0.97 else 0)  # a body that is cut short breaks the exchange
        headers = [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def body(self, path: str, own: str) -> object:
        item = {"sku": own, "name": own, "image_url": own}
        point = {"sku": own, "name": own, "amount": 5, "image_url": own}
        common = {"name": own, "description": own, "date_start": "2020-01-01T00:00:00Z"}
        offer_steps = [{"step_number": 1, "is_free": True, "is_claimed": False, "items": [item]}]
        reward_steps = [{"step_id": 1, "name": own, "price": {"amount": 1}, "reward": [item]}]
        offer = {**common, "id": 1, "next_step_number": 1, "steps": offer_steps}
        reward = {**common, "reward_chain_id": 1, "clan_type": "guild", "value_point": point, "steps": reward_steps}
        reward["popup_header"] = {"en": own}
        days = [{"step_number": 1, "status": "claimable", "unlocked_date": 1, "items": [item]}]
        daily = {**common, "id": 2, "type": own, "steps": days}
        answers: dict[str, object] = {
            "offer_chain": {"items": [offer]},
            "reward_chain": {"items": [reward]},
            "1": offer,
            "daily_chain": {"items": [daily]},
            "2": daily,
            "balance": point,
            "top": [{"name": own, "contributed_amount": 1}],
            "claim": {"order_id": 5},
            "order": {"order_id": 5, "token": own},
            "update": {"reward": [item]},
            "5": {"order_id": 5, "status": "done", "content": {"items": [{"sku": own}]}},
        }
        return answers[path.rpartition("/")[2]]


SMALL = {"GATEWAY_CACHE_BYTES": "100000", "GATEWAY_RESPONSE_BYTES": "100000"}
"""Room for some of the players: the others' values and responses are evicted all the time."""


@pytest.fixture(params=["a gateway alone", "one that evicts", "two that share a store"])
def gateways(request: pytest.FixtureRequest) -> Iterator[list[dict[str, str]]]:
    """The settings of each gateway that is asked."""
    if request.param != "two that share a store":
        yield [SMALL if request.param == "one that evicts" else {}]
        return
    if REDIS is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    with listening() as (server, _):
        yield [
            {
                "GATEWAY_STORE_URL": server.url,
                "GATEWAY_STORE_SECRET": "the secret of both",
                "GATEWAY_STORE_SECONDS": "5",
            }
        ] * 2


async def test_all_of_many_mixed_requests_carry_their_own_players_marks_only(gateways: list[dict[str, str]]) -> None:
    async with AsyncExitStack() as opened:
        upstream_url = await opened.enter_async_context(serving(WatermarkingUpstream()))
        fixed = {**LONG_TIMEOUTS, "GATEWAY_PROJECT_ID": "1", "GATEWAY_UPSTREAM_URL": upstream_url}
        apps = [create_app(read_settings({**fixed, **one})) for one in gateways]
        urls = [await opened.enter_async_context(serving(app)) for app in apps]
        http = await opened.enter_async_context(aiohttp.ClientSession())
        games = [Game(f"player-{number}", http, urls) for number in range(PLAYERS)]
        await asyncio.gather(*(game.play() for game in games))
        evictions = [await evictions_of(http, url) for url in urls]
    assert sum(game.foreign for game in games) == 0
    answered, hung_up = sum(game.answered for game in games), sum(game.hung_up for game in games)
    assert answered + hung_up == PLAYERS * REQUESTS
    # The run is worth something only if it had all of it: marks seen, answers cached, faults, hang-ups.
    assert min(game.marks for game in games) > REQUESTS
    assert sum(game.errors for game in games) > REQUESTS
    assert hung_up > REQUESTS
    assert all(bool(count) == ("GATEWAY_CACHE_BYTES" in one) for count, one in zip(evictions, gateways, strict=True))
    # Two gateways forget what the other one writes, and a small cache has few of the answers.
    assert sum(game.cached for game in games) > (3 if any(evictions) else 4 if len(gateways) == 2 else 5) * REQUESTS


async def evictions_of(http: aiohttp.ClientSession, url: str) -> int:
    """How many cached values a gateway has removed to make room for others."""
    async with http.get(f"{url}/metrics") as response:
        (count,) = re.findall(r"^gateway_cache_evictions_total (\d+)", await response.text(), re.MULTILINE)
    return int(count)


class Game:
    """One player's game: a few requests at a time to any gateway, some given up; counts whose marks come back."""

    def __init__(self, token: str, http: aiohttp.ClientSession, urls: list[str]) -> None:
        self.token, self.http, self.urls = token, http, urls
        self.own = mark(token)
        self.chance = random.Random(f"{SEED}{token}")
        self.marks = self.foreign = self.errors = self.answered = self.hung_up = self.cached = 0

    async def play(self) -> None:
        for _ in range(REQUESTS // 4):
            await asyncio.gather(*(self.ask_or_hang_up() for _ in range(4)))

    async def ask_or_hang_up(self) -> None:
        query = self.chance.choice(READS if self.chance.random() < 0.85 else WRITES)
        asking = asyncio.ensure_future(self.ask(query))
        if self.chance.random() < 0.1:
            for _ in range(self.chance.randrange(1, 40)):
                await asyncio.sleep(0)
            asking.cancel()
        try:
            text = await asking
        except asyncio.CancelledError:
            self.hung_up += 1
            return
        self.answered += 1
        self.errors += '"errors":' in text
        found = _MARK.findall(text)
        self.marks += found.count(self.own)
        self.foreign += len(found) - found.count(self.own)

    async def ask(self, query: str) -> str:
        headers = {"authorization": f"Bearer {self.token}"}
        async with self.http.post(
            f"{self.chance.choice(self.urls)}/graphql", json={"query": query}, headers=headers
        ) as response:
            body: Any = await response.text()
            self.cached += response.headers.get("x-gateway-execution") == "cached"
            return str(body)
