"""A slow disk and a damaged file, from outside: mutations with a key are refused for a while, and nothing else is."""

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gateway.records.database import Database
from gateway.schema import ids
from tests.support.stack import ANN, Stack, running_stack

FIRST_STEP = ids.encode(ids.IdKind.OFFER_STEP, 1, 1)
CLAIM = """
mutation($step: ID!, $key: String) {
  claimOfferChainStep(input: {stepId: $step, idempotencyKey: $key}) { userErrors { code } }
}
"""
CLAIMED: dict[str, Any] = {"data": {"claimOfferChainStep": {"userErrors": []}}}
CLAN = "mutation { updateClan { userErrors { code } } }"


async def claim(stack: Stack) -> Any:
    return await stack.ask(CLAIM, {"step": FIRST_STEP, "key": "one tap"}, token=stack.token(ANN))


def sent(stack: Stack) -> int:
    return sum(count for call, count in stack.calls().items() if call.endswith("/claim"))


async def readiness(stack: Stack) -> object:
    response = await stack.http.get(f"{stack.gateway_url}/readyz")
    assert response.status_code == 200
    return response.json()


@pytest.fixture
def databases(monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """The databases that are opened; nobody waits for long for their disk."""
    made: list[Database] = []
    initialise = Database.__init__

    def impatient(self: Database, *args: Any, **more: Any) -> None:
        initialise(self, *args, **{**more, "wait_seconds": 0.05})
        made.append(self)

    monkeypatch.setattr(Database, "__init__", impatient)
    return made


async def test_a_slow_disk_refuses_mutations_with_a_key_and_nothing_else_until_it_is_fast_again(
    databases: list[Database], tmp_path: Path
) -> None:
    async with running_stack({"GATEWAY_RECORDS_FILE": str(tmp_path / "records.sqlite3")}) as stack:
        await stack.data("{ viewer { badge { claimableCount } } }", token=stack.token(ANN))
        release = threading.Event()
        databases[-1].post(lambda _: release.wait())
        refused = await claim(stack)
        assert refused["errors"][0]["extensions"]["code"] == "OVERLOADED"
        assert await readiness(stack) == {"status": "ready", "records": "slow"}
        assert await stack.figure("gateway_records_up") == 0
        await stack.data(CLAN, token=stack.token(ANN))
        await stack.data("{ viewer { rewardChains { id } } }", token=stack.token(ANN))
        assert sent(stack) == 0
        release.set()
        await stack.until("gateway_records_up", 1)
        await stack.until("gateway_records_waiting", 0)
        assert await claim(stack) == CLAIMED
        assert await claim(stack) == CLAIMED
        assert sent(stack) == 1
        assert await readiness(stack) == {"status": "ready"}


async def test_a_damaged_file_is_replaced_and_keys_that_can_be_read_are_still_known(tmp_path: Path) -> None:
    file = str(tmp_path / "records.sqlite3")
    environment = {"GATEWAY_RECORDS_FILE": file}
    async with running_stack(environment) as stack:
        assert await claim(stack) == CLAIMED
    with closing(sqlite3.connect(file)) as connection:
        row = connection.execute("SELECT * FROM idempotency").fetchone()
        marks = ", ".join("?" * len(row))
        # Its key comes last, so that it is not on the page in the middle.
        rows = [(number.to_bytes(4), *row[1:]) for number in range(500)]
        connection.executemany(f"INSERT INTO idempotency VALUES ({marks})", rows)
        connection.commit()
    size = os.stat(file).st_size
    with open(file, "r+b") as opened:  # noqa: ASYNC230 - a test's small file
        opened.seek(size // 2 // 4096 * 4096)
        opened.write(b"\xff" * 4096)
    async with running_stack(environment) as stack:
        answers = [await claim(stack) for _ in range(3)]
        assert answers[-1] == CLAIMED
        assert sent(stack) == 0
        assert await readiness(stack) == {"status": "ready"}
