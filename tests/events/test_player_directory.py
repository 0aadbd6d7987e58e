"""Whose credentials are one player's, and who knows of an order."""

import gc
import hashlib
import tracemalloc
import uuid
from collections.abc import Callable
from contextlib import ExitStack

import hypothesis.strategies as st
import pytest
from hypothesis import given

from gateway.cache.keys import Owner
from gateway.events.player_directory import (
    MOST_ID_CHARACTERS,
    MOST_KEYS,
    MOST_ORDERS,
    MOST_OWNERS,
    K,
    PlayerDirectory,
    _Links,
)

PHONE, TABLET, OTHER = Owner("phone"), Owner("tablet"), Owner("other")


def owner_of(number: int) -> Owner:
    return Owner(hashlib.sha256(str(number).encode()).hexdigest())


def test_a_player_has_the_owners_that_were_linked_with_them() -> None:
    directory = PlayerDirectory()
    directory.link("ann", PHONE)
    directory.link("ann", TABLET)
    directory.link("ben", OTHER)
    assert directory.owners("ann") == (PHONE, TABLET)
    assert [directory.player_id(one) for one in (PHONE, TABLET, OTHER)] == ["ann", "ann", "ben"]
    assert directory.owners_of_same_player(PHONE) == {PHONE, TABLET}
    assert directory.owners_of_same_player(OTHER) == {OTHER}


def test_nobody_is_known_who_was_not_linked() -> None:
    directory = PlayerDirectory()
    assert (directory.owners("ann"), directory.player_id(PHONE)) == ((), None)
    assert directory.owners_of_order(7) == ()
    assert directory.owners_of_same_player(PHONE) == {PHONE}


@pytest.mark.parametrize("player_id", ["", "x" * (MOST_ID_CHARACTERS + 1)], ids=["empty", "too long"])
def test_an_id_that_is_none_is_not_linked(player_id: str) -> None:
    directory = PlayerDirectory()
    directory.link(player_id, PHONE)
    assert (directory.owners(player_id), directory.charged_bytes) == ((), 0)


def test_a_player_may_go_by_a_second_id() -> None:
    directory = PlayerDirectory()
    directory.link("subject", PHONE)
    directory.link("own-id", PHONE)
    directory.link("own-id", TABLET)
    assert directory.owners("subject") == (PHONE,)
    assert directory.owners("own-id") == (PHONE, TABLET)
    assert directory.owners_of_same_player(PHONE) == {PHONE, TABLET}
    assert directory.player_id(PHONE) == "own-id"


def test_an_order_has_the_owners_that_know_it() -> None:
    directory = PlayerDirectory()
    for owner in (PHONE, TABLET, PHONE):
        directory.link_order(7, owner)
    assert directory.owners_of_order(7) == (TABLET, PHONE)
    assert directory.player_id(PHONE) is None


def test_a_forgotten_owner_is_nobodys() -> None:
    directory = PlayerDirectory()
    for owner in (PHONE, TABLET):
        directory.link("ann", owner)
        directory.link_order(7, owner)
    directory.forget(PHONE)
    directory.forget(OTHER)
    assert (directory.owners("ann"), directory.owners_of_order(7)) == ((TABLET,), (TABLET,))
    assert directory.player_id(PHONE) is None
    directory.forget(TABLET)
    assert directory.charged_bytes == 0


def test_of_many_credentials_of_a_player_the_latest_used_are_known() -> None:
    directory = PlayerDirectory()
    owners = [owner_of(number) for number in range(MOST_OWNERS + 1)]
    for owner in [*owners[:-1], owners[0], owners[-1]]:
        directory.link("ann", owner)
    assert set(directory.owners("ann")) == set(owners) - {owners[1]}
    assert directory.player_id(owners[1]) is None


def test_of_many_orders_of_a_credential_the_latest_are_known() -> None:
    directory = PlayerDirectory()
    for order_id in range(MOST_ORDERS + 1):
        directory.link_order(order_id, PHONE)
    assert directory.owners_of_order(0) == ()
    assert all(directory.owners_of_order(order_id) == (PHONE,) for order_id in range(1, MOST_ORDERS + 1))


def test_of_many_ids_of_a_credential_the_latest_are_known() -> None:
    directory = PlayerDirectory()
    for number in range(MOST_KEYS + 1):
        directory.link(f"id-{number}", PHONE)
    assert directory.owners("id-0") == ()
    assert directory.owners("id-1") == (PHONE,)


