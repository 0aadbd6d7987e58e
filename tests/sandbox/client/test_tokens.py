"""Which tokens are accepted."""

from typing import Any

import jwt
import pytest

from gateway.sandbox import DEMO_LOGIN_SECRET, DEMO_PROJECT_ID, mint_token
from gateway.sandbox.demo.accounts import (
    FRESH_PLAYER,
    SECOND_LOGIN_SECRET,
    SECOND_PLAYER,
    SECOND_PROJECT_ID,
    VETERAN_PLAYER,
)
from gateway.sandbox.domain.tokens import login_project_id
from tests.sandbox.world import DAY, WEDNESDAY_NOON, Game, World, basic, refusal

NOW = int(WEDNESDAY_NOON)
CLAIMS: dict[str, Any] = {
    "iss": "https://login.xsolla.com",
    "sub": "somebody",
    "iat": NOW,
    "exp": NOW + 60,
    "xsolla_login_project_id": login_project_id(DEMO_PROJECT_ID),
}


def signed(secret: str = DEMO_LOGIN_SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    merged = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
    return jwt.encode(merged, secret, algorithm=algorithm)


def test_a_token_has_the_documented_claims() -> None:
    token = mint_token("somebody", name="Some", attributes={"clan": "owls"}, now=NOW + 0.9)
    assert jwt.decode(token, options={"verify_signature": False}) == {
        "iss": "https://login.xsolla.com",
        "sub": "somebody",
        "iat": NOW,
        "exp": NOW + DAY,
        "xsolla_login_project_id": login_project_id(DEMO_PROJECT_ID),
        "type": "xsolla_login",
        "groups": [{"id": 1, "name": "default", "is_default": True}],
        "username": "Some",
        "attributes": {"clan": "owls"},
    }
    assert jwt.get_unverified_header(token)["alg"] == "HS256"


def test_a_token_without_name_and_attributes_has_neither_claim() -> None:
    claims = jwt.decode(mint_token("somebody", now=NOW), options={"verify_signature": False})
    assert {"username", "attributes"} & set(claims) == set()


async def test_the_fewest_claims_are_enough(world: World) -> None:
    assert (await Game(world.client, signed()).get("/user/reward_chain/5/balance")).status_code == 200
    assert [player.name for player in world.sandbox.players()][-1] == "somebody"


REFUSED = {
    "another secret": signed("x" * 40),
    "another algorithm": signed(algorithm="HS384"),
    "no signature": signed("", algorithm="none"),
    "another issuer": signed(iss="https://login.test"),
    "no issuer": signed(iss=None),
    "another project": signed(xsolla_login_project_id=login_project_id(SECOND_PROJECT_ID)),
    "no project": signed(xsolla_login_project_id=None),
    "no player": signed(sub=None),
    "an empty player": signed(sub=""),
    "an endless player": signed(sub="x" * 256),
    "over": signed(exp=NOW),
    "no end": signed(exp=None),
    "an end in words": signed(exp="tomorrow"),
    "no token": "a.b.c",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
async def test_a_wrong_token_is_refused_even_where_none_is_needed(world: World, token: str) -> None:
    game = Game(world.client, token)
    assert refusal(await game.get("/user/offer_chain")) == (401, 1501)
    assert refusal(await game.claim_offer(1, 1)) == (401, 1501)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Token abc", basic("44056:sandbox-demo-api-key")])
async def test_a_header_of_another_shape_is_refused(world: World, header: str) -> None:
    assert refusal(await world.anonymous().get("/user/offer_chain", Authorization=header)) == (401, 1501)


async def test_a_token_is_over_at_its_last_second(world: World) -> None:
    game = world.game(FRESH_PLAYER)
    world.clock.advance(DAY - 1)
    assert (await game.get("/user/reward_chain/5/balance")).status_code == 200
    world.clock.advance(1)
    assert refusal(await game.get("/user/reward_chain/5/balance")) == (401, 1501)


async def test_the_word_bearer_is_of_any_case(world: World) -> None:
    answer = await world.anonymous().get("/user/reward_chain/5/balance", Authorization=f"bEARER {signed()}")
    assert answer.status_code == 200


async def test_an_opaque_token_is_as_good_as_a_jwt(world: World) -> None:
    game = Game(world.client, world.sandbox.issue_opaque_token(VETERAN_PLAYER.id))
    assert (await game.get("/user/reward_chain/5/balance")).json()["amount"] == 100


async def test_an_opaque_token_brings_name_and_attributes(world: World) -> None:
    token = world.sandbox.issue_opaque_token(
        "guest", name="Guest", attributes={"clan": "lantern-keepers", "level": 7, "vip": True, "gone": None}
    )
    assert (await Game(world.client, token).get("/user/reward_chain/6/balance")).json()["amount"] == 55
    guest = world.sandbox.players()[-1]
    assert (guest.name, guest.clan) == ("Guest", "lantern-keepers")
    assert guest.attributes == {"clan": "lantern-keepers", "level": "7", "vip": "true"}


async def test_an_opaque_token_ends_and_is_known_to_its_project_only(world: World) -> None:
    token = world.sandbox.issue_opaque_token(VETERAN_PLAYER.id, lifetime_seconds=60)
    assert refusal(await Game(world.client, token, SECOND_PROJECT_ID).get("/user/offer_chain")) == (401, 1013)
    world.clock.advance(60)
    assert refusal(await Game(world.client, token).get("/user/offer_chain")) == (401, 1013)


async def test_an_unknown_opaque_token_is_not_found(world: World) -> None:
    assert refusal(await Game(world.client, "unknown").get("/user/reward_chain")) == (401, 1013)


async def test_a_token_s_attributes_replace_the_stored_ones(world: World) -> None:
    await world.game(VETERAN_PLAYER, {"level": 24}).get("/user/offer_chain")
    veteran = world.sandbox.players()[1]
    assert (veteran.attributes, veteran.clan) == ({"level": "24"}, "lantern-keepers")


async def test_a_token_without_attributes_leaves_the_stored_ones(world: World) -> None:
    token = mint_token(VETERAN_PLAYER.id, name="Comet", now=NOW)
    await Game(world.client, token).get("/user/offer_chain")
    veteran = world.sandbox.players()[1]
    assert (veteran.name, veteran.attributes) == ("Comet", VETERAN_PLAYER.attributes)


@pytest.mark.parametrize("claims", [{"username": 7}, {"username": ""}, {"attributes": ["clan"]}])
async def test_claims_of_another_shape_are_passed_over(world: World, claims: dict[str, Any]) -> None:
    game = Game(world.client, signed(sub=VETERAN_PLAYER.id, **claims))
    assert (await game.get("/user/offer_chain")).status_code == 200
    veteran = world.sandbox.players()[1]
    assert (veteran.name, veteran.attributes) == ("Rocket", VETERAN_PLAYER.attributes)


async def test_a_read_by_a_known_player_writes_nothing(world: World) -> None:
    game = world.game(VETERAN_PLAYER)
    with world.sandbox.database.read() as tx:
        before = tx.all("SELECT total_changes() AS changes")[0]["changes"]
    for path in ("/user/offer_chain", "/user/reward_chain", "/user/reward_chain/5/balance", "/order/1"):
        assert (await game.get(path)).status_code == 200
    with world.sandbox.database.read() as tx:
        assert tx.all("SELECT total_changes() AS changes")[0]["changes"] == before


async def test_projects_know_nothing_of_each_other(world: World) -> None:
    token = mint_token(
        SECOND_PLAYER.id, secret=SECOND_LOGIN_SECRET, project_id=SECOND_PROJECT_ID, name="Sailor", now=NOW
    )
    second = Game(world.client, token, SECOND_PROJECT_ID)
    assert list(await second.offer_chains()) == ["Deep Water"]
    assert await second.reward_chains() == {}
    assert refusal(await Game(world.client, token).get("/user/offer_chain")) == (401, 1501)
    assert refusal(await second.get("/user/offer_chain/1")) == (404, 4001)
    assert refusal(await second.claim_reward(5, 15)) == (404, 9911)
    order_id = (await world.game(FRESH_PLAYER).claim_offer(1, 1)).json()["order_id"]
    assert refusal(await second.get(f"/order/{order_id}")) == (404, 9001)


@pytest.mark.parametrize("project_id", [1, 0, 9**30])
async def test_an_unknown_project_is_not_found(world: World, project_id: int) -> None:
    game = Game(world.client, signed(), project_id)
    for path in ("/user/offer_chain", "/user/reward_chain", "/order/1", "/user/clan/contributors/6/top"):
        assert refusal(await game.get(path)) == (404, 4001)


async def test_secrets_are_not_shown_by_a_project(world: World) -> None:
    assert repr(world.sandbox.projects()[0]) == "Project(44056, 'Emberwild')"


async def test_a_player_whom_nobody_has_seen_has_nothing(world: World) -> None:
    with pytest.raises(LookupError, match="no player 'nobody' in project 44056"):
        world.sandbox.inventory("nobody")
