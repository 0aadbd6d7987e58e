"""`gateway config`: what it says of settings, and that no secret is shown."""

import json
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gateway.commands.cli import main
from gateway.errors import SettingError
from gateway.setting_fields import is_secret, schema_of, variable
from gateway.settings import Settings, read_settings

PROJECT = {"GATEWAY_PROJECT_ID": "44056"}
SECRET = "0123456789abcdef"


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Said":
    return Said(capsys, monkeypatch)


class Said:
    """What a part of `gateway config` prints in an environment."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._patch = monkeypatch

    def __call__(self, environment: Mapping[str, str], *arguments: str, code: int = 0) -> list[str]:
        for name, value in environment.items():
            self._patch.setenv(name, value)
        assert main(["config", *arguments]) == code
        captured = self._capsys.readouterr()
        return (captured.out + captured.err).splitlines()


def test_everything_that_is_wrong_is_reported_at_once(said: Said, tmp_path: Path) -> None:
    environment = {
        "GATEWAY_CASH_BYTES": "1",
        "GATEWAY_PORT": "web",
        "GATEWAY_TOKEN_SECRET_FILE": str(tmp_path / "none"),
        "GATEWAY_TOKEN_ISSUER": "https://login.example",
        "GATEWAY_DOCUMENTS": "require",
        "GATEWAY_STORE_PASSWORD": "a password",
    }
    assert said(environment, "check", code=1) == [
        "GATEWAY_CASH_BYTES is not a setting; did you mean GATEWAY_CACHE_BYTES?",
        "Set GATEWAY_PROJECT_ID: Number of the project in Publisher Account.",
        "GATEWAY_PORT must be a whole number from 0 to 65535.",
        f"GATEWAY_TOKEN_SECRET_FILE: {tmp_path}/none cannot be read: No such file or directory.",
        "GATEWAY_DOCUMENTS=require needs GATEWAY_DOCUMENTS_DIR: without it nothing may run.",
        "The other settings of the store need GATEWAY_STORE_URL.",
        "6 to change.",
    ]


def test_usable_settings_are_reported_and_what_kubernetes_set_in_their_place(said: Said) -> None:
    assert said({**PROJECT, "GATEWAY_PORT": "tcp://10.0.0.7:80"}, "check") == [
        "GATEWAY_PORT is ignored: it is the address of a Kubernetes Service (set enableServiceLinks: false).",
        "The settings are usable.",
    ]


def test_values_are_printed_with_their_sources_and_secrets_are_not(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "webhook_secret"
    file.write_text("new-secret\nold-secret\n")
    store = f"redis://user:{SECRET}@store.example"
    environment = {**PROJECT, "GATEWAY_WEBHOOK_SECRET_FILE": str(file), "GATEWAY_STORE_URL": store}
    lines = said(environment, "print")
    assert [line.split() for line in lines[:4]] == [
        ["GATEWAY_PROJECT_ID=44056", "#", "environment"],
        ["GATEWAY_UPSTREAM_URL=https://store.xsolla.com/api", "#", "default"],
        ["GATEWAY_HOST=127.0.0.1", "#", "default"],
        ["GATEWAY_PORT=8000", "#", "default"],
    ]
    values = json.loads("".join(said(environment, "print", "--json")))
    assert values["GATEWAY_WEBHOOK_SECRET"] == {"value": "***", "source": str(file)}
    assert values["GATEWAY_STORE_URL"] == {"value": "***", "source": "environment"}
    assert values["GATEWAY_CORS_ORIGINS"] == {"value": "", "source": "default"}
    assert list(values) == [variable(one) for one in fields(Settings)]
    for text in (SECRET, "new-secret", "old-secret"):
        assert text not in f"{lines} {values}"


def test_settings_that_cannot_be_used_are_not_printed(said: Said) -> None:
    assert said({}, "print", code=2) == ["gateway: Set GATEWAY_PROJECT_ID: Number of the project in Publisher Account."]


def test_the_example_of_variables_sets_the_defaults(said: Said) -> None:
    lines = said({}, "reference", "--format", "env")
    given = [line.removeprefix("#").partition("=") for line in lines if line and not line.startswith("# ")]
    assert [name for name, *_ in given] == [variable(one) for one in fields(Settings)]
    example = {name: value for name, _, value in given}
    assert read_settings({**example, **PROJECT}) == read_settings(PROJECT)


def test_the_table_has_every_setting(said: Said) -> None:
    lines = said({}, "reference")
    assert lines[0] == "| Setting | Default | Meaning |"
    assert len(lines) == 2 + len(fields(Settings))


def test_the_schema_takes_what_the_environment_may_hold(said: Said) -> None:
    schema = json.loads("".join(said({}, "reference", "--format", "json-schema")))
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema).is_valid
    assert check({"GATEWAY_PROJECT_ID": 44056, "GATEWAY_APQ": False, "GATEWAY_TOKEN_SECRET_FILE": "/run/secret"})
    assert not check({})
    assert not check({**PROJECT, "GATEWAY_CASH_BYTES": "1"})
    for one in fields(Settings):
        assert schema["properties"][variable(one)].get("writeOnly", False) is is_secret(one)


TEXTS = (
    *("on", "off", "auto", "require", "warn", "debug", "json", "live", "direct", "forwarded", "local"),
    *("0", "0.5", "1", "20", "299.5", "65536", "9999999", "-1", "soon", SECRET),
    *("https://a.example", "https://a.example/?x", "redis://a.example", "http://u:p@proxy.example", "10.0.0.0/8"),
    *("/liveops", "liveops", "X-Real-Ip", "*"),
)


@pytest.mark.parametrize("one", fields(Settings), ids=variable)
def test_the_schema_takes_every_text_that_the_gateway_takes(one: "Field[Any]") -> None:
    check = jsonschema.Draft202012Validator(schema_of(one)).is_valid
    taken = [text for text in TEXTS if _is_taken(one, text)]
    assert taken
    for text in taken:
        assert check(text) or check(float(text)), text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 65_536),
        ("port", "web"),
        ("apq", "yes"),
        ("documents", "always"),
        ("stale_seconds", 0.5),
        ("player_calls_per_second", 0),
        ("token_leeway_seconds", 301),
        ("upstream_url", "store.example"),
        ("token_secret", "short"),
    ],
)
def test_the_schema_refuses_what_the_gateway_refuses(name: str, value: object) -> None:
    (one,) = (one for one in fields(Settings) if one.name == name)
    assert not jsonschema.Draft202012Validator(schema_of(one)).is_valid(value)
    assert not _is_taken(one, str(value))


def _is_taken(one: "Field[Any]", text: str) -> bool:
    try:
        one.metadata["parse"](text)
    except SettingError:
        return False
    return True
