"""A game in a process of its own: it speaks to its kit, and with the tests in lines of JSON.

Commands are objects with `do`, one on a line of the game's standard input; what it tells are objects with `event` on
its standard output. The kit's clock and the device's clock stand still until `advance`. The game ends with its input.

`open` url, folder, player, now
    Makes the kit's client for a player, with its files in a folder; `now` is the device's clock in Unix seconds. Tells
    `opened` once that is done; what earlier runs left in the outbox is then being sent.
`token` token
    Answers the oldest `token_wanted`; null: the player is signed out.
`home`
    Runs `Home`. Tells `home`: `isStale`, `error` (a code, `NETWORK` without an answer, or null), `viewer` (the player's
    id or null) and `chains`, the offer chains: `id`, `name`, `cycle`, `actionText` (`nextAction` as it was sent) and
    `isUnknown` (whether the kit's enumeration lacks it).
`claim` step, cycle
    Claims a step by `ClaimOffer`. Tells `kept` with the `key` when the intent is written, and `settled` at the end.
`buy` sku
    Orders an item by `BuyPoints`; tells the same.
`watch` order
    Follows an order. Tells `order` for each change: `status` as it was sent, `isTerminal`. Tells `watched` at the end,
    with `outcome`: `final`, `open` (the time is over) or `missing`.
`follow`
    Follows the changes of the player's chains (`ChainsChanged`). Tells `connected` for each connection, and `changed`
    with `reasons` as they were sent.
`advance` seconds
    Moves both clocks on; what is due then happens. Tells `advanced` once they are moved.
`device_clock` now
    Sets the device's clock alone.
`clock` until
    Tells `clock`: `now`, the gateway's time in Unix seconds, and `left`, the seconds until an RFC 3339 time.

Each command has an `id`, and so has what is told because of it. The game tells besides, without an id:

`token_wanted`: the kit asks for a token; `isRejected`: whether the gateway rejected the last one.
`waiting`: the kit asks the clock to be called in so many `seconds`.
`settled`: an intent has ended, also one of an earlier run: `key`, `operation`, `outcome` (`done`, `refused`, `failed`,
`expired`), `codes` (of `userErrors`, or of errors), `order` (the id of a placed order, or null).
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

Event = dict[str, Any]

PATIENCE_SECONDS = 60
"""What a busy machine is given until it counts as a failure."""


class Driver:
    """One run of the game."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.events: list[Event] = []
        self._process = process
        self._ids = 0
        self._arrival = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())
        self._is_over = False

    async def do(self, command: str, **arguments: object) -> str:
        """Send a command; gives the id that its events have."""
        self._ids += 1
        line = json.dumps({"do": command, "id": str(self._ids), **arguments})
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        await self._process.stdin.drain()
        return str(self._ids)

    async def heard(self, event: str, *, count: int = 1, **values: object) -> Event:
        """Wait until an event with these values has come so often; gives the last of them."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS), self._arrival:
                await self._arrival.wait_for(lambda: self._is_over or len(self.told(event, **values)) >= count)
        told = self.told(event, **values)
        assert len(told) >= count, f"wanted {event} {values}, told were {self.events[-20:]}"
        return told[count - 1]

    async def ask(self, command: str, event: str, **arguments: object) -> Event:
        """Send a command and wait for the event that answers it."""
        return await self.heard(event, id=await self.do(command, **arguments))

    async def more_than(self, count: int) -> None:
        """Wait until more than so many events have been told."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrival:
            await self._arrival.wait_for(lambda: self._is_over or len(self.events) > count)
        assert not self._is_over, "the game ended"

    def told(self, event: str, **values: object) -> list[Event]:
        """The events with these values so far."""
        wanted = {"event": event, **values}.items()
        return [one for one in self.events if wanted <= {k: v for k, v in one.items() if _is_plain(v)}.items()]

    async def kill(self) -> None:
        """End the game as a crash does."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            async with self._arrival:
                self.events.append(json.loads(line))
                self._arrival.notify_all()
        async with self._arrival:
            self._is_over = True
            self._arrival.notify_all()


def _is_plain(value: object) -> bool:
    return not isinstance(value, list | dict)


@asynccontextmanager
async def running_driver(command: Sequence[str]) -> AsyncIterator[Driver]:
    """Run a game until the context ends."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22
    )
    driver = Driver(process)
    try:
        yield driver
    finally:
        await driver.kill()
