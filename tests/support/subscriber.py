"""One player who listens, the upstream that they read from, and the clock of both."""

import asyncio

from gateway.domain.models import Listing, Order
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from gateway.execution.engine import GraphQLEngine, Result
from gateway.execution.subscriptions import ResultStream
from gateway.schema import ids
from gateway.schema.context import Context
from tests.support.clock import Clock
from tests.support.generated_worlds import Upstream, World, context_of, services_of
from tests.support.make import offer_chain

EXECUTOR = GraphQLEngine(document_bytes=2**20, allow_suggestions=False)
WORLD = World(
    Listing((offer_chain(),)), Listing(()), Order(656, "new"), (), None, {}, is_signed_in=True, balance_seconds=5.0
)


class Scene:
    """Starts subscriptions and tells what happens."""

    def __init__(self, world: World = WORLD) -> None:
        self.clock = Clock()
        self.upstream = Upstream(world)
        self.services = services_of(world, self.upstream, self.clock.call_later, self.clock)
        self.expires_at: float | None = None
        self.contexts_made: list[Context] = []

    def context(self) -> Context:
        deadline = asyncio.get_running_loop().time() + 60
        context = context_of(self.upstream.world, self.upstream, deadline, self.services, self.expires_at)
        self.contexts_made.append(context)
        return context

    async def start(self, text: str, variables: dict[str, object] | None = None) -> ResultStream[Result] | Result:
        return await EXECUTOR.subscribe(EXECUTOR.operation(text, None), variables, self.context)

    async def listen(self, text: str) -> ResultStream[Result]:
        answers = await self.start(text)
        assert isinstance(answers, ResultStream)
        return answers

    def tell(self, *reasons: ChangeReason, chains: frozenset[int] = frozenset()) -> None:
        owner = self.contexts_made[0].player.caller.owner
        self.services.bus.publish(owner, Change(frozenset(reasons), chains))

    @property
    def left(self) -> tuple[int, int, int, list[float]]:
        """What is left behind: listeners, orders, pollers, timers."""
        assert isinstance(self.services.bus, LocalBus)
        tracker = self.services.tracker
        return self.services.bus.listeners, tracker.orders, tracker.pollers, self.clock.alarms


NOTHING: tuple[int, int, int, list[float]] = (0, 0, 0, [])


ORDER_ID = ids.encode(ids.IdKind.ORDER, 656)

CHAINS = "subscription { chainsChanged { reasons offerChainIds viewer { offerChains { name } } } }"

ORDERS = f'subscription {{ orderUpdated(id: "{ORDER_ID}") {{ status }} }}'
