"""Two releases side by side: what a newer one wrote is never sent by an older one."""

from typing import Any

import pytest

from tests.support.event_stream_client import streaming
from tests.support.fleet_changes import CHANGES, HEARD_OF_THE_CLAIM, reasons
from tests.support.gateway_fleet import GatewayFleet
from tests.support.purchase_mutations import ORDER, ORDER_CALL, PAID, codes, top_code
from tests.support.store_servers import Fleet, Redis

NEWER = b"\x02"


def is_under_way(body: dict[str, Any]) -> bool:
    return codes(body) == ["IN_PROGRESS"]


def is_unknown(body: dict[str, Any]) -> bool:
    return top_code(body) == "OUTCOME_UNKNOWN"


@pytest.mark.parametrize(
    ("key", "letter", "is_expected"),
    [("k", "k", is_under_way), (None, "w", is_unknown)],
    ids=["keyed", "without a key"],
)
async def test_a_record_of_a_newer_release_is_not_sent_again(
    fleet: GatewayFleet, server: Redis, key: str | None, letter: str, is_expected: Any
) -> None:
    [token] = await fleet.open_shop("player")
    tap = {"step": PAID, "key": key}
    assert codes(await fleet.ask(0, ORDER, tap, token)) == []
    store = Fleet(server)
    names = await store.raw("KEYS", f"*:{letter}:*")
    assert isinstance(names, list)
    for name in names:
        await store.raw("SETRANGE", name, 0, NEWER)
    await store.aclose()
    assert is_expected(await fleet.ask(1, ORDER, tap, token))
    assert fleet.upstream.calls[ORDER_CALL] == 1


async def test_an_event_of_a_newer_release_is_told_as_a_change_of_any_kind(fleet: GatewayFleet, server: Redis) -> None:
    [token] = await fleet.open_shop("player")
    await fleet.until(1, HEARD_OF_THE_CLAIM, 1)
    store = Fleet(server)
    bus = "lg1:44056:{bus}"
    told: Any = await store.raw("XREVRANGE", bus, "+", "-", "COUNT", 1)
    [[_, [_, event]]] = told
    async with streaming(fleet.members[1], CHANGES, token=token) as listener:
        await fleet.until(1, "gateway_subscriptions", 1)
        await store.raw("XADD", bus, "*", "e", event[:1] + NEWER + event[2:])
        assert await reasons(listener) == ["OTHER"]
    await store.aclose()