def test_players_longest_unused_make_room() -> None:
    directory = PlayerDirectory(max_bytes=20_000)
    for number in range(1_000):
        directory.link(f"player-{number}", owner_of(number))
        assert directory.owners("player-0") == (owner_of(0),)
        assert directory.charged_bytes <= 20_000
    assert directory.owners("player-999") == (owner_of(999),)
    assert directory.owners("player-1") == ()
    assert directory.player_id(owner_of(1)) is None


def test_players_who_are_pinned_stay_until_they_are_unpinned() -> None:
    directory = PlayerDirectory(max_bytes=20_000)
    for player_id, owner in (("ann", PHONE), ("ann", TABLET), ("ben", OTHER)):
        directory.link(player_id, owner)
    with directory.pin(PHONE):
        with directory.pin(TABLET):
            fill_up(directory)
        fill_up(directory)
        assert directory.owners("ann") == (PHONE, TABLET)
        assert directory.owners("ben") == ()
    fill_up(directory)
    assert directory.owners("ann") == ()


def test_an_owner_who_is_pinned_can_be_forgotten_and_linked_again() -> None:
    directory = PlayerDirectory(max_bytes=20_000)
    directory.link("ann", PHONE)
    with directory.pin(PHONE):
        directory.forget(PHONE)
        assert directory.owners("ann") == ()
        directory.link("ann", PHONE)
        fill_up(directory)
        assert directory.owners("ann") == (PHONE,)


def test_when_all_are_pinned_the_longest_unused_makes_room_all_the_same() -> None:
    directory = PlayerDirectory(max_bytes=4_000)
    with ExitStack() as pinned:
        for number in range(10):
            directory.link(f"player-{number}", owner_of(number))
            pinned.enter_context(directory.pin(owner_of(number)))
            assert directory.charged_bytes <= 4_000
        assert directory.owners("player-9") == (owner_of(9),)
        assert directory.owners("player-0") == ()


def fill_up(directory: PlayerDirectory) -> None:
    for number in range(100):
        directory.link(f"player-{number}", owner_of(number))


FILLS: dict[str, Callable[[PlayerDirectory, int], None]] = {
    "players with one credential": lambda it, number: it.link(str(uuid.UUID(int=number)), owner_of(number)),
    "players with sixteen": lambda it, number: it.link(str(uuid.UUID(int=number // 16)), owner_of(number)),
    "orders": lambda it, number: it.link_order(10**9 + number, owner_of(number)),
    "eight orders each": lambda it, number: it.link_order(10**9 + number, owner_of(number // 8)),
}


@pytest.mark.slow
@pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)
def test_what_is_charged_is_what_memory_it_takes(fill: Callable[[PlayerDirectory, int], None]) -> None:
    directory = PlayerDirectory(max_bytes=2**21)
    tracemalloc.start()
    try:
        for number in range(10_000):
            fill(directory, number)
        # Freed tuples wait in the interpreter's own lists, and count as taken until a collection.
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert directory.charged_bytes > 2**20 * 0.9
    assert taken < directory.charged_bytes


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["link", "order", "forget", "read"]), st.integers(0, 30), st.integers(0, 20).map(owner_of)
    ),
    max_size=150,
)


@given(ACTS)
def test_both_sides_always_agree(acts: list[tuple[str, int, Owner]]) -> None:
    directory = PlayerDirectory(max_bytes=16_000)
    for act, number, owner in acts:
        match act:
            case "link":
                directory.link(f"player-{number}", owner)
                assert directory.owners(f"player-{number}")[-1] == owner
                assert directory.player_id(owner) == f"player-{number}"
            case "order":
                directory.link_order(number, owner)
                assert directory.owners_of_order(number)[-1] == owner
            case "forget":
                directory.forget(owner)
                assert directory.player_id(owner) is None
            case _:
                directory.owners(f"player-{number}")
        assert directory.charged_bytes <= 16_000
        assert_agreed(directory._players)
        assert_agreed(directory._orders)


def assert_agreed(ties: _Links[K]) -> None:
    forth = {(key, owner) for key in ties for owner in ties.owners_of(key)}
    back = {(key, owner) for owner, keys in ties._keys.items() for key in keys}
    assert forth == back
