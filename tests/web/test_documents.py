"""Documents that are asked for by id: trusted ones, and those that clients register by their hash."""

import itertools
import json
import random
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import cast

import httpx
import pytest
import pytest_asyncio

from gateway.errors import DocumentsUnusable
from tests.support.manifests import by_hash, manifest, sha256, trusting
from tests.support.operations import BADGE, CHAINS_CHANGED, CLAIM_OFFER, HOME
from tests.support.stack import BEN, Stack, running_stack
from tests.support.websocket_client import talking

TIME = "query Time { serverTime }"
SIGNED_IN = "query SignedIn { viewer { isSignedIn } }"
KNOWN = (TIME, HOME, BADGE, CLAIM_OFFER, CHAINS_CHANGED)
UNKNOWN_ID = "0" * 64

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def preferring(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A gateway that knows these documents and takes others too."""
    folder = tmp_path_factory.mktemp("documents")
    manifest(folder, "unity@1.4", by_hash(*KNOWN))
    manifest(folder, "web@2.0", {"Time-v1": TIME})
    async with running_stack(trusting(folder)) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def requiring(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A gateway that runs these documents only."""
    folder = tmp_path_factory.mktemp("documents")
    manifest(folder, "unity@1.4", by_hash(*KNOWN))
    async with running_stack(trusting(folder, "require")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def automatic() -> AsyncIterator[Stack]:
    """A gateway without trusted documents."""
    async with running_stack() as running:
        yield running


async def post(stack: Stack, body: Mapping[str, object], path: str = "", **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await stack.http.post(f"{stack.gateway_url}/graphql{path}", json=body, headers=sent)


async def get(stack: Stack, path: str = "", **parameters: object) -> httpx.Response:
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in parameters.items()}
    return await stack.http.get(f"{stack.gateway_url}/graphql{path}", params=texts)


def apollo(sha256_hash: object) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256_hash}}


def error_of(response: httpx.Response) -> tuple[str, str]:
    """The code and the message of the only error."""
    (error,) = response.json()["errors"]
    return error["extensions"]["code"], error["message"]


NOT_FOUND = ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
NOT_SUPPORTED = ("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": f"sha256:{sha256(TIME)}"},
        {"documentId": sha256(TIME)},
        {"documentId": f"SHA256:{sha256(TIME).upper()}"},
        {"doc_id": sha256(TIME)},
        {"id": sha256(TIME)},
        {"id": "Time-v1", "query": ""},
        {"id": "what the client means", "query": TIME},
        {"doc_id": "Time-v1", "query": ""},
        {"extensions": apollo(sha256(TIME))},
        {"extensions": apollo(sha256(TIME)), "documentId": f"sha256:{sha256(TIME)}", "query": TIME},
    ],
    ids=[
        "documentId",
        "bare",
        "upper case",
        "doc_id",
        "id",
        "id and no text",
        "id of its own",
        "any id",
        "apollo",
        "everything",
    ],
)
async def test_a_trusted_document_is_found_by_its_id(preferring: Stack, body: Mapping[str, object]) -> None:
    posted = await post(preferring, body)
    assert (posted.status_code, list(posted.json()["data"])) == (200, ["serverTime"])
    got = await get(preferring, "", **body)
    assert list(got.json()["data"]) == ["serverTime"]


@pytest.mark.parametrize("spelled", [f"sha256:{sha256(TIME)}", sha256(TIME), "Time-v1"])
async def test_the_id_may_stand_in_the_path(preferring: Stack, spelled: str) -> None:
    assert list((await get(preferring, f"/{spelled}")).json()["data"]) == ["serverTime"]
    assert list((await post(preferring, {"variables": {}}, f"/{spelled}")).json()["data"]) == ["serverTime"]


