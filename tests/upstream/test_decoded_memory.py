"""What decoded answers weigh, against what they are charged."""

import json
import tracemalloc
from typing import Any

import pytest

from gateway.upstream.decode import MEMORY_PER_BODY_BYTE
from gateway.upstream.decode_lists import ChainLists
from tests.support.upstream_json import OFFER, REWARD

UNSHARED = ChainLists(max_bytes=0)
"""Steps are objects of their own, as for a player who is shown what nobody else is."""
SHARED = ChainLists()


def small(number: int) -> dict[str, Any]:
    step = {"step_number": number, "is_free": True, "items": [{"sku": "s"}, {"sku": "t"}, {"sku": "u"}]}
    return {"id": number, "name": "n", "date_start": "2026-01-05T00:00:00Z", "steps": [step]}


@pytest.mark.parametrize(
    ("read", "chains"),
    [
        (UNSHARED.offer_chains, [{**OFFER, "id": number} for number in range(200)]),
        (UNSHARED.reward_chains, [{**REWARD, "reward_chain_id": number} for number in range(200)]),
        (UNSHARED.offer_chains, [small(number) for number in range(200)]),
        (SHARED.offer_chains, [{**OFFER, "id": number} for number in range(200)]),
        (SHARED.reward_chains, [{**REWARD, "reward_chain_id": number} for number in range(200)]),
    ],
    ids=["offers", "rewards", "as dense as chains get", "offers that others were shown", "rewards, too"],
)
def test_chains_weigh_no_more_than_they_are_charged(read: Any, chains: list[dict[str, Any]]) -> None:
    body = json.dumps({"items": chains}, separators=(",", ":")).encode()
    read(body)
    tracemalloc.start()
    page = read(body)
    weight, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(page.items) == 200
    own_bytes = len(body) - page.shared_bytes
    assert weight <= MEMORY_PER_BODY_BYTE * own_bytes, weight / own_bytes
