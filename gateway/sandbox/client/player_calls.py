"""A player's call: its project, player and languages, inside one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from starlette.requests import Request

from gateway.sandbox.domain.languages import Texts, choose_text, parse_accept_language
from gateway.sandbox.domain.tokens import PlayerClaims, verify_token
from gateway.sandbox.errors import NotFoundError, TokenNotFoundError, UnauthorizedError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.players import Player, Viewer, find_opaque_token, find_player, is_up_to_date, upsert_player
from gateway.sandbox.storage.projects import Project, find_project


@dataclass(frozen=True, slots=True)
class PlayerCall:
    """An authenticated call; `origin` is the address that it was made to, for links to the sandbox's own pictures."""

    tx: Transaction
    viewer: Viewer
    languages: tuple[str, ...]
    origin: str

    def require_player(self) -> Player:
        """Return the player; raises UnauthorizedError for an anonymous caller."""
        if self.viewer.player is None:
            raise UnauthorizedError
        return self.viewer.player

    def in_language(self, language: str) -> "PlayerCall":
        """The same call in another language than its header asks for."""
        return replace(self, languages=(language,))

    def text(self, texts: Texts | None) -> str | None:
        """Pick the player's language."""
        return choose_text(texts, self.languages)

    def name(self, texts: Texts | None) -> str:
        """Pick the player's language of a text that a response must have."""
        return choose_text(texts, self.languages) or ""

    def absolute_url(self, url: str | None) -> str | None:
        """Complete the address of a picture that the sandbox serves itself."""
        return self.origin + url if url and url.startswith("/") else url


class PlayerCalls:
    """Begins calls: finds the project and checks the player's token.

    A call without a token is anonymous; an invalid token is refused even where no token is needed.
    """

    def __init__(self, database: Database) -> None:
        """Take the database, in which new players are stored."""
        self._database = database

    @contextmanager
    def read(self, request: Request) -> Iterator[PlayerCall]:
        """Begin a call that only reads, except that its token may create or update the player."""
        with self._database.read() as tx:
            project = _project(tx, request)
            claims = _claims(tx, request, project)
            player = find_player(tx, project.project_id, claims.player_id) if claims else None
            if claims is None or (player and is_up_to_date(player, claims)):
                yield _player_call(tx, request, project, player)
                return
        # A player's new name or attributes are written, and read back, in one transaction.
        with self.write(request) as call:
            yield call

    @contextmanager
    def write(self, request: Request) -> Iterator[PlayerCall]:
        """Begin a call that writes; an exception undoes its changes."""
        with self._database.write() as tx:
            project = _project(tx, request)
            claims = _claims(tx, request, project)
            player = upsert_player(tx, project.project_id, claims) if claims else None
            yield _player_call(tx, request, project, player)


def _project(tx: Transaction, request: Request) -> Project:
    project = find_project(tx, path_id(request, "project_id"))
    if project is None:
        raise NotFoundError("Project not found")
    return project


def _claims(tx: Transaction, request: Request, project: Project) -> PlayerClaims | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError
    if token.count(".") == 2:
        return verify_token(token, project.login_secret, project.project_id, tx.now)
    player = find_opaque_token(tx, project.project_id, token)
    if player is None:
        raise TokenNotFoundError
    return PlayerClaims(player.player_id, name=None, attributes=None)


def _player_call(tx: Transaction, request: Request, project: Project, player: Player | None) -> PlayerCall:
    return PlayerCall(
        tx=tx,
        viewer=Viewer(project.project_id, player),
        languages=parse_accept_language(request.headers.get("accept-language", "")),
        origin=f"{request.url.scheme}://{request.url.netloc}",
    )
