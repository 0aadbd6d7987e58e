"""A compiled query, and how it runs: what comes late is opened all at once, then everything is projected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphql import Executor, GraphQLError

from gateway.execution.jit.lazy_info import AnswerPath
from gateway.execution.jit.loading import load_all
from gateway.execution.jit.plan import Selection
from gateway.execution.jit.run import Run
from gateway.schema.context import Context

Data = Mapping[str, object]
Projection = Callable[[object, Run, AnswerPath], Data]


@dataclass(frozen=True, slots=True)
class Program:
    """What a query selects, the source of its projection, and the projection itself."""

    selection: Selection
    source: str
    project: Projection

    async def run(self, executor: Executor[Context]) -> tuple[Data | None, list[GraphQLError]]:
        """The data and the errors of the answer."""
        run = Run(executor)
        await load_all(run, self.selection)
        if run.must_replay:
            return await run.replay()
        partial_errors = executor.context_value.partial_errors
        count = len(partial_errors)
        try:
            return self.project(executor.root_value, run, ()), run.errors
        except Exception:  # the reference executor finds out what it was, and words it
            del partial_errors[count:]
            return await run.replay()
