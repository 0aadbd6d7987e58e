"""The sandbox's webhooks are of the shape of the vendor's published ones."""

from gateway.sandbox.demo.accounts import FRESH_PLAYER
from tests.sandbox.chains import paid, publish_offer
from tests.sandbox.webhook_server import Publisher, finished, sending
from tests.support.published_samples import differences, published_samples


async def test_a_webhook_of_an_order_is_of_the_shape_of_its_sample() -> None:
    backend = Publisher()
    async with sending(backend) as world:
        with world.write() as tx:
            chain = publish_offer(tx, paid("wanderer_bundle"))
        game = world.game(FRESH_PLAYER)
        order_id = (await game.order_offer(chain, 1)).json()["order_id"]
        await game.pay(order_id)
        await finished(world, 1)
        await world.client.post(f"/_sandbox/orders/{order_id}/refund")
        await finished(world, 2)
    sent = {f"webhook {body['notification_type']}": body for body in backend.bodies}
    samples = [one for one in published_samples() if one.operation in sent]
    assert len(samples) == len(sent) == 2
    found = {one.operation: differences(one.body, sent[one.operation]) for one in samples}
    assert found == {one.operation: set(one.staying) for one in samples}
