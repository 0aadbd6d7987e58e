"""One round trip: balances that the list does not tell are asked for beside it, once it is known which these are."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from gateway.schema import ids
from tests.support import operations
from tests.support.chain_lists import ALL_LISTS
from tests.support.changed_lists import Chains, rewriting, silent
from tests.support.held_calls import half_a_request
from tests.support.paths import REPOSITORY
from tests.support.stack import ANN, BEN, Stack, answers, raises, running_stack

LIST = "GET /user/reward_chain"
BALANCES = {f"GET /user/reward_chain/{number}/balance": 1 for number in (5, 6)}
"""The balance calls of the second player's chains."""

BALANCE = "GET /user/reward_chain/\\d+/balance"
NAMES = "{ viewer { rewardChains { name } } }"
POINTS = "{ viewer { rewardChains { name balance { amount } } } }"
ONE = "query One($id: ID!) { viewer { rewardChain(id: $id) { balance { amount } } } }"
SCREEN = (REPOSITORY / "bench/operations/screen.graphql").read_text()
CLAN = "mutation Clan($with: Boolean!) { updateClan { rewardChains { name ...Points @include(if: $with) } } }"
POINTS_OF_CLAN = " fragment Points on RewardChain { isClan ... { balance { amount } } }"


@pytest.fixture
async def asking() -> AsyncIterator[Stack]:
    """A gateway that asks for everything each time, and knows already which balances that takes."""
    uncached = dict.fromkeys(("GATEWAY_CACHE_CHAINS_SECONDS", "GATEWAY_CACHE_BALANCE_SECONDS"), "0")
    async with running_stack({**uncached, "GATEWAY_STALE_SECONDS": "off"}) as stack:
        await stack.data(NAMES, token=stack.token(BEN))
        assert stack.calls() == {LIST: 1}
        yield stack


class Meeting:
    """Lets calls pass on only once so many have come."""

    def __init__(self, count: int) -> None:
        self.missing = count
        self.complete = asyncio.Event()

    async def __call__(self, _: httpx.Request) -> None:
        self.missing -= 1
        if not self.missing:
            self.complete.set()
        await self.complete.wait()


