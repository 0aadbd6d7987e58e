"""An update of a chain's steps, however they are rearranged."""

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sandbox import create_sandbox
from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.admin.publisher import Publisher, offer_chain, step
from tests.sandbox.world import ORIGIN, CheckedTransport, Clock, World

SKUS = ("ember_key", "gold", "lantern_oil", "guild_horn", "storm_cloak")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    claimed=st.integers(0, 4),
    continued=st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=5).filter(
        lambda steps: len({one for one in steps if one is not None}) == sum(one is not None for one in steps)
    ),
    numbers=st.permutations((1, 2, 3, 5, 8)),
)
async def test_each_step_keeps_the_progress_of_the_one_it_continues(
    claimed: int, continued: list[int | None], numbers: list[int]
) -> None:
    clock = Clock()
    app = create_sandbox(clock=clock)
    async with httpx.AsyncClient(transport=CheckedTransport(app), base_url=ORIGIN) as client:
        publisher, game = Publisher(client), World(app, clock, client).game(FRESH_PLAYER)
        chain_id = await publisher.make_offer_chain(steps=[step(n + 1, SKUS[n]) for n in range(4)])
        for number in range(1, claimed + 1):
            assert (await game.claim_offer(chain_id, number)).status_code == 200
        ids = [one["step_id"] for one in (await publisher.read(f"/offer_chain/id/{chain_id}"))["steps"]]

        await publisher.put(f"/offer_chain/id/{chain_id}/toggle")
        places = list(zip(numbers, continued, SKUS, strict=False))
        steps = [step(number, sku, step_id=None if former is None else ids[former]) for number, former, sku in places]
        assert (await publisher.put(f"/offer_chain/id/{chain_id}", offer_chain(steps=steps))).status_code == 204

        expected = {number: former is not None and former < claimed for number, former, _ in places}
        chain = (await game.offer_chains())["Made"]
        assert {one["step_number"]: one["is_claimed"] for one in chain["steps"]} == expected
        assert chain["next_step_number"] == min(
            (n for n, is_claimed in expected.items() if not is_claimed), default=None
        )
    app.state.sandbox.close()
