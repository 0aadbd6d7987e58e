"""`gateway demo`: the gateway and its sandbox upstream in one process, with demo players."""

import argparse
import json
import os
import time
from collections.abc import Sequence

from gateway import sandbox
from gateway.app import create_app
from gateway.commands.options import add_examples, add_listening, port_number, say
from gateway.commands.sites import gateway_sites, listen_for_admin, warn_of_replaced_settings
from gateway.errors import UsageError
from gateway.server.listener import Names, listen, url
from gateway.server.serve import Site, run
from gateway.settings import read_settings
from gateway.telemetry import log

QUERY = "{ viewer { id offerChains { id name nextAction nextStep { id number isFree } } badge { claimableCount } } }"
"""The query that the demo suggests to send first."""

TOKEN_SECONDS = 7 * 86_400
"""How long the tokens that the demo prints are valid."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway demo",
        "gateway demo --database demo.sqlite3",
        "gateway demo --port 0 --sandbox-port 0 --json",
    )
    add_listening(parser, port=8000)
    parser.add_argument(
        "--sandbox-port", type=port_number, default=8001, metavar="PORT", help="port of the sandbox (8001)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object as the first line, for scripts")
    parser.set_defaults(run=demo)


def demo(options: argparse.Namespace) -> int:
    """Serve both until SIGINT or SIGTERM. Raises UsageError."""
    with (
        listen(options.host, options.sandbox_port, Names("--host", "--sandbox-port")) as upstream,
        listen(options.host, options.port) as listener,
    ):
        settings = read_settings(
            {
                "GATEWAY_LOG_LEVEL": "warning",
                "GATEWAY_LOG_FORMAT": "text",
                "GATEWAY_GRAPHIQL": "on",
                "GATEWAY_INTROSPECTION": "on",
                **os.environ,
                "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
                "GATEWAY_UPSTREAM_URL": f"{url(upstream)}/api",
                "GATEWAY_PAYMENT_MODE": "sandbox",
                "GATEWAY_PAYMENT_URL": f"{url(upstream)}/paystation4/",
                "GATEWAY_WEBHOOK_SECRET": sandbox.DEMO_WEBHOOK_SECRET,
            }
        )
        log.configure(settings.log_level, settings.log_format)
        warn_of_replaced_settings(os.environ)
        players = [_with_token(player) for player in sandbox.DEMO_PLAYERS]
        facts = {
            "graphql_url": f"{url(listener)}/graphql",
            "graphiql_url": f"{url(listener)}/graphiql",
            "sandbox_url": url(upstream),
            "project_id": sandbox.DEMO_PROJECT_ID,
            "api_key": sandbox.DEMO_API_KEY,
            "players": players,
        }
        app = create_app(settings, graphiql_headers={"Authorization": f"Bearer {players[0]['token']}"})
        try:
            sandbox_app = sandbox.create_sandbox(options.database)
        except sandbox.DatabaseUnusableError as error:
            raise UsageError(str(error)) from None
        sandbox_app.state.sandbox.send_webhooks(f"{url(listener)}/webhooks/xsolla", sandbox.DEMO_WEBHOOK_SECRET)
        with listen_for_admin(settings) as admin:
            sites = [Site(sandbox_app, upstream), *gateway_sites(settings, app, listener, admin)]
            text = json.dumps(facts) if options.json else _text(facts, players)
            return run(sites, lambda: say(text), drain_seconds=settings.drain_seconds)


def _with_token(player: sandbox.DemoPlayer) -> dict[str, str]:
    token = sandbox.mint_token(
        player.id, name=player.name, attributes=player.attributes, lifetime_seconds=TOKEN_SECONDS, now=time.time()
    )
    return {"id": player.id, "name": player.name, "token": token}


def _text(facts: dict[str, object], players: Sequence[dict[str, str]]) -> str:
    body = json.dumps({"query": QUERY})
    tokens = "\n".join(f"  {player['name']} ({player['id']})\n    {player['token']}" for player in players)
    return f"""
GraphiQL   {facts["graphiql_url"]}
GraphQL    {facts["graphql_url"]}
Sandbox    {facts["sandbox_url"]}   (the upstream: project {facts["project_id"]})

Players and their tokens:
{tokens}

Try it from another terminal:
  curl -s {facts["graphql_url"]} -H 'Content-Type: application/json' -H 'Authorization: Bearer {players[0]["token"]}' \
-d '{body}'

Ctrl+C stops both."""
