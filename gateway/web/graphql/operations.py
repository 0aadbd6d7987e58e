"""Operations and callers of requests, found in the same way for every transport."""

import math
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from graphql import OperationType

from gateway.concurrency.turns import Turns
from gateway.documents.library import DocumentLibrary
from gateway.documents.manifest import Client
from gateway.documents.usage import DocumentUse, use_of
from gateway.domain.payment import PaymentPage
from gateway.errors import RequestError
from gateway.execution.documents import Operation, invalid
from gateway.execution.engine import GraphQLEngine, Variables
from gateway.identity.caller import Caller, Identity
from gateway.identity.headers import Headers
from gateway.player.services import Services
from gateway.telemetry.metrics import Sample
from gateway.web.graphql.call_contexts import CallContexts
from gateway.web.graphql.calls import Call, SubscriptionSlots
from gateway.web.graphql.requests import GraphQLRequest
from gateway.web.metrics import OperationMetrics
from gateway.web.operation_reports import Report


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds within which an operation is answered."""

    query_seconds: float = 3
    mutation_seconds: float = 8


class AskedOperation(NamedTuple):
    """The operation that a request names; `use` says which trusted document it is of, if any."""

    operation: Operation
    use: DocumentUse | None


class Operations:
    """Finds operations and their callers, and starts calls, with a maximum of subscriptions at a time."""

    def __init__(
        self,
        *,
        executor: GraphQLEngine,
        documents: DocumentLibrary,
        identity: Identity,
        services: Services,
        payment_page: PaymentPage,
        deadlines: Deadlines,
        metrics: OperationMetrics,
        subscriptions: SubscriptionSlots,
    ) -> None:
        self._executor = executor
        self._documents = documents
        self._identity = identity
        self._services = services
        self._payment_page = payment_page
        self._deadlines = deadlines
        self._metrics = metrics
        self._slots = subscriptions
        self._new_documents = Turns()

    async def operation(self, request: GraphQLRequest, sender: Client | None) -> AskedOperation:
        """Find the operation that the request names, and count it for its `sender`. Raises DocumentInvalid.

        A document that is new takes milliseconds to parse, validate and compile. So each of them has a turn of the loop
        to itself: a client who sends hundreds at once makes those wait, and nobody who asks what was asked before.
        """
        try:
            given_id, is_hash = request.named()
            found = self._documents.find(request.query, given_id, is_hash=is_hash)
        except RequestError as error:
            raise invalid(error) from None
        if not self._executor.knows(found.text):
            await self._new_documents.take()
        operation = self._executor.operation(found.text, request.operation_name or None)
        self._documents.register(found)
        if found.trusted is None:
            return AskedOperation(operation, None)
        use = use_of(found.trusted, operation.name, sender)
        self._documents.usage.count(use)
        return AskedOperation(operation, use)

    def count_cached(self, report: Report) -> None:
        """Count a request that was answered with a cached response, if it is for a trusted document."""
        if report.use is not None:
            self._documents.usage.count(report.use)

    @property
    def documents_generation(self) -> bytes:
        """Changes whenever a request with an id may mean another text."""
        return self._documents.generation

    def refused(self, report: Report) -> None:
        """Count an operation that is refused before there is a call."""
        self._metrics.operation(report, 0)

    @property
    def follows_address(self) -> bool:
        """Whether a response depends on the caller's address."""
        return self._identity.follows_address

    def caller(self, headers: Headers, peer: str | None) -> Awaitable[Caller]:
        """Find the caller of a request. Raises what `Identity` raises."""
        return self._identity.caller(headers, peer)

    def seconds_left(self, caller: Caller) -> float:
        """How many seconds a caller's token is still valid; infinity if it does not say."""
        return math.inf if caller.expires_at is None else caller.expires_at - self._services.now()

    def call(self, operation: Operation, variables: Variables, caller: Caller, use: DocumentUse | None = None) -> Call:
        """Prepare one operation for a caller; `use` says which trusted document it is of."""
        is_mutation = operation.kind is OperationType.MUTATION
        seconds = self._deadlines.mutation_seconds if is_mutation else self._deadlines.query_seconds
        contexts = CallContexts(caller, self._services, self._payment_page, seconds, takes_stale=not is_mutation)
        return Call(self._executor, operation, variables, contexts, self._slots, self._metrics, use)

    def samples(self) -> Iterable[Sample]:
        """The number of open subscriptions."""
        yield Sample("gateway_subscriptions", "Open subscriptions.", self._slots.taken)
