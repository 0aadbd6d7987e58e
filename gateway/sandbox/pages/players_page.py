"""The pages of players: a list in which they are found by name or id, and one page for each, to set their progress."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.http.params import path_id
from gateway.sandbox.pages.forms import Acting, Form, read_fields
from gateway.sandbox.pages.order_rows import load_order_rows
from gateway.sandbox.pages.paging import Paging, paging
from gateway.sandbox.pages.player_progress import MEANINGS, PlayerProgress, load_progress
from gateway.sandbox.pages.project_overview import load_project
from gateway.sandbox.pages.rendering import PAGES, PageRenderer
from gateway.sandbox.sandbox import Sandbox
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.players import count_players, numbered_player, search_players
from gateway.sandbox.storage.projects import Project, all_projects, find_project

PATH = PAGES + "/players"
_PLAYER = PATH + "/{player_number}"
PAGE_SIZE = 10
_MOST_ORDERS = 10


class ProgressForm(msgspec.Struct, frozen=True):
    """What to set in a chain; a field that is left empty changes nothing."""

    chain_id: int
    taken: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    points: Annotated[int, Meta(ge=0, le=10**9)] | None = None


class PlayersPage:
    """Lists a project's players page by page, so that a thousand of them are as fast as ten."""

    def __init__(self, sandbox: Sandbox, renderer: PageRenderer) -> None:
        """Take the sandbox that holds the players, and what renders the pages."""
        self._sandbox = sandbox
        self._renderer = renderer
        self._acting = Acting(renderer)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            Route(PATH, self.list, methods=["GET"]),
            Route(_PLAYER, self.show, methods=["GET"]),
            Route(_PLAYER, self.set_progress, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Show the players of the project `project` whose name or id contains `find`; those who ordered last first."""
        text = request.query_params.get("find", "")
        with self._sandbox.database.read() as tx:
            projects = all_projects(tx)
            project = _chosen(projects, request.query_params.get("project"))
            total = count_players(tx, project.project_id, text) if project else 0
            shown = paging(request, PAGE_SIZE, total)
            players = _load_players(tx, project, text, shown) if project else []
        return self._renderer.page(
            request,
            "players.html",
            projects=projects,
            project=project,
            find=text,
            paging=shown,
            players=players,
            meanings=MEANINGS,
        )

    async def show(self, request: Request) -> Response:
        """Show one player, with forms to set their progress."""
        with self._sandbox.database.read() as tx:
            player = numbered_player(tx, path_id(request, "player_number"))
            project = find_project(tx, player.project_id) if player else None
            progress = load_progress(tx, load_project(tx, project), player) if player and project else None
            orders = load_order_rows(tx, _MOST_ORDERS, player=player)
        if progress is None:
            return self._renderer.message(request, "There is no such player", "They may have been deleted.", 404)
        return self._renderer.page(request, "player.html", progress=progress, orders=orders, meanings=MEANINGS)

    async def set_progress(self, request: Request) -> Response:
        """Set how many steps of a chain the player has taken, and in a reward chain their points."""

        def act(form: Form) -> str:
            fields, number = read_fields(form, ProgressForm), path_id(request, "player_number")
            if fields.points is not None:
                self._sandbox.set_points(number, fields.chain_id, fields.points)
            if fields.taken is not None:
                self._sandbox.set_taken_steps(number, fields.chain_id, fields.taken)
            return "progress"

        return await self._acting(request, act)


def _chosen(projects: tuple[Project, ...], number: str | None) -> Project | None:
    chosen = (project for project in projects if str(project.project_id) == number)
    return next(chosen, next(iter(projects), None))


def _load_players(tx: Transaction, project: Project, text: str, shown: Paging) -> list[PlayerProgress]:
    overview = load_project(tx, project)
    found = search_players(tx, project.project_id, text, shown.size, shown.first)
    return [load_progress(tx, overview, player) for player in found]
