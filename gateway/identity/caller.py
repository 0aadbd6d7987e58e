"""Who calls: a request's credential becomes the headers to forward and the owner of what is cached for it."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from cachetools import LRUCache

from gateway.cache.keys import Owner
from gateway.errors import Unauthenticated
from gateway.identity.token_verifier import ClaimedToken, TokenVerifier, claimed

Headers = Sequence[tuple[str, str]]
Network = IPv4Network | IPv6Network

ANONYMOUS = Owner("anonymous")
"""The one owner of everything that callers without a token see."""

MAX_KNOWN = 4_096
"""Credentials whose claims are cached, by their digests: about half a kilobyte each."""

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
_MAX_AUTHORIZATION = 8_200
_LANGUAGE_RANGE = re.compile(r"([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:;q=([01](?:\.[0-9]{0,3})?))?")
_MAX_ACCEPT_LANGUAGE = 256

# The vendor stores some languages under codes of its own (contract section 6.6); the longest match wins.
_VENDOR_LANGUAGES: Mapping[str, str] = {
    "zh-tw": "tw",
    "zh-hk": "tw",
    "zh-mo": "tw",
    "zh-hant": "tw",
    "zh": "cn",
    "fil": "ph",
    "tl": "ph",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A player, or an anonymous caller, for the length of one request.

    `owner` keys what is cached; `variant` names what else changes an answer (language, forwarded address); `headers`
    are all that the upstream gets of the client's; `expires_at` is the token's end in Unix seconds, None where it has
    none. `player_id` is the player that the token names, None for an opaque one; anybody can write it into a token, so
    unless `is_verified`, where the gateway has checked the signature, it counts only once the upstream accepted the
    token.
    """

    owner: Owner
    is_signed_in: bool
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    variant: str = ""
    languages: tuple[str, ...] = ()
    expires_at: float | None = None
    player_id: str | None = None
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """Networks that may call; a proxy in `trusted_proxies` calls in the name of the address that it forwards."""

    networks: tuple[Network, ...]
    trusted_proxies: tuple[Network, ...] = ()

    def allow(self, peer: str | None, forwarded_for: Iterable[str]) -> bool:
        """Whether a request with this peer and these `X-Forwarded-For` lines comes from one of the networks."""
        address = _address(_forwarded_address(peer, forwarded_for, self.trusted_proxies) or peer)
        return _is_in(address, self.networks)


@dataclass(frozen=True, slots=True)
class ClientAddress:
    """Forwarding of the player's address, which the upstream's prices follow (contract section 6.5).

    `header` is the name under which the upstream gets it; only peers in `trusted_proxies` are believed.
    """

    header: str
    trusted_proxies: tuple[Network, ...]

    def of(self, peer: str | None, forwarded_for: Iterable[str]) -> str | None:
        """The address of the player whose request came through trusted proxies, or None."""
        return _forwarded_address(peer, forwarded_for, self.trusted_proxies)


