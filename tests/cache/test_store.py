"""The bounded store: what stays, what leaves, and what it is charged."""

import gc
import hashlib
import sys
import tracemalloc
from collections.abc import Callable

import pytest
from msgspec.structs import astuple

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.store import ENTRY_OVERHEAD_BYTES, OWNER_OVERHEAD_BYTES, Store
from tests.support.clock import Clock

ANNA, BERT, CLEO = Owner("anna"), Owner("bert"), Owner("cleo")
LIST, BADGE, ORDER = CacheKey("list"), CacheKey("badge"), CacheKey("order", "7")
NEVER = 1e9


def charge(*keys: CacheKey, size_bytes: int = 0) -> int:
    """What one owner with a four-letter name is charged for these keys."""
    entries = sum(ENTRY_OVERHEAD_BYTES + size_bytes + sum(map(sys.getsizeof, (key, *astuple(key)))) for key in keys)
    return OWNER_OVERHEAD_BYTES + sys.getsizeof(ANNA) + entries


def make(max_bytes: int = 100_000, clock: Callable[[], float] | None = None) -> Store[str]:
    return Store(max_bytes=max_bytes, clock=clock or Clock(1_000.0))


def put(store: Store[str], owner: Owner, key: CacheKey, value: str = "value", size_bytes: int = 0) -> None:
    store.put(owner, key, value, size_bytes=size_bytes, expires_at=NEVER)


def test_a_value_is_found_under_its_owner_and_key_only() -> None:
    store = make()
    put(store, ANNA, LIST, "of Anna")
    assert store.get(ANNA, LIST) == "of Anna"
    assert store.get(ANNA, BADGE) is None
    assert store.get(BERT, LIST) is None


def test_a_value_is_fresh_until_the_moment_it_expires() -> None:
    clock = Clock(100.0)
    store = make(clock=clock)
    store.put(ANNA, LIST, "value", size_bytes=0, expires_at=105.0)
    clock.now = 104.999
    assert store.get(ANNA, LIST) == "value"
    clock.now = 105.0
    assert store.get(ANNA, LIST) is None


def test_what_was_expired_is_found_where_it_was_to_be_kept_and_gone_else() -> None:
    store = make()
    store.put(ANNA, LIST, "kept", size_bytes=0, expires_at=1_005.0, stale_until=1_600.0)
    put(store, ANNA, BADGE)
    put(store, ANNA, ORDER)
    store.expire(ANNA, [LIST, BADGE, CacheKey("unknown")])
    store.expire(BERT, [LIST])
    assert [store.get(ANNA, key) for key in (LIST, BADGE, ORDER)] == [None, None, "value"]
    assert [store.get(ANNA, key, in_need=True) for key in (LIST, BADGE)] == ["kept", None]
    assert store.charged_bytes == charge(LIST, ORDER)


def test_a_stale_entry_gives_its_bytes_back_when_it_is_read() -> None:
    clock = Clock(100.0)
    store = make(clock=clock)
    store.put(ANNA, LIST, "value", size_bytes=10, expires_at=105.0)
    put(store, ANNA, BADGE)
    clock.now = 105.0
    store.get(ANNA, LIST)
    assert (store.charged_bytes, store.owners) == (charge(BADGE), 1)


def test_entries_and_owners_are_charged_their_overhead() -> None:
    store = make()
    put(store, ANNA, LIST, size_bytes=1_000)
    put(store, ANNA, ORDER, size_bytes=1_000)
    put(store, BERT, LIST, size_bytes=1_000)
    assert store.charged_bytes == charge(LIST, ORDER, size_bytes=1_000) + charge(LIST, size_bytes=1_000)
    assert store.owners == 2


def test_a_new_value_takes_the_place_and_the_charge_of_the_old_one() -> None:
    store = make()
    put(store, ANNA, LIST, "old", size_bytes=1_000)
    put(store, ANNA, LIST, "new", size_bytes=10)
    assert store.get(ANNA, LIST) == "new"
    assert (store.charged_bytes, store.evictions) == (charge(LIST, size_bytes=10), 0)


def test_the_least_recently_used_owner_is_evicted_with_all_their_entries() -> None:
    store = make(charge(LIST, BADGE) + charge(LIST))
    put(store, ANNA, LIST)
    put(store, ANNA, BADGE)
    put(store, BERT, LIST)
    put(store, CLEO, LIST)
    assert [store.get(ANNA, LIST), store.get(ANNA, BADGE)] == [None, None]
    assert [store.get(BERT, LIST), store.get(CLEO, LIST)] == ["value", "value"]
    assert (store.evictions, store.owners) == (2, 2)