class Held:
    """Never lets calls pass; tells when so many have come, and when they all were given up."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.came, self.left = asyncio.Event(), asyncio.Event()
        self._open = 0

    async def __call__(self, _: httpx.Request) -> None:
        self._open += 1
        if self._open == self.count:
            self.came.set()
        try:
            await asyncio.Event().wait()
        finally:
            self._open -= 1
            if not self._open:
                self.left.set()


def silent_and_short(chains: Chains) -> None:
    silent(chains)
    chains.pop()


async def ben(stack: Stack, query: str, variables: Mapping[str, object] | None = None) -> dict[str, object]:
    return await stack.data(query, variables, token=stack.token(BEN))


async def test_the_balances_are_asked_for_while_the_list_is_under_way(asking: Stack) -> None:
    asking.seam.on(f"{LIST}|{BALANCE}", Meeting(3))
    body = await asking.data(POINTS, token=asking.token(BEN))
    assert [chain["balance"]["amount"] > 0 for chain in body["viewer"]["rewardChains"]] == [True, True]
    assert asking.calls() == {LIST: 1, **BALANCES}


async def test_fields_of_one_screen_share_the_early_balances(asking: Stack) -> None:
    first = await ben(asking, operations.HOME)
    assert asking.calls() == {**ALL_LISTS, **BALANCES}
    asking.seam.on(f"{LIST}|{BALANCE}", Meeting(3))
    assert await ben(asking, operations.HOME) == first
    assert asking.calls() == {**ALL_LISTS, **BALANCES}


async def test_the_badge_asks_early(asking: Stack) -> None:
    asking.seam.on(f"{LIST}|{BALANCE}", Meeting(3))
    await ben(asking, operations.BADGE)
    assert asking.calls() == {**ALL_LISTS, **BALANCES}


async def test_one_chain_asks_for_its_own_balance_early(asking: Stack) -> None:
    asking.seam.on(f"{LIST}|{BALANCE}", Meeting(2))
    body = await asking.data(ONE, {"id": ids.encode(ids.IdKind.REWARD_CHAIN, 6)}, token=asking.token(BEN))
    assert body["viewer"]["rewardChain"]["balance"]["amount"] > 0
    assert asking.calls() == {LIST: 1, "GET /user/reward_chain/6/balance": 1}


async def test_a_chain_that_nobody_has_seen_is_not_asked_for(asking: Stack) -> None:
    body = await asking.data(ONE, {"id": ids.encode(ids.IdKind.REWARD_CHAIN, 77)}, token=asking.token(BEN))
    assert body == {"viewer": {"rewardChain": None}}
    assert asking.calls() == {LIST: 1}


async def test_the_fresh_chains_of_a_mutation_ask_early(asking: Stack) -> None:
    asking.seam.on(f"{LIST}|{BALANCE}", Meeting(3))
    body = await asking.data(CLAN + POINTS_OF_CLAN, {"with": True}, token=asking.token(BEN))
    assert [chain["balance"]["amount"] > 0 for chain in body["updateClan"]["rewardChains"]] == [True, True]
    assert asking.calls() == {"PUT /user/clan/update": 1, LIST: 1, **BALANCES}


async def test_no_balance_is_asked_for_where_no_points_are(asking: Stack) -> None:
    await ben(asking, NAMES)
    await ben(asking, "{ viewer { rewardChains { name balance @skip(if: true) { amount } } } }")
    await ben(asking, ONE.replace("balance { amount }", "name"), {"id": ids.encode(ids.IdKind.REWARD_CHAIN, 6)})
    assert asking.calls() == {LIST: 3}
    await ben(asking, CLAN + POINTS_OF_CLAN, {"with": False})
    assert asking.calls() == {"PUT /user/clan/update": 1, LIST: 1}


async def test_a_visitor_without_a_token_asks_for_no_balance(asking: Stack) -> None:
    for _ in range(2):
        await asking.data(POINTS)
    assert asking.calls() == {LIST: 2}


async def test_what_one_player_is_known_to_need_is_not_asked_early_for_another(asking: Stack) -> None:
    is_listed = False
    seen: list[bool] = []

    def note(_: Chains) -> None:
        nonlocal is_listed
        is_listed = True

    async def see(_: httpx.Request) -> None:
        seen.append(is_listed)

    rewriting(asking, note)
    asking.seam.on(BALANCE, see)
    await asking.data(POINTS, token=asking.token(ANN))
    assert seen == [True, True]
    is_listed = False
    await asking.data(POINTS, token=asking.token(ANN))
    assert seen == [True, True, False, False]


async def test_stale_points_of_several_chains_are_read_with_the_list_again(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(POINTS, token=token)
    assert stack.calls() == {LIST: 1}
    for _ in range(2):
        stack.clock.advance(4.9)
        await stack.data(POINTS, token=token)
        assert stack.calls() == {}
        stack.clock.advance(0.2)
        await stack.data(POINTS, token=token)
        assert stack.calls() == {LIST: 1}


@pytest.mark.parametrize("seconds", [5, 9, 14.9])
@pytest.mark.parametrize(
    ("is_silent", "calls"), [(False, {LIST: 1}), (True, BALANCES)], ids=["the list tells points", "balances tell them"]
)
async def test_a_screen_with_a_kept_list_takes_two_calls_in_one_round_trip(
    stack: Stack, is_silent: bool, calls: dict[str, int], seconds: float
) -> None:
    token = stack.token(BEN)
    if is_silent:
        rewriting(stack, silent)
    await stack.data(SCREEN, token=token)
    stack.clock.advance(seconds)
    stack.calls()
    stack.seam.on(f"{LIST}|{BALANCE}", Meeting(sum(calls.values())))
    await stack.data(SCREEN, token=token)
    assert stack.calls() == calls


async def test_the_stale_points_of_one_chain_are_read_by_its_balance(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(POINTS, token=token)
    stack.clock.advance(6)
    stack.calls()
    one = {"id": ids.encode(ids.IdKind.REWARD_CHAIN, 6)}
    await stack.data(ONE, one, token=token)
    assert stack.calls() == {"GET /user/reward_chain/6/balance": 1}
    # One balance is known now: the other costs no more than the list.
    await stack.data(POINTS, token=token)
    assert stack.calls() == {"GET /user/reward_chain/5/balance": 1}


async def test_where_the_list_cannot_be_read_again_its_points_serve_and_no_balance_is_asked_for(stack: Stack) -> None:
    token = stack.token(BEN)
    before = await stack.data(POINTS, token=token)
    stack.clock.advance(6)
    stack.calls()
    stack.seam.on(LIST, answers(503))
    assert await stack.data(POINTS, token=token) == before
    assert stack.calls() == {LIST: 2}


async def test_a_credential_refused_while_the_list_is_read_again_is_told(stack: Stack) -> None:
    token = stack.token(BEN)
    await stack.data(POINTS, token=token)
    stack.clock.advance(6)
    stack.seam.on(LIST, answers(401))
    body = await stack.ask(POINTS, token=token)
    assert [error["extensions"]["code"] for error in body["errors"]] == ["UNAUTHENTICATED"]


def one_value_point(chains: Chains) -> None:
    """Let all chains count the same points, of which the list does not tell the amount."""
    for chain in chains:
        chain["clan_type"] = None
        chain["value_point"] = {"sku": "embers", "name": "Embers"}


def starting_over(chains: Chains) -> None:
    """Let each of these chains count from its own start on."""
    one_value_point(chains)
    for chain in chains:
        chain["recurrent_schedule"] = {"interval_type": "weekly", "reset_next_date": 4_000_000_000}


async def test_chains_that_share_a_value_point_share_a_balance(stack: Stack) -> None:
    token = stack.token(BEN)
    rewriting(stack, one_value_point)
    for seconds in (0, 6, 16):
        stack.clock.advance(seconds)
        body = await stack.data(POINTS, token=token)
        amounts = [chain["balance"]["amount"] for chain in body["viewer"]["rewardChains"]]
        assert len(amounts) == 2
        assert len(set(amounts)) == 1
        balances = [call for call in stack.calls().elements() if call != LIST]
        assert balances == ["GET /user/reward_chain/5/balance"]


async def test_chains_that_start_over_have_balances_of_their_own(stack: Stack) -> None:
    rewriting(stack, starting_over)
    await stack.data(POINTS, token=stack.token(BEN))
    assert stack.calls() == {LIST: 1, **BALANCES}


async def test_lists_that_begin_to_tell_the_points_end_the_early_calls(stack: Stack) -> None:
    token = stack.token(BEN)
    rewriting(stack, silent)
    for _ in range(2):
        await stack.data(POINTS, token=token)
        assert stack.calls() == {LIST: 1, **BALANCES}
        stack.clock.advance(16)
    stack.seam.faults.clear()
    await stack.data(NAMES, token=token)
    stack.clock.advance(16)
    stack.calls()
    await stack.data(POINTS, token=token)
    assert stack.calls() == {LIST: 1}


async def test_with_a_kept_list_only_what_is_stale_is_asked_for(stack: Stack) -> None:
    token = stack.token(BEN)
    rewriting(stack, silent)
    await stack.data(POINTS, token=token)
    stack.clock.advance(6)
    stack.calls()
    await stack.data(POINTS, token=token)
    assert stack.calls() == BALANCES


async def test_a_chain_that_is_gone_costs_a_call_that_is_given_up(asking: Stack) -> None:
    held = Held(1)

    async def wait(_: httpx.Request) -> None:
        await held.came.wait()

    asking.seam.on(LIST, wait)
    asking.seam.on("GET /user/reward_chain/5/balance", held)
    rewriting(asking, lambda chains: chains.remove(next(one for one in chains if one["reward_chain_id"] == 5)))
    body = await asking.data(POINTS, token=asking.token(BEN))
    (chain,) = body["viewer"]["rewardChains"]
    assert chain["balance"]["amount"] > 0
    await held.left.wait()
    assert asking.calls() == {LIST: 1, **BALANCES}


async def test_a_chain_that_is_new_is_asked_for_after_the_list(stack: Stack) -> None:
    token = stack.token(BEN)
    rewriting(stack, silent_and_short)
    await stack.data(POINTS, token=token)
    first = stack.calls()
    assert len(first) == 2
    stack.clock.advance(16)
    stack.seam.faults.clear()
    rewriting(stack, silent)
    await stack.data(POINTS, token=token)
    assert stack.calls() == {LIST: 1, **BALANCES}


async def test_a_balance_that_fails_early_costs_its_own_field(asking: Stack) -> None:
    asking.seam.on("GET /user/reward_chain/5/balance", raises(RuntimeError("a secret detail")))
    body = await asking.ask(POINTS, token=asking.token(BEN))
    assert [error["path"][-1] for error in body["errors"]] == ["balance"]
    assert body["errors"][0]["extensions"]["code"] == "INTERNAL"
    held, other = body["data"]["viewer"]["rewardChains"]
    assert sorted([held["balance"] is None, other["balance"] is None]) == [False, True]
    assert held["name"]
    assert asking.calls() == {LIST: 1, **BALANCES}


async def test_a_list_that_fails_gives_the_early_balances_up(asking: Stack) -> None:
    held = Held(2)

    async def fail(_: httpx.Request) -> httpx.Response:
        await held.came.wait()
        return httpx.Response(500)

    asking.seam.on(BALANCE, held)
    asking.seam.on(LIST, fail)
    body = await asking.ask(POINTS, token=asking.token(BEN))
    assert [error["path"] for error in body["errors"]] == [["viewer", "rewardChains"]]
    await held.left.wait()


async def test_a_client_that_hangs_up_gives_the_early_balances_up(asking: Stack) -> None:
    held = Held(3)
    asking.seam.on(f"{LIST}|{BALANCE}", held)
    hang_up = await half_a_request(asking, POINTS, token=asking.token(BEN))
    await held.came.wait()
    await hang_up()
    await held.left.wait()


async def test_a_balance_asked_for_before_a_write_is_not_kept_after_it(stack: Stack) -> None:
    rewriting(stack, silent)
    token = stack.token(BEN)
    await stack.data(POINTS, token=token)
    stack.clock.advance(16)
    came, release = Meeting(2), asyncio.Event()

    async def hold(request: httpx.Request) -> None:
        await came(request)
        await release.wait()

    stack.seam.on(BALANCE, hold)
    reading = asyncio.ensure_future(stack.data(POINTS, token=token))
    await came.complete.wait()
    await stack.data("mutation { updateClan { userErrors { code } } }", token=token)
    release.set()
    await reading
    stack.calls()
    await stack.data(POINTS, token=token)
    assert stack.calls() == {LIST: 1, **BALANCES}
