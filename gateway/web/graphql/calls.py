"""One operation that is run for one caller: what it comes to, and its end when nobody waits for that."""

import asyncio
import math
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from graphql import GraphQLError, OperationType

from gateway.cache.response_cache import ResponseCache, ResponseKey
from gateway.domain.payment import PaymentPage
from gateway.errors import Overloaded
from gateway.execution.documents import Operation
from gateway.execution.engine import GraphQLEngine, Result, Variables
from gateway.identity.caller import Caller
from gateway.player import Player
from gateway.player.services import Services
from gateway.schema.context import Context
from gateway.web.metrics import OperationMetrics

T = TypeVar("T")


class ClientGone(Exception):
    """The client hung up, or takes nothing; nobody reads the answer."""


class SubscriptionSlots:
    """For how many subscriptions there is room."""

    def __init__(self, limit: int) -> None:
        self.taken = 0
        self._limit = limit

    @property
    def are_free(self) -> bool:
        """Whether there is room for one more."""
        return self.taken < self._limit

    @contextmanager
    def take(self) -> Iterator[None]:
        """Take one of the slots."""
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


class Call:
    """One operation that is run for one caller, by one of `result` and `results`."""

    def __init__(
        self,
        executor: GraphQLEngine,
        operation: Operation,
        variables: Variables,
        contexts: "CallContexts",
        slots: SubscriptionSlots,
        metrics: OperationMetrics,
    ) -> None:
        self._executor = executor
        self._operation = operation
        self._variables = variables
        self._contexts = contexts
        self._slots = slots
        self._metrics = metrics
        self.is_abandoned = False
        """Whether nobody waits for what it comes to any more."""

    @property
    def kind(self) -> OperationType:
        """Whether it reads, writes or subscribes."""
        return self._operation.kind

    @property
    def expires_at(self) -> float | None:
        """The monotonic clock's reading at which the result is stale; None for one that nothing was read for."""
        return self._contexts.expires_at

    def keep(
        self, responses: ResponseCache[T], key: ResponseKey, answer: T, size_bytes: int, expires_at: float
    ) -> None:
        """Keep what was made of the result, unless something of the caller was forgotten since before it ran."""
        responses.put(key, answer, size_bytes, generation=self._contexts.stamp, expires_at=expires_at)

    async def result(self) -> Result:
        """Run a query or a mutation."""
        return await self._executor.execute(self._operation, self._variables, self._contexts.context())

    async def results(self) -> AsyncGenerator[Result]:
        """Run an operation of any kind, and give what it comes to: one result, or one for each event.

        A request error is the only result, and means that nothing was run. Once abandoned, it gives no more.
        """
        if self.kind is not OperationType.SUBSCRIPTION:
            result = await self.result()
            self._metrics.operation(result.execution, self.kind, self._contexts.elapsed_seconds)
            if not self.is_abandoned:
                yield result
        elif not self._slots.are_free:
            error = Overloaded("As many subscriptions run as the gateway takes. Try again in a moment.")
            yield Result(None, (GraphQLError(error.message, original_error=error),), is_request_error=True)
        else:
            with self._slots.take():
                answers = await self._executor.subscribe(self._operation, self._variables, self._contexts.context)
                if isinstance(answers, Result):
                    if not self.is_abandoned:
                        yield answers
                    return
                async with aclosing(answers):
                    async for answer in answers:
                        if self.is_abandoned:
                            return
                        self._metrics.event()
                        yield answer

    def abandon(self) -> None:
        """Let go of what it waits for, because nobody waits for its result. A write is carried to its end all the same.

        The run itself is not cancelled: the executor would leave coroutines behind that never began.
        """
        self.is_abandoned = True
        if self.kind is not OperationType.MUTATION:
            self._contexts.abandon()


class CallContexts:
    """Makes the contexts of one call: one, or for a subscription one to listen in and then one for each event."""

    def __init__(self, caller: Caller, services: Services, payment_page: PaymentPage, seconds: float) -> None:
        self._caller = caller
        self._services = services
        self._payment_page = payment_page
        self._seconds = seconds
        self._contexts: tuple[Context, ...] = ()
        self._is_abandoned = False
        self._began_at = services.monotonic()
        self.stamp = services.cache.generation(caller.owner)

    def context(self) -> Context:
        """A context for what is run now; the ones between the first and this are done with."""
        deadline = asyncio.get_running_loop().time() + self._seconds
        player = Player(self._caller, self._services, deadline=deadline)
        if self._is_abandoned:
            player.abandon()
        now = datetime.fromtimestamp(self._services.now(), UTC)
        context = Context(player, now, self._payment_page)
        self._contexts = (*self._contexts[:1], context)
        return context

    @property
    def elapsed_seconds(self) -> float:
        """For how long it has been under way."""
        return self._services.monotonic() - self._began_at

    @property
    def expires_at(self) -> float | None:
        """An answer with clock fields is good for the second that they were computed in, and none outlives the token.

        A kept answer is found before the token is looked at, and what is in it may have been read with a younger one.
        """
        fresh_until = min(context.player.fresh_until for context in self._contexts)
        if fresh_until == math.inf:
            return None
        if self._caller.expires_at is not None:
            token_seconds_left = self._caller.expires_at - self._services.now()
            fresh_until = min(fresh_until, self._services.monotonic() + token_seconds_left)
        for context in self._contexts:
            if context.is_timed:
                fresh_until = min(fresh_until, self._began_at + 1 - context.moment.microsecond / 1_000_000)
        return fresh_until

    def abandon(self) -> None:
        """Stop all waiting, now and later."""
        self._is_abandoned = True
        for context in self._contexts:
            context.player.abandon()
