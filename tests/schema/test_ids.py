"""Opaque ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.schema.ids import IdInvalid, IdKind, decode, encode

NUMBERS = st.integers(0, 10**18)


@given(kind=st.sampled_from(IdKind), data=st.data())
def test_an_id_comes_back_as_the_numbers_that_made_it(kind: IdKind, data: st.DataObject) -> None:
    numbers = tuple(data.draw(NUMBERS) for _ in range(kind.value[1]))
    text = encode(kind, *numbers)
    assert decode(kind, text) == numbers
    for other in IdKind:
        if other is not kind:
            with pytest.raises(IdInvalid):
                decode(other, text)


@given(st.text(max_size=30))
def test_no_other_text_is_an_id(text: str) -> None:
    for kind in IdKind:
        with pytest.raises(IdInvalid):
            decode(kind, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9",
        encode(IdKind.OFFER_CHAIN, 9) + "=",
        encode(IdKind.OFFER_CHAIN, 9)[:-1],
        "b2M6MDk",  # oc:09
        "b2M6LTk",  # oc:-9
        "b2M6OTk5OTk5OTk5OTk5OTk5OTk5OTk",  # oc:99999999999999999999
        "b2M6OTo5",  # oc:9:9
        "\N{SNOWMAN}",
        "b2M6OQ\n",
    ],
)
def test_a_text_that_was_not_made_here_is_refused(text: str) -> None:
    with pytest.raises(IdInvalid):
        decode(IdKind.OFFER_CHAIN, text)
