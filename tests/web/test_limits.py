"""Limits of players and addresses from outside: what is refused, how it is told, and whom it does not concern."""

import httpx
import pytest

from gateway.schema import ids
from tests.support import operations
from tests.support.event_stream_client import streaming
from tests.support.stack import ANN, BEN, running_stack
from tests.support.websocket_client import CHANGES, talking

OFFERS = "{ viewer { offerChains { id } } }"
REWARDS = "{ viewer { rewardChains { id } } }"
BOTH = "{ viewer { offerChains { id } rewardChains { id } } }"
CLAN = "mutation { updateClan { userErrors { code } } }"
GRAPHQL = {"accept": "application/graphql-response+json"}
UPDATES = "subscription($id: ID!) { orderUpdated(id: $id) { status } }"
WAIT = "query($id: ID!) { waitForOrder(id: $id, timeoutSeconds: 5) { status } }"
FIRST_STEP, STEP = (ids.encode(ids.IdKind.OFFER_STEP, 1, number) for number in (1, 2))
ONCE_IN_TEN_SECONDS = "0.1"


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]


async def test_a_player_who_asks_too_often_is_told_when_to_come_back_and_still_gets_what_is_cached() -> None:
    async with running_stack({"GATEWAY_PLAYER_CALLS_PER_SECOND": ONCE_IN_TEN_SECONDS}) as stack:
        first = await stack.send(OFFERS, token=stack.token(BEN))
        assert codes(first) == []
        assert first.headers["ratelimit-policy"] == '"player-calls";q=1;w=10'
        assert first.headers["ratelimit"] == '"player-calls";r=0;t=10'
        assert "retry-after" not in first.headers
        stack.clock.advance(0.5)
        refused = await stack.send(BOTH, token=stack.token(BEN))
        assert refused.status_code == 200
        assert refused.json()["data"]["viewer"]["offerChains"] is not None
        (error,) = refused.json()["errors"]
        assert error["path"] == ["viewer", "rewardChains"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert (error["extensions"]["retryAfterSeconds"], refused.headers["retry-after"]) == (10, "10")
        kept = await stack.send(OFFERS, token=stack.token(BEN))
        assert (codes(kept), "ratelimit" in kept.headers) == ([], False)
        assert codes(await stack.send(REWARDS, token=stack.token(ANN))) == []
        assert await stack.figure('gateway_limited_total{limit="player_calls"}') == 1
        stack.clock.advance(10)
        assert codes(await stack.send(REWARDS, token=stack.token(BEN))) == []


async def test_a_query_is_refused_once_however_many_calls_it_needs() -> None:
    chains = (ids.encode(ids.IdKind.OFFER_CHAIN, number) for number in range(1, 16))
    fields = " ".join(f'c{at}: offerChain(id: "{chain}") {{ id }}' for at, chain in enumerate(chains))
    async with running_stack({"GATEWAY_PLAYER_CALLS_PER_SECOND": ONCE_IN_TEN_SECONDS}) as stack:
        await stack.data(OFFERS, token=stack.token(BEN))
        refused = await stack.send(f"{{ viewer {{ {fields} }} }}", token=stack.token(BEN))
        assert codes(refused) == ["RATE_LIMITED"] * 15
        assert await stack.figure('gateway_limited_total{limit="player_calls"}') == 1


@pytest.mark.parametrize(("headers", "status"), [({}, 200), (GRAPHQL, 429)], ids=["json", "graphql-response"])
async def test_a_mutation_too_many_is_not_sent(headers: dict[str, str], status: int) -> None:
    async with running_stack({"GATEWAY_PLAYER_MUTATIONS_PER_SECOND": ONCE_IN_TEN_SECONDS}) as stack:
        token = stack.token(BEN)
        first = await stack.send(CLAN, token=token, headers=headers)
        assert codes(first) == []
        assert first.headers["ratelimit"] == '"player-mutations";r=0;t=10'
        stack.calls()
        refused = await stack.send(CLAN, token=token, headers=headers)
        assert (refused.status_code, codes(refused)) == (status, ["RATE_LIMITED"])
        assert refused.headers["retry-after"] == "10"
        assert stack.calls().total() == 0
        async with talking(stack) as talk:
            await talk.begin(token)
            assert await talk.refusal(CLAN) == "RATE_LIMITED"


async def test_a_mutation_that_was_let_go_is_not_cut_short() -> None:
    async with running_stack({"GATEWAY_PLAYER_CALLS_PER_SECOND": ONCE_IN_TEN_SECONDS}) as stack:
        await stack.data(operations.CLAIM_OFFER, {"stepId": FIRST_STEP}, token=stack.token(ANN))
        assert stack.calls().total() > 1


BEHIND_A_PROXY = {"GATEWAY_TRUSTED_PROXIES": "127.0.0.1", "GATEWAY_NEW_TOKEN_CALLS_PER_SECOND": "6"}


async def test_unknown_tokens_of_an_address_are_limited_together_and_cost_no_known_player_and_no_other_address() -> (
    None
):
    async with running_stack({**BEHIND_A_PROXY, "GATEWAY_CACHE_CHAINS_SECONDS": "0"}) as stack:

        async def ask(token: str, address: str = "192.0.2.1") -> list[str]:
            return codes(await stack.send(OFFERS, token=token, headers={"x-forwarded-for": address}))

        assert await ask(stack.token(BEN)) == []
        answered = [await ask(f"unknown-{number}") for number in range(12)]
        assert answered == [["UNAUTHENTICATED"]] * 2 + [["RATE_LIMITED"]] * 10
        assert await ask(stack.token(ANN)) == ["RATE_LIMITED"]
        assert await ask(stack.token(BEN)) == []
        assert await ask(stack.token(ANN), "192.0.2.2") == []
        assert await ask(stack.token(ANN)) == []
        assert await stack.figure('gateway_limited_total{limit="new_token_calls"}') == 11


async def test_callers_without_a_token_are_limited_by_their_address() -> None:
    limits = {"GATEWAY_TRUSTED_PROXIES": "127.0.0.1", "GATEWAY_PLAYER_CALLS_PER_SECOND": ONCE_IN_TEN_SECONDS}
    async with running_stack({**limits, "GATEWAY_CACHE_CHAINS_SECONDS": "0"}) as stack:
        told = [
            codes(await stack.send(OFFERS, headers={"x-forwarded-for": address}))
            for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "", "")
        ]
        assert told == [[], ["RATE_LIMITED"], [], [], []]


