"""Localised texts and the choice of a language (client contract, 6.6; admin contract, 10).

The upstream documents no way to choose the language of a chain. This sandbox reads `Accept-Language`, and picks the
most wanted language that the text has, else English, else the text's first language.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gateway.sandbox.errors import NotFoundError

Texts = Mapping[str, str | None]
"""One text in several languages, by two-letter code."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "en-US",
        "ar": "ar-AE",
        "bg": "bg-BG",
        "cn": "zh-CN",
        "cs": "cs-CZ",
        "de": "de-DE",
        "es": "es-ES",
        "fr": "fr-FR",
        "he": "he-IL",
        "id": "id-ID",
        "it": "it-IT",
        "ja": "ja-JP",
        "km": "km-KH",
        "ko": "ko-KR",
        "lo": "lo-LA",
        "my": "my-MM",
        "ne": "ne-NP",
        "ph": "ph-PH",
        "pl": "pl-PL",
        "pt": "pt-BR",
        "ro": "ro-RO",
        "ru": "ru-RU",
        "th": "th-TH",
        "tr": "tr-TR",
        "tw": "zh-TW",
        "vi": "vi-VN",
    }
)
"""The upstream's languages, each with its five-letter code; `cn`, `tw` and `ph` are not the ISO codes."""

_CODES = MappingProxyType({long: short for short, long in LANGUAGES.items()})
# What browsers send for the three languages whose codes are the upstream's own.
_FOREIGN = MappingProxyType(
    {"zh": "cn", "zh-tw": "tw", "zh-hk": "tw", "zh-mo": "tw", "zh-hant": "tw", "fil": "ph", "tl": "ph"}
)
_LONGEST_HEADER = 500


def parse_accept_language(accept_language: str) -> tuple[str, ...]:
    """Read an `Accept-Language` header into the upstream's codes, most wanted first; unknown languages are left out.

    A header longer than 500 characters counts as none.
    """
    if not accept_language or len(accept_language) > _LONGEST_HEADER:
        return ()
    weighted = sorted(map(_weighted_tag, accept_language.split(",")), key=lambda one: -one[1])
    codes = (_code(tag) for tag, weight in weighted if weight > 0)
    return tuple(dict.fromkeys(code for code in codes if code))


def normalize_texts(texts: Texts | None) -> Texts | None:
    """Normalize a publisher's texts to two-letter codes; if both codes of a language are sent, the later one counts.

    Raises NotFoundError for a code that the upstream does not have (admin contract, 2 and 10).
    """
    if texts is None:
        return None
    read: dict[str, str | None] = {}
    for code, text in texts.items():
        short = _CODES.get(code, code)
        if short not in LANGUAGES:
            raise NotFoundError(f"Language '{code}' not found")
        read[short] = text
    return read


def choose_text(texts: Texts | None, languages: tuple[str, ...]) -> str | None:
    """Pick the text to show, None when there is none in any language."""
    if not texts:
        return None
    for language in (*languages, "en"):
        if text := texts.get(language):
            return text
    return next((text for text in texts.values() if text), None)


def _weighted_tag(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    name, _, weight = parameter.strip().partition("=")
    if not name:
        return tag.strip().lower(), 1.0
    try:
        return tag.strip().lower(), float(weight) if name == "q" else 0.0
    except ValueError:
        return tag, 0.0


def _code(tag: str) -> str | None:
    language, _, rest = tag.partition("-")
    foreign = _FOREIGN.get(f"{language}-{rest.partition('-')[0]}") or _FOREIGN.get(language)
    return foreign or (language if language in LANGUAGES else None)
