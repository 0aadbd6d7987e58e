"""Amounts as they are shown: noise and zeros, symbols and languages."""

from decimal import Decimal

import pytest
from babel.localedata import locale_identifiers

from gateway.domain.models import Money
from gateway.domain.prices import MAX_LANGUAGES, MAX_TAG_LENGTH, PriceTexts, shown_amount

EURO = Money(Decimal("9.9"), "EUR")


@pytest.mark.parametrize(
    ("full", "shown"),
    [("12.99", "12.99"), ("9.90", None), ("5", None), (None, None), ("0", None), ("NaN", None), ("1E+999999", None)],
)
def test_a_price_before_the_discount_is_shown_where_there_is_one(full: str | None, shown: str | None) -> None:
    price = Money(Decimal("9.90"), "EUR", None if full is None else Decimal(full))
    assert price.before_discount == (None if shown is None else Money(Decimal(shown), "EUR"))


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("29.949999999999999", "USD", "29.95"),
        ("29.950000000000003", "USD", "29.95"),
        ("0.30000000000000004", "USD", "0.3"),
        ("-19.989999999999998", "USD", "-19.99"),
        ("500.0", "JPY", "500"),
        ("500.50", "JPY", "500.5"),
        ("9.990", "USD", "9.99"),
        ("9.90", "USD", "9.90"),
        ("9.9", "USD", "9.9"),
        ("10.000", "USD", "10.00"),
        ("0.000", "USD", "0.00"),
        ("0.0", "JPY", "0"),
        ("1.5000", "KWD", "1.500"),
        ("1.9900", "gems", "1.99"),
        ("500.0", "gems", "500"),
        ("5E+2", "JPY", "500"),
        ("500", "JPY", "500"),
        ("1.0E-7", "BTC", "0.0000001"),
        ("0.0015", "USD", "0.0015"),
        ("12345678901234567.89", "USD", "12345678901234567.89"),
        ("123456789012345.67", "USD", "123456789012345.67"),
        ("1.000000000000000001", "ETH", "1.000000000000000001"),
        ("0.12345678901234567", "BTC", "0.12345678901234567"),
    ],
)
def test_an_amount_loses_noise_and_zeros_and_nothing_else(amount: str, currency: str, shown: str) -> None:
    assert format(shown_amount(Money(Decimal(amount), currency)), "f") == shown


@pytest.mark.parametrize(
    ("amount", "currency", "tags", "text"),
    [
        ("9.9", "EUR", ["de-DE"], "9,90\xa0€"),
        ("9.9", "EUR", ["de-AT"], "€\xa09,90"),
        ("9.9", "EUR", ["de_AT.UTF-8", "fr"], "€\xa09,90"),
        ("9.9", "EUR", ["de-AT-x-private", "de-1901"], "9,90\xa0€"),
        ("9.9", "USD", ["zh_TW"], "US$9.90"),
        ("29.949999999999999", "USD", [], "$29.95"),
        ("500.0", "JPY", ["ja"], "￥500"),
        ("0.0015", "USD", ["en"], "$0.0015"),
        ("1234567.5", "gems", ["de"], "1.234.567,5\xa0gems"),
        ("9.9", "EUR", ["xx", "", "../de", "d" * (MAX_TAG_LENGTH + 1), "tlh", "pl"], "9,90\xa0€"),
        ("9.9", "EUR", ["xx"], "€9.90"),
    ],
)
def test_an_amount_is_written_as_the_first_known_language_writes_it(
    amount: str, currency: str, tags: list[str], text: str
) -> None:
    texts = PriceTexts()
    assert [texts.text(Money(Decimal(amount), currency), tags) for _ in range(2)] == [text, text]


def test_languages_do_not_share_texts() -> None:
    texts = PriceTexts()
    assert [texts.text(EURO, [tag]) for tag in ("de", "en", "de")] == ["9,90\xa0€", "€9.90", "9,90\xa0€"]


def test_only_so_many_languages_are_held_and_then_regions_are_written_like_their_language() -> None:
    texts = PriceTexts()
    texts.text(EURO, ["de"])
    for tag in [tag for tag in locale_identifiers() if tag.startswith("en_")][:MAX_LANGUAGES]:
        texts.text(EURO, [tag])
    assert texts.text(EURO, ["de-AT"]) == "9,90\xa0€"
    assert texts.text(EURO, ["pl"]) == "€9.90"
