"""The page of webhooks: what was sent, and what is sent again by hand."""

import asyncio
import hashlib
import json
import re

import httpx
import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.chains import publish_offer
from tests.sandbox.page_text import PAGES, refused, shown
from tests.sandbox.webhook_server import (
    SECRET,
    Publisher,
    advance,
    attempted,
    finished,
    sending,
    set_url,
    webhook_log,
)
from tests.sandbox.world import World
from tests.support.stack import serving

PATH = f"{PAGES}/webhooks"


async def test_webhooks_are_shown_with_their_attempts() -> None:
    refusal = httpx.Response(400, text='{"error":{"code":"INVALID_USER"}}')

    async def refuse() -> httpx.Response:
        return refusal

    publisher = Publisher(refuse, httpx.ConnectError("no"))
    async with sending(publisher) as world:
        game = world.game(FRESH_PLAYER)
        first = (await game.claim_offer(1, 1)).json()["order_id"]
        await finished(world, 1)
        await game.claim_offer(2, 1)
        await attempted(world, 2)
        page = await shown(world, PATH)
    assert f'refused</span><span class="facts"><code>order_paid</code><span>order {first}</span></span>' in page
    assert "1. 2026-01-07 12:00:00</span> <strong>400</strong>" in page
    assert "<code>{&#34;error&#34;:{&#34;code&#34;:&#34;INVALID_USER&#34;}}</code>" in page
    assert "waiting</span>" in page
    assert "next attempt 2026-01-07 12:05:00" in page
    assert "<strong>no response</strong>" in page
    assert "<code>ConnectError</code>" in page
    # The signature and the body are those that were sent.
    sent = publisher.requests[0]
    assert f"Authorization: {sent.headers['authorization']}" in page
    assert sent.content.decode().replace('"', "&#34;") in page


async def test_one_that_waits_for_an_earlier_one_of_its_order_says_so() -> None:
    publisher = Publisher(asyncio.Event().wait)
    async with sending(publisher) as world:
        with world.write() as tx:
            offer = publish_offer(tx)
        await world.game(FRESH_PLAYER).claim_offer(offer, 1)
        await publisher.reached()
        assert "waits for" not in await shown(world, PATH)
        with world.write() as tx:
            tx.run("INSERT INTO webhooks SELECT 99, project_id, order_id, kind, 1, 0, NULL, NULL FROM webhooks")
        assert "waits for an earlier webhook of this order" in await shown(world, PATH)


async def test_an_outcome_of_two_words_is_written_as_such_and_one_without_settings_cannot_be_sent() -> None:
    async with sending(Publisher(*[500] * 20)) as world:
        await world.game(FRESH_PLAYER).claim_offer(1, 1)
        for number in range(1, 20):
            await attempted(world, number)
            await advance(world, 3600)
        await finished(world, 1)
        assert '<span class="state given_up">given up</span>' in await shown(world, PATH)
        set_url(world.sandbox, is_enabled=False)
        page = await shown(world, PATH)
        assert "webhooks are off: it cannot be sent" in page
        assert "<textarea" not in page
        assert await refused(world, f"{PATH}/1", action="again") == "The project&#39;s webhooks are switched off"


async def test_an_empty_log_says_so(world: World) -> None:
    page = await shown(world, PATH)
    assert "0 in total" in page
    assert '<p class="detail">None yet.</p>' in page


async def test_the_log_has_pages_newest_first() -> None:
    async with sending(Publisher()) as world:
        with world.write() as tx:
            chains = [publish_offer(tx) for _ in range(3)]
        game = world.game(FRESH_PLAYER)
        orders = [(await game.claim_offer(one, 1)).json()["order_id"] for one in chains]
        await finished(world, 3)
        first = (await world.client.get("/_sandbox/webhooks", params={"limit": 2})).json()
        second = (await world.client.get("/_sandbox/webhooks", params={"limit": 2, "offset": 2})).json()
    assert [one["order_id"] for one in first["items"]] == orders[:0:-1]
    assert [one["order_id"] for one in second["items"]] == orders[:1]
    assert [(page["has_more"], page["total_items_count"]) for page in (first, second)] == [(True, 3), (False, 3)]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1"])
async def test_another_page_of_the_list_is_refused(world: World, query: str) -> None:
    assert (await world.client.get(f"/_sandbox/webhooks?{query}")).status_code == 422


def signature(body: bytes) -> str:
    return "Signature " + hashlib.sha1(body + SECRET.encode()).hexdigest()  # noqa: S324 - as documented


@pytest.mark.parametrize(
    ("fields", "is_body_altered", "is_signed"),
    [
        pytest.param({"action": "again", "body": "ignored"}, False, "fitting", id="as it was"),
        pytest.param({"action": "altered"}, True, "fitting", id="altered, with a signature that fits"),
        pytest.param({"action": "altered", "signature": "old"}, True, "old", id="altered, with the old signature"),
        pytest.param({"action": "altered", "signature": "none"}, True, "none", id="altered, with no signature"),
    ],
)
async def test_it_is_sent_again_and_the_answer_is_shown(
    fields: dict[str, str], is_body_altered: bool, is_signed: str
) -> None:
    publisher = Publisher(204, 403)
    altered = '{"notification_type": "order_paid",\n"user": {"external_id": "eve"}}'
    async with sending(publisher) as world:
        await world.game(FRESH_PLAYER).claim_offer(1, 1)
        log = await finished(world, 1)
        form = {"body": altered.replace("\n", "\r\n")} | fields
        answer = await world.client.post(f"{PATH}/1", data=form)
        assert await webhook_log(world) == log
    first, second = publisher.requests
    assert second.content == (altered.encode() if is_body_altered else first.content)
    expected = {"fitting": signature(second.content), "old": signature(first.content), "none": None}[is_signed]
    assert second.headers.get("authorization") == expected
    assert (answer.status_code, re.findall("<h1>(.*?)</h1>", answer.text)) == (200, ["The server answered 403"])
    assert "The answer has no body." in answer.text
    assert ("Authorization: Signature" in answer.text) is (expected is not None)


async def test_a_server_that_does_not_answer_is_shown_as_such() -> None:
    publisher = Publisher(204, httpx.ConnectError("no"))
    async with sending(publisher) as world:
        await world.game(FRESH_PLAYER).claim_offer(1, 1)
        await finished(world, 1)
        answer = await world.client.post(f"{PATH}/1", data={"action": "again"})
    assert "<h1>No response</h1>" in answer.text
    assert "<code>ConnectError</code>" in answer.text


async def test_it_reaches_a_real_server() -> None:
    publisher = Publisher()
    async with serving(publisher.app) as url, sending(None, url=f"{url}/webhooks") as world:
        await world.game(FRESH_PLAYER).claim_offer(1, 1)
        await finished(world, 1)
        answer = await world.client.post(f"{PATH}/1", data={"action": "again"})
    assert "The server answered 204" in answer.text
    assert json.loads(publisher.requests[0].content) == json.loads(publisher.requests[1].content)


@pytest.mark.parametrize(
    ("number", "fields", "status", "reason"),
    [
        pytest.param(99, {"action": "again"}, 404, "Webhook not found", id="an unknown one"),
        pytest.param(1, {"action": "dance"}, 422, "Invalid enum value", id="another action"),
        pytest.param(1, {"action": "altered", "signature": "x"}, 422, "Invalid enum value", id="another signature"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    world: World, number: int, fields: dict[str, str], status: int, reason: str
) -> None:
    assert reason in await refused(world, f"{PATH}/{number}", status, **fields)
