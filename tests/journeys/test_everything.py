"""Every field of the schema, asked in one query: all answer, and agree with what the rules say."""

from graphql import (
    GraphQLObjectType,
    build_schema,
    get_named_type,
    is_leaf_type,
)

from gateway.schema import create_schema
from tests.support.stack import BEN, CLEO, Stack, answers

SCHEMA = build_schema(create_schema().as_str())


def everything(kind: GraphQLObjectType, depth: int = 9) -> str:
    """A selection of every field that needs no argument, bundles two levels deep."""
    fields = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if field.args:
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
