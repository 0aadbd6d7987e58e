"""The first page, at `/`: the projects with their keys and chains, the latest orders, and how to go on."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.pages.order_rows import load_order_rows
from gateway.sandbox.pages.project_overview import load_project
from gateway.sandbox.pages.rendering import PageRenderer
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.projects import all_projects

MOST_ORDERS = 5


class OverviewPage:
    """Shows the projects and the latest orders.

    API keys are shown, as publishers see theirs: with them the Admin calls can be tried. Tokens and secrets are not.
    """

    def __init__(self, database: Database, renderer: PageRenderer) -> None:
        """Take the database and what renders the page."""
        self._database = database
        self._renderer = renderer

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route("/", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """Show the page."""
        with self._database.read() as tx:
            projects = [load_project(tx, project) for project in all_projects(tx)]
            orders = load_order_rows(tx, MOST_ORDERS)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        return self._renderer.page(request, "overview.html", projects=projects, orders=orders, origin=origin)
