"""What is measured, in the order of one round: what is compared with each other stands side by side."""

from collections.abc import Collection, Iterator

from bench.results import Cell
from bench.upstream import Distance

CONNECTIONS = (1, 32, 128, 512)
BUSY = 32
PLAYERS = (200, 500, 1_000, 5_000, 10_000)
"""How many players come in turn for answers that are cached; about 10,700 of their screens fit."""

SAME_CALLS = ("gateway", "mercurius-listed", "mercurius-logged", "yoga-listed", "yoga-logged", "calls-2")
"""Servers that make two calls for every answer, and their floor."""

FIVE_CALLS = ("gateway-balances", "mercurius", "yoga-jit", "tailcall", "plain", "calls-5")
"""Servers that ask for each balance besides, and their floor."""

GROWING = ("gateway", "mercurius-logged")
"""Servers asked by any number of connections."""

FEW = ("gateway", "mercurius-listed", "mercurius-logged")
"""Us beside the fastest peer, as it is and with what production needs."""

KEEPING = ("gateway-kept", "constant", "yoga-cache", "tailcall-cache")
"""Servers that answer from what they keep, and their floor."""

KEEPING_COMPRESSED = ("gateway-kept-gzip", "constant-gzip")
"""The same for clients that take gzip. Ours is a server of its own: an answer is cached in one encoding, and each of
the other clients would have it decompressed."""

COMPUTING = ("gateway", "mercurius-listed", "mercurius-logged", "yoga-listed")
"""Servers that have the computed fields."""

STALE = ("gateway-stale-points", "gateway", "gateway-models")
"""Our server between the lifetime of balances and that of lists, beside one that keeps nothing and one that keeps all;
by one connection, so that each player's points are stale when they come again, and fresh while they are answered."""

TLS = ("gateway", "mercurius-listed", "calls-2")


def cells(*, is_quick: bool) -> list[Cell]:
    """Every cell; a quick run has the busy ones near the upstream."""
    return list(_quick() if is_quick else _whole())


def chosen(
    all_cells: list[Cell],
    servers: Collection[str] | None,
    distances: Collection[Distance] | None,
    operations: Collection[str] | None,
) -> list[Cell]:
    """The cells of some servers, upstreams and operations; None means all."""
    return [
        cell
        for cell in all_cells
        if (servers is None or cell.server in servers)
        and (distances is None or Distance(cell.distance) in distances)
        and (operations is None or cell.operation in operations)
    ]


def _quick() -> Iterator[Cell]:
    near = Distance.NEAR.value
    for server in (*SAME_CALLS, *FIVE_CALLS, "gateway-models", *KEEPING):
        yield Cell(server, "home", near, BUSY)
    for server in KEEPING_COMPRESSED:
        yield Cell(server, "home", near, BUSY, accepts="gzip")
    yield Cell("gateway-models", "home", near, BUSY, is_new_text=True)
    for server in FEW:
        yield Cell(server, "home", Distance.PROGRESS.value, BUSY)


def _whole() -> Iterator[Cell]:
    near = Distance.NEAR.value
    for server in (*SAME_CALLS, *FIVE_CALLS, "gateway-verified", "gateway-models"):
        yield Cell(server, "home", near, BUSY)
    for operation in ("screen", "all_kinds", "badge"):
        for server in COMPUTING:
            yield Cell(server, operation, near, BUSY)
    for connections in CONNECTIONS:
        for server in GROWING if connections != BUSY else ():
            yield Cell(server, "home", near, connections)
    for server in STALE:
        yield Cell(server, "screen", near, 1)
    for server in ("gateway-models", "mercurius-listed"):
        yield Cell(server, "home", near, BUSY, is_new_text=True)
    yield Cell("gateway", "home", near, BUSY, accepts="gzip")
    yield from _kept()
    for distance in (Distance.PROGRESS, Distance.OWN, Distance.LARGE):
        for server in FEW:
            yield Cell(server, "home", distance.value, BUSY)
    yield Cell("gateway", "home", Distance.COMPRESSED.value, BUSY)
    for server in FEW:
        yield Cell(server, "home", Distance.FAR.value, BUSY)
    for operation in ("screen", "all_kinds"):
        yield Cell("gateway", operation, Distance.FAR.value, BUSY)
    for server in TLS:
        yield Cell(server, "home", Distance.TLS.value, BUSY)


def _kept() -> Iterator[Cell]:
    near = Distance.NEAR.value
    for server in KEEPING:
        yield Cell(server, "home", near, BUSY)
    for server in KEEPING_COMPRESSED:
        yield Cell(server, "home", near, BUSY, accepts="gzip")
    for connections in CONNECTIONS:
        if connections != BUSY:
            yield Cell("gateway-kept", "home", near, connections)
    for players in PLAYERS[1:]:
        yield Cell("gateway-kept-gzip", "home", near, BUSY, players=players, accepts="gzip")
