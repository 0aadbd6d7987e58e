"""What is news of an order, and to whom."""

import pytest

from gateway.cache.keys import Owner
from gateway.events.changes import ChangeReason
from gateway.events.order_notices import OrderNotices, reason_of

ANN, BEN = Owner("ann"), Owner("ben")


def test_each_owner_is_told_each_stage_once_and_never_an_earlier_one() -> None:
    news = OrderNotices()
    seen = ["new", "paid", "paid", "expired", "done", "paid", "canceled", "done", "unknown"]
    told = [status for status in seen if news.mark_notified(ANN, 7, status)]
    assert told == ["paid", "done", "canceled"]
    assert news.mark_notified(BEN, 7, "paid")
    assert news.mark_notified(ANN, 8, "canceled")
    assert not news.mark_notified(ANN, 8, "paid")


def test_only_so_many_orders_are_remembered() -> None:
    news = OrderNotices(most_orders=2)
    assert [news.mark_notified(ANN, order_id, "paid") for order_id in (1, 2, 3, 2, 1)] == [
        True,
        True,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("paid", ChangeReason.ORDER_PAID),
        ("done", ChangeReason.ORDER_PAID),
        ("canceled", ChangeReason.ORDER_CANCELED),
        ("a status of tomorrow", ChangeReason.OTHER),
    ],
)
def test_the_reason_follows_from_the_status(status: str, reason: ChangeReason) -> None:
    assert reason_of(status) is reason
