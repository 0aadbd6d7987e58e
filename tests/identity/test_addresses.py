"""Addresses as peers and proxies write them, and whose word counts."""

import time
from ipaddress import ip_network

import pytest

from gateway.identity.addresses import ClientNetworks, ForwardedHeader, Sources, TrustedProxies, parse_address

PROXY = ip_network("10.0.0.0/8")
VENDOR = Sources((ip_network("185.30.20.0/24"), ip_network("2001:db8::/32")), TrustedProxies((PROXY,)))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "is_allowed"),
    [
        pytest.param("185.30.20.7", [], True, id="itself"),
        pytest.param("2001:db8::7", [], True, id="version 6"),
        pytest.param("::ffff:185.30.20.7", [], True, id="version 4 in the words of version 6"),
        pytest.param("185.30.21.7", [], False, id="another"),
        pytest.param("10.0.0.1", ["185.30.20.7"], True, id="through a proxy"),
        pytest.param("10.0.0.1", ["185.30.20.7, 203.0.113.9"], False, id="another through a proxy"),
        pytest.param("10.0.0.1", [], False, id="a proxy that does not tell"),
        pytest.param("203.0.113.9", ["185.30.20.7"], False, id="another who tells"),
        pytest.param("185.30.20.7", ["203.0.113.9"], True, id="itself whatever it tells"),
        pytest.param(None, ["185.30.20.7"], False, id="no peer"),
    ],
)
def test_requests_are_taken_from_the_networks_that_may_call(
    peer: str | None, forwarded_for: list[str], is_allowed: bool
) -> None:
    assert VENDOR.allow(peer, [("x-forwarded-for", line) for line in forwarded_for]) is is_allowed


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:40212", "203.0.113.9"),
        (' "203.0.113.9:40212" ', "203.0.113.9"),
        ("2001:db8::9", "2001:db8::9"),
        ("[2001:db8::9]", "2001:db8::9"),
        ('"[2001:db8::9]:4711"', "2001:db8::9"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
        ("unknown", None),
        ("_hidden", None),
        ("[2001:db8::9", "2001:db8::9"),
        ("203.0.113.900", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_read_in_every_notation(text: str | None, address: str | None) -> None:
    parsed = parse_address(text)
    assert (str(parsed) if parsed else None) == address


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        pytest.param(["for=203.0.113.9;proto=https;by=10.0.0.1"], "203.0.113.9", id="one hop"),
        pytest.param(['For="[2001:db8::9]:4711"'], "2001:db8::9", id="version 6 with a port"),
        pytest.param(["for=1.1.1.1, for=203.0.113.9, for=10.0.0.2"], "203.0.113.9", id="what the client wrote is left"),
        pytest.param(["for=1.1.1.1", 'by=10.0.0.1;for="203.0.113.9:80"'], "203.0.113.9", id="in two lines"),
        pytest.param(['host="a,b;for=1.1.1.1";for=203.0.113.9'], "203.0.113.9", id="a quoted separator"),
        pytest.param(["for=unknown"], None, id="hidden"),
        pytest.param(["proto=https"], None, id="not told"),
    ],
)
def test_the_standard_header_is_read_where_the_proxies_write_it(lines: list[str], address: str | None) -> None:
    headers = [("forwarded", line) for line in lines] + [("x-forwarded-for", "6.6.6.6")]
    proxies = TrustedProxies((PROXY,), ForwardedHeader.FORWARDED)
    assert proxies.forwarded_address("10.0.0.1", headers) == address
    assert TrustedProxies((PROXY,)).forwarded_address("10.0.0.1", headers) == "6.6.6.6"


def test_repeated_lines_do_not_move_what_a_client_wrote_to_the_end() -> None:
    headers = [("x-forwarded-for", line) for line in ("203.0.113.9", "1.1.1.1", "203.0.113.9")]
    assert TrustedProxies((PROXY,)).forwarded_address("10.0.0.1", headers) == "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "told", "network"),
    [
        ("93.184.216.34", None, "93.184.216.34"),
        ("2606:4700::1", None, "2606:4700::/64"),
        ("::ffff:93.184.216.34", None, "93.184.216.34"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("10.0.0.7", None, ""),
        ("fd00::7", None, ""),
        (None, None, ""),
        ("93.184.216.34", "192.0.2.9", "93.184.216.34"),
    ],
)
def test_without_proxies_a_request_comes_from_its_peer_unless_that_is_private(
    peer: str | None, told: str | None, network: str
) -> None:
    headers = [("x-forwarded-for", told)] if told else []
    assert ClientNetworks().of(peer, headers) == network


@pytest.mark.parametrize(
    ("peer", "told", "network"),
    [
        ("10.0.0.7", "192.0.2.9", "192.0.2.9"),
        ("10.0.0.7", "2001:db8::9:9", "2001:db8::/64"),
        ("10.0.0.7", None, ""),
        ("10.0.0.7", "unknown", ""),
        ("192.168.0.1", "192.0.2.9", "192.168.0.1"),
    ],
)
def test_behind_trusted_proxies_a_request_comes_from_where_they_say(peer: str, told: str | None, network: str) -> None:
    networks = ClientNetworks(TrustedProxies((ip_network("10.0.0.0/8"),)))
    headers = [("x-forwarded-for", told)] if told else []
    assert [networks.of(peer, headers) for _ in range(2)] == [network] * 2


def test_a_long_list_of_hops_takes_time_by_its_length() -> None:
    proxies = TrustedProxies((ip_network("127.0.0.0/8"),))
    began_at = time.thread_time()
    assert proxies.forwarded_address("127.0.0.1", [("x-forwarded-for", "x" * 320_000)]) is None
    # Some 15 milliseconds; with a text that grew by a character at a time it was two seconds.
    assert time.thread_time() - began_at < 0.3
