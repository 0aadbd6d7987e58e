"""Which addresses a project is read from, how fast, and what is done about answers that are none."""

from itertools import pairwise

import httpx
import pytest

from gateway.sandbox.snapshots.admin_api import LARGEST_BODY, checked_url
from gateway.sandbox.snapshots.snapshot import SnapshotError
from tests.sandbox.scripted_admin import API_KEY, PROJECT, ScriptedAdmin, SleepingClock, read

FIRST = f"/api/v2/project/{PROJECT}/admin/items/virtual_items"


@pytest.mark.parametrize(
    "url",
    [
        "https://store.xsolla.com/api",
        "https://store.xsolla.com/api/",
        "http://127.0.0.1:8001/api",
        "https://127.9.9.9/api",
        "http://localhost:8001/api",
        "http://[::1]:8001/api",
    ],
)
def test_projects_are_read_from_the_vendor_and_from_this_machine(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://store.xsolla.com/api",
        "https://xsolla.com.example/api",
        "https://evilxsolla.com/api",
        "https://store.xsolla.com@example.org/api",
        "https://someone:secret@store.xsolla.com/api",
        "http://localhost@example.org/api",
        "http://10.0.0.1/api",
        "http://127.0.0.1.example/api",
        "ftp://127.0.0.1/api",
        "https://store.xsolla.com/api?to=elsewhere",
        "http://127.0.0.1:99999/api",
        "",
    ],
)
async def test_no_other_address_is_called(url: str) -> None:
    with pytest.raises(SnapshotError, match=r"It must be https://store\.xsolla\.com/api"):
        checked_url(url)


async def test_only_reads_are_made_with_the_key_and_at_most_five_a_second() -> None:
    admin, clock = ScriptedAdmin(), SleepingClock()
    admin.lists["/items/virtual_items"] = [{"sku": f"item-{number}"} for number in range(75)]
    times = []
    handle = admin.handle_async_request

    async def timed(request: httpx.Request) -> httpx.Response:
        times.append(clock.now)
        return await handle(request)

    admin.handle_async_request = timed  # type: ignore[method-assign]  # the clock of each call
    await admin.read(clock, clock.sleep)
    assert {request.method for request in admin.requests} == {"GET"}
    credential = httpx.BasicAuth(str(PROJECT), API_KEY)
    (signed,) = credential.auth_flow(httpx.Request("GET", "http://127.0.0.1"))
    assert {request.headers["authorization"] for request in admin.requests} == {signed.headers["authorization"]}
    assert len(times) > 10
    assert all(later - earlier >= 0.2 - 1e-6 for earlier, later in pairwise(times))


async def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    admin, clock = ScriptedAdmin(), SleepingClock()
    moves = iter([1_000_000.0, -1_000_000.0] * 100)

    def jumping() -> float:
        clock.advance(next(moves, 0.0))
        return clock.now

    await admin.read(jumping, clock.sleep)
    assert max(clock.slept) <= 0.2


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (httpx.Response(429, headers={"retry-after": "7"}), 7.0),
        (httpx.Response(503, headers={"retry-after": "Wed, 07 Jan 2026 12:00:30 GMT"}), 30.0),
        (httpx.Response(429, headers={"retry-after": "soon"}), 1.0),
        (httpx.Response(429, headers={"retry-after": "Wed, 07 Jan 2026 11:00:00 GMT"}), 0.2),
        (httpx.Response(502), 1.0),
        (httpx.ReadTimeout("slow"), 1.0),
        (httpx.ConnectError("down"), 1.0),
    ],
    ids=["seconds", "date", "unreadable", "passed", "bad-gateway", "timeout", "unreachable"],
)
async def test_a_call_is_made_again_when_it_may_be(answer: httpx.Response | Exception, waits: float) -> None:
    admin, clock = ScriptedAdmin(), SleepingClock()
    admin.answers = [answer]
    await admin.read(clock, clock.sleep)
    assert admin.paths[:2] == [FIRST, FIRST]
    assert clock.slept[0] == pytest.approx(waits)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([httpx.Response(401)], "the API key is not accepted for project 7"),
        ([httpx.Response(302, headers={"location": "https://example.org"})], "302, which is no answer"),
        ([httpx.Response(418)], "418, which is no answer"),
        ([httpx.Response(429, headers={"retry-after": "3600"})], "come back in 3600 seconds"),
        ([httpx.Response(429, headers={"retry-after": "9" * 400})], "come back in inf seconds"),
        ([httpx.Response(500)] * 5, "answered with 500, 5 times"),
        ([httpx.ConnectError(API_KEY)] * 5, r"no answer \(ConnectError\), 5 times"),
        ([httpx.Response(200, text="<html>")], "not answered with a JSON object"),
        ([httpx.Response(200, json=[])], "not answered with a JSON object"),
        ([httpx.Response(200, content=b"[" * 100_000)], "not answered with a JSON object"),
        ([httpx.Response(200, content=b'"\xff"')], "not answered with a JSON object"),
        ([httpx.Response(200, json={"items": {}})], "answered without `items`"),
        ([httpx.Response(200, content=b" " * (LARGEST_BODY + 1))], "more than 32 MiB"),
        ([httpx.Response(403)] * 9, "No list of the project can be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_read_is_said_and_not_the_key(
    answers: list[httpx.Response | Exception | None], says: str
) -> None:
    admin = ScriptedAdmin()
    admin.answers = answers
    with pytest.raises(SnapshotError, match=says) as caught:
        await read(admin)
    assert API_KEY not in str(caught.value)
