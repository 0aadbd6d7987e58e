"""What tests of workers share."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.worker_processes import PlayedSlots


@pytest.fixture
def played() -> Iterator[Callable[[int], PlayedSlots]]:
    made: list[PlayedSlots] = []

    def make(count: int) -> PlayedSlots:
        made.append(PlayedSlots(count))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def one(played: Callable[[int], PlayedSlots]) -> PlayedSlots:
    """One slot, whose first process is ready."""
    slots = played(1)
    slots.slots[0].begin()
    slots.make_ready()
    return slots
