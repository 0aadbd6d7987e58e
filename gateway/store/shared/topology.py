"""Which server has a key: the only one, the primary that sentinels name, or the one of a cluster."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from redis.crc import key_slot

from gateway.store.settings import Address, Layout, StoreSettings
from gateway.store.shared.connections import Connection, Greet, Node, maker
from gateway.store.shared.failures import FAILURES, is_error


class Topology(Protocol):
    """The servers of a store. Finding one may raise what talking to servers raises."""

    @property
    def is_cluster(self) -> bool: ...

    async def node(self, key: str) -> Node:
        """The server that has a key."""
        ...

    async def nodes(self) -> Sequence[Node]:
        """All primaries."""
        ...

    def at(self, address: Address) -> Node:
        """The server at an address."""
        ...

    def moved(self, key: str, address: Address) -> None:
        """Take in that another server has the key's slot for good."""
        ...

    def failed(self, node: Node) -> None:
        """Take in that a server does not serve: who has its keys is looked up again."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


def topology(settings: StoreSettings, greet: Greet) -> Topology:
    """The servers that the settings name; nothing is asked of them yet."""
    make = maker(settings)
    if settings.url.layout is Layout.CLUSTER:
        return Cluster(settings.url.addresses, make, greet)
    if settings.url.layout is Layout.SENTINEL:
        return Sentinels(settings, make, greet)
    return Single(Node(settings.url.addresses[0], make, greet))


class Single:
    """One server at one address; a managed service may put another machine behind it."""

    is_cluster = False

    def __init__(self, node: Node) -> None:
        self._node = node

    async def node(self, key: str) -> Node:  # noqa: ARG002
        """The server."""
        return self._node

    async def nodes(self) -> Sequence[Node]:
        """The server."""
        return (self._node,)

    def at(self, address: Address) -> Node:  # noqa: ARG002
        """The server: it names no others."""
        return self._node

    def moved(self, key: str, address: Address) -> None:
        """Nothing ever moves."""

    def failed(self, node: Node) -> None:
        """There is no other."""

    async def aclose(self) -> None:
        """Close all connections."""
        await self._node.aclose()


async def _nobody(node: Node, connection: Connection) -> None:
    """Greet a sentinel: there is nothing to find out about it."""


class _Searching:
    """Finds something out once for all who wait for it, for as long as it takes."""

    def __init__(self) -> None:
        self._search: asyncio.Task[None] | None = None

    async def join(self, search: Callable[[], "asyncio.Task[None]"]) -> None:
        """Wait for the search under way, or for a new one; leaving does not end it."""
        if self._search is None or self._search.done():
            self._search = search()
        await asyncio.shield(self._search)

    async def aclose(self) -> None:
        """End the search."""
        if self._search is not None:
            self._search.cancel()
            await asyncio.gather(self._search, return_exceptions=True)


class Sentinels:
    """A primary that sentinels name; asked again after every failure, since nobody tells of a failover."""

    is_cluster = False

    def __init__(self, settings: StoreSettings, make: Callable[[Address], Connection], greet: Greet) -> None:
        self._service = settings.url.service
        self._seconds = settings.seconds
        self._make = make
        self._greet = greet
        ask = maker(settings, is_sentinel=True)
        self._sentinels = [Node(address, ask, _nobody) for address in settings.url.addresses]
        self._searching = _Searching()
        self._node: Node | None = None
        self._former: set[asyncio.Task[None]] = set()

    async def node(self, key: str = "") -> Node:  # noqa: ARG002
        """The primary."""
        while self._node is None:
            # Longer than one command may take, where the first sentinels are down; the next command finds it done.
            await self._searching.join(lambda: asyncio.create_task(self._search()))
        return self._node

    async def nodes(self) -> Sequence[Node]:
        """The primary."""
        return (await self.node(),)

    def at(self, address: Address) -> Node:
        """A server that is named by another: none is."""
        raise ConnectionError(f"{address} is not the primary")

    def moved(self, key: str, address: Address) -> None:
        """Nothing ever moves."""

    def failed(self, node: Node) -> None:
        """Ask the sentinels again."""
        if node is self._node:
            self._node = None
            closing = asyncio.create_task(node.aclose())
            self._former.add(closing)
            closing.add_done_callback(self._former.discard)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._searching.aclose()
        await asyncio.gather(*self._former)
        for node in (*self._sentinels, *([self._node] if self._node else [])):
            await node.aclose()

    async def _search(self) -> None:
        """Ask one sentinel after the other; who answered is asked first the next time."""
        for sentinel in tuple(self._sentinels):
            try:
                async with asyncio.timeout(self._seconds):
                    [reply] = await sentinel.exchange([("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._service)])
            except (TimeoutError, *FAILURES):
                continue
            if reply and not is_error(reply):
                self._sentinels.remove(sentinel)
                self._sentinels.insert(0, sentinel)
                self._node = Node(Address(reply[0].decode(), int(reply[1])), self._make, self._greet)
                return
        raise ConnectionError("no sentinel knows the primary")


class Cluster:
    """The primaries of a cluster, each with its slots.

    The map is asked for when it is needed and after failures; a slot that moves meanwhile is learnt from the server.
    """

    is_cluster = True

    def __init__(self, seeds: Sequence[Address], make: Callable[[Address], Connection], greet: Greet) -> None:
        self._seeds = seeds
        self._make = make
        self._greet = greet
        self._nodes: dict[Address, Node] = {}
        self._slots: dict[int, Address] = {}
        self._searching = _Searching()

    async def node(self, key: str) -> Node:
        """The server that has the key's slot."""
        slot = key_slot(key.encode())
        if slot not in self._slots:
            await self._searching.join(lambda: asyncio.create_task(self._search()))
        if slot not in self._slots:
            raise ConnectionError("a slot of the cluster has no server")
        return self.at(self._slots[slot])

    async def nodes(self) -> Sequence[Node]:
        """All primaries."""
        if not self._slots:
            await self._searching.join(lambda: asyncio.create_task(self._search()))
        return [self.at(address) for address in sorted(set(self._slots.values()))]

    def at(self, address: Address) -> Node:
        """The server at an address, which may be new."""
        if address not in self._nodes:
            self._nodes[address] = Node(address, self._make, self._greet)
        return self._nodes[address]

    def moved(self, key: str, address: Address) -> None:
        """Take in that another server has the key's slot."""
        self._slots[key_slot(key.encode())] = address

    def failed(self, node: Node) -> None:  # noqa: ARG002
        """Ask for the map again: another server may have been promoted."""
        self._slots.clear()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._searching.aclose()
        for node in self._nodes.values():
            await node.aclose()

    async def _search(self) -> None:
        """Ask the servers that are known, then those of the settings, until one has the map."""
        for address in dict.fromkeys((*self._nodes, *self._seeds)):
            node = Node(address, self._make, _nobody)
            try:
                # A connection to it has a bound of its own, and who waits for this has another.
                async with asyncio.timeout(1):
                    [reply] = await node.exchange([("CLUSTER", "SLOTS")])
            except (TimeoutError, *FAILURES):
                continue
            finally:
                await node.aclose()
            if reply and not is_error(reply):
                self._slots = {
                    slot: Address((one[0] or address.host.encode()).decode(), one[1])
                    for first, last, one, *_ in reply
                    for slot in range(first, last + 1)
                }
                return
        raise ConnectionError("no server of the cluster tells who has which keys")
