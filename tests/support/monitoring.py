"""What `deploy/` has for Prometheus and Grafana, and the program that judges it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import REPOSITORY

RULES = REPOSITORY / "deploy" / "prometheus" / "rules.yaml"
RULES_TEST = RULES.with_name("rules_test.yaml")
DASHBOARD = REPOSITORY / "deploy" / "grafana" / "gateway.json"

_SUFFIX = re.compile(r"_(?:bucket|count|sum)$")
_NAME = re.compile(r"(?<![:\w])gateway_[a-z_]+(?![:\w])")


def rules() -> list[dict[str, Any]]:
    """All rules, of records and of alerts."""
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    """The alerts by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def panels() -> dict[str, list[str]]:
    """The expressions of the dashboard's panels by title, as Grafana sends them."""
    found = json.loads(DASHBOARD.read_text())["panels"]
    return {
        panel["title"]: [
            target["expr"].replace("$__rate_interval", "5m").replace("$job", "gateway") for target in panel["targets"]
        ]
        for panel in found
    }


def metrics_in(expression: str) -> set[str]:
    """The gateway's metrics that an expression names."""
    return {_SUFFIX.sub("", name) for name in _NAME.findall(expression)}


def promtool(*arguments: str | Path) -> str:
    """Run promtool, which has to succeed; skips the test where it is not installed."""
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed: apt-get download prometheus, dpkg -x, and its usr/bin on PATH")
    ended = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    output = ended.stdout + ended.stderr
    assert ended.returncode == 0, output
    return output
