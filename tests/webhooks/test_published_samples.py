"""The vendor's published webhooks, sent to the gateway's own endpoint."""

import pytest

from tests.support.published_samples import PublishedSample, published_samples
from tests.support.received_changes import received
from tests.support.webhook_receiver import PHONE, receiving

SAMPLES = [one for one in published_samples() if one.operation.startswith("webhook ")]
OF_ORDERS = {"webhook order_paid", "webhook order_canceled"}


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
async def test_a_published_webhook_is_taken_and_the_player_told_of_their_order(sample: PublishedSample) -> None:
    async with receiving() as it:
        it.directory.link("player-1", PHONE)
        with it.bus.listen(PHONE) as listener:
            assert await it.status(sample.body) == 204
            assert (await received(listener) is not None) is (sample.operation in OF_ORDERS)
        assert it.counted() == {(sample.operation.removeprefix("webhook "), "accepted"): 1}
