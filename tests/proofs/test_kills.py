"""A gateway that is killed at any step of a write, and started again on the same records, does nothing twice."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway import sandbox
from gateway.schema import ids
from tests.sandbox.proofs.audit import audit_file, query_file
from tests.support.gateway_process import GatewayProcess, gateway_process
from tests.support.purchase_mutations import CLAIM, FREE, ORDER, PAID
from tests.support.stack import BEN, serving

pytestmark = pytest.mark.slow

KEY = "the key of the tap"
ANSWERED_IN_A_ROW = 3
"""The steps are over once so many gateways have answered before they died."""

CLAN_CHAIN = ids.encode(ids.IdKind.REWARD_CHAIN, 6)
CLAIM_ALL = """mutation($step: ID!, $key: String) {
  answer: claimAvailableRewards(input: {rewardChainId: $step, idempotencyKey: $key}) {
    results { stepId isClaimed userError { code } } userErrors { code } } }"""


@dataclass(frozen=True)
class World:
    """The sandbox, where what was done is counted, and what a game sends."""

    url: str
    file: Path
    query: str
    target: str

    def variables(self, key: str = KEY) -> Mapping[str, object]:
        return {"step": self.target, "key": key}

    async def claim_first(self, player: str) -> None:
        """Take the free step at the upstream itself, so that the paid one is next."""
        path = f"/api/v2/project/{sandbox.DEMO_PROJECT_ID}/user/offer_chain/1/step/number/1/claim"
        async with httpx.AsyncClient(base_url=self.url) as http:
            answer = await http.post(path, headers={"authorization": f"Bearer {token_of(player)}"})
            assert answer.status_code == 200

    async def pay(self, order_id: int) -> None:
        async with httpx.AsyncClient(base_url=self.url) as http:
            assert (await http.post(f"/_sandbox/orders/{order_id}/pay")).status_code == 200

    def orders(self, player: str, *, is_paid: bool) -> list[int]:
        """The numbers of the player's orders of one kind: bought, or free as claims are."""
        rows = query_file(
            self.file,
            "SELECT order_id FROM orders JOIN players USING (player_number)"
            f" WHERE player_id = '{player}' AND (amount IS NOT NULL) = {int(is_paid)}",
        )
        return [int(str(row[0])) for row in rows]


def token_of(player: str, lifetime_seconds: int = 3600) -> str:
    return sandbox.mint_token(player, attributes=BEN.attributes, lifetime_seconds=lifetime_seconds, now=time.time())


def told(body: dict[str, Any] | None) -> str:
    """What an answer says: "done", the code of its error, or "nothing" where there was no answer."""
    if body is None:
        return "nothing"
    if "errors" in body:
        code: str = body["errors"][0]["extensions"]["code"]
        return code
    errors = [one["code"] for one in body["data"]["answer"]["userErrors"]]
    return errors[0] if errors else "done"


Check = Callable[[GatewayProcess, World, str, dict[str, Any] | None], Awaitable[str]]


async def killed_at_every_step(world: World, records: Path, check: Check) -> Counter[str]:
    """Kill one gateway at each step of a write, each of another player's, and let the next one be asked again."""
    outcomes: Counter[str] = Counter()
    answered = steps = 0
    former: tuple[str, dict[str, Any] | None] | None = None
    while answered < ANSWERED_IN_A_ROW or former is not None:
        async with gateway_process(world.url, records) as gateway:
            if former is not None:
                outcomes[await check(gateway, world, *former)] += 1
                former = None
            if answered == ANSWERED_IN_A_ROW:
                continue
            player = f"player-{steps}"
            if world.target == PAID:
                await world.claim_first(player)
            body = await gateway.ask(world.query, world.variables(), token_of(player), kill_after=steps)
            answered = 0 if body is None else answered + 1
            assert body is not None or await gateway.has_died()
            former = (player, body)
            steps += 1
    outcomes["kills"] = steps - answered
    return outcomes


async def order_once(gateway: GatewayProcess, world: World, player: str, first: dict[str, Any] | None) -> str:
    """Ask again on another device, then let what is open be found out."""
    body = await gateway.ask(world.query, world.variables(), token_of(player, 600))
    again = await gateway.ask(world.query, world.variables(), token_of(player))
    assert again == body
    assert body is not None
    assert first in (None, body)
    made = world.orders(player, is_paid=True)
    if told(body) == "done":
        assert made == [body["data"]["answer"]["order"]["upstreamId"]]
        return "answered before" if first else "answered"
    assert told(body) == "OUTCOME_UNKNOWN"
    if not made:
        assert told(await gateway.ask(world.query, world.variables("another key"), token_of(player))) == "done"
        assert len(world.orders(player, is_paid=True)) == 1
        return "never sent"
    await world.pay(*made)
    assert told(await gateway.ask(world.query, world.variables(), token_of(player))) == "ALREADY_CLAIMED"
    assert world.orders(player, is_paid=True) == made
    return "found out"


async def claim_once(gateway: GatewayProcess, world: World, player: str, first: dict[str, Any] | None) -> str:
    """Ask again on another device: what the chain shows is told, and what was not sent is not sent."""
    before = world.orders(player, is_paid=False)
    body = await gateway.ask(world.query, world.variables(), token_of(player, 600))
    assert await gateway.ask(world.query, world.variables(), token_of(player)) == body
    assert first in (None, body)
    made = world.orders(player, is_paid=False)
    if told(body) == "done":
        assert len(made) == 1
        return "answered before" if first else "found out" if before else "answered"
    assert (told(body), made) == ("OUTCOME_UNKNOWN", [])
    assert told(await gateway.ask(world.query, world.variables("another key"), token_of(player))) == "done"
    assert len(world.orders(player, is_paid=False)) == 1
    return "never sent"


async def claim_all_once(gateway: GatewayProcess, world: World, player: str, first: dict[str, Any] | None) -> str:
    """As for a single claim; what was about to be claimed is told step by step."""
    before = world.orders(player, is_paid=False)
    body = await gateway.ask(world.query, world.variables(), token_of(player, 600))
    assert await gateway.ask(world.query, world.variables(), token_of(player)) == body
    assert body is not None
    assert first in (None, body)
    (result,) = body["data"]["answer"]["results"]
    made = world.orders(player, is_paid=False)
    if result["isClaimed"]:
        assert len(made) == 1
        return "answered before" if first else "found out" if before else "answered"
    assert (result["userError"], made) == ({"code": "OUTCOME_UNKNOWN"}, [])
    return "never sent"


@pytest.mark.parametrize(
    ("query", "target", "check"),
    [
        pytest.param(ORDER, PAID, order_once, id="order"),
        pytest.param(CLAIM, FREE, claim_once, id="claim"),
        pytest.param(CLAIM_ALL, CLAN_CHAIN, claim_all_once, id="claim all"),
    ],
)
async def test_wherever_the_gateway_dies_nothing_is_done_twice_and_nothing_is_lost(
    tmp_path: Path, query: str, target: str, check: Check
) -> None:
    file = tmp_path / "sandbox.sqlite3"
    async with serving(sandbox.create_sandbox(str(file))) as url:
        world = World(url, file, query, target)
        outcomes = await killed_at_every_step(world, tmp_path / "records.sqlite3", check)
    audit_file(file)
    assert outcomes.pop("kills") >= 15
    assert set(outcomes) == {"answered", "never sent", "found out", "answered before"}, outcomes
