"""Webhooks on their way to the studio's own backend, and what the vendor is answered."""

import asyncio
import socket
from pathlib import Path

import pytest

from gateway.records.database import Database
from gateway.webhooks.relay import MAX_BACKEND_RESPONSE_BYTES
from tests.support.received_changes import received
from tests.support.webhook_backend import studio
from tests.support.webhook_payloads import encoded, order_webhook, signed
from tests.support.webhook_receiver import PHONE, receiving

VALIDATION = {"notification_type": "user_validation", "user": {"id": "ann"}}
ASKING = [VALIDATION, {"notification_type": "user_search"}, {"notification_type": "dispute"}, {"unheard": "of"}]
TELLING = [
    order_webhook(),
    order_webhook("order_canceled"),
    {"notification_type": "payment", "user": {"id": "ann"}},
    {"notification_type": "refund", "user": {"id": "ann"}},
]


async def test_the_backend_gets_the_untouched_bytes_with_the_headers_that_belong_to_them() -> None:
    async with studio() as backend, receiving(backend.url) as it:
        body = b'{ "notification_type" :"order_paid",\n "order":{"id":7, "later": 1.50} }'
        sent = {"content-type": "application/json; charset=utf-8", "user-agent": "Vendor/1", "cookie": "a=b"}
        assert (await it.post(body, headers=sent)).status_code == 204
        ((received, headers),) = backend.deliveries
        assert received == body
        assert headers == {
            "host": headers["host"],
            "content-length": str(len(body)),
            "authorization": signed(body),
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Vendor/1",
        }


@pytest.mark.parametrize("webhook", TELLING)
@pytest.mark.parametrize("status", [200, 201, 204])
async def test_what_tells_something_is_accepted_once_the_backend_took_it(webhook: object, status: int) -> None:
    async with studio() as backend, receiving(backend.url) as it:
        backend.says(status, b"" if status == 204 else b"thanks")
        for _ in range(2):
            answer = await it.post(webhook)
            assert (answer.status_code, answer.content) == (204, b"")
        assert len(backend.deliveries) == 1


@pytest.mark.parametrize("webhook", TELLING + ASKING)
@pytest.mark.parametrize("status", [400, 404, 422, 429])
async def test_a_backends_no_is_passed_on(webhook: object, status: int) -> None:
    async with studio() as backend, receiving(backend.url) as it:
        backend.says(status, b'{"error":{"code":"INVALID_USER"}}', "application/json")
        answer = await it.post(webhook)
        assert (answer.status_code, answer.content) == (status, b'{"error":{"code":"INVALID_USER"}}')
        assert answer.headers["content-type"] == "application/json"
        assert set(it.counted().values()) == {1}
        assert next(iter(it.counted()))[1] == "rejected"


@pytest.mark.parametrize("webhook", ASKING)
async def test_what_asks_something_is_answered_by_the_backend_each_time(webhook: object) -> None:
    async with studio() as backend, receiving(backend.url) as it:
        for status, content in ((204, b""), (200, b'{"user":{"id":"ann"}}'), (400, b"who?")):
            backend.says(status, content, "text/plain" if content else None)
            answer = await it.post(webhook)
            assert (answer.status_code, answer.content) == (status, content)
        assert len(backend.deliveries) == 3


@pytest.mark.parametrize("webhook", [order_webhook(), VALIDATION])
async def test_a_failing_backend_means_try_again(webhook: object) -> None:
    async with studio() as backend, receiving(backend.url) as it:
        for status in (500, 502, 503, 302):
            backend.says(status, b"internals", location="https://elsewhere.example/")
            answer = await it.post(webhook)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "TEMPORARILY_UNAVAILABLE")
            assert b"internals" not in answer.content
        backend.says(200, b"x" * (MAX_BACKEND_RESPONSE_BYTES + 1))
        assert await it.status(webhook) == 503
        backend.says(204)
        assert await it.status(webhook) == 204
        assert len(backend.deliveries) == 6


