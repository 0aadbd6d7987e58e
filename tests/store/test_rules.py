"""The scripts in the store keep to the rules as they are written in Python: any steps in any order end alike."""

import random

import pytest

from gateway.records.sealing import digest
from gateway.store.local.memory_records import MemoryRecords
from gateway.store.ports import RecordStore
from tests.support.clock import Clock
from tests.support.store_records import DAY, KEY
from tests.support.store_servers import Fleet

ARGUMENTS = (digest("a"), digest("a"), digest("a"), digest("b"))
STEPS = (
    "begin", "begin", "begin", "renew", "checkpoint", "expect_order", "finish", "recover", "take_over", "drop",
    "give_order", "pass", "pass",
)  # fmt: skip


async def take(step: str, records: RecordStore, chance: random.Random, attempts: list[bytes]) -> object:
    attempt = chance.choice(attempts)
    if step == "begin":
        return await records.begin(KEY, chance.choice(ARGUMENTS), attempt)
    if step == "expect_order":
        return await records.expect_order(KEY, attempt, ["sword"])
    if step == "give_order":
        return await records.give_order(KEY.scope, chance.choice((7, 8)), ["sword", "shield"])
    if step == "take_over":
        return await records.take_over(KEY, attempt, attempts[-1])
    if step in {"checkpoint", "finish", "recover"}:
        return await getattr(records, step)(KEY, attempt, chance.choice((b"one", b"other")))
    return await getattr(records, step)(KEY, attempt)


@pytest.mark.parametrize("seed", range(60))
async def test_steps_end_alike_in_both(fleet: Fleet, seed: int) -> None:
    clock, chance = Clock(), random.Random(seed)
    model, shared = MemoryRecords(now=clock, remembered_seconds=DAY), await fleet.records()
    attempts: list[bytes] = []
    for number in range(40):
        step, inner = chance.choice(STEPS), chance.random()
        if step == "pass":
            seconds = chance.choice((4, 11))
            clock.advance(seconds)
            await fleet.pass_time(seconds)
            continue
        # Attempts are never used again: the latest is new, and was not named before.
        attempts = [*attempts[-2:], f"{number:08}".encode()]
        expected = await take(step, model, random.Random(inner), attempts)
        assert await take(step, shared, random.Random(inner), attempts) == expected, (number, step)
        if step == "drop" and expected:
            attempts = []
