"""Where a request comes from: the peer of the connection, or what a trusted proxy says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from cachetools import LRUCache

from gateway.identity.headers import Headers, header_values

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_KNOWN_ADDRESSES = 4_096
"""Addresses whose networks are cached, by texts that parsing or the system has made."""


class ForwardedHeader(Enum):
    """The header in which the proxies note where a request came from. Only one is believed: a proxy that writes the
    one leaves the other as the client sent it.
    """

    X_FORWARDED_FOR = "x-forwarded-for"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The networks of the proxies in front of the gateway, and the header that they write."""

    networks: tuple[Network, ...] = ()
    header: ForwardedHeader = ForwardedHeader.X_FORWARDED_FOR

    def forwarded_address(self, peer: str | None, headers: Headers) -> str | None:
        """The last address in the header that is not one of the proxies' own; None where no trusted proxy tells it.

        Proxies append on the right, so everything left of that address was written by the client and proves nothing.
        """
        if not self.trusts(peer):
            return None
        for hop in reversed(list(self._hops(headers))):
            address = parse_address(hop)
            if address is None:
                return None
            if not _is_in(address, self.networks):
                return str(address)
        return None

    def trusts(self, peer: str | None) -> bool:
        """Whether the peer of a connection is one of the proxies."""
        return _is_in(parse_address(peer), self.networks)

    def _hops(self, headers: Headers) -> Iterator[str]:
        for line in header_values(headers, self.header.value):
            for element in _split(line, ","):
                if self.header is ForwardedHeader.X_FORWARDED_FOR:
                    yield element
                else:
                    yield from forwarded_parameters(element, "for")


@dataclass(frozen=True, slots=True)
class Sources:
    """Networks that may call; a trusted proxy calls for the address that it tells."""

    networks: tuple[Network, ...]
    proxies: TrustedProxies = TrustedProxies()

    def allow(self, peer: str | None, headers: Headers) -> bool:
        """Whether a request comes from one of the networks."""
        return _is_in(parse_address(self.proxies.forwarded_address(peer, headers) or peer), self.networks)


@dataclass(frozen=True, slots=True)
class ClientAddress:
    """Forwarding of the player's address, which the upstream's prices follow (client contract, 6.5).

    `header` is the name under which the upstream gets it; only trusted proxies may tell it.
    """

    header: str
    proxies: TrustedProxies

    def of(self, peer: str | None, headers: Headers) -> str | None:
        """The address of the player whose request came through trusted proxies, or None."""
        return self.proxies.forwarded_address(peer, headers)


class ClientNetworks:
    """Where requests come from, as limits count them: an IPv4 address, or the first 64 bits of an IPv6 address.

    A client with one address of IPv6 has the 2^64 beside it. Empty where it is not known, as behind proxies that are
    not trusted: their addresses are private ones.
    """

    def __init__(self, proxies: TrustedProxies = TrustedProxies()) -> None:
        self._proxies = proxies
        self._known: LRUCache[str, str] = LRUCache(MAX_KNOWN_ADDRESSES)

    def of(self, peer: str | None, headers: Headers) -> str:
        """The network that a request comes from."""
        told = self._proxies.forwarded_address(peer, headers) if self._proxies.networks else None
        text = told or peer or ""
        try:
            return self._known[text]
        except KeyError:
            pass
        network = self._known[text] = self._network(text)
        return network

    def _network(self, text: str) -> str:
        address = parse_address(text)
        if address is None or _is_in(address, self._proxies.networks):
            return ""
        if not self._proxies.networks and address.is_private and not address.is_loopback:
            return ""
        return str(address) if isinstance(address, IPv4Address) else str(ip_network((address, 64), strict=False))


def parse_address(text: str | None) -> Address | None:
    """The address in a text as peers and proxies write it, or None.

    Taken are `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`, each also in double
    quotes; a zone (`fe80::1%eth0`) is left out. An IPv4 address in the notation of version 6 is the IPv4 address.
    """
    if not text:
        return None
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def forwarded_parameters(element: str, name: str) -> Iterator[str]:
    """The values of one parameter in an element of `Forwarded` (RFC 7239, section 4), without their quotes."""
    for pair in _split(element, ";"):
        key, _, value = pair.partition("=")
        if key.strip().lower() == name:
            yield value.strip().strip('"')


def _split(text: str, separator: str) -> Iterator[str]:
    """The parts of a list whose quoted strings may hold the separator."""
    start, quoted = 0, False
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _is_in(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)
