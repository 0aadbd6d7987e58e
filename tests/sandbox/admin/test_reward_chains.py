"""Reward chains as their publisher configures them."""

from typing import Any

import pytest

from gateway.sandbox.demo.accounts import GUILD_MATE_PLAYER, VETERAN_PLAYER
from tests.sandbox.admin.publisher import Publisher, clan_chain, problem, reward_chain, reward_step, without
from tests.sandbox.world import ORIGIN, World

ORC = {"attribute": "race", "type": "string", "operator": "eq", "value": "orc", "can_be_missing": False}
CLOSED = "The property `{}` is not defined and the definition does not allow additional properties"
POPUP = ("popup_header", "popup_instruction", "popup_image_url", "clan_type")
versions = pytest.mark.parametrize("version", ["v2", "v3"])


@versions
async def test_a_chain_lives_from_its_creation_to_its_deletion(world: World, version: str) -> None:
    publisher = Publisher(world.client, version=version)
    created = await publisher.post("/reward_chain", reward_chain(order=5))
    assert (created.status_code, created.json()) == (201, {"reward_chain_id": 10})
    assert [one["reward_chain_id"] for one in (await publisher.read("/reward_chain"))["items"]] == [5, 6, 10]
    (step,) = (await publisher.read("/reward_chain/id/10"))["steps"]
    steps = [reward_step(20, step_id=step["step_id"])]
    body = without(reward_chain(steps=steps, name={"en": "Renamed"}), "value_point")
    assert (await publisher.put("/reward_chain/id/10", body)).status_code == 204
    chain = await publisher.read("/reward_chain/id/10")
    assert (chain["name"], chain["steps"][0]["price"], chain["steps"][0]["step_id"]) == (
        {"en": "Renamed"},
        {"amount": 20},
        step["step_id"],
    )
    assert (await publisher.put("/reward_chain/id/10/toggle")).status_code == 204
    assert (await publisher.read("/reward_chain/id/10"))["is_enabled"] is False
    assert [one["reward_chain_id"] for one in (await publisher.read("/reward_chain", enabled=0))["items"]] == [10]
    assert (await publisher.post("/reward_chain/id/10/reset")).status_code == 204
    assert (await publisher.delete("/reward_chain/id/10")).status_code == 204
    assert problem(await publisher.get("/reward_chain/id/10")) == (404, 4001, "Reward chain not found")


async def test_a_personal_chain_answers_all_that_was_said_of_it(publisher: Publisher) -> None:
    rewards = [{"sku": "gold", "quantity": 5, "attribute_conditions": [ORC]}, {"sku": "moonstones_500", "quantity": 1}]
    steps = [
        {
            "name": {"de-DE": "Eins"},
            "price": {"amount": 0},
            "image_url": "https://example.com/1.png",
            "reward": rewards,
        },
        {"name": None, "price": {"amount": 100}, "reward": [{"sku": "wanderer_bundle", "quantity": 2}]},
    ]
    chain_id = await publisher.make_reward_chain(
        description={"en": "d"},
        long_description={"en": "l"},
        image_url="https://example.com/c.png",
        date_end="2030-01-01T00:00:00+05:00",
        is_enabled=False,
        recurrent_schedule={"interval_type": "weekly", "day_of_week": 4, "time": "00:00:00+02:00"},
        attribute_conditions=[ORC],
        is_always_visible=False,
        steps=steps,
    )
    chain = await publisher.read(f"/reward_chain/id/{chain_id}")
    point = chain.pop("value_point")
    assert (point["sku"], point["name"], point["is_clan"]) == ("vp_embers", {"en": "Embers", "de": "Glut"}, False)
    assert "amount" not in point
    ids = [step.pop("step_id") for step in chain["steps"]]
    assert len(set(ids)) == 2
    assert chain == {
        "reward_chain_id": chain_id,
        "name": {"en": "Earned"},
        "description": {"en": "d"},
        "long_description": {"en": "l"},
        "image_url": "https://example.com/c.png",
        "order": 1,
        "date_start": "2026-01-01T00:00:00+00:00",
        "date_end": "2030-01-01T00:00:00+05:00",
        "is_enabled": False,
        "recurrent_schedule": {
            "interval_type": "weekly",
            "day_of_week": 4,
            "time": "00:00:00+02:00",
            "reset_next_date": 1767823200,
            "displayable_reset_start_date": "2026-01-08T00:00:00+02:00",
            "displayable_reset_next_date": "2026-01-15T00:00:00+02:00",
        },
        "attribute_conditions": [ORC],
        "is_always_visible": False,
        "popup_header": None,
        "popup_instruction": None,
        "popup_image_url": None,
        "clan_type": None,
        "top_contributors": None,
        "steps": [
            {
                "name": {"de": "Eins"},
                "price": {"amount": 0},
                "image_url": "https://example.com/1.png",
                "reward": [rewards[0], rewards[1] | {"attribute_conditions": []}],
            },
            {
                "name": None,
                "price": {"amount": 100},
                "image_url": None,
                "reward": [{"sku": "wanderer_bundle", "quantity": 2, "attribute_conditions": []}],
            },
        ],
    }


