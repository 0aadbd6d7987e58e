"""Commands over links that fail: each bounded, none sent twice, and no answer taken for another's."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import pytest

from gateway.store.errors import StoreUnavailable
from gateway.store.ports import Found
from tests.support.cut import Cut, cut
from tests.support.store_records import ARGUMENTS, KEY, ME, YOU
from tests.support.store_servers import Fleet, Redis, listening, until

BOUND_SECONDS = 0.25
SLACK_SECONDS = 20
"""What a busy machine may add to a bound; without one a command on a server that hangs ends after a minute."""


@dataclass
class Link:
    """A fleet behind a proxy, and one that reaches the same server directly."""

    cut: Cut
    fleet: Fleet
    direct: Fleet


@pytest.fixture
async def link(server: Redis) -> AsyncIterator[Link]:
    del server
    with ExitStack() as opened:
        _, port = opened.enter_context(listening("--repl-diskless-sync-delay", "0"))
        direct = Fleet(url=f"redis://127.0.0.1:{port}")
        async with cut(port) as proxy:
            fleet = Fleet(url=f"redis://127.0.0.1:{proxy.port}")
            fleet.client = fleet.new_client(seconds=BOUND_SECONDS)
            await fleet.records()
            await fleet.epoch.refresh()
            yield Link(proxy, fleet, direct)
            await fleet.aclose()
            await direct.aclose()


FAULTS: dict[str, Callable[[Cut], None]] = {
    "hang": Cut.hang,
    "half-open": Cut.half_open,
    "delay": lambda proxy: proxy.delay(0.6),
    "drop": Cut.cut_off,
    "cut before an answer": lambda proxy: proxy.cut_after(0),
    "cut within an answer": lambda proxy: proxy.cut_after(3),
}


async def answers_again(link: Link) -> bool:
    """Whether the store answers over a connection that is not broken, with the answer to what was asked."""
    try:
        answer = await link.fleet.raw("ECHO", "mine")
    except StoreUnavailable:
        return False
    assert answer == b"mine"
    return True


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_command_is_bounded_and_sent_once_and_its_connection_used_no_more(link: Link, fault: str) -> None:
    FAULTS[fault](link.cut)
    started = asyncio.get_running_loop().time()
    with pytest.raises(StoreUnavailable):
        await link.fleet.raw("INCR", "counted")
    assert asyncio.get_running_loop().time() - started < BOUND_SECONDS + SLACK_SECONDS
    link.cut.go_on()
    await until(partial(answers_again, link))
    assert link.cut.requests.count(b"counted") <= 1
    assert await link.direct.raw("GET", "counted") in {None, b"1"}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_begin_over_a_failing_link_leaves_no_key_stuck(link: Link, fault: str) -> None:
    records, direct = await link.fleet.records(), await link.direct.records()
    FAULTS[fault](link.cut)
    with pytest.raises(StoreUnavailable):
        await records.begin(KEY, ARGUMENTS, ME)
    link.cut.go_on()

    async def is_dropped() -> bool:
        return not link.fleet.metrics.pending

    await until(is_dropped)
    assert (await direct.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE


async def test_answers_that_are_cut_at_each_byte_never_become_another_answer(link: Link) -> None:
    await link.direct.raw("SET", "text", "a text of some length")
    answers: list[object] = []
    length = len(b"$21\r\na text of some length\r\n")
    for allowed in range(length + 1):
        link.cut.cut_after(allowed)
        try:
            answers.append(await link.fleet.raw("GET", "text"))
        except StoreUnavailable:
            answers.append(None)
        link.cut.go_on()
        await until(partial(answers_again, link))
    assert answers == [None] * length + [b"a text of some length"]


async def test_cancelled_commands_never_leave_their_answers_to_others(link: Link) -> None:
    link.fleet.client = link.fleet.new_client(seconds=30)
    link.cut.delay(0.01)
    tasks = [asyncio.create_task(link.fleet.raw("ECHO", f"cancelled {number}")) for number in range(40)]
    for number, task in enumerate(tasks):
        await asyncio.sleep(0.001)
        if number % 2:
            task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    for number, answer in enumerate(answers):
        if number % 2:
            assert isinstance(answer, asyncio.CancelledError) or answer == f"cancelled {number}".encode()
        else:
            assert answer == f"cancelled {number}".encode()
    assert sum(isinstance(answer, asyncio.CancelledError) for answer in answers) > 0
    link.cut.go_on()
    mine = await asyncio.gather(*(link.fleet.raw("ECHO", f"mine {number}") for number in range(80)))
    assert mine == [f"mine {number}".encode() for number in range(80)]


async def test_a_record_is_sent_only_once_a_live_replica_has_it(link: Link) -> None:
    port = link.cut.to_port
    with listening("--replicaof", "127.0.0.1", str(port)):
        acknowledged: set[str] = set()

        async def is_following() -> bool:
            # A replica is called online before it reads the stream: only one whose offset grows will acknowledge the
            # next write in time.
            await link.direct.raw("INCR", "written")
            told = bytes(await link.direct.raw("INFO", "replication")).decode()  # type: ignore[call-overload]
            acknowledged.update(re.findall(r"state=online,offset=(\d+)", told))
            return len(acknowledged) > 1

        await until(is_following)
        link.fleet.client = link.fleet.new_client()
        records = await link.fleet.records()
        assert (await records.begin(KEY, ARGUMENTS, ME)).found is Found.MINE
        [node] = await link.fleet.client._topology.nodes()
        assert node.replicas == 1
    # The replica is gone: a primary that had one needs one.
    with pytest.raises(StoreUnavailable, match="replicas"):
        await records.begin(KEY._replace(key="key-2"), ARGUMENTS, ME)