async def test_a_mutation_is_not_run_by_get(preferring: Stack) -> None:
    answer = await get(preferring, f"/{sha256(CLAIM_OFFER)}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"documentId": "Time-v1", "doc_id": sha256(TIME)}, ""),
        ({"documentId": "Time-v1"}, f"/{sha256(TIME)}"),
        ({"extensions": apollo(7)}, ""),
        ({"extensions": {"persistedQuery": "yes"}}, ""),
        ({"documentId": ""}, ""),
    ],
    ids=["two ids", "path and body", "no text", "no object", "empty"],
)
async def test_a_request_that_names_no_document_or_several_is_refused(
    preferring: Stack, body: Mapping[str, object], path: str
) -> None:
    answer = await post(preferring, body, path)
    assert (answer.status_code, error_of(answer)[0]) == (400, "BAD_REQUEST")


async def test_an_id_and_the_text_of_another_document_are_refused(preferring: Stack) -> None:
    for body in ({"documentId": "Time-v1", "query": SIGNED_IN}, {"extensions": apollo(UNKNOWN_ID), "query": TIME}):
        code, message = error_of(await post(preferring, body))
        assert code == "BAD_REQUEST"
        assert "does not match" in message


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "*/*"])
@pytest.mark.parametrize(
    "body", [{"documentId": UNKNOWN_ID}, {"doc_id": "unknown"}, {"extensions": apollo(UNKNOWN_ID)}], ids=str
)
async def test_an_unknown_id_is_told_in_the_words_that_clients_compare(
    preferring: Stack, requiring: Stack, automatic: Stack, body: Mapping[str, object], accept: str
) -> None:
    for stack in (preferring, requiring, automatic):
        answer = await post(stack, body, accept=accept)
        assert (answer.status_code, error_of(answer)) == (200, NOT_FOUND)
        assert answer.headers["cache-control"] == "no-store"
        got = await get(stack, f"/{UNKNOWN_ID}")
        assert (got.status_code, error_of(got), got.headers["cache-control"]) == (200, NOT_FOUND, "no-store")


async def test_where_nothing_is_known_by_id_clients_are_told_so() -> None:
    async with running_stack({"GATEWAY_APQ": "off"}) as stack:
        answer = await post(stack, {"extensions": apollo(UNKNOWN_ID)})
        assert (answer.status_code, error_of(answer)) == (200, NOT_SUPPORTED)
        assert answer.headers["cache-control"] == "no-store"
        with_text = await post(stack, {"extensions": apollo(sha256(TIME)), "query": TIME})
        assert list(with_text.json()["data"]) == ["serverTime"]
        assert error_of(await post(stack, {"extensions": apollo(sha256(TIME))})) == NOT_SUPPORTED


async def test_a_client_registers_a_document_by_its_hash(preferring: Stack, automatic: Stack) -> None:
    for stack in (preferring, automatic):
        by_id = {"extensions": apollo(sha256(SIGNED_IN))}
        assert error_of(await post(stack, by_id)) == NOT_FOUND
        registered = await post(stack, {"query": SIGNED_IN, **by_id})
        assert registered.json()["data"] == {"viewer": {"isSignedIn": False}}
        assert (await post(stack, by_id)).json() == registered.json()
        assert (await get(stack, f"/{sha256(SIGNED_IN)}")).json() == registered.json()


async def test_a_document_that_is_not_valid_is_not_registered(automatic: Stack) -> None:
    wrong = "{ nothing }"
    answer = await post(automatic, {"query": wrong, "extensions": apollo(sha256(wrong))})
    assert error_of(answer)[0] == "GRAPHQL_VALIDATION_FAILED"
    assert error_of(await post(automatic, {"extensions": apollo(sha256(wrong))})) == NOT_FOUND


async def test_only_trusted_documents_run_where_they_are_required(requiring: Stack) -> None:
    assert list((await post(requiring, {"query": TIME})).json()["data"]) == ["serverTime"]
    for body in ({"query": SIGNED_IN}, {"query": SIGNED_IN, "extensions": apollo(sha256(SIGNED_IN))}):
        assert error_of(await post(requiring, body))[0] == "DOCUMENT_NOT_TRUSTED"
    assert error_of(await post(requiring, {"extensions": apollo(sha256(SIGNED_IN))})) == NOT_FOUND


