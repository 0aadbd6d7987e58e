"""Node with the packages that the lock file of `tests/clients` names."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import REPOSITORY

FOLDER = REPOSITORY / "tests" / "clients"
TOOLS = FOLDER / "node_modules" / ".bin"
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
OLDEST_NODE = 20
"""What graphql-ws asks for."""


def installed_node() -> str:
    """Node, with the packages installed as the lock file says; skips the test where that cannot be."""
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


async def run_tool(*command: str | Path, cwd: Path, given: str = "") -> str:
    """Run a command that has to succeed, with `given` on its standard input, and return what it prints."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*map(str, command), cwd=cwd, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(120):
            printed, errors = await process.communicate(given.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, printed.decode() + errors.decode()
    return printed.decode()
