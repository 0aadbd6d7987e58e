"""The only module that reads the environment: every `GATEWAY_` variable, checked."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from gateway import setting_values as values
from gateway.errors import SettingError
from gateway.setting_fields import FILE, PREFIX, is_secret, variable
from gateway.setting_list import Settings
from gateway.setting_texts import text_of, unknown_variables

__all__ = ["PREFIX", "Settings", "check_settings", "read_settings", "replaced_settings", "reread_secrets"]


class CheckedSettings(NamedTuple):
    """All settings, or everything that is wrong with them; one of the two is empty."""

    settings: Settings | None
    problems: tuple[str, ...]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingError with everything that is missing, malformed, or at odds.

    An empty variable counts as not set, and so does what Kubernetes adds. Any other unknown variable with our prefix is
    refused, since it is a typing error. A secret may stand in a file that its variable with `_FILE` at the end names.
    """
    settings, problems = check_settings(environment)
    if settings is None:
        raise SettingError("\n".join(problems))
    return settings


def check_settings(environment: Mapping[str, str]) -> CheckedSettings:
    """Read all settings, and tell everything that is wrong with them."""
    problems = list(unknown_variables(environment))
    read: dict[str, Any] = {}
    broken: set[str] = set()
    for one in fields(Settings):
        try:
            text = text_of(one, environment)
            if text is not None:
                read[one.name] = _parsed(variable(one), text.text, one.metadata["parse"])
            elif one.metadata["required"]:
                raise SettingError(f"Set {variable(one)}: {one.metadata['meaning']}")
        except SettingError as error:
            problems.append(str(error))
            broken.add(one.name)
    settings = Settings(**{"project_id": 0, **read})
    problems += [text for names, text in _at_odds(settings) if broken.isdisjoint(names)]
    return CheckedSettings(None if problems else settings, tuple(problems))


def reread_secrets(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """The same settings with what the files of secrets say now. Raises SettingError; then all stays as it was."""
    secrets = [one for one in fields(Settings) if is_secret(one) and environment.get(variable(one) + FILE, "").strip()]
    texts = [(one, text_of(one, environment)) for one in secrets]
    reread: dict[str, Any] = {
        one.name: _parsed(variable(one), text.text, one.metadata["parse"]) for one, text in texts if text
    }
    again = replace(settings, **reread)
    for _, text in _at_odds(again):
        raise SettingError(text)
    return again


def replaced_settings(environment: Mapping[str, str]) -> list[str]:
    """Names of settings that Kubernetes has set to the address of a Service, and that therefore count as not set."""
    names = (variable(one) for one in fields(Settings))
    return [name for name in names if values.is_service_link(name, environment.get(name, ""))]


def _parsed(name: str, text: str, parse: Any) -> object:
    try:
        return parse(text)
    except SettingError as error:
        raise SettingError(f"{name} must be {error}.") from None


def _at_odds(settings: Settings) -> Iterator[tuple[set[str], str]]:
    """Which settings do not go together, and why."""
    if settings.token_secret and settings.token_keys_url:
        yield set(), "GATEWAY_TOKEN_SECRET and GATEWAY_TOKEN_KEYS_URL cannot both be set: set one."
    checks = (settings.token_issuer, settings.token_audience, settings.token_login_project)
    if any(checks) and not (settings.token_secret or settings.token_keys_url):
        yield (
            {"token_secret", "token_keys_url"},
            "GATEWAY_TOKEN_ISSUER, _AUDIENCE and _LOGIN_PROJECT need GATEWAY_TOKEN_SECRET or GATEWAY_TOKEN_KEYS_URL.",
        )
    if settings.client_ip_header and not settings.trusted_proxies:
        yield (
            {"trusted_proxies"},
            "GATEWAY_CLIENT_IP_HEADER needs GATEWAY_TRUSTED_PROXIES: only they may name the address.",
        )
    if (settings.webhook_addresses or settings.webhook_relay_url) and not settings.webhook_secret:
        yield {"webhook_secret"}, "Webhooks need GATEWAY_WEBHOOK_SECRET: without it nobody can check who sent them."
    if settings.documents == "require" and settings.documents_dir is None:
        yield {"documents_dir"}, "GATEWAY_DOCUMENTS=require needs GATEWAY_DOCUMENTS_DIR: without it nothing may run."
    try:
        _ = settings.store
    except SettingError as error:
        yield {one.name for one in fields(Settings) if one.name.startswith("store_")}, str(error)
    if settings.workers > 1 and settings.store_url is None:
        yield (
            {"store_url"},
            (
                "GATEWAY_WORKERS above 1 needs GATEWAY_STORE_URL, or one tap could become two orders: name a Valkey or "
                "Redis server that all workers share, such as redis://localhost (docs/fleet.md)."
            ),
        )
