"""What webhooks do, once and in whatever order they come."""

from collections.abc import Awaitable, Callable
from itertools import permutations

import pytest

from gateway.cache.keys import CacheKey, Owner
from gateway.cache.user_cache import LoadResult
from gateway.domain.models import Order
from gateway.events.changes import Change, ChangeReason
from gateway.store.ports import RecordKey
from tests.support.received_changes import received
from tests.support.webhook_payloads import order_webhook
from tests.support.webhook_receiver import PHONE, TABLET, Receiver, receiving

PAID, CANCELED = Change(frozenset({ChangeReason.ORDER_PAID})), Change(frozenset({ChangeReason.ORDER_CANCELED}))
OTHER = Owner("other")


async def keep(it: Receiver, owner: Owner) -> None:
    async def load() -> LoadResult[str]:
        return LoadResult("kept", 4, 60)

    await it.cache.get_or_load(owner, CacheKey("offer_chains"), load)


def keeps(it: Receiver, owner: Owner) -> bool:
    return it.cache.contains(owner, CacheKey("offer_chains"))


async def told(it: Receiver, owner: Owner, act: Callable[[], Awaitable[object]]) -> Change | None:
    with it.bus.listen(owner) as listener:
        await act()
        return await received(listener)


async def unread() -> Order | None:
    """A read that tells nothing, so that all that watchers see comes from webhooks."""
    return None


@pytest.mark.parametrize(
    ("webhook", "change"),
    [
        (order_webhook(), PAID),
        (order_webhook(status="new"), PAID),
        (order_webhook(status="done", transaction_id=5), PAID),
        (order_webhook(status="canceled"), CANCELED),
        (order_webhook("order_canceled"), CANCELED),
        ({"notification_type": "payment", "user": {"id": "ann"}, "transaction": {"id": 5}}, PAID),
        ({"notification_type": "refund", "user": {"id": "ann"}, "transaction": {"id": 5}}, CANCELED),
    ],
)
async def test_all_devices_of_the_player_forget_and_are_told_and_nobody_else(webhook: object, change: Change) -> None:
    async with receiving() as it:
        for owner, player_id in ((PHONE, "ann"), (TABLET, "ann"), (OTHER, "ben")):
            it.directory.link(player_id, owner)
            await keep(it, owner)
        with it.bus.listen(PHONE) as phone, it.bus.listen(TABLET) as tablet, it.bus.listen(OTHER) as other:
            assert await it.status(webhook) == 204
            assert [await received(one) for one in (phone, tablet, other)] == [change, change, None]
        assert [keeps(it, owner) for owner in (PHONE, TABLET, OTHER)] == [False, False, True]


@pytest.mark.parametrize("kind", ["user_validation", "user_search", "dispute"])
async def test_what_asks_something_changes_nothing_and_is_accepted_without_a_backend(kind: str) -> None:
    async with receiving() as it:
        it.directory.link("ann", PHONE)
        await keep(it, PHONE)
        webhook = {**order_webhook(), "notification_type": kind}
        assert await told(it, PHONE, lambda: it.post(webhook)) is None
        assert keeps(it, PHONE)


async def test_a_payment_of_nobody_is_accepted() -> None:
    async with receiving() as it:
        assert await it.status({"notification_type": "payment", "transaction": {"id": 5}}) == 204


async def test_an_opaque_credential_is_found_by_its_order_and_known_for_the_player_from_then_on() -> None:
    async with receiving() as it:
        it.directory.link_order(7, PHONE)
        assert await told(it, PHONE, lambda: it.post(order_webhook())) == PAID
        assert it.directory.player_id(PHONE) == "ann"
        assert await told(it, PHONE, lambda: it.post(order_webhook(order_id=8))) == PAID


async def test_an_order_without_a_player_is_told_to_those_who_know_the_order() -> None:
    async with receiving() as it:
        it.directory.link_order(7, PHONE)
        assert await told(it, PHONE, lambda: it.post({**order_webhook(), "user": None})) == PAID
        assert it.directory.player_id(PHONE) is None


async def test_watchers_of_the_order_see_it_move() -> None:
    async with receiving() as it:
        with it.tracker.watch(Order(7, "new"), unread) as watch, it.tracker.watch(Order(8, "new"), unread) as other:
            await it.post(order_webhook(status="new"))
            assert (await watch.next()).status == "paid"
            assert other.order.status == "new"


