"""Which publishers may configure which projects."""

import pytest

from gateway.sandbox import DEMO_API_KEY
from gateway.sandbox.demo.accounts import SECOND_API_KEY, SECOND_PROJECT_ID
from tests.sandbox.admin.publisher import Publisher, problem
from tests.sandbox.world import World, basic

ROOT = "/api/v2/project/44056/admin"


@pytest.mark.parametrize("user", ["44056", "2340"], ids=["the project's number", "a merchant's number"])
async def test_the_key_opens_the_project_for_its_number_and_for_any_merchant(world: World, user: str) -> None:
    assert (await Publisher(world.client, user=user).get("/offer_chain")).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Basic é",
        basic("44056:wrong"),
        basic("44056"),
        basic(f":{DEMO_API_KEY}"),
        basic(f"somebody:{DEMO_API_KEY}"),
        basic(f"44056:{SECOND_API_KEY}"),
        basic("44056:ключ"),
        f"Bearer {DEMO_API_KEY}",
    ],
    ids=[
        "absent",
        "empty",
        "no credentials",
        "no base64",
        "no ASCII",
        "wrong key",
        "no key",
        "no user",
        "a name as user",
        "another project's key",
        "a key of other letters",
        "another scheme",
    ],
)
async def test_without_the_key_nothing_opens(world: World, authorization: str | None) -> None:
    headers = {} if authorization is None else {b"Authorization": authorization.encode()}
    answer = await world.client.get(ROOT + "/offer_chain", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {
        "statusCode": 401,
        "errorCode": 1020,
        "errorMessage": "[0401-1020]: Error in Authentication method occurred",
    }


async def test_a_player_s_token_opens_nothing(world: World) -> None:
    issued = world.sandbox.issue_opaque_token("somebody")
    answer = await world.client.get(ROOT + "/webhook", headers={"Authorization": f"Bearer {issued}"})
    assert problem(answer)[:2] == (401, 1020)


@pytest.mark.parametrize("project_id", [1, 999999])
async def test_a_project_that_does_not_exist_has_no_key(world: World, project_id: int) -> None:
    assert problem(await Publisher(world.client, project_id=project_id).get("/offer_chain"))[:2] == (401, 1020)


async def test_nothing_is_written_without_the_key(world: World) -> None:
    stranger = Publisher(world.client, key="guess")
    assert problem(await stranger.put("/offer_chain/id/1/toggle"))[:2] == (401, 1020)
    assert problem(await stranger.post("/items/virtual_items", "not even a body"))[:2] == (401, 1020)
    assert (await Publisher(world.client).read("/offer_chain/id/1"))["is_enabled"] is True


@pytest.mark.parametrize("path", ["/", "/offer_chains", "/daily_chains", "/items/nothing/at/all", "/offer_chain/1"])
async def test_a_path_that_does_not_exist_is_forbidden(publisher: Publisher, path: str) -> None:
    assert problem(await publisher.get(path)) == (403, 0, "Requested endpoint is forbidden")


async def test_offer_chains_have_no_third_version(world: World) -> None:
    assert problem(await Publisher(world.client, version="v3").get("/offer_chain"))[:2] == (403, 0)


async def test_another_method_is_not_allowed(publisher: Publisher) -> None:
    assert problem(await publisher.patch("/offer_chain", {}))[:2] == (405, 0)


async def test_projects_do_not_see_each_other(world: World, publisher: Publisher) -> None:
    other = Publisher(world.client, SECOND_API_KEY, SECOND_PROJECT_ID)
    await publisher.make_item("sword")
    assert [one["name"]["en"] for one in (await other.read("/offer_chain"))["items"]] == ["Deep Water"]
    assert [one["sku"] for one in (await other.read("/items/virtual_items"))["items"]] == ["spyglass"]
    for path in (
        "/offer_chain/id/1",
        "/reward_chain/id/5",
        "/items/virtual_items/sku/sword",
        "/items/value_points/sku/vp_embers",
        "/items/vp_embers/value_points/rewards",
    ):
        assert problem(await other.get(path))[:2] == (404, 4001)
    assert problem(await other.delete("/offer_chain/id/1"))[:2] == (404, 4001)
    await other.make_item("sword")
    assert (await publisher.delete("/items/virtual_items/sku/sword")).status_code == 204
    assert (await other.get("/items/virtual_items/sku/sword")).status_code == 200
