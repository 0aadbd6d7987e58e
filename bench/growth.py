"""The rows of a run that show how cost grows: the same work for more connections, and for more players."""

from collections.abc import Iterator

from bench import matrix
from bench.results import Cell
from bench.targets import cell

Rows = Iterator[tuple[str, Cell]]


def by_connections(server: str) -> Rows:
    """One server asked by more and more connections."""
    for connections in matrix.CONNECTIONS:
        yield f"{connections}", cell(server, connections=connections)


def by_players() -> Rows:
    """Cached answers for more and more players, by clients that take gzip."""
    for players in matrix.PLAYERS:
        yield f"{players:,}", cell("gateway-kept-gzip", players=players, accepts="gzip")
