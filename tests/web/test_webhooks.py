"""The webhook endpoint as the vendor, and everybody else, meets it."""

import asyncio
import hashlib
import hmac
import random
from collections.abc import Callable
from ipaddress import ip_network

import pytest

from gateway.identity.addresses import Sources, TrustedProxies
from gateway.records.database import Database
from gateway.settings import Settings
from gateway.web.webhooks import MAX_BODY_BYTES
from tests.support.received_changes import received
from tests.support.stack import WEBHOOK_SECRET, running_stack
from tests.support.webhook_payloads import SECRET, encoded, order_webhook, signed
from tests.support.webhook_receiver import PHONE, receiving

HERE = ip_network("127.0.0.0/8")
VENDOR = ip_network("185.30.20.0/24")

Forgery = tuple[bytes, list[str]]
"""A body, and the Authorization headers that come with it."""


# Forgeries


def sha1(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()  # noqa: S324 - as documented


def _altered(body: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(body))
    return body[:place] + bytes([body[place] ^ (1 << chance.randrange(8))]) + body[place + 1 :]


def _mistyped(signature: str, chance: random.Random) -> str:
    place = chance.randrange(len("Signature "), len(signature))
    others = "0123456789abcdef".replace(signature[place], "")
    return signature[:place] + chance.choice(others) + signature[place + 1 :]


FORGERIES: dict[str, Callable[[bytes, random.Random], Forgery]] = {
    "a bit of the body": lambda body, chance: (_altered(body, chance), [signed(body)]),
    "a cut body": lambda body, chance: (body[: chance.randrange(len(body))], [signed(body)]),
    "a longer body": lambda body, chance: (body + chance.choice([b" ", b"\n", b"\0", b"}"]), [signed(body)]),
    "another order": lambda body, chance: (encoded(order_webhook(order_id=chance.randrange(10**9))), [signed(body)]),
    "a mistyped signature": lambda body, chance: (body, [_mistyped(signed(body), chance)]),
    "a cut signature": lambda body, chance: (body, [signed(body)[: chance.randrange(11, 50)]]),
    "a longer signature": lambda body, chance: (body, [signed(body) + chance.choice("0af")]),
    "upper case": lambda body, _: (body, [f"Signature {sha1(body + SECRET.encode()).upper()}"]),
    "another secret": lambda body, chance: (body, [signed(body, str(chance.random()))]),
    "no secret": lambda body, _: (body, [signed(body, "")]),
    "the secret in front": lambda body, _: (body, [f"Signature {sha1(SECRET.encode() + body)}"]),
    "an HMAC": lambda body, _: (body, [f"Signature {hmac.new(SECRET.encode(), body, 'sha1').hexdigest()}"]),
    "another digest": lambda body, _: (body, [f"Signature {hashlib.sha256(body + SECRET.encode()).hexdigest()}"]),
    "another scheme": lambda body, chance: (
        body,
        [signed(body).replace("Signature", chance.choice(["signature", "Bearer", "SHA1", "X"]))],
    ),
    "two signatures": lambda body, _: (body, [signed(body), signed(body)]),
    "none": lambda body, _: (body, []),
}


@pytest.mark.slow
async def test_of_a_thousand_forged_and_altered_webhooks_none_is_accepted() -> None:
    chance = random.Random(20261120)
    makers = list(FORGERIES.values())
    async with receiving() as it:
        it.directory.link("ann", PHONE)
        with it.bus.listen(PHONE) as listener:
            for number in range(1_000):
                body = encoded(order_webhook(transaction_id=number))
                forged, authorizations = makers[number % len(makers)](body, chance)
                headers = [("authorization", one) for one in authorizations]
                answer = await it.http.post(it.url, content=forged, headers=headers)
                assert answer.status_code == 400
                assert answer.json()["error"]["code"] == "INVALID_SIGNATURE"
            assert await received(listener) is None
            assert it.counted() == {("unread", "forged"): 1_000}
            assert await it.status(order_webhook()) == 204
            assert await received(listener) is not None


async def test_what_is_forged_is_refused_before_it_is_parsed() -> None:
    async with receiving() as it:
        answer = await it.http.post(it.url, content=b"{", headers={"authorization": signed(b"{", "another")})
        assert answer.json()["error"]["code"] == "INVALID_SIGNATURE"


async def test_a_byte_order_mark_and_white_space_around_the_signature_are_taken() -> None:
    async with receiving() as it:
        body = b"\xef\xbb\xbf" + encoded(order_webhook())
        host, port = it.url.removeprefix("http://").partition("/")[0].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = f"POST /webhooks/xsolla HTTP/1.1\r\nHost: gateway\r\nContent-Length: {len(body)}\r\nAuthorization: "
        writer.write(f"{head}{signed(body)} \t\r\n\r\n".encode() + body)
        assert await reader.readline() == b"HTTP/1.1 204 No Content\r\n"
        writer.close()
        await writer.wait_closed()
        assert it.counted() == {("order_paid", "accepted"): 1}


# Bounds


async def test_a_webhook_may_be_large_and_not_larger() -> None:
    async with receiving() as it:
        body = encoded(order_webhook())
        assert await it.status(body + b" " * (MAX_BODY_BYTES - len(body))) == 204
        answer = await it.post(body + b" " * (MAX_BODY_BYTES - len(body) + 1))
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "TOO_LARGE")
        assert it.counted() == {("order_paid", "accepted"): 1, ("unread", "too_large"): 1}


