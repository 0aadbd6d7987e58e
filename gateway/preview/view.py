"""Asks the gateway what a player sees of a snapshot's chains at a time. No rule is written here a second time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from gateway import sandbox
from gateway.app import create_app
from gateway.schema.ids import IdKind, encode
from gateway.settings import read_settings

QUERY = """{ viewer {
  offerChains { id name description nextAction progressPercent schedule { ...When }
    steps { number state isFree price { amount currency } items { ...What } } }
  rewardChains { id name description nextAction progressPercent isClan balance { amount } schedule { ...When }
    steps { number name state pointsRequired pointsMissing rewards { ...What } } }
  dailyChains { id name description nextAction progressPercent schedule { ...When }
    steps { number state isMissed unlocksAt items { ...What } } }
} }
fragment When on Schedule { phase startsAt endsAt resetsAt }
fragment What on Item { sku name quantity }"""

LISTS: Mapping[str, str] = {
    "offer_chains": "offerChains",
    "reward_chains": "rewardChains",
    "daily_chains": "dailyChains",
}
_IDS = {
    "offer_chains": IdKind.OFFER_CHAIN,
    "reward_chains": IdKind.REWARD_CHAIN,
    "daily_chains": IdKind.DAILY_CHAIN,
}
# There is one player here, and nothing to protect.
_PATIENT = {
    "GATEWAY_UPSTREAM_URL": "http://sandbox.invalid/api",
    "GATEWAY_QUERY_SECONDS": "60",
    "GATEWAY_UPSTREAM_READ_SECONDS": "60",
    "GATEWAY_READS_PER_OPERATION": "off",
    "GATEWAY_PLAYER_CALLS_PER_SECOND": "off",
    "GATEWAY_ADDRESS_CALLS_PER_SECOND": "off",
    "GATEWAY_NEW_TOKEN_CALLS_PER_SECOND": "off",
}
_PLAYER = "preview"
_A_DAY = 86_400

# Any: what GraphQL answers.
Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Chain:
    """One chain of a snapshot: its kind and its number there."""

    kind: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks, and when. `at` is Unix time; `taken` and `points` are how far they are in the chain that is looked at.

    An anonymous player has no token. `language` is what the player's game sends as `Accept-Language`.
    """

    at: float
    language: str = "en"
    attributes: Mapping[str, str]
    is_anonymous: bool = False
    taken: int | None = None
    points: int | None = None


async def chains_seen(
    snapshot: sandbox.Snapshot, viewer: Viewer, chosen: Chain | None
) -> tuple[Mapping[Chain, Shown], sandbox.Loaded]:
    """What the player is shown, by chain; the chosen chain is on, whether it is on in the snapshot or not.

    Raises SnapshotError where nobody can be that far in the chosen chain, or the gateway cannot answer.
    """

    def now() -> float:
        return viewer.at

    app = sandbox.create_sandbox(seed_demo=False, clock=now)
    try:
        loaded = sandbox.load_project(app.state.sandbox.database, snapshot)
        if chosen is not None and (number := loaded.chain_ids.get((chosen.kind, chosen.number))) is not None:
            player = sandbox.PreviewPlayer(_PLAYER, viewer.attributes, viewer.taken, viewer.points)
            database = app.state.sandbox.database
            sandbox.prepare_preview(database, snapshot.project_id, chosen.kind, number, player)
        settings = read_settings({"GATEWAY_PROJECT_ID": str(snapshot.project_id), **_PATIENT})
        gateway = create_app(settings, transport=httpx.ASGITransport(app), now=now, monotonic=now)
        shown = await _ask(gateway, snapshot.project_id, viewer)
    finally:
        app.state.sandbox.close()
    by_id = {one["id"]: one for name in LISTS.values() for one in shown[name]}
    seen = {Chain(kind, number): by_id.get(encode(_IDS[kind], new)) for (kind, number), new in loaded.chain_ids.items()}
    return {chain: one for chain, one in seen.items() if one is not None}, loaded


async def _ask(gateway: Any, project_id: int, viewer: Viewer) -> Shown:
    headers = {"accept-language": viewer.language}
    if not viewer.is_anonymous:
        token = sandbox.mint_token(
            _PLAYER, project_id=project_id, attributes=viewer.attributes, lifetime_seconds=_A_DAY, now=viewer.at
        )
        headers["authorization"] = f"Bearer {token}"
    transport = httpx.ASGITransport(gateway)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.invalid") as http:
        answer = (await http.post("/graphql", json={"query": QUERY}, headers=headers)).json()
    if answer.get("errors"):
        codes = {str(error["extensions"]["code"]) for error in answer["errors"]}
        raise sandbox.SnapshotError(f"The gateway answers with {', '.join(sorted(codes))}. See docs/errors.md.")
    shown: Shown = answer["data"]["viewer"]
    return shown
