"""Every field of the schema, asked in one query: all answer, and agree with what the rules say."""

from graphql import (
    GraphQLObjectType,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from gateway.schema import create_schema
from tests.support.stack import BEN, CLEO, Stack, answers

SCHEMA = build_schema(create_schema().as_str())


def everything(kind: GraphQLObjectType, depth: int = 9) -> str:
    """A selection of every field that can do without arguments, bundles two levels deep."""
    fields = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(inner):
            fields.append(name)
        elif depth:
            assert isinstance(inner, GraphQLObjectType)
            selection = everything(inner, 0 if inner is kind else depth - 1)
            fields.append(f"{name} {selection}" if selection != "{  }" else "")
    return f"{{ {' '.join(fields)} }}"


async def test_every_field_answers_for_a_player_in_the_middle_of_things(stack: Stack) -> None:
    assert SCHEMA.query_type is not None
    for player in (BEN, CLEO):
        viewer = (await stack.data(everything(SCHEMA.query_type), token=stack.token(player)))["viewer"]
        for chain in viewer["offerChains"]:
            states = [step["state"] for step in chain["steps"]]
            assert chain["claimedCount"] == states.count("CLAIMED")
            assert chain["isCompleted"] == (chain["nextStep"] is None)
        for chain in viewer["rewardChains"]:
            states = [step["state"] for step in chain["steps"]]
            assert chain["claimableCount"] == states.count("AVAILABLE")
            assert chain["claimedCount"] == states.count("CLAIMED")
            assert chain["isCompleted"] is False
            assert chain["progressPercent"] == 100 * states.count("CLAIMED") // len(states)
        assert viewer["badge"]["claimableRewardSteps"] == sum(c["claimableCount"] for c in viewer["rewardChains"])
        weekly = [c["schedule"] for c in viewer["offerChains"] if c["schedule"]["resetInterval"]]
        assert [(one["resetInterval"], one["resetIntervalRaw"]) for one in weekly] == [("WEEKLY", "weekly")]
        assert [c["schedule"]["phase"] for c in viewer["offerChains"]].count("ENDING_SOON") == 1
        assert len(set(viewer["imageUrls"])) == len(viewer["imageUrls"]) > 0


async def test_words_that_the_vendor_adds_later_break_nothing(stack: Stack) -> None:
    chain = {
        "reward_chain_id": 1,
        "name": "N",
        "date_start": "2020-01-01T00:00:00Z",
        "clan_type": "crew",
        "value_point": {"sku": "v", "name": "V", "amount": 1},
        "recurrent_schedule": {"interval_type": "yearly", "reset_next_date": 1_900_000_000},
        "steps": [{"step_id": 1, "price": {"amount": 1}, "reward": [{"sku": "x", "type": "hologram"}]}],
    }
    stack.seam.on("GET /user/reward_chain", answers(200, {"items": [chain]}))
    stack.seam.on("GET /order/7", answers(200, {"order_id": 7, "status": "disputed", "content": {"is_free": True}}))
    query = """{
      order(id: "b3JkZXI6Nw") { status statusRaw isTerminal total { amount } items { sku } }
      viewer { rewardChains {
        clanType clanTypeRaw schedule { resetInterval resetIntervalRaw } steps { rewards { type typeRaw quantity } }
      } }
    }"""
    data = await stack.data(query, token=stack.token(BEN))
    assert data == {
        "order": {"status": "OTHER", "statusRaw": "disputed", "isTerminal": False, "total": None, "items": []},
        "viewer": {
            "rewardChains": [
                {
                    "clanType": "OTHER",
                    "clanTypeRaw": "crew",
                    "schedule": {"resetInterval": "OTHER", "resetIntervalRaw": "yearly"},
                    "steps": [{"rewards": [{"type": "OTHER", "typeRaw": "hologram", "quantity": 1}]}],
                }
            ]
        },
    }


async def test_what_the_upstream_tells_of_items_points_and_discounts_is_shown(stack: Stack) -> None:
    query = """{ viewer {
      offerChains { steps {
        priceBeforeDiscount { amount }
        items { sku itemId bundleType bundleTypeRaw }
        valuePoints { sku itemId }
        loyaltyRewards { itemId sku name amount imageUrl }
      } }
      rewardChains { balance { sku description longDescription } steps { rewards { itemId bundleType } } }
    } }"""
    viewer = (await stack.data(query, token=stack.token(BEN)))["viewer"]
    bundle, pack = viewer["offerChains"][0]["steps"][1], viewer["offerChains"][0]["steps"][3]
    assert bundle["items"] == [
        {"sku": "wanderer_bundle", "itemId": 11, "bundleType": "STANDARD", "bundleTypeRaw": "standard"}
    ]
    assert pack["items"][0]["bundleType"] == "VIRTUAL_CURRENCY_PACKAGE"
    assert (bundle["valuePoints"][0], bundle["priceBeforeDiscount"]) == ({"sku": "vp_embers", "itemId": 13}, None)
    assert bundle["loyaltyRewards"] == [
        {
            "itemId": None,
            "sku": "hearth_tokens",
            "name": "Hearth Tokens",
            "amount": 25,
            "imageUrl": f"{stack.sandbox_url}/images/hearth_tokens.svg",
        }
    ]
    embers, _ = viewer["rewardChains"]
    assert embers["balance"] == {
        "sku": "vp_embers",
        "description": "Earned with every purchase.",
        "longDescription": None,
    }
    assert embers["steps"][0]["rewards"] == [{"itemId": None, "bundleType": None}]


async def test_discounted_prices_show_what_they_were_and_odd_loyalty_rewards_cost_themselves(stack: Stack) -> None:
    step = {
        "step_number": 1,
        "is_free": False,
        "is_claimed": False,
        "step_price": {"amount": 7.5, "amount_without_discount": "10.00", "currency": "USD"},
        "items": [{"sku": "x", "type": "bundle", "bundle_type": "mystery"}],
        "step_loyalty_rewards": [{"points": 3}, "what", {"amount": "12"}],
    }
    chain = {"id": 1, "name": "N", "date_start": "2020-01-01T00:00:00Z", "next_step_number": 1, "steps": [step]}
    price = {"amount": "7.50", "amount_without_discount": "10.00", "currency": "USD"}
    content = {"price": price, "items": [{"sku": "x", "quantity": 1, "price": price}]}
    stack.seam.on("GET /user/offer_chain", answers(200, {"items": [chain]}))
    stack.seam.on("GET /order/7", answers(200, {"order_id": 7, "status": "new", "content": content}))
    query = """{
      order(id: "b3JkZXI6Nw") { totalBeforeDiscount { amount } items { priceBeforeDiscount { display } } }
      viewer { offerChains { steps {
        price { amount } priceBeforeDiscount { amount currency } loyaltyRewards { amount sku }
        items { bundleType bundleTypeRaw }
      } } }
    }"""
    data = await stack.data(query, token=stack.token(BEN))
    assert data["order"] == {
        "totalBeforeDiscount": {"amount": "10.00"},
        "items": [{"priceBeforeDiscount": {"display": "$10.00"}}],
    }
    assert data["viewer"]["offerChains"][0]["steps"] == [
        {
            "price": {"amount": "7.5"},
            "priceBeforeDiscount": {"amount": "10.00", "currency": "USD"},
            "loyaltyRewards": [{"amount": None, "sku": None}, {"amount": 12, "sku": None}],
            "items": [{"bundleType": "OTHER", "bundleTypeRaw": "mystery"}],
        }
    ]


async def test_an_order_in_a_virtual_currency_shows_its_total(stack: Stack) -> None:
    price = {"amount": "1.9900", "amount_without_discount": "2", "currency": "gems"}
    items = [{"sku": "x", "quantity": 5_000_000_000, "price": price}]
    content = {"price": None, "virtual_price": price, "items": items}
    stack.seam.on("GET /order/7", answers(200, {"order_id": 7, "status": "paid", "content": content}))
    query = '{ order(id: "b3JkZXI6Nw") { id total { amount currency } items { quantity price { amount } } } }'
    assert (await stack.data(query, token=stack.token(BEN)))["order"] == {
        "id": "b3JkZXI6Nw",
        "total": {"amount": "1.99", "currency": "gems"},
        "items": [{"quantity": 5_000_000_000, "price": {"amount": "1.99"}}],
    }
