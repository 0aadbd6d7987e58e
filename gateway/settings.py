"""The only reader of the environment: every `GATEWAY_` variable, checked, with its default and its meaning."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from gateway.domain.payment import OrderMode, PaymentMode
from gateway.errors import SettingError
from gateway.http.proxy import Proxy
from gateway.identity.addresses import ForwardedHeader, Network
from gateway.identity.origins import AllowedOrigins, OriginError

T = TypeVar("T")

PREFIX = "GATEWAY_"
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


def setting(parse: Callable[[str], T], meaning: str, default: object = None, *, required: bool = False) -> Any:
    """A field of `Settings` with the parser of its text and a line of documentation."""
    metadata = {"parse": parse, "meaning": meaning, "required": required}
    return field(default=default, metadata=metadata)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text[:19]) <= high):
            raise SettingError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
        raise SettingError("a number of seconds, such as 15 or 0.5")
    return float(text)


def _pause(text: str) -> float:
    seconds = _seconds(text)
    if seconds < 1:
        raise SettingError("a number of seconds, 1 or more")
    return seconds


def _leeway(text: str) -> float:
    seconds = _seconds(text)
    if seconds > 300:
        raise SettingError("a number of seconds, 300 at most")
    return seconds


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingError("an http or https URL without credentials, query or fragment")
    return text


def _proxy(text: str) -> Proxy:
    try:
        return Proxy.of(text)
    except ValueError:
        raise SettingError("the URL of a proxy such as http://user:password@proxy.example:3128, or https") from None


def _switch(text: str) -> bool:
    if text not in {"on", "off"}:
        raise SettingError("on or off")
    return text == "on"


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise SettingError(" or ".join(words))
        return text

    return parse


def _mode(text: str) -> PaymentMode:
    return PaymentMode(_one_of("live", "sandbox")(text))


def _order_mode(text: str) -> OrderMode:
    return OrderMode(_one_of("gateway", "direct")(text))


def _secret(text: str) -> str:
    if len(text) < 16:
        raise SettingError("a secret of at least 16 characters")
    return text


def _header(text: str) -> str:
    if not _HEADER_NAME.fullmatch(text):
        raise SettingError("a header name, such as X-Forwarded-For")
    return text.lower()


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError:
        raise SettingError("addresses or networks separated by commas, such as 10.0.0.0/8,192.0.2.7") from None


def _origins(text: str) -> AllowedOrigins:
    try:
        return AllowedOrigins.parse(text.split(","))
    except OriginError as error:
        raise SettingError(str(error)) from None


def _header_names(text: str) -> tuple[str, ...]:
    return ("*",) if text == "*" else tuple(_header(part.strip()) for part in text.split(","))


def _forwarded_header(text: str) -> ForwardedHeader:
    return ForwardedHeader(_one_of("x-forwarded-for", "forwarded")(text.lower()))


def _path(text: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+/?", text):
        raise SettingError("a path such as /liveops")
    return text.rstrip("/")


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _text(text: str) -> str:
    return text


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that operators can set."""

    project_id: int = setting(_whole(1, 2**53), "Number of the project in Publisher Account.", required=True)
    upstream_url: str = setting(_url, "Base URL of the upstream.", "https://store.xsolla.com/api")
    host: str = setting(_text, "Address to listen on.", "127.0.0.1")
    port: int = setting(_whole(0, 65535), "Port to listen on; 0 picks a free one.", 8000)
    payment_mode: PaymentMode = setting(
        _mode, "Payment page to send players to: `live` or `sandbox`.", PaymentMode.LIVE
    )
    payment_url: str | None = setting(_url, "Address of the payment page in place of the vendor's.")
    order_mode: OrderMode = setting(
        _order_mode, "Who sends orders: `gateway`, or `direct` from the player's device.", OrderMode.GATEWAY
    )
    token_secret: str | None = setting(_secret, "HS256 secret of the Login project: verify tokens here.")
    token_keys_url: str | None = setting(_url, "URL of the Login project's RS256 keys: verify tokens here.")
    token_issuer: str | None = setting(_text, "`iss` that verified tokens must have; unset: any.")
    token_audience: str | None = setting(_text, "`aud` that verified tokens must have; unset: any.")
    token_login_project: str | None = setting(
        _text, "Login project (`xsolla_login_project_id`) that verified tokens must have; unset: any."
    )
    token_leeway_seconds: float = setting(
        _leeway, "How far the issuer's clock may be from ours when tokens are verified here.", 30.0
    )
    client_ip_header: str | None = setting(_header, "Header that takes the player's address to the upstream.")
    trusted_proxies: tuple[Network, ...] = setting(_networks, "Proxies that may tell where a request comes from.", ())
    forwarded_header: ForwardedHeader = setting(
        _forwarded_header,
        "Header that the trusted proxies write: `x-forwarded-for` or `forwarded`.",
        ForwardedHeader.X_FORWARDED_FOR,
    )
    root_path: str = setting(_path, "Path below which a proxy serves the gateway, such as `/liveops`.", "")
    cors_origins: AllowedOrigins = setting(
        _origins, "Origins of web games that may call, such as `https://*.itch.zone`, or `*`.", AllowedOrigins()
    )
    cors_headers: tuple[str, ...] = setting(_header_names, "Request headers that web games may send.", ("*",))
    graphiql: bool = setting(
        _switch, "Serve GraphiQL, and suggest names in errors: `on` or `off`; the demo has it on.", False
    )
    introspection: bool = setting(
        _switch, "Tell the schema to everybody who asks: `on` or `off`; the demo has it on.", False
    )
    metrics: bool = setting(_switch, "Serve `/metrics` for Prometheus: `on` or `off`.", True)
    subscriptions: int = setting(
        _whole(0, 1_000_000), "Open sockets and event streams at most, and subscriptions at most.", 10_000
    )
    client_connections: int = setting(
        _whole(1, 1_000_000), "Client connections at most; beyond that only health probes are answered.", 10_000
    )
    request_head_bytes: int = setting(_whole(1_024, 2**20), "Bytes of a request's head at most.", 65_536)
    request_head_fields: int = setting(_whole(10, 10_000), "Header fields of a request at most.", 100)
    request_trailer_bytes: int = setting(_whole(1_024, 2**20), "Bytes of a request's trailers at most.", 8_192)
    pipelined_requests: int = setting(
        _whole(1, 1_000), "Requests at most that wait on a connection for the response before theirs.", 16
    )
    request_head_seconds: float = setting(_pause, "How long a client may take to send a request's head.", 10.0)
    request_body_seconds: float = setting(_pause, "How long a client may take to send a request's body.", 10.0)
    response_stall_seconds: float = setting(
        _pause, "How long a client may take nothing of what is written to it.", 30.0
    )
    keep_alive_seconds: int = setting(
        _whole(1, 86_400), "How long an idle connection is kept: longer than load balancers keep theirs.", 75
    )
    socket_message_frames: int = setting(
        _whole(1, 65_536), "Frames at most in which a client may send one message over a socket.", 100
    )
    socket_control_frames: int = setting(
        _whole(1, 65_536), "Pings and pongs at most that a client may send over a socket in a second.", 100
    )
    query_seconds: float = setting(_seconds, "Within how many seconds a query is answered.", 3.0)
    mutation_seconds: float = setting(_seconds, "Within how many seconds a mutation is answered.", 8.0)
    upstream_connect_seconds: float = setting(_seconds, "How long connecting to the upstream may take.", 0.5)
    upstream_read_seconds: float = setting(_seconds, "How long one upstream read may take.", 1.5)
    upstream_write_seconds: float = setting(_seconds, "How long one upstream write may take.", 5.0)
    upstream_connections: int = setting(_whole(1, 10_000), "Upstream connections at most.", 100)
    upstream_ca_file: str | None = setting(_text, "PEM file of the authority to trust in place of the system's.")
    upstream_proxy: Proxy | None = setting(
        _proxy, "Proxy on the way to the upstream and to `GATEWAY_TOKEN_KEYS_URL`: `http://user:password@host:port`."
    )
    cache_bytes: int = setting(_whole(0, 2**40), "Bytes that all players' answers may take.", 32 * 2**20)
    response_bytes: int = setting(_whole(0, 2**40), "Bytes that finished answers may take; 0 keeps none.", 16 * 2**20)
    cache_chains_seconds: float = setting(_seconds, "How long chains are kept; 0 asks each time.", 15.0)
    cache_balance_seconds: float = setting(_seconds, "How long balances are kept.", 5.0)
    cache_order_seconds: float = setting(_seconds, "How long orders in a final state are kept.", 3600.0)
    cache_contributors_seconds: float = setting(_seconds, "How long top contributors are kept.", 0.0)
    order_poll_seconds: float = setting(_pause, "Pause between two reads of an order that somebody waits for.", 3.0)
    order_poll_limit_seconds: float = setting(_pause, "How long an order is watched at most.", 600.0)
    webhook_secret: tuple[str, ...] = setting(
        _secrets,
        "Secret of the vendor's webhooks; two with a space between while it changes; unset: none are taken.",
        (),
    )
    webhook_addresses: tuple[Network, ...] = setting(_networks, "Where webhooks may come from; unset: anywhere.", ())
    webhook_relay_url: str | None = setting(_url, "Where webhooks go on to: the studio's own backend.")
    webhook_seconds: float = setting(_seconds, "Within how many seconds a webhook is answered.", 0.9)
    records_file: str | None = setting(_text, "SQLite file of what must survive a restart; unset: in memory.")
    log_level: str = setting(_one_of("debug", "info", "warning", "error"), "Least level to log.", "info")
    log_format: Literal["json", "text"] = setting(_one_of("json", "text"), "A JSON object a line, or text.", "json")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingError for the first that is missing, malformed, or at odds with another.

    An empty variable counts as not set. A variable with our prefix that means nothing is refused: it is a typing error.
    """
    known = {PREFIX + one.name.upper(): one for one in fields(Settings)}
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingError(f"{unknown[0]} is not a setting; see the table of settings in the README.")
    values: dict[str, Any] = {}
    for name, one in known.items():
        text = environment.get(name, "").strip()
        if text:
            values[one.name] = _parsed(name, text, one.metadata["parse"])
        elif one.metadata["required"]:
            raise SettingError(f"{name} is not set: {one.metadata['meaning']}")
    return _consistent(Settings(**values))


def _parsed(name: str, text: str, parse: Callable[[str], object]) -> object:
    try:
        return parse(text)
    except SettingError as error:
        raise SettingError(f"{name} must be {error}.") from None


def _consistent(settings: Settings) -> Settings:
    if settings.token_secret and settings.token_keys_url:
        raise SettingError("GATEWAY_TOKEN_SECRET and GATEWAY_TOKEN_KEYS_URL exclude each other: set one.")
    checks = (settings.token_issuer, settings.token_audience, settings.token_login_project)
    if any(checks) and not (settings.token_secret or settings.token_keys_url):
        raise SettingError(
            "GATEWAY_TOKEN_ISSUER, _AUDIENCE and _LOGIN_PROJECT need GATEWAY_TOKEN_SECRET or GATEWAY_TOKEN_KEYS_URL: "
            "without it no token is verified here."
        )
    if settings.client_ip_header and not settings.trusted_proxies:
        raise SettingError("GATEWAY_CLIENT_IP_HEADER needs GATEWAY_TRUSTED_PROXIES: nobody else may tell an address.")
    if (settings.webhook_addresses or settings.webhook_relay_url) and not settings.webhook_secret:
        raise SettingError("Webhooks need GATEWAY_WEBHOOK_SECRET: without it nobody can tell who sent them.")
    return settings
