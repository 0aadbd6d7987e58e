"""What `scripts/settings-page` writes from the list of settings: tables, variables, the chart's schema."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gateway.setting_fields import is_secret, variable
from gateway.settings import Settings
from tests.support.paths import DOCS, REPOSITORY

PAGE = DOCS / "settings.md"
CHART = "deploy/chart/values.schema.json"
WRITTEN = ("docs/settings.md", "README.md", ".env.example", CHART)


def settings_page(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts" / "settings-page"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script


def test_all_of_them_are_up_to_date() -> None:
    result = settings_page("--check")
    assert (result.returncode, result.stderr) == (0, "")


def test_every_setting_has_a_row_with_its_meaning() -> None:
    rows = re.findall(r"^\| `(GATEWAY_[A-Z_]+)` \| .*? \| (.*?) \|$", PAGE.read_text(), re.MULTILINE)
    assert rows == [
        (variable(one), one.metadata["meaning"] + (f" Also as `{variable(one)}_FILE`." if is_secret(one) else ""))
        for one in fields(Settings)
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("PROJECT_ID", "required"),
        ("TOKEN_SECRET", ""),
        ("CORS_ORIGINS", ""),
        ("PORT", "`8000`"),
        ("WEBHOOK_SECONDS", "`0.9`"),
        ("PAYMENT_MODE", "`live`"),
        ("CORS_HEADERS", "`*`"),
        ("INTROSPECTION", "`off`"),
    ],
)
def test_a_default_is_shown_as_it_is_written_into_the_environment(name: str, shown: str) -> None:
    assert f"| `GATEWAY_{name}` | {shown} |" in PAGE.read_text()


def test_the_chart_takes_every_setting_but_those_that_it_sets_itself_and_secrets() -> None:
    schema = json.loads((REPOSITORY / CHART).read_text())["properties"]
    names = {variable(one) for one in fields(Settings)}
    secret = {variable(one) for one in fields(Settings) if is_secret(one)}
    assert set(schema["secret"]["properties"]["keys"]["items"]["enum"]) == secret
    taken = set(schema["settings"]["properties"])
    assert {"GATEWAY_HOST", "GATEWAY_PORT", "GATEWAY_ADMIN_HOST", "GATEWAY_ADMIN_PORT"} == names - taken - secret
    assert taken & secret == {"GATEWAY_STORE_URL", "GATEWAY_UPSTREAM_PROXY"}
    assert taken <= names


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """A folder with the files that are written."""
    for name in WRITTEN:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_that_is_out_of_date_is_told_and_written_anew(name: str, copies: Path) -> None:
    file, right = copies / name, (REPOSITORY / name).read_text()
    file.write_text(right.replace("Number of the project", "The project"))
    result = settings_page("--check", "--root", str(copies))
    assert (result.returncode, result.stderr) == (1, f"{file} is out of date; run: scripts/format\n")
    assert settings_page("--root", str(copies)).returncode == 0
    assert file.read_text() == right


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("docs/settings.md", "# Settings\n", "has no table of settings"),
        ("README.md", "# liveops-gateway\n", "has no table of settings"),
        (CHART, "{}", "has no properties `settings` and `secret`"),
    ],
)
def test_a_file_that_is_something_else_is_left_alone(name: str, text: str, reason: str, copies: Path) -> None:
    (copies / name).write_text(text)
    result = settings_page("--root", str(copies))
    assert result.returncode == 1
    assert reason in result.stderr
    assert (copies / name).read_text() == text