def changed(text: str, chance: random.Random) -> str:
    """A text that differs in a few characters, or in the order of its words."""
    for _ in range(chance.randint(1, 3)):
        place, length = chance.randrange(len(text)), chance.randint(0, 2)
        text = (
            text[:place]
            + chance.choice(["", " ", "#", "\n", ",", "x", "{", "}", "@", "\ufeff"])
            + text[place + length :]
        )
    words = text.split(" ")
    if chance.random() < 0.2:
        chance.shuffle(words)
    return " ".join(words)


def mutated(count: int) -> list[str]:
    """Usual attacks, and texts that differ a little from trusted ones; the same at each run."""
    chance = random.Random(16)
    attacks = ["{ __schema { types { name } } }", "{ __typename }", TIME + TIME, TIME + " ", "\ufeff" + TIME]
    found = dict.fromkeys([*attacks, *(text.swapcase() for text in KNOWN)])
    while len(found) < count:
        text = changed(chance.choice(KNOWN), chance)
        if text and text not in KNOWN:
            found[text] = None
    return list(found)


async def refused_over_http(stack: Stack, text: str, accept: str = "application/json") -> bool:
    return "DOCUMENT_NOT_TRUSTED" in (await post(stack, {"query": text}, accept=accept)).text


async def refused_to_a_stream_token(stack: Stack, token: str, text: str) -> bool:
    parameters = {"query": text, "streamToken": token}
    headers = {"accept": "text/event-stream"}
    answer = await stack.http.get(f"{stack.gateway_url}/graphql", params=parameters, headers=headers)
    return "DOCUMENT_NOT_TRUSTED" in answer.text


@pytest.mark.slow
async def test_no_mutated_text_runs_over_any_transport_where_trusted_ones_are_required(requiring: Stack) -> None:
    texts = mutated(1_000)
    token = requiring.token(BEN)
    headers = {"authorization": f"Bearer {token}"}
    given = (await requiring.http.post(f"{requiring.gateway_url}/graphql/stream-token", headers=headers)).json()
    requiring.calls()
    async with talking(requiring) as socket:
        await socket.begin(token)
        for text in texts:
            assert await socket.refusal(text) == "DOCUMENT_NOT_TRUSTED"
    streams = ("text/event-stream", 'multipart/mixed;subscriptionSpec="1.0"', None)
    for text, accept in zip(texts, itertools.cycle(streams), strict=False):
        assert await refused_over_http(requiring, text), text
        if accept:
            assert await refused_over_http(requiring, text, accept), text
        else:
            assert await refused_to_a_stream_token(requiring, given["streamToken"], text), text
    assert not requiring.calls()


async def test_trusted_documents_run_by_id_over_sockets_and_streams(requiring: Stack) -> None:
    token = requiring.token(BEN)
    async with talking(requiring) as socket:
        await socket.begin(token)
        await socket.say("subscribe", id="one", payload={"documentId": sha256(TIME)})
        assert list((await socket.hear())["payload"]["data"]) == ["serverTime"]
        assert await socket.hear() == {"type": "complete", "id": "one"}
        await socket.say("subscribe", id="two", payload={"doc_id": "unknown"})
        (error,) = (await socket.hear())["payload"]
        assert (error["extensions"]["code"], error["message"]) == NOT_FOUND
        await socket.say("subscribe", id="three", payload={"extensions": apollo(sha256(CHAINS_CHANGED))})
        await requiring.until("gateway_subscriptions", 1)
    streamed = await post(requiring, {"documentId": sha256(TIME)}, accept="text/event-stream")
    assert '"serverTime"' in streamed.text
    unknown = await post(requiring, {"documentId": UNKNOWN_ID}, accept="text/event-stream")
    assert "PersistedQueryNotFound" in unknown.text
    assert (unknown.headers["content-type"], unknown.headers["cache-control"]) == (
        "text/event-stream; charset=utf-8",
        "no-store",
    )


