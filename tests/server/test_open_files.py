"""A process with few open files, with more clients than it can hold."""

import asyncio
import resource
import sys
from contextlib import AsyncExitStack

import pytest

from tests.support.commands import ENVIRONMENT, logged
from tests.support.raw_client import connected

pytestmark = pytest.mark.slow


async def test_a_server_whose_files_are_used_up_is_alive_and_says_so_once() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (330, 330)),
        env={**ENVIRONMENT, "GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_LOG_LEVEL": "warning"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().split()[-1]
        async with AsyncExitStack() as stack:
            for _ in range(400):
                await stack.enter_async_context(connected(url))
            probe = await stack.enter_async_context(connected(url))
            probe.send(b"GET /livez HTTP/1.1")
            assert (await probe.response())[0] == 200
    finally:
        process.terminate()
        _, log = await process.communicate()
    assert [one["event"] for one in logged(log)] == ["records_in_memory", "few_descriptors"]
