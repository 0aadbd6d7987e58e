"""Subscriptions as the executor runs them: how they start, what each event is answered, and how they end."""

import asyncio
from dataclasses import replace

import pytest

from gateway.errors import NotFound, Unauthenticated, UpstreamTimeout
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from gateway.execution.executor import Execution, Executor, Result
from gateway.execution.failures import present
from gateway.execution.programs import MAX_VARIANTS
from gateway.execution.subscriptions import Answers
from gateway.models import Listing, Order
from gateway.schema import ids
from gateway.schema.context import Context
from tests.clock import Clock
from tests.execution.worlds import Upstream, World, context_of, services_of
from tests.make import offer_chain

EXECUTOR = Executor(document_bytes=2**20, allow_suggestions=False)
NEW = Order(656, "new")
WORLD = World(Listing((offer_chain(),)), Listing(()), NEW, (), None, {}, is_signed_in=True, balance_seconds=5.0)
ORDER_ID = ids.encode(ids.IdKind.ORDER, 656)
CHAINS = "subscription { chainsChanged { reasons offerChainIds viewer { offerChains { name } } } }"
ORDERS = f'subscription {{ orderUpdated(id: "{ORDER_ID}") {{ status }} }}'


class Scene:
    """One player who listens, the upstream that he reads from, and the clock of both."""

    def __init__(self, world: World = WORLD) -> None:
        self.clock = Clock()
        self.upstream = Upstream(world)
        self.services = services_of(world, self.upstream, self.clock.call_later)
        self.contexts_made: list[Context] = []

    def context(self) -> Context:
        deadline = asyncio.get_running_loop().time() + 60
        context = context_of(self.upstream.world, self.upstream, deadline, self.services)
        self.contexts_made.append(context)
        return context

    async def start(self, text: str, variables: dict[str, object] | None = None) -> Answers[Result] | Result:
        return await EXECUTOR.subscribe(EXECUTOR.operation(text, None), variables, self.context)

    async def listen(self, text: str) -> Answers[Result]:
        answers = await self.start(text)
        assert isinstance(answers, Answers)
        return answers

    def tell(self, *reasons: ChangeReason, chains: frozenset[int] = frozenset()) -> None:
        owner = self.contexts_made[0].player.visitor.owner
        self.services.bus.publish(owner, Change(frozenset(reasons), chains))

    @property
    def left(self) -> tuple[int, int, int, list[float]]:
        """What is left behind: listeners, orders, pollers, timers."""
        assert isinstance(self.services.bus, LocalBus)
        tracker = self.services.tracker
        return self.services.bus.listeners, tracker.orders, tracker.pollers, self.clock.alarms


NOTHING: tuple[int, int, int, list[float]] = (0, 0, 0, [])


def codes(result: Result) -> list[object]:
    return [one["extensions"]["code"] for one in present(result.errors, "request")]  # type: ignore[index]


async def test_each_event_is_answered_in_a_context_of_its_own_by_a_compiled_program() -> None:
    scene = Scene()
    answers = await scene.listen(CHAINS)
    for reason in (ChangeReason.CLAIM, ChangeReason.CLAN):
        scene.tell(reason, chains=frozenset({9}))
        result = await anext(answers)
        assert result.data == {
            "chainsChanged": {
                "reasons": [reason.value],
                "offerChainIds": [ids.encode(ids.IdKind.OFFER_CHAIN, 9)],
                "viewer": {"offerChains": [{"name": "Chain 9"}]},
            }
        }
        assert result.errors == ()
        assert result.execution is Execution.COMPILED
    assert len(set(map(id, scene.contexts_made))) == 3
    await answers.aclose()
    assert scene.left == NOTHING


async def test_changes_that_nobody_took_come_as_one_event() -> None:
    scene = Scene()
    answers = await scene.listen("subscription { chainsChanged { reasons rewardChainIds } }")
    scene.tell(ChangeReason.OTHER)
    scene.tell(ChangeReason.CLAIM)
    assert (await anext(answers)).data == {"chainsChanged": {"reasons": ["CLAIM", "OTHER"], "rewardChainIds": []}}
    await answers.aclose()


async def test_an_error_in_an_events_selection_costs_that_field_of_that_event() -> None:
    scene = Scene(replace(WORLD, faults={"offer_chains": UpstreamTimeout()}))
    answers = await scene.listen(CHAINS)
    scene.tell(ChangeReason.CLAIM)
    broken = await anext(answers)
    assert broken.data == {
        "chainsChanged": {"reasons": ["CLAIM"], "offerChainIds": [], "viewer": {"offerChains": None}}
    }
    assert codes(broken) == ["UPSTREAM_TIMEOUT"]
    assert not broken.is_request_error
    scene.upstream.world = WORLD
    scene.tell(ChangeReason.CLAIM)
    assert (await anext(answers)).errors == ()
    await answers.aclose()


async def test_what_is_not_compiled_is_answered_by_the_reference_executor() -> None:
    names = "abcde"
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: reasons @skip(if: ${name})" for name in names)
    text = f"subscription S({declared}) {{ chainsChanged {{ viewer {{ isSignedIn imageUrls }} {fields} }} }}"
    told = []
    for number in range(MAX_VARIANTS + 1):
        scene = Scene(replace(WORLD, faults={"offer_chains": UpstreamTimeout()}))
        variables: dict[str, object] = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        answers = await scene.start(text, variables)
        assert isinstance(answers, Answers)
        scene.tell(ChangeReason.CLAIM)
        result = await anext(answers)
        shown = {name: ["CLAIM"] for name in names if not variables[name]}
        assert result.data == {"chainsChanged": {"viewer": {"isSignedIn": True, "imageUrls": None}, **shown}}
        assert codes(result) == ["UPSTREAM_TIMEOUT"]
        told.append(result.execution)
        await answers.aclose()
    assert told == [Execution.COMPILED] * MAX_VARIANTS + [Execution.REFERENCE]


@pytest.mark.parametrize(
    ("text", "variables", "world", "code"),
    [
        ('subscription { orderUpdated(id: "x") { id } }', None, WORLD, "BAD_USER_INPUT"),
        ("subscription S($id: ID!) { orderUpdated(id: $id) { id } }", {}, WORLD, "BAD_USER_INPUT"),
        (ORDERS, None, replace(WORLD, faults={"order": NotFound()}), "BAD_USER_INPUT"),
        (ORDERS, None, replace(WORLD, faults={"order": Unauthenticated()}), "UNAUTHENTICATED"),
        (ORDERS, None, replace(WORLD, faults={"order": UpstreamTimeout()}), "UPSTREAM_TIMEOUT"),
        (ORDERS, None, replace(WORLD, is_signed_in=False), "UNAUTHENTICATED"),
        (CHAINS, None, replace(WORLD, is_signed_in=False), "UNAUTHENTICATED"),
    ],
    ids=["a foreign id", "a missing variable", "no such order", "rejected", "slow", "no token", "no token for chains"],
)
async def test_what_cannot_start_says_why_and_leaves_nothing(
    text: str, variables: dict[str, object] | None, world: World, code: str
) -> None:
    scene = Scene(world)
    result = await scene.start(text, variables)
    assert isinstance(result, Result)
    assert result.is_request_error
    assert codes(result) == [code]
    assert scene.left == NOTHING
