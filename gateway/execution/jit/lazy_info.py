"""What resolvers find about the field they resolve, made only as far as they look."""

from functools import cached_property

from graphql import Executor, GraphQLResolveInfo
from graphql.pyutils import Path

from gateway.execution.jit.plan import Field
from gateway.schema.common import Settle
from gateway.schema.context import Context, Info

AnswerPath = tuple[str | int, ...]
"""Where in the answer a value stands: keys, and numbers in lists."""


ResolveInfo = GraphQLResolveInfo[Context]


class LazyInfo(Info):
    """The info; graphql-core's part, which costs more than most fields, waits until it is asked for."""

    def __init__(self, executor: Executor[Context], field: Field, at: AnswerPath) -> None:
        self._executor = executor
        self._selected = field
        self._at = at
        self._field = field.how.owner

    @property
    def context(self) -> Context:
        """The context of the request."""
        return self._executor.context_value  # type: ignore[no-any-return]  # graphql-core says Any

    @property
    def path(self) -> Path:
        """The path of the field."""
        return graphql_path(self._selected, self._at)

    def settles(self, settle: Settle) -> bool:
        """Whether anything selected of the field's objects waits for that to be settled."""
        inside = self._selected.inside
        return inside is not None and settle in inside.settles

    @cached_property
    def _raw_info(self) -> ResolveInfo:  # type: ignore[override]  # a plain attribute there
        return resolve_info(self._executor, self._selected, self._at)


def resolve_info(executor: Executor[Context], field: Field, at: AnswerPath) -> ResolveInfo:
    """The info of graphql-core for a field at a path."""
    return executor.build_resolve_info(field.how.definition, field.nodes, field.parent, graphql_path(field, at))


def graphql_path(field: Field, at: AnswerPath) -> Path:
    """The path as graphql-core has it: with the type of the object that each key belongs to."""
    names = iter(field.type_names)
    first, *others = at
    path = Path(None, first, next(names))
    for key in others:
        path = path.add_key(key, next(names) if isinstance(key, str) else None)
    return path
