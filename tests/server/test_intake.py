"""Requests that arrive at once: they are read in turns, in the order that is fair, and what is cached does not wait."""

import asyncio

import pytest

from gateway.server.intake import TURN_SECONDS, Intake
from gateway.server.limits import ServerLimits
from tests.support.full_intake import FullIntake
from tests.support.loop_time import LoopTime, turns
from tests.support.raw_client import connected, echoing

GET = (b"GET /one HTTP/1.1", b"Host: a")
READY = (b"GET /ready HTTP/1.1", b"Host: a")


class Repeated:
    """Has a response for a request in known bytes only."""

    def covers(self, _: bytes) -> bool:
        return False

    def find(self, *_: object) -> None:
        return None

    def repeat(self, alone: bytes, _: tuple[str, int] | None) -> tuple[int, bytes, bytes] | None:
        return (200, b"content-length: 7\r\n", b'"ready"') if alone.startswith(READY[0]) else None


class Reader:
    """A connection whose data takes a part of a turn to read."""

    def __init__(self, intake: "Intake", name: str, read: list[str], clock: list[float], cost: float) -> None:
        self.name = name
        self._intake = intake
        self._read = read
        self._clock = clock
        self._cost = cost

    def read_on(self) -> None:
        self._read.append(self.name)
        self._clock[0] += self._cost


class Arrivals:
    """Connections with data, and the order in which it is read; `|` is the end of a turn of the loop."""

    def __init__(self, cost: float) -> None:
        self.clock = [0.0]
        self.intake = Intake(lambda: self.clock[0])
        self.read: list[str] = []
        self._cost = cost

    def arrive(self, name: str, head: bytes = b"") -> Reader:
        reader = Reader(self.intake, name, self.read, self.clock, self._cost)
        if self.intake.admits(reader, head):
            reader.read_on()
        return reader

    async def turn(self) -> str:
        """What is read until the end of this turn."""
        self.read.append("|")
        await asyncio.sleep(0)
        return "".join(self.read)


def of(token: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer " + token + b"\r\n\r\n"


async def test_in_each_turn_requests_are_read_until_its_time_is_over() -> None:
    arrivals = Arrivals(TURN_SECONDS / 2)
    for name in "abcdefg":
        arrivals.arrive(name)
    for _ in range(4):
        order = await arrivals.turn()
    assert order == "ab|cd|ef|g|"
    # Nothing has arrived for a whole turn.
    await turns()
    arrivals.arrive("h")
    assert arrivals.read[-1] == "h"


async def test_a_request_that_takes_longer_than_a_turn_is_read_alone() -> None:
    arrivals = Arrivals(2 * TURN_SECONDS)
    for name in "abc":
        arrivals.arrive(name)
    for _ in range(3):
        order = await arrivals.turn()
    assert order == "a|b|c|"


async def test_those_with_one_credential_wait_in_one_line_and_lines_take_turns() -> None:
    arrivals = Arrivals(TURN_SECONDS)
    for name in "aa":
        arrivals.arrive(name, of(b"greedy"))
    # However it is written: a line of its own for each would let one player take all turns.
    arrivals.arrive("a", of(b"greedy").replace(b"authorization", b"AUTHORIZATION"))
    arrivals.arrive("a", of(b"greedy ").replace(b": Bearer", b":  Bearer"))
    arrivals.arrive("b", of(b"modest"))
    # Without a credential, each connection has a line of its own.
    for name in "cd":
        arrivals.arrive(name, b"GET / HTTP/1.1\r\n\r\n")
    for _ in range(7):
        order = await arrivals.turn()
    assert order == "a|a|b|c|d|a|a|"


async def test_one_that_arrives_while_others_wait_does_not_pass_them() -> None:
    arrivals = Arrivals(TURN_SECONDS)
    for name in "abc":
        arrivals.arrive(name)
    await arrivals.turn()
    arrivals.arrive("d")
    for _ in range(3):
        order = await arrivals.turn()
    assert order == "a|b|c|d|"


async def test_more_data_of_a_connection_that_waits_is_read_in_its_turn() -> None:
    arrivals = Arrivals(TURN_SECONDS)
    arrivals.arrive("a")
    waits = arrivals.arrive("b", of(b"b"))
    assert not arrivals.intake.admits(waits, b"more")
    for _ in range(3):
        order = await arrivals.turn()
    assert order == "a|b||"


async def test_a_connection_that_has_closed_does_not_read() -> None:
    arrivals = Arrivals(TURN_SECONDS)
    arrivals.arrive("a")
    arrivals.intake.forget(arrivals.arrive("b"))
    for _ in range(2):
        order = await arrivals.turn()
    assert order == "a||"


@pytest.fixture
def intake(monkeypatch: pytest.MonkeyPatch) -> FullIntake:
    full = FullIntake()
    monkeypatch.setattr("gateway.server.config.Intake", lambda: full)
    return full


async def test_data_that_waits_is_whole_when_it_is_read(intake: FullIntake) -> None:
    async with echoing() as (echo, url), connected(url) as raw:
        raw.send(*GET)
        await intake.until(1)
        raw.send(b"GET /two HTTP/1.1", b"Host: a")
        await turns()
        assert echo.paths == []
        intake.read()
        assert [(await raw.response())[2]["path"] for _ in range(2)] == ["/one", "/two"]


async def test_a_client_does_not_pay_for_the_time_in_which_its_data_waits(intake: FullIntake) -> None:
    async with echoing(ServerLimits(head_seconds=1_000)) as (_, url), connected(url) as raw:
        loop_time = LoopTime()
        raw.send(*GET)
        await intake.until(1)
        await loop_time.advance(1_000)
        intake.read()
        assert (await raw.response())[0] == 200


async def test_a_request_whose_client_leaves_before_its_turn_is_not_run(intake: FullIntake) -> None:
    async with echoing() as (echo, url):
        async with connected(url) as raw:
            raw.send(*GET)
            await intake.until(1)
        await intake.until(0)
        intake.read()
        await turns()
    assert echo.paths == []


async def test_a_response_that_is_ready_is_sent_while_others_wait(intake: FullIntake) -> None:
    async with echoing(ready_responses=Repeated()) as (_, url), connected(url) as raw, connected(url) as other:
        other.send(*GET)
        await intake.until(1)
        raw.send(*READY)
        assert (await raw.response())[2] == "ready"
        assert len(intake.waiting) == 1
        intake.read()
        assert (await other.response())[0] == 200
