"""A chain's steps with the same JSON are one object for all players, whatever was cached before."""

import json
from typing import Any

from gateway.domain.shared import Shared
from gateway.upstream.decode_lists import JUDGED, SAMPLED, ChainLists
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
    kinds = [type(lists.reward_chains(page(REWARD)).items[0].steps) for _ in range(JUDGED * SAMPLED + SAMPLED)]
    assert kinds.count(Shared) < len(kinds) / 8
    assert [type(lists.reward_chains(page(REWARD)).items[0].steps) for _ in range(10)] == [Shared] * 10
