"""Traces, as a real receiver of OTLP gets them."""

import json
import logging
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import quote

import httpx
import pytest

from gateway.errors import SettingError
from gateway.http.messages import RequestTemplate
from gateway.sandbox import DEMO_PROJECT_ID
from gateway.schema import ids
from gateway.settings import read_settings
from gateway.telemetry import log, span_export
from gateway.telemetry.traces import MAX_CALLS, Parent, Trace, current_trace, parse_parent
from gateway.traces_setup import create_traces
from gateway.upstream.traced_sending import TracedSending
from tests.support.event_stream_client import streaming
from tests.support.held_calls import HeldCall
from tests.support.otlp_receiver import OtlpReceiver, ReceivedSpan, otlp_receiver
from tests.support.raw_client import connected
from tests.support.stack import ANN, WEBHOOK_SECRET, Stack, answers, raises, running_stack
from tests.support.webhook_payloads import encoded, order_webhook, signed
from tests.support.websocket_client import talking

OPENING = "query Opening { viewer { id offerChains { id name } } }"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
SERVER, CLIENT = 2, 3
"""Kinds of spans in OTLP."""


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtlpReceiver]:
    with otlp_receiver() as one:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", one.url)
        yield one


def traced(receiver: OtlpReceiver, **settings: str) -> AbstractAsyncContextManager[Stack]:
    """A stack that tells the receiver; it has all spans once the stack has ended."""
    return running_stack({"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, **settings})


def served(receiver: OtlpReceiver) -> list[ReceivedSpan]:
    return [one for one in receiver.spans if one.kind == SERVER]


async def test_a_request_is_one_span_with_one_for_each_upstream_call(receiver: OtlpReceiver) -> None:
    before = time.time_ns()
    async with traced(receiver) as stack:
        await stack.data(OPENING, token=stack.token())
    request, call = sorted(receiver.spans, key=lambda one: one.kind)
    assert request.name == "query Opening"
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "graphql.operation.type": "query",
        "graphql.operation.name": "Opening",
        "gateway.execution": "compiled",
        "gateway.outcome": "ok",
    }
    assert (call.name, call.kind) == ("upstream offer_chains", CLIENT)
    assert call.attributes == {"gateway.call": "offer_chains", "http.response.status_code": 200}
    assert (call.trace_id, call.parent_id) == (request.trace_id, request.span_id)
    assert request.parent_id == ""
    assert before <= request.began_ns <= call.began_ns <= call.ended_ns <= request.ended_ns <= time.time_ns()
    assert not request.is_error
    assert receiver.resource["service.name"] == "liveops-gateway"


async def test_nothing_of_a_player_or_of_what_they_send_is_told(receiver: OtlpReceiver) -> None:
    document = (
        'query Opening($mark: ID = "a-variable") { viewer { id offerChains { id } } offerChain(id: $mark) { id } }'
    )
    async with traced(receiver) as stack:
        token = stack.token(ANN)
        baggage = {"baggage": "a-baggage=1", "traceparent": PARENT, "tracestate": "a-state=1"}
        await stack.send(document, {"mark": "another-variable"}, token=token, headers=baggage)
        await stack.http.get(f"{stack.gateway_url}/graphql", params={"query": "{ viewer { id } }", "variables": "{}"})
        await stack.http.get(f"{stack.gateway_url}/graphql/a-document-id")
    assert len(served(receiver)) == 3
    sent = b"".join(receiver.bodies)
    for secret in (token, ANN.id, ANN.name, "a-variable", "another-variable", "offerChains", "a-baggage", "a-state"):
        assert secret.encode() not in sent, secret
    assert b"a-document-id" not in sent


async def test_a_cached_answer_has_no_upstream_call(receiver: OtlpReceiver) -> None:
    async with traced(receiver) as stack:
        token = stack.token()
        await stack.data(OPENING, token=token)
        await stack.data(OPENING, token=token)
    first, second = sorted(served(receiver), key=lambda one: one.began_ns)
    assert (first.attributes["gateway.execution"], second.attributes["gateway.execution"]) == ("compiled", "cached")
    assert first.trace_id != second.trace_id
    assert [one.parent_id for one in receiver.spans if one.kind == CLIENT] == [first.span_id]


async def test_requests_in_the_same_bytes_are_told_one_by_one(receiver: OtlpReceiver) -> None:
    async with traced(receiver) as stack, connected(stack.gateway_url) as raw:
        authorization = f"Authorization: Bearer {stack.token()}".encode()
        target = f"GET /graphql?query={quote(OPENING)} HTTP/1.1".encode()
        for _ in range(4):
            raw.send(target, b"Host: a", authorization)
            assert (await raw.exact())[0] == "HTTP/1.1 200 OK"
    told = [one.attributes["gateway.execution"] for one in sorted(served(receiver), key=lambda one: one.began_ns)]
    assert told == ["compiled", "cached", "cached", "cached"]


@pytest.mark.parametrize(
    ("networks", "headers", "is_believed"),
    [
        pytest.param("127.0.0.0/8", [PARENT], True, id="of a proxy"),
        pytest.param("", [PARENT], False, id="of anybody"),
        pytest.param("10.0.0.0/8", [PARENT], False, id="of another network"),
        pytest.param("127.0.0.0/8", [PARENT, PARENT], False, id="two"),
        pytest.param("127.0.0.0/8", ["00-0-0-00"], False, id="malformed"),
    ],
)
async def test_a_parent_is_believed_of_trusted_networks_only(
    networks: str, headers: list[str], is_believed: bool, receiver: OtlpReceiver
) -> None:
    async with traced(receiver, GATEWAY_TRACE_PARENTS=networks) as stack:
        sent = [("traceparent", one) for one in headers]
        await stack.http.post(f"{stack.gateway_url}/graphql", json={"query": "{ serverTime }"}, headers=sent)
    (request,) = served(receiver)
    assert ((request.trace_id, request.parent_id) == (TRACE, SPAN)) is is_believed
    assert (request.trace_id == TRACE) is is_believed


@pytest.mark.parametrize(
    ("sampler", "flags", "spans"),
    [
        ("", "00", 0),
        ("", "01", 1),
        ("always_off", "01", 0),
        ("parentbased_always_off", "01", 1),
        ("always_on", "00", 1),
    ],
)
async def test_the_standard_sampler_decides(
    sampler: str, flags: str, spans: int, receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sampler:
        monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    async with traced(receiver, GATEWAY_TRACE_PARENTS="127.0.0.1") as stack:
        await stack.send("{ serverTime }", headers={"traceparent": f"00-{TRACE}-{SPAN}-{flags}"})
    assert len(served(receiver)) == spans


@pytest.mark.parametrize("is_told", [True, False])
async def test_the_upstream_is_told_only_where_that_is_switched_on(is_told: bool, receiver: OtlpReceiver) -> None:
    settings = {"GATEWAY_TRACE_UPSTREAM": "on"} if is_told else {}
    async with traced(receiver, **settings) as stack:
        headers = {"traceparent": PARENT, "baggage": "a=1"}
        await stack.send(OPENING, token=stack.token(), headers=headers)
        (sent,) = stack.seam.requests
    (call,) = [one for one in receiver.spans if one.kind == CLIENT]
    told = f"00-{call.trace_id}-{call.span_id}-01" if is_told else None
    assert sent.headers.get("traceparent") == told
    assert "baggage" not in sent.headers


async def test_what_failed_is_told_as_an_error(receiver: OtlpReceiver) -> None:
    async with traced(receiver, GATEWAY_RETRY_PERCENT="off") as stack:
        token = stack.token()
        stack.seam.on("GET /user/offer_chain", answers(503))
        await stack.send(OPENING, token=token)
        stack.seam.faults.clear()
        stack.seam.on("GET /order/7", raises(httpx.ConnectError("no connection")))
        await stack.send(f'{{ order(id: "{ids.encode(ids.IdKind.ORDER, 7)}") {{ id }} }}', token=token)
    refused, broken = sorted((one for one in receiver.spans if one.kind == CLIENT), key=lambda one: one.began_ns)
    assert (refused.attributes["http.response.status_code"], refused.is_error) == (503, True)
    assert (broken.attributes["error.type"], broken.is_error) == ("ConnectError", True)
    for request in served(receiver):
        assert request.attributes["gateway.codes"] == ["UPSTREAM_UNAVAILABLE"]
        assert request.is_error is (request.attributes["gateway.outcome"] == "failed")


async def test_a_webhook_is_traced_and_a_probe_is_not(receiver: OtlpReceiver) -> None:
    body = encoded(order_webhook())
    async with traced(receiver, GATEWAY_WEBHOOK_SECRET=WEBHOOK_SECRET) as stack:
        for path in ("/livez", "/readyz", "/metrics"):
            await stack.http.get(f"{stack.gateway_url}{path}")
        headers = {"authorization": signed(body, WEBHOOK_SECRET)}
        await stack.http.post(f"{stack.gateway_url}/webhooks/xsolla", content=body, headers=headers)
        await stack.http.request("LINK", f"{stack.gateway_url}/graphql")
    hook, other = sorted(served(receiver), key=lambda one: one.began_ns)
    assert hook.name == "POST /webhooks/xsolla"
    assert hook.attributes == {
        "http.request.method": "POST",
        "http.route": "/webhooks/xsolla",
        "http.response.status_code": 204,
    }
    assert other.attributes["http.request.method"] == "_OTHER"


@asynccontextmanager
async def over_a_socket(stack: Stack, query: str, token: str) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    async with talking(stack) as talk:
        await talk.begin(token)
        await talk.ask("changes", query)
        yield talk.hear


@asynccontextmanager
async def over_a_stream(stack: Stack, query: str, token: str) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    async with streaming(stack, query, token=token) as stream:
        yield stream.event


async def test_an_operation_over_a_socket_is_a_trace_of_its_own(receiver: OtlpReceiver) -> None:
    async with (
        traced(receiver, GATEWAY_TRACE_PARENTS="127.0.0.1") as stack,
        talking(stack, headers={"traceparent": PARENT}) as talk,
    ):
        await talk.begin(stack.token())
        await talk.answer(OPENING)
        await talk.answer("{ serverTime }")
        assert await talk.refusal("query Odd { nothing }") == "GRAPHQL_VALIDATION_FAILED"
    opening, plain, odd = sorted(served(receiver), key=lambda one: one.began_ns)
    assert opening.name == "query Opening"
    assert opening.attributes == {
        "network.protocol.name": "websocket",
        "graphql.operation.type": "query",
        "graphql.operation.name": "Opening",
        "gateway.execution": "compiled",
        "gateway.outcome": "ok",
    }
    assert (plain.name, odd.attributes["gateway.outcome"]) == ("query", "refused")
    assert not any(one.is_error or one.parent_id for one in (opening, plain, odd))
    assert len({TRACE, opening.trace_id, plain.trace_id, odd.trace_id}) == 4
    (call,) = [one for one in receiver.spans if one.kind == CLIENT]
    assert (call.trace_id, call.parent_id) == (opening.trace_id, opening.span_id)


@pytest.mark.parametrize("is_socket", [True, False])
async def test_a_subscription_is_one_span_that_counts_its_events(is_socket: bool, receiver: OtlpReceiver) -> None:
    changes = "subscription Changes { chainsChanged { reasons viewer { offerChains { id } } } }"
    async with traced(receiver) as stack:
        token = stack.token(ANN)
        async with over_a_socket(stack, changes, token) if is_socket else over_a_stream(stack, changes, token) as hear:
            await stack.until("gateway_subscriptions", 1)
            for _ in range(2):
                await stack.data("mutation { updateClan { userErrors { code } } }", token=token)
                await hear()
        await stack.until("gateway_subscriptions", 0)
        # The end of a stream is a few turns of the loop behind that; the exchange of a request takes more.
        await stack.data("{ serverTime }")
    (span,) = [one for one in served(receiver) if one.attributes["graphql.operation.type"] == "subscription"]
    assert (span.name, span.attributes["gateway.events"], span.is_error) == ("subscription Changes", 2, False)
    calls = [one.name for one in receiver.spans if one.parent_id == span.span_id]
    assert calls.count("upstream offer_chains") == 2


async def test_an_operation_that_nobody_waits_for_has_no_name(receiver: OtlpReceiver) -> None:
    async with traced(receiver) as stack:
        held = HeldCall()
        stack.seam.on("GET /user/offer_chain", held)
        async with talking(stack) as talk:
            await talk.begin(stack.token())
            await talk.ask("one", OPENING)
            await held.opened.wait()
            await talk.say("complete", id="one")
            await talk.still_works()
            held.release.set()
    (span,) = served(receiver)
    assert (span.name, span.attributes) == ("GraphQL Operation", {"network.protocol.name": "websocket"})


async def test_log_lines_carry_the_id_of_the_trace(receiver: OtlpReceiver, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    async with traced(receiver) as stack:
        log.configure("info", "json")
        try:
            await stack.data("{ serverTime }")
            await stack.http.get(f"{stack.gateway_url}/livez")
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    asked, probed = [line for line in lines if line["event"] == "request"]
    (request,) = served(receiver)
    assert asked["trace_id"] == request.trace_id
    assert "trace_id" not in probed


async def test_a_collector_that_does_not_answer_holds_up_nothing(
    receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(span_export, "CLOSE_SECONDS", 0.01)
    receiver.is_open.clear()
    async with traced(receiver) as stack:
        await stack.data("{ serverTime }")
    assert receiver.bodies == []


async def test_a_call_that_outlives_its_request_is_left_out(receiver: OtlpReceiver) -> None:
    spans = span_export.SpanExport({})
    trace = Trace(1, None, lambda _: 7)
    assert trace.begin_call("order") is not None
    spans.export(trace, trace.end(), "query", {}, is_failed=False)
    await spans.aclose()
    assert [one.name for one in receiver.spans] == ["query"]


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"OTEL_SERVICE_NAME": "shop"}, "shop"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=shop,deployment.environment=test"}, "shop"),
    ],
)
async def test_the_process_is_named_as_the_standard_variables_say(
    variables: dict[str, str], name: str, receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in variables.items():
        monkeypatch.setenv(key, value)
    async with traced(receiver, **variables) as stack:
        await stack.data("{ serverTime }")
    assert receiver.resource["service.name"] == name


@pytest.mark.parametrize(
    ("header", "parent"),
    [
        pytest.param(PARENT, Parent(int(TRACE, 16), int(SPAN, 16), True), id="sampled"),
        pytest.param(f"00-{TRACE}-{SPAN}-00", Parent(int(TRACE, 16), int(SPAN, 16), False), id="not sampled"),
        pytest.param(f"01-{TRACE}-{SPAN}-03-more", Parent(int(TRACE, 16), int(SPAN, 16), True), id="a later version"),
        pytest.param(f"00-{TRACE}-{SPAN}-01-more", None, id="more than this version has"),
        pytest.param(f"ff-{TRACE}-{SPAN}-01", None, id="no version"),
        pytest.param(f"00-{'0' * 32}-{SPAN}-01", None, id="no trace"),
        pytest.param(f"00-{TRACE}-{'0' * 16}-01", None, id="no span"),
        pytest.param(f"00-{TRACE.upper()}-{SPAN}-01", None, id="upper case"),
        pytest.param("", None, id="empty"),
    ],
)
def test_parents_are_read_as_the_standard_says(header: str, parent: Parent | None) -> None:
    assert parse_parent(header.encode()) == parent


class Answering:
    """A transport that answers 204, or stops where it is told to."""

    def __init__(self) -> None:
        self.sent = 0

    async def send(self, _: object) -> object:
        self.sent += 1
        return type("Answer", (), {"status": 204})()

    async def aclose(self) -> None:
        """Nothing is open."""


async def test_a_trace_notes_no_call_that_goes_on_after_it_and_not_too_many() -> None:
    transport = Answering()
    sending = TracedSending(transport, tells_upstream=True)  # type: ignore[arg-type]
    request = RequestTemplate("http://up.example").request("GET")
    await sending("order", request)
    trace = Trace(1, None, lambda _: 0)
    for _ in range(MAX_CALLS + 1):
        await sending("order", request)
    assert len(trace.calls) == MAX_CALLS
    trace.calls.clear()
    trace.leave()
    trace.end()
    assert current_trace.get() is None
    late = current_trace.set(trace)
    await sending("order", request)
    current_trace.reset(late)
    assert trace.calls == []
    assert transport.sent == MAX_CALLS + 3


ON = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
SETTINGS = read_settings({"GATEWAY_PROJECT_ID": str(DEMO_PROJECT_ID)})


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, id="no endpoint"),
        pytest.param({**ON, "OTEL_SDK_DISABLED": "TRUE"}, id="disabled"),
        pytest.param({**ON, "OTEL_TRACES_EXPORTER": "none"}, id="no exporter"),
    ],
)
def test_traces_are_off_unless_they_go_somewhere(environment: Mapping[str, str]) -> None:
    assert create_traces(SETTINGS, environment) is None


