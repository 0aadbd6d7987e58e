"""Subscriptions as the executor runs them: how they start, what each event is answered, and how they end."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from gateway.domain.models import Order
from gateway.errors import NotFound, Unauthenticated, UpstreamTimeout
from gateway.events.changes import ChangeReason
from gateway.execution.engine import Execution, Result
from gateway.execution.program_cache import MAX_VARIANTS
from gateway.execution.subscriptions import ResultStream
from gateway.schema import ids
from gateway.web.errors import present
from tests.support.generated_worlds import World
from tests.support.loads import run_ready
from tests.support.subscriber import CHAINS, NOTHING, ORDERS, WORLD, Scene


def codes(result: Result) -> list[object]:
    return [one["extensions"]["code"] for one in present(result.errors, "request")]  # type: ignore[index]


async def test_each_event_is_answered_in_a_context_of_its_own_by_a_compiled_program() -> None:
    scene = Scene()
    answers = await scene.listen(CHAINS)
    for reason in (ChangeReason.CLAIM, ChangeReason.CLAN):
        scene.tell(reason, chains=frozenset({9}))
        result = await anext(answers)
        assert result.data == {
            "chainsChanged": {
                "reasons": [reason.value],
                "offerChainIds": [ids.encode(ids.IdKind.OFFER_CHAIN, 9)],
                "viewer": {"offerChains": [{"name": "Chain 9"}]},
            }
        }
        assert result.errors == ()
        assert result.execution is Execution.COMPILED
    assert len(set(map(id, scene.contexts_made))) == 3
    await answers.aclose()
    assert scene.left == NOTHING


async def test_changes_that_nobody_took_come_as_one_event() -> None:
    scene = Scene()
    answers = await scene.listen("subscription { chainsChanged { reasons rewardChainIds } }")
    scene.tell(ChangeReason.OTHER)
    scene.tell(ChangeReason.CLAIM)
    assert (await anext(answers)).data == {"chainsChanged": {"reasons": ["CLAIM", "OTHER"], "rewardChainIds": []}}
    await answers.aclose()


async def test_an_error_in_an_events_selection_costs_that_field_of_that_event() -> None:
    scene = Scene(replace(WORLD, faults={"offer_chains": UpstreamTimeout()}))
    answers = await scene.listen(CHAINS)
    scene.tell(ChangeReason.CLAIM)
    broken = await anext(answers)
    assert broken.data == {
        "chainsChanged": {"reasons": ["CLAIM"], "offerChainIds": [], "viewer": {"offerChains": None}}
    }
    assert codes(broken) == ["UPSTREAM_TIMEOUT"]
    assert not broken.is_request_error
    scene.upstream.world = WORLD
    scene.tell(ChangeReason.CLAIM)
    assert (await anext(answers)).errors == ()
    await answers.aclose()


async def test_what_is_not_compiled_is_answered_by_the_reference_executor() -> None:
    names = "abcde"
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: reasons @skip(if: ${name})" for name in names)
    text = f"subscription S({declared}) {{ chainsChanged {{ viewer {{ isSignedIn imageUrls }} {fields} }} }}"
    told = []
    for number in range(MAX_VARIANTS + 1):
        scene = Scene(replace(WORLD, faults={"offer_chains": UpstreamTimeout()}))
        variables: dict[str, object] = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        answers = await scene.start(text, variables)
        assert isinstance(answers, ResultStream)
        scene.tell(ChangeReason.CLAIM)
        result = await anext(answers)
        kept = {name: ["CLAIM"] for name in names if not variables[name]}
        assert result.data == {"chainsChanged": {"viewer": {"isSignedIn": True, "imageUrls": None}, **kept}}
        assert codes(result) == ["UPSTREAM_TIMEOUT"]
        told.append(result.execution)
        await answers.aclose()
    assert told == [Execution.COMPILED] * MAX_VARIANTS + [Execution.REFERENCE]


async def test_a_condition_that_is_null_is_told_in_the_reference_executors_words() -> None:
    scene = Scene()
    text = "subscription S($a: Boolean = true) { chainsChanged { reasons @skip(if: $a) } }"
    answers = await scene.start(text, {"a": None})
    assert isinstance(answers, ResultStream)
    scene.tell(ChangeReason.CLAIM)
    result = await anext(answers)
    assert (result.data, codes(result), result.execution) == (None, ["BAD_USER_INPUT"], Execution.REFERENCE)
    await answers.aclose()


@pytest.mark.parametrize(
    ("text", "variables", "world", "code"),
    [
        ('subscription { orderUpdated(id: "x") { id } }', None, WORLD, "BAD_USER_INPUT"),
        ("subscription S($id: ID!) { orderUpdated(id: $id) { id } }", {}, WORLD, "BAD_USER_INPUT"),
        ('subscription S($id: ID = "x") { orderUpdated(id: $id) { id } }', {"id": None}, WORLD, "BAD_USER_INPUT"),
        (ORDERS, None, replace(WORLD, faults={"order": NotFound()}), "BAD_USER_INPUT"),
        (ORDERS, None, replace(WORLD, faults={"order": Unauthenticated()}), "UNAUTHENTICATED"),
        (ORDERS, None, replace(WORLD, faults={"order": UpstreamTimeout()}), "UPSTREAM_TIMEOUT"),
        (ORDERS, None, replace(WORLD, is_signed_in=False), "UNAUTHENTICATED"),
        (CHAINS, None, replace(WORLD, is_signed_in=False), "UNAUTHENTICATED"),
    ],
    ids=[
        "a foreign id",
        "a missing variable",
        "a null variable",
        "no such order",
        "rejected",
        "slow",
        "no token",
        "no token for chains",
    ],
)
async def test_what_cannot_start_says_why_and_leaves_nothing(
    text: str, variables: dict[str, object] | None, world: World, code: str
) -> None:
    scene = Scene(world)
    result = await scene.start(text, variables)
    assert isinstance(result, Result)
    assert result.is_request_error
    assert codes(result) == [code]
    assert scene.left == NOTHING


def shown(status: str) -> Mapping[str, object]:
    return {"orderUpdated": {"status": status}}


async def test_an_order_is_told_as_it_is_and_then_at_each_change_up_to_a_state_that_stays() -> None:
    scene = Scene()
    answers = await scene.listen(ORDERS)
    assert (await anext(answers)).data == shown("NEW")
    scene.services.tracker.report_status(656, "paid")
    assert (await anext(answers)).data == shown("PAID")
    scene.upstream.world = replace(WORLD, order=Order(656, "done"))
    await run_ready()
    scene.clock.advance(3)
    assert (await anext(answers)).data == shown("DONE")
    with pytest.raises(StopAsyncIteration):
        await anext(answers)
    await run_ready()
    assert scene.left == NOTHING
    # Once to get in, once for what was told, once when it was time.
    assert scene.upstream.calls == {"order 656": 3}


async def test_an_order_that_stays_as_it_is_is_told_once() -> None:
    scene = Scene(replace(WORLD, order=Order(656, "canceled")))
    answers = await scene.listen(ORDERS)
    assert [result.data async for result in answers] == [shown("CANCELED")]
    assert scene.left == NOTHING


async def test_an_order_that_stays_unpaid_is_watched_for_ten_minutes() -> None:
    scene = Scene()
    answers = await scene.listen(ORDERS)
    await anext(answers)
    scene.clock.advance(600)
    with pytest.raises(StopAsyncIteration):
        await anext(answers)
    await run_ready()
    assert scene.left == NOTHING


async def test_an_error_of_the_source_is_the_last_answer() -> None:
    scene = Scene()
    answers = await scene.listen(ORDERS)
    await anext(answers)
    scene.upstream.world = replace(WORLD, faults={"order": Unauthenticated()})
    await run_ready()
    scene.clock.advance(3)
    result = await anext(answers)
    assert (result.data, codes(result), result.is_request_error) == (None, ["UNAUTHENTICATED"], False)
    with pytest.raises(StopAsyncIteration):
        await anext(answers)
    await run_ready()
    assert scene.left == NOTHING


@pytest.mark.parametrize("text", [ORDERS, CHAINS], ids=["an order", "chains"])
async def test_the_end_of_the_token_is_the_end_of_the_subscription(text: str) -> None:
    scene = Scene()
    scene.expires_at = scene.clock() + 100
    answers = await scene.listen(text)
    if text == ORDERS:
        await anext(answers)
    waiting = asyncio.ensure_future(anext(answers))
    await run_ready()
    scene.clock.advance(99)
    await run_ready()
    assert not waiting.done()
    scene.clock.advance(1)
    assert codes(await waiting) == ["TOKEN_EXPIRED"]
    await run_ready()
    assert scene.left == NOTHING
