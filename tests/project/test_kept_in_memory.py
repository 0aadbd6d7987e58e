"""What the code keeps in memory between requests is bounded, whatever clients and the upstream send."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.support.paths import GATEWAY

MEMOISED = {
    "http/transport.py:_usual_authorities": "one entry",
    "schema/__init__.py:create_schema": "one entry",
    "schema/ids.py:encode": "keys are a kind and whole numbers of 63 bits at most; so many entries at most",
    "telemetry/log_rendering.py:_second": "one entry; the key is a whole number of seconds",
    "upstream/decode_lists.py:_moment": "so many dates of 64 characters at most",
    "web/content_encoding.py:_accepted_encoding": "keys of MAX_ACCEPT_ENCODING_LENGTH bytes at most; so many at most",
    "web/operation_reports.py:made": "keys of short names and codes from closed sets; so many at most",
    "web/graphql/early_responses.py:_shared": "paths of documents that have a response; so many at most",
    "web/responses.py:_content_type": "one for each media type that is sent",
    "web/graphql/requests.py:_response_media_type": "keys of MAX_ACCEPT_LENGTH characters at most; so many at most",
}
"""Functions whose results are remembered, and why no input can make that large."""

BOUNDED = {
    "admission/rate_limit.py": "so many keys; keys are digests and addresses",
    "admission/rate_limits.py": "so many owners; keys are digests",
    "identity/addresses.py": "so many addresses, as parsing or the system writes them",
    "events/player_directory.py": "charged in bytes; ids are at most MOST_ID_CHARACTERS long",
    "events/order_notices.py": "so many orders; keys are digests and numbers",
    "domain/prices.py": "so many texts, of amounts that the upstream sent, in MAX_LANGUAGES languages",
    "documents/automatic.py": "weighed in bytes",
    "execution/documents.py": "weighed in bytes, the text included",
    "execution/program_cache.py": "weighed in bytes, the text included",
    "execution/jit/functions.py": "weighed in bytes, the source included",
    "web/graphql/early_refusals.py": "weighed in bytes, the request included",
    "execution/schema_answers.py": "weighed in bytes, the request included",
    "identity/languages.py": "so many values of MAX_LENGTH characters at most",
    "identity/caller.py": "so many credentials; keys are digests and the values bounded",
    "player/balance_prefetch.py": "charged in bytes",
    "player/chain_boundaries.py": "so many owners; keys are digests and values two numbers",
    "fleet/holds.py": "so many players of whom a write began in the last seconds; keys are digests",
    "store/fallback.py": "so many attempts; keys are numbers",
    "player/held_reads.py": "so many reads; keys are digests and values numbers",
    "player/refreshes.py": "so many owners; keys are digests and values numbers",
    "player/recent_writes.py": "so many writes; keys are numbers, cycles and player ids of 256 characters at most",
    "resilience/windows.py": "MOST_PLAYERS players for each call; keys are digests",
    "store/local/confirmations.py": "so many credentials; keys are digests, and player ids come from verified tokens",
    "store/local/memory_records.py": "so many records of one answer each",
    "store/local/tickets.py": "so many orders; keys and values are numbers",
}
"""Files with a cache of cachetools, and what bounds what is in it; a cache by number holds small things only."""

TABLES = {
    "admission/player_turns.py:PlayerTurns": "emptied after each turn of the loop",
    "admission/admission.py:Admission": "as many as there are calls",
    "documents/usage.py:DocumentUsage": "MAX_SERIES entries each",
    "execution/documents.py:DocumentCache": "what is kept ahead is bounded by AHEAD_BYTES",
    "execution/documents.py:ParsedDocument": "as many entries as the document has operations, and one more",
    "execution/program_cache.py:ProgramCache": "what is kept ahead is bounded by AHEAD_BYTES",
    "events/player_directory.py:_Links": "as long as the cache that it belongs to",
    "execution/fast_validation.py:_SchemaFacts": "as many as the schema has fields",
    "execution/jit/leaves.py:Leaves": "as many as the schema has types",
    "execution/jit/field_access.py:FieldAccesses": "as many as the schema has fields",
    "execution/program_cache.py:Programs": "MAX_VARIANTS entries, weighed in bytes",
    "cache/response_cache.py:ResponseCache": "charged in bytes; keys are digests, one request is known for a response",
    "cache/store.py:Store": "weighed in bytes",
    "cache/store.py:_OwnerEntries": "weighed in bytes",
    "telemetry/log_sampling.py:Sampler": "_MAX_KEYS entries",
    "telemetry/log_templates.py:LineTemplates": "MAX_TEMPLATES entries of MAX_CHARACTERS",
    "telemetry/log_writer.py:LineWriter": "MAX_BYTES of lines",
    "resilience/outcome_rates.py:OutcomeRates": "SECONDS entries",
    "resilience/windows.py:Windows": "SEVERAL players in a row",
    "http/transport.py:PooledTransport": "as many as wait for a connection now",
    "upstream/oddities.py:Oddities": "_MAX_LOGGED fields",
    "domain/shared.py:SharedBudget": "what fits within its bytes, and _MOST_SIGHTINGS numbers",
    "domain/shared.py:Shared": "weighed in bytes",
    "upstream/decode_lists.py:_Known": "weighed in bytes",
    "fleet/owner_names.py:OwnerNames": "weak: as many as somebody keeps something of",
    "store/local/sqlite_records.py:SqliteRecords": "leases that are over are removed beyond MOST_LEASES",
    "store/shared/topology.py:Cluster": "as many servers as the cluster names, and its 16,384 slots",
    "identity/token_verifier.py:KeySetVerifier": "what one document of MAX_KEY_DOCUMENT_BYTES holds",
}
"""Classes that remember in tables of their own, and what bounds those."""

WHILE_UNDER_WAY = {
    "records/database.py:Database",
    "admission/open_limit.py:OpenLimit",
    "admission/call_gate.py:CallGate",
    "concurrency/fair_queue.py:FairQueue",
    "concurrency/turns.py:Turns",
    "concurrency/single_flight.py:SingleFlight",
    "concurrency/single_flight.py:_Flight",
    "concurrency/deadline.py:Deadline",
    "cache/user_cache.py:UserCache",
    "events/bus.py:LocalBus",
    "execution/fast_validation.py:_DocumentCheck",
    "execution/deprecations.py:_Deprecated",
    "execution/introspection.py:_Counter",
    "execution/limits.py:_Meter",
    "execution/program_cache.py:_Conditions",
    "execution/jit/run.py:Run",
    "orders/background.py:BackgroundTracking",
    "orders/tracker.py:OrderTracker",
    "orders/tracker.py:_TrackedOrder",
    "player/recent_writes.py:RecentWrites",
    "player/request.py:PlayerRequest",
    "http/pool.py:Pool",
    "server/draining_server.py:DrainingServer",
    "server/signals.py:ReloadSignal",
    "server/reserve.py:Reserve",
    "store/local/webhooks.py:LocalWebhooks",
    "store/waiting.py:AnswerSignals",
    "fleet/peer_listener.py:PeerListener",
    "store/shared/background.py:Background",
    "store/shared/peers.py:SharedPeers",
    "store/shared/topology.py:Sentinels",
    "web/graphql/connections.py:Connection",
    "web/graphql/connections.py:Connections",
    "web/graphql/graphql_transport_ws.py:TransportProtocol",
    "workers/supervisor.py:Supervisor",
}
"""Classes whose tables hold what is under way now, and let go of it when it is over."""

AT_START = {
    "client_kits/operations.py:_Types",
    "execution/introspection.py:_Things",
    "commands/upstream_calls.py:_Counting",
    "commands/schema_examples.py:SchemaExamples",
}
"""Classes that make a table once and do not add to it."""


@cache
def files() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(GATEWAY).as_posix(), ast.parse(path.read_text())) for path in sorted(GATEWAY.rglob("*.py"))
    ]


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


def growing(tree: ast.Module) -> Iterator[str]:
    """Classes that are a table, or make a table or a set for themselves, which something can be added to later."""
    for kind in ast.walk(tree):
        if isinstance(kind, ast.ClassDef):
            is_table = any(ast.unparse(base).startswith("dict[") for base in kind.bases)
            if is_table or any(map(_makes_table, ast.walk(kind))):
                yield kind.name


def _makes_table(node: ast.AST) -> bool:
    made = node.value if isinstance(node, ast.AnnAssign | ast.Assign) else None
    target = (
        node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) else None
    )
    if isinstance(made, ast.Call) and isinstance(made.func, ast.Name):
        called = made.func.id
        if called == "field":
            return any(isinstance(one.value, ast.Name) and one.value.id == "dict" for one in made.keywords)
        tables = {"dict", "set", "Counter", "OrderedDict", "defaultdict", "deque", "WeakValueDictionary"}
        return isinstance(target, ast.Attribute) and called in tables
    return isinstance(target, ast.Attribute) and isinstance(made, ast.Dict) and not made.keys


def test_every_table_that_can_grow_is_known_to_be_bounded() -> None:
    # The sandbox is a stand-in for development, and keeps what it is told in its database.
    found = {f"{path}:{name}" for path, tree in files() if not path.startswith("sandbox/") for name in growing(tree)}
    assert found == TABLES.keys() | WHILE_UNDER_WAY | AT_START
