"""Amounts of money as they are shown: without what serialisers add, and as text for a player's language.

Which currencies there are, how many digits their minor unit has and how languages write them is CLDR's data (babel).
"""

from collections.abc import Iterable
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_currency, format_decimal, get_currency_precision
from cachetools import LRUCache

from gateway.domain.models import Money

MAX_LANGUAGES = 64
"""Languages (with their regions) that amounts are written in; what babel holds of each is 0.2 to 0.7 MB."""

MAX_TAG_LENGTH = 35
"""Characters of a language tag that is looked at: RFC 5646 asks for so many."""

_MAX_TEXTS = 4_096
_ENGLISH = Locale("en")
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

_NOISY_DIGITS = range(16, 18)
"""So many significant digits has a float that was printed with all that it holds, such as 29.949999999999999."""

_TRUE_DIGITS = 15
"""So many significant digits of a float are those that were meant."""

_MOST_MEANT_DIGITS = 12
"""A number that is longer without its noise was no noisy one: it is meant as it is."""


def shown_amount(money: Money) -> Decimal:
    """The amount without a float's noise, and without zeros at its end beyond the currency's minor unit.

    29.949999999999999 USD is 29.95, 500.0 JPY is 500, 9.990 USD is 9.99, and 9.90 USD stays. No other digit changes.
    """
    text = str(money.amount)
    if len(text) <= _TRUE_DIGITS and "E" not in text and (text[-1] != "0" or "." not in text):
        # Nearly all are shown as they are, and a screen shows dozens.
        return money.amount
    amount = _without_noise(money.amount)
    digits = minor_digits(money.currency)
    sign, figures, exponent = amount.as_tuple()
    places = -int(exponent)
    while places > digits and places > 0 and figures[-1] == 0:
        figures = figures[:-1] or (0,)
        places -= 1
    return Decimal((sign, figures, -places))


def minor_digits(currency: str) -> int:
    """How many digits the currency's minor unit has: 2 for EUR, 0 for JPY and for virtual currencies."""
    return get_currency_precision(currency) if _is_currency(currency) else 0


class PriceTexts:
    """Writes amounts in players' languages."""

    def __init__(self) -> None:
        self._locales: dict[str, Locale] = {str(_ENGLISH): _ENGLISH}
        self._texts: LRUCache[tuple[Money, str], str] = LRUCache(_MAX_TEXTS)

    def text(self, money: Money, tags: Iterable[str]) -> str:
        """The amount with its currency, in the first language that is known, else in English.

        A virtual currency, whose name is not known here, is named by its SKU.
        """
        locale = next(filter(None, map(self._locale, tags)), _ENGLISH)
        key = (money, str(locale))
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _written(shown_amount(money), money.currency, locale)
        return text

    def _locale(self, tag: str) -> Locale | None:
        """The locale of a language tag, in the notation of a header or of a device; None for what is none."""
        if len(tag) > MAX_TAG_LENGTH:
            return None
        try:
            found = Locale.parse(tag.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            return None
        # Without variants: they change nothing here, and there is no end of them.
        locale = Locale(found.language, found.territory, found.script)
        name = str(locale)
        if name not in self._locales and len(self._locales) < MAX_LANGUAGES:
            self._locales[name] = locale
        return self._locales.get(name) or self._locales.get(found.language)


def _is_currency(currency: str) -> bool:
    return currency in get_global("all_currencies")


def _without_noise(amount: Decimal) -> Decimal:
    if len(amount.as_tuple().digits) not in _NOISY_DIGITS:
        return amount
    meant = Decimal(f"{amount:.{_TRUE_DIGITS - 1}e}").normalize()
    return meant if len(meant.as_tuple().digits) <= _MOST_MEANT_DIGITS else amount


def _written(amount: Decimal, currency: str, locale: Locale) -> str:
    # Not quantized: a price with more digits than the minor unit has is shown as it is, and not rounded.
    if _is_currency(currency):
        return format_currency(amount, currency, locale=locale, decimal_quantization=False)
    return f"{format_decimal(amount, locale=locale, decimal_quantization=False)}{_NO_BREAK_SPACE}{currency}"
