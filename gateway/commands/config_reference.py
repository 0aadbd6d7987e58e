"""All settings with their defaults and meanings: as a table, as a file of variables, as a JSON Schema."""

import json
import re
from dataclasses import Field, fields
from textwrap import fill
from typing import Any

from gateway.setting_fields import FILE, default_text, is_secret, schema_of, variable
from gateway.setting_list import Settings

FORMATS = ("markdown", "env", "json-schema")

_LINK = re.compile(r"\[([^]]*)\]\(([^)]*)\)")

_ENV_HEAD = """\
# Every setting of the gateway. What is commented out is the default, or unset.
# A secret may stand in a file instead: GATEWAY_TOKEN_SECRET_FILE=/run/secrets/token_secret.
"""


def reference(form: str) -> str:
    """All settings in one of `FORMATS`."""
    if form == "env":
        return _ENV_HEAD + "".join(_env_entry(one) for one in fields(Settings))
    if form == "json-schema":
        return json.dumps(json_schema(), indent=2) + "\n"
    return "| Setting | Default | Meaning |\n|---|---|---|\n" + "".join(table_row(one) for one in fields(Settings))


def table_row(one: "Field[Any]") -> str:
    """A setting's row in the table of docs/settings.md."""
    default = default_text(one)
    shown = "required" if one.metadata["required"] else f"`{default}`" if default else ""
    also = f" Also as `{variable(one)}{FILE}`." if is_secret(one) else ""
    return f"| `{variable(one)}` | {shown} | {one.metadata['meaning']}{also} |\n"


def json_schema() -> dict[str, Any]:
    """What the environment may hold, for values that YAML reads as text, numbers, or true and false."""
    properties: dict[str, Any] = {}
    for one in fields(Settings):
        properties[variable(one)] = {"description": _plain(one.metadata["meaning"]), **schema_of(one)}
        if default_text(one):
            properties[variable(one)]["default"] = default_text(one)
        if is_secret(one):
            properties[variable(one)]["writeOnly"] = True
            properties[variable(one) + FILE] = {"description": f"File with {variable(one)}.", "type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of liveops-gateway",
        "type": "object",
        "properties": properties,
        "required": [variable(one) for one in fields(Settings) if one.metadata["required"]],
        "additionalProperties": False,
    }


def _env_entry(one: "Field[Any]") -> str:
    mark = "" if one.metadata["required"] else "#"
    text = fill(_plain(one.metadata["meaning"]), 110, initial_indent="# ", subsequent_indent="# ")
    return f"\n{text}\n{mark}{variable(one)}={default_text(one)}\n"


def _plain(meaning: str) -> str:
    """The meaning with the paths of pages in place of links, for who reads it outside of docs/."""
    return _LINK.sub(r"docs/\2", meaning)
