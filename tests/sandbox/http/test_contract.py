"""The checks that every other test relies on, the demo players, and what a list costs."""

import pytest

from gateway.sandbox.demo.accounts import DEMO_PLAYERS, VETERAN_PLAYER
from tests.sandbox.contract import load_operations
from tests.sandbox.world import World


def test_the_document_declares_the_calls() -> None:
    assert {operation.operation_id for operation in load_operations()} == {
        "get-offer-chains-list",
        "get-user-offer-chain-by-id",
        "claim-user-offer-chain-step-reward",
        "order-user-offer-chain-step-reward",
        "get-reward-chains-list",
        "get-user-reward-chain-balance",
        "claim-user-reward-chain-step-reward",
        "user-clan-update",
        "get-user-clan-top-contributors",
        "get-daily-chains-list",
        "get-user-daily-chain-by-id",
        "claim-user-daily-chain-step-reward",
        "get-order",
        "get-sellable-items",
        "get-sellable-item-by-sku",
        "create-order-with-item",
    }


@pytest.mark.parametrize(
    ("status", "parsed", "complaint"),
    [
        (418, {}, "not declared"),
        (200, {"order_id": "641"}, "is not of type 'integer'"),
        (200, {}, "'order_id' is a required property"),
        (422, {"statusCode": 422, "errorCode": 1102, "errorMessage": "[0401-1102]: No"}, "transactionId"),
        (401, {"statusCode": 401, "errorCode": 9, "errorMessage": "[0401-9]: No"}, "is not one of"),
    ],
)
def test_an_answer_that_is_not_as_declared_is_noticed(status: int, parsed: object, complaint: str) -> None:
    claim = next(one for one in load_operations() if one.operation_id == "claim-user-offer-chain-step-reward")
    with pytest.raises(AssertionError, match=complaint):
        claim.check(status, b"{}", parsed)


def test_a_body_where_none_is_declared_is_noticed() -> None:
    claim = next(one for one in load_operations() if one.operation_id == "claim-user-reward-chain-step-reward")
    claim.check(204, b"", None)
    with pytest.raises(AssertionError, match="with a body"):
        claim.check(204, b"{}", {})


async def test_a_date_without_an_offset_is_noticed(world: World) -> None:
    with world.write() as tx:
        tx.run("UPDATE chains SET date_start = '2026-01-01T00:00:00'")
    with pytest.raises(AssertionError, match="date-time"):
        await world.anonymous().get("/user/offer_chain/1")


def test_the_demo_has_three_players_of_whom_two_share_a_clan() -> None:
    assert [player.attributes.get("clan") for player in DEMO_PLAYERS] == [None, "lantern-keepers", "lantern-keepers"]


@pytest.mark.parametrize(
    ("path", "most"), [("/user/offer_chain", 12), ("/user/reward_chain", 15), ("/user/daily_chain", 12)]
)
async def test_a_list_runs_so_many_statements_at_most(world: World, path: str, most: int) -> None:
    with world.statements() as statements:
        assert (await world.game(VETERAN_PLAYER).get(path)).status_code == 200
    assert len(statements) <= most
