"""The page of settings has the table that `scripts/settings-page` writes from the code."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gateway.settings import PREFIX, Settings
from tests.support.paths import DOCS, REPOSITORY

PAGE = DOCS / "settings.md"


def settings_page(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts" / "settings-page"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script


def test_the_page_is_up_to_date() -> None:
    result = settings_page("--check")
    assert (result.returncode, result.stderr) == (0, "")


def test_every_setting_has_a_row_with_its_meaning() -> None:
    rows = re.findall(r"^\| `(GATEWAY_[A-Z_]+)` \| .*? \| (.*?) \|$", PAGE.read_text(), re.MULTILINE)
    assert rows == [(PREFIX + one.name.upper(), one.metadata["meaning"]) for one in fields(Settings)]


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


@pytest.mark.slow
def test_a_table_that_is_out_of_date_is_told_and_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "settings.md"
    page.write_text(PAGE.read_text().replace("| `8000` |", "| `80` |") + "\nThe end.\n")
    result = settings_page("--check", "--file", str(page))
    assert (result.returncode, result.stderr) == (1, f"{page} is out of date; run: scripts/format\n")
    assert settings_page("--file", str(page)).returncode == 0
    assert page.read_text() == PAGE.read_text() + "\nThe end.\n"


def test_a_page_without_the_table_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "settings.md"
    page.write_text("# Settings\n")
    result = settings_page("--file", str(page))
    assert result.returncode == 1
    assert "has no table of settings" in result.stderr
    assert page.read_text() == "# Settings\n"
