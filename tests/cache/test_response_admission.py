"""Which responses stay where there is no room for all: simulated traffic of players."""

import random
from collections.abc import Iterable

import pytest

from gateway.cache.frequency import FrequencySketch
from gateway.cache.response_cache import OVERHEAD_BYTES, ResponseCache, ResponseKey, response_key
from gateway.cache.user_cache import CacheGeneration
from tests.support.clock import Clock

SIZE = 10_000 - OVERHEAD_BYTES
ROOM = 100
"""Responses that fit."""


class Traffic:
    """Players who ask a gateway that caches, one after the other, each with `pause` seconds after them."""

    def __init__(self, *, lifetime: float = 1e9, pause: float = 0.0) -> None:
        self.clock = Clock(0.0)
        self.responses: ResponseCache[int, str] = ResponseCache(max_bytes=ROOM * 10_000, clock=self.clock)
        self.generations: dict[int, CacheGeneration] = {}
        self._lifetime = lifetime
        self._pause = pause

    def ask(self, player: int) -> bool:
        """Whether the response was there; it is made and given to the cache if not."""
        self.clock.advance(self._pause)
        key, now = key_of(player), self.clock()
        found = self.responses.get(key)
        if found is not None:
            assert found.response == player
            return True
        generation = self.generations.setdefault(player, CacheGeneration())
        self.responses.put(key, player, SIZE, generation=generation, loaded_at=now, expires_at=now + self._lifetime)
        assert self.responses.charged_bytes <= ROOM * 10_000
        return False

    def hits(self, players: Iterable[int]) -> float:
        """The share of requests that found a response."""
        found = [self.ask(player) for player in players]
        return sum(found) / len(found)


def key_of(player: int) -> ResponseKey:
    return response_key(b"%d" % player, (b"home",))


def in_turn(players: int, times: int) -> list[int]:
    return list(range(players)) * times


@pytest.mark.parametrize(
    ("players", "share"), [(90, 1.0), (110, 0.85), (150, 0.6), (500, 0.18), (2_000, 0.04)], ids=lambda value: str(value)
)
def test_players_in_turn_find_what_fits(players: int, share: float) -> None:
    traffic = Traffic()
    traffic.hits(in_turn(players, 3))
    assert traffic.hits(in_turn(players, 10)) >= share


def test_those_who_come_often_stay_although_many_come_once() -> None:
    chance = random.Random(5)
    traffic = Traffic()
    crowd = iter(range(1_000, 100_000))

    def requests(count: int) -> Iterable[int]:
        return [chance.randrange(80) if chance.random() < 0.5 else next(crowd) for _ in range(count)]

    traffic.hits(requests(4_000))
    # Half of the requests are of 80 players for whom there is room; by recency alone a third of theirs would miss.
    assert traffic.hits(requests(10_000)) > 0.45


def test_others_take_the_place_of_those_who_have_gone() -> None:
    traffic = Traffic(lifetime=15.0, pause=0.01)
    traffic.hits(in_turn(ROOM, 30))
    evening = [player + 10_000 for player in in_turn(ROOM, 1)]
    traffic.hits(evening * 30)
    # Each is made anew once in fifteen visits, when it is stale.
    assert traffic.hits(evening * 15) > 0.9


def test_what_is_stale_makes_room_however_often_it_was_asked_for() -> None:
    traffic = Traffic(lifetime=50.0)
    traffic.hits(in_turn(ROOM, 20))
    traffic.clock.advance(50.0)
    newcomers = range(10_000, 10_000 + ROOM)
    assert traffic.hits(newcomers) == 0
    assert traffic.hits(newcomers) == 1


def test_what_a_write_made_untrue_makes_room() -> None:
    traffic = Traffic()
    traffic.hits(in_turn(ROOM, 20))
    for generation in traffic.generations.values():
        generation.is_current = False
    newcomers = range(10_000, 10_000 + ROOM)
    traffic.hits(newcomers)
    assert traffic.hits(newcomers) == 1


def test_players_who_come_once_in_a_lifetime_cost_no_response_its_place() -> None:
    """A response is worth its place while it is fresh: with 15 seconds and a player each second 15 places do."""
    traffic = Traffic(lifetime=15.0, pause=0.5)
    assert traffic.hits(player for player in range(2_000) for _ in range(2)) == 0.5


def test_responses_that_are_not_admitted_are_counted() -> None:
    traffic = Traffic()
    traffic.hits(in_turn(ROOM + 1, 3))
    rejected = {one.name: one.value for one in traffic.responses.samples()}["gateway_responses_rejected"]
    assert rejected >= 2


def test_one_large_response_has_to_be_wanted_more_than_each_that_goes_for_it() -> None:
    traffic = Traffic()
    traffic.hits(in_turn(ROOM, 3))
    for _ in range(2):
        traffic.responses.put(key_of(-1), -1, 50 * 10_000, generation=CacheGeneration(), loaded_at=0, expires_at=1e9)
    assert traffic.responses.get(key_of(-1)) is None
    assert traffic.hits(range(ROOM)) > 0.95


# The sketch


def test_an_estimate_is_never_too_low_and_seldom_too_high() -> None:
    chance, sketch, counts = random.Random(7), FrequencySketch(), dict.fromkeys(range(3_000), 0)
    for _ in range(20_000):
        one = chance.randrange(3_000)
        counts[one] += 1
        sketch.count(key_of(one).digest)
    off = [sketch.estimate(key_of(one).digest) - min(count, 15) for one, count in counts.items()]
    assert min(off) == 0
    assert sum(off) / len(off) < 0.1


def test_what_was_counted_long_ago_is_worth_less() -> None:
    sketch, often = FrequencySketch(), key_of(0).digest
    for _ in range(20):
        sketch.count(often)
    assert sketch.estimate(often) == 15
    others = [key_of(number).digest for number in range(1, 100)]
    for number in range(131_072):
        sketch.count(others[number % len(others)])
    assert sketch.estimate(often) == 7
