"""Node with the clients that the lock file names."""

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
OLDEST_NODE = 20
"""What graphql-ws asks for."""


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the clients installed as the lock file says."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no node and npm in PATH")
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"node {OLDEST_NODE} or newer is needed, this is {version.strip()}")
    lock, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([npm, *INSTALL], cwd=FOLDER, check=True, capture_output=True)  # noqa: S603
    return node
