"""The two documented flows from the first item to the last webhook, over real sockets and with documented calls only.

Our own calls stand in where the flow leaves the documented ones: making the project, and buying in the store.
"""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.admin.publisher import bundle, item, package, reward_step, step, usd
from tests.sandbox.proofs.publisher_setup import PublisherSetup, open_publisher_setup
from tests.sandbox.world import refusal


@pytest.fixture
async def setup() -> AsyncIterator[PublisherSetup]:
    async with open_publisher_setup() as opened:
        yield opened


async def test_an_offer_chain_from_its_items_to_its_webhooks(setup: PublisherSetup) -> None:
    publisher, ann = setup.publisher, setup.game("ann")

    # 1. Create items.
    await publisher.make_item("map", prices=[usd(0.99)])
    await publisher.make_item("torch")
    assert (await publisher.post("/items/virtual_currency", item("gems"))).status_code == 201
    gems = package("gems_100", content=[{"sku": "gems", "quantity": 100}])
    assert (await publisher.post("/items/virtual_currency/package", gems)).status_code == 201
    kit = bundle("kit", content=[{"sku": "torch", "quantity": 3}, {"sku": "gems_100", "quantity": 1}])
    assert (await publisher.post("/items/bundle", kit)).status_code == 201

    # 2. Create a chain, switched on.
    steps = [step(1, "map"), step(2, "kit", is_free=False), step(3, "torch")]
    chain_id = await publisher.make_offer_chain(name={"en": "Into the Dark", "de-DE": "Ins Dunkel"}, steps=steps)

    # 3. Display it.
    (shown,) = (await ann.get("/user/offer_chain")).json()["items"]
    assert (shown["id"], shown["name"], shown["next_step_number"]) == (chain_id, "Into the Dark", 1)
    assert [(one["is_free"], one["step_price"]) for one in shown["steps"]] == [
        (True, None),
        (False, {"amount": 4.99, "currency": "USD"}),
        (True, None),
    ]
    (translated,) = (await ann.get("/user/offer_chain", **{"Accept-Language": "de"})).json()["items"]
    assert translated["name"] == "Ins Dunkel"

    # 4. Claim what is free, order what is paid; 5. hear of both.
    claimed = (await ann.claim_offer(chain_id, 1)).json()
    told = await setup.inbox.next()
    assert (told["notification_type"], told["order"]["id"]) == ("order_paid", claimed["order_id"])
    assert (told["order"]["currency_type"], told["user"]["external_id"]) == ("unknown", "ann")
    assert [line["sku"] for line in told["items"]] == ["map"]

    assert refusal(await ann.claim_offer(chain_id, 2)) == (422, 1102)
    ordered = (await ann.order_offer(chain_id, 2)).json()
    assert await ann.order_status(ordered["order_id"]) == "new"
    assert "4.99 USD" in await setup.pay(ordered["token"])
    assert await ann.order_status(ordered["order_id"]) == "done"
    told = await setup.inbox.next()
    assert (told["notification_type"], told["order"]["id"]) == ("order_paid", ordered["order_id"])
    assert (told["order"]["currency_type"], told["order"]["amount"]) == ("real", "4.99")
    assert [(line["sku"], line["quantity"]) for line in told["items"]] == [
        ("kit", 1),
        ("torch", 3),
        ("gems_100", 1),
        ("gems", 100),
    ]

    last = (await ann.claim_offer(chain_id, 3)).json()
    assert (await setup.inbox.next())["order"]["id"] == last["order_id"]
    finished = (await ann.get(f"/user/offer_chain/{chain_id}")).json()
    assert finished["next_step_number"] is None
    assert all(one["is_claimed"] for one in finished["steps"])


