"""The demo projects' fixed ids, keys and players: all that people need to try the sandbox, and nothing secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DEMO_PROJECT_ID: int = 44056
DEMO_API_KEY: str = "sandbox-demo-api-key"
DEMO_LOGIN_SECRET: str = "sandbox-only-login-secret-of-project-44056-public-and-protecting-nothing"  # noqa: S105 - public, as it says

DEMO_WEBHOOK_SECRET: str = "sandbox-only-webhook-secret-public-and-protecting-nothing"  # noqa: S105 - public, as it says

SECOND_PROJECT_ID: int = 44057
SECOND_API_KEY: str = "sandbox-second-api-key"
SECOND_LOGIN_SECRET: str = "sandbox-only-login-secret-of-project-44057-public-and-protecting-nothing"  # noqa: S105 - public, as it says


@dataclass(frozen=True)
class DemoPlayer:
    """A player of the demo project; their clan is the attribute `clan`."""

    id: str
    name: str
    attributes: Mapping[str, str]


FRESH_PLAYER = DemoPlayer("0b9c6f5e-58c1-4b5e-9d0a-4c1f0a6d7e01", "Mira", MappingProxyType({"level": "1"}))
"""A player without any progress."""

VETERAN_PLAYER = DemoPlayer(
    "7d2f4a10-93be-4c77-8f35-1be6a2c4d502",
    "Rocket",
    MappingProxyType({"level": "23", "clan": "lantern-keepers"}),
)
"""A player with progress: steps claimed and bought, points earned, one chain finished."""

GUILD_MATE_PLAYER = DemoPlayer(
    "c41e8b7c-2a6d-4f0b-b1d9-6f3d5e8a9b03",
    "Juno",
    MappingProxyType({"level": "12", "clan": "lantern-keepers"}),
)
"""A member of the veteran's clan, with a smaller contribution."""

DEMO_PLAYERS: tuple[DemoPlayer, ...] = (FRESH_PLAYER, VETERAN_PLAYER, GUILD_MATE_PLAYER)
SECOND_PLAYER = DemoPlayer("e5a90d34-6b1c-4d8e-a2f7-8c0b1d2e3f04", "Sailor", MappingProxyType({}))
"""The one player of the second project."""
