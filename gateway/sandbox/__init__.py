"""The sandbox: the upstream built a second time from its REST contract, with real state, as an embedded replacement.

It shares no code with the rest of the gateway, so that each tests the other.
"""

from gateway.sandbox.app import create_sandbox
from gateway.sandbox.client.documented_lists import undocumented_in
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
from gateway.sandbox.domain.undocumented import Undocumented
from gateway.sandbox.faults.fault import Fault, FaultError, parse_fault
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.snapshots.admin_api import VENDOR_URL
from gateway.sandbox.snapshots.differences import Comparison, Difference, FactChange, compare
from gateway.sandbox.snapshots.loading import Loaded
from gateway.sandbox.snapshots.project import load_project
from gateway.sandbox.snapshots.project_reader import Progress, Reading, read_project
from gateway.sandbox.snapshots.snapshot import Snapshot, SnapshotError, read_snapshot, write_snapshot
from gateway.sandbox.storage.database import DatabaseUnusableError

__all__ = [
    "DEMO_API_KEY",
    "DEMO_LOGIN_SECRET",
    "DEMO_PLAYERS",
    "DEMO_PROJECT_ID",
    "DEMO_WEBHOOK_SECRET",
    "VENDOR_URL",
    "VETERAN_PLAYER",
    "Comparison",
    "DatabaseUnusableError",
    "DemoPlayer",
    "Difference",
    "FactChange",
    "Fault",
    "FaultError",
    "Loaded",
    "Progress",
    "Reading",
    "Sandbox",
    "Snapshot",
    "SnapshotError",
    "Undocumented",
    "compare",
    "create_sandbox",
    "load_project",
    "mint_token",
    "parse_fault",
    "read_project",
    "read_snapshot",
    "undocumented_in",
    "write_snapshot",
]