async def test_a_reward_chain_from_its_items_to_its_webhooks(setup: PublisherSetup) -> None:
    publisher, ann = setup.publisher, setup.game("ann")

    # 1. Create items.
    await publisher.make_item("sword", prices=[usd(9.99)])
    await publisher.make_item("medal")

    # 2. Create value points; 3. say how many of them an item gives.
    assert (await publisher.post("/items/value_points", item("fame"))).status_code == 201
    given = [{"sku": "sword", "amount": 60}]
    assert (await publisher.put("/items/fame/value_points/rewards", given)).status_code == 204

    # 4. Create a chain, switched on.
    steps = [reward_step(50, "medal"), reward_step(150, "medal")]
    chain_id = await publisher.make_reward_chain(value_point={"sku": "fame"}, steps=steps)

    # 5. Display the chain; 6. and the balance.
    (shown,) = (await ann.get("/user/reward_chain")).json()["items"]
    assert shown["reward_chain_id"] == chain_id
    assert [(one["price"]["amount"], one["is_claimed"]) for one in shown["steps"]] == [(50, False), (150, False)]
    first, second = (one["step_id"] for one in shown["steps"])
    balance = f"/user/reward_chain/{chain_id}/balance"
    assert (await ann.get(balance)).json()["amount"] == 0
    assert refusal(await ann.claim_reward(chain_id, first)) == (422, 9913)
    await setup.buy("ann", "sword")
    assert (await ann.get(balance)).json()["amount"] == 60

    # 7. Claim what is reached; 8. hear of it.
    assert (await ann.claim_reward(chain_id, first)).status_code == 204
    told = await setup.inbox.next()
    assert (told["notification_type"], told["order"]["currency_type"]) == ("order_paid", "unknown")
    assert ([line["sku"] for line in told["items"]], told["user"]["external_id"]) == (["medal"], "ann")
    assert refusal(await ann.claim_reward(chain_id, first)) == (422, 9912)
    assert refusal(await ann.claim_reward(chain_id, second)) == (422, 9913)


async def test_a_clan_s_purchases_add_up_for_all_its_members(setup: PublisherSetup) -> None:
    publisher = setup.publisher
    ann, ben, dan = (setup.game(name, clan="owls") for name in ("ann", "ben", "dan"))
    await publisher.make_item("sword", prices=[usd(9.99)])
    await publisher.make_item("banner")
    assert (await publisher.post("/items/value_points", item("glory", is_clan=True))).status_code == 201
    given = [{"sku": "sword", "amount": 60}]
    assert (await publisher.put("/items/glory/value_points/rewards", given)).status_code == 204
    chain_id = await publisher.make_reward_chain(
        value_point={"sku": "glory"},
        clan_type="guild",
        popup_header={"en": "How"},
        popup_instruction={"en": "Buy, together"},
        steps=[reward_step(100, "banner")],
    )
    for member in (ann, ben, dan):
        (shown,) = (await member.get("/user/reward_chain")).json()["items"]
    (step_id,) = [one["step_id"] for one in shown["steps"]]

    await setup.buy("ann", "sword")
    assert refusal(await ben.claim_reward(chain_id, step_id)) == (422, 9913)
    await setup.buy("ben", "sword")

    for member in (ann, ben):
        assert (await member.get(f"/user/reward_chain/{chain_id}/balance")).json()["amount"] == 120
        assert (await member.claim_reward(chain_id, step_id)).status_code == 204
    assert [(await setup.inbox.next())["user"]["external_id"] for _ in range(2)] == ["ann", "ben"]
    contributors = (await ann.get(f"/user/clan/contributors/{chain_id}/top")).json()
    assert contributors == [{"name": "Ann", "contributed_amount": 60}, {"name": "Ben", "contributed_amount": 60}]
    assert refusal(await setup.game("cat").claim_reward(chain_id, step_id)) == (422, 9913)

    # Players who leave their clan get what they have not claimed, and none of its points count for them any more.
    dan = setup.game("dan")
    (reward,) = (await dan.put("/user/clan/update")).json()["reward"]
    assert (reward["sku"], reward["quantity"]) == ("banner", 1)
    assert (await setup.inbox.next())["user"]["external_id"] == "dan"
    assert (await dan.get(f"/user/reward_chain/{chain_id}/balance")).json()["amount"] == 0
