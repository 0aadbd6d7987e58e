"""`gateway doctor`, as an operator or a script runs it."""

import asyncio
import io
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.commands import doctor as command
from gateway.commands.cli import main
from gateway.settings import read_settings
from tests.support.clock import Clock
from tests.support.doctor import SECRET, TOKEN, Doctor
from tests.support.stack import gateway_before, serving_sandbox


@pytest.fixture
async def doctor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Doctor]:
    """What the environment says, before a gateway that runs."""
    for name in (command.TOKEN, command.TOKEN_FILE):
        monkeypatch.delenv(name, raising=False)
    clock = Clock(time.time())
    async with (
        serving_sandbox(clock) as url,
        gateway_before(url, clock, {"GATEWAY_WEBHOOK_SECRET": SECRET}) as stack,
    ):
        one = Doctor(stack.gateway_url, url, GATEWAY_RECORDS_FILE=str(tmp_path / "records.sqlite3"))
        for name, value in one.settings.items():
            monkeypatch.setenv(name, value)
        yield one


async def test_a_healthy_gateway_has_a_page_without_anything_to_fix(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"Bearer {TOKEN}\n")
    monkeypatch.setenv(command.TOKEN_FILE, str(file))
    arguments = ["doctor", "--gateway-url", doctor.gateway_url, "--player-address", "203.0.113.7"]
    assert await asyncio.to_thread(main, arguments) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert len(lines) == 16
    assert lines[7] == "ok       token: the upstream accepts it"
    assert "fix:" not in printed.out
    assert not any(secret in printed.out for secret in (TOKEN, SECRET, "203.0.113.7"))


async def test_what_to_fix_is_said_below_and_ends_with_1(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await doctor.fault(call="*/user/daily_chain", status=503)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TOKEN}\n"))
    arguments = ["doctor", "--token-from-stdin", "--gateway-url", doctor.gateway_url]
    assert await asyncio.to_thread(main, arguments) == 1
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("PROBLEM  daily_chains: answered with 503")
    assert lines[at + 1] == "         fix: The upstream has trouble: try again, and see docs/resilience.md."


async def test_scripts_read_json(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(command.TOKEN, TOKEN)
    monkeypatch.setenv("GATEWAY_PORT", doctor.gateway_url.rpartition(":")[2])
    assert await asyncio.to_thread(main, ["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["is_well"] is True
    assert report["findings"][-1] == {
        "check": "webhook",
        "level": "ok",
        "text": "a signed one is accepted, one with a wrong signature is not",
    }
    assert TOKEN not in json.dumps(report)


def test_settings_that_cannot_be_used_are_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_PORT", "many")
    monkeypatch.setenv("GATEWAY_PORTE", "5")
    monkeypatch.delenv(command.TOKEN_FILE, raising=False)
    assert main(["doctor"]) == 1
    printed = capsys.readouterr().out
    for text in ("Set GATEWAY_PROJECT_ID", "GATEWAY_PORT must be", "GATEWAY_PORTE is not a setting"):
        assert f"PROBLEM  settings: {text}" in printed
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["is_well"] is False


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (command.TOKEN_FILE, "/nonexistent", "The file that PLAYER_TOKEN_FILE names cannot be read."),
        (command.TOKEN, "two words", "The player's token is not one"),
        (command.TOKEN, "l\u00fccke", "The player's token is not one"),
    ],
)
def test_a_token_that_cannot_be_used_is_refused_without_being_shown(
    name: str, value: str, says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["doctor"]) == 2
    printed = capsys.readouterr().err
    assert says in printed
    assert value not in printed


def test_an_address_has_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--player-address", "Berlin"])
    assert ended.value.code == 2
    assert "must be an IP address" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"GATEWAY_HOST": "0.0.0.0", "GATEWAY_PORT": "80"}, "http://127.0.0.1:80"),
        ({"GATEWAY_HOST": "::", "GATEWAY_ROOT_PATH": "/liveops"}, "http://[::1]:8000/liveops"),
    ],
)
def test_the_running_gateway_is_where_the_settings_say(settings: dict[str, str], url: str) -> None:
    assert command.local_url(read_settings({"GATEWAY_PROJECT_ID": "1", **settings})) == url
