"""Every `GATEWAY_` variable with its default and its meaning."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from gateway import setting_values as values
from gateway.domain.payment import OrderMode, PaymentMode
from gateway.http.proxy import Proxy
from gateway.identity.addresses import ForwardedHeader, Network
from gateway.identity.origins import AllowedOrigins
from gateway.setting_fields import setting
from gateway.store import settings as store_values
from gateway.store.settings import StoreSettings, StoreUrl


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that operators can set."""

    project_id: int = setting(
        values.whole_number(1, 2**53), "Number of the project in Publisher Account.", required=True
    )
    upstream_url: str = setting(values.url, "Base URL of the upstream.", "https://store.xsolla.com/api")
    host: str = setting(values.plain_text, "Address to listen on.", "127.0.0.1")
    port: int = setting(values.whole_number(0, 65535), "Port to listen on; 0 picks a free one.", 8000)
    workers: int = setting(
        values.whole_number(1, 256), "Processes that serve the port; more than 1 need `GATEWAY_STORE_URL` and Linux.", 1
    )
    admin_port: int | None = setting(
        values.whole_number(0, 65535),
        "Separate port for `/metrics`, `/livez`, `/readyz` and `/version`; unset: the public port.",
    )
    admin_host: str | None = setting(values.plain_text, "Address of the admin port; unset: that of `GATEWAY_HOST`.")
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
    token_secret: str | None = setting(
        values.shared_secret, "HS256 secret of the Login project, to verify tokens.", secret_lines=1
    )
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
    stream_secret: str | None = setting(
        values.secret,
        "Secret of [stream tokens](live.md), of 16 characters or more, the same for all processes; unset: the store's "
        "secret, or a new one at each start.",
        secret_lines=1,
    )
    graphiql: bool = setting(
        values.switch, "Serve GraphiQL, and suggest names in errors: `on` or `off`; the demo has it on.", False
    )
    introspection: bool = setting(
        values.switch, "Allow introspection of the schema: `on` or `off`; the demo has it on.", False
    )
    documents_dir: Path | None = setting(
        Path, "Folder with the manifests of trusted documents ([documents.md](documents.md)); unset: none."
    )
    documents: Literal["off", "prefer", "require"] = setting(
        values.one_of("off", "prefer", "require"),
        "Trusted documents: `off`, `prefer` them and take other texts too, or `require` them.",
        "prefer",
    )
    apq: bool = setting(
        values.switch, "Automatic persisted queries: `on` or `off`; always off where documents are required.", True
    )
    metrics: bool = setting(values.switch, "Serve `/metrics` for Prometheus: `on` or `off`.", True)
    trace_parents: tuple[Network, ...] = setting(
        values.networks, "Networks whose `traceparent` is trusted, such as a proxy's ([traces.md](traces.md)).", ()
    )
    trace_upstream: bool = setting(
        values.switch, "Send `traceparent` to the upstream with traced calls: `on` or `off`.", False
    )
    subscriptions: int = setting(
        values.whole_number(0, 1_000_000),
        "Maximum of open sockets and event streams, and of subscriptions, in each worker.",
        10_000,
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
        "Maximum of client connections of each worker; beyond it only health probes are answered.",
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
    upstream_connections: int = setting(
        values.whole_number(1, 10_000), "Maximum of upstream connections of each worker.", 100
    )
    upstream_wait_seconds: float | None = setting(
        values.or_off(values.pause_seconds),
        "Longest time, in seconds, that a `Retry-After` of the upstream holds back calls; or `off`.",
        60.0,
    )
    breaker_percent: int | None = setting(
        values.or_off(values.whole_number(1, 100)),
        "Percentage of failures at which an upstream call is only sent as a probe; or `off`.",
        50,
    )
    breaker_seconds: float = setting(values.pause_seconds, "Seconds until a stopped upstream call is probed.", 5.0)
    retry_percent: int | None = setting(
        values.or_off(values.whole_number(1, 100)),
        "Percentage of upstream reads that may be retried once after a failure; or `off`.",
        10,
    )
    reads_per_operation: int | None = setting(
        values.or_off(values.whole_number(1, 10_000)), "Maximum of upstream reads for one operation; or `off`.", 50
    )
    upstream_ca_file: str | None = setting(
        values.plain_text, "PEM file of the upstream's certificate authority; unset: the system's."
    )
    upstream_proxy: Proxy | None = setting(
        values.proxy,
        "Outbound proxy to the upstream and the token keys, such as `http://user:password@host:port`.",
        secret_lines=1,
    )
    cache_bytes: int = setting(
        values.whole_number(0, 2**40), "Maximum size of cached upstream data in each worker, in bytes.", 32 * 2**20
    )
    response_bytes: int = setting(
        values.whole_number(0, 2**40), "Maximum size of cached responses in each worker, in bytes; 0: none.", 48 * 2**20
    )
    cache_chains_seconds: float = setting(
        values.seconds, "Seconds that chains are cached; 0 reads them each time.", 15.0
    )
    cache_balance_seconds: float = setting(values.seconds, "Seconds that balances are cached.", 5.0)
    cache_catalog_seconds: float = setting(values.seconds, "Seconds that the store's catalog is cached.", 60.0)
    personal_catalog: bool = setting(
        values.switch,
        "Reads the catalog with each player's token; for stores that show some items to some players only.",
        False,
    )
    cache_order_seconds: float = setting(values.seconds, "Seconds that orders with a final status are cached.", 3600.0)
    cache_contributors_seconds: float = setting(values.seconds, "Seconds that top contributors are cached.", 0.0)
    stale_seconds: float | None = setting(
        values.or_off(values.pause_seconds),
        "Age in seconds up to which a copy is shown while the upstream cannot be read; or `off`.",
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
        secret_lines=2,
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
    store_url: StoreUrl | None = setting(
        store_values.parse_url,
        "Store that the processes of a fleet share ([fleet.md](fleet.md)); unset: one process.",
        secret_lines=1,
    )
    store_password: str | None = setting(values.plain_text, "Password of the store's user.", secret_lines=1)
    store_ca_file: str | None = setting(values.plain_text, "PEM file of the authority that signed its certificate.")
    store_cert_file: str | None = setting(values.plain_text, "PEM file of the gateway's own certificate for the store.")
    store_key_file: str | None = setting(values.plain_text, "PEM file of the key of that certificate.")
    store_secret: str | None = setting(
        values.secret,
        "Secret of the whole fleet, of 16 characters or more: names in the store are digests under it.",
        secret_lines=1,
    )
    store_replicas: int | None = setting(
        store_values.parse_replicas,
        "Replicas that must have a record before its write is sent; unset or `auto`: 1 where there are any.",
    )
    store_down: Literal["refuse", "local"] = setting(
        values.one_of("refuse", "local"),
        "Without the store: `refuse` writes, or let each process use its own memory (`local`).",
        "refuse",
    )
    store_seconds: float = setting(store_values.parse_seconds, "Seconds that one command to the store may take.", 0.25)
    store_stale_seconds: float = setting(
        store_values.parse_seconds, "Seconds that data is cached while events of the fleet do not arrive.", 2.0
    )
    store_checks: Literal["strict", "warn"] = setting(
        values.one_of("strict", "warn"),
        "Whether a problem of the store at start ends the process (`strict`) or is only logged (`warn`).",
        "strict",
    )
    log_level: str = setting(
        values.one_of("debug", "info", "warning", "error"), "Lowest level: `debug`, `info`, `warning`, `error`.", "info"
    )
    log_lines_per_second: float | None = setting(
        values.per_second, "Lines a second of one kind below warnings, such as requests, or `off`: all of them.", 50.0
    )
    log_format: Literal["json", "text"] = setting(values.one_of("json", "text"), "`json` lines, or `text`.", "json")

    @property
    def store(self) -> StoreSettings | None:
        """The store of the fleet; None without one. Raises SettingError where its settings are at odds."""
        ours = [one for one in fields(self) if one.name.startswith("store_")]
        given = {one.name.removeprefix("store_"): getattr(self, one.name) for one in ours}
        return store_values.joined(given, is_changed=any(getattr(self, one.name) != one.default for one in ours))
