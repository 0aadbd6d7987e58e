"""Which pages may call: allowed origins, and pages of the gateway's own host."""

from ipaddress import ip_network

import pytest

from gateway.errors import SettingError
from gateway.identity.addresses import TrustedProxies
from gateway.identity.origins import AllowedOrigins, is_same_origin

PROXIES = TrustedProxies((ip_network("10.0.0.0/8"),))


@pytest.mark.parametrize(
    ("allowed", "origin", "may_call"),
    [
        ("https://game.example.com", "https://game.example.com", True),
        ("https://game.example.com", "https://game.example.com.evil.com", False),
        ("https://game.example.com", "http://game.example.com", False),
        ("https://game.example.com/", "https://game.example.com", True),
        ("HTTPS://Game.Example.com", "https://game.example.com", True),
        ("https://game.example.com:443", "https://game.example.com", True),
        ("http://localhost:3000", "http://localhost:3000", True),
        ("http://localhost:3000", "http://localhost", False),
        ("capacitor://localhost", "capacitor://localhost", True),
        ("chrome-extension://abcdef", "chrome-extension://abcdef", True),
        ("https://*.itch.zone", "https://v6p9d9t4.ssl.hwcdn.itch.zone", True),
        ("https://*.itch.zone", "https://itch.zone", False),
        ("https://*.itch.zone", "https://evilitch.zone", False),
        ("https://*.itch.zone", "https://a.itch.zone:8443", False),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", True),
        ("null", "null", True),
        ("https://game.example.com", "null", False),
        ("*", "https://anything.example", True),
    ],
)
def test_a_page_may_call_from_an_allowed_origin(allowed: str, origin: str, may_call: bool) -> None:
    assert AllowedOrigins.parse([allowed]).allow(origin) is may_call


def test_nothing_is_allowed_by_default() -> None:
    assert not AllowedOrigins().allow("https://game.example.com")
    assert not AllowedOrigins().allow("")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "game.example.com",
        "https://game.example.com/path",
        "https://game.*.com",
        "https://*",
        "https://a b",
        "*.a.b",
    ],
)
def test_what_no_browser_could_send_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"https://game\.example\.com"):
        AllowedOrigins.parse(["https://fine.example.com", text])


@pytest.mark.parametrize(
    ("origin", "headers", "is_own"),
    [
        pytest.param("https://gw.example.com", {"host": "gw.example.com:443"}, True, id="default port in the host"),
        pytest.param("https://gw.example.com:443", {"host": "gw.example.com"}, True, id="default port in the origin"),
        pytest.param("http://GW.example.com:8000", {"host": "gw.example.com:8000"}, True, id="upper case"),
        pytest.param("http://[::1]:8000", {"host": "[::1]:8000"}, True, id="version 6"),
        pytest.param("https://gw.example.com", {"host": "gw.example.com:8000"}, False, id="another port"),
        pytest.param("https://evil.example.com", {"host": "gw.example.com"}, False, id="another host"),
        pytest.param("https://gw.example.com", {}, False, id="no host"),
        pytest.param("http://[", {"host": "["}, False, id="no URL"),
        pytest.param("http://a:99999999", {"host": "a"}, False, id="no port"),
        pytest.param("null", {"host": "null"}, False, id="no origin of its own"),
        pytest.param("", {"host": ""}, False, id="empty"),
    ],
)
def test_a_page_of_the_gateways_own_host(origin: str, headers: dict[str, str], is_own: bool) -> None:
    assert is_same_origin(origin, list(headers.items()), "192.0.2.1", PROXIES) is is_own


@pytest.mark.parametrize(
    ("name", "value"),
    [("x-forwarded-host", "gw.example.com"), ("forwarded", 'for=1.1.1.1;host="gw.example.com:443"')],
)
def test_a_trusted_proxys_word_for_the_host_counts(name: str, value: str) -> None:
    headers = [("host", "gateway-7f9c:8000"), (name, value)]
    assert is_same_origin("https://gw.example.com", headers, "10.1.2.3", PROXIES)
    assert not is_same_origin("https://gw.example.com", headers, "192.0.2.1", PROXIES)
    assert not is_same_origin("https://gw.example.com", headers, None, PROXIES)
