"""A compiled query, and how it runs: everything asynchronous is loaded first, then one function projects the data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import GraphQLError

from gateway.execution.jit.lazy_info import ResponsePath
from gateway.execution.jit.loading import load_all
from gateway.execution.jit.plan import Selection
from gateway.execution.jit.run import Run

Data = Mapping[str, object]
Projection = Callable[[object, Run, ResponsePath], Data]


@dataclass(frozen=True, slots=True)
class Program:
    """What a query selects, the source of its projection, and the projection itself."""

    selection: Selection
    source: str
    project: Projection

    async def run(self, run: Run) -> tuple[Data | None, list[GraphQLError]]:
        """The data and the errors of the response."""
        await load_all(run, self.selection)
        if run.must_replay:
            return await run.replay()
        partial_errors = run.context.partial_errors
        count = len(partial_errors)
        try:
            return self.project(run.root_value, run, ()), run.errors
        except Exception:
            # Any exception, not only our own: the generated code checks for the usual values and nothing else, and a
            # resolver may raise anything. The replay says what each error means. It calls the synchronous resolvers
            # again, so what they reported so far is withdrawn.
            del partial_errors[count:]
            return await run.replay()
