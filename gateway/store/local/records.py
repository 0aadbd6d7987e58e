"""Records of writes within one process: the rules over rows, wherever those are kept."""

import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from gateway.records.sealing import digest
from gateway.store.events import Event
from gateway.store.ports import KEYED_SECONDS, LEASE_SECONDS, Begun, RecordKey
from gateway.store.transitions import Row, State, Step, begun, changed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """A row, and of a lost order whose it is and what was ordered."""

    row: Row
    player: bytes | None = None
    skus: frozenset[str] = frozenset()


class Rows(Protocol):
    """Where rows are kept, within one transaction."""

    def get(self, key: bytes) -> Record | None:
        """The row under a key, expired or not."""
        ...

    def put(self, key: bytes, record: Record) -> None:
        """Keep a row."""
        ...

    def remove(self, key: bytes) -> None:
        """Remove a row; harmless where there is none."""
        ...

    def of_player(self, player: bytes) -> list[tuple[bytes, Record]]:
        """The player's lost orders, the oldest first."""
        ...


class LocalRecords:
    """A `RecordStore` over rows; `run` does some work with them in one transaction, and `now` is in Unix seconds.

    `announce` is not published: there is no other process.
    """

    def __init__(
        self,
        run: "Callable[[Callable[[Rows], object]], Awaitable[object]]",
        *,
        now: Callable[[], float] = time.time,
        lease_seconds: float = LEASE_SECONDS,
        remembered_seconds: float = KEYED_SECONDS,
    ) -> None:
        self._run = run
        self._now = now
        self._lease = round(lease_seconds * 1000)
        self._remembered = round(remembered_seconds * 1000)

    async def begin(
        self,
        key: RecordKey,
        arguments: bytes,
        attempt: bytes,
        *,
        announce: Event | None = None,  # noqa: ARG002
    ) -> Begun:
        """Make a record before a write is sent, or answer what is there."""
        now = self._milliseconds()
        fresh = Row(State.BEGUN, attempt, now, now + self._lease, arguments)

        def work(rows: Rows) -> Begun:
            name = _name(key)
            record = self._alive(rows.get(name), now)
            row, found = begun(None if record is None else record.row, fresh)
            if row is not None:
                rows.put(name, Record(row) if record is None else replace(record, row=row))
            return found

        return await self._with(work)

    async def renew(self, key: RecordKey, attempt: bytes) -> bool:
        """Let the write count as under way for another lease."""
        return await self._change(key, Step.RENEW, attempt)

    async def checkpoint(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what is known before the write is sent."""
        return await self._change(key, Step.CHECKPOINT, attempt, answer)

    async def expect_order(self, key: RecordKey, attempt: bytes, skus: Collection[str]) -> bool:
        """Note that the player's order of these items was lost."""
        wanted = frozenset(skus)
        player = digest("player", key.scope)
        return await self._change(
            key, Step.EXPECT, attempt, then=lambda record: replace(record, player=player, skus=wanted)
        )

    async def finish(
        self,
        key: RecordKey,
        attempt: bytes,
        answer: bytes,
        *,
        announce: Event | None = None,  # noqa: ARG002
    ) -> bool:
        """Keep what the write came to."""
        return await self._change(key, Step.FINISH, attempt, answer)

    async def recover(self, key: RecordKey, attempt: bytes, answer: bytes) -> bool:
        """Keep what was found out by reading about a lost write."""
        return await self._change(key, Step.RECOVER, attempt, answer)

    async def take_over(self, key: RecordKey, attempt: bytes, successor: bytes) -> bool:
        """Continue a lost write that kept no checkpoint."""
        return await self._change(key, Step.TAKE_OVER, attempt, successor, lambda record: Record(record.row))

    async def drop(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:  # noqa: ARG002
        """Forget a write that certainly was not carried out."""
        return await self._change(key, Step.DROP, attempt)

    async def release(self, key: RecordKey, attempt: bytes, *, announce: Event | None = None) -> bool:  # noqa: ARG002
        """End the lease of a write whose outcome its maker does not know."""
        return await self._change(key, Step.RELEASE, attempt)

    async def give_order(self, player_id: str, order_id: int, skus: Collection[str]) -> bool:
        """Give an order to the player's oldest lost one whose items are all among `skus`."""
        now, player = self._milliseconds(), digest("player", player_id)
        brought = frozenset(skus)

        def work(rows: Rows) -> bool:
            lost = [(key, record) for key, record in rows.of_player(player) if self._alive(record, now)]
            if any(record.row.order_id == order_id for _, record in lost):
                return False
            for key, record in lost:
                # A webhook also lists what is in a bundle: it may name more than the step (client contract, 8.4).
                if not record.row.order_id and record.skus <= brought:
                    rows.put(key, replace(record, row=replace(record.row, order_id=order_id)))
                    return True
            return False

        return await self._with(work)

    async def _change(
        self,
        key: RecordKey,
        step: Step,
        attempt: bytes,
        value: bytes = b"",
        then: Callable[[Record], Record] = lambda record: record,
    ) -> bool:
        now = self._milliseconds()

        def work(rows: Rows) -> bool:
            name = _name(key)
            record = self._alive(rows.get(name), now)
            row = None if record is None else changed(record.row, step, attempt, now, self._lease, value)
            if record is None or row is None:
                return False
            if step is Step.DROP or row.expires_at(self._remembered) <= now:
                rows.remove(name)
            else:
                rows.put(name, then(replace(record, row=row)))
            return True

        return await self._with(work)

    async def _with(self, work: Callable[[Rows], T]) -> T:
        answer: list[T] = []
        await self._run(lambda rows: answer.append(work(rows)))
        return answer[0]

    def _alive(self, record: Record | None, now: int) -> Record | None:
        return None if record is None or record.row.expires_at(self._remembered) <= now else record

    def _milliseconds(self) -> int:
        return round(self._now() * 1000)


def _name(key: RecordKey) -> bytes:
    return digest("key", *key)