async def test_who_was_told_by_a_webhook_is_not_told_again_by_what_is_seen_later() -> None:
    async with receiving() as it:
        it.directory.link("ann", PHONE)
        await it.post(order_webhook())
        assert not it.order_notices.mark_notified(PHONE, 7, "paid")
        assert it.order_notices.mark_notified(PHONE, 7, "done")


# Orders that were lost


def record(key: str) -> RecordKey:
    return RecordKey("player", "ann", key)


async def lost_order(it: Receiver, key: str) -> int | None:
    """The order that the records have for a write whose answer was lost."""
    return (await it.lost_orders.begin(record(key), b"arguments", b"another")).order_id


async def lose_order(it: Receiver, key: str) -> None:
    await it.lost_orders.begin(record(key), b"arguments", b"attempt1")
    await it.lost_orders.expect_order(record(key), b"attempt1", ["sword"])


async def test_an_order_whose_answer_was_lost_is_found_by_its_webhook() -> None:
    async with receiving() as it:
        await lose_order(it, "key")
        await it.post(order_webhook(player_id="ben"))
        assert await lost_order(it, "key") is None
        await it.post(order_webhook(order_id=8))
        assert await lost_order(it, "key") == 8


async def test_an_order_that_somebody_knows_is_not_taken_for_a_lost_one() -> None:
    async with receiving() as it:
        await lose_order(it, "key")
        it.directory.link_order(7, PHONE)
        await it.post(order_webhook())
        assert await lost_order(it, "key") is None


# Once, and forward only


async def test_a_webhook_that_comes_again_changes_nothing() -> None:
    async with receiving() as it:
        it.directory.link("ann", PHONE)
        webhook = {"notification_type": "payment", "user": {"id": "ann"}, "transaction": {"id": 5}}
        assert await told(it, PHONE, lambda: it.post(webhook)) == PAID
        await keep(it, PHONE)
        for _ in range(3):
            assert await told(it, PHONE, lambda: it.post(webhook)) is None
        assert keeps(it, PHONE)
        assert it.counted() == {("payment", "accepted"): 4}


async def test_an_older_event_that_is_replayed_after_it_was_forgotten_moves_nothing_back() -> None:
    async with receiving() as it:
        it.directory.link("ann", PHONE)
        with it.tracker.watch(Order(7, "new"), unread) as watch:
            await it.post(order_webhook())
            await it.post(order_webhook("order_canceled"))
            it.clock.now += 73 * 3_600
            await keep(it, PHONE)
            assert await told(it, PHONE, lambda: it.post(order_webhook())) is None
            assert (await watch.next()).status == "canceled"
            assert keeps(it, PHONE)


EVENTS = (
    order_webhook(transaction_id=5),
    order_webhook("order_canceled", status="canceled", transaction_id=5),
    order_webhook(transaction_id=5),
    order_webhook("order_canceled", status="canceled", transaction_id=5),
)


STATUSES = ("paid", "done", "canceled")


@pytest.mark.slow
async def test_all_orders_and_duplicates_of_an_orders_events_end_alike() -> None:
    ends = set()
    for events in permutations(EVENTS):
        async with receiving() as it:
            it.directory.link("ann", PHONE)
            it.directory.link_order(7, TABLET)
            await keep(it, PHONE)
            with it.tracker.watch(Order(7, "new"), unread) as watch, it.bus.listen(PHONE) as listener:
                assert [await it.status(event) for event in events] == [204] * 4
                change = await received(listener)
                assert change is not None
                ends.add(
                    (
                        (await watch.next()).status,
                        keeps(it, PHONE),
                        ChangeReason.ORDER_CANCELED in change.reasons,
                        frozenset(it.directory.owners("ann")),
                        tuple(it.order_notices.mark_notified(PHONE, 7, status) for status in STATUSES),
                        tuple(it.order_notices.mark_notified(TABLET, 7, status) for status in STATUSES),
                    )
                )
    nothing_new = (False, False, False)
    assert ends == {("canceled", False, True, frozenset({PHONE, TABLET}), nothing_new, nothing_new)}
