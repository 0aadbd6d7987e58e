"""The settings of the store, `GATEWAY_STORE_…`, each with a parser that says what it takes and never what it got."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from gateway.errors import SettingError
from gateway.setting_fields import takes

DEFAULT_PORT = 6379
SENTINEL_PORT = 26379

URL_FORMS = (
    "one of redis://host:6379/0, rediss://host, unix:///path, redis+sentinel://h1:26379,h2/name, redis+cluster://h1,h2,"
    " with rediss in place of redis for TLS"
)


class Layout(Enum):
    """How the servers are set up."""

    SINGLE = "single"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


class Address(NamedTuple):
    """Where a server listens; with an empty host, `path` is a Unix socket."""

    host: str
    port: int = DEFAULT_PORT
    path: str = ""

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class StoreUrl:
    """Where the store is; user and password do not show in its text."""

    layout: Layout
    addresses: tuple[Address, ...]
    is_tls: bool = False
    database: int = 0
    service: str = ""
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Everything that operators can set about the store.

    `replicas` is how many replicas must have a record before its write is sent; None: one where there are any. `down`
    says what becomes of writes while the store cannot be reached. `seconds` bounds one command, `stale_seconds` how old
    an answer may get while events do not come.
    """

    url: StoreUrl
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    secret: str | None = field(default=None, repr=False)
    replicas: int | None = None
    down: Literal["refuse", "local"] = "refuse"
    seconds: float = 0.25
    stale_seconds: float = 2.0
    is_strict: bool = True


_LAYOUTS = {"": Layout.SINGLE, "sentinel": Layout.SENTINEL, "cluster": Layout.CLUSTER}


def parse_url(text: str) -> StoreUrl:
    """Where the store is. Raises SettingError."""
    try:
        parts = urlsplit(text)
        if parts.query or parts.fragment:
            raise SettingError(URL_FORMS)
        return _unix(parts) if parts.scheme == "unix" else _network(parts)
    except ValueError:
        raise SettingError(URL_FORMS) from None


def _unix(parts: SplitResult) -> StoreUrl:
    user, password, hosts = _credentials(parts.netloc)
    if hosts or not parts.path.startswith("/"):
        raise SettingError(URL_FORMS)
    return StoreUrl(Layout.SINGLE, (Address("", 0, unquote(parts.path)),), user=user, password=password)


def _network(parts: SplitResult) -> StoreUrl:
    scheme, _, word = parts.scheme.partition("+")
    user, password, hosts = _credentials(parts.netloc)
    if scheme not in {"redis", "rediss"} or word not in _LAYOUTS or parts.scheme.endswith("+"):
        raise SettingError(URL_FORMS)
    layout, path = _LAYOUTS[word], parts.path.removeprefix("/")
    port = SENTINEL_PORT if layout is Layout.SENTINEL else DEFAULT_PORT
    addresses = tuple(_address(part, port) for part in hosts.split(","))
    is_wrong = {
        Layout.SINGLE: len(addresses) > 1 or (path and not (path.isascii() and path.isdigit())),
        Layout.SENTINEL: not path or "/" in path,
        Layout.CLUSTER: bool(path),
    }
    if is_wrong[layout]:
        raise SettingError(URL_FORMS)
    return StoreUrl(
        layout,
        addresses,
        is_tls=scheme == "rediss",
        database=int(path or 0) if layout is Layout.SINGLE else 0,
        service=unquote(path) if layout is Layout.SENTINEL else "",
        user=user,
        password=password,
    )


def _credentials(netloc: str) -> tuple[str | None, str | None, str]:
    """User, password and the rest of what stands between the slashes."""
    credentials, _, hosts = netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    return unquote(user) or None, unquote(password) or None, hosts


def _address(text: str, default_port: int) -> Address:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or "@" in text:
        raise SettingError(URL_FORMS)
    return Address(parts.hostname, default_port if parts.port is None else parts.port)


@takes(anyOf=[{"enum": ["auto"]}, {"type": ["integer", "string"], "minimum": 0, "maximum": 16, "pattern": "^[0-9]+$"}])
def parse_replicas(text: str) -> int | None:
    """How many replicas must have a record; None for `auto`. Raises SettingError."""
    if text == "auto":
        return None
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= 16):
        raise SettingError("auto or a whole number from 0 to 16")
    return int(text)


@takes(type=["number", "string"], exclusiveMinimum=0, maximum=9_999, pattern=r"^[0-9]{1,4}(\.[0-9]{1,3})?$")
def parse_seconds(text: str) -> float:
    """A number of seconds, more than 0. Raises SettingError."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or not float(text):
        raise SettingError("a number of seconds above 0, such as 2 or 0.25")
    return float(text)


def joined(values: Mapping[str, Any], *, is_changed: bool) -> StoreSettings | None:
    """Settings by their names behind `GATEWAY_STORE_`, held against each other; `is_changed` says that any was given.

    Raises SettingError where they are at odds.
    """
    if values["url"] is None:
        if is_changed:
            raise SettingError("The other settings of the store need GATEWAY_STORE_URL.")
        return None
    others = {name: value for name, value in values.items() if name != "checks"}
    settings = StoreSettings(**others, is_strict=values["checks"] == "strict")
    if settings.password and settings.url.password:
        raise SettingError("GATEWAY_STORE_PASSWORD and a password in GATEWAY_STORE_URL exclude each other: set one.")
    if (settings.ca_file or settings.cert_file or settings.key_file) and not settings.url.is_tls:
        raise SettingError("Files of certificates need TLS: write rediss in GATEWAY_STORE_URL.")
    if bool(settings.cert_file) != bool(settings.key_file):
        raise SettingError("GATEWAY_STORE_CERT_FILE and GATEWAY_STORE_KEY_FILE need each other: set both.")
    return settings
