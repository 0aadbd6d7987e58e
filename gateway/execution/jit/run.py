"""One run of a program: the values that came late, by their paths in the answer, and the errors met on the way."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import cast

from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    MiddlewareManager,
    get_argument_values,
    is_non_null_type,
    located_error,
)
from graphql.pyutils import is_awaitable

from gateway.execution.jit.lazy_info import AnswerPath, LazyInfo, ResolveInfo, resolve_info
from gateway.execution.jit.plan import Field
from gateway.schema.context import Context


class Run:
    """What the projection of one request reads. Names and order of the methods' arguments are those of its code."""

    def __init__(self, executor: Executor[Context]) -> None:
        self.executor = executor
        self.errors: list[GraphQLError] = []
        self.must_replay = False
        self._kept: dict[AnswerPath, object] = {}

    def keep(self, at: AnswerPath, value: object) -> None:
        """Remember what a field came to; an exception is what it raised."""
        self._kept[at] = value

    def require_replay(self, places: Iterable[AnswerPath], error: Exception) -> None:
        """Remember what fields raise that the projection would read by itself: it cannot be used any more."""
        self.must_replay = True
        for at in places:
            self.keep(at, error)

    def take(self, field: Field, at: AnswerPath) -> object:
        """What a field came to; where that is an error and the field may be null, null with the error beside it."""
        value = self._kept[at]
        if not isinstance(value, Exception):
            return value
        if is_non_null_type(field.type):
            raise value
        self.errors.append(located_error(value, field.nodes, list(at)))
        return None

    def info(self, field: Field, at: AnswerPath) -> LazyInfo:
        """The info for a field's function."""
        return LazyInfo(self.executor, field, at)

    def resolve(self, field: Field, source: object, at: AnswerPath) -> object:
        """What the field's own resolver gives, with its arguments. Raises what it raises, and for wrong arguments."""
        executor, definition = self.executor, field.how.definition
        arguments = get_argument_values(
            definition, field.nodes[0], executor.variable_values, hide_suggestions=executor.hide_suggestions
        )
        resolver = cast("Callable[..., object]", definition.resolve)
        return resolver(source, resolve_info(executor, field, at), **arguments)

    def read(self, field: Field, source: object, at: AnswerPath) -> object:
        """What stands behind a field: its value, or the awaitable of a late one."""
        how = field.how
        if how.path is not None:
            return attrgetter(how.path)(source)
        if how.function is None:
            return self.resolve(field, source, at)
        arguments: dict[str, object] = {}
        if how.source_name is not None:
            arguments[how.source_name] = source
        if how.info_name is not None:
            arguments[how.info_name] = self.info(field, at)
        return how.function(**arguments)

    async def replay(self) -> tuple[Mapping[str, object] | None, list[GraphQLError]]:
        """Let graphql-core work out the answer from what is kept, without asking for any of it again."""
        self.executor.middleware_manager = MiddlewareManager(ReplayMiddleware(self._kept))
        result = self.executor.execute_operation()
        if is_awaitable(result):
            result = await cast("Awaitable[ExecutionResult]", result)
        result = cast(ExecutionResult, result)
        return result.data, result.errors or []


class ReplayMiddleware:
    """Middleware that gives what is kept in the place of what resolvers would find."""

    def __init__(self, kept: Mapping[AnswerPath, object]) -> None:
        self._kept = kept

    def resolve(
        self, resolver: Callable[..., object], source: object, info: ResolveInfo, **arguments: object
    ) -> object:
        """Stand in for a resolver."""
        at = tuple(info.path.as_list())
        if at not in self._kept:
            return resolver(source, info, **arguments)
        value = self._kept[at]
        if iscoroutinefunction(resolver):
            # Late there as well, because what is told of several errors depends on which of them comes first.
            return _again(value)
        if isinstance(value, Exception):
            raise value
        return value


async def _again(value: object) -> object:
    if isinstance(value, Exception):
        raise value
    return value
