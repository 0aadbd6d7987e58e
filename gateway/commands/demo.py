"""`gateway demo`: the gateway and its sandbox upstream, in one process or several, with demo players."""

import argparse
import json
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from gateway import sandbox
from gateway.commands.demo_clock import DemoClock
from gateway.commands.demo_shop import create_app_with_shop
from gateway.commands.demo_store import local_store
from gateway.commands.options import add_examples, add_listening, add_workers, port_number, say
from gateway.commands.sites import gateway_sites, listen_for_admin, warn_of_replaced_settings
from gateway.commands.snapshots import add_from, load
from gateway.commands.workers import check_platform, listen_by_workers, serve_by_workers
from gateway.errors import UsageError
from gateway.server.listener import OPTIONS, Listener, Names, listen, url
from gateway.server.serve import Site, run
from gateway.settings import read_settings
from gateway.telemetry import log
from gateway.web.graphiql import GraphiQLSetup, PagePlayer
from gateway.workers.companion import companion
from gateway.workers.worker import Seat, Worker

DOCS_URL = "https://github.com/liveops-gateway/liveops-gateway/tree/main/docs"

QUERY = "{ viewer { id offerChains { id name nextAction nextStep { id number isFree } } badge { claimableCount } } }"
"""The query that the demo suggests to send first."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway demo",
        "gateway demo --database demo.sqlite3",
        "gateway demo --from project.json    (made with gateway sandbox import)",
        "gateway demo --port 0 --sandbox-port 0 --json",
        "gateway demo --workers 2    (with valkey-server or redis-server installed)",
    )
    add_listening(parser, port=8000)
    add_workers(parser)
    add_from(parser)
    parser.add_argument(
        "--sandbox-port", type=port_number, default=8001, metavar="PORT", help="port of the sandbox (8001)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as the first line, for scripts")
    parser.set_defaults(run=demo)


def demo(options: argparse.Namespace) -> int:
    """Serve both until SIGINT or SIGTERM. Raises UsageError."""
    with ExitStack() as closing:
        upstream = closing.enter_context(listen(options.host, options.sandbox_port, Names("--host", "--sandbox-port")))
        environment = _environment(options, url(upstream), closing)
        settings = read_settings(environment)
        log.configure(settings.log_level, settings.log_format, info_lines_per_second=settings.log_lines_per_second)
        warn_of_replaced_settings(os.environ)
        players = [_with_token(player, settings.project_id) for player in sandbox.DEMO_PLAYERS]
        clock = DemoClock()
        graphiql = _graphiql(url(upstream), players)
        shop = partial(create_app_with_shop, player=players[0])
        create = partial(shop, now=clock.now, monotonic=clock.monotonic, graphiql=graphiql)

        def announce(listener: Listener) -> None:
            facts = _facts(url(listener), url(upstream), settings.project_id, players)
            say(json.dumps(facts) if options.json else _text(facts, players))

        if settings.workers > 1:
            sites = listen_by_workers(settings, options.host, options.port, OPTIONS, closing)
            job = partial(_serve_sandbox, options=options, gateway_url=url(sites[0][0]), clock=clock)
            closing.enter_context(companion(job, Seat(0, Path(), [[upstream]])))
            return serve_by_workers(settings, sites, lambda public, *_: announce(public), environment, create)
        listener = closing.enter_context(listen(options.host, options.port))
        sandbox_app = _sandbox(options, url(listener), clock)
        app = create(settings, environment=environment)
        admin = closing.enter_context(listen_for_admin(settings))
        both = [Site(sandbox_app, upstream), *gateway_sites(settings, app, listener, admin)]
        return run(both, lambda: announce(listener), drain_seconds=settings.drain_seconds)


def _environment(options: argparse.Namespace, upstream_url: str, closing: ExitStack) -> dict[str, str]:
    """The settings of the gateway, as variables; several workers get a store where none is named."""
    environment = {
        "GATEWAY_LOG_LEVEL": "warning",
        "GATEWAY_LOG_FORMAT": "text",
        "GATEWAY_GRAPHIQL": "on",
        "GATEWAY_INTROSPECTION": "on",
        **os.environ,
        **options.workers,
        "GATEWAY_PROJECT_ID": str(project_id(options)),
        "GATEWAY_UPSTREAM_URL": f"{upstream_url}/api",
        "GATEWAY_PAYMENT_MODE": "sandbox",
        "GATEWAY_PAYMENT_URL": f"{upstream_url}/paystation4/",
        "GATEWAY_WEBHOOK_SECRET": sandbox.DEMO_WEBHOOK_SECRET,
    }
    environment.pop("GATEWAY_WEBHOOK_SECRET_FILE", None)
    is_alone = environment.get("GATEWAY_WORKERS", "").strip() in {"", "1"}
    if not is_alone and not environment.get("GATEWAY_STORE_URL"):
        check_platform()
        environment["GATEWAY_STORE_URL"] = closing.enter_context(local_store())
    return environment


def project_id(options: argparse.Namespace) -> int:
    """The number of the project that the demo has: its own, or a snapshot's."""
    return sandbox.DEMO_PROJECT_ID if options.snapshot is None else int(options.snapshot.project_id)


