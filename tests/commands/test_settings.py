"""Settings out of the environment."""

import re
from ipaddress import ip_network

import pytest

from gateway.domain.payment import PaymentMode
from gateway.errors import SettingError
from gateway.identity.addresses import ForwardedHeader
from gateway.identity.origins import AllowedOrigins
from gateway.settings import Settings, read_settings, replaced_settings

PROJECT = {"GATEWAY_PROJECT_ID": "44056"}


def test_only_the_project_is_required() -> None:
    settings = read_settings(PROJECT)
    assert settings == Settings(project_id=44056)
    assert settings.upstream_url == "https://store.xsolla.com/api"
    assert settings.payment_mode is PaymentMode.LIVE


def test_every_setting_is_read() -> None:
    settings = read_settings(
        {
            "PATH": "/bin",
            **PROJECT,
            "GATEWAY_PORT": "0",
            "GATEWAY_PAYMENT_MODE": "sandbox",
            "GATEWAY_CLIENT_IP_HEADER": "X-Forwarded-For",
            "GATEWAY_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "GATEWAY_CORS_ORIGINS": "https://game.example,http://localhost:3000",
            "GATEWAY_GRAPHIQL": "on",
            "GATEWAY_INTROSPECTION": "on",
            "GATEWAY_CACHE_CHAINS_SECONDS": "0.5",
            "GATEWAY_TOKEN_SECRET": "0123456789abcdef",
            "GATEWAY_TOKEN_ISSUER": "https://login.example.com",
            "GATEWAY_TOKEN_LEEWAY_SECONDS": "0",
            "GATEWAY_UPSTREAM_CA_FILE": "/ca.pem",
            "GATEWAY_LOG_LEVEL": "debug",
        }
    )
    assert settings == Settings(
        project_id=44056,
        port=0,
        payment_mode=PaymentMode.SANDBOX,
        client_ip_header="x-forwarded-for",
        trusted_proxies=(ip_network("10.0.0.0/8"), ip_network("::1")),
        cors_origins=AllowedOrigins.parse(["https://game.example", "http://localhost:3000"]),
        graphiql=True,
        introspection=True,
        cache_chains_seconds=0.5,
        token_secret="0123456789abcdef",
        token_issuer="https://login.example.com",
        token_leeway_seconds=0,
        upstream_ca_file="/ca.pem",
        log_level="debug",
    )


def test_two_webhook_secrets_may_be_set_while_one_is_changed() -> None:
    settings = read_settings({**PROJECT, "GATEWAY_WEBHOOK_SECRET": " new-secret\n old-secret "})
    assert settings.webhook_secret == ("new-secret", "old-secret")


@pytest.mark.parametrize(("text", "path"), [("/liveops", "/liveops"), ("/a/b/", "/a/b")])
def test_a_root_path_is_read_without_a_slash_at_its_end(text: str, path: str) -> None:
    assert read_settings({**PROJECT, "GATEWAY_ROOT_PATH": text}).root_path == path


@pytest.mark.parametrize(("text", "names"), [("*", ("*",)), ("Authorization, baggage", ("authorization", "baggage"))])
def test_the_headers_of_web_games_are_named_or_any(text: str, names: tuple[str, ...]) -> None:
    assert read_settings({**PROJECT, "GATEWAY_CORS_HEADERS": text}).cors_headers == names


def test_the_header_of_the_proxies_is_one_of_two() -> None:
    settings = read_settings({**PROJECT, "GATEWAY_FORWARDED_HEADER": "Forwarded"})
    assert settings.forwarded_header is ForwardedHeader.FORWARDED


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({**PROJECT, "GATEWAY_PORT": " "}) == read_settings(PROJECT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_PROJECT_ID", "abc"),
        ("GATEWAY_PROJECT_ID", "-7"),
        ("GATEWAY_PROJECT_ID", "²"),
        ("GATEWAY_PORT", "65536"),
        ("GATEWAY_UPSTREAM_URL", "store.example"),
        ("GATEWAY_UPSTREAM_URL", "ftp://store.example"),
        ("GATEWAY_UPSTREAM_URL", "https://user:secret@store.example"),
        ("GATEWAY_UPSTREAM_URL", "https://store.example/api?key=1"),
        ("GATEWAY_UPSTREAM_PROXY", "squid.example:3128"),
        ("GATEWAY_UPSTREAM_PROXY", "socks5://proxy.example"),
        ("GATEWAY_UPSTREAM_PROXY", "http://user:secret@proxy.example/path"),
        ("GATEWAY_UPSTREAM_PROXY", "http://user:secret@proxy.example:port"),
        ("GATEWAY_UPSTREAM_PROXY", "http://user:secret@proxy.example?x=1"),
        ("GATEWAY_ORDER_POLL_SECONDS", "0.5"),
        ("GATEWAY_PAYMENT_MODE", "real"),
        ("GATEWAY_TOKEN_SECRET", "short"),
        ("GATEWAY_TOKEN_LEEWAY_SECONDS", "301"),
        ("GATEWAY_INTROSPECTION", "true"),
        ("GATEWAY_CLIENT_IP_HEADER", "X Forwarded"),
        ("GATEWAY_TRUSTED_PROXIES", "proxy.example"),
        ("GATEWAY_CORS_ORIGINS", "shop.example"),
        ("GATEWAY_CORS_ORIGINS", "https://shop.example/path"),
        ("GATEWAY_GRAPHIQL", "yes"),
        ("GATEWAY_ROOT_PATH", "shop"),
        ("GATEWAY_ROOT_PATH", "https://shop.example"),
        ("GATEWAY_FORWARDED_HEADER", "x-real-ip"),
        ("GATEWAY_CORS_HEADERS", "Authorization, x y"),
        ("GATEWAY_QUERY_SECONDS", "-1"),
        ("GATEWAY_QUERY_SECONDS", "soon"),
        ("GATEWAY_ORDER_POLL_SECONDS", "0.9"),
        ("GATEWAY_ORDER_POLL_LIMIT_SECONDS", "ever"),
        ("GATEWAY_LOG_FORMAT", "xml"),
        ("GATEWAY_PLAYER_CALLS_PER_SECOND", "often"),
        ("GATEWAY_PLAYER_MUTATIONS_PER_SECOND", "0.000"),
        ("GATEWAY_PLAYER_STREAMS", "many"),
        ("GATEWAY_WEBHOOK_ADDRESSES", "vendor.example"),
        ("GATEWAY_WEBHOOK_RELAY_URL", "https://user:secret@studio.example"),
    ],
)
def test_a_malformed_setting_is_named_and_its_value_is_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} must be ") as caught:
        read_settings({**PROJECT, name: value})
    assert value not in str(caught.value)


