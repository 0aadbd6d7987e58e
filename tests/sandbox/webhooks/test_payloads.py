"""The payloads of webhooks, byte for byte where it matters."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.chains import paid, publish_offer
from tests.sandbox.webhook_server import Publisher, advance, attempted, finished, sending, set_url
from tests.sandbox.world import World


def item(sku: str, kind: str, quantity: int, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "sku": sku,
        "type": kind,
        "is_pre_order": False,
        "quantity": quantity,
        "amount": amount,
        "promotions": [],
        "custom_attributes": None,
        **more,
    }


BUNDLE = [
    item("wanderer_bundle", "bundle", 1, "4.99"),
    item("storm_cloak", "virtual_good", 1, "0"),
    item("healing_draught", "virtual_good", 5, "0"),
    item("gold", "virtual_currency", 250, "0"),
]


PAYER = {"external_id": FRESH_PLAYER.id, "email": "player-1@example.com", "country": "US"}


async def bought(world: World) -> int:
    with world.write() as tx:
        chain = publish_offer(tx, paid("wanderer_bundle"))
    game = world.game(FRESH_PLAYER)
    order_id: int = (await game.order_offer(chain, 1)).json()["order_id"]
    assert await game.pay(order_id) == "done"
    return order_id


def usd(amount: float, **more: float) -> dict[str, Any]:
    return {"currency": "USD", "amount": amount, **more}


def billing(kind: str, order_id: int) -> dict[str, Any]:
    no_tax = usd(0, percent=0)
    return {
        "notification_type": kind,
        "settings": {"project_id": 44056, "merchant_id": 2340},
        "purchase": {"total": usd(4.99)},
        "transaction": {
            "id": 1_000_000_000 + order_id,
            "payment_date": "2026-01-07T12:00:00+00:00",
            "payment_method": 380,
            "payment_method_name": "Sandbox",
            "payment_method_order_id": f"sandbox-{order_id}",
            "dry_run": 1,
            "agreement": 1,
        },
        "payment_details": {
            "payment": usd(4.99),
            "payment_method_sum": usd(4.99),
            "xsolla_balance_sum": usd(0),
            "payout": usd(4.99),
            "xsolla_fee": usd(0),
            "payment_method_fee": usd(0),
            "vat": no_tax,
            "sales_tax": no_tax,
            "direct_wht": no_tax,
            "country_wht": no_tax,
            "repatriation_commission": usd(0),
            "user_acquisition_fee": no_tax,
            "payout_currency_rate": "1",
        },
    }


async def test_a_paid_order_is_told_with_every_documented_field() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        order_id = await bought(world)
        await finished(world, 1)
    assert publisher.bodies == [
        {
            "notification_type": "order_paid",
            "items": BUNDLE,
            "order": {
                "id": order_id,
                "mode": "sandbox",
                "currency_type": "real",
                "currency": "USD",
                "amount": "4.99",
                "status": "paid",
                "platform": "xsolla",
                "comment": None,
                "invoice_id": str(1_000_000_000 + order_id),
                "promotions": [],
                "promocodes": [],
                "coupons": [],
            },
            "user": PAYER,
            "custom_parameters": {},
            "billing": billing("payment", order_id),
        }
    ]


async def test_amounts_of_the_billing_are_exact_numbers() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        await bought(world)
        await finished(world, 1)
    assert b'"purchase":{"total":{"currency":"USD","amount":4.99}}' in publisher.requests[0].content


async def test_a_refund_is_told_with_its_payment() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        order_id = await bought(world)
        await finished(world, 1)
        assert (await world.client.post(f"/_sandbox/orders/{order_id}/refund")).json()["status"] == "canceled"
        await finished(world, 2)
    refund = publisher.bodies[1]
    assert (refund["notification_type"], refund["order"]["status"]) == ("order_canceled", "canceled")
    assert refund["billing"] == billing("refund", order_id)
    assert refund["items"] == BUNDLE


async def test_an_order_canceled_unpaid_has_no_payment() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        with world.write() as tx:
            chain = publish_offer(tx, paid("wanderer_bundle"))
        order_id = (await world.game(FRESH_PLAYER).order_offer(chain, 1)).json()["order_id"]
        await world.client.post(f"/_sandbox/orders/{order_id}/cancel")
        await finished(world, 1)
    (body,) = publisher.bodies
    assert (body["notification_type"], body["order"]["id"]) == ("order_canceled", order_id)
    assert body["order"]["invoice_id"] is None
    assert "billing" not in body


async def test_version_two_says_more_of_each_item() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        set_url(world.sandbox, version=2)
        await bought(world)
        await finished(world, 1)
    flags = {"is_free": False, "is_bonus": False}
    assert publisher.bodies[0]["items"] == [
        {**one, **flags, "is_bundle_content": index > 0} for index, one in enumerate(BUNDLE)
    ]


async def test_a_free_claim_is_told_as_an_order_of_unknown_currency() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        set_url(world.sandbox, version=2)
        order_id = (await world.game(FRESH_PLAYER).claim_offer(1, 1)).json()["order_id"]
        await finished(world, 1)
    (body,) = publisher.bodies
    flags = {"is_free": True, "is_bonus": False, "is_bundle_content": False}
    assert body["notification_type"] == "order_paid"
    assert body["items"] == [item("healing_draught", "virtual_good", 3, "0", **flags)]
    told = {key: body["order"][key] for key in ("id", "currency_type", "currency", "amount", "status", "invoice_id")}
    assert told == {
        "id": order_id,
        "currency_type": "unknown",
        "currency": "",
        "amount": "0",
        "status": "paid",
        "invoice_id": None,
    }
    assert "billing" not in body


async def test_a_reward_claim_is_told_though_its_answer_names_no_order() -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        await bought(world)
        game = world.game(FRESH_PLAYER)
        step_id = (await game.reward_chains())["Ember Trail"]["steps"][0]["step_id"]
        assert (await game.claim_reward(5, step_id)).status_code == 204
        await finished(world, 2)
    claim = publisher.bodies[1]
    assert claim["order"]["currency_type"] == "unknown"
    assert [(one["sku"], one["quantity"]) for one in claim["items"]] == [("gold", 200)]
    assert claim["user"] == PAYER


async def test_each_attempt_sends_the_same_bytes() -> None:
    publisher = Publisher(500, 500)
    async with sending(publisher) as world:
        await bought(world)
        for attempts in (1, 2):
            await attempted(world, attempts)
            await advance(world, 300)
        await finished(world, 1)
    assert len(publisher.requests) == 3
    assert len({request.content for request in publisher.requests}) == 1


@pytest.mark.parametrize("status", ["new", "expired"])
async def test_what_is_not_paid_or_canceled_is_not_told(status: str) -> None:
    publisher = Publisher()
    async with sending(publisher) as world:
        with world.write() as tx:
            chain = publish_offer(tx, paid("wanderer_bundle"))
        game = world.game(FRESH_PLAYER)
        first = (await game.order_offer(chain, 1)).json()["order_id"]
        if status == "expired":
            await game.order_offer(chain, 1)
        assert await game.order_status(first) == status
        assert (await world.client.get("/_sandbox/webhooks")).json()["total_items_count"] == 0
    assert publisher.requests == []
