"""A doctor who looks at a gateway and its upstream, and what they found."""

import time
from collections.abc import Mapping
from typing import Any

import httpx

from gateway import sandbox
from gateway.doctor.examination import Examination
from gateway.doctor.findings import Finding
from gateway.settings import read_settings
from tests.support.stack import ANN, token_of

SECRET = "webhook-secret-of-these-settings"
TOKEN = token_of(ANN, time.time())


class Doctor:
    """Looks with these settings; a test makes something wrong first."""

    def __init__(self, gateway_url: str, sandbox_url: str, **settings: str) -> None:
        self.gateway_url = gateway_url
        self.sandbox_url = sandbox_url
        self.settings = {
            "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
            "GATEWAY_UPSTREAM_URL": f"{sandbox_url}/api",
            "GATEWAY_WEBHOOK_SECRET": SECRET,
            "GATEWAY_UPSTREAM_CONNECT_SECONDS": "30",
            "GATEWAY_UPSTREAM_READ_SECONDS": "30",
            **settings,
        }

    async def fault(self, **fault: object) -> None:
        """Break calls of the sandbox."""
        async with httpx.AsyncClient() as http:
            assert (await http.post(f"{self.sandbox_url}/_sandbox/faults", json=fault)).is_success

    async def look(self, settings: Mapping[str, str] | None = None, **more: Any) -> list[Finding]:
        """All findings."""
        chosen = read_settings({**self.settings, **(settings or {})})
        examination = Examination(settings=chosen, **{"gateway_url": self.gateway_url, "token": TOKEN, **more})
        return [one async for one in examination.findings()]


def said(findings: list[Finding]) -> list[str]:
    """What is not well, a line each."""
    return [f"{one.level.value} {one.check}: {one.text}" for one in findings if one.fix is not None]
