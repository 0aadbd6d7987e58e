"""`gateway sandbox`: only the sandbox upstream."""

import argparse

from gateway import sandbox
from gateway.commands.options import add_examples, add_listening, say
from gateway.errors import UsageError
from gateway.server.listener import listen, url
from gateway.server.serve import Site, run
from gateway.telemetry import log


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway sandbox --port 8001 --database demo.sqlite3",
        "gateway sandbox --latency 50 --fault 'get-order:status=503,probability=0.1' --seed 7",
    )
    add_listening(parser, port=8001)
    parser.add_argument(
        "--latency", type=float, default=0, metavar="MS", help="delay every call by so many milliseconds"
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
        help="send the demo project's webhooks there, such as http://127.0.0.1:8000/webhooks/xsolla",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="make the probability of faults repeatable")
    parser.set_defaults(run=serve_sandbox)


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
            )
        except (sandbox.DatabaseUnusableError, sandbox.FaultError) as error:
            raise UsageError(str(error)) from None
        if options.webhooks is not None:
            app.state.sandbox.send_webhooks(options.webhooks, sandbox.DEMO_WEBHOOK_SECRET)
        return run([Site(app, listener)], lambda: say(text))
