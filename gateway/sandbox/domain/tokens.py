"""Player tokens: checks the JWTs of the login service (client contract, 6.1 and 6.2)."""

import hashlib
import json
import uuid
from collections.abc import Mapping

import jwt
import msgspec

from gateway.sandbox.errors import UnauthorizedError

ISSUER = "https://login.xsolla.com"
ATTRIBUTES_CLAIM = "attributes"
"""Our own claim: the contract documents `user.attributes` for Pay Station tokens and no claim for JWTs."""

ALGORITHM = "HS256"
_REQUIRED = ["iss", "sub", "iat", "exp", "xsolla_login_project_id"]
_LONGEST_PLAYER_ID = 255


class PlayerClaims(msgspec.Struct, frozen=True):
    """The claims of a verified token; `attributes` is None when it has none."""

    player_id: str
    name: str | None
    attributes: Mapping[str, str] | None


def verify_token(token: str, secret: str, project_id: int, now: float) -> PlayerClaims:
    """Check signature, issuer, project and lifetime; raises UnauthorizedError when any of them is wrong."""
    try:
        # Lifetime is checked below by the sandbox's own clock: PyJWT only knows the machine's.
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={
                "require": _REQUIRED,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
            },
        )
    except jwt.PyJWTError as error:
        raise UnauthorizedError from error
    expires_at, player_id, name = claims["exp"], claims["sub"], claims.get("username")
    if not isinstance(expires_at, int | float) or expires_at <= now:
        raise UnauthorizedError
    if claims["xsolla_login_project_id"] != login_project_id(project_id):
        raise UnauthorizedError
    if not 0 < len(player_id) <= _LONGEST_PLAYER_ID:
        raise UnauthorizedError
    attributes = claims.get(ATTRIBUTES_CLAIM)
    return PlayerClaims(
        player_id=player_id,
        name=name if isinstance(name, str) else None,
        attributes=attribute_texts(attributes) if isinstance(attributes, dict) else None,
    )


def login_project_id(project_id: int) -> str:
    """Return the login project of a store project: a UUID, as in the upstream."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{ISSUER}/store-project/{project_id}"))


def attribute_texts(attributes: Mapping[str, object]) -> dict[str, str]:
    """Write attribute values as the text that conditions compare; a null is no value, so it is left out."""
    return {key: _text(value) for key, value in attributes.items() if value is not None}


def token_digest(token: str) -> bytes:
    """Hash an opaque token, which the database does not store in plain text."""
    return hashlib.sha256(token.encode()).digest()


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
