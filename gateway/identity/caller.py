"""Who calls: a request's credential becomes the headers to forward and the owner of what is cached for it."""

import hashlib
import re
from collections.abc import Sequence
from typing import Self

from cachetools import LRUCache
from msgspec import Struct
from msgspec.structs import replace

from gateway.cache.keys import Owner
from gateway.errors import GatewayError, Unauthenticated
from gateway.identity.addresses import ClientAddress, ClientNetworks, ForwardedHeader
from gateway.identity.headers import Headers, header_values
from gateway.identity.languages import NO_LANGUAGES, LanguageReader, Languages
from gateway.identity.token_checks import VerifiedToken
from gateway.identity.token_verifier import ClaimedToken, TokenVerifier, claimed

ANONYMOUS = Owner("anonymous")
"""The one owner of everything that callers without a token see."""

MAX_KNOWN = 4_096
"""Credentials whose claims are cached, by their digests: about half a kilobyte each."""

CALLER_FIELDS = frozenset({"accept-language", "authorization", *(one.value for one in ForwardedHeader)})
"""The header fields that say who calls."""

_BEARER = re.compile(r"bearer[ \t]+([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
_MAX_AUTHORIZATION = 8_200
_NO_TOKEN = ClaimedToken()


class Caller(Struct, frozen=True):
    """A player, or an anonymous caller, for the length of one request.

    `owner` keys what is cached; `variant` names what else changes an answer (language, forwarded address); `languages`
    are the vendor's codes of what the player wants to read and `language_tags` the standard's, most wanted first;
    `headers` are all that the upstream gets of the client's; `expires_at` is the token's end in Unix seconds, None
    where it has none. `player_id` is the player that the token names, None for an opaque one; anybody can write it into
    a token, so unless `is_verified`, where the gateway has checked the signature, it counts only once the upstream
    accepted the token. `address` is the network that the request comes from, empty where that is not known.
    """

    owner: Owner
    is_signed_in: bool
    headers: tuple[tuple[str, str], ...]
    variant: str = ""
    languages: tuple[str, ...] = ()
    expires_at: float | None = None
    player_id: str | None = None
    is_verified: bool = False
    language_tags: tuple[str, ...] = ()
    address: str = ""

    # Its headers hold the credential.
    __repr__ = object.__repr__

    @property
    def identity(self) -> str:
        """The same for every token of a player, as far as tokens name one. Only what the caller may know depends on it:
        anybody can claim to be any player.
        """
        return self.owner if self.player_id is None else f"player {self.player_id}"

    def reading(self, languages: Languages) -> Self:
        """The same caller with these languages in place of those of the request's headers."""
        _, at, address = self.variant.partition("@")
        others = (header for header in self.headers if header[0] != "accept-language")
        return replace(
            self,
            headers=(("accept-language", languages.header), *others),
            variant=f"{languages.variant}{at}{address}",
            languages=languages.codes,
            language_tags=languages.tags,
        )


class Identity:
    """Reads the caller out of a request's headers."""

    def __init__(
        self,
        *,
        project_id: int,
        verifier: TokenVerifier | None = None,
        client_address: ClientAddress | None = None,
        networks: ClientNetworks | None = None,
    ) -> None:
        self._project_id = project_id
        self._verifier = verifier
        self._client_address = client_address
        self._networks = networks
        self._languages = LanguageReader()
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
        wanted = header_values(headers, "accept-language")
        languages, variant = NO_LANGUAGES, ""
        if wanted:
            languages = self._languages.read(", ".join(wanted))
            variant = languages.variant
        if languages.header:
            forwarded.append(("accept-language", languages.header))
        address = self._client_address and self._client_address.of(peer, headers)
        if self._client_address and address:
            forwarded.append((self._client_address.header, address))
            variant = f"{variant}@{address}"
        network = self._networks.of(peer, headers) if self._networks else ""
        owner: Owner = ANONYMOUS
        token: ClaimedToken | VerifiedToken = _NO_TOKEN
        authorization = _credentials(headers)
        if authorization:
            if self._verifier is None:
                owner, token = self._unproven(authorization)
            else:
                token = await self._verifier.verify(_bearer_token(authorization))
                owner = self._owner("subject", token.subject)
            forwarded.append(("authorization", authorization[0]))
        return Caller(
            owner,
            bool(authorization),
            tuple(forwarded),
            variant,
            languages.codes,
            token.expires_at,
            token.subject,
            is_verified=isinstance(token, VerifiedToken),
            language_tags=languages.tags,
            address=network,
        )

    def caller_at_once(self, headers: Headers, peer: str | None) -> Caller | None:
        """As `caller`, where nothing has to be waited for; None where it has, and for a credential that is refused."""
        finding = self.caller(headers, peer)
        try:
            finding.send(None)
        except StopIteration as found:
            caller: Caller = found.value
            return caller
        except GatewayError:
            return None
        finding.close()
        return None

    def _unproven(self, authorization: Sequence[str]) -> tuple[Owner, ClaimedToken]:
        """The owner and the claims of a credential that nobody checks here; cached, because neither changes.

        The whole token is the owner: on a cache hit the upstream does not see it, so a forged subject must not reach
        another player's entries.
        """
        digest = hashlib.sha256(authorization[0].encode()).digest() if len(authorization) == 1 else b""
        try:
            return self._known[digest]
        except KeyError:
            pass  # Not here: what is raised below would have the digest with it.
        token = _bearer_token(authorization)
        known = self._known[digest] = self._owner("token", token), claimed(token)
        return known

    def _owner(self, kind: str, secret: str) -> Owner:
        return Owner(hashlib.sha256(f"{kind}\0{self._project_id}\0{secret}".encode()).hexdigest())


def _credentials(headers: Headers) -> list[str]:
    """The different values of `Authorization`. A scheme without a token is what clients send for "not signed in".

    A proxy that copies the header sends it twice with the same value, which means the same.
    """
    values = [value for value in header_values(headers, "authorization") if value.lower() != "bearer"]
    return values if len(values) < 2 else list(dict.fromkeys(values))


def _bearer_token(authorization: Sequence[str]) -> str:
    match = _BEARER.fullmatch(authorization[0]) if len(authorization) == 1 else None
    if match is None or len(authorization[0]) > _MAX_AUTHORIZATION:
        raise Unauthenticated("The Authorization header must be one `Bearer <token>`.")
    return match[1]
