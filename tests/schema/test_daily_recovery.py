"""What becomes of claims of everything that is ready of a daily chain, once the process that sent them is gone."""

import asyncio

import pytest

from gateway.domain.models import Listing, Order
from gateway.errors import OutcomeUnknown
from gateway.player.idempotent_write import PriorState, WriteJournal
from gateway.schema.daily_writes import DAILY_CLAIMS
from gateway.schema.outcomes import ClaimAllOutcome, StepClaimView
from tests.support.generated_worlds import Upstream, World, context_of
from tests.support.make import NOW, daily_chain


async def recovered(checkpoint: ClaimAllOutcome | None) -> ClaimAllOutcome:
    days = Listing((daily_chain("claimed", "claimable", today=2),))
    world = World(Listing(()), Listing(()), Order(1, "new"), (), None, {}, True, 5.0, days)
    player = context_of(world, Upstream(world), asyncio.get_running_loop().time() + 60).player
    return await DAILY_CLAIMS.claim_available(11, NOW).recover(player, WriteJournal(), PriorState(checkpoint))


async def test_the_chain_shows_which_of_the_noted_steps_were_claimed() -> None:
    noted = tuple(StepClaimView(11, number, False, is_daily=True) for number in (1, 2))
    found = await recovered(ClaimAllOutcome(11, noted, is_daily=True))
    assert [(one.step_id, one.is_claimed) for one in found.results] == [(1, True), (2, False)]
    assert found.is_daily


async def test_without_a_note_nobody_can_tell() -> None:
    with pytest.raises(OutcomeUnknown):
        await recovered(None)
