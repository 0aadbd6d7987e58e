"""What is in the store and in the log after a day's journeys names nobody."""

import logging

import pytest

from tests.support.gateway_fleet import GatewayFleet
from tests.support.purchase_mutations import ORDER, PAID
from tests.support.store_servers import Fleet, Redis
from tests.support.webhook_payloads import order_webhook


async def test_no_token_player_key_or_item_is_in_the_store_or_in_the_log(
    fleet: GatewayFleet, server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="gateway")
    player, key = "player-of-the-scan", "key-of-the-scan"
    [token] = await fleet.open_shop(player)
    body = await fleet.ask(0, ORDER, {"step": PAID, "key": key}, token)
    order = body["data"]["answer"]["order"]
    assert await fleet.post_webhook(1, order_webhook(order_id=order["upstreamId"], player_id=player)) == 204
    store = Fleet(server)
    names = await store.raw("KEYS", "*")
    assert isinstance(names, list)
    assert {bytes(name)[: len(b"lg1:44056:")] for name in names} == {b"lg1:44056:"}
    content = b"".join(names)
    for name in names:
        dumped = await store.raw("DUMP", name)
        assert isinstance(dumped, bytes)
        content += dumped
    content += repr(await store.raw("XRANGE", "lg1:44056:{bus}", "-", "+")).encode()
    await store.aclose()
    secrets = (token, token.split(".")[2], player, key, order["token"], "sword")
    assert [secret for secret in secrets if secret.encode() in content] == []
    logged = "\n".join(str(vars(record)) for record in caplog.records if record.name.startswith("gateway."))
    assert [secret for secret in secrets if secret in logged] == []
    assert logged
