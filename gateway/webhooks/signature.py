"""Whether a webhook comes from the vendor: the signature of its unchanged bytes (client contract, 8.1)."""

import hashlib
import hmac
from collections.abc import Sequence

_SCHEME = "Signature "


class Signature:
    """Checks signatures with the project's secrets. The vendor has chosen plain SHA-1 of body and secret.

    There are two while a secret is being changed: the vendor signs with the old one until it is changed there, and does
    not repeat a webhook that is refused.
    """

    def __init__(self, *secrets: str) -> None:
        self.change(secrets)

    def change(self, secrets: Sequence[str]) -> None:
        """Check with these secrets from now on."""
        self._secrets = [secret.encode() for secret in secrets]

    def fits(self, body: bytes, authorization: Sequence[str]) -> bool:
        """Whether the `Authorization` values are exactly one, with exactly this body's signature by one of the secrets.

        It takes the same time wherever a wrong signature differs from the right one.
        """
        given = authorization[0].encode() if len(authorization) == 1 else b""
        fitting = [hmac.compare_digest(_signature(body, secret), given) for secret in self._secrets]
        return any(fitting)


def signed(body: bytes, secret: str) -> str:
    """The `Authorization` header that the vendor sends with a body."""
    return _signature(body, secret.encode()).decode()


def _signature(body: bytes, secret: bytes) -> bytes:
    return f"{_SCHEME}{hashlib.sha1(body + secret, usedforsecurity=False).hexdigest()}".encode()
