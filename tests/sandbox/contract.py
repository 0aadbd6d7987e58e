"""Checks requests and responses against the OpenAPI documents of the upstream's calls."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

_DOCUMENTS = Path(__file__).parents[2] / "docs" / "upstream"
CLIENT_DOCUMENT = _DOCUMENTS / "client-openapi.yaml"
ADMIN_DOCUMENT = _DOCUMENTS / "admin-openapi.yaml"
_SERVER_PATH = "/api"

formats = FormatChecker(())


@formats.checks("date-time", raises=ValueError)
def has_offset(value: object) -> bool:
    """A date-time of the contract carries its offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Operation:
    """One declared call: its paths, and the statuses and bodies that it may return."""

    def __init__(self, method: str, template: str, declared: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        self.method = method.upper()
        self.operation_id: str = declared["operationId"]
        self.pattern = re.compile(_SERVER_PATH + re.sub(r"\{\w+\}", "[^/]+", template))
        self._responses = {status: _resolved(answer, components) for status, answer in declared["responses"].items()}
        self._body: Mapping[str, Any] | None = declared.get("requestBody")
        self._components = components

    def check_accepted(self, parsed: object) -> None:
        """Raise AssertionError for a request that was accepted with a body that is not as declared."""
        if self._body is None:
            assert parsed is None, f"{self.operation_id} takes no body"
            return
        self._validate(self._body["content"]["application/json"]["schema"], parsed, "took")

    def check(self, status: int, body: bytes, parsed: object) -> None:
        """Raise AssertionError for an undeclared status or a body that is not as declared."""
        declared = self._responses.get(str(status))
        assert declared is not None, f"{self.operation_id} answered {status}, which is not declared"
        if "content" not in declared:
            assert body == b"", f"{self.operation_id} answered {status} with a body"
            return
        self._validate(declared["content"]["application/json"]["schema"], parsed, f"answered {status}")

    def _validate(self, schema: Mapping[str, Any], parsed: object, act: str) -> None:
        validator = Draft202012Validator({**schema, "components": self._components}, format_checker=formats)
        errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(parsed)]
        assert not errors, f"{self.operation_id} {act}: {errors}"


def load_operations(path: Path = CLIENT_DOCUMENT) -> tuple[Operation, ...]:
    """Read every call that a document declares."""
    document = yaml.safe_load(path.read_text("utf-8"))
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
