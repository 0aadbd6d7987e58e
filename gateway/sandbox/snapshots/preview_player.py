"""Makes the player of a preview: their attributes, their clan, and how far they are in one chain."""

from collections.abc import Mapping
from typing import NamedTuple

from gateway.sandbox.actions.progress import set_points, set_taken_steps
from gateway.sandbox.domain.tokens import PlayerClaims
from gateway.sandbox.errors import ApiError
from gateway.sandbox.snapshots.attempts import reason_of
from gateway.sandbox.snapshots.snapshot import SnapshotError
from gateway.sandbox.storage.chain_writes import toggle_chain
from gateway.sandbox.storage.chains import ChainKind, find_published
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.players import upsert_player


class PreviewPlayer(NamedTuple):
    """A player who does not exist; `taken` is how many steps they have taken, `points` what they have earned."""

    player_id: str
    attributes: Mapping[str, str]
    taken: int | None = None
    points: int | None = None


def prepare_preview(database: Database, project_id: int, kind: str, chain_id: int, player: PreviewPlayer) -> None:
    """Switch a chain on and bring a player as far in it as they are to be; `kind` is a snapshot's, `offer_chains`.

    Raises SnapshotError where nobody can be that far.
    """
    with database.write() as tx:
        made = upsert_player(tx, project_id, PlayerClaims(player.player_id, None, dict(player.attributes)))
        chain = find_published(tx, project_id, ChainKind(kind.removesuffix("_chains")), chain_id)
        assert chain is not None  # noqa: S101 - it was just loaded
        if not chain.is_enabled:
            toggle_chain(tx, chain)
        try:
            if player.points is not None:
                set_points(tx, made, chain, player.points)
            if player.taken is not None:
                set_taken_steps(tx, made, chain, player.taken)
        except ApiError as refused:
            reason = reason_of(refused).removeprefix("Unprocessable Entity. ")
            raise SnapshotError(f"Nobody can be that far in the chain: {reason}.") from None
