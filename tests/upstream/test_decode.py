"""Upstream bodies into models, and statuses into named errors."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from gateway import errors
from gateway.domain.models import Contributor, Item, Money, PlacedOrder, PointReward, Recurrence
from gateway.upstream import decode, failures
from gateway.upstream.decode_lists import ChainLists
from tests.support.upstream_json import OFFER, REWARD, page, raw

LISTS = ChainLists()


def test_an_offer_chain_is_read_whole() -> None:
    chain = decode.offer_chain(raw(OFFER))
    assert (chain.id, chain.name, chain.order, chain.next_step_number) == (9, "Weekly quest", 1, 2)
    assert chain.recurrent_schedule == Recurrence("weekly", 1768176000)
    assert chain.date_start.isoformat() == "2026-01-05T00:00:00+05:00"
    first, second = chain.steps
    assert (first.is_claimed, first.step_price) == (None, None)
    assert second.step_price == Money(Decimal("99.99"), "USD")
    assert second.items[0].content == (Item("gold", "virtual_currency", quantity=100),)
    assert second.step_vp_rewards == (PointReward("stars", 10, "Stars", item_id=55),)


def test_a_reward_chain_is_read_whole() -> None:
    (chain,) = LISTS.reward_chains(page(REWARD)).items
    assert (chain.reward_chain_id, chain.value_point.amount, chain.steps[0].price.amount) == (10, 130, 100)
    assert chain.popup_header == {"en": "How", "de": None}


@pytest.mark.parametrize("amount", ["0.1", "99.99", "12345678901234567.89", "1e3"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_money_is_exact_as_a_number_and_as_a_string(amount: str, quote: str) -> None:
    price = f'{{"amount":{quote}{amount}{quote},"currency":"EUR"}}'
    body = f'{{"order_id":1,"status":"new","content":{{"price":{price}}}}}'
    order = decode.order(body.encode())
    assert order.content.price == Money(Decimal(amount), "EUR")


def test_money_stays_exact_when_the_rest_has_to_be_forgiven() -> None:
    body = raw({**OFFER, "order": None}).replace(b"99.99", b"12345678901234567.89")
    assert decode.offer_chain(body).steps[1].step_price == Money(Decimal("12345678901234567.89"), "USD")


def test_unknown_fields_and_values_are_no_trouble() -> None:
    step = {**OFFER["steps"][0], "items": [{"sku": "x", "type": "hologram", "shine": 3}], "glow": True}
    chain = decode.offer_chain(raw({**OFFER, "steps": [step], "season": "winter"}))
    assert chain.steps[0].items[0].type == "hologram"


def test_a_null_counts_as_absent_and_a_number_may_be_text() -> None:
    step = {**OFFER["steps"][0], "items": None, "step_vp_rewards": None}
    chain = decode.offer_chain(raw({**OFFER, "id": "9", "order": None, "steps": [step, None], "next_step_number": "2"}))
    assert (chain.id, chain.order, chain.steps[0].items, chain.next_step_number) == (9, 0, (), 2)


def test_an_absent_next_step_is_told_from_a_finished_chain() -> None:
    silent = {key: value for key, value in OFFER.items() if key != "next_step_number"}
    assert decode.offer_chain(raw(silent)).next_step_number is UNSET
    assert decode.offer_chain(raw({**OFFER, "next_step_number": None})).next_step_number is None


def test_a_chain_that_cannot_be_read_is_left_out_and_counted() -> None:
    nameless = {key: value for key, value in OFFER.items() if key != "name"}
    got = LISTS.offer_chains(
        page(nameless, OFFER, {**OFFER, "id": 4, "order": 2**40}, has_more=True, total_items_count=7)
    )
    assert [(chain.id, chain.order) for chain in got.items] == [(9, OFFER["order"]), (4, 0)]
    assert (got.received, got.has_more, got.total_items_count) == (3, True, 7)
    assert decode.listing([got], lambda chain: (chain.order, chain.id), 0).unreadable == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b'{"items":3}', b"<html>", b"\xff\xfe", b'{"items":[', b"[" * 100_000],
    ids=["empty", "null", "array", "no items", "items no list", "html", "not utf-8", "cut", "deep"],
)
def test_what_is_no_page_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(errors.UpstreamInvalid) as caught:
        LISTS.offer_chains(body)
    assert str(caught.value) == errors.UpstreamInvalid.text
    assert caught.value.__cause__ is None


@given(st.binary(max_size=200))
def test_no_body_raises_anything_else(body: bytes) -> None:
    lists = (LISTS.offer_chains, LISTS.reward_chains, LISTS.daily_chains)
    for read in (*lists, decode.offer_chain, decode.daily_chain, decode.order):
        with pytest.raises(errors.UpstreamInvalid):
            read(body)
    # An empty object is a balance that tells nothing.
    with suppress(errors.UpstreamInvalid):
        assert decode.balance(body) is None


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_a_step_of_any_shape_costs_its_chain_at_most(odd: object) -> None:
    got = LISTS.offer_chains(page({**OFFER, "steps": [odd]}, {**OFFER, "id": 2}))
    assert got.received == 2
    assert got.items[-1].id == 2


def test_pages_join_into_one_list_by_position_then_id() -> None:
    first = LISTS.offer_chains(page({**OFFER, "id": 3, "order": 2}, {**OFFER, "id": 2, "order": 2}))
    second = LISTS.offer_chains(page({**OFFER, "id": 1, "order": 9}, {**OFFER, "id": 3, "order": 2}))
    listing = decode.listing([first, second], lambda chain: (chain.order, chain.id), 0)
    assert [chain.id for chain in listing.items] == [2, 3, 1]
    assert listing.unreadable == 0


def test_contributors_may_hold_nulls() -> None:
    body = raw([{"name": "Ann", "contributed_amount": 5}, None])
    assert decode.contributors(body) == (Contributor("Ann", 5),)


def test_a_claim_without_a_readable_body_still_stands() -> None:
    assert decode.claimed_order_id(raw({"order_id": 641})) == 641
    assert decode.claimed_order_id(b"") is None


def test_a_placed_order_without_a_readable_body_has_an_unknown_outcome() -> None:
    assert decode.placed_order(raw({"order_id": 641, "token": "secret"})) == PlacedOrder(641, "secret")
    for body in ({"order_id": 641}, {"order_id": 641, "token": None}, {"order_id": 641, "token": ""}):
        assert decode.placed_order(raw(body)) == PlacedOrder(641)
    with pytest.raises(errors.OutcomeUnknown):
        decode.placed_order(raw({"token": "secret"}))


def test_the_payment_token_is_not_in_the_repr() -> None:
    assert repr(PlacedOrder(641, "secret")) == "PlacedOrder(order_id=641)"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"reward":null}', b'{"reward":[]}'])
def test_a_clan_change_without_rewards_pays_nothing(body: bytes) -> None:
    assert decode.clan_rewards(body) == ()


def test_a_clan_change_pays_what_it_lists() -> None:
    body = raw({"reward": [{"sku": "box", "type": "bundle", "quantity": 2, "bundle_type": "standard"}]})
    assert decode.clan_rewards(body) == (Item("box", "bundle", quantity=2, bundle_type="standard"),)


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (301, errors.UpstreamInvalid, errors.UpstreamInvalid),
        (400, errors.Refusal, errors.Refusal),
        (401, errors.Unauthenticated, errors.Unauthenticated),
        (403, errors.Forbidden, errors.Forbidden),
        (404, errors.NotFound, errors.NotFound),
        (405, errors.UpstreamInvalid, errors.UpstreamInvalid),
        (409, errors.Refusal, errors.Refusal),
        (422, errors.Refusal, errors.Refusal),
        (429, errors.RateLimited, errors.RateLimited),
        (500, errors.UpstreamUnavailable, errors.OutcomeUnknown),
        (504, errors.UpstreamUnavailable, errors.OutcomeUnknown),
    ],
)
def test_a_status_has_one_meaning(status: int, read: type, write: type) -> None:
    assert type(failures.failure(status, b"", None, writes=False, now=0)) is read
    assert type(failures.failure(status, b"", None, writes=True, now=0)) is write


def test_the_envelope_gives_the_number_and_the_transaction() -> None:
    body = raw({"statusCode": 422, "errorCode": 9912, "errorMessage": "x", "transactionId": "t-1"})
    error = failures.failure(422, body, None, writes=True, now=0)
    assert (error.upstream_code, error.transaction_id) == (9912, "t-1")
    assert "x" not in str(error)
    assert failures.failure(422, b"<html>", None, writes=True, now=0).upstream_code is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, 5),
        ("7", 7),
        (" 300 ", 300),
        ("1.2", 2),
        ("2.", 2),
        ("0", 1),
        ("99999999999999999999", 86_400),
        ("Thu, 01 Jan 1970 01:00:10 GMT", 3_600),
        ("Thu, 01 Jan 1970 00:00:20 GMT", 10),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("soon", 5),
        ("-3", 5),
        ("²", 5),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date_within_bounds(value: str | None, seconds: int) -> None:
    error = failures.failure(429, b"", value, writes=False, now=10)
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after_seconds == seconds


@pytest.mark.parametrize(("value", "seconds"), [("300", 300), (None, None), ("soon", None)])
def test_an_upstream_that_is_away_may_tell_when_it_is_back(value: str | None, seconds: int | None) -> None:
    away = failures.failure(503, b"", value, writes=False, now=10)
    assert (type(away), away.retry_after_seconds) == (errors.UpstreamUnavailable, seconds)
    assert failures.failure(503, b"", value, writes=True, now=10).retry_after_seconds is None


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("The step is not available", "The step is not available"),
        ("Bearer abc.def is bad", "Bearer [redacted] is bad"),
        ("x" * 600, "x" * 500),
        ("", None),
        (None, None),
        (["no"], None),
        ({"a": 1}, None),
    ],
    ids=str,
)
def test_the_upstreams_message_is_told_without_credentials(message: object, told: str | None) -> None:
    body = raw({"errorCode": 2000, "errorMessage": message})
    error = failures.failure(422, body, None, writes=True, now=0)
    assert (error.upstream_code, error.upstream_message) == (2000, told)
    assert "available" not in str(error)
