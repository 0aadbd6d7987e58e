"""Manifests as the real tools write them, and those that are refused with the file and the id."""

import json
from pathlib import Path

import pytest

from gateway.documents.ids import sha256_of
from gateway.documents.manifest import MAX_FILE_BYTES, Client, parse_client, read_manifest, read_manifests
from gateway.documents.trusted import MAX_DOCUMENTS, TrustedDocuments, compiled
from gateway.errors import DocumentsUnusable
from gateway.execution.engine import GraphQLEngine
from tests.support.manifests import by_hash, manifest, sha256

MADE_BY_TOOLS = Path(__file__).parent / "made_by_tools"
TIME = "query Time { serverTime }"
APOLLO = "apollo-persisted-query-manifest"


def load(folder: Path, max_bytes: int = 2**24) -> TrustedDocuments:
    engine = GraphQLEngine(document_bytes=2**20, allow_suggestions=False)
    found = [one for one in compiled(read_manifests(folder), engine.compile_ahead, max_bytes=max_bytes) if one]
    (loaded,) = found
    return loaded


def test_manifests_of_the_real_tools_are_taken() -> None:
    loaded = load(MADE_BY_TOOLS)
    assert {str(client) for client in loaded.clients} == {"codegen@6.2.0", "apollo@1.4.0", "relay@21.0.1"}
    assert sorted(name or "" for one in loaded.by_id.values() for name in one.operations) == [
        *["Changes"] * 2,
        *["ClaimOffer"] * 2,
        *["Home"] * 2,
        "ShopChangesSubscription",
        "ShopClaimMutation",
        "ShopHomeQuery",
    ]
    assert all(len(one) == 64 and sha256_of(document.text) == one for one, document in loaded.by_id.items())
    assert len(loaded.ready) == 9


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("web@1", {sha256("{ other }"): TIME}, f"web@1.json: the id {sha256('{ other }')} is not the SHA-256"),
        ("web@1", {f"sha256:{'0' * 64}": TIME}, f"the id sha256:{'0' * 64} is not the SHA-256"),
        ("web@1", '{"a": "{ a }", "a": "{ b }"}', "the id a has two documents"),
        ("web@1", {"a": 7}, "the id a has no document"),
        ("web@1", {"": TIME}, r"the id \(none\) has no document"),
        ("web@1", "[]", "must be an object of ids and documents"),
        ("web@1", "{", "web@1.json is not JSON"),
        ("web@1", {"format": APOLLO, "version": 2, "operations": []}, "must be version 1"),
        ("web@1", {"format": APOLLO, "version": 1, "operations": {}}, "must be version 1"),
        ("web@1", {"format": APOLLO, "version": 1, "operations": [7]}, r"the id \(none\) has no document"),
        ("web@1", {"format": APOLLO, "version": 1, "operations": [{"id": "a"}]}, "the id a has no document"),
        ("web", {}, "must be named for its client and version"),
        ("@1", {}, "must be named for its client and version"),
        ("web@1", " " * (MAX_FILE_BYTES + 1), "bytes at most"),
        ("web@1", {"a": "{ nothing }"}, "web@1.json: the document a cannot be used: Cannot query field 'nothing'"),
        ("web@1", {"a": "{"}, "web@1.json: the document a cannot be used: Syntax Error"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, name: str, content: object, reason: str) -> None:
    manifest(tmp_path, name, content)
    with pytest.raises(DocumentsUnusable, match=reason):
        load(tmp_path)


def test_two_manifests_may_share_a_document_but_not_an_id(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"time": TIME, **by_hash(TIME)})
    manifest(tmp_path, "web@2", {"time": TIME})
    loaded = load(tmp_path)
    assert loaded.by_id["time"].clients == (Client("web", "1"), Client("web", "2"))
    assert len(loaded.ready) == 1
    manifest(tmp_path, "web@3", {"time": "{ serverTime }"})
    with pytest.raises(DocumentsUnusable, match=r"web@3\.json: the id time has another document in web@1\.json"):
        load(tmp_path)


def test_a_folder_and_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentsUnusable, match="missing cannot be read: No such file"):
        read_manifests(tmp_path / "missing")
    with pytest.raises(DocumentsUnusable, match=r"web@1\.json cannot be read: No such file"):
        read_manifest(tmp_path / "web@1.json")


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("manifests")
    assert read_manifests(tmp_path) == []


def test_documents_are_so_many_at_most(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {f"id{number}": TIME for number in range(MAX_DOCUMENTS + 1)})
    with pytest.raises(DocumentsUnusable, match=f"{MAX_DOCUMENTS} are allowed"):
        load(tmp_path)


def test_what_does_not_fit_is_checked_and_not_kept_ready(tmp_path: Path) -> None:
    manifest(tmp_path, "web@1", {"a": TIME, "b": "{ serverTime }"})
    loaded = load(tmp_path, max_bytes=10)
    assert (len(loaded.by_id), loaded.ready) == (2, ())


@pytest.mark.parametrize("name", ["unity@1.4.0", "My Game@2024-11", "a@b@1", "web@1+build.7"])
def test_names_of_clients(name: str) -> None:
    client = parse_client(name)
    assert (client is None) == (name == "a@b@1")
    assert client is None or str(client) == name


def test_an_id_of_a_text_with_half_a_character_is_had() -> None:
    assert len(sha256_of(json.loads('"\\ud800"'))) == 64
