"""Which language a player reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sandbox.domain.languages import LANGUAGES, choose_text, parse_accept_language
from tests.sandbox.play import World


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", ()),
        ("de", ("de",)),
        ("de-AT, de;q=0.9, en;q=0.8", ("de", "en")),
        ("en;q=0.2, fr ; q=0.9 ,ja", ("ja", "fr", "en")),
        ("*, sw", ()),
        ("de;q=0, fr", ("fr",)),
        ("de;q=high, fr;level=1, it;q=0.1", ("it",)),
        ("zh", ("cn",)),
        ("zh-Hant-HK", ("tw",)),
        ("zh-TW,zh-CN", ("tw", "cn")),
        ("fil-PH,tl", ("ph",)),
        ("PT-br", ("pt",)),
        ("de," * 200, ()),
    ],
)
def test_a_header_is_read_into_the_upstream_s_codes(header: str, languages: tuple[str, ...]) -> None:
    assert parse_accept_language(header) == languages


@given(st.text(max_size=60))
def test_no_header_is_too_strange(header: str) -> None:
    assert set(parse_accept_language(header)) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("texts", "languages", "chosen"),
    [
        ({"en": "day", "de": "Tag"}, ("fr", "de"), "Tag"),
        ({"en": "day", "de": "Tag"}, ("fr",), "day"),
        ({"de": "Tag", "fr": "jour"}, ("it",), "Tag"),
        ({"de": None, "en": "", "fr": "jour"}, ("de",), "jour"),
        ({"de": None}, ("de",), None),
        ({}, (), None),
        (None, ("de",), None),
    ],
    ids=["asked", "english", "first", "empty ones", "none", "no language", "no text"],
)
def test_the_asked_language_comes_first_then_english_then_any(
    texts: dict[str, str | None] | None, languages: tuple[str, ...], chosen: str | None
) -> None:
    assert choose_text(texts, languages) == chosen


async def test_texts_follow_the_header_and_fall_back_to_english(world: World) -> None:
    names = [
        (await world.visitor().get("/user/offer_chain/1", **{"Accept-Language": language})).json()["name"]
        for language in ("fr-CA", "de", "it")
    ]
    assert names == ["Le chemin du vagabond", "Pfad des Wanderers", "Wanderer's Path"]


async def test_a_chain_without_texts_still_has_a_name(world: World) -> None:
    with world.write() as tx:
        tx.run("UPDATE chains SET name = NULL, description = '{}' WHERE chain_id = 1")
    chain = (await world.visitor().get("/user/offer_chain/1")).json()
    assert (chain["name"], chain["description"]) == ("", None)
