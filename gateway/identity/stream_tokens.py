"""Stream tokens: for a minute they stand for a player's credential in the address of an event stream.

A browser's `EventSource` sends no headers, and addresses are written into logs and histories on their way. A stream
token is of no use soon, starts subscriptions only, and has the credential in it encrypted: whatever process knows the
secret can open it, and nobody else.
"""

import hashlib
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.errors import LimitExceeded, TokenExpired, Unauthenticated

LIFETIME_SECONDS = 60

MAX_CREDENTIAL_BYTES = 4_096
"""Of the `Authorization` header: with a document's id, the address then fits into the 8 KB that proxies take."""

_NONCE_BYTES = 12
_EXPIRY = struct.Struct(">d")


class StreamToken(NamedTuple):
    """A token, and for how many seconds it may be used."""

    text: str
    expires_in_seconds: int


class StreamTokens:
    """Makes stream tokens and opens them. All processes that share `secret` and the project take each other's."""

    def __init__(self, secret: str, project_id: int, *, clock: Callable[[], float]) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"stream token\0" + secret.encode()).digest())
        self._project = b"%d" % project_id
        self._clock = clock

    def issue(self, credential: str, seconds_left: float) -> StreamToken:
        """A token for the value of an `Authorization` header that is valid for so long. Raises LimitExceeded."""
        content = credential.encode()
        if len(content) > MAX_CREDENTIAL_BYTES:
            raise LimitExceeded(f"Stream tokens are for tokens of {MAX_CREDENTIAL_BYTES} characters at most.")
        seconds = int(min(LIFETIME_SECONDS, seconds_left))
        nonce = os.urandom(_NONCE_BYTES)
        expires_at = _EXPIRY.pack(self._clock() + seconds)
        sealed = nonce + self._cipher.encrypt(nonce, expires_at + content, self._project)
        return StreamToken(urlsafe_b64encode(sealed).rstrip(b"=").decode(), seconds)

    def credential(self, text: str) -> str:
        """The value of the `Authorization` header that a token stands for. Raises Unauthenticated and TokenExpired."""
        try:
            sealed = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
            content = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._project)
        except (InvalidTag, ValueError):
            raise Unauthenticated("This is no stream token of this gateway. Ask for a new one.") from None
        if self._clock() >= _EXPIRY.unpack_from(content)[0]:
            raise TokenExpired("The stream token has expired. Ask for a new one.")
        return content[_EXPIRY.size :].decode()
