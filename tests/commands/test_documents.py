"""`gateway documents`: what it says of manifests, and the manifests that it makes; and SIGHUP."""

import asyncio
import json
import signal
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from gateway.commands.cli import main
from gateway.documents.manifest import read_manifest
from gateway.sandbox import DEMO_PROJECT_ID
from tests.support.commands import first_line, running, start
from tests.support.manifests import by_hash, manifest, sha256
from tests.support.operations import BADGE, CLAIM_OFFER, ORDER
from tests.support.store_servers import REDIS
from tests.support.worker_fleet import WorkerFleet, until, worker_fleet

TIME = "query Time { serverTime }"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """The exit code, and what is printed."""
    code = main(["documents", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_valid_documents_are_shown_with_their_upstream_calls(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    manifest(tmp_path, "web@1", {"time": "{ serverTime }", "chains": "query C { viewer { offerChains { name } } }"})
    manifest(tmp_path, "web@2", {"claim": CLAIM_OFFER, "order": ORDER})
    code, text, _ = run(capsys, "check", tmp_path)
    assert code == 0
    lines = text.splitlines()
    assert lines[:3] == ["web@1.json time", "  query (anonymous)", "    upstream: none"]
    assert lines[3:6] == ["web@1.json chains", "  query C", "    upstream: 1 x GET /user/offer_chain"]
    assert lines[6:8] == ["web@2.json claim", "  mutation ClaimOffer"]
    assert lines[8:11] == [
        "web@2.json order",
        "  query Order",
        "    upstream: depends on $id; see gateway explain --variables",
    ]
    assert lines[11].startswith("4 documents, 0 cannot be used.")


def test_documents_that_cannot_be_used_are_all_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"wrong": "{ nothing }", "time": TIME, "schema": "{ __schema { queryType { name } } }"})
    code, text, _ = run(capsys, "check", tmp_path)
    assert code == 1
    assert "web@1.json wrong\n  error: Cannot query field 'nothing' on type 'Query'." in text
    assert "web@1.json schema\n  error: Introspection" in text
    assert "3 documents, 2 cannot be used." in text
    assert "3 documents, 1 cannot be used." in run(capsys, "check", tmp_path, "--introspection")[1]


def test_deprecated_parts_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.execution.ahead.deprecated_parts", lambda *_: ("Query.serverTime",))
    manifest(tmp_path, "web@1", by_hash(TIME))
    assert "  deprecated: Query.serverTime\n" in run(capsys, "check", tmp_path)[1]


def test_documents_are_checked_against_another_schema(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"time": TIME, "badge": BADGE})
    released = tmp_path / "released.graphql"
    released.write_text("scalar DateTime type Query { serverTime: DateTime! }")
    code, text, _ = run(capsys, "check", tmp_path, "--against", released)
    assert code == 1
    assert "web@1.json badge\n  error in the other schema: Cannot query field 'viewer' on type 'Query'." in text
    assert "2 documents, 1 cannot be used." in text


@pytest.mark.parametrize("content", [None, "type Query {", "type Query { a: Nothing }"], ids=["none", "syntax", "type"])
def test_another_schema_that_cannot_be_read_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None
) -> None:
    released = tmp_path / "released.graphql"
    if content is not None:
        released.write_text(content)
    code, _, errors = run(capsys, "check", tmp_path, "--against", released)
    assert code == 2
    assert "released.graphql is not a schema that can be read" in errors


