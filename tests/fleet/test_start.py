"""A gateway whose store cannot be used does not start, and says why."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.certificates import Authority
from tests.support.commands import first_line, start
from tests.support.store_servers import REDIS, Redis, free_port, listening, redis

PASSWORD = "a password of the store"


def started(url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"GATEWAY_PROJECT_ID": "44056", "GATEWAY_PORT": "0", "GATEWAY_STORE_URL": url, **environment}
    return subprocess.run(
        [sys.executable, "-m", "gateway", "serve"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed: apt-get install redis-server")
@pytest.mark.parametrize(
    ("options", "environment", "reason"),
    [
        (("--maxmemory-policy", "allkeys-lru"), {}, "maxmemory-policy"),
        (("--requirepass", PASSWORD), {"GATEWAY_STORE_PASSWORD": "another secret"}, "GATEWAY_STORE_PASSWORD"),
    ],
    ids=["evicts", "password"],
)
def test_a_wrong_store_ends_the_start_with_the_reason(
    options: tuple[str, ...], environment: dict[str, str], reason: str
) -> None:
    with listening(*options) as (_, port):
        ended = started(f"redis://127.0.0.1:{port}", **environment)
    assert ended.returncode == 2
    assert reason in ended.stderr
    assert PASSWORD not in ended.stderr + ended.stdout
    assert "another secret" not in ended.stderr + ended.stdout


@pytest.mark.slow
def test_settings_of_a_store_need_its_url() -> None:
    ended = started("", GATEWAY_STORE_DOWN="local")
    assert (ended.returncode, "GATEWAY_STORE_URL" in ended.stderr) == (2, True)


@pytest.mark.slow
@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed: apt-get install redis-server")
def test_a_store_of_another_authority_ends_the_start_with_the_reason(tmp_path: Path) -> None:
    authority, other, port = Authority(tmp_path, "authority"), Authority(tmp_path, "other"), free_port()
    cert_file, key_file = authority.issue("server")
    files = ("--tls-cert-file", cert_file, "--tls-key-file", key_file, "--tls-ca-cert-file", authority.file)
    for _ in redis("--tls-port", str(port), "--bind", "127.0.0.1", "--tls-auth-clients", "no", *map(str, files)):
        ended = started(f"rediss://:{PASSWORD}@127.0.0.1:{port}", GATEWAY_STORE_CA_FILE=str(other.file))
    assert ended.returncode == 2
    assert "GATEWAY_STORE_CA_FILE" in ended.stderr
    assert PASSWORD not in ended.stderr + ended.stdout


@pytest.mark.slow
async def test_a_store_that_keeps_nothing_over_a_restart_is_warned_of(server: Redis) -> None:
    process = await start("serve", GATEWAY_PROJECT_ID="44056", GATEWAY_PORT="0", GATEWAY_STORE_URL=server.url)
    try:
        assert (await first_line(process)).startswith("Listening on ")
    finally:
        process.terminate()
        _, errors = await process.communicate()
    events = [json.loads(line) for line in errors.splitlines()]
    assert [one["level"] for one in events if one["event"] == "store_not_durable"] == ["WARNING"]