class Identity:
    """Reads the caller out of a request's headers."""

    def __init__(
        self, *, project_id: int, verifier: TokenVerifier | None = None, client_address: ClientAddress | None = None
    ) -> None:
        self._project_id = project_id
        self._verifier = verifier
        self._client_address = client_address
        self._known: LRUCache[bytes, tuple[Owner, ClaimedToken]] = LRUCache(MAX_KNOWN)

    @property
    def follows_address(self) -> bool:
        """Whether the caller depends on where a request comes from."""
        return self._client_address is not None

    async def caller(self, headers: Headers, peer: str | None) -> Caller:
        """Make the caller of a request from its headers (lower-case names) and the peer's address.

        Raises Unauthenticated for a malformed or rejected credential, TokenExpired for an expired one, and
        UpstreamUnavailable when the keys to check it cannot be fetched.
        """
        forwarded: list[tuple[str, str]] = []
        language = _accept_language(headers)
        if language:
            forwarded.append(("accept-language", language))
        variant = language.replace(" ", "").lower()
        address = self._client_address and self._client_address.of(peer, _values(headers, "x-forwarded-for"))
        if self._client_address and address:
            forwarded.append((self._client_address.header, address))
            variant = f"{variant}@{address}"
        authorization = _values(headers, "authorization")
        if not authorization:
            return Caller(ANONYMOUS, False, tuple(forwarded), variant, languages(language))
        forwarded.append(("authorization", authorization[0]))
        headers, wanted = tuple(forwarded), languages(language)
        if self._verifier is None:
            owner, claims = self._unproven(authorization)
            return Caller(owner, True, headers, variant, wanted, claims.expires_at, claims.subject)
        token = _bearer_token(authorization)
        verified = await self._verifier.verify(token)
        owner = self._owner("subject", verified.subject)
        return Caller(owner, True, headers, variant, wanted, verified.expires_at, verified.subject, is_verified=True)

    def _unproven(self, authorization: Sequence[str]) -> tuple[Owner, ClaimedToken]:
        """The owner of what is cached for a credential, and what it claims; cached, because neither changes.

        The whole token is the owner: on a cache hit the upstream does not see it, so a forged subject must not reach
        another player's entries.
        """
        digest = hashlib.sha256(authorization[0].encode()).digest() if len(authorization) == 1 else b""
        known = self._known.get(digest)
        if known is None:
            token = _bearer_token(authorization)
            known = self._known[digest] = self._owner("token", token), claimed(token)
        return known

    def _owner(self, kind: str, secret: str) -> Owner:
        return Owner(hashlib.sha256(f"{kind}\0{self._project_id}\0{secret}".encode()).hexdigest())


def languages(accept_language: str) -> tuple[str, ...]:
    """The languages of an `Accept-Language` value as the vendor's two-letter codes, most preferred first."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.lower().replace(" ", "").split(","):
        match = _LANGUAGE_RANGE.fullmatch(part)
        if match and match[1] != "*":
            wanted.append((float(match[2] or 1), match[1]))
    wanted.sort(key=lambda one: -one[0])
    return tuple(dict.fromkeys(_vendor_language(tag) for quality, tag in wanted if quality > 0))


def _vendor_language(tag: str) -> str:
    prefix = tag
    while prefix:
        if prefix in _VENDOR_LANGUAGES:
            return _VENDOR_LANGUAGES[prefix]
        prefix = prefix.rpartition("-")[0]
    return tag.partition("-")[0]


def _accept_language(headers: Headers) -> str:
    """The value to forward; one that is oversized or not printable ASCII is left out, as if it had not been sent."""
    value = ", ".join(_values(headers, "accept-language")).strip()
    return value if len(value) <= _MAX_ACCEPT_LANGUAGE and value.isascii() and value.isprintable() else ""


def _bearer_token(authorization: Sequence[str]) -> str:
    match = _BEARER.fullmatch(authorization[0]) if len(authorization) == 1 else None
    if match is None or len(authorization[0]) > _MAX_AUTHORIZATION:
        raise Unauthenticated("The Authorization header must be one `Bearer <token>`.")
    return match[1]


def _values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers if key == name]


def _forwarded_address(peer: str | None, forwarded_for: Iterable[str], trusted: Sequence[Network]) -> str | None:
    """The last address in `X-Forwarded-For` that is not one of our own proxies, or None.

    Proxies append on the right, so everything left of that address was written by the client and proves nothing.
    """
    if not _is_in(_address(peer), trusted):
        return None
    hops = [hop for line in forwarded_for for hop in line.split(",")]
    for hop in reversed(hops):
        address = _address(hop.strip())
        if address is None:
            return None
        if not _is_in(address, trusted):
            return str(address)
    return None


def _is_in(address: IPv4Address | IPv6Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text) if text else None
    except ValueError:
        return None
    # A socket that listens to both versions shows an IPv4 peer as an IPv6 address.
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
