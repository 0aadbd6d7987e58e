"""`gateway sandbox`: only the sandbox upstream, and snapshots of real projects to run in it."""

import argparse

from gateway import sandbox
from gateway.commands import sandbox_diff, sandbox_import
from gateway.commands.options import add_examples, add_listening, described, say
from gateway.commands.snapshots import add_from, load
from gateway.errors import UsageError
from gateway.server.listener import listen, url
from gateway.server.serve import Site, run
from gateway.telemetry import log

_PARTS = (
    ("import", "Copy the items and chains of a real project into a snapshot file.", sandbox_import.configure),
    ("diff", "Say what changed between two snapshots.", sandbox_diff.configure),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway sandbox --port 8001 --database demo.sqlite3",
        "gateway sandbox --latency 50 --fault 'get-order:status=503,probability=0.1' --seed 7",
        "gateway sandbox import --project 44056 --output project.json",
        "gateway sandbox --from project.json",
        "gateway sandbox diff monday.json friday.json",
    )
    add_listening(parser, port=8001)
    parser.add_argument(
        "--latency", type=float, default=0, metavar="MS", help="delay every call by this many milliseconds"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="CALL:FIELD=VALUE,…",
        help="add a fault, see docs/sandbox.md (repeatable)",
    )
    parser.add_argument(
        "--webhooks",
        metavar="URL",
        help="where to send the project's webhooks, such as http://127.0.0.1:8000/webhooks/xsolla",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="make the probability of faults repeatable")
    add_from(parser)
    parser.set_defaults(run=serve_sandbox)
    parts = parser.add_subparsers(title="commands", metavar="COMMAND", description="Without one, serve the sandbox.")
    for name, text, configure_part in _PARTS:
        configure_part(parts.add_parser(name, **described(text)))


def serve_sandbox(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Raises UsageError."""
    log.configure("warning", "text")
    with listen(options.host, options.port) as listener:
        text = f"Sandbox upstream on {url(listener)} (GATEWAY_UPSTREAM_URL={url(listener)}/api)"
        try:
            app = sandbox.create_sandbox(
                options.database,
                latency_ms=options.latency,
                faults=[sandbox.parse_fault(one) for one in options.fault],
                seed=options.seed,
                seed_demo=options.snapshot is None,
            )
        except (sandbox.DatabaseUnusableError, sandbox.FaultError) as error:
            raise UsageError(str(error)) from None
        project_id = sandbox.DEMO_PROJECT_ID
        if options.snapshot is not None:
            load(app, options.snapshot)
            project_id = options.snapshot.project_id
            text += f"\nIt has project {project_id} (GATEWAY_PROJECT_ID={project_id})"
        if options.webhooks is not None:
            app.state.sandbox.send_webhooks(options.webhooks, sandbox.DEMO_WEBHOOK_SECRET, project_id=project_id)
        return run([Site(app, listener)], lambda: say(text))
