"""A sandbox that is killed while it writes keeps what it has acknowledged, nothing by halves, and tells it."""

import asyncio
import time
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.sandbox.admin.publisher import Publisher
from tests.sandbox.proofs.audit import audit_file, query_file
from tests.sandbox.proofs.processes import SandboxProcess, sandbox_process, start_and_kill, token_of
from tests.sandbox.proofs.scale import SCALE
from tests.sandbox.proofs.studio import Inbox, settings
from tests.support.stack import serving

pytestmark = pytest.mark.usefixtures("unmeasured")
SEED = 20261120
KILLS = 20 * SCALE
GAMES_AT_ONCE = 6
MOST_WRITES_OF_A_LIFE = 60
PATH_CHAIN, EMBER_TRAIL, GUILD_BANNER = 1, 5, 6
SPARK, FLAME, PENNANT = 15, 16, 19


class Journal:
    """What was acknowledged, and the moment at which the process dies: after so many writes of one life."""

    def __init__(self) -> None:
        self.statuses: set[tuple[str, int, str]] = set()
        self.claims: set[tuple[str, int]] = set()
        self.clans: dict[str, str] = {}
        self.cut_off = 0
        self._writes_left = 0
        self._process: SandboxProcess | None = None

    def begin(self, process: SandboxProcess, writes: int) -> None:
        """Let the process live for a number of writes."""
        self._process, self._writes_left = process, writes

    def acknowledged(self) -> None:
        """Count a write; the last one kills, while other games wait for their answers."""
        self._writes_left -= 1
        if self._writes_left == 0 and self._process:
            self._process.kill()


class Game:
    """A player who plays through the demo's chains, not always straight on."""

    def __init__(self, name: str, process: SandboxProcess, journal: Journal, random: Random) -> None:
        self._name = name
        self._token = token_of(name, time.time())
        self._process = process
        self._journal = journal
        self._random = random

    async def play(self) -> None:
        """Play to the end, or until the process is dead."""
        await self._claim(1)
        first = await self._buy(2)
        await self._claim(3)
        second = await self._buy(4)
        for chain, step in self._random.sample(
            [(EMBER_TRAIL, SPARK), (EMBER_TRAIL, FLAME), (GUILD_BANNER, PENNANT)], 3
        ):
            await self._write("POST", f"/user/reward_chain/{chain}/step/{step}/claim")
            self._journal.claims.add((self._name, step))
            self._journal.acknowledged()
        self._token = token_of(self._name, time.time(), clan="wolves")
        await self._write("PUT", "/user/clan/update")
        self._journal.clans[self._name] = "wolves"
        self._journal.acknowledged()
        regretted = self._random.choice([first, second])
        self._note(regretted, await self._process.decide(regretted, "refund"))

    async def _claim(self, number: int) -> None:
        self._note(await self._step(number, "claim"), "done")

    async def _buy(self, number: int) -> int:
        order_id = await self._order(number)
        if self._random.random() < 0.3:
            former, order_id = order_id, await self._order(number)
            self._journal.statuses.add((self._name, former, "expired"))
        if self._random.random() < 0.3:
            self._note(order_id, await self._process.decide(order_id, "cancel"))
            order_id = await self._order(number)
        self._note(order_id, await self._process.decide(order_id, "pay"))
        return order_id

    async def _order(self, number: int) -> int:
        order_id = await self._step(number, "order")
        self._note(order_id, "new")
        return order_id

    async def _step(self, number: int, act: str) -> int:
        answer = await self._write("POST", f"/user/offer_chain/{PATH_CHAIN}/step/number/{number}/{act}")
        order_id: int = answer.json()["order_id"]
        return order_id

    async def _write(self, method: str, path: str) -> httpx.Response:
        answer = await self._process.ask(method, path, self._token)
        assert answer.is_success, answer.text
        return answer

    def _note(self, order_id: int, status: str) -> None:
        self._journal.statuses.add((self._name, order_id, status))
        self._journal.acknowledged()


async def live(file: Path, life: int, journal: Journal, random: Random) -> None:
    """Run one process from its start to its violent end."""

    async def play_on(seat: int) -> None:
        try:
            for number in range(MOST_WRITES_OF_A_LIFE):
                await Game(f"player-{life}-{seat}-{number}", process, journal, random).play()
        except httpx.TransportError:
            journal.cut_off += 1

    async with sandbox_process(file) as process:
        journal.begin(process, random.randint(1, MOST_WRITES_OF_A_LIFE))
        await asyncio.gather(*(play_on(seat) for seat in range(GAMES_AT_ONCE)))


def missing(file: Path, journal: Journal) -> list[object]:
    """List what was acknowledged and is not there."""
    statuses = query_file(
        file,
        "SELECT player_id, order_id, past.status FROM order_history AS past"
        " JOIN orders USING (order_id) JOIN players USING (player_number)",
    )
    claims = query_file(file, "SELECT player_id, step_id FROM step_claims JOIN players USING (player_number)")
    clans = query_file(file, "SELECT player_id, clan FROM players")
    return [*journal.statuses - set(statuses), *journal.claims - set(claims), *set(journal.clans.items()) - set(clans)]


async def test_what_was_acknowledged_survives_kills_and_is_told(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    random, journal, inbox = Random(SEED), Journal(), Inbox()
    async with serving(inbox.app) as inbox_url:
        async with sandbox_process(file) as process:
            assert (await Publisher(process.client).put("/webhook", settings(inbox_url))).status_code == 204
        for life in range(KILLS):
            await live(file, life, journal, random)
            audit_file(file)
            assert missing(file, journal) == []
        async with sandbox_process(file):
            await inbox.hear(query_file(file, "SELECT kind, order_id FROM webhooks"))
    assert journal.cut_off == KILLS * GAMES_AT_ONCE
    assert len(journal.statuses) > 10 * KILLS


async def test_a_sandbox_killed_while_it_starts_starts_again(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    random = Random(SEED)
    for _ in range(8 * SCALE):
        await start_and_kill(file, random.uniform(0.1, 0.4))
    async with sandbox_process(file) as process:
        assert (await process.client.get("/_sandbox/health")).json() == {"status": "ok", "projects": 2}
    audit_file(file)
