"""Local verification of players' tokens (client contract, 6.1 and 6.2), and what an unverified one claims."""

import asyncio
import base64
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWS, PyJWTError
from jwt.algorithms import HMACAlgorithm

from gateway.concurrency.single_flight import SingleFlight
from gateway.errors import UpstreamUnavailable
from gateway.errors.internal import FlightEnded
from gateway.http.messages import RequestLimits, RequestTemplate
from gateway.http.transport import Transport
from gateway.identity.jwks import KeyDocumentInvalid, decode_key_document
from gateway.identity.token_checks import NO_CHECKS, Subject, TokenChecks, VerifiedToken, token_refused
from gateway.telemetry import log

MAX_TOKEN_LENGTH = 8_192
"""Characters; a longer token is refused unread."""

MAX_KEY_DOCUMENT_BYTES = 256 * 1_024

T = TypeVar("T")

logger = logging.getLogger(__name__)


class TokenVerifier(Protocol):
    """Checks a player's token without asking the upstream."""

    async def verify(self, token: str) -> VerifiedToken:
        """The verified token. Raises Unauthenticated, TokenExpired, or UpstreamUnavailable when it cannot be judged."""
        ...


class SharedSecretVerifier:
    """Verifies HS256 tokens with the Login project's secret, whose strength is the issuer's matter.

    `clock` is in Unix seconds. Raises ValueError for a secret that is empty or is a key or certificate file.
    """

    def __init__(self, secret: str, *, clock: Callable[[], float] = time.time, checks: TokenChecks = NO_CHECKS) -> None:
        self.change(secret)
        self._jws = PyJWS(algorithms=[])
        self._jws.register_algorithm("HS256", _ExaminedSecret(HMACAlgorithm.SHA256))
        self._clock = clock
        self._checks = checks

    def change(self, secret: str) -> None:
        """Verify with this secret from now on. Raises ValueError, and goes on with the one before."""
        try:
            self._secret = HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(secret)
        except PyJWTError:
            raise ValueError("The token secret must be a shared secret, and not empty.") from None

    async def verify(self, token: str) -> VerifiedToken:
        """The verified token. Raises Unauthenticated or TokenExpired."""
        return self._checks.judge(_signed_payload(self._jws, token, self._secret, "HS256"), self._clock())


FETCHES = ("fetched", "failed")
"""How a fetch of the keys ends."""


