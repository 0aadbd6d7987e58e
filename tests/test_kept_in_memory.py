"""What the code keeps in memory between requests is bounded, whatever clients and the upstream send."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("gateway")

MEMOISED = {
    "schema/ids.py:encode": "keys are a kind and whole numbers of 63 bits at most; so many entries at most",
    "telemetry/log.py:_second": "one entry; the key is a whole number of seconds",
    "web/requests.py:_response_media_type": "keys have MAX_ACCEPT_LENGTH characters at most; so many entries at most",
}
"""Functions whose results are remembered, and why no input can make that large."""

BOUNDED = {
    "cache/store.py": "weighed in bytes",
    "events/directory.py": "charged in bytes; ids are at most MOST_ID_CHARACTERS long",
    "events/order_news.py": "so many orders; keys are digests and numbers",
    "execution/documents.py": "weighed in bytes, the text included",
    "execution/programs.py": "weighed in bytes, the text included",
    "execution/responses.py": "weighed in bytes, the request included",
    "execution/schema_answers.py": "weighed in bytes, the request included",
    "identity.py": "so many credentials; keys are digests and the values bounded",
    "player/expected.py": "charged in bytes",
    "player/recent.py": "so many writes; longer arguments stand by their digest",
}
"""Files with a cache of cachetools, and what bounds what is in it; a cache by number holds small things only."""


def files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def memoised(tree: ast.Module) -> Iterator[str]:
    """Functions that `functools` remembers the results of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            used = {name.id for one in node.decorator_list for name in ast.walk(one) if isinstance(name, ast.Name)}
            attributes = {
                one.attr for deco in node.decorator_list for one in ast.walk(deco) if isinstance(one, ast.Attribute)
            }
            if (used | attributes) & {"lru_cache", "cache", "cached", "cachedmethod"}:
                yield node.name


def names(tree: ast.Module) -> set[str]:
    return {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for one in node.names}


def test_every_memoised_function_is_known_to_be_bounded() -> None:
    assert {f"{path}:{name}" for path, tree in files() for name in memoised(tree)} == MEMOISED.keys()


def test_memoising_is_imported_where_it_is_seen() -> None:
    # `import functools` or a call of `lru_cache(...)` on a function would pass by the test above.
    assert [path for path, tree in files() if "functools" in names(tree)] == []
    using = {path for path, tree in files() if names(tree) & {"lru_cache", "cache", "cached"}}
    assert using == {entry.partition(":")[0] for entry in MEMOISED}


def test_every_cache_is_known_to_be_bounded() -> None:
    caches = {"LRUCache", "TLRUCache", "TTLCache", "LFUCache", "FIFOCache", "RRCache", "Cache"}
    assert {path for path, tree in files() if names(tree) & caches} == BOUNDED.keys()
