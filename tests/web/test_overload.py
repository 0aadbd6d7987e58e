"""A slow upstream and players who ask for much, from outside: who is answered, who waits and who is refused."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx

from gateway.admission.call_gate import SHORT_WAIT_SECONDS
from tests.support.held_calls import HeldCall
from tests.support.stack import ANN, BEN, Stack, running_stack

OFFERS = "{ viewer { offerChains { id } } }"
REWARDS = "{ viewer { rewardChains { id } } }"
FEW = {"GATEWAY_UPSTREAM_CONNECTIONS": "4", "GATEWAY_CACHE_CHAINS_SECONDS": "3600"}
"""Three calls of a kind may be under way then, and three wait."""


async def send(stack: Stack, count: int) -> list["asyncio.Task[httpx.Response]"]:
    """Send a query for each of so many credentials of a player."""
    tokens = [stack.token(ANN, lifetime_seconds=1_000 + number) for number in range(count)]
    return [asyncio.ensure_future(stack.send(OFFERS, token=token)) for token in tokens]


async def test_a_slow_call_is_refused_at_once_and_costs_no_other_call_and_no_cached_value() -> None:
    async with running_stack(FEW) as stack:
        assert "errors" not in await stack.ask(OFFERS, token=stack.token(BEN))
        held = HeldCall()
        stack.seam.on("GET /user/offer_chain", held)
        asked = await send(stack, 20)
        done, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 14:
            more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            done |= more
        for task in done:
            response = task.result()
            (error,) = response.json()["errors"]
            assert error["extensions"]["code"] == "OVERLOADED"
            assert error["extensions"]["retryable"] is True
            assert error["extensions"]["retryAfterSeconds"] == 1
            assert (response.status_code, response.headers["retry-after"]) == (200, "1")
        assert "errors" not in await stack.ask(OFFERS, token=stack.token(BEN))
        assert "errors" not in await stack.ask(REWARDS, token=stack.token(BEN))
        assert await stack.figure('gateway_upstream_under_way{call="offer_chains"}') == 3
        stack.clock.advance(2 * SHORT_WAIT_SECONDS)
        more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        while len(waiting) > 3:
            more, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        held.release.set()
        answers = [(await task).json() for task in waiting]
        assert [answer.get("errors") for answer in answers] == [None] * 3
        assert await stack.figure("gateway_upstream_refusals_total") == 17


async def test_calls_that_wait_go_when_others_have_ended() -> None:
    async with running_stack(FEW) as stack:
        held = HeldCall()
        stack.seam.on("GET /user/offer_chain", held)
        asked = await send(stack, 6)
        await stack.until('gateway_upstream_waiting{call="offer_chains"}', 3)
        held.release.set()
        answers = [(await task).json() for task in asked]
        assert [answer.get("errors") for answer in answers] == [None] * 6


async def test_callers_without_a_token_take_turns_by_their_address() -> None:
    async with running_stack({**FEW, "GATEWAY_TRUSTED_PROXIES": "127.0.0.1/32"}) as stack:

        def ask(address: str, language: str) -> "asyncio.Task[dict[str, object]]":
            # What they are shown depends on the language alone, so that each language is a call.
            headers = {"x-forwarded-for": address, "accept-language": language}
            return asyncio.ensure_future(stack.ask(OFFERS, headers=headers))

        held = HeldCall()
        stack.seam.on("GET /user/offer_chain", held)
        greedy = [ask("192.0.2.1", language) for language in ("de", "en", "fr", "ja", "ko", "pl")]
        await stack.until('gateway_upstream_waiting{call="offer_chains"}', 3)
        modest = ask("198.51.100.1", "ru")
        # Who waits for most makes room for who waits for less.
        (refused,), others = await asyncio.wait(greedy, return_when=asyncio.FIRST_COMPLETED)
        assert "errors" in refused.result()
        held.release.set()
        assert [("errors" in await task) for task in (*others, modest)] == [False] * 6


async def test_connections_that_the_server_refuses_are_counted() -> None:
    async with running_stack({"GATEWAY_CLIENT_CONNECTIONS": "1"}) as stack:
        url = urlsplit(stack.gateway_url)
        await stack.ask(OFFERS)
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 503")
        body = (await reader.read()).partition(b"\r\n\r\n")[2]
        assert json.loads(body)["errors"][0]["extensions"]["retryAfterSeconds"] == 1
        writer.close()
        assert await stack.figure('gateway_connections_refused_total{reason="full"}') == 1
        assert await stack.figure('gateway_connections_refused_total{reason="malformed"}') == 0
