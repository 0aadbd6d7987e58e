"""What is read from a game's documents, and what is refused."""

from pathlib import Path

import pytest
from graphql import build_schema

from gateway.client_kits.model import Field, Kind, Kit, ValueType
from gateway.client_kits.operations import pascal, read_kit
from gateway.documents.extraction import extracted
from gateway.documents.ids import sha256_of
from gateway.errors import DocumentsUnusable
from gateway.schema import create_schema
from tests.support.paths import GATEWAY

EXAMPLES = GATEWAY / "examples"
SCHEMA = build_schema(create_schema().as_str())
WATCHES = {
    "updated": "subscription Updated($id: ID!) { orderUpdated(id: $id) { id status isTerminal } }",
    "wait": "query W($id: ID!, $after: OrderStatus) { waitForOrder(id: $id, after: $after) { id status isTerminal } }",
    "read": "query Read($id: ID!) { order(id: $id) { id status isTerminal } }",
    "time": "query Time { now: serverTime }",
}


def kit(folder: Path, **documents: str) -> Kit:
    for name, text in {**WATCHES, **documents}.items():
        (folder / f"{name}.graphql").write_text(text)
    return read_kit(SCHEMA, folder)


def value(kind: Kind, name: str, *, is_nullable: bool = False) -> ValueType:
    return ValueType(kind, name, is_nullable)


def test_the_examples_make_a_kit() -> None:
    made = read_kit(SCHEMA, EXAMPLES)
    assert {one.name: one.text for one in made.operations} == extracted(sorted(EXAMPLES.glob("*.graphql")))
    assert all(one.id == sha256_of(one.text) for one in made.operations)
    watch = made.order_watch
    assert [one.name for one in (watch.subscription, watch.wait, watch.read)] == [
        "OrderUpdated",
        "WaitForOrder",
        "Order",
    ]
    assert made.clock.name == "Badge"
    assert {one.name: one.write.is_order for one in made.operations if one.write} == {
        "BuyOffer": True,
        "BuyPoints": True,
        "ClaimAll": False,
        "ClaimDaily": False,
        "ClaimOffer": False,
        "ClaimReward": False,
        "UpdateClan": False,
    }


def test_types_are_named_for_the_way_to_them(tmp_path: Path) -> None:
    text = """query Shop($country: String, $with: Boolean = true) {
      viewer { ...Chains offers: offerChains { id } more: offerChain(id: "b2M6MQ") @include(if: $with) { name } }
      again: viewer { rewardChains { earnBy(country: $country) { canOrder } } }
      offerChainById: viewer { __typename @skip(if: $with) chain: offerChain(id: "b2M6MQ") { ... { id } } }
    }
    fragment Chains on Viewer { offers: offerChains { nextAction id steps { valuePoints { amount } } } }"""
    made = kit(tmp_path, shop=text)
    objects = {one.name: list(one.fields) for one in made.objects}
    assert objects["ShopData"] == [
        Field("viewer", value(Kind.OBJECT, "ShopViewer"), "The player whose token came with the request."),
        Field("again", value(Kind.OBJECT, "ShopAgain"), "The player whose token came with the request."),
        Field(
            "offerChainById", value(Kind.OBJECT, "ShopOfferChainById"), "The player whose token came with the request."
        ),
    ]
    offers, more = objects["ShopViewer"]
    assert offers.type == ValueType(Kind.LIST, "", True, value(Kind.OBJECT, "ShopViewerOffers"))
    assert more.type == value(Kind.OBJECT, "ShopViewerMore", is_nullable=True)
    assert [one.name for one in objects["ShopViewerOffers"]] == ["nextAction", "id", "steps"]
    assert objects["ShopViewerOffers"][0].type == value(Kind.ENUM, "NextAction")
    assert objects["ShopViewerOffersStepsValuePoints"][0].type == value(Kind.SCALAR, "BigInt")
    assert objects["ShopOfferChainById"][0] == Field("__typename", value(Kind.SCALAR, "String", is_nullable=True))
    assert offers.type.leaf.name == "ShopViewerOffers"
    (shop,) = (one for one in made.operations if one.name == "Shop")
    assert {one.name: one.type.is_nullable for one in shop.variables} == {"country": True, "with": True}
    assert made.clock.server_time == "now"
    assert [one.name for one in made.enums] == ["NextAction", "OrderStatus"]
    assert [one.name for one in made.enums[0].values][:2] == ["CLAIM", "BUY"]


def test_inputs_are_read_with_their_fields(tmp_path: Path) -> None:
    schema = build_schema(
        create_schema().as_str()
        + " input Point { x: Int! = 1 next: Point } extend type Query { near(to: [Point!]!): Int }"
    )
    kit(tmp_path)
    (tmp_path / "near.graphql").write_text(
        "query Near($to: [Point!]!, $from: Point!) { near(to: $to) a: near(to: [$from]) }"
    )
    made = read_kit(schema, tmp_path)
    (point,) = made.inputs
    assert list(point.fields) == [
        Field("x", value(Kind.SCALAR, "Int")),
        Field("next", value(Kind.INPUT, "Point", is_nullable=True)),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("query A { nothing }", "A: Cannot query field 'nothing' on type 'Query'."),
        (
            'mutation A { claimOfferChainStep(input: {stepId: "x"}) { userErrors { code } } }',
            "A: declare `$key: String`",
        ),
        (
            "mutation A($i: UpdateClanInput) { updateClan(input: $i) { userErrors { code } } }",
            "A: declare `$key: String`",
        ),
        (
            "mutation A($key: String) { updateClan(input: {idempotencyKey: $key}) { isReplay } }",
            "A: select `userErrors { code }`",
        ),
        (
            "mutation A($key: String) { updateClan(input: {idempotencyKey: $key}) { userErrors { message } } }",
            "A: select `userErrors { code }`",
        ),
        (
            "mutation A { a: updateClan { userErrors { code } } b: updateClan { userErrors { code } } }",
            "A: have one field in each mutation",
        ),
        (
            "query A { viewer { badge { claimableCount } } } query AViewer { badge: viewer { id } }",
            "Two types would be called AViewerBadge",
        ),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DocumentsUnusable) as raised:
        kit(tmp_path, text=text)
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        ("updated", "There is no operation for `orderUpdated`, by which"),
        ("wait", "There is no operation for `waitForOrder`, by which"),
        ("read", "There is no operation for `order`, by which"),
        ("time", "Select `serverTime` at the top"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, left_out: str, said: str) -> None:
    with pytest.raises(DocumentsUnusable) as raised:
        kit(tmp_path, **{left_out: "query Other($id: ID!) { order(id: $id) { id status } serverTime }"})
    assert str(raised.value).startswith(said)


def test_a_folder_needs_operations(tmp_path: Path) -> None:
    with pytest.raises(DocumentsUnusable, match=r"has no \.graphql files with operations"):
        read_kit(SCHEMA, tmp_path)


@pytest.mark.parametrize("text", ["offerChain", "OFFER_CHAIN", "offer_chain", "_offer__chain_"])
def test_names_are_spelled_as_types_are(text: str) -> None:
    assert pascal(text) == "OfferChain"
