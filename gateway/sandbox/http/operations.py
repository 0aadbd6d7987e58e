"""Finds the vendor's operation of a call: each route's name is its operation id."""

from collections.abc import Iterator, Sequence

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope


class Operations:
    """The vendor's operations that the sandbox has."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        """Take the routes of the vendor's calls."""
        self._routes = routes
        self.names = frozenset(_names(routes))

    def name_of(self, scope: Scope) -> str | None:
        """Return the id of the operation that a call will reach; None for an unknown path or method."""
        return _name_of(self._routes, scope)


def _name_of(routes: Sequence[BaseRoute], scope: Scope) -> str | None:
    for route in routes:
        match, below = route.matches(scope)
        if match is not Match.FULL:
            continue
        if isinstance(route, Mount):
            return _name_of(route.routes, {**scope, **below})
        return route.name if isinstance(route, Route) else None
    return None


def _names(routes: Sequence[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _names(route.routes)
        if isinstance(route, Route):
            yield route.name
