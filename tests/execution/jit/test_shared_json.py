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


def look(shared_json: SharedJson, place: int, value: object, show: Shown) -> bytes:
    """What a compiled program does."""
    entry = shared_json.entries.get((place, id(value))) or shared_json.make(place, value, show)
    return bytes(entry[1])


@pytest.mark.parametrize("value", [(1, 2), Point(3)], ids=["tuple", "struct"])
def test_an_unchanging_value_is_shown_once_in_each_place(value: object) -> None:
    shared_json, show = SharedJson(max_bytes=2**20), Shown()
    places = [shared_json.place(), shared_json.place()]
    first = [look(shared_json, place, value, show) for place in places]
    assert [look(shared_json, place, value, show) for place in places] == first
    assert show.count == 2


def test_a_value_that_may_change_is_shown_each_time() -> None:
    shared_json, show, value = SharedJson(max_bytes=2**20), Shown(), [1]
    assert look(shared_json, 1, value, show) == b'{"value":"[1]"}'
    value.append(2)
    assert look(shared_json, 1, value, show) == b'{"value":"[1, 2]"}'


def test_shared_json_stay_within_their_bound_and_weigh_no_more_than_they_are_charged() -> None:
    bound = 200_000
    shared_json, values = SharedJson(max_bytes=bound), [(number,) for number in range(5_000)]
    tracemalloc.start()
    before, most = tracemalloc.get_traced_memory()[0], 0
    for value in values:
        shared_json.make(1, value, lambda shown: "x" * 100 + str(shown))
        most = max(most, tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()
    assert 0.3 * bound < most <= bound


def test_large_values_are_charged_for_although_little_of_them_is_shown() -> None:
    bound = 200_000
    fragments = SharedJson(max_bytes=bound)
    for number in range(100):
        fragments.make(1, (str(number) * 5_000,), lambda _: "x")
        assert sum(len(value[0]) for value, _ in fragments.entries.values() if isinstance(value, tuple)) <= bound
    assert fragments.entries


@pytest.mark.parametrize("value", [("x" * 40_000,), (object(),)], ids=["too large", "no JSON"])
def test_what_cannot_be_weighed_or_does_not_fit_is_shown_and_not_remembered(value: tuple[object]) -> None:
    fragments = SharedJson(max_bytes=200_000)
    fragments.make(1, (1,), lambda _: "x")
    assert bytes(fragments.make(1, value, lambda _: "x")[1]) == b'"x"'
    assert len(fragments.entries) == 1


def test_what_cannot_be_shown_is_not_remembered() -> None:
    def fail(_: object) -> object:
        raise LookupError("lost")

    shared_json = SharedJson(max_bytes=2**20)
    with pytest.raises(LookupError):
        shared_json.make(1, (), fail)
    assert shared_json.entries == {}
    assert isinstance(shared_json.make(1, (), Shown())[1], Raw)
