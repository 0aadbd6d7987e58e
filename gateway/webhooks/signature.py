"""Whether a webhook comes from the vendor: the signature of its untouched bytes (client contract, 8.1)."""

import hashlib
import hmac
from collections.abc import Sequence

_SCHEME = "Signature "


class Signature:
    """The project's secrets, and what they sign. Plain SHA-1 of body and secret is the vendor's choice.

    There are two while a secret is being changed: the vendor signs with the old one until it is changed there, and does
    not repeat a webhook that is refused.
    """

    def __init__(self, *secrets: str) -> None:
        self._secrets = [secret.encode() for secret in secrets]

    def fits(self, body: bytes, authorization: Sequence[str]) -> bool:
        """Whether the `Authorization` values are exactly one, with exactly this body's signature by one of the secrets.

        It takes the same time wherever a wrong signature differs from the right one.
        """
        given = authorization[0].encode() if len(authorization) == 1 else b""
        fitting = [hmac.compare_digest(_signature(body, secret), given) for secret in self._secrets]
        return any(fitting)


def _signature(body: bytes, secret: bytes) -> bytes:
    return f"{_SCHEME}{hashlib.sha1(body + secret, usedforsecurity=False).hexdigest()}".encode()
