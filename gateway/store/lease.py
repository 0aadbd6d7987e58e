"""Keeps a write's lease alive while it is being sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.concurrency.timers import CallLater, call_later
from gateway.errors.internal import RecordsFailed
from gateway.store.pauses import pause
from gateway.store.ports import RENEW_SECONDS, RecordKey, RecordStore


@asynccontextmanager
async def renewing(
    records: RecordStore, key: RecordKey, attempt: bytes, *, call_later: CallLater = call_later
) -> AsyncIterator[None]:
    """Renew the lease every RENEW_SECONDS within the context; most writes are over before the first time.

    Nothing rests on it: a lease that ends only makes others find out by reading what became of the write.
    """
    renewal = asyncio.create_task(_renew(records, key, attempt, call_later))
    try:
        yield
    finally:
        renewal.cancel()
        await asyncio.gather(renewal, return_exceptions=True)


async def _renew(records: RecordStore, key: RecordKey, attempt: bytes, call_later: CallLater) -> None:
    is_held = True
    while is_held:
        await pause(RENEW_SECONDS, call_later)
        try:
            is_held = await records.renew(key, attempt)
        except RecordsFailed:
            # The store may answer the next time, before the lease is over.
            continue
