"""An upstream whose Admin lists a test writes down, and which notes the calls."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from gateway.sandbox.snapshots.project_reader import Reading, read_project
from tests.sandbox.world import Clock

PROJECT = 7
API_KEY = "0123456789abcdef-key"
URL = "http://127.0.0.1:9/api"


class ScriptedAdmin(httpx.AsyncBaseTransport):
    """Answers lists by their paths below the project's Admin path, in pages of `page`; other lists are empty.

    `answers` come first, one for each call, and may be errors; None passes a call on. `objects` are single chains.
    """

    def __init__(self, page: int = 10) -> None:
        self.lists: dict[str, list[Any]] = {}
        self.objects: dict[str, Any] = {}
        self.answers: list[httpx.Response | Exception | None] = []
        self.forbidden: set[str] = set()
        self.requests: list[httpx.Request] = []
        self._page = page

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        version, _, path = request.url.path.removeprefix("/api/").partition(f"/project/{PROJECT}/admin")
        if path in self.forbidden or f"{version}{path}" in self.forbidden:
            return httpx.Response(403, json={})
        if path in self.objects:
            return httpx.Response(200, json=self.objects[path])
        if "/id/" in path:
            return httpx.Response(404, json={})
        offset = int(request.url.params.get("offset", 0))
        found = self.lists.get(path, [])
        page = found[offset : offset + self._page]
        return httpx.Response(200, json={"items": page, "has_more": offset + len(page) < len(found)})

    async def read(self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> Reading:
        return await read_project(self, PROJECT, API_KEY, url=URL, now=clock, sleep=sleep)


class SleepingClock(Clock):
    """A clock that is moved by those who sleep, and notes for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)


async def read(admin: ScriptedAdmin) -> Reading:
    """Read the project on a clock of its own."""
    clock = SleepingClock()
    return await admin.read(clock, clock.sleep)
