"""What is shown of shared values: remembered by what they are, never for longer than they are held."""

import tracemalloc

import pytest
from msgspec import Raw, Struct

from gateway.execution.jit.shared_json import SharedJson


class Point(Struct, frozen=True):
    amount: int


class Shown:
    """Counts how often something had to be shown."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, value: object) -> object:
        self.count += 1
        return {"value": repr(value)}


def look(fragments: SharedJson, place: int, value: object, show: Shown) -> bytes:
    """What a compiled program does."""
    fragment = fragments.known.get((place, id(value))) or fragments.make(place, value, show)
    return bytes(fragment[1])


@pytest.mark.parametrize("value", [(1, 2), Point(3)], ids=["tuple", "struct"])
def test_an_unchanging_value_is_shown_once_in_each_place(value: object) -> None:
    fragments, show = SharedJson(max_bytes=2**20), Shown()
    places = [fragments.place(), fragments.place()]
    first = [look(fragments, place, value, show) for place in places]
    assert [look(fragments, place, value, show) for place in places] == first
    assert show.count == 2


def test_a_value_that_may_change_is_shown_each_time() -> None:
    fragments, show, value = SharedJson(max_bytes=2**20), Shown(), [1]
    assert look(fragments, 1, value, show) == b'{"value":"[1]"}'
    value.append(2)
    assert look(fragments, 1, value, show) == b'{"value":"[1, 2]"}'


def test_fragments_stay_within_their_bound_and_weigh_no_more_than_they_are_charged() -> None:
    bound = 200_000
    fragments, values = SharedJson(max_bytes=bound), [(number,) for number in range(5_000)]
    tracemalloc.start()
    before, most = tracemalloc.get_traced_memory()[0], 0
    for value in values:
        fragments.make(1, value, lambda shown: "x" * 100 + str(shown))
        most = max(most, tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()
    assert 0.3 * bound < most <= bound


def test_what_cannot_be_shown_is_not_remembered() -> None:
    def fail(_: object) -> object:
        raise LookupError("lost")

    fragments = SharedJson(max_bytes=2**20)
    with pytest.raises(LookupError):
        fragments.make(1, (), fail)
    assert fragments.known == {}
    assert isinstance(fragments.make(1, (), Shown())[1], Raw)