async def test_a_webhook_that_does_not_arrive_is_not_waited_for() -> None:
    async with receiving() as it:
        host, port = it.short_timeout_url.removeprefix("http://").partition("/")[0].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /webhooks/xsolla HTTP/1.1\r\nHost: gateway\r\nContent-Length: 100\r\n\r\n{")
        assert await reader.readline() == b"HTTP/1.1 503 Service Unavailable\r\n"
        writer.close()
        await writer.wait_closed()


def test_by_default_the_vendor_is_answered_within_a_second() -> None:
    assert Settings(project_id=1).webhook_seconds < 1


async def test_records_that_fail_do_not_keep_a_webhook_from_being_taken() -> None:
    database = Database()
    async with receiving(database=database) as it:
        it.directory.link("ann", PHONE)
        await database.aclose()
        with it.bus.listen(PHONE) as listener:
            assert await it.status(order_webhook()) == 204
            assert await received(listener) is not None


# Where from


@pytest.mark.parametrize(
    ("sources", "forwarded_for", "status"),
    [
        (None, "", 204),
        (Sources((HERE,)), "", 204),
        (Sources((VENDOR,)), "", 403),
        (Sources((VENDOR,)), "185.30.20.7", 403),
        (Sources((VENDOR,), TrustedProxies((HERE,))), "185.30.20.7", 204),
        (Sources((VENDOR,), TrustedProxies((HERE,))), "185.30.20.7:40212", 204),
        (Sources((VENDOR,), TrustedProxies((HERE,))), "185.30.20.7, 203.0.113.9", 403),
        (Sources((VENDOR,), TrustedProxies((HERE,))), "", 403),
    ],
)
async def test_webhooks_are_taken_from_the_addresses_that_are_allowed(
    sources: Sources | None, forwarded_for: str, status: int
) -> None:
    async with receiving(sources=sources) as it:
        headers = {"x-forwarded-for": forwarded_for} if forwarded_for else {}
        answer = await it.post(order_webhook(), headers=headers)
        assert answer.status_code == status
        assert it.counted() == {("order_paid", "accepted") if status == 204 else ("unread", "forbidden"): 1}


async def test_nothing_is_read_from_an_address_that_is_refused() -> None:
    async with receiving(sources=Sources((VENDOR,))) as it:
        host, port = it.url.removeprefix("http://").partition("/")[0].split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /webhooks/xsolla HTTP/1.1\r\nHost: gateway\r\nContent-Length: 100\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 403 Forbidden\r\n"
        writer.close()
        await writer.wait_closed()


# As the gateway serves it


async def test_the_route_is_there_with_a_secret_only() -> None:
    body = encoded(order_webhook())
    headers = {"authorization": signed(body, WEBHOOK_SECRET)}
    async with running_stack() as stack:
        assert (await stack.http.post(f"{stack.gateway_url}/webhooks/xsolla", content=body)).status_code == 404
    async with running_stack({"GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET}) as stack:
        url = f"{stack.gateway_url}/webhooks/xsolla"
        assert (await stack.http.post(url, content=body, headers=headers)).status_code == 204
        assert (await stack.http.get(url)).status_code == 405
        page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
        assert 'gateway_webhooks_total{kind="order_paid",outcome="accepted"} 1.0' in page


async def test_the_gateways_settings_reach_the_endpoint() -> None:
    body = encoded(order_webhook())
    headers = {"authorization": signed(body, WEBHOOK_SECRET)}
    environment = {"GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET, "GATEWAY_WEBHOOK_ADDRESSES": "185.30.20.0/24"}
    async with running_stack(environment) as stack:
        url = f"{stack.gateway_url}/webhooks/xsolla"
        assert (await stack.http.post(url, content=body, headers=headers)).status_code == 403
