"""Lists whose pages, versions and elements are not quite as documented."""

import pytest

from tests.sandbox.scripted_admin import PROJECT, ScriptedAdmin, read


def _chain(number: int, **more: object) -> dict[str, object]:
    return {"id": number, "name": {"en": f"Chain {number}"}, **more}


async def test_lists_are_read_to_their_ends_whatever_their_pages_hold() -> None:
    admin = ScriptedAdmin(page=3)
    items = [{"sku": f"item-{number}"} for number in range(10)]
    admin.lists["/items/bundle"] = [*items[:4], "no object", {"sku": None}, *items[4:], items[0]]
    admin.lists["/offer_chain"] = [*({"id": number} for number in range(1, 8)), {"id": "eight"}]
    admin.objects = {f"/offer_chain/id/{number}": _chain(number) for number in range(1, 8)}
    snapshot = (await read(admin)).snapshot
    assert [one["sku"] for one in snapshot.bundles] == [one["sku"] for one in items]
    assert [one["name"]["en"] for one in snapshot.offer_chains] == [f"Chain {number}" for number in range(1, 8)]


async def test_a_list_that_ignores_the_offset_ends() -> None:
    admin = ScriptedAdmin(page=100)
    endless = [{"sku": "one"}] * 1_000
    admin.lists["/items/virtual_items"] = endless
    admin.lists["/daily_chain"] = [{"id": 1}] * 1_000
    admin.objects["/daily_chain/id/1"] = _chain(1)
    snapshot = (await read(admin)).snapshot
    assert [len(snapshot.virtual_items), len(snapshot.daily_chains)] == [1, 1]


async def test_packages_among_the_bundles_are_taken_once() -> None:
    admin = ScriptedAdmin()
    admin.lists["/items/virtual_currency/package"] = [{"sku": "coins-100"}]
    admin.lists["/items/bundle"] = [{"sku": "coins-100"}, {"sku": "box"}]
    snapshot = (await read(admin)).snapshot
    assert [one["sku"] for one in snapshot.bundles] == ["box"]


async def test_reward_chains_are_read_under_the_third_version_where_the_second_has_none() -> None:
    admin = ScriptedAdmin()
    admin.forbidden = {"v2/reward_chain"}
    admin.lists["/reward_chain"] = [{"reward_chain_id": 5}]
    admin.objects["/reward_chain/id/5"] = {"reward_chain_id": 5}
    reading = await read(admin)
    assert [one["reward_chain_id"] for one in reading.snapshot.reward_chains] == [5]
    assert f"/api/v3/project/{PROJECT}/admin/reward_chain/id/5" in admin.paths
    assert reading.missing == ()


async def test_what_a_project_does_not_have_is_named() -> None:
    admin = ScriptedAdmin()
    admin.forbidden = {"/daily_chain", "/reward_chain", "/items/bundle", "/items/embers/value_points/rewards"}
    admin.lists["/items/value_points"] = [{"sku": "embers"}]
    reading = await read(admin)
    assert reading.missing == ("bundles", "reward_chains", "daily_chains")
    assert reading.snapshot.point_rewards == {}


async def test_a_chain_that_is_deleted_meanwhile_is_left_out() -> None:
    admin = ScriptedAdmin()
    admin.lists["/offer_chain"] = [{"id": 1}, {"id": 2}]
    admin.objects["/offer_chain/id/2"] = _chain(2)
    assert [one["id"] for one in (await read(admin)).snapshot.offer_chains] == [2]


async def test_unknown_fields_are_kept_and_named_wherever_they_are() -> None:
    admin = ScriptedAdmin()
    admin.lists["/offer_chain"] = [{"id": 1}]
    admin.objects["/offer_chain/id/1"] = _chain(
        1,
        season="autumn",
        number_of_steps=1,
        recurrent_schedule={"interval_type": "hourly", "every": 2},
        steps=[{"step_number": 1, "badge": {"colour": "red"}, "items": [{"sku": "hat", "rarity": 5}]}],
    )
    admin.lists["/items/virtual_items"] = [{"sku": "hat", "custom_attributes": {"wool": True}, "created_at": "today"}]
    reading = await read(admin)
    assert reading.unknown == (
        "offer_chains.recurrent_schedule.every",
        "offer_chains.season",
        "offer_chains.steps.badge",
        "offer_chains.steps.items.rarity",
    )
    (chain,) = reading.snapshot.offer_chains
    assert (chain["season"], chain["steps"][0]["badge"]) == ("autumn", {"colour": "red"})


@pytest.mark.parametrize("kind", ["sold", "reserved", "available", "can_delete"])
async def test_counts_that_change_with_each_sale_are_left_out_silently(kind: str) -> None:
    admin = ScriptedAdmin()
    admin.lists["/items/virtual_items"] = [{"sku": "hat", "limits": {"per_item": {"total": 5, kind: 3}}}]
    reading = await read(admin)
    assert reading.snapshot.virtual_items[0]["limits"] == {"per_item": {"total": 5}}
    assert (reading.left_out, reading.unknown) == ((), ())
