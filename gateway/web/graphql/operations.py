"""Operations and callers of requests, found in the same way for every transport."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import OperationType

from gateway.concurrency.turns import Turns
from gateway.domain.payment import PaymentPage
from gateway.execution.documents import Operation
from gateway.execution.engine import GraphQLEngine, Variables
from gateway.identity.caller import Caller, Identity
from gateway.identity.headers import Headers
from gateway.player.services import Services
from gateway.telemetry.metrics import Sample
from gateway.web.graphql.calls import Call, CallContexts, SubscriptionSlots
from gateway.web.graphql.requests import GraphQLRequest
from gateway.web.metrics import OperationMetrics
from gateway.web.operation_reports import Report


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds within which an operation is answered."""

    query_seconds: float = 3
    mutation_seconds: float = 8


class Operations:
    """Finds operations and their callers, and starts calls, with a maximum of subscriptions at a time."""

    def __init__(
        self,
        *,
        executor: GraphQLEngine,
        identity: Identity,
        services: Services,
        payment_page: PaymentPage,
        deadlines: Deadlines,
        metrics: OperationMetrics,
        subscriptions: SubscriptionSlots,
    ) -> None:
        self._executor = executor
        self._identity = identity
        self._services = services
        self._payment_page = payment_page
        self._deadlines = deadlines
        self._metrics = metrics
        self._slots = subscriptions
        self._new_documents = Turns()

    async def operation(self, request: GraphQLRequest) -> Operation:
        """Find the operation that the request names. Raises DocumentInvalid.

        A document that is new takes milliseconds to parse, validate and compile. So each of them has a turn of the loop
        to itself: a client who sends hundreds at once makes those wait, and nobody who asks what was asked before.
        """
        if not self._executor.knows(request.query):
            await self._new_documents.take()
        return self._executor.operation(request.query, request.operation_name or None)

    def refused(self, report: Report) -> None:
        """Count an operation that is refused before there is a call."""
        self._metrics.operation(report, 0)

    @property
    def follows_address(self) -> bool:
        """Whether a response depends on the caller's address."""
        return self._identity.follows_address

    async def caller(self, headers: Headers, peer: str | None) -> Caller:
        """Find the caller of a request. Raises what `Identity` raises."""
        return await self._identity.caller(headers, peer)

    def seconds_left(self, caller: Caller) -> float:
        """How many seconds a caller's token is still valid; infinity if it does not say."""
        return math.inf if caller.expires_at is None else caller.expires_at - self._services.now()

    def call(self, operation: Operation, variables: Variables, caller: Caller) -> Call:
        """Prepare one operation for a caller."""
        is_mutation = operation.kind is OperationType.MUTATION
        seconds = self._deadlines.mutation_seconds if is_mutation else self._deadlines.query_seconds
        contexts = CallContexts(caller, self._services, self._payment_page, seconds, takes_stale=not is_mutation)
        return Call(self._executor, operation, variables, contexts, self._slots, self._metrics)

    def samples(self) -> Iterable[Sample]:
        """The number of open subscriptions."""
        yield Sample("gateway_subscriptions", "Open subscriptions.", self._slots.taken)
