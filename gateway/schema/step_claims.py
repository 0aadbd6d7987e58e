"""Claims of steps, alike for reward chains and daily chains: requests, refusals, and recovery of lost responses."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.refusals import UserErrorCode
from gateway.errors import AccessError, GatewayError, OutcomeUnknown, Refusal
from gateway.player import Player
from gateway.player.idempotent_write import IdempotentWrite, PriorState, WriteJournal
from gateway.schema.cycles import with_cycle
from gateway.schema.outcomes import ClaimAllOutcome, StepClaimOutcome, StepClaimView, UserErrorView, as_replay

STEP_PATH = ("input", "stepId")


@dataclass(frozen=True, kw_only=True)
class StepClaims:
    """How steps of one kind of chain are claimed; a step goes by what the upstream names it by in a claim."""

    mutation: str
    """Claims a single step; its name tells the records of one kind from those of another."""
    prefix: tuple[str, ...] = ()
    """Does the same for claims of all steps, which are one mutation for all kinds."""
    chain_path: tuple[str, ...]
    """The input field that names a chain."""
    is_daily: bool = False
    at_once: int
    """How many steps of a chain are claimed side by side."""
    send: Callable[[Player, int, int, str | None], Awaitable[object]]
    """Claim a step of a chain, for a cycle. Raises GatewayError."""
    cycle_error: Callable[[Player, int, str | None, tuple[str, ...]], Awaitable[UserErrorView | None]]
    """Why nothing may be sent for a cycle."""
    explained: Callable[[Player, Refusal, int, int, datetime], Awaitable[UserErrorCode]]
    """Why a step was refused, from the chain as it is afterwards."""
    ready: Callable[[Player, int, datetime, str | None], Awaitable[list[int] | UserErrorView]]
    """The steps of a chain that can be claimed, newly read, or why none may be."""
    claimed: Callable[[Player, int], Awaitable[frozenset[int]]]
    """Steps that the chain itself shows as claimed now; none where it cannot be read. Decides about lost responses."""

    def claim(
        self, chain_id: int, step: int, now: datetime, *, cycle: str | None = None
    ) -> IdempotentWrite[StepClaimOutcome]:
        """Claim a step. A claim whose response was lost counts as done if the chain shows the step as claimed."""

        async def execute(player: Player, _: WriteJournal[StepClaimOutcome]) -> StepClaimOutcome:
            if error := await self.cycle_error(player, chain_id, cycle, STEP_PATH):
                return StepClaimOutcome(chain_id, (error,))
            try:
                await self.send(player, chain_id, step, cycle)
            except Refusal as refusal:
                code = await self.explained(player, refusal, chain_id, step, now)
                return StepClaimOutcome(chain_id, (UserErrorView.of(code, STEP_PATH, refusal),))
            except OutcomeUnknown:
                if step not in await self.claimed(player, chain_id):
                    raise
            return StepClaimOutcome(chain_id)

        async def recover(
            player: Player, _: WriteJournal[StepClaimOutcome], __: PriorState[StepClaimOutcome]
        ) -> StepClaimOutcome:
            if step in await self.claimed(player, chain_id):
                return StepClaimOutcome(chain_id)
            raise OutcomeUnknown

        return IdempotentWrite(
            self.mutation,
            with_cycle((str(chain_id), str(step)), cycle),
            StepClaimOutcome,
            execute,
            recover,
            as_replay=as_replay,
        )

    def claim_available(
        self, chain_id: int, now: datetime, *, cycle: str | None = None
    ) -> IdempotentWrite[ClaimAllOutcome]:
        """Claim every step that is ready, each with its own result; which these are is noted before any is sent."""
        nothing = ClaimAllOutcome(chain_id, is_daily=self.is_daily)

        async def execute(player: Player, journal: WriteJournal[ClaimAllOutcome]) -> ClaimAllOutcome:
            ready = await self.ready(player, chain_id, now, cycle)
            if isinstance(ready, UserErrorView):
                return replace(nothing, errors=(ready,))
            if not ready:
                return nothing
            unknown = tuple(self._result(chain_id, step, self._unknown) for step in ready)
            await journal.checkpoint(replace(nothing, results=unknown))
            return replace(nothing, results=await self._claim_all(player, chain_id, ready, now, cycle))

        async def recover(
            player: Player, _: WriteJournal[ClaimAllOutcome], prior: PriorState[ClaimAllOutcome]
        ) -> ClaimAllOutcome:
            if prior.checkpoint is None:
                # Without the list of steps nobody can tell which claims were sent.
                raise OutcomeUnknown
            results = _with_claimed(prior.checkpoint.results, await self.claimed(player, chain_id))
            return replace(prior.checkpoint, results=results)

        return IdempotentWrite(
            "claimAvailableRewards",
            with_cycle((*self.prefix, str(chain_id)), cycle),
            ClaimAllOutcome,
            execute,
            recover,
            is_final=_may_have_claimed,
            as_replay=as_replay,
            checkpoints_first=True,
        )

    @property
    def _unknown(self) -> UserErrorView:
        return UserErrorView(UserErrorCode.OUTCOME_UNKNOWN, self.chain_path)

    async def _claim_all(
        self, player: Player, chain_id: int, steps: list[int], now: datetime, cycle: str | None
    ) -> tuple[StepClaimView, ...]:
        places = asyncio.Semaphore(self.at_once)

        async def claim_one(step: int) -> UserErrorView | AccessError | None:
            async with places:
                return await self._claim_one(player, chain_id, step, now, cycle)

        errors = await asyncio.gather(*map(claim_one, steps))
        refused = [error for error in errors if isinstance(error, AccessError)]
        if refused and len(refused) == len(errors):
            # The player is refused, and not some step: the same error as for a single claim.
            raise refused[0]
        results = tuple(self._result(chain_id, step, error) for step, error in zip(steps, errors, strict=True))
        if any(result.error == self._unknown for result in results):
            return _with_claimed(results, await self.claimed(player, chain_id))
        return results

    async def _claim_one(
        self, player: Player, chain_id: int, step: int, now: datetime, cycle: str | None
    ) -> UserErrorView | AccessError | None:
        """Claim one step of several: an error costs this step alone, unless the upstream refuses the player."""
        try:
            await self.send(player, chain_id, step, cycle)
        except AccessError as error:
            return error
        except Refusal as refusal:
            code = await self.explained(player, refusal, chain_id, step, now)
            return UserErrorView.of(code, STEP_PATH, refusal)
        except OutcomeUnknown:
            return self._unknown
        except GatewayError as error:
            return UserErrorView.of(UserErrorCode.UNAVAILABLE, self.chain_path, error)
        return None

    def _result(self, chain_id: int, step: int, error: UserErrorView | AccessError | None) -> StepClaimView:
        if isinstance(error, AccessError):
            error = UserErrorView.of(UserErrorCode.UNAVAILABLE, self.chain_path, error)
        is_claimed = error is None or error.code is UserErrorCode.ALREADY_CLAIMED
        return StepClaimView(chain_id, step, is_claimed, None if is_claimed else error, self.is_daily)


def _with_claimed(results: Iterable[StepClaimView], claimed: frozenset[int]) -> tuple[StepClaimView, ...]:
    """The results once the chain was read: what it shows as claimed is."""
    return tuple(replace(one, is_claimed=True, error=None) if one.step_id in claimed else one for one in results)


def _may_have_claimed(outcome: ClaimAllOutcome) -> bool:
    """Whether anything may have been done. Where no claim was sent, the same key may try again."""
    return any(one.error is None or one.error.code is not UserErrorCode.UNAVAILABLE for one in outcome.results)
