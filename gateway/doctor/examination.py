"""All checks in their order; each finding comes as soon as its check ends."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx

from gateway.doctor import connection_checks, list_checks, local_checks
from gateway.doctor.calls import Calls
from gateway.doctor.findings import Finding
from gateway.doctor.gateway_checks import RunningGateway
from gateway.identity.token_verifier import claimed
from gateway.settings import Settings
from gateway.upstream_setup import create_pool


@dataclass(frozen=True, kw_only=True)
class Examination:
    """What is looked at. `gateway_url` is where clients reach the gateway; `now` is Unix time, `clock` monotonic."""

    settings: Settings
    gateway_url: str
    token: str | None = None
    player_address: str | None = None
    now: Callable[[], float] = time.time
    clock: Callable[[], float] = time.monotonic

    async def findings(self) -> AsyncIterator[Finding]:
        """What is found. Nothing is changed anywhere."""
        yield local_checks.version()
        for one in local_checks.usable_settings(self.settings):
            yield one
        async for one in local_checks.records(self.settings):
            yield one
        async for one in self._upstream():
            yield one
        async with httpx.AsyncHTTPTransport(trust_env=False) as transport:
            gateway = RunningGateway(self.gateway_url, transport)
            async for one in gateway.answers(self.token):
                yield one
            async for one in gateway.takes_webhooks(self.settings):
                yield one

    async def _upstream(self) -> AsyncIterator[Finding]:
        is_reached = True
        async for one in connection_checks.way(self.settings, self.now):
            is_reached = is_reached and not one.is_problem
            yield one
        if not is_reached:
            return
        pool = create_pool(self.settings)
        try:
            async for one in self._reads(Calls(self.settings, pool, self.clock, self.token)):
                yield one
        finally:
            await pool.aclose()

    async def _reads(self, calls: Calls) -> AsyncIterator[Finding]:
        async for one in connection_checks.times(calls, self.settings, self.now):
            yield one
        async for one in list_checks.token(calls, self.token, self._expiry()):
            yield one
        currencies = list_checks.currencies(calls, self.settings, self.player_address)
        for check in (list_checks.lists(calls), currencies, list_checks.pages(calls)):
            async for one in check:
                yield one

    def _expiry(self) -> str:
        """Whether the token has expired, as far as it can be read."""
        expires_at = claimed(self.token or "").expires_at
        return "; it has expired" if expires_at is not None and expires_at <= self.now() else ""
