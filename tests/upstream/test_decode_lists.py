"""Steps with the same JSON are one object for all players, whatever was cached before."""

import json
from typing import Any

from gateway.upstream.decode_lists import ChainLists
from tests.support.upstream_json import OFFER, REWARD


def page(*items: dict[str, Any]) -> bytes:
    return json.dumps({"items": items}).encode()


def test_equal_steps_of_two_bodies_are_one_object_and_others_are_not() -> None:
    lists = ChainLists()
    first, second = lists.offer_chains(page(OFFER)).items[0], lists.offer_chains(page({**OFFER, "id": 10})).items[0]
    assert all(ours is theirs for ours, theirs in zip(first.steps, second.steps, strict=True))
    claimed = [{**OFFER["steps"][0], "is_claimed": True}, *OFFER["steps"][1:]]
    third = lists.offer_chains(page({**OFFER, "steps": claimed})).items[0]
    assert (third.steps[0].is_claimed, first.steps[0].is_claimed) == (True, None)
    assert third.steps[1] is first.steps[1]


def test_the_cached_steps_are_bounded_and_change_no_result() -> None:
    small, wide = ChainLists(max_bytes=3_000), ChainLists()
    for number in range(40):
        body = page({**REWARD, "steps": [{**step, "step_id": number} for step in REWARD["steps"]]})
        assert small.reward_chains(body) == wide.reward_chains(body)
        assert 0 < small.charged_bytes <= 3_000
    assert wide.charged_bytes > 3_000