def _sandbox(options: argparse.Namespace, gateway_url: str, clock: DemoClock) -> Starlette:
    """The sandbox, which sends webhooks to the gateway and moves its clock. Raises UsageError."""
    snapshot: sandbox.Snapshot | None = options.snapshot
    try:
        app = sandbox.create_sandbox(
            options.database,
            seed_demo=snapshot is None,
            changed=clock.follow,
            links={"GraphiQL": f"{gateway_url}/graphiql"},
        )
    except sandbox.DatabaseUnusableError as error:
        raise UsageError(str(error)) from None
    if snapshot is not None:
        load(app, snapshot)
    clock.follow(app.state.sandbox.clock_offset())
    app.state.sandbox.send_webhooks(
        f"{gateway_url}/webhooks/xsolla", sandbox.DEMO_WEBHOOK_SECRET, project_id=project_id(options)
    )
    return app


def _serve_sandbox(worker: Worker, *, options: argparse.Namespace, gateway_url: str, clock: DemoClock) -> int:
    """What the sandbox's process does, where the gateway has several."""
    log.configure("warning", "text")
    (listener,) = worker.seat.listeners
    return run([Site(_sandbox(options, gateway_url, clock), listener)], worker.announce, control=worker.control)


def _graphiql(sandbox_url: str, players: Sequence[dict[str, str]]) -> GraphiQLSetup:
    """The players to be in GraphiQL. It starts with the one who has something to claim, to buy and to earn."""
    first = sandbox.VETERAN_PLAYER.id
    ordered = sorted(players, key=lambda player: player["id"] != first)
    return GraphiQLSetup(
        players=tuple(PagePlayer(one["name"], f"Bearer {one['token']}") for one in ordered),
        # Other pages of the demo, in the order in which the bar shows them.
        links=(("Sandbox", sandbox_url), ("Docs", DOCS_URL)),
        runs_first=True,
    )


def _facts(gateway_url: str, sandbox_url: str, project_id: int, players: Sequence[dict[str, str]]) -> dict[str, object]:
    return {
        "graphql_url": f"{gateway_url}/graphql",
        "graphiql_url": f"{gateway_url}/graphiql",
        "shop_url": f"{gateway_url}/shop/",
        "sandbox_url": sandbox_url,
        "project_id": project_id,
        "api_key": sandbox.DEMO_API_KEY,
        "players": players,
    }


def _with_token(player: sandbox.DemoPlayer, project_id: int) -> dict[str, str]:
    token = sandbox.mint_token(
        player.id,
        project_id=project_id,
        name=player.name,
        attributes=player.attributes,
        lifetime_seconds=None,
        now=time.time(),
    )
    return {"id": player.id, "name": player.name, "token": token}


def _text(facts: dict[str, object], players: Sequence[dict[str, str]]) -> str:
    body = json.dumps({"query": QUERY})
    tokens = "\n".join(f"  {player['name']} ({player['id']})\n    {player['token']}" for player in players)
    return f"""
GraphiQL   {facts["graphiql_url"]}
Shop       {facts["shop_url"]}   (a web shop, as {players[0]["name"]})
GraphQL    {facts["graphql_url"]}
Sandbox    {facts["sandbox_url"]}   (the upstream: pay, move the clock, break it; project {facts["project_id"]})

Players and their tokens:
{tokens}

Try it from another terminal, as a player:
  curl -s {facts["graphql_url"]} -H 'Content-Type: application/json' -H 'Authorization: Bearer {players[0]["token"]}' \
-d '{body}'

As a publisher, with the sandbox's API key {facts["api_key"]}:
  curl -s -u {facts["project_id"]}:{facts["api_key"]} \
{facts["sandbox_url"]}/api/v2/project/{facts["project_id"]}/admin/offer_chain/id/1

Ctrl+C stops everything."""
