"""Checks answers against the OpenAPI document of the client calls."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

DOCUMENT = Path(__file__).parents[2] / "docs" / "upstream" / "client-openapi.yaml"
_SERVER_PATH = "/api"

formats = FormatChecker(())


@formats.checks("date-time", raises=ValueError)
def has_offset(value: object) -> bool:
    """A date-time of the contract carries its offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Operation:
    """One declared call: which paths it serves, which statuses with which bodies it may answer."""

    def __init__(self, method: str, template: str, declared: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        self.method = method.upper()
        self.operation_id: str = declared["operationId"]
        self.pattern = re.compile(_SERVER_PATH + re.sub(r"\{\w+\}", "[^/]+", template))
        self._responses = {status: _resolved(answer, components) for status, answer in declared["responses"].items()}
        self._components = components

    def check(self, status: int, body: bytes, parsed: object) -> None:
        """Raise AssertionError for an undeclared status or a body that is not as declared."""
        declared = self._responses.get(str(status))
        assert declared is not None, f"{self.operation_id} answered {status}, which is not declared"
        if "content" not in declared:
            assert body == b"", f"{self.operation_id} answered {status} with a body"
            return
        schema = {**declared["content"]["application/json"]["schema"], "components": self._components}
        errors = [
            f"{error.json_path}: {error.message}"
            for error in Draft202012Validator(schema, format_checker=formats).iter_errors(parsed)
        ]
        assert not errors, f"{self.operation_id} {status}: {errors}"


def load_operations() -> tuple[Operation, ...]:
    """Read every declared call."""
    document = yaml.safe_load(DOCUMENT.read_text("utf-8"))
    return tuple(
        Operation(method, template, declared, document["components"])
        for template, item in document["paths"].items()
        for method, declared in item.items()
        if method != "parameters"
    )


def _resolved(answer: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = answer.get("$ref")
    if reference is None:
        return answer
    found: Mapping[str, Any] = components["responses"][reference.rpartition("/")[2]]
    return found
