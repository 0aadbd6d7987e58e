"""What the image declares, without building it."""

import asyncio
import json
import os
import re
import socket
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.commands import first_line, running

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


async def healthcheck(environment: dict[str, str]) -> int | None:
    """Run the image's health check with this environment, and give its exit code."""
    (command,) = re.findall(r"HEALTHCHECK .*\n +CMD (\[.*\])", DOCKERFILE)
    _, *arguments = json.loads(command)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={**os.environ, **environment}, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


def test_the_user_is_a_number_that_is_not_root() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


@pytest.mark.slow
@pytest.mark.parametrize("has_admin_port", [False, True])
async def test_the_health_check_asks_the_port_that_has_probes(has_admin_port: bool) -> None:
    environment = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": free_port()}
    if has_admin_port:
        environment["GATEWAY_ADMIN_PORT"] = free_port()
    async with running("serve", **environment) as process:
        await first_line(process)
        assert await healthcheck(environment) == 0
    assert await healthcheck(environment) == 1


def test_the_command_has_the_packages_name_too() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"][project["name"]] == project["scripts"]["gateway"]
