"""The players of a project, as their tokens describe them.

A player exists from the first token that names them. Which attribute carries the clan is not documented: here it is
`clan`. Players without a clan join the one that their token names, so that a demo works at once; after that only the
clan update call moves them.
"""

import sqlite3

import msgspec

from gateway.sandbox.domain.tokens import PlayerClaims, token_digest
from gateway.sandbox.domain.visibility import Attributes
from gateway.sandbox.storage.database import Transaction

CLAN_ATTRIBUTE = "clan"
_decode_attributes = msgspec.json.Decoder(dict[str, str]).decode
_encode = msgspec.json.encode
_NAMED = "project_id = :project_id AND (instr(lower(name), lower(:text)) OR instr(lower(player_id), lower(:text)))"
_COUNT = f"SELECT count(*) AS total FROM players WHERE {_NAMED}"  # noqa: S608 - made of constants
# Those who never ordered or claimed come last, in the order of their creation.
_SEARCH = f"""
    SELECT * FROM players WHERE {_NAMED}
    ORDER BY (SELECT coalesce(max(order_id), 0) FROM orders WHERE orders.player_number = players.player_number) DESC,
        player_number
    LIMIT :count OFFSET :first
"""  # noqa: S608 - made of constants


class Player(msgspec.Struct, frozen=True):
    """A player; `player_number` is the database's, `player_id` the login service's; `clan` is their current clan."""

    player_number: int
    project_id: int
    player_id: str
    name: str
    attributes: Attributes
    clan: str | None

    @property
    def wanted_clan(self) -> str | None:
        """The clan that the player's attributes name."""
        return self.attributes.get(CLAN_ATTRIBUTE) or None


class Viewer(msgspec.Struct, frozen=True):
    """The caller whose view of a project is shown: a player, or with None an anonymous caller."""

    project_id: int
    player: Player | None

    @property
    def attributes(self) -> Attributes | None:
        """What conditions are compared with."""
        return self.player.attributes if self.player else None


def find_player(tx: Transaction, project_id: int, player_id: str) -> Player | None:
    """Find a player by the login service's id."""
    row = tx.one(
        "SELECT * FROM players WHERE project_id = :project_id AND player_id = :player_id",
        project_id=project_id,
        player_id=player_id,
    )
    return _player(row) if row else None


def numbered_player(tx: Transaction, player_number: int) -> Player | None:
    """Find a player by the database's number."""
    row = tx.one("SELECT * FROM players WHERE player_number = :player_number", player_number=player_number)
    return _player(row) if row else None


def get_player(tx: Transaction, player_number: int) -> Player:
    """Load a player that is known to exist."""
    (row,) = tx.all("SELECT * FROM players WHERE player_number = :player_number", player_number=player_number)
    return _player(row)


def all_players(tx: Transaction, project_id: int) -> tuple[Player, ...]:
    """List the players of a project in the order of their creation."""
    rows = tx.all("SELECT * FROM players WHERE project_id = :project_id ORDER BY player_number", project_id=project_id)
    return tuple(map(_player, rows))


def search_players(tx: Transaction, project_id: int, text: str, count: int, first: int) -> tuple[Player, ...]:
    """Find `count` players whose name or id contains the text, after the `first`: those who ordered last come first."""
    rows = tx.all(_SEARCH, project_id=project_id, text=text, count=count, first=first)
    return tuple(map(_player, rows))


def count_players(tx: Transaction, project_id: int, text: str) -> int:
    """Count the players whose name or id contains the text."""
    (row,) = tx.all(_COUNT, project_id=project_id, text=text)
    total: int = row["total"]
    return total


def is_up_to_date(player: Player, claims: PlayerClaims) -> bool:
    """Say whether the stored player already has all that a token's claims say."""
    return player.name == (claims.name or player.name) and claims.attributes in (None, player.attributes)


def upsert_player(tx: Transaction, project_id: int, claims: PlayerClaims) -> Player:
    """Create or update a player from a token's claims; its attributes, if any, replace the stored ones."""
    known = find_player(tx, project_id, claims.player_id)
    if known and is_up_to_date(known, claims):
        return known
    stored = known.attributes if known else {}
    attributes = stored if claims.attributes is None else claims.attributes
    (row,) = tx.all(
        "INSERT INTO players (project_id, player_id, name, attributes, clan)"
        " VALUES (:project_id, :player_id, :name, :attributes, :clan)"
        " ON CONFLICT (project_id, player_id) DO UPDATE"
        " SET name = excluded.name, attributes = excluded.attributes, clan = coalesce(clan, excluded.clan)"
        " RETURNING *",
        project_id=project_id,
        player_id=claims.player_id,
        name=claims.name or (known.name if known else claims.player_id),
        attributes=_encode(dict(attributes)).decode(),
        clan=attributes.get(CLAN_ATTRIBUTE) or None,
    )
    return _player(row)


def set_attributes(tx: Transaction, player: Player, attributes: Attributes) -> None:
    """Store other attributes, as the login service's own API would; the player's clan stays until it is updated."""
    tx.run(
        "UPDATE players SET attributes = :attributes WHERE player_number = :player_number",
        attributes=_encode(dict(attributes)).decode(),
        player_number=player.player_number,
    )


def set_clan(tx: Transaction, player: Player, clan: str | None) -> None:
    """Make the player a member of a clan, or of none."""
    tx.run(
        "UPDATE players SET clan = :clan WHERE player_number = :player_number",
        clan=clan,
        player_number=player.player_number,
    )


def store_opaque_token(tx: Transaction, player: Player, token: str, expires_at: float) -> None:
    """Accept an opaque token for the player until it expires (client contract, 6.3)."""
    tx.run(
        "INSERT INTO access_tokens (token_digest, player_number, expires_at)"
        " VALUES (:token_digest, :player_number, :expires_at)",
        token_digest=token_digest(token),
        player_number=player.player_number,
        expires_at=expires_at,
    )


def find_opaque_token(tx: Transaction, project_id: int, token: str) -> Player | None:
    """Find whose opaque token this is, None when it was never issued for this project or has expired."""
    row = tx.one(
        "SELECT players.* FROM access_tokens JOIN players USING (player_number)"
        " WHERE token_digest = :token_digest AND expires_at > :now AND project_id = :project_id",
        token_digest=token_digest(token),
        now=tx.now,
        project_id=project_id,
    )
    return _player(row) if row else None


def _player(row: sqlite3.Row) -> Player:
    return Player(
        player_number=row["player_number"],
        project_id=row["project_id"],
        player_id=row["player_id"],
        name=row["name"],
        attributes=_decode_attributes(row["attributes"]),
        clan=row["clan"],
    )
