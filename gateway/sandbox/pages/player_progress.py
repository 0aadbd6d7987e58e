"""Loads where players stand in each chain that they see: which steps they have taken, and which one is next."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import msgspec

from gateway.sandbox.domain.daily_rounds import StepStatus
from gateway.sandbox.pages.project_overview import ProjectOverview, StepFacts
from gateway.sandbox.storage.chains import Chain, ChainKind, active_chains
from gateway.sandbox.storage.daily_rounds import daily_rounds
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.players import Player, Viewer
from gateway.sandbox.storage.points import own_points, point_balances
from gateway.sandbox.storage.step_claims import claimed_steps


class StepState(StrEnum):
    """What a player has done with a step, or can do."""

    TAKEN = "taken"
    READY = "ready"
    WAITING = "waiting"
    LATER = "later"
    MISSED = "missed"


MEANINGS: Mapping[StepState, str] = MappingProxyType(
    {
        StepState.TAKEN: "claimed or bought",
        StepState.READY: "next: can be claimed or bought now",
        StepState.WAITING: "next: needs more points, or its day",
        StepState.LATER: "comes later",
        StepState.MISSED: "missed, cannot be claimed any more",
    }
)
"""What the colours of steps say, in words."""

_DAYS: Mapping[StepStatus, StepState] = MappingProxyType(
    {
        StepStatus.CLAIMED: StepState.TAKEN,
        StepStatus.CLAIMABLE: StepState.READY,
        StepStatus.FUTURE: StepState.LATER,
        StepStatus.BLOCKED: StepState.MISSED,
    }
)


class PlayerStep(msgspec.Struct, frozen=True):
    """A step and what it is for the player."""

    facts: StepFacts
    state: StepState


class ChainProgress(msgspec.Struct, frozen=True):
    """A player's progress in a chain; points are the player's or their clan's, and None where none are counted."""

    chain: Chain
    steps: tuple[PlayerStep, ...]
    points: int | None
    own_points: int | None

    @property
    def taken(self) -> int:
        """How many steps were taken."""
        return sum(step.state is StepState.TAKEN for step in self.steps)

    @property
    def next_step(self) -> PlayerStep | None:
        """The step to take next; None when there is none."""
        return next((step for step in self.steps if step.state in (StepState.READY, StepState.WAITING)), None)

    @property
    def summary(self) -> str:
        """Both in words."""
        text = f"{self.taken} of {len(self.steps)} steps taken"
        following = self.next_step
        return text if following is None else f"{text}; next is step {following.facts.number}: {following.facts.cost}"


class PlayerProgress(msgspec.Struct, frozen=True):
    """A player with their progress in each chain that they see now."""

    player: Player
    chains: tuple[ChainProgress, ...]

    @property
    def ready(self) -> int:
        """In how many chains something can be claimed or bought now."""
        return sum(any(step.state is StepState.READY for step in chain.steps) for chain in self.chains)


def load_progress(tx: Transaction, overview: ProjectOverview, player: Player) -> PlayerProgress:
    """Load a player's progress in the chains of the overview."""
    viewer = Viewer(player.project_id, player)
    seen = {chain.chain_id for kind in ChainKind for chain in active_chains(tx, viewer, kind)}
    chains = [chain for chain in overview.chains if chain.chain_id in seen]
    balances = point_balances(tx, player, chains)
    states = dict(_states(tx, player, chains, {one.chain_id: balances[one.chain_id].amount for one in chains}))
    return PlayerProgress(
        player,
        tuple(
            ChainProgress(
                chain,
                tuple(PlayerStep(overview.step(chain, step), states[step.step_id]) for step in chain.steps),
                balances[chain.chain_id].amount if chain.kind is ChainKind.REWARD else None,
                own_points(tx, player, chain) if chain.kind is ChainKind.REWARD else None,
            )
            for chain in chains
        ),
    )


def _states(
    tx: Transaction, player: Player, chains: Sequence[Chain], points: Mapping[int, int]
) -> Iterator[tuple[int, StepState]]:
    rounds = daily_rounds(tx, player, [chain for chain in chains if chain.kind is ChainKind.DAILY])
    claimed = claimed_steps(tx, player, [chain for chain in chains if chain.kind is not ChainKind.DAILY])
    for chain in chains:
        states = {
            step.step_id: _DAYS[rounds[chain.chain_id].steps[step.step_id].status]
            if chain.kind is ChainKind.DAILY
            else StepState.TAKEN
            if step.step_id in claimed
            else StepState.READY
            if chain.kind is ChainKind.REWARD and step.points_needed <= points[chain.chain_id]
            else StepState.LATER
            for step in chain.steps
        }
        yield from _with_next(chain, states).items()


def _with_next(chain: Chain, states: dict[int, StepState]) -> dict[int, StepState]:
    """Mark the first step that comes later as the next one, unless another one is ready."""
    following = next((step_id for step_id, state in states.items() if state is StepState.LATER), None)
    if following is None or (StepState.READY in states.values()):
        return states
    return states | {following: StepState.READY if chain.kind is ChainKind.OFFER else StepState.WAITING}