@pytest.mark.parametrize("webhook", [order_webhook(), VALIDATION])
async def test_a_backend_that_is_down_means_try_again(webhook: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with receiving(f"http://127.0.0.1:{port}/hooks") as it:
        assert await it.status(webhook) == 503
        assert {outcome for _, outcome in it.counted()} == {"not_taken"}


async def test_the_player_is_told_once_however_often_the_backend_fails() -> None:
    async with studio() as backend, receiving(backend.url) as it:
        it.directory.link("ann", PHONE)
        payment = {"notification_type": "payment", "user": {"id": "ann"}, "transaction": {"id": 5}}
        backend.says(500)
        told = []
        with it.bus.listen(PHONE) as listener:
            for status in (500, 422, 500, 204, 500):
                backend.says(status)
                await it.post(payment)
                told.append(await received(listener) is not None)
        assert told == [True, False, False, False, False]
        assert len(backend.deliveries) == 4


# Slow backends


async def test_a_slow_backend_means_try_again_and_it_counts_when_it_takes_it_in_the_end() -> None:
    async with studio() as backend, receiving(backend.url) as it:
        it.directory.link("ann", PHONE)
        backend.is_open.clear()
        with it.bus.listen(PHONE) as listener:
            assert await it.status(order_webhook(), is_hasty=True) == 503
            assert await received(listener) is not None
        again = asyncio.ensure_future(it.status(order_webhook()))
        await backend.reached.wait()
        backend.is_open.set()
        assert await again == 204
        assert await it.status(order_webhook()) == 204
        assert len(backend.deliveries) == 1


async def test_a_slow_verdict_is_not_waited_for() -> None:
    async with studio() as backend, receiving(backend.url) as it:
        backend.is_open.clear()
        assert await it.status(VALIDATION, is_hasty=True) == 503


async def test_deliveries_at_the_same_time_are_relayed_once() -> None:
    async with studio() as backend, receiving(backend.url) as it:
        backend.is_open.clear()
        posts = [asyncio.ensure_future(it.status(order_webhook())) for _ in range(5)]
        await backend.reached.wait()
        backend.is_open.set()
        assert await asyncio.gather(*posts) == [204] * 5
        assert len(backend.deliveries) == 1


async def test_at_the_end_of_the_gateway_what_was_not_taken_is_to_be_sent_again() -> None:
    async with studio() as backend, receiving(backend.url) as it:
        backend.is_open.clear()
        post = asyncio.ensure_future(it.status(order_webhook()))
        await backend.reached.wait()
        await it.inbox.aclose()
        assert await post == 503


# Restarts


async def test_what_was_taken_is_known_after_a_restart(tmp_path: Path) -> None:
    file = str(tmp_path / "records.sqlite3")
    payment = {"notification_type": "payment", "user": {"id": "ann"}, "transaction": {"id": 5}}
    async with studio() as backend:
        async with receiving(backend.url, database=Database(file)) as it:
            assert await it.status(payment) == 204
        async with receiving(backend.url, database=Database(file)) as it:
            it.directory.link("ann", PHONE)
            with it.bus.listen(PHONE) as listener:
                assert await it.status(payment) == 204
                assert await received(listener) is None
        assert len(backend.deliveries) == 1


async def test_what_a_crash_interrupted_is_relayed_again(tmp_path: Path) -> None:
    file = str(tmp_path / "records.sqlite3")
    async with studio() as backend:
        async with receiving(backend.url, database=Database(file)) as it:
            backend.is_open.clear()
            post = asyncio.ensure_future(it.status(order_webhook()))
            await backend.reached.wait()
            await it.inbox.aclose()
            assert await post == 503
        backend.is_open.set()
        async with receiving(backend.url, database=Database(file)) as it:
            assert [await it.status(order_webhook()) for _ in range(2)] == [204, 204]
        assert len(backend.deliveries) == 2


# A backend may know what we do not


async def test_an_order_that_we_cannot_read_is_the_backends_matter() -> None:
    unreadable = {**order_webhook(), "order": {"number": 7}}
    async with studio() as backend, receiving(backend.url) as it:
        it.directory.link("ann", PHONE)
        with it.bus.listen(PHONE) as listener:
            assert await it.status(unreadable) == 204
            assert await received(listener) is not None
        assert backend.deliveries[0][0] == encoded(unreadable)
    async with receiving() as it:
        answer = await it.post(unreadable)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_PARAMETER")
        assert it.counted() == {("order_paid", "invalid"): 1}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null"])
async def test_what_is_no_webhook_at_all_is_not_relayed(body: bytes) -> None:
    async with studio() as backend, receiving(backend.url) as it:
        answer = await it.post(body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_PARAMETER")
        assert backend.deliveries == []
