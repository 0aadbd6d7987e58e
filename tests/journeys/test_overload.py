"""Many players on an upstream call that hangs, while the clock stands: who is told what, and when."""

import asyncio

import httpx
import pytest

from gateway import sandbox
from tests.support.stack import ANN, NO_AUTHORITIES, Stack, running_stack

pytestmark = pytest.mark.slow

PLAYERS = 150
UNDER_WAY, WAITING = 37, 37
"""Half of the three quarters of 100 connections that calls of one kind may take, and as many that wait."""

OFFERS = "{ viewer { offerChains { id } } }"
REWARDS = "{ viewer { rewardChains { id } } }"


class Crowd:
    """Asks for the same as many players at once, and takes what is answered."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self.answers: list[httpx.Response] = []
        self._has_answer = asyncio.Condition()
        self._stack = stack
        self._http = http

    async def ask(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(PLAYERS):
                group.create_task(self._ask(f"player-{number}"))

    async def _ask(self, player: str) -> None:
        headers = {"authorization": f"Bearer {sandbox.mint_token(player, now=self._stack.clock())}"}
        answer = await self._http.post(f"{self._stack.gateway_url}/graphql", json={"query": OFFERS}, headers=headers)
        async with self._has_answer:
            self.answers.append(answer)
            self._has_answer.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60), self._has_answer:
            await self._has_answer.wait_for(lambda: len(self.answers) >= count)

    @property
    def refused(self) -> int:
        return sum(b'"OVERLOADED"' in one.content for one in self.answers)


async def test_refusals_take_no_time_however_many_ask_and_the_cached_is_answered() -> None:
    go_on = asyncio.Event()

    async def hang(_: httpx.Request) -> None:
        await go_on.wait()

    async with (
        running_stack() as stack,
        httpx.AsyncClient(limits=httpx.Limits(), timeout=60, verify=NO_AUTHORITIES) as http,
        asyncio.TaskGroup() as group,
    ):
        await stack.data(REWARDS, token=stack.token(ANN))
        stack.seam.on("GET /user/offer_chain", hang)
        crowd = Crowd(stack, http)
        group.create_task(crowd.ask())
        await crowd.until(PLAYERS - UNDER_WAY - WAITING)
        assert crowd.refused == len(crowd.answers)
        assert {one.headers["retry-after"] for one in crowd.answers} == {"1"}
        await stack.data(REWARDS, token=stack.token(ANN))
        stack.clock.advance(0.04)
        await crowd.until(PLAYERS - UNDER_WAY)
        assert crowd.refused == len(crowd.answers)
        go_on.set()
        await crowd.until(PLAYERS)
        assert crowd.refused == PLAYERS - UNDER_WAY
