"""The command line: `gateway serve | demo | sandbox | token | schema | explain`."""

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path

from gateway import __version__, sandbox
from gateway.app import create_app
from gateway.explain import ExplainError, explanation
from gateway.records.database import RecordsUnusable
from gateway.schema import create_schema
from gateway.server import ListenError, Site, listen, run, url
from gateway.settings import SettingError, read_settings
from gateway.telemetry import log

DEMO_QUERY = "{ viewer { offerChains { name nextAction nextStep { number isFree } } badge { claimableCount } } }"
TOKEN_SECONDS = 7 * 86_400

_USAGE_ERRORS = (
    SettingError,
    ListenError,
    RecordsUnusable,
    ExplainError,
    sandbox.DatabaseUnusableError,
    sandbox.FaultError,
)

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code: 0 done, 1 a check failed, 2 wrong usage or settings."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except _USAGE_ERRORS as error:
        print(f"gateway: {error}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 2
    return code


def _serve(_: argparse.Namespace) -> int:
    settings = read_settings(os.environ)
    log.configure(settings.log_level, settings.log_format)
    if settings.records_file is None:
        log.event(logger, logging.WARNING, "records_in_memory", remedy="set GATEWAY_RECORDS_FILE to keep them")
    with listen(settings.host, settings.port) as listener:
        app = create_app(settings)
        return run([Site(app, listener, app.leave)], lambda: _say(f"Listening on {url(listener)}/graphql"))


def _demo(options: argparse.Namespace) -> int:
    with listen(options.host, options.sandbox_port) as upstream, listen(options.host, options.port) as listener:
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
        players = [_demo_player(player) for player in sandbox.DEMO_PLAYERS]
        facts = {
            "graphql_url": f"{url(listener)}/graphql",
            "graphiql_url": f"{url(listener)}/graphiql",
            "sandbox_url": url(upstream),
            "project_id": sandbox.DEMO_PROJECT_ID,
            "api_key": sandbox.DEMO_API_KEY,
            "players": players,
        }
        app = create_app(settings, graphiql_headers={"Authorization": f"Bearer {players[0]['token']}"})
        sandbox_app = sandbox.create_sandbox(options.database)
        sandbox_app.state.sandbox.send_webhooks(f"{url(listener)}/webhooks/xsolla", sandbox.DEMO_WEBHOOK_SECRET)
        sites = [Site(sandbox_app, upstream), Site(app, listener, app.leave)]
        return run(sites, lambda: _say(json.dumps(facts) if options.json else _demo_text(facts, players)))


def _demo_player(player: sandbox.DemoPlayer) -> dict[str, str]:
    token = sandbox.mint_token(
        player.id, name=player.name, attributes=player.attributes, lifetime_seconds=TOKEN_SECONDS, now=time.time()
    )
    return {"id": player.id, "name": player.name, "token": token}


def _demo_text(facts: dict[str, object], players: Sequence[dict[str, str]]) -> str:
    body = json.dumps({"query": DEMO_QUERY})
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

Ctrl+C ends both."""


def _sandbox(options: argparse.Namespace) -> int:
    log.configure("warning", "text")
    with listen(options.host, options.port) as listener:
        text = f"Sandbox upstream on {url(listener)} (GATEWAY_UPSTREAM_URL={url(listener)}/api)"
        app = sandbox.create_sandbox(
            options.database,
            latency_ms=options.latency,
            faults=[sandbox.parse_fault(one) for one in options.fault],
            seed=options.seed,
        )
        return run([Site(app, listener)], lambda: _say(text))


def _token(options: argparse.Namespace) -> int:
    attributes = dict(text.split("=", 1) for text in options.attribute)
    many = [f"{options.player}-{number}" for number in range(1, (options.count or 0) + 1)]
    for player in [options.player] if options.count is None else many:
        token = sandbox.mint_token(
            player,
            secret=options.secret,
            project_id=options.project,
            name=options.name,
            attributes=attributes or None,
            lifetime_seconds=options.lifetime,
            now=time.time(),
        )
        _say(token)
    return 0


def _schema(options: argparse.Namespace) -> int:
    printed = create_schema().as_str() + "\n"
    if not options.check:
        sys.stdout.write(printed)
        return 0
    committed = options.file.read_text() if options.file.exists() else ""
    if committed == printed:
        return 0
    sys.stderr.writelines(unified_diff(committed.splitlines(True), printed.splitlines(True), str(options.file), "code"))
    print(f"gateway: {options.file} is not what the code says; run: gateway schema > {options.file}", file=sys.stderr)  # noqa: T201 - the command's answer
    return 1


def _explain(options: argparse.Namespace) -> int:
    _say(explanation(options.file, options.operation, options.variables))
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's answer


def _parser() -> argparse.ArgumentParser:
    parser = _command_parser(
        argparse.ArgumentParser(prog="gateway", description="GraphQL gateway for offer chains and reward chains."),
        "gateway demo",
        "GATEWAY_PROJECT_ID=44056 gateway serve",
    )
    parser.add_argument("--version", action="version", version=f"gateway {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, text: str, *examples: str) -> argparse.ArgumentParser:
        return _command_parser(commands.add_parser(name, help=text, description=text), *examples)

    serve = add(
        "serve",
        "Start the gateway; it is set up by GATEWAY_ variables (see the README).",
        "GATEWAY_PROJECT_ID=44056 gateway serve",
        "GATEWAY_PROJECT_ID=44056 GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=80 gateway serve",
    )
    serve.set_defaults(command=_serve)

    demo = add(
        "demo",
        "Start the gateway and a sandbox upstream with demo players, in one process.",
        "gateway demo",
        "gateway demo --database demo.sqlite3",
        "gateway demo --port 0 --sandbox-port 0 --json",
    )
    _add_listening(demo, port=8000)
    demo.add_argument("--sandbox-port", type=_port, default=8001, metavar="PORT", help="port of the sandbox (8001)")
    demo.add_argument("--json", action="store_true", help="print one JSON object for scripts as the first line")
    demo.set_defaults(command=_demo)

    alone = add(
        "sandbox",
        "Start the sandbox upstream alone.",
        "gateway sandbox --port 8001 --database demo.sqlite3",
        "gateway sandbox --latency 50 --fault 'get-order:status=503,probability=0.1' --seed 7",
    )
    _add_listening(alone, port=8001)
    alone.add_argument(
        "--latency", type=float, default=0, metavar="MS", help="milliseconds that every call takes longer"
    )
    alone.add_argument("--fault", action="append", default=[], metavar="CALL:FIELD=VALUE,…", help="repeatable")
    alone.add_argument("--seed", type=int, metavar="N", help="makes the chance of faults repeatable")
    alone.set_defaults(command=_sandbox)

    token = add(
        "token",
        "Print a player's token for the sandbox.",
        "gateway token --player ann",
        "gateway token --player load --count 100 > tokens.txt",
        "gateway token --player ann --name Ann --attribute clan=wolves --lifetime 600",
    )
    token.add_argument("--player", required=True, metavar="ID", help="the player's id")
    token.add_argument("--count", type=int, metavar="N", help="one line each for the players ID-1 to ID-N")
    token.add_argument("--name", help="the name to show (the id)")
    token.add_argument("--attribute", action="append", default=[], metavar="KEY=VALUE", type=_pair, help="repeatable")
    token.add_argument("--lifetime", type=int, default=TOKEN_SECONDS, metavar="SECONDS", help="validity (a week)")
    token.add_argument("--project", type=int, default=sandbox.DEMO_PROJECT_ID, metavar="ID", help="the demo project")
    token.add_argument("--secret", default=sandbox.DEMO_LOGIN_SECRET, help="the project's secret (the demo project's)")
    token.set_defaults(command=_token)

    schema = add(
        "schema",
        "Print the GraphQL schema, or check the committed file against the code.",
        "gateway schema > schema.graphql",
        "gateway schema --check",
    )
    schema.add_argument("--check", action="store_true", help="exit 1 and show the difference where the file is stale")
    schema.add_argument("--file", type=Path, default=Path("schema.graphql"), help="the file (schema.graphql)")
    schema.set_defaults(command=_schema)

    explain = add(
        "explain",
        "Show how a query is run: what it waits for, its upstream calls in the sandbox, and its generated code.",
        "gateway explain home.graphql",
        """gateway explain order.graphql --variables '{"id": "b3JkZXI6MQ"}'""",
    )
    explain.add_argument("file", type=Path, metavar="FILE.graphql", help="the document")
    explain.add_argument("--operation", metavar="NAME", help="which of the document's operations")
    explain.add_argument("--variables", default="{}", metavar="JSON", help="what is sent with it")
    explain.set_defaults(command=_explain)
    return parser


def _command_parser(parser: argparse.ArgumentParser, *examples: str) -> argparse.ArgumentParser:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "examples:\n" + "\n".join(f"  {example}" for example in examples)
    return parser


def _add_listening(parser: argparse.ArgumentParser, *, port: int) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=port, help=f"port to listen on ({port}); 0 picks a free one")
    parser.add_argument(
        "--database", default=":memory:", metavar="FILE", help="SQLite file of the sandbox (kept in memory only)"
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError("must be a port number from 0 to 65535")
    return int(text)


def _pair(text: str) -> str:
    if not text.partition("=")[0] or "=" not in text:
        raise argparse.ArgumentTypeError("must be KEY=VALUE")
    return text
