"""Mints player tokens as the login service would (client contract, 6.1 and 6.2), by default for the demo project."""

from collections.abc import Mapping

import jwt

from gateway.sandbox.demo.accounts import DEMO_LOGIN_SECRET, DEMO_PROJECT_ID
from gateway.sandbox.domain.tokens import ALGORITHM, ATTRIBUTES_CLAIM, ISSUER, login_project_id
from gateway.sandbox.storage.clock import LATEST


def mint_token(
    player_id: str,
    *,
    secret: str = DEMO_LOGIN_SECRET,
    project_id: int = DEMO_PROJECT_ID,
    name: str | None = None,
    attributes: Mapping[str, object] | None = None,
    lifetime_seconds: int | None = 86400,
    now: float,
) -> str:
    """Mint a player's HS256 token as the login service would, valid from `now` (seconds since 1970).

    Without a lifetime it outlives every move of the sandbox's clock, by which tokens expire. Without `attributes` the
    token leaves those that the sandbox has stored for the player as they are.
    """
    claims: dict[str, object] = {
        "iss": ISSUER,
        "sub": player_id,
        "iat": int(now),
        "exp": int(LATEST if lifetime_seconds is None else now + lifetime_seconds),
        "xsolla_login_project_id": login_project_id(project_id),
        "type": "xsolla_login",
        "groups": [{"id": 1, "name": "default", "is_default": True}],
    }
    if name is not None:
        claims["username"] = name
    if attributes is not None:
        claims[ATTRIBUTES_CLAIM] = dict(attributes)
    return jwt.encode(claims, secret, algorithm=ALGORITHM)
