"""One operation of one caller: its results, and its end when nobody waits for them."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Iterator, Sequence
from contextlib import ExitStack, aclosing, contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from graphql import GraphQLError, OperationType

from gateway.admission.open_limit import OpenLimit
from gateway.cache.keys import CacheKey
from gateway.cache.response_cache import ResponseCache, ResponseKey
from gateway.documents.usage import DocumentUse
from gateway.errors import GatewayError, LimitExceeded, Overloaded, RateLimited
from gateway.execution.documents import Operation
from gateway.execution.engine import Execution, GraphQLEngine, Result, Variables
from gateway.execution.subscriptions import ResultStream
from gateway.telemetry import log
from gateway.telemetry.traces import current_trace
from gateway.web.errors import codes_of
from gateway.web.graphql.call_contexts import CallContexts
from gateway.web.metrics import OperationMetrics
from gateway.web.operation_reports import FAULT, WAITING, Report, refusal, report
from gateway.web.responses import HeaderPairs

logger = logging.getLogger(__name__)

T = TypeVar("T")


class ClientGone(Exception):
    """The client has disconnected or reads nothing."""


class SubscriptionSlots:
    """Limits how many subscriptions are open, in all and of each player."""

    def __init__(self, limit: int, of_players: OpenLimit) -> None:
        self.taken = 0
        self._limit = limit
        self._of_players = of_players

    @contextmanager
    def take(self, player: str) -> Iterator[None]:
        """Use one slot while the context is open. Raises Overloaded where none is free, and LimitExceeded."""
        if self.taken >= self._limit:
            raise Overloaded("Too many subscriptions are open. Try again in a moment.")
        with self._of_players.take(player):
            self.taken += 1
            try:
                yield
            finally:
                self.taken -= 1


class Call:
    """One operation of one caller. Either `result` or `results` executes it."""

    def __init__(
        self,
        executor: GraphQLEngine,
        operation: Operation,
        variables: Variables,
        contexts: CallContexts,
        slots: SubscriptionSlots,
        metrics: OperationMetrics,
        use: DocumentUse | None = None,
    ) -> None:
        self.kind = operation.kind
        """Whether it is a query, a mutation or a subscription."""
        self._use = use
        self._executor = executor
        self._operation = operation
        self._variables = variables
        self._contexts = contexts
        self._slots = slots
        self._metrics = metrics
        self.is_abandoned = False
        """Whether nobody waits for its result any more."""
        self.counted: Report | None = None
        """What metrics count it as; None as long as it is not answered."""

    @property
    def player(self) -> str:
        """Whom limits count it for; empty where nobody is known."""
        return self._contexts.source.player

    def limit_headers(self) -> HeaderPairs:
        """What is left of the player's limit, in standard headers."""
        is_mutation = self.kind is OperationType.MUTATION
        return self._contexts.rate_limits.headers(self._contexts.source, is_mutation=is_mutation)

    @property
    def expires_at(self) -> float | None:
        """The monotonic clock's reading at which the result is stale; None if nothing was read for it."""
        return self._contexts.expires_at

    def expect_keeping(self) -> None:
        """Say that the response to its result is to be cached, before it runs: without that, `keep` keeps nothing."""
        self._contexts.note_generation()

    def keep(
        self, responses: ResponseCache[T, Any], key: ResponseKey, answer: T, size_bytes: int, expires_at: float
    ) -> None:
        """Cache the response to the result, unless something of the caller was invalidated since it began."""
        contexts = self._contexts
        responses.put(
            key,
            answer,
            size_bytes,
            generation=contexts.generation,
            loaded_at=contexts.loaded_since,
            expires_at=expires_at,
        )

    def result(self) -> Awaitable[Result]:
        """Execute a query or a mutation; one that the player sends too often is refused."""
        if self.kind is OperationType.MUTATION:
            return self._mutation()
        return self._executor.execute(self._operation, self._variables, self._contexts.context())

    async def _mutation(self) -> Result:
        try:
            self._contexts.admit_mutation()
        except RateLimited as error:
            return _refused(error)
        return await self._executor.execute(self._operation, self._variables, self._contexts.context())

    async def results(self) -> AsyncGenerator[Result]:
        """Execute an operation of any kind, and give its result, or one for each event.

        A request error is the only result, and means that nothing was executed. Once abandoned, it gives no more. What
        it gives is counted.
        """
        with self._faults_counted(), ExitStack() as opened:
            if self.kind is OperationType.SUBSCRIPTION:
                try:
                    opened.enter_context(self._slots.take(self.player))
                except (Overloaded, LimitExceeded) as error:
                    answers: ResultStream[Result] | Result = _refused(error)
                else:
                    answers = await self._executor.subscribe(self._operation, self._variables, self._contexts.context)
            else:
                answers = await self.result()
            if isinstance(answers, Result):
                if not self.is_abandoned:
                    self._tell(self.report(answers))
                    yield answers
                return
            self._tell(Report(Execution.REFERENCE.value, self._kind, "ok", (), self._operation.label))
            async with aclosing(answers):
                async for answer in answers:
                    if self.is_abandoned:
                        return
                    self._tell_event(codes_of(answer.errors))
                    yield answer

    def report(self, result: Result) -> Report:
        """What is told of a result."""
        return report(result, self._kind, self._operation.label, self._use)

    def refuse(self, error: GatewayError) -> None:
        """Count it as refused."""
        self._tell(refusal(error, self._kind, self._operation.label))

    def log_end(self) -> None:
        """Log it, if it was answered; for operations that have no request of their own."""
        if self.counted is not None:
            elapsed = round(self._contexts.elapsed_seconds * 1000, 1)
            log.event(logger, logging.INFO, "operation", **self.counted.log_fields, milliseconds=elapsed)

    @property
    def _kind(self) -> str:
        return WAITING if self._contexts.waits_for_order else self.kind.value

    def _tell(self, report: Report) -> None:
        self.counted = report.of(self._use)
        self._metrics.operation(report, self._contexts.elapsed_seconds)

    def _tell_event(self, codes: Sequence[str]) -> None:
        self._metrics.event(codes)
        trace = current_trace.get()
        if trace is not None:
            trace.events += 1
        if codes and self.counted is not None:
            self.counted = self.counted.with_codes(codes)

    @contextmanager
    def _faults_counted(self) -> Iterator[None]:
        """Count an error that nobody foresaw; one of a subscription that began is no operation of its own."""
        try:
            yield
        except Exception:
            if self.counted is None:
                self._tell(replace(FAULT, kind=self.kind.value, name=self._operation.label))
            else:
                self._metrics.errors(FAULT.codes)
                self.counted = self.counted.with_codes(FAULT.codes)
            raise

    @property
    def failed_reads(self) -> Sequence[tuple[CacheKey, GatewayError]]:
        """What could not be read for the result."""
        return self._contexts.failed_reads

    def abandon(self) -> None:
        """Stop waiting, because nobody waits for its result. A write is finished all the same.

        The run itself is not cancelled: the executor would leave coroutines that never began.
        """
        self.is_abandoned = True
        if self.kind is not OperationType.MUTATION:
            self._contexts.abandon()


def _refused(error: GatewayError) -> Result:
    """The result of an operation that was not executed."""
    return Result(None, (GraphQLError(error.message, original_error=error),), is_request_error=True)
