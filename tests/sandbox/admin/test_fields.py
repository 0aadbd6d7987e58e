"""The kinds of fields, for whatever is put into them."""

import re
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sandbox.admin.item_requests import GoodBody, new_item
from gateway.sandbox.domain.fields import ResetTime, Sku
from gateway.sandbox.domain.languages import LANGUAGES, normalize_texts
from gateway.sandbox.domain.schedules import is_reset_time
from gateway.sandbox.errors import NotFoundError
from gateway.sandbox.storage.publisher_items import ItemKind

CODES = sorted([*LANGUAGES, *LANGUAGES.values()])
SHORT = {long: short for short, long in LANGUAGES.items()}


def is_a(kind: object, value: object) -> bool:
    try:
        msgspec.json.decode(msgspec.json.encode(value), type=kind)
    except msgspec.ValidationError:
        return False
    return True


@given(st.text(max_size=6) | st.from_regex(r"[A-Za-z0-9._-]{0,256}", fullmatch=True))
def test_a_sku_has_the_documented_characters_and_no_others(text: str) -> None:
    assert is_a(Sku, text) is bool(re.fullmatch(r"[A-Za-z0-9._-]{1,255}", text))


@given(st.text(max_size=20) | st.from_regex(r"[0-2][0-9]:00:00[+-][0-2][0-9]:[0-6][0-9]", fullmatch=True))
def test_what_is_taken_as_a_time_of_a_reset_is_one(text: str) -> None:
    assert is_a(ResetTime, text) is is_reset_time(text)


@given(st.decimals(min_value="0.0001", max_value="99999999.9999", places=4))
def test_money_is_kept_to_the_last_digit(amount: Decimal) -> None:
    price = '{"amount": %s, "currency": "USD", "is_default": true}' % amount  # noqa: UP031 - JSON has braces
    body = msgspec.json.decode('{"sku": "a", "name": null, "prices": [%s]}' % price, type=GoodBody)  # noqa: UP031
    assert new_item(body, ItemKind.GOOD, 0).prices[0].amount == amount


@given(st.lists(st.tuples(st.sampled_from(CODES), st.text(max_size=3) | st.none()), unique_by=lambda one: one[0]))
def test_each_language_is_kept_once_with_its_last_text(texts: list[tuple[str, str | None]]) -> None:
    expected = {SHORT.get(code, code): text for code, text in texts}
    assert normalize_texts(dict(texts)) == expected


@given(st.text(max_size=6).filter(lambda code: code not in CODES))
def test_no_other_language_is_known(code: str) -> None:
    with pytest.raises(NotFoundError, match="not found"):
        normalize_texts({"en": "x", code: "y"})
