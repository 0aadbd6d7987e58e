"""What is measured, in the order of one round: what is compared with each other stands side by side."""

from collections.abc import Collection, Iterator

from bench.results import Cell
from bench.upstream import Distance

CONNECTIONS = (1, 32, 128)
BUSY = 32

ASKING = (
    "gateway", "mercurius", "gateway-balances", "mercurius-listed", "yoga-jit", "tailcall", "plain",
    "calls-2", "calls-5",
)  # fmt: skip
"""Servers that ask the upstream for every answer."""

KEEPING = ("gateway-kept", "constant", "yoga-cache", "tailcall-cache")
"""Servers that answer from what they keep, and their floor."""

COMPUTING = ("gateway", "mercurius", "gateway-balances", "yoga-jit", "plain")
"""Servers that have the computed fields."""

STALE = ("gateway-stale-points", "gateway", "gateway-models")
"""Our server between the lifetime of balances and that of lists, beside one that keeps nothing and one that keeps all;
by one connection, so that each player's points are stale when they come again, and fresh while they are answered."""

OWN = ("gateway", "mercurius", "gateway-balances")
"""Servers asked for data that no two players share; the gateway gains where they do."""

FAR = ("gateway", "mercurius", "gateway-balances", "yoga-jit", "tailcall", "plain")
TLS = ("gateway", "mercurius", "gateway-balances", "yoga-jit", "plain", "calls-2", "calls-5")


def cells(*, is_quick: bool) -> list[Cell]:
    """Every cell; a quick run has the busy ones near the upstream."""
    return list(_quick() if is_quick else _whole())


def chosen(all_cells: list[Cell], servers: Collection[str]) -> list[Cell]:
    """The cells of some servers."""
    return [cell for cell in all_cells if cell.server in servers]


def _quick() -> Iterator[Cell]:
    near = Distance.NEAR.value
    for server in (*ASKING, "gateway-models", *KEEPING):
        yield Cell(server, "home", near, BUSY)
    yield Cell("gateway-models", "home", near, BUSY, is_new_text=True)
    yield Cell("gateway", "all_kinds", near, BUSY)
    for server in STALE:
        yield Cell(server, "screen", near, 1)
    for server in OWN:
        yield Cell(server, "home", Distance.OWN.value, BUSY)


def _whole() -> Iterator[Cell]:
    near, far, tls = Distance.NEAR.value, Distance.FAR.value, Distance.TLS.value
    for connections in CONNECTIONS:
        for server in ASKING:
            yield Cell(server, "home", near, connections)
    yield Cell("gateway-verified", "home", near, BUSY)
    for operation in ("screen", "all_kinds", "badge"):
        for server in COMPUTING:
            yield Cell(server, operation, near, BUSY)
    for connections in CONNECTIONS:
        for server in KEEPING:
            yield Cell(server, "home", near, connections)
    for operation in ("home", "screen"):
        yield Cell("gateway-models", operation, near, BUSY)
    for server in STALE:
        yield Cell(server, "screen", near, 1)
    for server in ("gateway-models", "mercurius"):
        yield Cell(server, "home", near, BUSY, is_new_text=True)
    for connections in (BUSY, 128):
        for server in FAR:
            yield Cell(server, "home", far, connections)
    for operation in ("screen", "all_kinds"):
        yield Cell("gateway", operation, far, BUSY)
    for server in OWN:
        yield Cell(server, "home", Distance.OWN.value, BUSY)
    for server in TLS:
        yield Cell(server, "home", tls, BUSY)
