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
from gateway.sandbox.snapshots.facts import Facts, chain_facts
from gateway.sandbox.snapshots.loading import Loaded
from gateway.sandbox.snapshots.missing_texts import languages_of, missing_texts
from gateway.sandbox.snapshots.preview_player import PreviewPlayer, prepare_preview
from gateway.sandbox.snapshots.project import load_project
from gateway.sandbox.snapshots.project_reader import Progress, Reading, read_project
from gateway.sandbox.snapshots.snapshot import Snapshot, SnapshotError, read_snapshot, write_snapshot
from gateway.sandbox.snapshots.words import CHAIN_KINDS, NOUNS, title
from gateway.sandbox.storage.database import DatabaseUnusableError

__all__ = [
    "CHAIN_KINDS",
    "DEMO_API_KEY",
    "DEMO_LOGIN_SECRET",
    "DEMO_PLAYERS",
    "DEMO_PROJECT_ID",
    "DEMO_WEBHOOK_SECRET",
    "NOUNS",
    "VENDOR_URL",
    "VETERAN_PLAYER",
    "Comparison",
    "DatabaseUnusableError",
    "DemoPlayer",
    "Difference",
    "FactChange",
    "Facts",
    "Fault",
    "FaultError",
    "Loaded",
    "PreviewPlayer",
    "Progress",
    "Reading",
    "Sandbox",
    "Snapshot",
    "SnapshotError",
    "Undocumented",
    "chain_facts",
    "compare",
    "create_sandbox",
    "languages_of",
    "load_project",
    "mint_token",
    "missing_texts",
    "parse_fault",
    "prepare_preview",
    "read_project",
    "read_snapshot",
    "title",
    "undocumented_in",
    "write_snapshot",
]