async def test_a_clan_chain_tells_who_has_earned_most(publisher: Publisher) -> None:
    chain = await publisher.read("/reward_chain/id/6")
    assert chain["top_contributors"] == {"name": VETERAN_PLAYER.name, "contributed_amount": 40}
    assert [chain[name] is not None for name in POPUP] == [True] * 4
    assert (chain["clan_type"], chain["popup_image_url"]) == ("guild", f"{ORIGIN}/images/guild_banner_popup.svg")


async def test_a_fresh_clan_value_point_has_no_contributor(publisher: Publisher) -> None:
    await publisher.post("/items/value_points", {"sku": "flags", "name": None, "is_clan": True})
    created = await publisher.post("/reward_chain", clan_chain(value_point={"sku": "flags"}, clan_type=None))
    chain = await publisher.read(f"/reward_chain/id/{created.json()['reward_chain_id']}")
    assert (chain["top_contributors"], chain["clan_type"]) == (None, None)


async def test_a_list_tells_the_value_points_and_no_steps(publisher: Publisher) -> None:
    page = await publisher.read("/reward_chain", limit=1, offset=1)
    assert (page["has_more"], [one["reward_chain_id"] for one in page["items"]]) == (False, [6])
    assert (page["items"][0]["value_point"]["sku"], page["items"][0]["value_point"]["amount"]) == ("vp_banners", 0)
    assert (await publisher.read("/reward_chain", limit=1))["has_more"] is True
    assert await publisher.read("/reward_chain", limit=11) == await publisher.read("/reward_chain")


@versions
async def test_an_unknown_chain_is_not_found(world: World, version: str) -> None:
    publisher, path = Publisher(world.client, version=version), "/reward_chain/id/1"
    body = without(reward_chain(steps=[reward_step(step_id=None)]), "value_point")
    for answer in (
        await publisher.get(path),
        await publisher.put(path, body),
        await publisher.delete(path),
        await publisher.put(path + "/toggle"),
        await publisher.post(path + "/reset"),
    ):
        assert problem(answer) == (404, 4001, "Reward chain not found")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (without(reward_chain(), "value_point"), "The property `value_point` is required"),
        (without(reward_chain(), "is_enabled"), "The property `is_enabled` is required"),
        (reward_chain(value_point={}), "The property `sku` is required"),
        (reward_chain(value_point={"sku": "ember_key"}), "Item with sku = 'ember_key' not found"),
        (reward_chain(clan_type="guild"), "The value point of a clan chain must be one of clans"),
        (clan_chain(value_point={"sku": "vp_embers"}), "The value point of a clan chain must be one of clans"),
        (clan_chain(clan_type="mob"), "Does not have a value in the enumeration: 'mob'"),
        (without(clan_chain(), "popup_header"), "The property `popup_header` is required"),
        (without(clan_chain(), "popup_instruction"), "The property `popup_instruction` is required"),
        (reward_chain(steps=[]), "There must be a minimum of 1 items in the array"),
        (reward_chain(steps=[reward_step(n) for n in range(32)]), "There must be a maximum of 31 items in the array"),
        (reward_chain(steps=[reward_step(reward=[])]), "There must be a minimum of 1 items in the array"),
        (
            reward_chain(steps=[reward_step(reward=[{"sku": "gold", "quantity": 1}] * 11)]),
            "There must be a maximum of 10 items in the array",
        ),
        (reward_chain(steps=[reward_step(sku="nothing")]), "Item with sku = 'nothing' not found"),
        (reward_chain(steps=[reward_step(sku="vp_banners")]), "Item with sku = 'vp_banners' not found"),
        (reward_chain(steps=[reward_step(-1)]), "Must have a minimum value of 0"),
        (reward_chain(steps=[without(reward_step(), "name")]), "The property `name` is required"),
        (
            reward_chain(steps=[reward_step(reward=[{"sku": "gold", "quantity": 1, "attribute_conditions": []}])]),
            "There must be a minimum of 1 items in the array",
        ),
        (
            reward_chain(recurrent_schedule={"interval_type": "hourly"}),
            "Does not have a value in the enumeration: 'hourly'",
        ),
        (reward_chain(reward_chain_id=1), CLOSED.format("reward_chain_id")),
    ],
)
async def test_what_cannot_be_is_refused_without_details(publisher: Publisher, body: dict[str, Any], text: str) -> None:
    refused = await publisher.post("/reward_chain", body)
    assert problem(refused) == (422, 1102, text)
    assert refused.json().keys() == {"statusCode", "errorCode", "errorMessage", "transactionId"}
    assert len((await publisher.read("/reward_chain"))["items"]) == 2


