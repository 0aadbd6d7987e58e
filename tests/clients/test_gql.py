"""Python's gql against the gateway: HTTP, and sockets by each of its two libraries."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.async_transport import AsyncTransport
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from tests.support.stack import ANN, Stack

pytestmark = pytest.mark.slow

CLAN = "mutation { updateClan { userErrors { code } } }"
VIEWER = gql("{ viewer { isSignedIn offerChains { nextStep { id } } } }")
CHANGES = gql("subscription { chainsChanged { reasons } }")
CLAIM = "mutation($step: ID!) { claimOfferChainStep(input: { stepId: $step }) { userErrors { code } } }"
CLAIMED: dict[str, Any] = {"claimOfferChainStep": {"userErrors": []}}


def claim(viewer: dict[str, Any]) -> GraphQLRequest:
    """Claims the first chain's next step."""
    return GraphQLRequest(CLAIM, variable_values={"step": viewer["offerChains"][0]["nextStep"]["id"]})


def over_websockets(url: str, token: str) -> AsyncTransport:
    return WebsocketsTransport(url.replace("http", "ws"), init_payload={"Authorization": f"Bearer {token}"})


def over_aiohttp(url: str, token: str) -> AsyncTransport:
    return AIOHTTPWebsocketsTransport(url.replace("http", "ws"), headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize("transport", [over_websockets, over_aiohttp])
async def test_gql_asks_hears_what_others_do_stops_listening_and_writes(
    stack: Stack, transport: Callable[[str, str], AsyncTransport]
) -> None:
    async with Client(transport=transport(f"{stack.gateway_url}/graphql", stack.token(ANN))) as session:
        viewer = (await session.execute(VIEWER))["viewer"]
        assert viewer["isSignedIn"] is True
        changes = session.subscribe(CHANGES)
        listening = asyncio.ensure_future(anext(changes))
        await stack.until("gateway_subscriptions", 1)
        await stack.data(CLAN, token=stack.token(ANN, lifetime_seconds=60))
        assert await listening == {"chainsChanged": {"reasons": ["CLAN"]}}
        await changes.aclose()
        await stack.until("gateway_subscriptions", 0)
        assert await session.execute(claim(viewer)) == CLAIMED
    await stack.until("gateway_connections", 0)


async def test_gql_asks_and_writes_over_http(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.token(ANN)}"}
    async with Client(transport=HTTPXAsyncTransport(f"{stack.gateway_url}/graphql", headers=headers)) as session:
        viewer = (await session.execute(VIEWER))["viewer"]
        assert await session.execute(claim(viewer)) == CLAIMED
