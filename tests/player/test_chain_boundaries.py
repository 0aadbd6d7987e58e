"""The boundaries of each player's reward chains."""

from gateway.cache.keys import Owner
from gateway.domain.boundaries import Boundaries
from gateway.player.chain_boundaries import ChainBoundaries

ANN, BEN = Owner("ann"), Owner("ben")


def test_the_latest_boundaries_of_each_owner_is_known() -> None:
    boundaries = ChainBoundaries()
    boundaries.remember(ANN, Boundaries(10))
    boundaries.remember(ANN, Boundaries(20))
    boundaries.remember(BEN, Boundaries(30))
    assert (boundaries.of(ANN), boundaries.of(BEN)) == (Boundaries(20), Boundaries(30))
    boundaries.remember(ANN, Boundaries())
    assert boundaries.of(ANN) == Boundaries()


def test_there_are_so_many_owners_at_most() -> None:
    boundaries = ChainBoundaries(max_owners=1)
    boundaries.remember(ANN, Boundaries(10))
    boundaries.remember(BEN, Boundaries(20))
    assert (boundaries.of(ANN), boundaries.of(BEN)) == (Boundaries(), Boundaries(20))
