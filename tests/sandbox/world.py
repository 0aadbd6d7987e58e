"""What most tests use: a clock that tests move, and games whose responses are all checked against the contract."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette

from gateway.sandbox import DEMO_PROJECT_ID, DemoPlayer, Sandbox, mint_token
from gateway.sandbox.storage.database import Transaction
from tests.sandbox.contract import ADMIN_DOCUMENT, load_operations

WEDNESDAY_NOON = 1767787200.0
"""2026-01-07T12:00:00Z, when most tests begin."""
ORIGIN = "http://sandbox.test"
HOUR = 3600
DAY = 24 * HOUR


class Clock:
    """Tells the time that the test sets."""

    def __init__(self, now: float = WEDNESDAY_NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Randomness:
    """Bytes that are never the same twice, and the same in each run."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, count: int) -> bytes:
        self._next += 1
        return self._next.to_bytes(2, "big") + bytes([0xFB]) * (count - 2)


class CheckedTransport(httpx.ASGITransport):
    """Calls the application in process; what is not as declared of a vendor's call fails the test.

    Every answer is compared, and each body that was accepted.
    """

    operations = load_operations() + load_operations(ADMIN_DOCUMENT)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        body = await response.aread()
        for operation in self.operations:
            if operation.method == request.method and operation.pattern.fullmatch(request.url.path):
                operation.check(response.status_code, body, response.json() if body else None)
                if response.is_success:
                    operation.check_accepted(json.loads(request.content) if request.content else None)
        return response


def connect(app: Starlette) -> httpx.AsyncClient:
    """Open a client of the application, without a token."""
    return httpx.AsyncClient(transport=CheckedTransport(app, raise_app_exceptions=False), base_url=ORIGIN)


class Game:
    """A player's game, or without a token an anonymous caller's."""

    def __init__(self, client: httpx.AsyncClient, token: str | None, project_id: int = DEMO_PROJECT_ID) -> None:
        self.client = client
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._root = f"/api/v2/project/{project_id}"

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(self._root + path, headers=self.headers | headers)

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.client.post(self._root + path, json=body, headers=self.headers)

    async def put(self, path: str) -> httpx.Response:
        return await self.client.put(self._root + path, headers=self.headers)

    async def offer_chains(self) -> dict[str, Any]:
        """Read the active offer chains by English name."""
        return {chain["name"]: chain for chain in (await self.get("/user/offer_chain")).json()["items"]}

    async def reward_chains(self) -> dict[str, Any]:
        """Read the active reward chains by English name."""
        return {chain["name"]: chain for chain in (await self.get("/user/reward_chain")).json()["items"]}

    async def daily_chains(self) -> dict[str, Any]:
        """Read the active daily chains by English name."""
        return {chain["name"]: chain for chain in (await self.get("/user/daily_chain")).json()["items"]}

    async def claim_daily(self, chain: int, step: int) -> httpx.Response:
        return await self.post(f"/user/daily_chain/{chain}/step/number/{step}/claim")

    async def claim_offer(self, chain: int, step: int) -> httpx.Response:
        return await self.post(f"/user/offer_chain/{chain}/step/number/{step}/claim")

    async def order_offer(self, chain: int, step: int) -> httpx.Response:
        return await self.post(f"/user/offer_chain/{chain}/step/number/{step}/order")

    async def claim_reward(self, chain: int, step_id: int) -> httpx.Response:
        return await self.post(f"/user/reward_chain/{chain}/step/{step_id}/claim")

    async def order_status(self, order_id: int) -> str:
        status: str = (await self.get(f"/order/{order_id}")).json()["status"]
        return status

    async def pay(self, order_id: int) -> str:
        status: str = (await self.client.post(f"/_sandbox/orders/{order_id}/pay")).json()["status"]
        return status


class World:
    """A sandbox with its clock and its one client."""

    def __init__(self, app: Starlette, clock: Clock, client: httpx.AsyncClient) -> None:
        self.app = app
        self.clock = clock
        self.client = client
        self.sandbox: Sandbox = app.state.sandbox

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements that the database runs meanwhile."""
        run: list[str] = []
        connection = self.sandbox.database._connection
        connection.set_trace_callback(run.append)
        yield run
        connection.set_trace_callback(None)

    def game(self, player: DemoPlayer, attributes: Mapping[str, object] | None = None) -> Game:
        """Sign a player in; `attributes` replace their own."""
        token = mint_token(
            player.id,
            name=player.name,
            attributes=player.attributes if attributes is None else attributes,
            now=self.clock.now,
        )
        return Game(self.client, token)

    def anonymous(self) -> Game:
        """Open the game without signing in."""
        return Game(self.client, None)

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a transaction, to publish what the demo does not have."""
        return self.sandbox.database.write()

    async def open_payment(self, token: str) -> httpx.Response:
        return await self.client.get(f"/paystation4/?{urlencode({'token': token})}")

    async def decide_payment(self, token: str, action: str) -> httpx.Response:
        return await self.client.post("/paystation4/", data={"token": token, "action": action}, follow_redirects=True)


def refusal(response: httpx.Response) -> tuple[int, int]:
    """Read status and number of a refusal."""
    assert response.status_code == response.json()["statusCode"]
    return response.status_code, response.json()["errorCode"]


def basic(text: str) -> str:
    """Write a Basic authorization, which no client call takes."""
    return "Basic " + base64.b64encode(text.encode()).decode()
