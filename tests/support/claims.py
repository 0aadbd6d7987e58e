"""A claim of the step that a player may claim next."""

import asyncio
from typing import Any

import httpx

from tests.support.stack import Stack

TIME = "{ serverTime }"

CHAINS = "{ viewer { offerChains { nextStep { id } } } }"

CLAIM = "mutation($step: ID!) { claimOfferChainStep(input: { stepId: $step }) { userErrors { code } } }"

CLAIMED: dict[str, Any] = {"data": {"claimOfferChainStep": {"userErrors": []}}}


async def next_step(stack: Stack, token: str) -> str:
    data = await stack.data(CHAINS, token=token)
    step: str = data["viewer"]["offerChains"][0]["nextStep"]["id"]
    return step


class Held:
    """A fault that holds calls back until it lets them pass."""

    def __init__(self) -> None:
        self.has_come, self.may_pass = asyncio.Event(), asyncio.Event()

    async def __call__(self, _: httpx.Request) -> None:
        self.has_come.set()
        await self.may_pass.wait()