def test_a_missing_project_is_named() -> None:
    with pytest.raises(SettingError, match=r"^Set GATEWAY_PROJECT_ID: Number of the project"):
        read_settings({})


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("GATEWAY_CASH_BYTES", "did you mean GATEWAY_CACHE_BYTES?"),
        ("GATEWAY_PROJECTID", "did you mean GATEWAY_PROJECT_ID?"),
        ("GATEWAY_LOGLEVEL", "did you mean GATEWAY_LOG_LEVEL?"),
        ("GATEWAY_POST", "did you mean GATEWAY_PORT?"),
        ("GATEWAY_XYZZY", "see docs/settings.md."),
    ],
)
def test_a_misspelt_setting_is_named_with_the_one_that_may_be_meant(name: str, advice: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} is not a setting; {re.escape(advice)}$"):
        read_settings({**PROJECT, name: "1"})


@pytest.mark.parametrize(
    "name",
    [
        "GATEWAY_SERVICE_HOST",
        "GATEWAY_SERVICE_PORT",
        "GATEWAY_SERVICE_PORT_HTTP",
        "GATEWAY_PORT_8000_TCP",
        "GATEWAY_PORT_8000_TCP_ADDR",
        "GATEWAY_PORT_8000_TCP_PORT",
        "GATEWAY_PORT_8000_TCP_PROTO",
        "GATEWAY_PORT_53_UDP",
        "GATEWAY_PORT_9_SCTP_ADDR",
        "GATEWAY_REDIS_SERVICE_HOST",
        "GATEWAY_REDIS_PORT_6379_TCP_ADDR",
    ],
)
def test_what_kubernetes_says_of_services_is_no_setting(name: str) -> None:
    environment = {**PROJECT, name: "10.0.0.7"}
    assert read_settings(environment) == read_settings(PROJECT)
    assert replaced_settings(environment) == []


@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8000", "udp://10.0.0.7:53", "sctp://[fd00::7]:9"])
def test_a_port_that_is_a_services_address_counts_as_not_set_and_is_reported(address: str) -> None:
    environment = {**PROJECT, "GATEWAY_PORT": address, "GATEWAY_REDIS_PORT": address}
    assert read_settings(environment) == read_settings(PROJECT)
    assert replaced_settings(environment) == ["GATEWAY_PORT"]


def test_the_address_of_a_service_is_no_value_of_other_settings() -> None:
    with pytest.raises(SettingError, match=r"^GATEWAY_UPSTREAM_URL must be an http or https URL"):
        read_settings({**PROJECT, "GATEWAY_UPSTREAM_URL": "tcp://10.0.0.7:8000"})


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"GATEWAY_TOKEN_SECRET": "0" * 16, "GATEWAY_TOKEN_KEYS_URL": "https://k.example"}, "cannot both be set"),
        ({"GATEWAY_TOKEN_ISSUER": "https://i.example"}, "need GATEWAY_TOKEN_SECRET or GATEWAY_TOKEN_KEYS_URL"),
        ({"GATEWAY_TOKEN_LOGIN_PROJECT": "p-1"}, "need GATEWAY_TOKEN_SECRET or GATEWAY_TOKEN_KEYS_URL"),
        ({"GATEWAY_CLIENT_IP_HEADER": "X-User-Ip"}, "needs GATEWAY_TRUSTED_PROXIES"),
        ({"GATEWAY_WEBHOOK_RELAY_URL": "https://studio.example/hooks"}, "need GATEWAY_WEBHOOK_SECRET"),
        ({"GATEWAY_WEBHOOK_ADDRESSES": "185.30.20.0/24"}, "need GATEWAY_WEBHOOK_SECRET"),
        ({"GATEWAY_DOCUMENTS": "require"}, "needs GATEWAY_DOCUMENTS_DIR"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(more: dict[str, str], text: str) -> None:
    with pytest.raises(SettingError, match=text):
        read_settings({**PROJECT, **more})
