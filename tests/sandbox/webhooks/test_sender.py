"""When webhooks are sent, to which server and in which order, and that none is lost."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.sandbox import create_sandbox
from gateway.sandbox.demo.accounts import (
    DEMO_PLAYERS,
    FRESH_PLAYER,
    SECOND_LOGIN_SECRET,
    SECOND_PLAYER,
    SECOND_PROJECT_ID,
)
from gateway.sandbox.demo.tokens import mint_token
from gateway.sandbox.storage.webhook_settings import WebhookSettings
from gateway.sandbox.webhooks.sender import WebhookSender, sign
from tests.sandbox.chains import free, paid, publish_offer
from tests.sandbox.webhook_server import (
    SECRET,
    URL,
    Publisher,
    advance,
    attempted,
    finished,
    sending,
    set_url,
    until,
    webhook_log,
)
from tests.sandbox.world import WEDNESDAY_NOON, Clock, Game, World, connect
from tests.support.stack import serving

MINUTE = 60


async def claim(world: World) -> int:
    """Claim the step of a fresh free chain; gives the order."""
    with world.write() as tx:
        chain = publish_offer(tx, free())
    order_id: int = (await world.game(FRESH_PLAYER).claim_offer(chain, 1)).json()["order_id"]
    return order_id


async def buy(world: World) -> int:
    """Buy the step of a fresh paid chain; gives the order."""
    with world.write() as tx:
        chain = publish_offer(tx, paid())
    order_id: int = (await world.game(FRESH_PLAYER).order_offer(chain, 1)).json()["order_id"]
    await world.game(FRESH_PLAYER).pay(order_id)
    return order_id


def test_the_signature_is_the_sha_1_of_body_and_secret() -> None:
    # printf '{"a":1}my_secret' | sha1sum
    assert sign(b'{"a":1}', "my_secret") == "6befe2541b10e04bdcb67d84dd84ebbd59a0898d"


@pytest.mark.parametrize("status", [200, 201, 204])
async def test_a_good_answer_ends_it(status: int) -> None:
    publisher = Publisher(status)
    async with sending(publisher) as world:
        await claim(world)
        (webhook,) = await finished(world, 1)
    assert webhook["outcome"] == "delivered"
    assert webhook["next_attempt"] is None
    assert [one["status"] for one in webhook["attempts"]] == [status]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 415, 422])
async def test_a_refusal_is_not_repeated_and_leaves_the_order_as_it_is(status: int) -> None:
    publisher = Publisher(status)
    async with sending(publisher) as world:
        order_id = await buy(world)
        (webhook,) = await finished(world, 1)
        assert await world.game(FRESH_PLAYER).order_status(order_id) == "done"
    assert (webhook["outcome"], len(webhook["attempts"])) == ("refused", 1)
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("status", [202, 206, 301, 302, 405, 408, 410, 429, 500, 502, 503])
async def test_any_other_answer_is_repeated_after_five_minutes(status: int) -> None:
    publisher = Publisher(status)
    async with sending(publisher) as world:
        await claim(world)
        (webhook,) = await attempted(world, 1)
        assert webhook["next_attempt"] == "2026-01-07T12:05:00+00:00"
        await advance(world, 5 * MINUTE)
        (webhook,) = await finished(world, 1)
    assert [one["status"] for one in webhook["attempts"]] == [status, 204]


async def test_the_ladder_has_twenty_attempts_at_the_documented_times() -> None:
    publisher = Publisher(*[500] * 20)
    gaps = [5 * MINUTE] * 2 + [15 * MINUTE] * 7 + [60 * MINUTE] * 10
    async with sending(publisher) as world:
        await claim(world)
        for number, gap in enumerate(gaps, start=1):
            await attempted(world, number)
            await advance(world, gap - 1)
            await advance(world, 1)
        (webhook,) = await finished(world, 1)
        with world.sandbox.database.read() as tx:
            times = [row["at"] - WEDNESDAY_NOON for row in tx.all("SELECT at FROM webhook_attempts ORDER BY number")]
    assert times == [sum(gaps[:number]) for number in range(20)]
    assert times[-1] == 11 * 3600 + 55 * MINUTE
    assert webhook["outcome"] == "given_up"
    assert len(publisher.requests) == 20


async def test_a_long_absence_is_one_attempt_and_not_all_that_were_missed() -> None:
    publisher = Publisher(500)
    async with sending(publisher) as world:
        await claim(world)
        await attempted(world, 1)
        await advance(world, 24 * 3600)
        (webhook,) = await finished(world, 1)
    assert [one["number"] for one in webhook["attempts"]] == [1, 2]


async def test_an_attempt_that_comes_due_by_itself_is_made_without_any_write() -> None:
    async with sending(Publisher(500)) as world:
        await claim(world)
        await attempted(world, 1)
        await advance(world, 5 * MINUTE - 0.02)
        world.clock.advance(0.02)
        (webhook,) = await finished(world, 1)
    assert len(webhook["attempts"]) == 2


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no"), httpx.ReadError("cut"), httpx.ReadTimeout("slow"), RuntimeError("odd")]
)
async def test_no_answer_is_repeated_and_logged_by_what_went_wrong(error: Exception) -> None:
    publisher = Publisher(error)
    async with sending(publisher) as world:
        await claim(world)
        (webhook,) = await attempted(world, 1)
    (attempt,) = webhook["attempts"]
    assert (attempt["status"], attempt["detail"]) == (None, type(error).__name__)
    assert webhook["next_attempt"] == "2026-01-07T12:05:00+00:00"


async def test_the_log_has_the_beginning_of_an_answer() -> None:
    publisher = Publisher(lambda: answered(httpx.Response(400, text='{"error":{"code":"INVALID_USER"}}' + "é" * 1000)))
    async with sending(publisher) as world:
        await claim(world)
        (webhook,) = await finished(world, 1)
    detail = webhook["attempts"][0]["detail"]
    assert detail.startswith('{"error":{"code":"INVALID_USER"}}éé')
    assert len(detail.encode()) <= 502


async def answered(response: httpx.Response) -> httpx.Response:
    return response


async def test_an_endless_answer_is_read_no_further_than_it_is_logged() -> None:
    class Endless(httpx.AsyncByteStream):
        closed = False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b"more" * 50

        async def aclose(self) -> None:
            self.closed = True

    stream = Endless()
    async with sending(Publisher(lambda: answered(httpx.Response(200, stream=stream)))) as world:
        await claim(world)
        (webhook,) = await finished(world, 1)
    assert webhook["attempts"][0]["detail"] == "more" * 125
    assert stream.closed


async def test_an_answer_that_takes_too_long_counts_as_none() -> None:
    publisher = Publisher(asyncio.Event().wait)
    app = create_sandbox(clock=Clock())
    notifier = WebhookSender(app.state.sandbox.database, publisher, timeout_seconds=0.02)
    set_url(app.state.sandbox)
    async with notifier.running(), connect(app) as client:
        world = World(app, Clock(), client)
        await claim(world)
        (webhook,) = await attempted(world, 1)
    assert webhook["attempts"][0]["detail"] == "TimeoutError"
    assert publisher.requests[0].extensions["timeout"] == dict.fromkeys(("connect", "read", "write", "pool"), 0.02)
    app.state.sandbox.close()


async def test_webhooks_of_a_project_go_out_one_at_a_time_in_order() -> None:
    under_way, most = 0, 0

    async def slowly() -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(204)

    publisher = Publisher(*[slowly] * 6)
    async with sending(publisher) as world:
        orders = [await claim(world) for _ in range(6)]
        await finished(world, 6)
    assert publisher.told == [("order_paid", order_id) for order_id in orders]
    assert most == 1


async def test_a_slow_project_does_not_hold_up_another() -> None:
    released = asyncio.Event()

    async def blocked() -> httpx.Response:
        await released.wait()
        return httpx.Response(204)

    publisher = Publisher(blocked)
    async with sending(publisher) as world:
        set_url(world.sandbox, project_id=SECOND_PROJECT_ID)
        await claim(world)
        token = mint_token(
            SECOND_PLAYER.id, secret=SECOND_LOGIN_SECRET, project_id=SECOND_PROJECT_ID, now=world.clock.now
        )
        assert (await Game(world.client, token, SECOND_PROJECT_ID).claim_offer(7, 1)).status_code == 200
        log = await finished(world, 1)
        assert [(one["project_id"], one["outcome"]) for one in log] == [(44056, None), (44057, "delivered")]
        released.set()
        await finished(world, 2)


async def test_a_cancellation_waits_until_its_payment_is_told_and_other_orders_do_not() -> None:
    publisher = Publisher(500)
    async with sending(publisher) as world:
        first = await buy(world)
        await attempted(world, 1)
        await world.client.post(f"/_sandbox/orders/{first}/refund")
        second = await claim(world)
        log = await finished(world, 1)
        assert [(one["order_id"], one["outcome"]) for one in log] == [
            (first, None),
            (first, None),
            (second, "delivered"),
        ]
        assert publisher.told == [("order_paid", first), ("order_paid", second)]
        await advance(world, 5 * MINUTE)
        await finished(world, 3)
    assert publisher.told[2:] == [("order_paid", first), ("order_canceled", first)]


@pytest.mark.parametrize("is_stored", [True, False], ids=["switched off", "never set"])
async def test_a_project_without_webhooks_is_told_nothing(is_stored: bool) -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        with world.write() as tx:
            tx.run("DELETE FROM webhook_settings")
        if is_stored:
            set_url(world.sandbox, is_enabled=False)
        await buy(world)
        set_url(world.sandbox)
        await claim(world)
        await finished(world, 1)
        assert len(await webhook_log(world)) == 1
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("is_stored", [True, False], ids=["switched off", "deleted"])
async def test_what_waits_is_dropped_when_webhooks_are_switched_off(is_stored: bool) -> None:
    publisher = Publisher(500)
    async with sending(publisher) as world:
        await claim(world)
        await attempted(world, 1)
        with world.write() as tx:
            tx.run("DELETE FROM webhook_settings")
        if is_stored:
            set_url(world.sandbox, is_enabled=False)
        await advance(world, 5 * MINUTE)
        (webhook,) = await finished(world, 1)
    assert (webhook["outcome"], webhook["next_attempt"]) == ("dropped", None)
    assert len(publisher.requests) == 1


async def test_an_attempt_goes_where_the_settings_say_then() -> None:
    publisher = Publisher(500)
    async with sending(publisher) as world:
        await claim(world)
        await attempted(world, 1)
        set_url(world.sandbox, "http://elsewhere.test/hook")
        await advance(world, 5 * MINUTE)
        (webhook,) = await finished(world, 1)
    assert [one["url"] for one in webhook["attempts"]] == [URL, "http://elsewhere.test/hook"]
    assert [str(request.url) for request in publisher.requests] == [URL, "http://elsewhere.test/hook"]


async def test_an_order_that_is_undone_tells_nothing() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        with world.write() as tx:
            chain = publish_offer(tx, free())
            tx.run("CREATE TRIGGER broken BEFORE INSERT ON step_claims BEGIN SELECT RAISE(ABORT, 'no'); END")
        transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as client:
            answer = await Game(client, world.game(FRESH_PLAYER).headers["Authorization"][7:]).claim_offer(chain, 1)
        assert answer.status_code == 500
        assert await webhook_log(world) == []
    assert publisher.requests == []


async def test_what_was_not_sent_before_the_end_is_sent_after_the_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    never = Publisher(asyncio.Event().wait)
    async with sending(never, path) as world:
        order_id = await buy(world)
        await never.reached()
        assert (await webhook_log(world))[0]["attempts"] == []
    publisher = Publisher()
    async with sending(publisher, path) as world:
        (webhook,) = await finished(world, 1)
    assert publisher.told == [("order_paid", order_id)]
    assert [one["number"] for one in webhook["attempts"]] == [1]


async def test_a_restart_goes_on_with_the_ladder_where_it_was(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    async with sending(Publisher(500), path) as world:
        await claim(world)
        await attempted(world, 1)
        await advance(world, 2 * MINUTE)
    publisher = Publisher(500)
    async with sending(publisher, path) as world:
        assert (await webhook_log(world))[0]["next_attempt"] == "2026-01-07T12:05:00+00:00"
        await advance(world, 3 * MINUTE)
        (webhook,) = await attempted(world, 2)
    assert [one["date"][11:16] for one in webhook["attempts"]] == ["12:00", "12:05"]
    assert webhook["next_attempt"] == "2026-01-07T12:10:00+00:00"


async def test_an_attempt_that_cannot_be_logged_is_made_again(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    other = sqlite3.connect(path, isolation_level=None)

    async def lock() -> httpx.Response:
        other.execute("BEGIN IMMEDIATE")
        return httpx.Response(204)

    async def unlock() -> httpx.Response:
        other.execute("ROLLBACK")
        return httpx.Response(204)

    publisher = Publisher(lock, unlock)
    async with sending(publisher, path) as world:
        with world.write() as tx:
            tx._connection.execute("PRAGMA busy_timeout = 0")
        await claim(world)
        (webhook,) = await finished(world, 1)
    other.close()
    assert len(publisher.requests) == 2
    assert [one["number"] for one in webhook["attempts"]] == [1]


@asynccontextmanager
async def publisher_server(publisher: Publisher) -> AsyncIterator[str]:
    async with serving(publisher.app) as url:
        yield f"{url}/webhooks"


async def test_a_webhook_arrives_over_a_real_socket_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    publisher = Publisher()
    async with publisher_server(publisher) as url, sending(None, url=url) as world:
        order_id = await buy(world)
        await finished(world, 1)
    assert publisher.told == [("order_paid", order_id)]


async def test_a_redirect_is_not_followed() -> None:
    moved = httpx.Response(302, headers={"Location": "/elsewhere"})
    publisher = Publisher(lambda: answered(moved))
    async with publisher_server(publisher) as url, sending(None, url=url) as world:
        await claim(world)
        (webhook,) = await attempted(world, 1)
    assert webhook["attempts"][0]["status"] == 302
    assert len(publisher.requests) == 1


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://127.0.0.1:9/closed", "ConnectError"),
        ("ftp://127.0.0.1/", "UnsupportedProtocol"),
        ("nowhere", "UnsupportedProtocol"),
        ("http://publisher.test:port/", "InvalidURL"),
    ],
)
async def test_an_address_that_nobody_answers_at_is_tried_again(url: str, detail: str) -> None:
    async with sending(None, url=url) as world:
        await claim(world)
        (webhook,) = await attempted(world, 1)
    assert webhook["attempts"][0]["detail"] == detail
    assert webhook["outcome"] is None


SERVER = """
import asyncio, sys
import uvicorn
from gateway.sandbox import create_sandbox
from tests.sandbox.webhook_server import set_url

