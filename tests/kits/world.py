"""What a scenario plays in: sandbox and gateway, a faulty network before them, and the player's device."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path

from graphql import build_schema

from gateway.client_kits.model import Kit
from gateway.client_kits.operations import read_kit
from gateway.sandbox import DEMO_PLAYERS
from gateway.schema import create_schema, ids
from tests.kits.driver import Driver, running_driver
from tests.kits.fault_proxy import FaultProxy, fault_proxy
from tests.support.manifests import by_hash, manifest, trusting
from tests.support.paths import GATEWAY
from tests.support.stack import WEBHOOK_SECRET, Stack, running_stack


@cache
def example_kit() -> Kit:
    """The model of the gateway's own example operations, which every kit is made of here."""
    return read_kit(build_schema(create_schema().as_str()), GATEWAY / "examples")


class World:
    """All of it, and the runs of one kit's game."""

    def __init__(self, stack: Stack, proxy: FaultProxy, command: Sequence[str], folder: Path, exits: AsyncExitStack):
        self.stack = stack
        self.proxy = proxy
        self.folder = folder
        self._command = command
        self._exits = exits

    async def start(self, *, player: int = 0, later: float = 0.0) -> Driver:
        """Start the game for a demo player, whose device's clock is right, or is `later` by so many seconds."""
        driver = await self._exits.enter_async_context(running_driver(self._command))
        await driver.do(
            "open",
            url=f"{self.proxy.url}/graphql",
            folder=str(self.folder),
            player=DEMO_PLAYERS[player].id,
            now=self.stack.clock() + later,
        )
        await driver.heard("opened")
        return driver

    async def sign_in(self, driver: Driver, *, player: int = 0, count: int = 1) -> str:
        """Answer the game's question for a token, once it has come so often."""
        await driver.heard("token_wanted", count=count)
        token = self.stack.token(DEMO_PLAYERS[player], lifetime_seconds=86_400 + count)
        await driver.do("token", token=token)
        return token

    async def signed_in(self, *, player: int = 0, later: float = 0.0) -> Driver:
        """Start the game with a token: the first screen has been shown."""
        driver = await self.start(player=player, later=later)
        shown = await driver.do("home")
        await self.sign_in(driver, player=player)
        assert (await driver.heard("home", id=shown))["error"] is None
        return driver

    async def wait(self, driver: Driver, seconds: float, *, count: int = 1) -> None:
        """Let a pause pass; `count` says how many pauses of that length the game has made by then."""
        await driver.heard("waiting", seconds=seconds, count=count)
        await driver.do("advance", seconds=seconds)

    async def pay(self, order: str) -> None:
        """Pay an order, as the player does on the payment page."""
        await self.stack.pay(*ids.decode(ids.IdKind.ORDER, order))

    def written(self) -> str:
        """Everything that the game has on the disk."""
        return "\n".join(file.read_text() for file in self.folder.rglob("*") if file.is_file())


@asynccontextmanager
async def world(command: Sequence[str], folder: Path) -> AsyncIterator[World]:
    """A gateway that takes the kit's trusted documents and no others, and a device without files."""
    documents, device = folder / "documents", folder / "device"
    documents.mkdir()
    device.mkdir()
    kit = example_kit()
    manifest(documents, "kit@1", by_hash(*(one.text for one in kit.operations)))
    async with (
        running_stack(trusting(documents, "require", GATEWAY_WEBHOOK_SECRET=WEBHOOK_SECRET)) as stack,
        fault_proxy(stack.gateway_url, kit.operations) as proxy,
        AsyncExitStack() as exits,
    ):
        yield World(stack, proxy, command, device, exits)
