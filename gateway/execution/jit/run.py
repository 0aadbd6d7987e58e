"""One run of a program: the values that were loaded, by their paths in the response, and the errors met on the way."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import iscoroutinefunction
from operator import attrgetter
from typing import Self, cast

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

from gateway.execution.jit.lazy_info import LazyInfo, ResolveInfo, ResponsePath, resolve_info
from gateway.execution.jit.plan import Field
from gateway.schema.context import Context


class Run:
    """What the projection of one request reads. Generated code calls `value`, `info` and `resolve` by position.

    `prepare` gives graphql-core's executor; it is called where a resolver or a replay needs that, which few runs do.
    """

    def __init__(
        self, context: Context, prepare: Callable[[], Executor[Context]], *, root_value: object = None
    ) -> None:
        self.context = context
        self.root_value = root_value
        self._prepare = prepare
        self._executor: Executor[Context] | None = None
        self.errors: list[GraphQLError] = []
        self.must_replay = False
        self._values: dict[ResponsePath, object] = {}

    @classmethod
    def of(cls, executor: Executor[Context]) -> Self:
        """The run of an executor that is there already."""
        run = cls(executor.context_value, lambda: executor, root_value=executor.root_value)
        run._executor = executor
        return run

    def executor(self) -> Executor[Context]:
        """graphql-core's executor for this run."""
        if self._executor is None:
            self._executor = self._prepare()
        return self._executor

    def release(self) -> None:
        """Break the cycle that an executor makes of its own methods, and with it of all that the request refers to."""
        if self._executor is not None:
            del self._executor.async_helpers

    def store(self, path: ResponsePath, value: object) -> None:
        """Store the value of a field; an exception stands for the error that it raised."""
        self._values[path] = value

    def require_replay(self, paths: Iterable[ResponsePath], error: Exception) -> None:
        """Store an error for fields that the projection computes itself, where it would not find the error."""
        self.must_replay = True
        for path in paths:
            self.store(path, error)

    def value(self, field: Field, path: ResponsePath) -> object:
        """The loaded value of a field. An error becomes null beside the error where the field may be null."""
        value = self._values[path]
        if not isinstance(value, Exception):
            return value
        if is_non_null_type(field.type):
            # Null has to move up to a parent that may be null. The replay finds out which one, and what goes with it.
            raise value
        self.errors.append(located_error(value, field.nodes, list(path)))
        return None

    def info(self, field: Field, path: ResponsePath) -> LazyInfo:
        """The info for a field's function."""
        return LazyInfo(self.context, self.executor, field, path)

    def resolve(self, field: Field, source: object, path: ResponsePath) -> object:
        """Call the field's own resolver with its arguments. Raises what it raises, and for invalid arguments."""
        executor, definition = self.executor(), field.access.definition
        arguments = get_argument_values(
            definition, field.nodes[0], executor.variable_values, hide_suggestions=executor.hide_suggestions
        )
        resolver = cast("Callable[..., object]", definition.resolve)
        return resolver(source, resolve_info(executor, field, path), **arguments)

    def read(self, field: Field, source: object, path: ResponsePath) -> object:
        """The value of a field, or the awaitable of an asynchronous one."""
        access = field.access
        if access.path is not None:
            return attrgetter(access.path)(source)
        if access.function is None:
            return self.resolve(field, source, path)
        arguments: dict[str, object] = {}
        if access.source_name is not None:
            arguments[access.source_name] = source
        if access.info_name is not None:
            arguments[access.info_name] = self.info(field, path)
        return access.function(**arguments)

    async def replay(self) -> tuple[Mapping[str, object] | None, list[GraphQLError]]:
        """Let graphql-core complete the response from the stored values, without loading any of them again."""
        # The rules for errors are intricate: null moves up to the nearest nullable parent, errors below it are
        # dropped, and the first of several wins. Running the reference executor over values that are there already
        # follows these rules by definition, and sends no upstream request a second time.
        executor = self.executor()
        executor.middleware_manager = MiddlewareManager(ReplayMiddleware(self._values))
        result = executor.execute_operation()
        if is_awaitable(result):
            result = await cast("Awaitable[ExecutionResult]", result)
        result = cast(ExecutionResult, result)
        return result.data, result.errors or []


class ReplayMiddleware:
    """graphql-core middleware that returns stored values instead of calling resolvers."""

    def __init__(self, values: Mapping[ResponsePath, object]) -> None:
        self._values = values

    def resolve(
        self, resolver: Callable[..., object], source: object, info: ResolveInfo, **arguments: object
    ) -> object:
        """Stand in for a resolver."""
        path = tuple(info.path.as_list())
        if path not in self._values:
            # Only what was loaded is stored. The rest is computed from it at once, so calling it again costs nothing.
            return resolver(source, info, **arguments)
        value = self._values[path]
        if iscoroutinefunction(resolver):
            # Awaited here too: which of several errors is reported depends on which of them is raised first.
            return _return_or_raise(value)
        if isinstance(value, Exception):
            raise value
        return value


async def _return_or_raise(value: object) -> object:
    if isinstance(value, Exception):
        raise value
    return value
