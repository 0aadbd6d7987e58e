"""The contracts in words name every call of the contracts in OpenAPI."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import REPOSITORY

UPSTREAM = REPOSITORY / "docs" / "upstream"
METHODS = ("get", "put", "post", "patch", "delete")


def operations(document: Path) -> dict[str, str]:
    """HTTP methods by operation id; the v3 forms of the reward chain calls are described with those of v2."""
    paths: dict[str, dict[str, Any]] = yaml.safe_load(document.read_text())["paths"]
    return {
        declared["operationId"]: method.upper()
        for path, methods in paths.items()
        for method, declared in methods.items()
        if method in METHODS and not path.startswith("/v3/")
    }


@pytest.mark.parametrize("name", ["client", "admin"])
def test_every_call_has_a_row_with_its_method(name: str) -> None:
    text = (UPSTREAM / f"{name}-contract.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("|")]
    missing = {
        operation: method
        for operation, method in operations(UPSTREAM / f"{name}-openapi.yaml").items()
        if not any(f"`{operation}`" in row and method in row for row in rows)
    }
    assert missing == {}
