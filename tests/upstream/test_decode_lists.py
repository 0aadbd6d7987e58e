"""A chain's steps with the same JSON are one object for all players, whatever was cached before."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.domain.shared import Shared
from gateway.errors import UpstreamInvalid
from gateway.upstream.decode_lists import JUDGED, LONGEST_SHARED, MOST_LOOKED_UP, SAMPLED, ChainLists
from tests.support.upstream_json import OFFER, REWARD


def page(*items: dict[str, Any]) -> bytes:
    return json.dumps({"items": items}).encode()


def test_steps_that_come_again_are_one_object_and_others_are_not() -> None:
    lists = ChainLists()
    first, second, third = (lists.offer_chains(page({**OFFER, "id": number})).items[0] for number in range(3))
    assert first.steps == second.steps
    assert type(first.steps) is tuple, "only one player was seen to be shown it"
    assert third.steps is second.steps
    claimed = [{**OFFER["steps"][0], "is_claimed": True}, *OFFER["steps"][1:]]
    other = lists.offer_chains(page({**OFFER, "steps": claimed})).items[0]
    assert (other.steps[0].is_claimed, first.steps[0].is_claimed) == (True, None)


def test_what_is_inside_of_shared_steps_is_shared_too() -> None:
    lists = ChainLists()
    steps = [lists.offer_chains(page(OFFER)).items[0].steps[1] for _ in range(2)]
    assert [(type(one.items), type(one.step_vp_rewards)) for one in steps] == [(tuple, tuple), (Shared, Shared)]
    assert type(steps[1].step_loyalty_rewards) is tuple, "nothing is in it"
    assert steps[0] == steps[1]


def test_the_cached_steps_are_bounded_and_change_no_result() -> None:
    small, wide = ChainLists(max_bytes=3_000), ChainLists()
    for number in range(40):
        body = page({**REWARD, "steps": [{**step, "step_id": number} for step in REWARD["steps"]]})
        for _ in range(3):
            assert small.reward_chains(body) == wide.reward_chains(body)
        assert 0 < small.charged_bytes <= 3_000
    assert wide.charged_bytes > 3_000


def test_steps_that_are_too_long_are_not_shared() -> None:
    lists, step = ChainLists(), OFFER["steps"][0]
    kinds = []
    for length in (LONGEST_SHARED // 2, LONGEST_SHARED):
        body = page({**OFFER, "steps": [{**step, "more": "x" * length}]})
        kinds += [type(lists.offer_chains(body).items[0].steps) for _ in range(2)]
    assert kinds == [tuple, Shared, tuple, tuple]


def test_hardly_any_steps_are_looked_up_where_each_player_has_steps_of_their_own() -> None:
    lists = ChainLists()

    def is_shared(number: int) -> bool:
        body = page({**REWARD, "steps": [{**REWARD["steps"][0], "step_id": number}]})
        return [type(lists.reward_chains(body).items[0].steps) for _ in range(2)] == [tuple, Shared]

    assert all(is_shared(number) for number in range(JUDGED // 2))
    assert not any(is_shared(number) for number in range(JUDGED // 2, JUDGED))


def test_all_steps_are_looked_up_again_once_players_share_them() -> None:
    lists = ChainLists()
    for number in range(JUDGED):
        lists.reward_chains(page({**REWARD, "steps": [{**REWARD["steps"][0], "step_id": number}]}))
    pages = [lists.reward_chains(page(REWARD)) for _ in range(JUDGED * SAMPLED + SAMPLED)]
    kinds = [type(one.items[0].steps) for one in pages]
    assert 0 < kinds.count(Shared) < len(kinds) / 8
    assert all(one.items == pages[0].items for one in pages)
    assert [type(lists.reward_chains(page(REWARD)).items[0].steps) for _ in range(10)] == [Shared] * 10


STEPS = json.dumps(OFFER["steps"])
CHAIN = json.dumps(OFFER)
ODD_PAGES = {
    "no white space": json.dumps({"items": [OFFER]}, separators=(",", ":")),
    "much white space": json.dumps({"items": [OFFER]}, indent=4).replace(": [", ":\n\t["),
    "steps that come twice": json.dumps({"items": [OFFER, {**OFFER, "id": 2}]}),
    "steps that go on": json.dumps({"items": [{**OFFER, "steps": OFFER["steps"] * 2}]}),
    "steps with half of the bytes": CHAIN[: len(CHAIN) // 2],
    "steps that end early": json.dumps({"items": [OFFER]}).replace(STEPS, STEPS[:-3]),
    "no steps": json.dumps({"items": [{**OFFER, "steps": []}]}),
    "steps in a text": json.dumps({"items": [{**OFFER, "description": f'"steps": {STEPS}'}]}),
    "a text for steps": json.dumps({"items": [{**OFFER, "steps": STEPS}]}),
    "a text for no steps": json.dumps({"items": [{**OFFER, "steps": "[]"}]}),
    "a number for steps": json.dumps({"items": [{**OFFER, "steps": 0}]}),
    "steps under another name": json.dumps({"items": [{**OFFER, 'x"steps': OFFER["steps"]}]}),
    "steps elsewhere": json.dumps({"steps": OFFER["steps"], "items": [{"more": OFFER, **OFFER}]}),
    "steps in steps": json.dumps({"items": [{**OFFER, "steps": [{**OFFER["steps"][0], "more": OFFER}]}]}),
    "steps twice": f'{{"items": [{CHAIN[:-1]}, "steps": []}}]}}',
    "more chains than are looked up": json.dumps(
        {"items": [{**OFFER, "id": number} for number in range(MOST_LOOKED_UP + 2)]}
    ),
    "a name with an escape": json.dumps({"items": [OFFER]}).replace('"steps"', '"st\\u0065ps"'),
}


@pytest.mark.parametrize("text", ODD_PAGES.values(), ids=ODD_PAGES)
def test_pages_are_read_the_same_where_their_steps_are_known_already(text: str) -> None:
    def read(lists: ChainLists) -> object:
        try:
            return lists.offer_chains(text.encode()).items
        except UpstreamInvalid:
            return "invalid"

    lists = ChainLists()
    for known in (page(OFFER), page({**OFFER, "steps": []}), page({**OFFER, "steps": OFFER["steps"][:1]})):
        for _ in range(2):
            lists.offer_chains(known)
    expected = read(ChainLists())
    assert [read(lists) for _ in range(4)] == [expected] * 4


@pytest.mark.parametrize(
    "date",
    [
        pytest.param("2026-04-15T18:16:00+05:00", id="with an offset"),
        pytest.param("2026-04-15T13:16:00Z", id="in UTC"),
        pytest.param("2026-04-15T13:16:00", id="without an offset"),
        pytest.param(f"2026-04-15T13:16:00.{'0' * 60}Z", id="longer than what is remembered"),
    ],
)
def test_dates_of_lists_are_moments_in_utc(date: str) -> None:
    lists, moment = ChainLists(), datetime(2026, 4, 15, 13, 16, tzinfo=UTC)
    body = page({**OFFER, "date_start": date, "date_end": date}, {**OFFER, "id": 2, "date_start": date})
    for _ in range(2):
        first, second = lists.offer_chains(body).items
        assert (first.date_start, first.date_end) == (moment, moment)
        assert (second.date_start, second.date_end) == (moment, None)


@pytest.mark.parametrize("date", ["", "yesterday", {}, None])
def test_a_chain_without_a_date_that_can_be_read_is_left_out_alone(date: object) -> None:
    body = page({**OFFER, "date_start": date}, {**OFFER, "id": 2})
    assert [chain.id for chain in ChainLists().offer_chains(body).items] == [2]
