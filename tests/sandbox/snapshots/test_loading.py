"""What becomes of a snapshot in a sandbox: also of one from a project that is not quite as documented."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.sandbox import DEMO_PROJECT_ID, Loaded, Sandbox, Snapshot, SnapshotError, create_sandbox, load_project
from gateway.sandbox.demo.tokens import mint_token
from tests.sandbox.world import ORIGIN, Clock, Game, Randomness

PROJECT = 7
STARTS = "2026-01-01T00:00:00+00:00"

HAT = {
    "item_id": 1,
    "sku": "hat",
    "name": {"en": "Hat"},
    "prices": [{"amount": 1.5, "currency": "USD", "is_default": True}],
}


def _snapshot(**lists: Any) -> Snapshot:
    return Snapshot(project_id=PROJECT, source="store.xsolla.com", taken_at=STARTS, **lists)


def _offer(*items: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    steps = [{"step_number": 1, "is_free": True, "items": list(items)}]
    return {"id": number, "name": {"en": "Chain"}, "date_start": STARTS, "is_enabled": True, "steps": steps, **more}


def _reward(sku: str, point: object, **more: Any) -> dict[str, Any]:
    steps = [{"step_id": 9, "name": {"en": "First"}, "price": {"amount": 10}, "reward": [{"sku": sku, "quantity": 2}]}]
    chain = {"reward_chain_id": 1, "name": None, "date_start": STARTS, "is_enabled": True, "value_point": point}
    return {**chain, "steps": steps, **more}


class Loading:
    """A sandbox without projects, and what came of a snapshot in it."""

    def __init__(self) -> None:
        self.app = create_sandbox(seed_demo=False, clock=Clock(), random_bytes=Randomness())
        self.sandbox: Sandbox = self.app.state.sandbox

    def load(self, snapshot: Snapshot) -> Loaded:
        return load_project(self.sandbox.database, snapshot)

    async def seen(self, path: str) -> Any:
        """What a player is told."""
        token = mint_token("ann", project_id=PROJECT, now=Clock().now)
        # Not compared with the contract, whose limits of the guides are not applied.
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=ORIGIN) as client:
            return (await Game(client, token, PROJECT).get(path)).json()["items"]


@pytest.fixture
async def loading() -> AsyncIterator[Loading]:
    one = Loading()
    yield one
    one.sandbox.close()


def _problems(loaded: Loaded) -> list[tuple[str, bool]]:
    return [(one.what, one.is_missing) for one in loaded.problems]


async def test_steps_may_hold_more_than_the_guides_allow(loading: Loading) -> None:
    parts = [{"sku": "hat", "quantity": 1}, {"sku": "hat", "quantity": 3, "order": 2}]
    steps = [{"step_number": number, "is_free": False, "items": parts} for number in range(1, 41)]
    loaded = loading.load(_snapshot(virtual_items=(HAT,), offer_chains=(_offer(steps=steps),)))
    assert loaded.problems == ()
    (chain,) = await loading.seen("/user/offer_chain")
    assert len(chain["steps"]) == 40
    assert [item["quantity"] for item in chain["steps"][0]["items"]] == [1, 3]


async def test_items_of_no_list_get_a_stand_in_with_what_is_said_of_them(loading: Loading) -> None:
    key = {
        "sku": "game-key",
        "quantity": 1,
        "type": "unit",
        "name": {"en": "A game"},
        "image_url": "https://cdn.example/k",
    }
    offer = _offer(key)
    offer["steps"][0] |= {"is_free": False, "step_price": {"amount": "9.99", "currency": "EUR"}}
    daily = _offer({"sku": "ghost", "quantity": 2}, number=3, type="rolling")
    point = {"sku": "embers", "name": {"en": "Embers"}}
    loaded = loading.load(
        _snapshot(
            bundles=({"sku": "box", "name": {"en": "Box"}, "content": [{"sku": "lid", "quantity": 1}]},),
            value_points=(point,),
            offer_chains=(offer,),
            reward_chains=(_reward("ghost", point),),
            daily_chains=(daily,),
        )
    )
    assert _problems(loaded) == [("item lid", False), ("item game-key", False), ("item ghost", False)]
    assert loaded.counts["virtual_items"] == (0, 0)
    (chain,) = await loading.seen("/user/offer_chain")
    (step,) = chain["steps"]
    assert step["step_price"] == {"amount": 9.99, "currency": "EUR"}
    assert (step["items"][0]["name"], step["items"][0]["image_url"]) == ("A game", "https://cdn.example/k")
    (chain,) = await loading.seen("/user/reward_chain")
    assert chain["steps"][0]["reward"][0]["name"] == "ghost"


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        (
            {"prices": [{"amount": "2", "currency": "USD"}, {"amount": "3.50", "currency": "EUR", "is_default": True}]},
            [],
        ),
        ({"prices": [{"amount": 2, "currency": "USD", "is_default": True}] * 2}, []),
        ({"prices": [{"amount": 2, "currency": "USD", "country_iso": "US", "is_default": True}]}, []),
        ({"name": [], "groups": None, "media_list": [], "limits": None, "attributes": []}, []),
        ({"media_list": [{"type": "hologram", "url": "https://cdn.example"}]}, ["without"]),
        ({"name": {"en": "Hat", "xx": "Chapo"}}, ["language"]),
        (
            {
                "limits": {
                    "per_user": {
                        "total": 3,
                        "recurrent_schedule": {
                            "interval_type": "daily",
                            "time": "01:00:00+00:00",
                            "reset_next_date": 5,
                        },
                    }
                }
            },
            [],
        ),
        (
            {
                "limits": {
                    "per_user": 3,
                    "per_item": {"total": 9},
                    "recurrent_schedule": {
                        "per_user": {"interval_type": "weekly", "day_of_week": 2, "time": "01:00:00+00:00"}
                    },
                }
            },
            [],
        ),
        ({"limits": {"per_user": 3, "recurrent_schedule": {"per_user": {"interval_type": "yearly"}}}}, ["without"]),
        ({"vc_prices": [{"sku": "gold", "amount": 5}]}, []),
        ({"sku": "a hat"}, ["missing"]),
        ({"prices": [{"amount": "much", "currency": "USD"}]}, ["missing"]),
    ],
    ids=[
        "texts-as-amounts",
        "two-defaults",
        "no-default",
        "nothings",
        "media",
        "language",
        "limit",
        "limits",
        "yearly",
        "currency",
        "sku",
        "amount",
    ],
)
def test_items_are_taken_as_far_as_they_can_be(loading: Loading, raw: dict[str, Any], problems: list[str]) -> None:
    gold = {"sku": "gold", "name": {"en": "Gold"}}
    loaded = loading.load(_snapshot(virtual_items=({**HAT, **raw},), virtual_currencies=(gold,)))
    words = {"its texts in": "language", "its details are left out": "without"}
    found = [
        "missing" if one.is_missing else next(word for start, word in words.items() if one.reason.startswith(start))
        for one in loaded.problems
    ]
    assert found == problems
    assert loaded.counts["virtual_items"] == (1, 0 if "missing" in problems else 1)


def test_bundles_are_filled_whatever_the_order_and_not_with_themselves(loading: Loading) -> None:
    def bundle(number: int, sku: str, *content: str) -> dict[str, Any]:
        parts = [{"sku": one, "quantity": 1, "name": {"en": one}} for one in content]
        return {"item_id": number, "sku": sku, "name": {"en": sku}, "virtual_prices": [], "content": parts}

    round_trip = (bundle(8, "egg", "hen"), bundle(9, "hen", "egg"), bundle(10, "self", "self"))
    loaded = loading.load(
        _snapshot(bundles=(bundle(5, "outer", "inner"), bundle(6, "inner", "hat"), *round_trip), virtual_items=(HAT,))
    )
    assert _problems(loaded) == [("content of hen", True), ("content of self", True)]


async def test_chains_that_cannot_be_read_cost_only_themselves(loading: Loading) -> None:
    hat = {"sku": "hat", "quantity": 1}
    point = {"sku": "embers", "name": {"en": "Embers"}}
    twice = [{"step_number": 1, "is_free": True, "items": [hat]}] * 2
    loaded = loading.load(
        _snapshot(
            virtual_items=(HAT,),
            value_points=(point,),
            point_rewards={"embers": ({"sku": "hat", "amount": 5}, {"sku": "gone", "amount": 5}), "none": ()},
            offer_chains=(
                _offer(hat, number=1),
                _offer(number=2, steps=[]),
                _offer(number=3, steps=twice),
                _offer(hat, number=4, recurrent_schedule={"interval_type": "yearly"}),
                _offer({"sku": "embers", "quantity": 1}, number=5),
                _offer(hat, number=6, attribute_conditions=[{"attribute": "level", "operator": "near"}]),
                _offer(hat, number=7, name={"en": "Chain", "xx": "?"}, description=None, attribute_conditions=[]),
            ),
            reward_chains=(
                _reward("hat", {"sku": "embers"}, clan_type="guild", popup_header={"en": "How"}),
                _reward("hat", None, reward_chain_id=2),
                _reward("hat", {"sku": "gone"}, reward_chain_id=3),
            ),
            daily_chains=(_offer(hat, type="calendar_hard"), _offer(hat, number=2, type="lunar")),
        )
    )
    missing = [one.what for one in loaded.problems if one.is_missing]
    assert missing == [
        "points of none",
        *(f"offer chain {number}" for number in (2, 3, 4, 5, 6)),
        "reward chain 2",
        "reward chain 3",
        "daily chain 2",
    ]
    assert [one.what for one in loaded.problems if not one.is_missing] == ["offer chain 7"]
    assert {kind: loaded.counts[kind] for kind in ("offer_chains", "reward_chains", "daily_chains")} == {
        "offer_chains": (7, 2),
        "reward_chains": (3, 1),
        "daily_chains": (2, 1),
    }
    assert loaded.chain_ids.keys() == {
        ("offer_chains", 1),
        ("offer_chains", 7),
        ("reward_chains", 1),
        ("daily_chains", 1),
    }
    assert len(await loading.seen("/user/offer_chain")) == 2


async def test_clan_chains_need_no_tooltip(loading: Loading) -> None:
    point = {"sku": "banners", "name": {"en": "Banners"}, "is_clan": True}
    loaded = loading.load(
        _snapshot(
            virtual_items=(HAT,), value_points=(point,), reward_chains=(_reward("hat", point, clan_type="guild"),)
        )
    )
    assert loaded.problems == ()
    (chain,) = await loading.seen("/user/reward_chain")
    assert chain["clan_type"] == "guild"


def test_a_project_is_not_loaded_over_another() -> None:
    app = create_sandbox()
    with pytest.raises(SnapshotError, match="already has project 44056"):
        load_project(app.state.sandbox.database, Snapshot(project_id=DEMO_PROJECT_ID, source="", taken_at=STARTS))
    app.state.sandbox.close()
