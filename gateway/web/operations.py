"""How an operation is run for a visitor, by whichever way it came in: its document, its bounds, and its end."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from graphql import OperationType

from gateway.execution.documents import Operation
from gateway.execution.executor import Executor, Result, Variables
from gateway.execution.responses import Asked, Responses
from gateway.identity import Headers, Identity, Visitor
from gateway.payment import PaymentPage
from gateway.player import Player
from gateway.player.services import Services
from gateway.schema.context import Context
from gateway.web.requests import GraphQLRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Within how many seconds an operation is answered."""

    query_seconds: float = 3
    mutation_seconds: float = 8


class Operations:
    """Finds operations, and the visitors who ask for them, and starts calls."""

    def __init__(
        self,
        *,
        executor: Executor,
        identity: Identity,
        services: Services,
        payment_page: PaymentPage,
        deadlines: Deadlines,
    ) -> None:
        self._executor = executor
        self._identity = identity
        self._services = services
        self._payment_page = payment_page
        self._deadlines = deadlines

    def operation(self, asked: GraphQLRequest) -> Operation:
        """Find what is asked. Raises DocumentRefused."""
        return self._executor.operation(asked.query, asked.operation_name or None)

    @property
    def follows_address(self) -> bool:
        """Whether what a visitor sees depends on where he comes from."""
        return self._identity.follows_address

    async def visitor(self, headers: Headers, peer: str | None) -> Visitor:
        """Find who asks. Raises what `Identity` raises."""
        return await self._identity.visitor(headers, peer)

    def call(self, operation: Operation, variables: Variables, visitor: Visitor) -> "Call":
        """Make one operation ready to run for a visitor."""
        is_mutation = operation.kind is OperationType.MUTATION
        seconds = self._deadlines.mutation_seconds if is_mutation else self._deadlines.query_seconds
        return Call(self._executor, operation, variables, self._doors(visitor, seconds))

    def _doors(self, visitor: Visitor, seconds: float) -> "_Doors":
        return _Doors(visitor, self._services, self._payment_page, seconds)


class Call:
    """One operation that is run for one visitor."""

    def __init__(self, executor: Executor, operation: Operation, variables: Variables, doors: "_Doors") -> None:
        self._executor = executor
        self._operation = operation
        self._variables = variables
        self._doors = doors

    @property
    def expires_at(self) -> float | None:
        """The monotonic clock's reading at which the result is stale; None for one that nothing was read for."""
        return self._doors.expires_at

    def keep(self, responses: Responses[T], asked: Asked, answer: T, size_bytes: int, expires_at: float) -> None:
        """Keep what was made of the result, unless something of the visitor was forgotten since before it ran."""
        responses.keep(asked, answer, size_bytes, stamp=self._doors.stamp, expires_at=expires_at)

    def on_wait(self, begin: Callable[[], None]) -> None:
        """Have `begin` called whenever it has to wait for the upstream."""
        self._doors.on_wait = begin

    @property
    def kind(self) -> OperationType:
        """Whether it reads, writes or subscribes."""
        return self._operation.kind

    async def result(self) -> Result:
        """Run a query or a mutation."""
        return await self._executor.execute(self._operation, self._variables, self._doors.context())

    def abandon(self) -> None:
        """Let go of what it waits for, because nobody waits for its result. A write is carried to its end all the same.

        The run itself is not cancelled: the executor would leave coroutines behind that never began.
        """
        if self.kind is not OperationType.MUTATION:
            self._doors.abandon()


class _Doors:
    """Makes the contexts of one call."""

    def __init__(self, visitor: Visitor, services: Services, payment_page: PaymentPage, seconds: float) -> None:
        self._visitor = visitor
        self._services = services
        self._payment_page = payment_page
        self._seconds = seconds
        self._contexts: list[Context] = []
        self._is_abandoned = False
        self._began_at = services.monotonic()
        self.stamp = services.cache.stamp(visitor.owner)
        self.on_wait: Callable[[], None] | None = None

    def context(self) -> Context:
        deadline = asyncio.get_running_loop().time() + self._seconds
        player = Player(self._visitor, self._services, deadline=deadline)
        if self.on_wait is not None:
            player.on_wait = self.on_wait
        if self._is_abandoned:
            player.abandon()
        now = datetime.fromtimestamp(self._services.now(), UTC)
        context = Context(player, now, self._payment_page)
        self._contexts.append(context)
        return context

    @property
    def expires_at(self) -> float | None:
        """An answer with clock fields is good for the second that they were computed in."""
        fresh_until = min(context.player.fresh_until for context in self._contexts)
        if fresh_until == math.inf:
            return None
        for context in self._contexts:
            if context.is_timed:
                fresh_until = min(fresh_until, self._began_at + 1 - context.moment.microsecond / 1_000_000)
        return fresh_until

    def abandon(self) -> None:
        self._is_abandoned = True
        for context in self._contexts:
            context.player.abandon()