def test_a_manifest_is_made_of_files_whose_fragments_stand_elsewhere(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "shop.graphql").write_text("query Shop { viewer { offerChains { ...Card } } } query T { serverTime }")
    (tmp_path / "card.graphql").write_text("fragment Card on OfferChain { id name }")
    files = (tmp_path / "shop.graphql", tmp_path / "card.graphql")
    code, text, _ = run(capsys, "extract", *files, "--client", "unity@1.4", "--output", tmp_path)
    assert code == 0
    made = read_manifest(tmp_path / "unity@1.4.json")
    assert str(made.client) == "unity@1.4"
    shop, time = made.documents.values()
    assert (shop.count("fragment Card"), time.count("fragment Card")) == (1, 0)
    assert text.splitlines() == [
        f"sha256:{sha256(shop)}  Shop",
        f"sha256:{sha256(time)}  T",
        f"2 documents in {tmp_path / 'unity@1.4.json'}",
    ]
    assert run(capsys, "check", tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["{ serverTime }"], "Every operation needs a name"),
        (["query A { a }", "query A { b }"], "A is defined twice"),
        (["query A {"], "0.graphql: Syntax Error"),
        (["type Query { a: Int }"], "operations and fragments only"),
        ([], "0.graphql cannot be read"),
    ],
    ids=["no name", "twice", "syntax", "schema", "no file"],
)
def test_files_that_make_no_manifest_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, texts: Sequence[str], reason: str
) -> None:
    files = [tmp_path / f"{number}.graphql" for number in range(max(1, len(texts)))]
    for file, text in zip(files, texts, strict=False):
        file.write_text(text)
    code, _, errors = run(capsys, "extract", *files, "--client", "unity@1.4", "--output", tmp_path)
    assert code == 2
    assert reason in errors
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize(
    ("client", "output", "reason"), [("unity", ".", "such as unity@1.4.0"), ("unity@1", "nowhere", "cannot be written")]
)
def test_a_wrong_name_or_folder_is_reported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, client: str, output: str, reason: str
) -> None:
    file = tmp_path / "time.graphql"
    file.write_text(TIME)
    code, _, errors = run(capsys, "extract", file, "--client", client, "--output", tmp_path / output)
    assert code == 2
    assert reason in errors


@pytest.mark.slow
async def test_a_start_ends_with_the_file_and_the_id_that_cannot_be_used(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"wrong": "{ nothing }"})
    process = await start("serve", GATEWAY_PROJECT_ID="1", GATEWAY_PORT="0", GATEWAY_DOCUMENTS_DIR=str(tmp_path))
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert "web@1.json: the document wrong cannot be used" in errors.decode()


@pytest.mark.slow
async def test_a_signal_loads_the_documents_again(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"first": TIME})
    environment = {
        "GATEWAY_PROJECT_ID": str(DEMO_PROJECT_ID),
        "GATEWAY_PORT": "0",
        "GATEWAY_DOCUMENTS_DIR": str(tmp_path),
        "GATEWAY_DOCUMENTS": "require",
    }
    async with running("serve", **environment) as process, httpx.AsyncClient() as http:
        url = (await first_line(process)).removeprefix("Listening on ")
        assert "data" in (await http.get(f"{url}/first")).json()
        assert "errors" in (await http.get(f"{url}/second")).json()
        manifest(tmp_path, "web@2", {"second": "{ serverTime }"})
        process.send_signal(signal.SIGHUP)
        assert process.stderr is not None
        # The start and the signal: both tell in the log what they have loaded.
        events = [json.loads(await process.stderr.readline())["event"] for _ in range(1)]
        async with asyncio.timeout(60):
            while events[-1] != "documents_loaded" or "reloading" not in events:
                events.append(json.loads(await process.stderr.readline())["event"])
        assert "data" in (await http.get(f"{url}/second")).json()


async def outcomes(fleet: WorkerFleet, name: str) -> set[str]:
    """How a document ends by its id, over several connections that any worker may take."""
    found = set()
    for _ in range(8):
        async with httpx.AsyncClient(timeout=60) as http:
            found |= (await http.get(f"{fleet.url}/{name}")).json().keys()
    return found


@pytest.mark.slow
@pytest.mark.skipif(REDIS is None, reason="there is no redis-server")
async def test_workers_are_replaced_by_such_as_know_the_documents_of_then(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"first": TIME})
    async with worker_fleet(GATEWAY_DOCUMENTS_DIR=str(tmp_path), GATEWAY_DOCUMENTS="require") as fleet:
        before = fleet.workers
        assert await outcomes(fleet, "first") == {"data"}
        assert await outcomes(fleet, "second") == {"errors"}
        manifest(tmp_path, "web@2", {"second": "{ serverTime }"})
        fleet.process.send_signal(signal.SIGHUP)

        async def all_are_replaced() -> bool:
            return len(fleet.workers) == 2 and not set(before) & set(fleet.workers)

        await until(all_are_replaced)
        for name in ("first", "second"):
            assert await outcomes(fleet, name) == {"data"}
