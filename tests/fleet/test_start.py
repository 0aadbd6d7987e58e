"""A gateway whose store cannot be used does not start, and says why."""

import os
import subprocess
import sys

import pytest

from tests.support.store_servers import REDIS, listening

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
