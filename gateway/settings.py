"""The only module that reads the environment: every `GATEWAY_` variable, checked, with its default and its meaning."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Literal, TypeVar

from gateway import setting_values as values
from gateway.domain.payment import OrderMode, PaymentMode
from gateway.errors import SettingError
from gateway.http.proxy import Proxy
from gateway.identity.addresses import ForwardedHeader, Network
from gateway.identity.origins import AllowedOrigins

T = TypeVar("T")

PREFIX = "GATEWAY_"
_SERVICE_LINK = re.compile(r"GATEWAY_([A-Z0-9_]+_)?(SERVICE_[A-Z0-9_]+|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)")
"""What Kubernetes sets for Services named `gateway` or `gateway-…`, beside `…_PORT=tcp://…` (its "service links")."""


def setting(parse: Callable[[str], T], meaning: str, default: object = None, *, required: bool = False) -> Any:
    """A field of `Settings`, with the parser of its text and its meaning for the documentation."""
    metadata = {"parse": parse, "meaning": meaning, "required": required}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that operators can set."""

    project_id: int = setting(
        values.whole_number(1, 2**53), "Number of the project in Publisher Account.", required=True
    )
    upstream_url: str = setting(values.url, "Base URL of the upstream.", "https://store.xsolla.com/api")
    host: str = setting(values.plain_text, "Address to listen on.", "127.0.0.1")
    port: int = setting(values.whole_number(0, 65535), "Port to listen on; 0 picks a free one.", 8000)
    admin_port: int | None = setting(
        values.whole_number(0, 65535),
        "Port of its own for `/metrics`, `/livez`, `/readyz` and `/version`; unset: they share the port.",
    )
    admin_host: str | None = setting(values.plain_text, "Address of the admin port; unset: the same.")
    drain_seconds: float = setting(
        values.seconds, "How long requests are still taken after SIGTERM, with `/readyz` at 503.", 0.0
    )
    payment_mode: PaymentMode = setting(
        values.payment_mode, "Payment page to send players to: `live` or `sandbox`.", PaymentMode.LIVE
    )
    payment_url: str | None = setting(values.url, "Address of the payment page, instead of the vendor's.")
    order_mode: OrderMode = setting(
        values.order_mode, "Who sends orders: `gateway`, or `direct` for the player's device.", OrderMode.GATEWAY
    )
    token_secret: str | None = setting(values.secret, "HS256 secret of the Login project, to verify tokens.")
    token_keys_url: str | None = setting(values.url, "URL of the Login project's RS256 keys, to verify tokens.")
    token_issuer: str | None = setting(values.plain_text, "`iss` that verified tokens must have; unset: any.")
    token_audience: str | None = setting(values.plain_text, "`aud` that verified tokens must have; unset: any.")
    token_login_project: str | None = setting(
        values.plain_text, "Login project (`xsolla_login_project_id`) that verified tokens must have; unset: any."
    )
    token_leeway_seconds: float = setting(
        values.leeway_seconds, "Seconds by which the issuer's clock may differ when the gateway verifies tokens.", 30.0
    )
    client_ip_header: str | None = setting(values.header_name, "Header for the player's address on upstream calls.")
    trusted_proxies: tuple[Network, ...] = setting(values.networks, "Proxies whose forwarded address is trusted.", ())
    forwarded_header: ForwardedHeader = setting(
        values.forwarded_header,
        "Header that the trusted proxies set: `x-forwarded-for` or `forwarded`.",
        ForwardedHeader.X_FORWARDED_FOR,
    )
    root_path: str = setting(values.url_path, "Path under which a proxy serves the gateway, such as `/liveops`.", "")
    cors_origins: AllowedOrigins = setting(
        values.origins,
        "Origins of web games that may call, such as `https://*.itch.zone`, or `*`.",
        AllowedOrigins(),
    )
    cors_headers: tuple[str, ...] = setting(values.header_names, "Request headers that web games may send.", ("*",))
    graphiql: bool = setting(
        values.switch, "Serve GraphiQL, and suggest names in errors: `on` or `off`; the demo has it on.", False
    )
    introspection: bool = setting(
        values.switch, "Allow introspection of the schema: `on` or `off`; the demo has it on.", False
    )
    metrics: bool = setting(values.switch, "Serve `/metrics` for Prometheus: `on` or `off`.", True)
    subscriptions: int = setting(
        values.whole_number(0, 1_000_000), "Maximum of open sockets and event streams, and of subscriptions.", 10_000
    )
    player_streams: int | None = setting(
        values.or_off(values.whole_number(1, 1_000_000)),
        "Maximum of sockets and event streams of one player, and of their subscriptions; or `off`.",
        20,
    )
    player_orders: int | None = setting(
        values.or_off(values.whole_number(1, 1_000_000)),
        "Maximum of waits for orders of one player, and of their orders under way; or `off`.",
        20,
    )
    player_calls_per_second: float | None = setting(
        values.per_second, "Upstream calls a second for one player, ten times as many at once; or `off`.", 20.0
    )
    player_mutations_per_second: float | None = setting(
        values.per_second, "Mutations a second of one player, ten times as many at once; or `off`.", 5.0
    )
    address_calls_per_second: float | None = setting(
        values.per_second, "Upstream calls a second for one address, ten times as many at once; or `off`.", 500.0
    )
    address_mutations_per_second: float | None = setting(
        values.per_second, "Mutations a second from one address, ten times as many at once; or `off`.", 100.0
    )
    new_token_calls_per_second: float | None = setting(
        values.per_second,
        "Upstream calls a second for those tokens of one address that the upstream has not accepted yet; or `off`.",
        20.0,
    )
    client_connections: int = setting(
        values.whole_number(1, 1_000_000),
        "Maximum of client connections; beyond it only health probes are answered.",
        10_000,
    )
    request_head_bytes: int = setting(
        values.whole_number(1_024, 2**20), "Maximum size of a request's head, in bytes.", 65_536
    )
    request_head_fields: int = setting(
        values.whole_number(10, 10_000), "Maximum number of header fields in a request.", 100
    )
    request_trailer_bytes: int = setting(
        values.whole_number(1_024, 2**20), "Maximum size of a request's trailers, in bytes.", 8_192
    )
    pipelined_requests: int = setting(
        values.whole_number(1, 1_000), "Maximum of pipelined requests that wait on one connection.", 16
    )
    request_head_seconds: float = setting(
        values.pause_seconds, "Seconds that a client may take to send a request's head.", 10.0
    )
    request_body_seconds: float = setting(
        values.pause_seconds, "Seconds that a client may take to send a request's body.", 10.0
    )
    response_stall_seconds: float = setting(
        values.pause_seconds, "Seconds for which a client may read nothing of a response.", 30.0
    )
    keep_alive_seconds: int = setting(
        values.whole_number(1, 86_400),
        "Seconds that an idle connection stays open. Set it higher than the load balancer's.",
        75,
    )
    socket_message_frames: int = setting(
        values.whole_number(1, 65_536), "Maximum number of frames in one message of a client over a socket.", 100
    )
    socket_control_frames: int = setting(
        values.whole_number(1, 65_536), "Maximum number of pings and pongs of a client over a socket in a second.", 100
    )
    query_seconds: float = setting(values.seconds, "Seconds within which a query is answered.", 3.0)
    mutation_seconds: float = setting(values.seconds, "Seconds within which a mutation is answered.", 8.0)
    upstream_connect_seconds: float = setting(values.seconds, "Seconds that connecting to the upstream may take.", 0.5)
    upstream_read_seconds: float = setting(values.seconds, "Seconds that one upstream read may take.", 1.5)
    upstream_write_seconds: float = setting(values.seconds, "Seconds that one upstream write may take.", 5.0)
    upstream_connections: int = setting(values.whole_number(1, 10_000), "Maximum of upstream connections.", 100)
    upstream_wait_seconds: float | None = setting(
        values.or_off(values.pause_seconds),
        "Longest time, in seconds, that a `Retry-After` of the upstream holds back calls; or `off`.",
        60.0,
    )
    breaker_percent: int | None = setting(
        values.or_off(values.whole_number(1, 100)),
        "Share of failures at which an upstream call is not sent any more but for probes, in percent; or `off`.",
        50,
    )
    breaker_seconds: float = setting(
        values.pause_seconds, "Seconds until an upstream call that is not sent any more is probed.", 5.0
    )
    retry_percent: int | None = setting(
        values.or_off(values.whole_number(1, 100)),
        "Share of upstream reads that may be sent again once after a failure, in percent; or `off`.",
        10,
    )
    reads_per_operation: int | None = setting(
        values.or_off(values.whole_number(1, 10_000)), "Maximum of upstream reads for one operation; or `off`.", 50
    )
    upstream_ca_file: str | None = setting(
        values.plain_text, "PEM file of the upstream's certificate authority; unset: the system's."
    )
    upstream_proxy: Proxy | None = setting(
        values.proxy, "Outbound proxy to the upstream and the token keys, such as `http://user:password@host:port`."
    )
    cache_bytes: int = setting(
        values.whole_number(0, 2**40), "Maximum size of cached upstream data, in bytes.", 32 * 2**20
    )
    response_bytes: int = setting(
        values.whole_number(0, 2**40), "Maximum size of cached responses, in bytes; 0: none.", 16 * 2**20
    )
    cache_chains_seconds: float = setting(
        values.seconds, "Seconds that chains are cached; 0 reads them each time.", 15.0
    )
    cache_balance_seconds: float = setting(values.seconds, "Seconds that balances are cached.", 5.0)
    cache_order_seconds: float = setting(values.seconds, "Seconds that orders with a final status are cached.", 3600.0)
    cache_contributors_seconds: float = setting(values.seconds, "Seconds that top contributors are cached.", 0.0)
    stale_seconds: float | None = setting(
        values.or_off(values.pause_seconds),
        "Age in seconds up to which a copy is shown where the upstream cannot be read; or `off`.",
        600.0,
    )
    order_poll_seconds: float = setting(
        values.pause_seconds, "Seconds between two reads of an order that somebody waits for.", 3.0
    )
    order_poll_limit_seconds: float = setting(
        values.pause_seconds, "Seconds after which a wait for an order ends.", 600.0
    )
    webhook_secret: tuple[str, ...] = setting(
        values.secrets,
        "Secret of the vendor's webhooks; two with a space between while it changes; unset: webhooks are off.",
        (),
    )
    webhook_addresses: tuple[Network, ...] = setting(
        values.networks, "Addresses that may send webhooks; unset: any.", ()
    )
    webhook_relay_url: str | None = setting(
        values.url, "URL of the studio's own backend, to which webhooks are relayed."
    )
    webhook_seconds: float = setting(values.seconds, "Seconds within which a webhook is answered.", 0.9)
    records_file: str | None = setting(
        values.plain_text, "SQLite file for what must survive a restart; unset: in memory only."
    )
    log_level: str = setting(
        values.one_of("debug", "info", "warning", "error"), "Lowest level: `debug`, `info`, `warning`, `error`.", "info"
    )
    log_format: Literal["json", "text"] = setting(values.one_of("json", "text"), "`json` lines, or `text`.", "json")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read all settings. Raises SettingError for the first that is missing, malformed, or at odds with another.

    An empty variable counts as not set, and so does what Kubernetes adds. Any other unknown variable with our prefix is
    refused, since it is a typing error.
    """
    known = {PREFIX + one.name.upper(): one for one in fields(Settings)}
    given = {name: text for name, text in environment.items() if not _is_service_link(name, text)}
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    if unknown:
        words = [name.removeprefix(PREFIX) for name in known]
        close = get_close_matches(unknown[0].removeprefix(PREFIX), words, n=1)
        advice = f"did you mean {PREFIX}{close[0]}?" if close else "see docs/settings.md."
        raise SettingError(f"{unknown[0]} is not a setting; {advice}")
    values: dict[str, Any] = {}
    for name, one in known.items():
        text = given.get(name, "").strip()
        if text:
            values[one.name] = _parsed(name, text, one.metadata["parse"])
        elif one.metadata["required"]:
            raise SettingError(f"{name} is not set: {one.metadata['meaning']}")
    return _consistent(Settings(**values))


def replaced_settings(environment: Mapping[str, str]) -> list[str]:
    """Names of settings that Kubernetes has set to the address of a Service, and that therefore count as not set."""
    names = (PREFIX + one.name.upper() for one in fields(Settings))
    return [name for name in names if _is_service_link(name, environment.get(name, ""))]


def _is_service_link(name: str, text: str) -> bool:
    is_address = name.endswith("_PORT") and text.startswith(("tcp://", "udp://", "sctp://"))
    return name.startswith(PREFIX) and (is_address or _SERVICE_LINK.fullmatch(name) is not None)


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
    return settings
