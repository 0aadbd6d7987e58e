"""The `info` argument of resolvers, built only as far as they read it."""

from collections.abc import Callable
from functools import cached_property

from graphql import Executor, GraphQLResolveInfo
from graphql.pyutils import Path

from gateway.execution.jit.plan import Field
from gateway.schema.context import Context, Info
from gateway.schema.fields import Load

ResponsePath = tuple[str | int, ...]
"""Where a value stands in the response: keys, and indexes in lists."""


ResolveInfo = GraphQLResolveInfo[Context]


class LazyInfo(Info):
    """The info of strawberry. graphql-core's part of it costs more than most fields, so it is built when first read."""

    # strawberry's constructor takes graphql-core's info, which is what this class avoids. It sets the same attributes
    # instead: `_field`, and `_raw_info` as a property.
    def __init__(
        self, context: Context, executor: Callable[[], Executor[Context]], field: Field, path: ResponsePath
    ) -> None:
        self._context = context
        self._executor = executor
        self._selected = field
        self._response_path = path
        self._field = field.access.owner

    @property
    def context(self) -> Context:
        """The context of the request."""
        return self._context

    @property
    def path(self) -> Path:
        """The path of the field."""
        return graphql_path(self._selected, self._response_path)

    def needs(self, load: Load) -> bool:
        """Whether any selected field of the field's objects depends on that load."""
        inside = self._selected.inside
        return inside is not None and load in inside.loads

    @cached_property
    def _raw_info(self) -> ResolveInfo:  # type: ignore[override]  # a plain attribute there
        return resolve_info(self._executor(), self._selected, self._response_path)


def resolve_info(executor: Executor[Context], field: Field, path: ResponsePath) -> ResolveInfo:
    """The info of graphql-core for a field at a path."""
    return executor.build_resolve_info(field.access.definition, field.nodes, field.parent, graphql_path(field, path))


def graphql_path(field: Field, response_path: ResponsePath) -> Path:
    """The path as graphql-core has it: with the type of the object that each key belongs to."""
    names = iter(field.type_names)
    first, *others = response_path
    path = Path(None, first, next(names))
    for key in others:
        path = path.add_key(key, next(names) if isinstance(key, str) else None)
    return path
