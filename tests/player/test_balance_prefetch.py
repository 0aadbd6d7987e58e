"""Which reward chains a list left without points, by player."""

import tracemalloc

from gateway.cache.keys import Owner
from gateway.domain.models import Recurrence
from gateway.player.balance_prefetch import CHAIN_BYTES, OWNER_BYTES, BalancePrefetch, balance_sources
from tests.support.make import reward_chain

ANN, BEN, CLEO = Owner("ann"), Owner("ben"), Owner("cleo")


def test_the_latest_list_counts() -> None:
    expected = BalancePrefetch()
    expected.remember(ANN, (1, 2))
    expected.remember(ANN, (2, 3))
    assert (expected.chain_ids(ANN), expected.chain_ids(BEN)) == ((2, 3), ())
    expected.remember(ANN, ())
    assert expected.chain_ids(ANN) == ()
    assert expected.charged_bytes == 0


def test_the_player_longest_unused_leaves_first() -> None:
    expected = BalancePrefetch(max_bytes=2 * (OWNER_BYTES + CHAIN_BYTES))
    expected.remember(ANN, (1,))
    expected.remember(BEN, (2,))
    expected.chain_ids(ANN)
    expected.remember(CLEO, (3,))
    assert [expected.chain_ids(owner) for owner in (ANN, BEN, CLEO)] == [(1,), (), (3,)]


def test_what_does_not_fit_is_not_remembered() -> None:
    expected = BalancePrefetch(max_bytes=OWNER_BYTES + CHAIN_BYTES)
    expected.remember(ANN, (1,))
    expected.remember(ANN, (1, 2))
    assert expected.chain_ids(ANN) == ()


def test_what_is_remembered_weighs_no_more_than_it_is_charged() -> None:
    expected = BalancePrefetch(max_bytes=2**30)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(1_000):
        expected.remember(Owner(f"{number:064x}"), tuple(range(10**9, 10**9 + number % 5 + 1)))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before <= expected.charged_bytes


def test_chains_with_one_value_point_have_one_source_unless_they_start_over_or_belong_to_clans() -> None:
    chains = [
        reward_chain([10], chain_id=1),
        reward_chain([10], chain_id=2),
        reward_chain([10], chain_id=3, clan_type="guild"),
        reward_chain([10], chain_id=4, recurrence=Recurrence("weekly")),
        reward_chain([10], chain_id=5, clan_type="guild"),
    ]
    assert balance_sources(chains) == {1: 1, 2: 1, 3: 3, 4: 4, 5: 3}