class KeySetVerifier:
    """Verifies RS256 tokens with the keys that the Login project serves at `url`, chosen by the token's `kid`.

    A token that names no key is verified with the only one there is.

    Keys are fetched when first needed, again after `lifetime_seconds`, and when a token names an unknown one; never
    more often than every `refetch_interval_seconds`, so that tokens with made-up key names cannot make us call. When
    fetching fails, known keys serve until they are `stale_seconds` old. Only `url` is ever fetched, whatever a token's
    header points to. `clock` is in Unix seconds. `count_fetch` is told one of `FETCHES` for each fetch.
    """

    def __init__(
        self,
        url: str,
        *,
        transport: Transport,
        clock: Callable[[], float] = time.time,
        checks: TokenChecks = NO_CHECKS,
        lifetime_seconds: float = 3_600,
        refetch_interval_seconds: float = 30,
        timeout_seconds: float = 1.5,
        stale_seconds: float = 86_400,
        count_fetch: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._count_fetch = count_fetch
        self._url = url
        self._template = RequestTemplate(url, _FETCH_HEADERS, _fetch_limits(timeout_seconds))
        self._transport = transport
        self._clock = clock
        self._checks = checks
        self._lifetime_seconds = lifetime_seconds
        self._refetch_interval_seconds = refetch_interval_seconds
        self._timeout_seconds = timeout_seconds
        self._stale_seconds = stale_seconds
        self._jws = PyJWS(algorithms=["RS256"])
        self._flights: SingleFlight[str] = SingleFlight()
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._fetched_at = self._attempted_at = float("-inf")
        self._has_failed = False

    async def verify(self, token: str) -> VerifiedToken:
        """The verified token. Raises Unauthenticated or TokenExpired, or UpstreamUnavailable without its key."""
        # Judged before a fetch: what cannot be good must not cost a call.
        header = _parsed(token.partition(".")[0], _Header) if _is_presentable(token) else None
        if header is None:
            raise token_refused("it is not a signed JWT")
        if header.alg != "RS256":
            raise token_refused("it is not signed with RS256")
        key = await self._key(header.kid)
        return self._checks.judge(_signed_payload(self._jws, token, key, "RS256"), self._clock())

    async def aclose(self) -> None:
        """End a fetch that still runs."""
        await self._flights.aclose()

    async def _key(self, key_id: str | None) -> RSAPublicKey:
        may_be_new = not self._should_fetch(key_id)
        if not may_be_new:
            try:
                # Kept running: one player who hangs up must not cost the next the keys and the interval.
                await self._flights.join(self._url, self._fetch, keep_running=True)
            except FlightEnded:
                raise UpstreamUnavailable from None
        key = self._known(key_id) if self._age(self._fetched_at) < self._stale_seconds else None
        if key is not None:
            return key
        if key_id is None and self._keys:
            raise token_refused("it names no key (`kid`), and there are several")
        # Where no look-up was due or it failed, the key may exist all the same: the issuer is changing its keys, say.
        if may_be_new or self._has_failed:
            raise UpstreamUnavailable("The key of the player's token is not known here yet. Try again in a moment.")
        raise token_refused("no key of the issuer has its name (`kid`)")

    def _known(self, key_id: str | None) -> RSAPublicKey | None:
        if key_id is not None:
            return self._keys.get(key_id)
        return next(iter(self._keys.values())) if len(self._keys) == 1 else None

    def _should_fetch(self, key_id: str | None) -> bool:
        if self._known(key_id) is not None and self._age(self._fetched_at) < self._lifetime_seconds:
            return False
        return self._flights.is_in_flight(self._url) or self._age(self._attempted_at) >= self._refetch_interval_seconds

    def _age(self, moment: float) -> float:
        """Seconds since the moment; a moment that lies ahead, because the clock was set back, is as old as can be."""
        age = self._clock() - moment
        return age if age >= 0 else float("inf")

    async def _fetch(self) -> None:
        self._attempted_at = self._clock()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                document = await self._download()
            self._keys = decode_key_document(document)
            self._fetched_at = self._attempted_at
            self._has_failed = False
            self._count_fetch("fetched")
        except (httpx.HTTPError, TimeoutError, KeyDocumentInvalid) as error:
            self._has_failed = True
            self._count_fetch("failed")
            log.event(logger, logging.WARNING, "token_keys_not_fetched", reason=type(error).__name__)

    async def _download(self) -> bytes:
        response = await self._transport.send(self._template.request("GET"))
        if response.status != 200:
            raise KeyDocumentInvalid
        return response.body


_FETCH_HEADERS = (("accept", "application/json"), ("accept-encoding", "identity"))


def _fetch_limits(seconds: float) -> RequestLimits:
    return RequestLimits(
        connect_seconds=seconds,
        pool_seconds=seconds,
        read_seconds=seconds,
        write_seconds=seconds,
        max_body_bytes=MAX_KEY_DOCUMENT_BYTES,
    )


@dataclass(frozen=True, slots=True)
class ClaimedToken:
    """What a token says of itself without proof: whose it is, and its end in Unix seconds; None where it is silent."""

    subject: str | None = None
    expires_at: float | None = None


def claimed(token: str) -> ClaimedToken:
    """What a token claims; nothing for an opaque or malformed one.

    Anybody can write such claims. The end may shorten what is kept for the token and never lengthen it; the subject
    counts only once the upstream has accepted the token.
    """
    parts = token.split(".", 3)
    if len(parts) != 3 or not _is_presentable(token):
        return ClaimedToken()
    claims = _parsed(parts[1], _Unproven) or _parsed(parts[1], _Expiry)
    if claims is None:
        return ClaimedToken()
    subject = claims.sub if isinstance(claims, _Unproven) else None
    return ClaimedToken(None if subject is None else str(subject), claims.exp)


class _Header(msgspec.Struct, frozen=True):
    """What is read of a token's header before its signature is; the signature decides whether it was true."""

    alg: str
    kid: str | None = None


class _Expiry(msgspec.Struct, frozen=True):
    exp: float


class _Unproven(msgspec.Struct, frozen=True):
    exp: float | None = None
    sub: Subject | None = None


class _ExaminedSecret(HMACAlgorithm):
    """HS256 with a secret that was examined when it was configured; PyJWT would do so for every token."""

    def prepare_key(self, key: str | bytes) -> bytes:
        return key if isinstance(key, bytes) else key.encode()

    def check_key_length(self, key: bytes) -> str | None:  # noqa: ARG002 - the library names it
        return None


def _parsed(segment: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)), type=kind)
    except (ValueError, RecursionError):
        return None


def _signed_payload(jws: PyJWS, token: str, key: RSAPublicKey | bytes, algorithm: str) -> bytes:
    if not _is_presentable(token):
        raise token_refused("it is too long, or not ASCII")
    try:
        payload: bytes = jws.decode_complete(token, key, algorithms=[algorithm])["payload"]
        return payload
    except PyJWTError:
        pass
    # Raised here, because the library's errors may quote the token: none is kept, not even as the context of ours.
    raise token_refused(f"it is not a JWT with a good {algorithm} signature")


def _is_presentable(token: str) -> bool:
    return len(token) <= MAX_TOKEN_LENGTH and token.isascii()
