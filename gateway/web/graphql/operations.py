"""What can be asked, and by whom: operations and visitors, found the same for every way in."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import OperationType

from gateway.domain.payment import PaymentPage
from gateway.execution.documents import Operation
from gateway.execution.engine import Executor, Variables
from gateway.identity.caller import Headers, Identity, Visitor
from gateway.player.services import Services
from gateway.telemetry.metrics import Reading
from gateway.web.graphql.calls import Call, Doors, Places
from gateway.web.graphql.requests import GraphQLRequest
from gateway.web.metrics import OperationMetrics


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Within how many seconds an operation is answered."""

    query_seconds: float = 3
    mutation_seconds: float = 8


class Operations:
    """Finds operations, and the visitors who ask for them, and starts calls; so many subscriptions at a time."""

    def __init__(
        self,
        *,
        executor: Executor,
        identity: Identity,
        services: Services,
        payment_page: PaymentPage,
        deadlines: Deadlines,
        metrics: OperationMetrics,
        max_subscriptions: int,
    ) -> None:
        self._executor = executor
        self._identity = identity
        self._services = services
        self._payment_page = payment_page
        self._deadlines = deadlines
        self._metrics = metrics
        self._places = Places(max_subscriptions)

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

    def seconds_left(self, visitor: Visitor) -> float:
        """For how long a visitor's token is good; infinity where it does not tell."""
        return math.inf if visitor.expires_at is None else visitor.expires_at - self._services.now()

    def call(self, operation: Operation, variables: Variables, visitor: Visitor) -> Call:
        """Make one operation ready to run for a visitor."""
        is_mutation = operation.kind is OperationType.MUTATION
        seconds = self._deadlines.mutation_seconds if is_mutation else self._deadlines.query_seconds
        doors = Doors(visitor, self._services, self._payment_page, seconds)
        return Call(self._executor, operation, variables, doors, self._places, self._metrics)

    def readings(self) -> Iterable[Reading]:
        """How many subscriptions run."""
        yield Reading("gateway_subscriptions", "Subscriptions that run.", self._places.taken)
