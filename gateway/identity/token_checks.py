"""What a token whose signature is good must say to be accepted here (client contract, 6.1)."""

from dataclasses import dataclass
from typing import Annotated

import msgspec

from gateway.errors import TokenExpired, Unauthenticated

MAX_SUBJECT_LENGTH = 256
"""Characters of a player's id; the vendor's are UUIDs (client contract, 6.1)."""

Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_SUBJECT_LENGTH)] | int
"""A player's id; studios with an own server of identities write whole numbers as well."""


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a verified token says: the player's stable id, and until when it is accepted, in Unix seconds."""

    subject: str
    expires_at: float


def token_refused(check: str) -> Unauthenticated:
    """The error for a token that fails a check; `check` says which, and holds nothing of the token."""
    return Unauthenticated(f"The player's token is not accepted: {check}. Sign in again for a new one.")


class _Claims(msgspec.Struct, frozen=True):
    """The claims that are judged. `iat` is not: a token issued "later than now" only shows two clocks apart."""

    sub: Subject
    exp: float
    nbf: float = 0
    iss: str | None = None
    aud: str | list[str] | None = None
    xsolla_login_project_id: str | None = None


@dataclass(frozen=True, slots=True)
class TokenChecks:
    """The claims that a token must have; None leaves one unchecked.

    `issuer` is its `iss`, `audience` is or is among its `aud`, `login_project_id` its `xsolla_login_project_id`. The
    clocks of issuer and gateway may be `leeway_seconds` apart.
    """

    issuer: str | None = None
    audience: str | None = None
    login_project_id: str | None = None
    leeway_seconds: float = 0

    def judge(self, payload: bytes, now: float) -> VerifiedToken:
        """What a signed payload says at `now` (Unix seconds). Raises Unauthenticated or TokenExpired."""
        claims = _claims(payload)
        if self.issuer is not None and claims.iss != self.issuer:
            raise token_refused("its issuer (`iss`) is another")
        if self.audience is not None and self.audience not in _several(claims.aud):
            raise token_refused("it is meant for another audience (`aud`)")
        if self.login_project_id is not None and claims.xsolla_login_project_id != self.login_project_id:
            raise token_refused("it is of another Login project (`xsolla_login_project_id`)")
        if claims.nbf > now + self.leeway_seconds:
            raise token_refused("it is not valid yet (`nbf`)")
        expires_at = claims.exp + self.leeway_seconds
        if expires_at <= now:
            raise TokenExpired
        return VerifiedToken(str(claims.sub), expires_at)


NO_CHECKS = TokenChecks()
"""Only the times count, to the second."""


def _claims(payload: bytes) -> _Claims:
    try:
        return msgspec.json.decode(payload, type=_Claims)
    except (ValueError, RecursionError):
        pass
    # Raised here, because the library's error quotes the token: it is not kept, not even as the context of ours.
    raise token_refused("its claims are missing or malformed; it needs `sub` and `exp`")


def _several(audience: str | list[str] | None) -> list[str]:
    return [audience] if isinstance(audience, str) else audience or []
