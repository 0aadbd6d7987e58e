"""Whether a webhook comes from the vendor: the signature of its untouched bytes (client contract, 8.1)."""

import hashlib
import hmac
from collections.abc import Sequence

_SCHEME = "Signature "


class Signature:
    """The project's secret, and what it signs. Plain SHA-1 of body and secret is the vendor's choice."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def fits(self, body: bytes, authorization: Sequence[str]) -> bool:
        """Whether the `Authorization` headers are exactly one, with exactly this body's signature.

        It takes the same time wherever a wrong signature differs from the right one.
        """
        signed = hashlib.sha1(body + self._secret, usedforsecurity=False).hexdigest()
        given = authorization[0] if len(authorization) == 1 else ""
        return hmac.compare_digest(f"{_SCHEME}{signed}".encode(), given.encode())
