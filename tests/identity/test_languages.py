"""What is understood of `Accept-Language`, and what goes on to the upstream."""

import pytest

from gateway.identity.languages import MAX_LENGTH, LanguageReader


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("de", ("de",)),
        ("en;q=0.3, de;q=0.9, fr", ("fr", "de", "en")),
        ("de-AT, de;q=0.8, en-US;q=0.5", ("de", "en")),
        ("zh-CN", ("cn",)),
        ("zh-Hans-CN", ("cn",)),
        ("zh-TW", ("tw",)),
        ("zh-Hant-HK", ("tw",)),
        ("fil, tl;q=0.5", ("ph",)),
        ("*", ()),
        ("iw-IL", ("he",)),
        ("zh_CN", ("cn",)),
        ("zh_Hant_TW", ("tw",)),
        ("cmn-CN", ("cn",)),
        ("in, en;q=0.5", ("id", "en")),
        ("pt_BR", ("pt",)),
        ("de;q=0, en", ("en",)),
        ("de;q=2, en", ("en",)),
        (",;,=", ()),
    ],
)
def test_languages_are_told_in_the_vendors_codes_most_wanted_first(header: str, expected: tuple[str, ...]) -> None:
    assert LanguageReader().read(header).codes == expected


@pytest.mark.parametrize(
    ("header", "forwarded"),
    [
        ("de-DE, en;q=0.5", "de-DE, en;q=0.5"),
        ("iw-IL,zh_CN;q=0.8", "he-IL, zh-CN;q=0.8"),
        ("ji", "yi"),
        ("de, ü, *;q=0.1", "de, *;q=0.1"),
        ("", ""),
        ("d" * (MAX_LENGTH + 1), ""),
        ("de\x00", ""),
    ],
)
def test_what_is_forwarded_is_what_was_understood(header: str, forwarded: str) -> None:
    reader = LanguageReader()
    assert reader.read(header).header == forwarded
    assert reader.read(header).header == forwarded
