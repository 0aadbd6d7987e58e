"""Thousands of answers that are lost on their way: no order is made twice, and none is lost sight of."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import httpx
import jwt
import pytest

from gateway import sandbox
from tests.sandbox.proofs.audit import audit_file, query_file
from tests.support.clock import Clock
from tests.support.proof_scale import CASES, SEED
from tests.support.purchase_mutations import CLAIM, FREE, ORDER, PAID
from tests.support.stack import Stack, gateway_before, serving

pytestmark = [pytest.mark.usefixtures("unmeasured"), pytest.mark.slow]

PLAYERS_AT_ONCE = 32
ASKED_AGAIN = 2

FAULTS = [
    # Carried out, and the answer lost; and lost before anything was done. Chains cannot always be read afterwards.
    f"{call}:{what},probability={probability}"
    for call in ("claim-user-offer-chain-step-reward", "order-user-offer-chain-step-reward")
    for what, probability in (("reset,after", 0.2), ("reset", 0.15), ("status=502,after", 0.1), ("status=504", 0.1))
] + ["get-user-offer-chain-by-id:status=503,probability=0.1"]


class Lossy:
    """Stands before the upstream: loses answers to timeouts, and counts what was sent and what was lost."""

    def __init__(self, stack: Stack) -> None:
        self.sent: Counter[tuple[str, str]] = Counter()
        self.lost = 0
        self._inner = stack.seam.inner
        self._random = Random(SEED)
        stack.seam.on("POST .*", self)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        call = request.url.path.rpartition("/")[2]
        self.sent[player_of(request), call] += 1
        chance = self._random.random()
        if chance < 0.05:
            self.lost += 1
            raise httpx.ReadTimeout("nothing was done")
        try:
            answer = await self._inner.handle_async_request(request)
        except httpx.RequestError:
            self.lost += 1
            raise
        if chance < 0.15:
            self.lost += 1
            raise httpx.ReadTimeout("it was done")
        self.lost += answer.status_code >= 500
        return answer


def player_of(request: httpx.Request) -> str:
    token = request.headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    return str(claims["sub"])


class Game:
    """One player on two devices, who taps twice at once, and again when nothing is known."""

    def __init__(self, number: int, stack: Stack) -> None:
        self.player = f"player-{number}"
        self.is_keyed = number % 3 != 0
        self.order: dict[str, Any] | None = None
        self.keys: Counter[str] = Counter()
        self.outcome = ""
        self._stack = stack
        self._tokens = [
            sandbox.mint_token(self.player, lifetime_seconds=lifetime, now=stack.clock()) for lifetime in (600, 3600)
        ]

    async def play(self) -> None:
        while await self._tap(CLAIM, FREE, self._key("claim")) not in {"done", "ALREADY_CLAIMED"}:
            continue
        self.outcome = await self._tap(ORDER, PAID, self._key("order") if self.is_keyed else None)

    def _key(self, act: str) -> str:
        self.keys[act] += 1
        return f"{self.player} {act} {self.keys[act]}"

    async def ask(self, query: str, step: str, key: str | None, device: int = 0) -> dict[str, Any]:
        """Ask until there is an answer that is not "nothing was done, try again"."""
        while True:
            body = await self._stack.ask(query, {"step": step, "key": key}, token=self._tokens[device])
            for error in body.get("errors", ()):
                del error["extensions"]["requestId"]
            if not any(error["extensions"]["retryable"] for error in body.get("errors", ())):
                return body

    async def _tap(self, query: str, step: str, key: str | None) -> str:
        """Tap on both devices at once and then again; all of them are told the same."""
        bodies = list(await asyncio.gather(*(self.ask(query, step, key, device) for device in range(2))))
        bodies += [await self.ask(query, step, key, number % 2) for number in range(ASKED_AGAIN)]
        told = [said(body) for body in bodies]
        # A lost claim may be found out from one time to the next, also between two that came together.
        told = [*sorted(told[:2], key=lambda one: one != "OUTCOME_UNKNOWN"), *told[2:]]
        known = [one for one in told if one != "OUTCOME_UNKNOWN"]
        assert told[len(told) - len(known) :] == known, told
        assert len(set(known)) <= 1, told
        if query is ORDER and known == ["done"] * len(bodies):
            assert all(body == bodies[0] for body in bodies)
            self.order = bodies[0]["data"]["answer"]["order"]
        return told[-1]


def said(body: dict[str, Any]) -> str:
    if "errors" in body:
        code: str = body["errors"][0]["extensions"]["code"]
        return code
    codes = [one["code"] for one in body["data"]["answer"]["userErrors"]]
    return codes[0] if codes else "done"


def orders_in(file: Path) -> dict[str, list[int]]:
    """The numbers of all bought orders by player, without those of the demo's players."""
    found: dict[str, list[int]] = {}
    sql = (
        "SELECT player_id, order_id FROM orders JOIN players USING (player_number)"
        " WHERE amount IS NOT NULL AND player_id LIKE 'player-%'"
    )
    for player, number in query_file(file, sql):
        found.setdefault(str(player), []).append(int(str(number)))
    return found


async def test_no_order_is_made_twice_and_none_is_lost_when_answers_get_lost(tmp_path: Path) -> None:
    file, clock = tmp_path / "sandbox.sqlite3", Clock()
    upstream = sandbox.create_sandbox(
        str(file), clock=clock, faults=[sandbox.parse_fault(one) for one in FAULTS], seed=SEED
    )
    games: list[Game] = []
    # The clock stands still, so a breaker that opens would refuse writes for ever.
    settings = {"GATEWAY_RECORDS_FILE": str(tmp_path / "records.sqlite3"), "GATEWAY_BREAKER_PERCENT": "off"}
    async with serving(upstream) as url, gateway_before(url, clock, settings) as stack:
        lossy = Lossy(stack)
        while lossy.lost < CASES:
            wave = [Game(len(games) + number, stack) for number in range(PLAYERS_AT_ONCE)]
            await asyncio.gather(*(game.play() for game in wave))
            games += wave
        made = orders_in(file)
        assert [player for player, orders in made.items() if len(orders) > 1] == []
        for game in games:
            assert lossy.sent[game.player, "order"] == 1
            assert lossy.sent[game.player, "claim"] <= game.keys["claim"]
            if game.order is not None:
                assert made.pop(game.player) == [game.order["upstreamId"]]
        unknown = [game for game in games if game.outcome == "OUTCOME_UNKNOWN"]
        assert set(made) <= {game.player for game in unknown}, "an order that nobody was told of"
        await stack.http.delete(f"{url}/_sandbox/faults")
        stack.seam.faults.clear()
        for game in unknown:
            await found_out(stack, game, made.get(game.player, []))
    audit_file(file)
    assert {game.outcome for game in games} == {"done", "OUTCOME_UNKNOWN"}


async def found_out(stack: Stack, game: Game, made: list[int]) -> None:
    """What became of a lost order is told under its key once it can be known."""
    if not game.is_keyed:
        return
    key = f"{game.player} order 1"
    for number in made:
        await stack.pay(number)
    assert said(await game.ask(ORDER, PAID, key)) == ("ALREADY_CLAIMED" if made else "OUTCOME_UNKNOWN")