async def test_introspection_needs_its_setting_in_a_manifest_too(tmp_path: Path) -> None:
    introspection = "{ __schema { queryType { name } } }"
    manifest(tmp_path, "tools@1", by_hash(introspection))
    with pytest.raises(DocumentsUnusable, match=rf"tools@1\.json.*{sha256(introspection)}.*Introspection"):
        async with running_stack(trusting(tmp_path, "require")):
            pass
    async with running_stack(trusting(tmp_path, "require", GATEWAY_INTROSPECTION="on")) as stack:
        answer = await post(stack, {"documentId": sha256(introspection)})
        assert answer.json()["data"] == {"__schema": {"queryType": {"name": "Query"}}}


async def test_kept_answers_are_found_by_id_and_never_those_of_another_text(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"shop": "{ viewer { offerChains { name } } }", "home": BADGE})
    async with running_stack(trusting(tmp_path)) as stack:
        token = {"authorization": f"Bearer {stack.token(BEN)}"}

        async def shown(name: str) -> tuple[str, object]:
            answer = await stack.http.get(f"{stack.gateway_url}/graphql/{name}", headers=token)
            return answer.headers["x-gateway-execution"], answer.json()["data"]["viewer"]

        assert (await shown("shop"))[0] == "compiled"
        first = await shown("shop")
        assert (first[0], list(cast("dict[str, object]", first[1]))) == ("cached", ["offerChains"])
        assert list(cast("dict[str, object]", (await shown("home"))[1])) != ["offerChains"]
        manifest(tmp_path, "web@1", {"shop": "{ viewer { badge { claimableCount } } }"})
        await stack.gateway.reload()
        execution, viewer = await shown("shop")
        assert (execution, list(cast("dict[str, object]", viewer))) == ("compiled", ["badge"])
        assert error_of(await get(stack, "/home")) == NOT_FOUND


async def test_a_manifest_that_cannot_be_used_changes_nothing_while_serving(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manifest(tmp_path, "web@1", by_hash(TIME))
    async with running_stack(trusting(tmp_path, "require")) as stack:
        manifest(tmp_path, "web@2", {"wrong": "{ nothing }"})
        await stack.gateway.reload()
        assert list((await get(stack, f"/{sha256(TIME)}")).json()["data"]) == ["serverTime"]
    assert "documents_refused" in caplog.text


async def test_the_log_names_the_document_and_its_operation(
    preferring: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await get(preferring, f"/{sha256(BADGE)}")
    await get(preferring, f"/{sha256(BADGE)}")
    lines = [one.__dict__ for one in caplog.records if one.message == "request"]
    assert len(lines) == 2
    named = {"document": sha256(BADGE), "operation": "Badge", "client": "unity@1.4"}
    assert [{name: line["event_fields"][name] for name in named} for line in lines] == [named, named]


async def test_uses_are_counted_by_client_and_operation_also_of_kept_answers(tmp_path: Path) -> None:
    for version in ("1.3", "1.4"):
        manifest(tmp_path, f"unity@{version}", by_hash(BADGE, TIME))
    manifest(tmp_path, "web@2", by_hash(TIME))
    async with running_stack(trusting(tmp_path)) as stack:
        token = stack.token(BEN)
        for _ in range(3):
            await post(stack, {"documentId": sha256(BADGE)}, authorization=f"Bearer {token}")
        await post(stack, {"documentId": sha256(TIME)})
        await post(stack, {"documentId": sha256(TIME)}, graphql_client_name="web", graphql_client_version="2")
        await post(stack, {"query": SIGNED_IN}, apollographql_client_name="web", apollographql_client_version="2")
        page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
    assert dict(re.findall(r"^gateway_document_requests_total(\{.*\}) (\S+)$", page, re.MULTILINE)) == {
        '{client="other",operation="other"}': "0.0",
        '{client="several",operation="Time"}': "1.0",
        '{client="unity",operation="Badge"}': "3.0",
        '{client="unity",operation="Time"}': "0.0",
        '{client="web",operation="Time"}': "1.0",
    }
