"""What is read of a webhook, and what it costs when a part is not as documented."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from gateway.errors.internal import WebhookInvalid
from gateway.webhooks.parse import Webhook, WebhookKind, parse
from tests.support.webhook_payloads import encoded, order_webhook


def test_an_order_webhook_names_player_order_status_and_items() -> None:
    webhook = parse(encoded(order_webhook(transaction_id=5)))
    assert webhook == Webhook(WebhookKind.ORDER_PAID, webhook.key, "ann", 7, "paid", ("sword",))
    assert (webhook.is_about_order, webhook.is_event, webhook.is_refund) == (True, True, False)


@pytest.mark.parametrize(
    ("kind", "is_about_order", "is_event", "is_refund"),
    [
        ("order_paid", True, True, False),
        ("order_canceled", True, True, True),
        ("payment", False, True, False),
        ("refund", False, True, True),
        ("user_validation", False, False, False),
        ("user_search", False, False, False),
        ("partner_side_catalog", False, False, False),
    ],
)
def test_kinds_are_told_apart(kind: str, is_about_order: bool, is_event: bool, is_refund: bool) -> None:
    webhook = parse(encoded({"notification_type": kind}))
    assert (webhook.is_about_order, webhook.is_event, webhook.is_refund) == (is_about_order, is_event, is_refund)


@pytest.mark.parametrize("kind", ["dispute", "", "x" * 300, 7, None, ["order_paid"], {"order_paid": 1}, "ORDER_PAID"])
def test_every_other_kind_is_other(kind: object) -> None:
    assert parse(encoded({"notification_type": kind})).kind is WebhookKind.OTHER
    assert parse(b"{}").kind is WebhookKind.OTHER


def test_payments_name_the_player_in_their_own_way() -> None:
    body = {"notification_type": "payment", "user": {"id": "ann"}, "transaction": {"id": 5}, "order": {"id": 7}}
    webhook = parse(encoded(body))
    assert (webhook.player_id, webhook.order_id) == ("ann", None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"order": None}, (None, "ann", None)),
        ({"order": [7]}, (None, "ann", None)),
        ({"order": {"id": "7", "status": None}}, (7, "ann", None)),
        ({"order": {"id": 7.5}}, (None, "ann", None)),
        ({"order": {"id": True}}, (None, "ann", None)),
        ({"order": {"id": -1}}, (None, "ann", None)),
        ({"order": {"id": 2**63}}, (None, "ann", None)),
        ({"order": {"id": 2**63 - 1}}, (2**63 - 1, "ann", None)),
        ({"order": {"id": "²"}}, (None, "ann", None)),
        ({"order": {"id": 7, "status": 3}}, (7, "ann", "3")),
        ({"user": None}, (7, None, "paid")),
        ({"user": {"external_id": ""}}, (7, None, "paid")),
        ({"user": {"external_id": 12}}, (7, "12", "paid")),
        ({"user": {"external_id": "x" * 257}}, (7, None, "paid")),
        ({"items": None, "billing": [], "custom_parameters": 1}, (7, "ann", "paid")),
    ],
)
def test_a_part_that_is_not_as_documented_costs_that_part(changes: dict[str, object], expected: object) -> None:
    webhook = parse(encoded({**order_webhook(), **changes}))
    assert (webhook.order_id, webhook.player_id, webhook.status) == expected


def test_items_without_a_sku_are_left_out() -> None:
    items = [{"sku": "sword"}, None, "bow", {"sku": None}, {"sku_drm": "key"}, {"sku": "shield"}]
    assert parse(encoded({**order_webhook(), "items": items})).skus == ("sword", "shield")


def test_deliveries_of_one_webhook_have_one_key_and_other_webhooks_have_others() -> None:
    first = order_webhook(transaction_id=5)
    again = {**first, "user": {"external_id": "ann", "email": "new@example.com"}}
    assert parse(encoded(first)).key == parse(encoded(again)).key
    others = [
        order_webhook("order_canceled", transaction_id=5),
        order_webhook(transaction_id=6),
        order_webhook(),
        order_webhook(order_id=8),
        order_webhook("order_canceled"),
        {"notification_type": "payment", "transaction": {"id": 5}},
        {"notification_type": "refund", "transaction": {"id": 5}},
        {"notification_type": "payment", "transaction": {"id": 6}},
        {"notification_type": "payment", "user": {"id": "ann"}},
        {"notification_type": "payment", "user": {"id": "ben"}},
    ]
    assert len({parse(encoded(one)).key for one in [first, *others]}) == len(others) + 1


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'"text"', b"7", b'{"a":', b"\xff\xfe", b'{"a": "\xff"}', b"[" * 200_000]
)
def test_what_is_no_json_object_is_invalid(body: bytes) -> None:
    with pytest.raises(WebhookInvalid):
        parse(body)


NAMES = ("notification_type", "order", "id", "user", "external_id", "billing", "transaction", "items", "sku")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
)


@given(JSON.map(json.dumps).map(str.encode) | st.binary(max_size=200))
@example(b'{"notification_type": "order_paid", "order": {"id": 1e400}}')
@example(b'{"notification_type": "order_paid", "user": {"external_id": "\\ud800"}}')
@example(b'{"notification_type": "order_paid", "order": {"id": ' + b"9" * 5_000 + b"}}")
def test_whatever_was_signed_it_is_read_or_invalid(body: bytes) -> None:
    try:
        webhook = parse(body)
    except WebhookInvalid:
        return
    assert len(webhook.key) == 32
