"""Turns of players: one player's many requests wait in line, another's begin at once."""

import asyncio
from itertools import count

import pytest

from gateway.admission.player_turns import AT_ONCE, MOST_WAITING, PlayerTurns
from tests.support.loop_time import LoopTime


class Begun:
    """Requests of players, in the order in which they begin, with a mark for each turn of the loop."""

    def __init__(self, turns: PlayerTurns) -> None:
        self.order = ""
        self._turns = turns

    def start(self, players: str) -> list["asyncio.Task[None]"]:
        return [asyncio.ensure_future(self._run(player)) for player in players]

    async def _run(self, player: str) -> None:
        await self._turns.take(player)
        self.order += player

    async def turn(self) -> None:
        await asyncio.sleep(0)
        self.order += "|"


async def test_a_few_begin_at_once_and_the_others_one_in_each_turn() -> None:
    begun = Begun(PlayerTurns())
    tasks = begun.start("a" * (AT_ONCE + 2))
    while not all(task.done() for task in tasks):
        await begun.turn()
    assert begun.order.replace("|", "") == "a" * (AT_ONCE + 2)
    assert begun.order.startswith("a" * AT_ONCE + "|")
    assert "aa" not in begun.order[AT_ONCE:]


async def test_another_player_begins_at_once_and_those_who_wait_take_turns() -> None:
    begun = Begun(PlayerTurns())
    tasks = begun.start("a" * (AT_ONCE + 3) + "b" + "c" * (AT_ONCE + 2))
    await asyncio.gather(*tasks)
    assert begun.order == "a" * AT_ONCE + "b" + "c" * AT_ONCE + "acaca"


async def test_after_a_turn_that_took_long_others_have_as_much_time() -> None:
    # Each reading of the clock is 1,000 seconds after the one before, so a turn takes as long.
    begun, loop_time = Begun(PlayerTurns(count(0.0, 1_000.0).__next__)), LoopTime()
    tasks = begun.start("a" * (AT_ONCE + 2))
    await loop_time.until_timer(1_000)
    assert begun.order == "a" * (AT_ONCE + 1)
    await loop_time.advance(1_000)
    await asyncio.gather(*tasks)
    assert begun.order == "a" * (AT_ONCE + 2)


async def test_there_is_a_place_again_when_some_have_begun_or_given_up() -> None:
    turns = PlayerTurns()
    tasks = Begun(turns).start("a" * (AT_ONCE + MOST_WAITING))
    await asyncio.sleep(0)
    assert (turns.is_full("a"), turns.is_full("b"), turns.is_any_waiting) == (True, False, True)
    tasks[-1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (turns.is_full("a"), turns.is_any_waiting) == (False, False)


async def test_one_that_gives_up_in_the_turn_that_it_gets_holds_nobody_up() -> None:
    turns = PlayerTurns()
    tasks = Begun(turns).start("a" * (AT_ONCE + 2))
    await asyncio.sleep(0)
    # Its turn comes before its task hears of it.
    tasks[AT_ONCE].cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in ended] == [False] * AT_ONCE + [True, False]
    assert not turns.is_any_waiting


async def test_those_who_are_to_come_have_their_places() -> None:
    turns = PlayerTurns()
    places = [turns.is_full_soon("a") for _ in range(AT_ONCE + MOST_WAITING + 1)]
    assert places == [False] * (AT_ONCE + MOST_WAITING) + [True]
    assert not turns.is_full_soon("b")
    for _ in range(3):
        await asyncio.sleep(0)
    # Nobody came.
    assert not turns.is_full_soon("a")


@pytest.mark.parametrize("players", ["ab", "ba"])
async def test_a_turn_that_has_passed_is_not_counted(players: str) -> None:
    begun = Begun(PlayerTurns())
    await asyncio.gather(*begun.start(players))
    for _ in range(3):
        await asyncio.sleep(0)
    await asyncio.gather(*begun.start("a" * AT_ONCE))
    assert begun.order == players + "a" * AT_ONCE
