"""What the executions of one call share."""

import httpx
import pytest

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.domain.payment import PaymentMode, PaymentPage
from gateway.errors import UpstreamTimeout
from gateway.identity.caller import Caller
from gateway.player.services import Services
from gateway.upstream.client import Client
from gateway.web.graphql.call_contexts import CallContexts
from tests.support.clock import Clock
from tests.support.scripted_upstream import ScriptedTransport


async def test_what_begins_after_a_call_was_abandoned_does_not_wait() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"items": [], "has_more": False})

    client = Client(ScriptedTransport(answer), base_url="https://up.example", project_id=1)
    clock = Clock()
    services = Services(client, UserCache(max_bytes=0, clock=clock), SingleFlight(), now=clock, monotonic=clock)
    caller = Caller(Owner("ben"), True, (("authorization", "ben"),))
    contexts = CallContexts(caller, services, PaymentPage(PaymentMode.SANDBOX, None), 30, takes_stale=True)
    contexts.abandon()
    with pytest.raises(UpstreamTimeout):
        await contexts.context().player.reads.offer_chains()
    assert asked == []