async def test_an_unknown_language_refuses_the_whole_write(publisher: Publisher) -> None:
    for body in (reward_chain(steps=[reward_step(name={"xx": ""})]), clan_chain(popup_header={"xx": ""})):
        assert problem(await publisher.post("/reward_chain", body)) == (404, 4001, "Language 'xx' not found")
    assert len((await publisher.read("/reward_chain"))["items"]) == 2


async def test_as_many_steps_and_rewards_as_may_be_are_taken(publisher: Publisher) -> None:
    rewards = [{"sku": "gold", "quantity": number} for number in range(1, 11)]
    chain_id = await publisher.make_reward_chain(steps=[reward_step(n, reward=rewards) for n in range(31)])
    steps = (await publisher.read(f"/reward_chain/id/{chain_id}"))["steps"]
    assert (len(steps), {len(step["reward"]) for step in steps}) == (31, {10})


@pytest.mark.parametrize("name", ["value_point", "clan_type", "reward_chain_id"])
async def test_what_a_chain_is_cannot_be_changed(publisher: Publisher, name: str) -> None:
    chain = await publisher.read("/reward_chain/id/6")
    body = without(clan_chain(steps=[reward_step(step_id=None)]), "value_point", "clan_type") | {name: chain[name]}
    refused = await publisher.put("/reward_chain/id/6", body)
    assert problem(refused) == (422, 1102, CLOSED.format(name))


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ([reward_step()], "The property `step_id` is required"),
        ([reward_step(step_id=1)], "The chain has no such step to continue"),
    ],
    ids=["not said", "another chain's"],
)
async def test_each_step_says_which_one_it_continues(publisher: Publisher, steps: list[Any], text: str) -> None:
    before = await publisher.read("/reward_chain/id/5")
    refused = await publisher.put("/reward_chain/id/5", without(reward_chain(steps=steps), "value_point"))
    assert problem(refused) == (422, 1102, text)
    assert await publisher.read("/reward_chain/id/5") == before


async def test_an_update_keeps_the_value_point_and_the_clan_type(publisher: Publisher) -> None:
    body = without(clan_chain(steps=[reward_step(step_id=None)]), "value_point", "clan_type")
    assert problem(await publisher.put("/reward_chain/id/6", without(body, "popup_header")))[:2] == (422, 1102)
    assert (await publisher.put("/reward_chain/id/6", body)).status_code == 204
    chain = await publisher.read("/reward_chain/id/6")
    assert (chain["value_point"]["sku"], chain["clan_type"], chain["popup_header"]) == (
        "vp_banners",
        "guild",
        {"en": "How"},
    )


async def test_a_reset_wipes_the_balance_of_all_chains_on_the_point_and_the_progress_of_one(
    world: World, publisher: Publisher
) -> None:
    other = await publisher.make_reward_chain(steps=[reward_step(10), reward_step(100)])
    game = world.game(VETERAN_PLAYER)
    first, second = [step["step_id"] for step in (await publisher.read(f"/reward_chain/id/{other}"))["steps"]]
    assert (await game.claim_reward(other, first)).status_code == 204
    owned = world.sandbox.inventory(VETERAN_PLAYER.id)

    assert (await publisher.post("/reward_chain/id/5/reset")).status_code == 204
    chains = await game.reward_chains()
    trail, earned = chains["Ember Trail"], chains["Earned"]
    assert (trail["value_point"]["amount"], earned["value_point"]["amount"]) == (0, 0)
    assert [step["is_claimed"] for step in trail["steps"]] == [False] * 4
    assert [step["is_claimed"] for step in earned["steps"]] == [True, False]
    assert problem(await game.claim_reward(other, second))[:2] == (422, 9913)
    assert chains["Raise the Banner"]["value_point"]["amount"] == 55
    assert world.sandbox.inventory(VETERAN_PLAYER.id) == owned


async def test_a_reset_clan_chain_is_empty_for_the_whole_clan(world: World, publisher: Publisher) -> None:
    assert (await publisher.post("/reward_chain/id/6/reset")).status_code == 204
    for player in (VETERAN_PLAYER, GUILD_MATE_PLAYER):
        chain = (await world.game(player).reward_chains())["Raise the Banner"]
        assert (chain["value_point"]["amount"], chain["top_contributors"]) == (0, [])
    assert (await publisher.read("/reward_chain/id/6"))["top_contributors"] is None
