"""Which period each player's reward chains are in."""

from gateway.cache.keys import Owner
from gateway.domain.periods import Period
from gateway.player.chain_periods import ChainPeriods

ANN, BEN = Owner("ann"), Owner("ben")


def test_the_latest_period_of_each_owner_is_known() -> None:
    periods = ChainPeriods()
    periods.remember(ANN, Period(10))
    periods.remember(ANN, Period(20))
    periods.remember(BEN, Period(30))
    assert (periods.of(ANN), periods.of(BEN)) == (Period(20), Period(30))
    periods.remember(ANN, Period())
    assert periods.of(ANN) == Period()


def test_there_are_so_many_owners_at_most() -> None:
    periods = ChainPeriods(max_owners=1)
    periods.remember(ANN, Period(10))
    periods.remember(BEN, Period(20))
    assert (periods.of(ANN), periods.of(BEN)) == (Period(), Period(20))
