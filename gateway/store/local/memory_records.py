"""Records of writes in memory: for those without a key, which need not survive a restart."""

import time
from collections.abc import Callable

from cachetools import LRUCache

from gateway.store.local.records import LocalRecords, Record, Rows
from gateway.store.ports import LEASE_SECONDS, RECENT_SECONDS

MOST_RECORDS = 20_000


class MemoryRecords(LocalRecords):
    """Records within one process; the longest unused leave first. `now` is in seconds of any origin."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        lease_seconds: float = LEASE_SECONDS,
        remembered_seconds: float = RECENT_SECONDS,
        most_records: int = MOST_RECORDS,
    ) -> None:
        self._rows = _MemoryRows(most_records)
        super().__init__(self._at_once, now=now, lease_seconds=lease_seconds, remembered_seconds=remembered_seconds)

    async def _at_once(self, work: Callable[[Rows], object]) -> object:
        return work(self._rows)


class _MemoryRows:
    def __init__(self, most: int) -> None:
        self._records: LRUCache[bytes, Record] = LRUCache(most)

    def get(self, key: bytes) -> Record | None:
        return self._records.get(key)

    def put(self, key: bytes, record: Record) -> None:
        self._records[key] = record

    def remove(self, key: bytes) -> None:
        self._records.pop(key, None)

    def of_player(self, player: bytes) -> list[tuple[bytes, Record]]:
        # Only in tests and small set-ups are orders lost here: records with keys are in a database.
        lost = [(key, record) for key, record in self._records.items() if record.player == player]
        return sorted(lost, key=lambda pair: pair[1].row.begun_at)