app = create_sandbox(sys.argv[1])
set_url(app.state.sandbox, sys.argv[2])
config = uvicorn.Config(app, port=0, log_config=None)
server = uvicorn.Server(config)

async def main():
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving

asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_killed_process_loses_no_webhook(tmp_path: Path) -> None:
    path = str(tmp_path / "sandbox.sqlite3")
    publisher = Publisher(asyncio.Event().wait)
    async with publisher_server(publisher) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, path, url, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        try:
            assert process.stdout is not None
            port = int(await process.stdout.readline())
            player = DEMO_PLAYERS[0]
            token = mint_token(player.id, name=player.name, attributes=player.attributes, now=2_000_000_000)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                order_id = (await Game(client, token).claim_offer(1, 1)).json()["order_id"]
            await publisher.reached()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            await process.wait()
        async with sending(None, path, Clock(2_000_000_000), url) as world:
            (webhook,) = await until(world, lambda log: bool(log) and log[0]["outcome"] is not None)
    assert webhook["outcome"] == "delivered"
    assert publisher.told == [("order_paid", order_id)] * 2


def test_settings_show_no_secret() -> None:
    settings = WebhookSettings(URL, SECRET, is_enabled=True)
    assert repr(settings) == f"WebhookSettings('{URL}', is_enabled=True, version=1)"


async def test_an_address_is_called_in_full_and_shown_without_what_is_secret_in_it() -> None:
    publisher = Publisher()
    url = "http://user:pass@publisher.test/webhooks?key=abc"
    async with sending(publisher, url=url) as world:
        await claim(world)
        (webhook,) = await finished(world, 1)
        page = (await world.client.get("/_sandbox/pages/webhooks")).text
    assert str(publisher.requests[0].url) == url
    assert webhook["attempts"][0]["url"] == "http://…@publisher.test/webhooks?…"
    assert page.count("http://…@publisher.test/webhooks?…") == 2
    assert "pass@" not in page
    assert "abc" not in page
