"""Tokens good and bad, and a server of keys that counts what it is asked."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.httpx_transports import HTTPXTransport
from tests.support.loads import run_ready

NOW = 1_700_000_000.0
GOOD = {"sub": "player-1", "exp": NOW + 60}


@dataclass(frozen=True)
class KeyPair:
    """An RSA key pair and its name."""

    kid: str
    private: rsa.RSAPrivateKey

    def sign(self, claims: object = GOOD, **header: object) -> str:
        return signed(claims, self.private, "RS256", **{"kid": self.kid, **header})

    def entry(self, number: Callable[[int], str], **members: object) -> dict[str, object]:
        public = self.private.public_key().public_numbers()
        own = {
            "kid": self.kid,
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "n": number(public.n),
            "e": number(public.e),
        }
        return {**own, **members}

    def pem(self) -> str:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def make_key_pair(kid: str, bits: int = 2_048) -> KeyPair:
    """A fresh key pair; takes a tenth of a second."""
    return KeyPair(kid, rsa.generate_private_key(65_537, bits))


def base64url(number: int) -> str:
    return encoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def hexadecimal(number: int) -> str:
    return f"{number:x}"


def even_hexadecimal(number: int) -> str:
    return number.to_bytes((number.bit_length() + 7) // 8, "big").hex().upper()


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(
    claims: object, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | str, alg: str, **header: object
) -> str:
    """A token signed by the library, whatever the claims are."""
    return jwt.PyJWS().encode(json.dumps(claims).encode(), key, algorithm=alg, headers=header)


def forged(header: object, claims: object, key: bytes) -> str:
    """A token with an HMAC signature and any header, which the library would not write."""
    body = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"
    return f"{body}.{encoded(hmac.digest(key, body.encode(), hashlib.sha256))}"


class KeyServer(HTTPXTransport):
    """Answers what it is told, and remembers what it was asked."""

    def __init__(self, *keys: dict[str, object]) -> None:
        self.requests: list[httpx.Request] = []
        self.closed = 0
        self.answer: Callable[[], httpx.Response] = lambda: httpx.Response(500)
        self.serve(list(keys))

    def serve(self, document: object) -> None:
        self.answer = lambda: httpx.Response(200, json=document)

    def break_down(self) -> None:
        def refuse() -> httpx.Response:
            raise httpx.ConnectError("refused")

        self.answer = refuse

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await run_ready()
        return self.answer()

    @property
    def calls(self) -> int:
        return len(self.requests)
