"""The gateway's endpoints over an executor that does what a test says."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from graphql import OperationType
from starlette.routing import Route, Router, WebSocketRoute

from gateway.admission.admission import Admission
from gateway.admission.open_limit import OpenLimit
from gateway.admission.player_turns import PlayerTurns
from gateway.cache.response_cache import ResponseCache
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.documents.library import DocumentLibrary
from gateway.domain.payment import PaymentMode, PaymentPage
from gateway.execution.documents import Operation
from gateway.execution.engine import GraphQLEngine, Result
from gateway.identity.addresses import TrustedProxies
from gateway.identity.caller import Identity
from gateway.identity.origins import AllowedOrigins
from gateway.identity.stream_tokens import StreamTokens
from gateway.player.services import Services
from gateway.telemetry.metrics import Metrics
from gateway.upstream.client import Client
from gateway.web.graphql.calls import SubscriptionSlots
from gateway.web.graphql.connections import Connections
from gateway.web.graphql.early_refusals import EarlyRefusals
from gateway.web.graphql.endpoint import GraphQLEndpoint
from gateway.web.graphql.operations import Deadlines, Operations
from gateway.web.graphql.response_caching import Responses
from gateway.web.graphql.streams import Streams
from gateway.web.graphql.websocket import SocketEndpoint
from gateway.web.metrics import OperationMetrics
from gateway.web.middleware import RequestEnvelope
from tests.support.clock import Clock
from tests.support.stack import serving


class Script:
    """Stands for the executor; every document is the keyword of its kind."""

    def __init__(self, *results: Result | Exception) -> None:
        self.results = results

    def knows(self, text: str) -> bool:
        return False

    def operation(self, text: str, name: str | None) -> Operation:
        return Operation(text, name, OperationType(text), tokens=1)

    async def execute(self, *_: object) -> Result:
        return _said(self.results[0])

    async def subscribe(self, *_: object) -> AsyncGenerator[Result]:
        return self._events()

    async def _events(self) -> AsyncGenerator[Result]:
        for result in self.results:
            yield _said(result)


def _said(result: Result | Exception) -> Result:
    if isinstance(result, Exception):
        raise result
    return result


def scripted(script: Script) -> RequestEnvelope:
    """Both endpoints, within what surrounds every request."""
    clock = Clock()
    metrics = OperationMetrics(Metrics())
    cache = UserCache(max_bytes=0, clock=clock)
    executor = cast(GraphQLEngine, script)
    identity = Identity(project_id=1)
    services = Services(cast(Client, None), cache, SingleFlight(), now=clock, monotonic=clock)
    operations = Operations(
        executor=executor,
        documents=DocumentLibrary(executor),
        identity=identity,
        services=services,
        payment_page=PaymentPage(PaymentMode.SANDBOX, None),
        deadlines=Deadlines(),
        metrics=metrics,
        subscriptions=SubscriptionSlots(10, OpenLimit("subscriptions", None)),
    )
    connections = Connections(limit=10, of_players=OpenLimit("streams", None), call_later=clock.call_later)
    responses: Responses = ResponseCache(max_bytes=0, clock=clock)
    refusals = EarlyRefusals(identity, services, Admission(()), Metrics(), PlayerTurns(), lambda: None)
    stream_tokens = StreamTokens("a secret of the tests", 1, clock=clock)
    endpoint = GraphQLEndpoint(operations, responses, refusals, Streams(connections), stream_tokens, metrics, clock)
    sockets = SocketEndpoint(operations, connections, origins=AllowedOrigins(), proxies=TrustedProxies())
    return RequestEnvelope(Router([Route("/graphql", endpoint), WebSocketRoute("/graphql", sockets)]))


class Site:
    """Where it is served."""

    def __init__(self, gateway_url: str) -> None:
        self.gateway_url = gateway_url


@asynccontextmanager
async def running_script(*results: Result | Exception) -> AsyncIterator[Site]:
    async with serving(scripted(Script(*results))) as url:
        yield Site(url)
