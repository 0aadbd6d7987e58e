"""Manifests that are loaded: what the log tells on the way."""

from pathlib import Path

from gateway.documents.library import DocumentLibrary
from gateway.execution.engine import GraphQLEngine
from tests.support.logged_events import logged_events
from tests.support.manifests import by_hash, manifest


def test_a_long_load_tells_how_far_it_is(tmp_path: Path) -> None:
    texts = [f"query Time{number} {{ serverTime }}" for number in range(250)]
    manifest(tmp_path, "web@1", by_hash(*texts))
    library = DocumentLibrary(GraphQLEngine(document_bytes=2**20, allow_suggestions=False), folder=tmp_path)
    with logged_events() as logged:
        library.load()
    told = [(one["event"], one["documents"]) for one in logged.all if "documents" in one]
    assert told == [("documents_loading", 100), ("documents_loading", 200), ("documents_loaded", 250)]
