"""The sandbox: the upstream built a second time from its REST contract, with real state, as an embedded replacement.

It shares no code with the rest of the gateway, so that each tests the other.
"""

from gateway.sandbox.app import create_sandbox
from gateway.sandbox.demo.accounts import (
    DEMO_API_KEY,
    DEMO_LOGIN_SECRET,
    DEMO_PLAYERS,
    DEMO_PROJECT_ID,
    DEMO_WEBHOOK_SECRET,
    VETERAN_PLAYER,
    DemoPlayer,
)
from gateway.sandbox.demo.tokens import mint_token
from gateway.sandbox.faults.fault import Fault, FaultError, parse_fault
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.database import DatabaseUnusableError

__all__ = [
    "DEMO_API_KEY",
    "DEMO_LOGIN_SECRET",
    "DEMO_PLAYERS",
    "DEMO_PROJECT_ID",
    "DEMO_WEBHOOK_SECRET",
    "VETERAN_PLAYER",
    "DatabaseUnusableError",
    "DemoPlayer",
    "Fault",
    "FaultError",
    "Sandbox",
    "create_sandbox",
    "mint_token",
    "parse_fault",
]