STREAMS = {"GATEWAY_PLAYER_STREAMS": "1"}


async def test_a_player_may_have_so_many_subscriptions() -> None:
    async with running_stack(STREAMS) as stack, talking(stack) as talk:
        await talk.begin(stack.token(ANN))
        await talk.ask("first", CHANGES)
        assert await talk.refusal(CHANGES) == "LIMIT_EXCEEDED"
        async with talking(stack) as other:
            await other.begin(stack.token(BEN))
            await other.ask("first", CHANGES)
            await stack.until("gateway_subscriptions", 2)
        await talk.say("complete", id="first")
        await stack.until("gateway_subscriptions", 0)
        await talk.ask("second", CHANGES)
        await stack.until("gateway_subscriptions", 1)


async def test_a_player_may_have_so_many_sockets_and_event_streams() -> None:
    async with running_stack(STREAMS) as stack:
        token = stack.token(ANN)
        async with talking(stack) as talk:
            await talk.begin(token)
            async with talking(stack) as second:
                await second.say("connection_init", payload={"Authorization": f"Bearer {token}"})
                code, reason = await second.closing()
                assert (code, reason.partition(":")[0]) == (4403, "LIMIT_EXCEEDED")
            async with streaming(stack, CHANGES, token=token) as stream:
                assert stream.response.status_code == 429
                await stream.response.aread()
                assert codes(stream.response) == ["LIMIT_EXCEEDED"]
            async with streaming(stack, CHANGES, token=stack.token(BEN)) as stream:
                assert stream.response.status_code == 200
                await stack.until("gateway_subscriptions", 1)
        await stack.until("gateway_connections", 0)
        async with streaming(stack, CHANGES, token=token) as stream:
            assert stream.response.status_code == 200
        assert await stack.figure('gateway_limited_total{limit="player_streams"}') == 2


async def test_a_player_may_wait_for_so_many_orders() -> None:
    async with running_stack({"GATEWAY_PLAYER_ORDERS": "1"}) as stack, talking(stack) as talk:
        token = stack.token(ANN)
        await stack.data(operations.CLAIM_OFFER, {"stepId": FIRST_STEP}, token=token)
        placed = await stack.data(operations.ORDER_OFFER, {"stepId": STEP}, token=token)
        variables = {"id": placed["orderOfferChainStep"]["order"]["id"]}
        await talk.begin(token)
        await talk.ask("first", UPDATES, variables)
        assert (await talk.hear())["type"] == "next"
        assert codes(await stack.send(WAIT, variables, token=token)) == ["LIMIT_EXCEEDED"]
        await talk.say("complete", id="first")
        await stack.until("gateway_subscriptions", 0)
        await talk.ask("second", UPDATES, variables)
        assert (await talk.hear())["type"] == "next"
