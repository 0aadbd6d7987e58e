"""The only module that reads the environment: every `GATEWAY_` variable, checked."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from gateway import setting_values as values
from gateway.errors import SettingError
from gateway.setting_list import PREFIX, Settings

__all__ = ["PREFIX", "Settings", "read_settings", "replaced_settings"]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingError for the first that is missing, malformed, or at odds with another.

    An empty variable counts as not set, and so does what Kubernetes adds. Any other unknown variable with our prefix is
    refused, since it is a typing error.
    """
    known = {PREFIX + one.name.upper(): one for one in fields(Settings)}
    given = {name: text for name, text in environment.items() if not values.is_service_link(name, text)}
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    if unknown:
        words = [name.removeprefix(PREFIX) for name in known]
        close = get_close_matches(unknown[0].removeprefix(PREFIX), words, n=1)
        advice = f"did you mean {PREFIX}{close[0]}?" if close else "see docs/settings.md."
        raise SettingError(f"{unknown[0]} is not a setting; {advice}")
    read: dict[str, Any] = {}
    for name, one in known.items():
        text = given.get(name, "").strip()
        if text:
            read[one.name] = _parsed(name, text, one.metadata["parse"])
        elif one.metadata["required"]:
            raise SettingError(f"{name} is not set: {one.metadata['meaning']}")
    return _consistent(Settings(**read))


def replaced_settings(environment: Mapping[str, str]) -> list[str]:
    """Names of settings that Kubernetes has set to the address of a Service, and that therefore count as not set."""
    names = (PREFIX + one.name.upper() for one in fields(Settings))
    return [name for name in names if values.is_service_link(name, environment.get(name, ""))]


def _parsed(name: str, text: str, parse: Callable[[str], object]) -> object:
    try:
        return parse(text)
    except SettingError as error:
        raise SettingError(f"{name} must be {error}.") from None


def _consistent(settings: Settings) -> Settings:
    if settings.token_secret and settings.token_keys_url:
        raise SettingError("GATEWAY_TOKEN_SECRET and GATEWAY_TOKEN_KEYS_URL cannot both be set: set one.")
    checks = (settings.token_issuer, settings.token_audience, settings.token_login_project)
    if any(checks) and not (settings.token_secret or settings.token_keys_url):
        raise SettingError(
            "GATEWAY_TOKEN_ISSUER, _AUDIENCE and _LOGIN_PROJECT need GATEWAY_TOKEN_SECRET or GATEWAY_TOKEN_KEYS_URL: "
            "without it the gateway verifies no token."
        )
    if settings.client_ip_header and not settings.trusted_proxies:
        raise SettingError("GATEWAY_CLIENT_IP_HEADER needs GATEWAY_TRUSTED_PROXIES: only they may name the address.")
    if (settings.webhook_addresses or settings.webhook_relay_url) and not settings.webhook_secret:
        raise SettingError("Webhooks need GATEWAY_WEBHOOK_SECRET: without it nobody can check who sent them.")
    if settings.documents == "require" and settings.documents_dir is None:
        raise SettingError("GATEWAY_DOCUMENTS=require needs GATEWAY_DOCUMENTS_DIR: without it nothing may run.")
    _ = settings.store
    if settings.workers > 1 and settings.store_url is None:
        raise SettingError(
            "GATEWAY_WORKERS above 1 needs GATEWAY_STORE_URL, or one tap could become two orders: name a Valkey or "
            "Redis server that all workers share, such as redis://localhost (docs/fleet.md)."
        )
    return settings
