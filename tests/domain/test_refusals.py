"""Why the upstream refused, told from the chain."""

from datetime import timedelta

import pytest

from gateway.domain.models import OfferChain, RewardChain
from gateway.domain.refusals import MESSAGES, UserErrorCode, explain_offer_refusal, explain_reward_refusal
from gateway.errors import NotFound, Refusal
from tests.support.make import NOW, offer_chain, offer_step, reward_chain

GENERIC = Refusal(upstream_code=1102)
UNKNOWN = NotFound()
CHAIN = offer_chain(
    offer_step(1, is_claimed=True),
    offer_step(2, is_free=False),
    offer_step(3),
    offer_step(4, is_free=False),
    next_step=2,
)


@pytest.mark.parametrize(
    ("refusal", "chain", "number", "wants_free", "code"),
    [
        pytest.param(GENERIC, CHAIN, 1, True, "ALREADY_CLAIMED", id="taken"),
        pytest.param(GENERIC, CHAIN, 1, False, "ALREADY_CLAIMED", id="taken, whatever was asked"),
        pytest.param(GENERIC, CHAIN, 2, True, "STEP_IS_PAID", id="a paid step is not claimed"),
        pytest.param(GENERIC, CHAIN, 3, False, "STEP_IS_FREE", id="a free step is not ordered"),
        pytest.param(GENERIC, CHAIN, 3, True, "STEP_LOCKED", id="an earlier step is open"),
        pytest.param(GENERIC, CHAIN, 4, False, "STEP_LOCKED", id="a paid one, too"),
        pytest.param(GENERIC, CHAIN, 9, True, "NOT_FOUND", id="no such step"),
        pytest.param(GENERIC, CHAIN, 2, False, "REJECTED", id="nothing explains it"),
        pytest.param(UNKNOWN, CHAIN, 2, False, "NOT_FOUND", id="unknown, though it is shown"),
        pytest.param(UNKNOWN, None, 1, True, "NOT_FOUND", id="unknown and not shown"),
        pytest.param(GENERIC, None, 1, True, "CHAIN_ENDED", id="known but not shown any more"),
    ],
)
def test_a_refused_offer_step_is_explained(
    refusal: Refusal, chain: OfferChain | None, number: int, wants_free: bool, code: str
) -> None:
    assert explain_offer_refusal(refusal, chain, number, wants_free=wants_free, now=NOW).value == code


def test_an_ended_offer_chain_is_the_reason_before_the_lock() -> None:
    ended = offer_chain(offer_step(1), offer_step(2), next_step=1, date_end=NOW)
    assert explain_offer_refusal(GENERIC, ended, 2, wants_free=True, now=NOW) is UserErrorCode.CHAIN_ENDED


def test_a_chain_that_has_not_started_is_locked() -> None:
    upcoming = offer_chain(offer_step(1), next_step=1, date_start=NOW + timedelta(1))
    assert explain_offer_refusal(GENERIC, upcoming, 1, wants_free=True, now=NOW) is UserErrorCode.STEP_LOCKED
    later = reward_chain([10], date_start=NOW + timedelta(1))
    assert explain_reward_refusal(GENERIC, later, 1, points=10, is_in_clan=None, now=NOW) is UserErrorCode.STEP_LOCKED


@pytest.mark.parametrize(
    ("refusal", "chain", "step_id", "code"),
    [
        pytest.param(NotFound(upstream_code=9911), reward_chain([10]), 1, "NOT_FOUND", id="9911"),
        pytest.param(Refusal(upstream_code=9912), None, 1, "ALREADY_CLAIMED", id="9912"),
        pytest.param(Refusal(upstream_code=9913), reward_chain([10]), 1, "NOT_ENOUGH_POINTS", id="9913"),
        pytest.param(GENERIC, reward_chain([10], claimed=[1]), 1, "ALREADY_CLAIMED", id="claimed"),
        pytest.param(GENERIC, reward_chain([10, 99]), 2, "NOT_ENOUGH_POINTS", id="points are missing"),
        pytest.param(GENERIC, reward_chain([10], date_end=NOW), 1, "CHAIN_ENDED", id="ended"),
        pytest.param(GENERIC, reward_chain([10]), 7, "NOT_FOUND", id="no such step"),
        pytest.param(GENERIC, reward_chain([10]), 1, "REJECTED", id="nothing explains it"),
        pytest.param(GENERIC, None, 1, "CHAIN_ENDED", id="known but not listed any more"),
        pytest.param(UNKNOWN, None, 1, "NOT_FOUND", id="unknown and not listed"),
    ],
)
def test_a_refused_reward_step_is_explained(
    refusal: Refusal, chain: RewardChain | None, step_id: int, code: str
) -> None:
    assert explain_reward_refusal(refusal, chain, step_id, points=20, is_in_clan=None, now=NOW).value == code


CLAN_CHAIN = reward_chain([0, 10], clan_type="guild")


@pytest.mark.parametrize(
    ("refusal", "points", "is_in_clan", "code"),
    [
        pytest.param(GENERIC, 0, False, "NOT_IN_CLAN", id="in no clan"),
        pytest.param(Refusal(upstream_code=9913), 0, False, "NOT_IN_CLAN", id="in no clan, which 9913 does not say"),
        pytest.param(Refusal(upstream_code=9912), 0, False, "ALREADY_CLAIMED", id="9912 is taken as it is"),
        pytest.param(Refusal(upstream_code=9913), 0, True, "NOT_ENOUGH_POINTS", id="9913 in a clan"),
        pytest.param(GENERIC, 0, None, "NOT_ENOUGH_POINTS", id="perhaps in a clan"),
        pytest.param(GENERIC, 5, False, "NOT_ENOUGH_POINTS", id="points show that there is a clan"),
    ],
)
def test_a_refused_step_of_a_clan_chain_is_explained(
    refusal: Refusal, points: int, is_in_clan: bool | None, code: str
) -> None:
    found = explain_reward_refusal(refusal, CLAN_CHAIN, 2, points=points, is_in_clan=is_in_clan, now=NOW)
    assert found.value == code


def test_every_code_has_its_sentence() -> None:
    assert set(MESSAGES) == set(UserErrorCode)
