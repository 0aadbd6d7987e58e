"""Many listen while the store is cut off: those are told who changed, nobody else, and only they read again."""

import asyncio
import os
from contextlib import AsyncExitStack

import pytest

from gateway.schema import ids
from tests.support.cut import cut
from tests.support.event_stream_client import Stream, streaming
from tests.support.fleet_changes import CHANGES, reasons
from tests.support.gateway_fleet import gateway_fleet
from tests.support.purchase_mutations import CHAIN_CALL, CLAIM, FREE, codes
from tests.support.store_servers import listening

LISTENERS = int(os.environ.get("FLEET_LISTENERS", "30"))
ONE_IN = 5
READ = f'{{ viewer {{ offerChain(id: "{ids.encode(ids.IdKind.OFFER_CHAIN, 1)}") {{ nextStep {{ number }} }} }} }}'
CLAN = "mutation { updateClan { userErrors { code } } }"


@pytest.mark.slow
async def test_exactly_the_changed_are_told_and_only_they_read_again() -> None:
    with listening() as (_, port):
        async with (
            cut(port) as way,
            gateway_fleet(f"redis://127.0.0.1:{port}", f"redis://127.0.0.1:{way.port}", store_seconds="5") as fleet,
            AsyncExitStack() as opened,
        ):
            tokens = [fleet.token(f"player-{number}") for number in range(LISTENERS)]
            streams: dict[str, Stream] = {}
            for token in tokens:
                streams[token] = await opened.enter_async_context(streaming(fleet.members[1], CHANGES, token=token))
            await fleet.until(1, "gateway_subscriptions", LISTENERS)
            changed, same = tokens[::ONE_IN], [token for at, token in enumerate(tokens) if at % ONE_IN]
            way.cut_off()
            for token in changed:
                assert codes(await fleet.ask(0, CLAIM, {"step": FREE}, token)) == []
            fleet.upstream.calls.clear()
            way.go_on()
            assert await asyncio.gather(*(reasons(streams[token]) for token in changed)) == [["CLAIM"]] * len(changed)
            for token in changed:
                body = await fleet.ask(1, READ, {}, token)
                assert body["data"]["viewer"]["offerChain"]["nextStep"]["number"] == 2
            assert fleet.upstream.calls[CHAIN_CALL] == len(changed) == fleet.upstream.calls.total()
            for token in same:
                await fleet.ask(0, CLAN, {}, token)
                assert await reasons(streams[token]) == ["CLAN"]
