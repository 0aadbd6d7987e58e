"""The languages that a player wants: read from `Accept-Language`, and told to the upstream in codes that it knows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel.core import get_global
from cachetools import LRUCache

MAX_LENGTH = 256
"""Characters of a value; a longer one is left out, as if it had not been sent."""

_MAX_REMEMBERED = 1_024

_RANGE = re.compile(r"([A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*|\*)(?:;q=([01](?:\.[0-9]{0,3})?))?")

# The vendor stores some languages under codes of its own (client contract, 6.6); the longest match wins.
_VENDOR_LANGUAGES: Mapping[str, str] = {
    "zh-tw": "tw",
    "zh-hk": "tw",
    "zh-mo": "tw",
    "zh-hant": "tw",
    "zh": "cn",
    "fil": "ph",
}


@dataclass(frozen=True, slots=True)
class Languages:
    """What a player wants to read: the value to forward, and, most wanted first, the vendor's codes and the tags."""

    header: str = ""
    codes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def variant(self) -> str:
        """What of it tells cached answers apart."""
        return self.header.replace(" ", "").lower()


NO_LANGUAGES = Languages()


class LanguageReader:
    """Reads `Accept-Language` values, and remembers the latest: clients send a few."""

    def __init__(self) -> None:
        self._known: LRUCache[str, Languages] = LRUCache(_MAX_REMEMBERED)
        self._aliases: Mapping[str, str] = get_global("language_aliases")

    def read(self, value: str) -> Languages:
        """The languages of a value. Ranges that are none are left out; what is forwarded is what was understood.

        Old codes (`iw`, `in`), macro-languages (`cmn`) and underscores are written as today's standard has them.
        """
        if not value or len(value) > MAX_LENGTH:
            return NO_LANGUAGES
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._read(value)
        return known

    def read_one(self, tag: str) -> Languages | None:
        """The language of one tag; None for what is none, or several."""
        languages = self.read(tag)
        return languages if languages.header and languages.tags == (languages.header,) else None

    def _read(self, value: str) -> Languages:
        ranges = list(self._ranges(value))
        wanted = sorted(((quality, tag) for quality, tag, _ in ranges if quality > 0 and tag != "*"), key=_wish)
        tags = tuple(dict.fromkeys(tag for _, tag in wanted))
        codes = tuple(dict.fromkeys(_vendor_code(tag.lower()) for tag in tags))
        return Languages(", ".join(f"{tag};q={weight}" if weight else tag for _, tag, weight in ranges), codes, tags)

    def _ranges(self, value: str) -> Iterator[tuple[float, str, str | None]]:
        for part in value.replace(" ", "").split(","):
            match = _RANGE.fullmatch(part)
            if match:
                yield float(match[2] or 1), self._standard(match[1].replace("_", "-")), match[2]

    def _standard(self, tag: str) -> str:
        language, _, rest = tag.partition("-")
        alias = self._aliases.get(language.lower(), language).replace("_", "-")
        return f"{alias}-{rest}" if rest else alias


def _wish(one: tuple[float, str]) -> float:
    return -one[0]


def _vendor_code(tag: str) -> str:
    prefix = tag
    while prefix:
        if prefix in _VENDOR_LANGUAGES:
            return _VENDOR_LANGUAGES[prefix]
        prefix = prefix.rpartition("-")[0]
    return tag.partition("-")[0]
