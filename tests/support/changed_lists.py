"""Lists of reward chains that are changed on their way from the upstream."""

import json
from collections.abc import Callable

import httpx

from tests.support.stack import Stack

LIST = "GET /user/reward_chain"

Chains = list[dict[str, object]]


def rewriting(stack: Stack, change: Callable[[Chains], object]) -> None:
    """Change the chains in every list."""

    async def fault(request: httpx.Request) -> httpx.Response:
        response = await stack.seam.inner.handle_async_request(request)
        body = json.loads(await response.aread())
        change(body["items"])
        return httpx.Response(200, json=body)

    stack.seam.on(LIST, fault)


def silent(chains: Chains) -> None:
    """Take the points out of a list."""
    for chain in chains:
        points = chain["value_point"]
        assert isinstance(points, dict)
        del points["amount"]
