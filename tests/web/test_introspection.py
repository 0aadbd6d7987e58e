"""Introspection from outside: its switch, its cost, and that no client can fill the log with it."""

import asyncio
import logging
import threading
from typing import Any

import pytest
from graphql import ExecutionResult, execute_sync, get_introspection_query

from tests.support.introspection_documents import DEEP
from tests.support.stack import running_stack

ON = {"GATEWAY_INTROSPECTION": "on"}
ONE_OF = '{__type(name:"Query"){fields{type{isOneOf ofType{isOneOf}}}}}'


@pytest.mark.parametrize(
    "text", [get_introspection_query(), ONE_OF, "{serverTime ...F} fragment F on Query{__schema{types{name}}}"]
)
async def test_a_gateway_in_production_does_not_tell_its_schema(text: str, caplog: pytest.LogCaptureFixture) -> None:
    async with running_stack() as stack:
        (error,) = (await stack.ask(text))["errors"]
        assert error["extensions"]["code"] == "INTROSPECTION_DISABLED"
        assert "GATEWAY_INTROSPECTION" in error["message"]
        assert await stack.data("{__typename viewer{__typename}}") == {
            "__typename": "Query",
            "viewer": {"__typename": "Viewer"},
        }
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_where_it_is_on_tools_get_the_schema_and_get_it_again_for_little() -> None:
    async with running_stack(ON) as stack:
        told = [await stack.send(get_introspection_query()) for _ in range(2)]
        assert [one.headers["x-gateway-execution"] for one in told] == ["reference", "cached"]
        assert told[0].json() == told[1].json()
        assert "errors" not in told[0].json()


async def test_it_is_computed_beside_the_event_loop_and_once_for_all_who_ask_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    has_begun, may_go_on = threading.Event(), threading.Event()

    def held(*arguments: Any, **more: Any) -> ExecutionResult:
        has_begun.set()
        assert may_go_on.wait(60)
        return execute_sync(*arguments, **more)

    monkeypatch.setattr("gateway.execution.engine.execute_sync", held)
    async with running_stack(ON) as stack, asyncio.TaskGroup() as group:
        asked = [group.create_task(stack.send(get_introspection_query())) for _ in range(2)]
        await asyncio.to_thread(has_begun.wait, 60)
        # The loop answers others as long as it takes.
        await stack.data("{ viewer { offerChains { id } } }")
        may_go_on.set()
        told = [await one for one in asked]
    assert sorted(one.headers["x-gateway-execution"] for one in told) == ["cached", "reference"]


async def test_wrapped_types_are_not_one_of_anything(caplog: pytest.LogCaptureFixture) -> None:
    async with running_stack(ON) as stack:
        data = await stack.data(ONE_OF)
    assert {field["type"]["isOneOf"] for field in data["__type"]["fields"]} == {None}
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_a_small_document_with_a_large_answer_is_refused() -> None:
    async with running_stack(ON) as stack:
        answer = await stack.send(DEEP)
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert "values" in error["message"]
    assert len(answer.content) < 1_000
