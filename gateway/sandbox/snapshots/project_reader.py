"""Reads a whole project: every list page by page, every chain by its number, and the points that items give."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from gateway.sandbox.snapshots.admin_api import VENDOR_URL, AdminApi, NotAvailableError, checked_url
from gateway.sandbox.snapshots.cleaning import Cleaner
from gateway.sandbox.snapshots.documented_fields import documented_names, unknown_fields
from gateway.sandbox.snapshots.snapshot import Raw, Snapshot, SnapshotError

ITEM_LISTS: Mapping[str, str] = {
    "virtual_items": "/items/virtual_items",
    "virtual_currencies": "/items/virtual_currency",
    "packages": "/items/virtual_currency/package",
    "bundles": "/items/bundle",
    "value_points": "/items/value_points",
}
CHAIN_LISTS: Mapping[str, str] = {
    "offer_chains": "/offer_chain",
    "reward_chains": "/reward_chain",
    "daily_chains": "/daily_chain",
}
ITEMS_ON_PAGE = 50
CHAINS_ON_PAGE = 10
MOST_OBJECTS = 10_000
"""Objects of one list that are read; a project has far fewer, and a list that repeats itself ends."""

Progress = Callable[[str, int], None]
"""Called with the name of a list, as snapshots have it, and how many of its objects were read."""


class Reading(NamedTuple):
    """A snapshot, and what to say of it: fields without documentation, fields left out, and lists that are missing."""

    snapshot: Snapshot
    unknown: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]


async def read_project(
    transport: httpx.AsyncBaseTransport,
    project_id: int,
    api_key: str,
    *,
    url: str = VENDOR_URL,
    user: int | None = None,
    progress: Progress = lambda _kind, _count: None,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Reading:
    """Read a project from the vendor or this machine; `user` is the company's number where the key is the company's.

    Nothing of the reading holds the key, which has at least 8 characters. Raises SnapshotError.
    """
    base, credential = checked_url(url), (str(user or project_id), api_key)
    api = AdminApi(transport, base, project_id, credential, now=now, sleep=sleep)
    try:
        cleaner = Cleaner([api_key], documented_names())
        return await _ProjectReader(api, project_id, cleaner, progress).read(now())
    finally:
        await api.aclose()


class _ProjectReader:
    """Reads one project. Objects are cleaned before anything else is done with them."""

    def __init__(self, api: AdminApi, project_id: int, cleaner: Cleaner, progress: Progress) -> None:
        """Take the calls, and where progress is told."""
        self._api, self._project_id, self._cleaner, self._progress = api, project_id, cleaner, progress
        self._unknown: set[str] = set()
        self._missing: list[str] = []

    async def read(self, now: float) -> Reading:
        """Read everything. Raises SnapshotError."""
        # Any: what a snapshot is made of, by the names of its fields.
        lists: dict[str, Any] = {}
        for kind, path in ITEM_LISTS.items():
            lists[kind] = await self._items(kind, path)
        packages = {one["sku"] for one in lists["packages"]}
        lists["bundles"] = tuple(one for one in lists["bundles"] if one["sku"] not in packages)
        lists["point_rewards"] = await self._point_rewards(lists["value_points"])
        for kind, path in CHAIN_LISTS.items():
            lists[kind] = await self._chains(kind, path)
        if len(self._missing) == len(ITEM_LISTS) + len(CHAIN_LISTS):
            raise SnapshotError("No list of the project can be read with this key. Check --project, --url and the key.")
        snapshot = Snapshot(
            project_id=self._project_id,
            source=self._api.host,
            taken_at=datetime.fromtimestamp(int(now), UTC).isoformat(),
            **lists,
        )
        return Reading(
            snapshot, tuple(sorted(self._unknown)), tuple(sorted(self._cleaner.left_out)), tuple(self._missing)
        )

    async def _items(self, kind: str, path: str) -> tuple[Raw, ...]:
        found: dict[str, Raw] = {}
        received = 0
        while True:
            page = await self._page(kind, path, received)
            new = {one["sku"]: one for one in page if isinstance(one.get("sku"), str) and one["sku"] not in found}
            # How long a page is, and whether it is the last, is not told: the last one brings nothing new.
            if not new or received > MOST_OBJECTS:
                return tuple(found.values())
            found |= {sku: self._cleaned(kind, one) for sku, one in new.items()}
            received += len(page)
            self._progress(kind, len(found))

    async def _chains(self, kind: str, path: str) -> tuple[Raw, ...]:
        name, version = ("reward_chain_id" if kind == "reward_chains" else "id"), "v2"
        found: dict[int, Raw] = {}
        received = 0
        while True:
            try:
                answer = await self._api.get(path, version=version, limit=CHAINS_ON_PAGE, offset=received)
            except NotAvailableError:
                # The newest pages of the reference have reward chains under v3 only.
                if kind != "reward_chains" or version == "v3":
                    return self._without(kind, found)
                version = "v3"
                continue
            page = _objects(answer, path)
            numbers = {one[name]: None for one in page if isinstance(one.get(name), int)}
            new = [number for number in numbers if number not in found]
            for number in new:
                # One that was deleted meanwhile is not part of the project any more.
                with suppress(NotAvailableError):
                    found[number] = self._cleaned(kind, await self._api.get(f"{path}/id/{number}", version=version))
                self._progress(kind, len(found))
            received += len(page)
            if not new or answer.get("has_more") is not True or received > MOST_OBJECTS:
                return tuple(found.values())

    def _without(self, kind: str, found: Mapping[int, Raw]) -> tuple[Raw, ...]:
        self._missing.append(kind)
        return tuple(found.values())

    async def _point_rewards(self, points: tuple[Raw, ...]) -> Mapping[str, tuple[Raw, ...]]:
        kind = "point_rewards"
        rewards: dict[str, tuple[Raw, ...]] = {}
        for point in points:
            path = f"/items/{quote(point['sku'], safe='')}/value_points/rewards"
            with suppress(NotAvailableError):
                answer = _objects(await self._api.get(path), path)
                rewards[point["sku"]] = tuple(self._cleaned(kind, one) for one in answer)
            self._progress(kind, sum(map(len, rewards.values())))
        return rewards

    async def _page(self, kind: str, path: str, offset: int) -> list[dict[str, Any]]:
        try:
            return _objects(await self._api.get(path, limit=ITEMS_ON_PAGE, offset=offset), path)
        except NotAvailableError:
            self._missing.append(kind)
            return []

    def _cleaned(self, kind: str, value: dict[str, Any]) -> Raw:
        cleaned: Raw = self._cleaner.clean(value, kind)
        self._unknown.update(unknown_fields(kind, cleaned))
        return cleaned


def _objects(answer: dict[str, Any], what: str) -> list[dict[str, Any]]:
    items = answer.get("items")
    if not isinstance(items, list):
        raise SnapshotError(f"The list {what} was answered without `items`. Check --url.")
    return [one for one in items if isinstance(one, dict)]
