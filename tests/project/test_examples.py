"""The shipped examples and the README's operations: each runs as it stands."""

import json
import re

from gateway.web.graphiql import load_examples
from tests.support import operations
from tests.support.event_stream_client import streaming
from tests.support.operations import FOLDER
from tests.support.paths import REPOSITORY
from tests.support.stack import ANN, BEN, Stack

README = (REPOSITORY / "README.md").read_text()


async def test_the_examples_run_in_their_order_for_the_first_demo_player(stack: Stack) -> None:
    token = stack.token(ANN)
    refusals = {}
    for example in load_examples(FOLDER):
        if example.query == operations.WAIT_FOR_ORDER:
            # Nothing is left to wait for once the order of an earlier example is paid.
            await stack.pay(11)
        variables = json.loads(example.variables) if example.variables else None
        if "\nsubscription " in example.query:
            continue
        for name, value in (await stack.data(example.query, variables, token=token)).items():
            assert value is not None, example.name
            refusals[name] = [one["code"] for one in value.get("userErrors", [])] if isinstance(value, dict) else []
    # Without a payment there are no points, and the example shows how that is told; everything else is done.
    assert {name: codes for name, codes in refusals.items() if codes} == {"claimRewardChainStep": ["NOT_ENOUGH_POINTS"]}
    assert len(refusals) == 12


async def test_the_examples_that_listen_hear_of_an_order_that_is_paid(stack: Stack) -> None:
    token, examples = stack.token(ANN), {example.name: example for example in load_examples(FOLDER)}
    for name in ("ClaimOffer", "BuyOffer"):
        await stack.data(examples[name].query, json.loads(examples[name].variables), token=token)
    order, chains = examples["OrderUpdated"], examples["ChainsChanged"]
    async with (
        streaming(stack, order.query, json.loads(order.variables), token=token) as orders,
        streaming(stack, chains.query, token=token) as changes,
    ):
        shown = {"id": json.loads(order.variables)["id"], "status": "NEW", "isTerminal": False}
        assert await orders.event() == ("next", {"data": {"orderUpdated": shown}})
        await stack.until("gateway_subscriptions", 2)
        await stack.pay(11)
        stack.clock.advance(3)
        shown |= {"status": "DONE", "isTerminal": True}
        assert await orders.event() == ("next", {"data": {"orderUpdated": shown}})
        assert await orders.event() == ("complete", None)
        event = await changes.event()
        assert event is not None
        assert event[1]["data"]["chainsChanged"]["reasons"] == ["ORDER_PAID"]


async def test_the_readmes_query_has_the_readmes_answer(stack: Stack) -> None:
    (query,) = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)
    assert query == operations.OVERVIEW
    (answer,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert await stack.ask(query, token=stack.token(BEN)) == json.loads(answer)


def test_every_example_is_in_a_group_and_the_groups_name_nothing_else() -> None:
    groups = json.loads((FOLDER / "groups.json").read_text())
    listed = [(group, name) for group, names in groups.items() for name in names]
    assert [(one.group, one.name) for one in load_examples(FOLDER)] == listed
