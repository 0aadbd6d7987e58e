"""Reads and moves the sandbox's clock under `/_sandbox/clock`."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.clock import ClockMove, move_clock, read_clock
from gateway.sandbox.storage.database import Database

PATH = PREFIX + "/clock"


class ClockControls:
    """Reads the clock and moves it ahead."""

    def __init__(self, database: Database) -> None:
        """Take the database that keeps the clock's offset."""
        self._database = database

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route(PATH, self.read, methods=["GET"]), Route(PATH, self.move, methods=["POST"])]

    async def read(self, _: Request) -> Response:
        """Return the sandbox's time."""
        with self._database.read() as tx:
            return JsonResponse(read_clock(tx))

    async def move(self, request: Request) -> Response:
        """Move the clock ahead: `{"advance_seconds": 60}`, or `{"now": …}` in seconds since 1970 or as a date.

        Tokens expire and chains renew by this clock, and webhooks that wait for their next attempt become due by it.
        """
        move = await read_json(request, ClockMove)
        with self._database.write() as tx:
            return JsonResponse(move_clock(tx, move))
