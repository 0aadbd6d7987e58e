"""What many players are shown alike: derived once, within a bound, and never otherwise than for a single player."""

import tracemalloc
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from gateway.domain.daily_rules import daily_progress
from gateway.domain.models import Chain, DailyChain, OfferChain, RewardChain
from gateway.domain.reward_rules import reward_progress
from gateway.domain.rules import offer_progress
from gateway.domain.shared import Shared, SharedBudget, alike, derived, keep_popular
from gateway.execution.jit.shared_json import encode_shared
from tests.support.make import daily_chain, offer_chain, offer_step, reward_chain


def counted(result: object) -> tuple[list[object], Callable[[], object]]:
    calls: list[object] = []

    def derive() -> object:
        calls.append(result)
        return result

    return calls, derive


def test_what_follows_from_shared_values_is_derived_once_and_from_others_each_time() -> None:
    shared, plain = Shared((1, 2), SharedBudget(100_000)), (1, 2)
    assert shared == plain
    for source, times in ((shared, 1), (plain, 3)):
        calls, derive = counted("it")
        assert [derived(source, "key", derive) for _ in range(3)] == ["it"] * 3
        assert len(calls) == times
    assert derived(shared, "another key", lambda: "other") == "other"


def test_what_follows_from_shared_values_is_shared_and_from_others_is_not() -> None:
    budget = SharedBudget(100_000)
    assert type(alike([3], Shared((1,), budget))) is Shared
    assert type(alike([3], (1,))) is tuple


def test_what_many_keys_give_is_shared_from_its_second_sighting_on() -> None:
    shared = Shared((1,), SharedBudget(100_000))
    found = [keep_popular(shared, 7, lambda: [8]) for _ in range(4)]
    assert found == [(8,)] * 4
    assert [type(one) for one in found] == [tuple, Shared, Shared, Shared]
    assert found[1] is found[3]
    assert type(keep_popular((1,), 7, lambda: [8])) is tuple


def test_sightings_are_forgotten_after_many_others() -> None:
    budget = SharedBudget(100_000)
    assert not budget.is_second_sighting(0)
    assert budget.is_second_sighting(0)
    for number in range(1, 5_000):
        assert not budget.is_second_sighting(number)
    assert not budget.is_second_sighting(0)


def test_all_is_let_go_of_where_there_is_no_room_and_what_is_too_large_is_not_kept() -> None:
    budget = SharedBudget(10_000)
    first, second = Shared((1,), budget), Shared((2,), budget)
    budget.keep(first.kept, "a", "A", 4_000)
    budget.keep(first.kept, "b", "B", 4_000)
    budget.keep(second.kept, "too large", "C", 10_001)
    assert (first.kept, second.kept, budget.charged_bytes) == ({"a": "A", "b": "B"}, {}, 8_000)
    budget.keep(second.kept, "c", "C", 4_000)
    assert (first.kept, second.kept, budget.charged_bytes) == ({}, {"c": "C"}, 4_000)


def test_json_is_encoded_once_in_each_place_and_failures_are_not_kept() -> None:
    value = Shared((1, 2), SharedBudget(100_000))
    assert bytes(encode_shared(1, value, list)) == b"[1,2]"
    assert bytes(encode_shared(2, value, len)) == b"2"
    assert {place: bytes(json) for place, json in value.kept.items()} == {1: b"[1,2]", 2: b"2"}
    with pytest.raises(ZeroDivisionError):
        encode_shared(3, value, lambda _: 1 / 0)
    assert 3 not in value.kept


def offers(chain: Chain, points: int) -> object:
    assert isinstance(chain, OfferChain)
    return [offer_progress(replace(chain, next_step_number=points % 4), is_open=bool(points % 2))]


def rewards(chain: Chain, points: int) -> object:
    assert isinstance(chain, RewardChain)
    progress = reward_progress(chain, points, is_open=bool(points % 2))
    return [progress.steps, progress.next_step, progress.states, progress.is_completed, progress.progress_percent]


def dailies(chain: Chain, points: int) -> object:
    assert isinstance(chain, DailyChain)
    return [daily_progress(chain, is_open=bool(points % 2))]


CHAINS = [
    pytest.param(offers, offer_chain(offer_step(1, is_claimed=True), offer_step(3), offer_step(2)), id="offers"),
    pytest.param(rewards, reward_chain([300, 100, 200], claimed=[2]), id="rewards, thresholds not in order"),
    pytest.param(dailies, daily_chain("claimed", "claimable", "claim_in_future", today=2), id="dailies"),
]


@pytest.mark.parametrize(("show", "chain"), CHAINS)
def test_players_who_share_steps_are_shown_what_they_would_be_shown_alone(
    show: Callable[[Chain, int], object], chain: Chain
) -> None:
    shared = replace(chain, steps=Shared(chain.steps, SharedBudget(1_000_000)))
    for points in (*range(98, 103), *range(198, 203), *range(298, 303), 0, 10**6) * 3:
        assert show(shared, points) == show(chain, points)


@pytest.mark.parametrize(("show", "chain"), CHAINS)
def test_what_is_derived_weighs_no_more_than_it_is_charged(show: Callable[[Chain, int], object], chain: Chain) -> None:
    budget, steps = SharedBudget(100_000_000), chain.steps * 10
    chains = [replace(chain, steps=Shared(steps, budget)) for _ in range(100)]
    tracemalloc.start()
    for one in chains:
        for points in (50, 51):
            show(one, points)
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert weight <= budget.charged_bytes, weight / budget.charged_bytes


def test_json_weighs_no_more_than_it_is_charged() -> None:
    budget = SharedBudget(100_000_000)
    values = [Shared((number,), budget) for number in range(1_000)]
    tracemalloc.start()
    for value in values:
        encode_shared(1, value, lambda shown: "x" * 100 + str(shown))
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert weight <= budget.charged_bytes, weight / budget.charged_bytes
