"""What the log says of operations, whatever way they came."""

import httpx
import pytest

from gateway.execution.documents import MAX_LABEL
from tests.support.claims import CLAIM, next_step
from tests.support.event_stream_client import streaming
from tests.support.logged_events import logged_events
from tests.support.scripted_endpoint import running_script
from tests.support.stack import answers, running_stack
from tests.support.websocket_client import CHANGES, talking

HOME = "query Home { viewer { offerChains { name } } }"
SPLIT = "{ serverTime viewer { offerChains { name } } }"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (HOME, {"operation": "Home", "execution": "compiled"}),
        (f"query {'a' * 200} {{ serverTime }}", {"operation": "a" * MAX_LABEL, "execution": "compiled"}),
        ("{ serverTime }", {"execution": "compiled"}),
        ("query Home { nonsense }", {"execution": "refused", "codes": ("GRAPHQL_VALIDATION_FAILED",)}),
    ],
    ids=["named", "long", "anonymous", "refused"],
)
async def test_the_line_of_a_request_says_which_operation_it_was(query: str, fields: dict[str, object]) -> None:
    async with running_stack() as stack:
        with logged_events() as logged:
            await stack.send(query, token=stack.token())
            line = await logged.until("request")
    assert {name: line[name] for name in ("operation", "execution", "codes") if name in line} == fields


async def test_a_kept_answer_has_the_name_of_its_operation() -> None:
    async with running_stack() as stack:
        token = stack.token()
        await stack.data(HOME, token=token)
        with logged_events() as logged:
            await stack.data(HOME, token=token)
            assert (await logged.until("request", execution="cached"))["operation"] == "Home"


@pytest.mark.parametrize(("named", "shown"), [("Home", "Home"), ("Home\nnot", None), ("a" * (MAX_LABEL + 1), None)])
async def test_a_refused_document_is_logged_with_the_name_that_was_asked_for(named: str, shown: str | None) -> None:
    async with running_stack() as stack, talking(stack) as talk:
        await talk.begin(stack.token())
        with logged_events() as logged:
            posted = {"query": "{ nonsense }", "operationName": named}
            await stack.http.post(f"{stack.gateway_url}/graphql", json=posted)
            await talk.say("subscribe", id="1", payload=posted)
            assert (await logged.until("request")).get("operation") == shown
            line = await logged.until("operation", codes=("GRAPHQL_VALIDATION_FAILED",))
            assert line.get("operation") == shown


async def test_each_operation_over_a_socket_has_a_line_and_counts() -> None:
    async with running_stack() as stack, talking(stack) as talk:
        stack.seam.on("GET /user/offer_chain", answers(503))
        await talk.begin(stack.token())
        with logged_events() as logged:
            await talk.answer(f"query Split {SPLIT}")
            line = await logged.until("operation")
        assert line.pop("milliseconds") >= 0
        assert line == {
            "event": "operation",
            "level": "INFO",
            "operation": "Split",
            "execution": "compiled",
            "codes": ("UPSTREAM_UNAVAILABLE",),
        }
        await stack.until('gateway_operations_total{execution="compiled",kind="query",outcome="partial"}', 1)


async def test_a_subscription_counts_when_it_begins_and_is_logged_with_the_codes_of_its_events() -> None:
    async with running_stack() as stack:
        token = stack.token()
        step = await next_step(stack, token)
        query = "subscription Live { chainsChanged { viewer { offerChains { name } } } }"
        with logged_events() as logged:
            async with streaming(stack, query, token=token) as stream:
                await stack.until('gateway_operations_total{execution="reference",kind="subscription",outcome="ok"}', 1)
                stack.seam.on("GET /user/offer_chain", answers(503))
                await stack.ask(CLAIM, {"step": step}, token=token)
                assert (await stream.event() or ("", {}))[1]["errors"]
            line = await logged.until("request", operation="Live")
        assert (line["execution"], line["codes"]) == ("reference", ("UPSTREAM_UNAVAILABLE",))
        assert await stack.figure("gateway_subscription_events_total") == 1


async def test_a_stream_that_is_refused_counts_as_refused() -> None:
    async with running_stack({"GATEWAY_SUBSCRIPTIONS": "1"}) as stack, streaming(stack, CHANGES, token=stack.token()):
        response = await stack.send(CHANGES, token=stack.token(), headers={"accept": "text/event-stream"})
        assert response.status_code == 503
        await stack.until('gateway_operations_total{execution="refused",kind="subscription",outcome="refused"}', 1)
        assert await stack.figure('gateway_errors_total{code="OVERLOADED"}') == 1


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_a_fault_of_the_gateway_is_logged_with_its_request(accept: str) -> None:
    with logged_events() as logged:
        async with running_script(RuntimeError("a secret detail")) as site, httpx.AsyncClient() as http:
            try:
                await http.post(f"{site.gateway_url}/graphql", json={"query": "query"}, headers={"accept": accept})
            except httpx.RemoteProtocolError:
                assert accept == "text/event-stream"
            assert (await logged.until("request"))["codes"] == ("INTERNAL",)


async def test_a_fault_of_a_subscription_that_began_is_logged_with_it() -> None:
    with logged_events() as logged:
        async with running_script(RuntimeError("a secret detail")) as site, talking(site) as talk:
            await talk.begin()
            await talk.ask("1", "subscription")
            line = await logged.until("operation")
    assert (line["execution"], line["codes"]) == ("reference", ("INTERNAL",))