def test_a_protocol_that_is_not_offered_is_told() -> None:
    with pytest.raises(SettingError, match="OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf"):
        create_traces(SETTINGS, {**ON, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})


def test_it_is_told_where_opentelemetry_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gateway.telemetry.span_export", None)
    with pytest.raises(SettingError, match=r"pip install 'liveops-gateway\[otel\]'"):
        create_traces(SETTINGS, {**ON, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1/v1/traces"})


@pytest.mark.parametrize(
    ("sampler", "argument", "sampled"),
    [
        ("always_on", "", [True, True]),
        ("always_off", "", [False, False]),
        ("traceidratio", "0.5", [True, False]),
        ("parentbased_traceidratio", "0.5", [True, False]),
        ("parentbased_traceidratio", "1", [True, True]),
    ],
)
async def test_new_traces_are_sampled_as_the_sdk_does_it(
    sampler: str, argument: str, sampled: list[bool], receiver: OtlpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", argument)
    spans = span_export.SpanExport({})
    low, high = 1 << 62, 3 << 62
    assert [spans.decides(low, None), spans.decides(high, None)] == sampled
    monkeypatch.setattr(span_export, "_NEW", re.compile("none that we know"))
    asked = span_export.SpanExport({})
    assert [asked.decides(low, None), asked.decides(high, None)] == sampled
    await spans.aclose()
    await asked.aclose()
