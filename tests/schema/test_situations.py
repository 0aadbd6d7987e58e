"""State, next step, next action, badge and refusals agree in every situation, as the table in docs/chains.md says."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, cast

import pytest
from msgspec import structs

from gateway.domain.models import Contributor, DailyChain, Listing, OfferChain, Order, Recurrence, RewardChain
from gateway.errors import Refusal
from gateway.schema import create_schema, ids
from tests.support.generated_worlds import Upstream, World, at_once, context_of, services_of
from tests.support.make import NOW, daily_chain, offer_chain, offer_step, reward_chain
from tests.support.paths import REPOSITORY

Row = Mapping[str, str]

CLAIM_OFFER = "mutation($id: ID!) { outcome: claimOfferChainStep(input: {stepId: $id}) { userErrors { code } } }"
ORDER_OFFER = CLAIM_OFFER.replace("claimOfferChainStep", "orderOfferChainStep")
CLAIM_REWARD = CLAIM_OFFER.replace("claimOfferChainStep", "claimRewardChainStep")
CLAIM_DAILY = CLAIM_OFFER.replace("claimOfferChainStep", "claimDailyChainStep")
CHAIN = "{ nextAction claimableCount nextStep { id state } steps { id state } }"
SCREEN = f"""{{ viewer {{
  offerChains {CHAIN} rewardChains {CHAIN} dailyChains {CHAIN}
  badge {{ claimableOfferSteps claimableRewardSteps claimableDailySteps claimableCount }}
}} }}"""

PHASES: Mapping[str, dict[str, Any]] = {
    "upcoming": {"date_start": NOW + timedelta(days=1)},
    "active": {},
    "ending soon": {"date_end": NOW + timedelta(hours=1)},
    "ended": {"date_end": NOW},
}
LATER = Recurrence("weekly", int((NOW + timedelta(days=3)).timestamp()))
RECURRENCES = {"restarting": LATER, "completed": None}
SCHEMA = create_schema()
PLAYERS = ("signed in", "anonymous")


class Refusing(Upstream):
    """Refuses every write without a reason, so that the gateway looks for one; where it finds none, it is allowed."""

    async def _refuse(self, *_: object) -> None:
        raise Refusal(upstream_code=1102)

    claim_offer_step = order_offer_step = claim_reward_step = claim_daily_step = _refuse


def table(heading: str) -> list[Row]:
    """The rows of the table under a heading of the page, by column."""
    section = (REPOSITORY / "docs/chains.md").read_text().split(f"### {heading}\n")[1].split("\n#")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    columns, _, *rows = lines
    return [dict(zip(columns, row, strict=True)) for row in rows]


def the_row(rows: list[Row], **situation: str) -> Row:
    """The one row for a situation: the table is complete, and says nothing twice."""
    names = {column.replace("_", " "): value for column, value in situation.items()}
    found = [row for row in rows if all(value in row[column].split(", ") for column, value in names.items())]
    assert len(found) == 1, (situation, found)
    return found[0]


def an_offer_chain(step: str, dates: dict[str, Any]) -> OfferChain:
    if step in RECURRENCES:
        taken = offer_step(1, is_claimed=True)
        return offer_chain(taken, next_step=None, recurrence=RECURRENCES[step], **dates)
    return offer_chain(offer_step(1, is_free=step == "free"), offer_step(2), next_step=1, **dates)


def a_reward_chain(kind: str, step: str, dates: dict[str, Any]) -> RewardChain:
    claimed, recurrence = ([1], RECURRENCES[step]) if step in RECURRENCES else ([], None)
    chain = reward_chain(
        [0 if step == "reached" else 10],
        claimed=claimed,
        clan_type=None if kind == "personal" else "guild",
        recurrence=recurrence,
        **dates,
    )
    members = (Contributor("Rocket", 5),) if kind == "in a clan" else ()
    return structs.replace(chain, top_contributors=members)


STATUSES = {
    "of today": ("claimed", "claimable", "claim_in_future"),
    "to open": ("claimed", "claim_in_future"),
    "of an unknown status": ("claimed", "never heard"),
    "missed and more to open": ("blocked", "claim_in_future"),
    "restarting": ("claimed",),
    "completed": ("claimed",),
    "all missed": ("blocked",),
}


def a_daily_chain(step: str, dates: dict[str, Any]) -> DailyChain:
    return daily_chain(*STATUSES[step], today=2, is_recurrent=step == "restarting" or None, **dates)


async def answer(world: World, query: str, variables: dict[str, object] | None = None) -> tuple[Any, str | None]:
    """The data of an operation and the code of its first error."""
    context = context_of(world, Refusing(world), asyncio.get_running_loop().time() + 60)
    result = await SCHEMA.execute(query, variables, context)
    codes = [cast(Any, error.original_error).code.value for error in result.errors or ()]
    return result.data, next(iter(codes), None)


async def refusal(world: World, query: str, step_id: str) -> str:
    """Why a write is refused, in the words of the table."""
    data, code = await answer(world, query, {"id": step_id})
    code = code or data["outcome"]["userErrors"][0]["code"]
    return "done" if code == "REJECTED" else f"`{code}`"


def world_of(
    offers: tuple[OfferChain, ...],
    rewards: tuple[RewardChain, ...],
    player: str,
    dailies: tuple[DailyChain, ...] = (),
) -> World:
    is_signed_in, order = player == "signed in", Order(1, "new")
    return World(Listing(offers), Listing(rewards), order, (), None, {}, is_signed_in, 5.0, Listing(dailies))


async def assert_as_told(row: Row, world: World, chain: dict[str, Any], badge_count: int, refused: str) -> None:
    step = chain["nextStep"]
    assert ("none" if step is None else f"`{step['state']}`") == row["`nextStep.state`"]
    assert f"`{chain['nextAction']}`" == row["`nextAction`"]
    assert badge_count == (row["In the badge"] == "yes")
    assert refused == row.get("Claim", row.get("Claim or order"))
    # And with each other, whatever the table says.
    available = [one for one in chain["steps"] if one["state"] == "AVAILABLE"]
    assert (chain["nextAction"] in {"CLAIM", "BUY"}) == bool(available) == (refused == "done")
    assert available in ([], [step])
    assert badge_count == (chain["nextAction"] == "CLAIM") == chain["claimableCount"]


@pytest.mark.parametrize(
    ("phase", "player", "step"), list(product(PHASES, PLAYERS, ("free", "paid", "restarting", "completed")))
)
async def test_an_offer_chain_in_every_situation(phase: str, player: str, step: str) -> None:
    row = the_row(table("Offer chains"), Phase=phase, Player=player, Next_step=step)
    world = world_of((an_offer_chain(step, PHASES[phase]),), (), player)
    viewer = (await answer(world, SCREEN))[0]["viewer"]
    (chain,) = viewer["offerChains"]
    step_id = ids.encode(ids.IdKind.OFFER_STEP, 9, 1)
    refused = await refusal(world, ORDER_OFFER if step == "paid" else CLAIM_OFFER, step_id)
    await assert_as_told(row, world, chain, viewer["badge"]["claimableOfferSteps"], refused)


@pytest.mark.parametrize(
    ("phase", "player", "kind", "step"),
    list(
        product(
            PHASES,
            PLAYERS,
            ("personal", "in a clan", "in none"),
            ("reached", "to reach", "restarting", "completed"),
        )
    ),
)
async def test_a_reward_chain_in_every_situation(phase: str, player: str, kind: str, step: str) -> None:
    row = the_row(table("Reward chains"), Phase=phase, Player=player, Chain=kind, Next_step=step)
    world = world_of((), (a_reward_chain(kind, step, PHASES[phase]),), player)
    viewer = (await answer(world, SCREEN))[0]["viewer"]
    (chain,) = viewer["rewardChains"]
    refused = await refusal(world, CLAIM_REWARD, ids.encode(ids.IdKind.REWARD_STEP, 10, 1))
    await assert_as_told(row, world, chain, viewer["badge"]["claimableRewardSteps"], refused)


@pytest.mark.parametrize(("phase", "player", "step"), list(product(PHASES, PLAYERS, STATUSES)))
async def test_a_daily_chain_in_every_situation(phase: str, player: str, step: str) -> None:
    row = the_row(table("Daily chains"), Phase=phase, Player=player, Next_step=step)
    world = world_of((), (), player, (a_daily_chain(step, PHASES[phase]),))
    viewer = (await answer(world, SCREEN))[0]["viewer"]
    (chain,) = viewer["dailyChains"]
    # The next step's own number, or the first one's where there is none.
    number = 1 if chain["nextStep"] is None else len(chain["steps"][: chain["steps"].index(chain["nextStep"])]) + 1
    refused = await refusal(world, CLAIM_DAILY, ids.encode(ids.IdKind.DAILY_STEP, 11, number))
    await assert_as_told(row, world, chain, viewer["badge"]["claimableDailySteps"], refused)


@pytest.mark.parametrize(
    ("dates", "seconds"),
    [
        pytest.param({"date_start": NOW + timedelta(seconds=5)}, 5, id="it opens"),
        pytest.param({"date_end": NOW + timedelta(seconds=5)}, 5, id="it closes"),
        pytest.param({"date_end": NOW - timedelta(days=1)}, 15, id="it has ended"),
        pytest.param({}, 15, id="it runs without an end"),
    ],
)
@pytest.mark.parametrize("field", ["offerChains", "rewardChains", "dailyChains"])
async def test_an_answer_with_states_is_stale_once_they_change(field: str, dates: dict[str, Any], seconds: int) -> None:
    chains = (an_offer_chain("free", dates),), (a_reward_chain("personal", "reached", dates),)
    days = (a_daily_chain("of today", dates),)
    world = replace(world_of(*chains, "signed in", days), balance_seconds=60.0)
    upstream = Upstream(world)
    services = services_of(world, upstream, at_once, NOW.timestamp)
    context = context_of(world, upstream, asyncio.get_running_loop().time() + 60, services)
    result = await SCHEMA.execute(f"{{ viewer {{ {field} {{ steps {{ state }} }} }} }}", None, context)
    assert result.errors is None
    assert context.player.fresh_until == NOW.timestamp() + seconds
