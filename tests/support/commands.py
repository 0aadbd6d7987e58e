"""The command `gateway` in a process of its own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.stack import LONG_TIMEOUTS

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}


async def start(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gateway",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**ENVIRONMENT, **LONG_TIMEOUTS, **environment},
    )


@asynccontextmanager
async def running(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `gateway …` and end it as a supervisor does; it has to leave in good order."""
    process = await start(*arguments, **environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()


def logged(lines: bytes) -> list[dict[str, Any]]:
    """The events in a process's log, without what only says that the machine was busy."""
    events = [json.loads(line) for line in lines.splitlines()]
    return [one for one in events if one["event"] != "event_loop_blocked"]


async def first_line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().rstrip()


async def ask(url: str, query: str, token: str | None = None) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient() as http:
        body: dict[str, Any] = (await http.post(url, json={"query": query}, headers=headers)).json()
    return body


async def output(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", *arguments, stdout=asyncio.subprocess.PIPE, env=ENVIRONMENT
    )
    text, _ = await process.communicate()
    assert process.returncode == 0
    return text.decode().strip()