def test_reading_makes_an_owner_recently_used() -> None:
    store = make(charge(LIST) * 2)
    put(store, ANNA, LIST)
    put(store, BERT, LIST)
    store.get(ANNA, LIST)
    put(store, CLEO, LIST)
    assert [store.get(owner, LIST) for owner in (ANNA, BERT, CLEO)] == ["value", None, "value"]


def test_an_owner_who_fills_the_store_alone_loses_his_oldest_entries() -> None:
    store = make(charge(LIST, BADGE))
    put(store, ANNA, LIST)
    put(store, ANNA, BADGE)
    put(store, ANNA, CacheKey("rest"))
    assert [store.get(ANNA, key) for key in (LIST, BADGE, CacheKey("rest"))] == [None, "value", "value"]
    assert store.evictions == 1


@pytest.mark.parametrize("size_bytes", [1_000_000, 0], ids=["too large a value", "no room for anything"])
def test_what_is_larger_than_the_store_is_not_stored_and_evicts_nothing(size_bytes: int) -> None:
    store = make(charge(LIST) if size_bytes else charge(LIST) - 1)
    if size_bytes:
        put(store, BERT, LIST)
    put(store, ANNA, LIST, size_bytes=size_bytes)
    assert store.get(ANNA, LIST) is None
    assert (store.owners, store.evictions) == (1 if size_bytes else 0, 0)


def test_a_value_too_large_to_keep_still_ends_the_older_one() -> None:
    store = make(2_000)
    put(store, ANNA, LIST)
    put(store, ANNA, LIST, size_bytes=1_000_000)
    assert store.get(ANNA, LIST) is None
    assert (store.charged_bytes, store.owners) == (0, 0)


def test_removing_an_owner_leaves_the_others() -> None:
    store = make()
    put(store, ANNA, LIST)
    put(store, BERT, LIST)
    store.remove(ANNA)
    store.remove(CLEO)
    assert [store.get(ANNA, LIST), store.get(BERT, LIST)] == [None, "value"]
    assert (store.charged_bytes, store.evictions) == (charge(LIST), 0)


def test_removing_keys_leaves_the_owners_other_keys() -> None:
    store = make()
    put(store, ANNA, LIST)
    put(store, ANNA, BADGE)
    store.remove(ANNA, [LIST, ORDER])
    assert store.keys(ANNA) == (BADGE,)
    store.remove(ANNA, [BADGE])
    assert (store.keys(ANNA), store.owners, store.charged_bytes) == ((), 0, 0)


def test_an_entry_found_under_another_owner_is_dropped_and_counted() -> None:
    store = make()
    put(store, ANNA, LIST, "of Anna")
    put(store, BERT, LIST, "own")
    # No call can file an entry wrongly, so the defect that the check guards against is made by hand.
    store._owners[BERT].entries[LIST] = store._owners[ANNA].entries[LIST]
    assert store.get(BERT, LIST) is None
    assert (store.foreign, store.keys(BERT)) == (1, ())
    assert store.get(ANNA, LIST) == "of Anna"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owners", "keys"), [(5_500, 1), (11_000, 1), (2_000, 6), (100, 100), (1, 10_000)], ids=lambda count: str(count)
)
def test_real_memory_stays_below_what_is_charged(owners: int, keys: int) -> None:
    """Just above a power of two times two thirds, where the tables have just doubled, is their worst moment."""
    store: Store[int] = Store(max_bytes=10**9, clock=Clock(1_000.0))
    assert grown_bytes(lambda: fill(store, owners, keys)) <= store.charged_bytes


@pytest.mark.slow
def test_real_memory_stays_below_the_bound_while_owners_come_and_go() -> None:
    store: Store[int] = Store(max_bytes=5_000_000, clock=Clock(1_000.0))
    assert grown_bytes(lambda: fill(store, 10_000, 2)) <= 5_000_000
    assert store.evictions > 10_000
    assert store.charged_bytes <= 5_000_000


def fill(store: Store[int], owners: int, keys: int) -> None:
    """Values that weigh nothing themselves, under names and keys that nobody else holds."""
    for number in range(owners):
        owner = Owner(hashlib.sha256(str(number).encode()).hexdigest())
        for key in range(keys):
            store.put(owner, CacheKey("balance", f"{number}-{key}", "en"), 1, size_bytes=0, expires_at=1e6 + number)


def grown_bytes(work: Callable[[], None]) -> int:
    """How much more memory is held after the work than before it."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        work()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before
