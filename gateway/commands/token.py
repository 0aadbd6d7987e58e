"""`gateway token`: players' tokens for the sandbox."""

import argparse
import time

from gateway import sandbox
from gateway.commands.options import add_attributes, add_examples, say


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway token --player ann",
        "gateway token --player load --count 100 > tokens.txt",
        "gateway token --player ann --name Ann --attribute clan=wolves --lifetime 600",
    )
    parser.add_argument("--player", required=True, metavar="ID", help="the player's id")
    parser.add_argument(
        "--count", type=int, metavar="N", help="print tokens of the players ID-1 to ID-N, one on each line"
    )
    parser.add_argument("--name", help="the player's name (the id)")
    add_attributes(parser)
    parser.add_argument(
        "--lifetime",
        type=int,
        metavar="SECONDS",
        help="how long the token is valid (however far the sandbox's clock is moved)",
    )
    parser.add_argument(
        "--project",
        type=int,
        default=sandbox.DEMO_PROJECT_ID,
        metavar="ID",
        help="the project's number (the demo project's)",
    )
    parser.add_argument("--secret", default=sandbox.DEMO_LOGIN_SECRET, help="the project's secret (the demo project's)")
    parser.set_defaults(run=print_tokens)


def print_tokens(options: argparse.Namespace) -> int:
    """Print one token, or with `--count` the tokens of so many players, one on each line."""
    many = [f"{options.player}-{number}" for number in range(1, (options.count or 0) + 1)]
    for player in [options.player] if options.count is None else many:
        token = sandbox.mint_token(
            player,
            secret=options.secret,
            project_id=options.project,
            name=options.name,
            attributes=dict(options.attribute) or None,
            lifetime_seconds=options.lifetime,
            now=time.time(),
        )
        say(token)
    return 0
