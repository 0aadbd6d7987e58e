"""What follows from a chain's facts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, structs

from gateway.domain import badge as badges
from gateway.domain import reward_rules, rules
from gateway.domain.daily_rules import daily_progress
from gateway.domain.images import image_urls
from gateway.domain.models import (
    Contributor,
    DailyChain,
    Item,
    OfferChain,
    OfferStep,
    PointReward,
    Recurrence,
    RewardChain,
)
from gateway.domain.rules import NextAction, StepState
from gateway.domain.schedule import schedule_of
from tests.support.make import NOW, offer_chain, offer_step, reward_chain

LOCKED, AVAILABLE, CLAIMED = StepState.LOCKED, StepState.AVAILABLE, StepState.CLAIMED
LATER = NOW + timedelta(days=3)
WEEKLY = Recurrence("weekly", int(LATER.timestamp()))


def offer_progress(chain: OfferChain) -> rules.OfferProgress:
    """How far a player is who can take steps."""
    return rules.offer_progress(chain, is_open=True)


def reward_progress(chain: RewardChain, points: int) -> reward_rules.RewardProgress:
    """How far a player is who can take steps."""
    return reward_rules.reward_progress(chain, points, is_open=True)


def shown(badge: badges.Badge) -> tuple[int, int, int, int, datetime | None]:
    counts = (badge.claimable_offer_steps, badge.claimable_reward_steps, badge.claimable_daily_steps)
    return (*counts, badge.ending_soon_count, badge.next_expiry)


def badge_of(
    offers: Sequence[OfferChain],
    rewards: Sequence[tuple[RewardChain, int]] = (),
    dailies: Sequence[DailyChain] = (),
    *,
    is_signed_in: bool = True,
) -> badges.Badge:
    plans = [schedule_of(chain, NOW) for chain in offers]
    reward_plans = [schedule_of(chain, NOW) for chain, _ in rewards]
    return badges.badge(
        [
            (rules.offer_progress(chain, is_open=rules.is_open(plan, is_signed_in=is_signed_in)), plan)
            for chain, plan in zip(offers, plans, strict=True)
        ],
        [
            (reward_rules.reward_progress(chain, points, is_open=rules.is_open(plan, is_signed_in=is_signed_in)), plan)
            for (chain, points), plan in zip(rewards, reward_plans, strict=True)
        ],
        [
            (daily_progress(chain, is_open=rules.is_open(plan, is_signed_in=is_signed_in)), plan)
            for chain, plan in ((chain, schedule_of(chain, NOW)) for chain in dailies)
        ],
        NOW,
    )


def states(progress: rules.OfferProgress | reward_rules.RewardProgress) -> list[StepState]:
    return [step.state for step in progress.steps]


# Offer chains


def test_the_step_with_the_next_number_is_available_and_those_behind_it_are_locked() -> None:
    chain = offer_chain(offer_step(1, is_claimed=True), offer_step(2), offer_step(3), next_step=2)
    progress = offer_progress(chain)
    assert states(progress) == [CLAIMED, AVAILABLE, LOCKED]
    assert progress.next_step is progress.steps[1]
    assert progress.claimable_count == 1
    assert (progress.claimed_count, progress.progress_percent, progress.is_completed) == (1, 33, False)


def test_a_null_next_number_means_that_the_chain_is_finished() -> None:
    progress = offer_progress(offer_chain(offer_step(1, is_claimed=True), next_step=None))
    assert (progress.is_completed, progress.next_step, progress.progress_percent) == (True, None, 100)


def test_a_step_without_is_claimed_is_claimed_when_it_lies_before_the_next_one() -> None:
    steps = [offer_step(number, is_claimed=None) for number in (1, 2, 3)]
    assert states(offer_progress(offer_chain(*steps, next_step=2))) == [CLAIMED, AVAILABLE, LOCKED]
    assert states(offer_progress(offer_chain(*steps, next_step=None))) == [CLAIMED] * 3


def test_without_a_next_number_the_first_unclaimed_step_is_next() -> None:
    chain = offer_chain(offer_step(1, is_claimed=True), offer_step(2), offer_step(3), next_step=UNSET)
    assert states(offer_progress(chain)) == [CLAIMED, AVAILABLE, LOCKED]


def test_an_upstream_flag_outranks_the_arithmetic() -> None:
    chain = offer_chain(offer_step(1, is_claimed=False), offer_step(2), offer_step(3, is_claimed=True), next_step=2)
    assert states(offer_progress(chain)) == [LOCKED, AVAILABLE, CLAIMED]


def test_steps_are_shown_by_number_however_they_arrive() -> None:
    chain = offer_chain(offer_step(3), offer_step(1, is_claimed=True), offer_step(2), next_step=2)
    assert [step.step.step_number for step in offer_progress(chain).steps] == [1, 2, 3]


def test_a_chain_without_steps_is_complete() -> None:
    progress = offer_progress(offer_chain())
    assert (progress.is_completed, progress.progress_percent) == (True, 100)


@given(flags=st.lists(st.booleans() | st.none(), max_size=30), ahead=st.integers(0, 31) | st.none() | st.just(UNSET))
def test_an_offer_chain_has_at_most_one_open_step_and_counts_add_up(
    flags: list[bool | None], ahead: int | None
) -> None:
    steps = [offer_step(number, is_claimed=flag) for number, flag in enumerate(flags, start=1)]
    progress = offer_progress(offer_chain(*steps, next_step=ahead))
    assert states(progress).count(AVAILABLE) == (progress.next_step is not None)
    assert progress.claimed_count == states(progress).count(CLAIMED)
    assert (progress.progress_percent == 100) == (progress.claimed_count == len(steps))
    for step, flag in zip(progress.steps, flags, strict=True):
        if flag is not None:
            assert (step.state is CLAIMED) == flag


# Reward chains


def test_a_reward_step_opens_at_its_number_of_points() -> None:
    progress = reward_progress(reward_chain([100, 200, 300], claimed=[1]), 200)
    assert states(progress) == [CLAIMED, AVAILABLE, LOCKED]
    assert [step.points_missing for step in progress.steps] == [0, 0, 100]
    assert [step.number for step in progress.steps] == [1, 2, 3]
    assert progress.next_step == progress.steps[1]
    assert (progress.claimable_count, progress.claimed_count, progress.progress_percent) == (1, 1, 33)


def test_the_next_reward_step_is_the_first_to_reach_when_none_can_be_claimed() -> None:
    progress = reward_progress(reward_chain([100, 200, 300], claimed=[2]), 50)
    assert progress.next_step == progress.steps[0]


def test_a_reward_chain_with_all_steps_claimed_has_no_next_step() -> None:
    progress = reward_progress(reward_chain([100], claimed=[1]), 0)
    assert (progress.is_completed, progress.next_step, progress.progress_percent) == (True, None, 100)


@given(
    prices=st.lists(st.integers(0, 1000), max_size=31),
    claimed=st.sets(st.integers(1, 31)),
    points=st.integers(0, 1000),
    more=st.integers(0, 1000),
)
def test_more_points_never_close_a_reward_step(prices: list[int], claimed: set[int], points: int, more: int) -> None:
    chain = reward_chain(prices, claimed=sorted(claimed))
    before, after = reward_progress(chain, points), reward_progress(chain, points + more)
    for old, new in zip(before.steps, after.steps, strict=True):
        assert (old.state is CLAIMED) == (new.state is CLAIMED)
        assert new.state is not LOCKED or old.state is LOCKED
        assert new.points_missing <= old.points_missing
        assert (old.points_missing > 0) == (old.state is LOCKED)
    assert before.claimable_count + before.claimed_count + states(before).count(LOCKED) == len(prices)


# Next actions

OPEN_FREE = offer_chain(offer_step(1), next_step=1)
OPEN_PAID = offer_chain(offer_step(1, is_free=False), next_step=1)
FINISHED = offer_chain(offer_step(1, is_claimed=True), next_step=None)


@pytest.mark.parametrize(
    ("chain", "is_signed_in", "action"),
    [
        pytest.param(OPEN_FREE, True, NextAction.CLAIM, id="a free step is claimed"),
        pytest.param(OPEN_PAID, True, NextAction.BUY, id="a paid step is bought"),
        pytest.param(OPEN_FREE, False, NextAction.SIGN_IN, id="a caller signs in first"),
        pytest.param(FINISHED, True, NextAction.NONE, id="a finished chain asks for nothing"),
        pytest.param(FINISHED, False, NextAction.NONE, id="a finished chain asks nothing of a caller"),
        pytest.param(
            structs.replace(FINISHED, recurrent_schedule=WEEKLY), True, NextAction.WAIT, id="a finished one starts over"
        ),
        pytest.param(
            structs.replace(FINISHED, recurrent_schedule=Recurrence("weekly", int(NOW.timestamp()))),
            True,
            NextAction.WAIT,
            id="a reset that is due",
        ),
        pytest.param(
            structs.replace(FINISHED, recurrent_schedule=Recurrence("weekly")),
            True,
            NextAction.WAIT,
            id="some day",
        ),
        pytest.param(structs.replace(FINISHED, recurrent_schedule=Recurrence()), True, NextAction.NONE, id="at none"),
        pytest.param(structs.replace(OPEN_FREE, date_start=LATER), True, NextAction.WAIT, id="it has not started"),
        pytest.param(structs.replace(OPEN_FREE, date_end=NOW), True, NextAction.NONE, id="it has ended"),
        pytest.param(
            structs.replace(FINISHED, date_end=NOW, recurrent_schedule=WEEKLY),
            True,
            NextAction.NONE,
            id="over",
        ),
        pytest.param(offer_chain(offer_step(1), next_step=7), True, NextAction.WAIT, id="the next step is not listed"),
    ],
)
def test_the_next_action_of_an_offer_chain(chain: OfferChain, is_signed_in: bool, action: NextAction) -> None:
    plan = schedule_of(chain, NOW)
    assert rules.offer_next_action(offer_progress(chain), plan, is_signed_in=is_signed_in) is action


@pytest.mark.parametrize(
    ("chain", "points", "is_signed_in", "action"),
    [
        pytest.param(reward_chain([100]), 100, True, NextAction.CLAIM, id="a reached step is claimed"),
        pytest.param(reward_chain([100]), 99, True, NextAction.EARN_POINTS, id="points are missing"),
        pytest.param(reward_chain([100]), 0, False, NextAction.SIGN_IN, id="a caller signs in first"),
        pytest.param(reward_chain([100], claimed=[1]), 100, True, NextAction.NONE, id="all is claimed"),
        pytest.param(
            reward_chain([100], claimed=[1], recurrence=WEEKLY), 100, True, NextAction.WAIT, id="all is claimed for now"
        ),
        pytest.param(
            reward_chain([100], claimed=[1], recurrence=Recurrence("weekly", int(NOW.timestamp()) - 60)),
            100,
            True,
            NextAction.WAIT,
            id="a reset that is due",
        ),
        pytest.param(reward_chain([100], date_start=LATER), 100, True, NextAction.WAIT, id="it has not started"),
        pytest.param(reward_chain([100], date_end=NOW), 100, True, NextAction.NONE, id="it has ended"),
    ],
)
def test_the_next_action_of_a_reward_chain(
    chain: RewardChain, points: int, is_signed_in: bool, action: NextAction
) -> None:
    plan = schedule_of(chain, NOW)
    progress = reward_progress(chain, points)
    assert reward_rules.reward_next_action(progress, plan, is_signed_in=is_signed_in, needs_clan=False) is action


# The badge


def test_the_badge_counts_what_is_free_to_take_and_names_the_soonest_loss() -> None:
    soon = NOW + timedelta(hours=5)
    offers = [OPEN_FREE, structs.replace(OPEN_PAID, date_end=soon), structs.replace(FINISHED, date_end=NOW)]
    rewards = [(reward_chain([10, 20, 30], claimed=[1], recurrence=WEEKLY), 20), (reward_chain([10]), 0)]
    badge = badge_of(offers, rewards)
    assert shown(badge) == (1, 1, 0, 1, soon)


def test_the_next_loss_is_still_to_come() -> None:
    due = structs.replace(OPEN_FREE, recurrent_schedule=Recurrence("weekly", int(NOW.timestamp())))
    assert badge_of([due]).next_expiry is None


def test_a_completed_chain_loses_nothing_when_it_ends() -> None:
    badge = badge_of([structs.replace(FINISHED, date_end=NOW + timedelta(hours=1))])
    assert (badge.ending_soon_count, badge.next_expiry) == (0, None)


def test_chains_that_do_not_run_count_for_nothing() -> None:
    offers = [structs.replace(OPEN_FREE, date_start=LATER), structs.replace(OPEN_FREE, date_end=NOW)]
    badge = badge_of(offers, [(reward_chain([10], date_start=LATER), 10)])
    assert shown(badge) == (0, 0, 0, 0, None)


def test_a_visitor_without_a_token_can_take_nothing() -> None:
    badge = badge_of([OPEN_FREE], [(reward_chain([0]), 0)], is_signed_in=False)
    assert (badge.claimable_offer_steps, badge.claimable_reward_steps) == (0, 0)


# Clans

GUILD = reward_chain([10], clan_type="guild", points=0)
WITH_POINTS = reward_chain([10], clan_type="guild", points=5)
SILENT = reward_chain([10], clan_type="guild", points=None)
LISTED: tuple[Contributor | None, ...] = (Contributor("Rocket", 5),)


@pytest.mark.parametrize(
    ("chains", "is_in_clan"),
    [
        pytest.param([], None, id="no chains"),
        pytest.param([structs.replace(reward_chain([10]), top_contributors=())], None, id="personal chains alone"),
        pytest.param([GUILD], None, id="contributors are left out"),
        pytest.param([structs.replace(GUILD, top_contributors=())], False, id="nobody is listed"),
        pytest.param([structs.replace(SILENT, top_contributors=())], False, id="nobody is listed, points are left out"),
        pytest.param([structs.replace(GUILD, top_contributors=LISTED)], True, id="somebody is listed"),
        pytest.param([structs.replace(GUILD, top_contributors=(None,))], True, id="somebody unreadable is listed"),
        pytest.param([WITH_POINTS], True, id="there are points"),
        pytest.param(
            [structs.replace(GUILD, top_contributors=()), structs.replace(GUILD, top_contributors=LISTED)],
            True,
            id="one chain is enough",
        ),
    ],
)
def test_whether_the_player_is_in_a_clan(chains: list[RewardChain], is_in_clan: bool | None) -> None:
    assert rules.is_in_clan(chains) is is_in_clan


# Pictures and texts


def test_every_picture_is_listed_once_in_the_order_of_the_screen() -> None:
    inner = Item("coin", image_url="coin.png")
    bundle = Item("box", image_url="box.png", content=(inner, Item("plain")))
    step = OfferStep(1, True, items=(bundle,), step_vp_rewards=(PointReward("stars", 5, image_url="star.png"),))
    chain = reward_chain([10])
    chain = structs.replace(
        chain,
        image_url="chain.png",
        popup_image_url="popup.png",
        value_point=structs.replace(chain.value_point, image_url="star.png"),
        steps=(structs.replace(chain.steps[0], image_url="step.png", reward=(bundle,)),),
    )
    urls = image_urls([offer_chain(step)], [chain], [])
    assert urls == ("box.png", "coin.png", "star.png", "chain.png", "popup.png", "step.png")


@pytest.mark.parametrize(
    ("texts", "languages", "text"),
    [
        ({"en": "Hello", "de": "Hallo"}, ("de",), "Hallo"),
        ({"en": "Hello", "de": None}, ("de",), "Hello"),
        ({"en": "Hello"}, ("fr", "de"), "Hello"),
        ({"fr": None, "de": "Hallo"}, ("it",), "Hallo"),
        ({"fr": None}, ("fr",), None),
        ({}, ("fr",), None),
        (None, ("fr",), None),
    ],
)
def test_a_text_comes_in_the_first_language_that_has_one_then_english_then_any(
    texts: dict[str, str | None] | None, languages: tuple[str, ...], text: str | None
) -> None:
    assert rules.localised(texts, languages) == text
