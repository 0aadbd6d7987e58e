"""The queue: owners take turns, and who asks for most makes room."""

import pytest

from gateway.concurrency.fair_queue import FairQueue


def queue(*items: str) -> FairQueue[str]:
    """A queue of items that are named by their owner and a number, in this order."""
    made: FairQueue[str] = FairQueue()
    for item in items:
        made.add(item[0], item)
    return made


def taken(made: FairQueue[str]) -> list[str]:
    return [made.take() for _ in range(len(made))]


def test_owners_take_turns_however_many_items_one_has() -> None:
    assert taken(queue("a1", "a2", "a3", "a4", "b1", "c1", "c2")) == ["a1", "b1", "c1", "a2", "c2", "a3", "a4"]


def test_who_comes_later_waits_for_one_turn_of_the_others() -> None:
    made = queue("a1", "a2", "a3", "b1", "b2")
    assert made.take() == "a1"
    made.add("c", "c1")
    assert taken(made) == ["b1", "a2", "c1", "b2", "a3"]


def test_the_oldest_is_the_one_that_was_added_first() -> None:
    made = queue("a1", "b1", "a2")
    made.remove("a1")
    assert made.oldest == "b1"


def test_an_item_that_is_removed_is_not_taken_and_removing_it_again_is_harmless() -> None:
    made = queue("a1", "b1")
    made.remove("a1")
    made.remove("a1")
    assert taken(made) == ["b1"]


@pytest.mark.parametrize(
    ("items", "owner", "displaced"),
    [
        (("a1", "a2", "a3", "b1"), "c", "a3"),
        (("a1", "a2", "a3", "b1"), "b", "a3"),
        (("a1", "a2", "a3", "b1"), "a", None),
        (("a1", "b1", "b2"), "a", None),
        (("a1", "b1"), "c", None),
        ((), "c", None),
    ],
    ids=["a newcomer", "one with few", "the one with most", "one who would have as many", "all equal", "empty"],
)
def test_the_newest_of_the_longest_line_makes_room(items: tuple[str, ...], owner: str, displaced: str | None) -> None:
    made = queue(*items)
    assert made.displace(owner) == displaced
    assert set(taken(made)) == set(items) - {displaced}
