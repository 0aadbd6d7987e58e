"""How the texts of settings become values. Each raises SettingError with what the setting takes, never the value."""

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any, TypeVar
from urllib.parse import urlsplit

from gateway.domain.payment import OrderMode, PaymentMode
from gateway.errors import SettingError
from gateway.http.proxy import Proxy
from gateway.identity.addresses import ForwardedHeader, Network
from gateway.identity.origins import AllowedOrigins
from gateway.setting_fields import Parser, takes

T = TypeVar("T")

_SECONDS = r"[0-9]{1,6}(\.[0-9]{1,3})?"
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_KEY_FILE = re.compile(r"-----BEGIN |ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp")
_SERVICE_LINK = re.compile(r"GATEWAY_([A-Z0-9_]+_)?(SERVICE_[A-Z0-9_]+|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)")
"""What Kubernetes sets for Services named `gateway` or `gateway-…`, beside `…_PORT=tcp://…` (its "service links")."""


def is_service_link(name: str, text: str) -> bool:
    """Whether Kubernetes has set a variable, which is no setting then."""
    is_address = name.endswith("_PORT") and text.startswith(("tcp://", "udp://", "sctp://"))
    return name.startswith("GATEWAY_") and (is_address or _SERVICE_LINK.fullmatch(name) is not None)


def whole_number(low: int, high: int) -> Parser[int]:
    @takes(type=["integer", "string"], minimum=low, maximum=high, pattern="^[0-9]+$")
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text[:19]) <= high):
            raise SettingError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


@takes(type=["number", "string"], minimum=0, maximum=999_999, pattern=f"^{_SECONDS}$")
def seconds(text: str) -> float:
    if not re.fullmatch(_SECONDS, text):
        raise SettingError("a number of seconds, such as 15 or 0.5")
    return float(text)


@takes(type=["number", "string"], minimum=1, maximum=999_999, pattern=f"^{_SECONDS}$")
def pause_seconds(text: str) -> float:
    pause = seconds(text)
    if pause < 1:
        raise SettingError("a number of seconds, 1 or more")
    return pause


@takes(type=["number", "string"], minimum=0, maximum=300, pattern=f"^{_SECONDS}$")
def leeway_seconds(text: str) -> float:
    leeway = seconds(text)
    if leeway > 300:
        raise SettingError("a number of seconds, 300 at most")
    return leeway


def or_off(parse: Parser[T]) -> Parser[T | None]:
    @takes(**_or_off(parse.schema))
    def parse_or_off(text: str) -> T | None:
        try:
            return None if text == "off" else parse(text)
        except SettingError as error:
            raise SettingError(f"{error}, or off") from None

    return parse_or_off


def _or_off(schema: Mapping[str, Any]) -> dict[str, Any]:
    # YAML reads `off` as false.
    return {"anyOf": [schema, {"enum": ["off", False]}]}


@takes(**_or_off({"type": ["number", "string"], "exclusiveMinimum": 0, "maximum": 999_999, "pattern": f"^{_SECONDS}$"}))
def per_second(text: str) -> float | None:
    if text == "off":
        return None
    if not re.fullmatch(_SECONDS, text) or float(text) <= 0:
        raise SettingError("off, or a number a second above 0, such as 20 or 0.5")
    return float(text)


@takes(type="string", pattern="^https?://[^?#@]+$")
def url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingError("an http or https URL without credentials, query or fragment")
    return text


def proxy(text: str) -> Proxy:
    try:
        return Proxy.of(text)
    except ValueError:
        raise SettingError("the URL of a proxy such as http://user:password@proxy.example:3128, or https") from None


@takes(enum=["on", "off", True, False])
def switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise SettingError("on or off")
    return text == "on"


def one_of(*words: str) -> Parser[str]:
    @takes(enum=[*words, *([False] if "off" in words else [])])
    def parse(text: str) -> str:
        if text not in words:
            raise SettingError(" or ".join(words))
        return text

    return parse


@takes(enum=["live", "sandbox"])
def payment_mode(text: str) -> PaymentMode:
    return PaymentMode(one_of("live", "sandbox")(text))


@takes(enum=["gateway", "direct"])
def order_mode(text: str) -> OrderMode:
    return OrderMode(one_of("gateway", "direct")(text))


@takes(type="string", minLength=16)
def secret(text: str) -> str:
    if len(text) < 16:
        raise SettingError("a secret of at least 16 characters")
    return text


@takes(type="string", minLength=16)
def shared_secret(text: str) -> str:
    if len(text) < 16 or _KEY_FILE.search(text):
        raise SettingError("a secret of at least 16 characters, and no key or certificate")
    return text


def header_name(text: str) -> str:
    if not _HEADER_NAME.fullmatch(text):
        raise SettingError("a header name, such as X-Forwarded-For")
    return text.lower()


def networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise SettingError("addresses or networks separated by commas, such as 10.0.0.0/8,192.0.2.7") from None


def origins(text: str) -> AllowedOrigins:
    return AllowedOrigins.parse(text.split(","))


def header_names(text: str) -> tuple[str, ...]:
    return ("*",) if text == "*" else tuple(header_name(part.strip()) for part in text.split(","))


@takes(enum=["x-forwarded-for", "forwarded"])
def forwarded_header(text: str) -> ForwardedHeader:
    return ForwardedHeader(one_of("x-forwarded-for", "forwarded")(text.lower()))


@takes(type="string", pattern="^/")
def url_path(text: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+/?", text):
        raise SettingError("a path such as /liveops")
    return text.rstrip("/")


def secrets(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def plain_text(text: str) -> str:
    return text
