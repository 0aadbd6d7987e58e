"""`gateway doctor`: one page on whether a gateway with these settings works, and what to fix."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

import msgspec

from gateway.commands.options import add_examples, say
from gateway.doctor.examination import Examination
from gateway.doctor.findings import Finding, Level
from gateway.doctor.local_checks import broken_settings, version
from gateway.errors import UsageError
from gateway.settings import Settings, check_settings

TOKEN, TOKEN_FILE = "PLAYER_TOKEN", "PLAYER_TOKEN_FILE"

EXIT_CODES = "  0 no problem, though there may be warnings   1 there is a problem   2 wrong usage"

_MARKS = {Level.OK: "ok     ", Level.SKIPPED: "skipped", Level.WARNING: "warning", Level.PROBLEM: "PROBLEM"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options; GATEWAY_ variables are those of `gateway serve`."""
    add_examples(
        parser,
        "GATEWAY_PROJECT_ID=44056 gateway doctor",
        "PLAYER_TOKEN_FILE=token.txt gateway doctor --player-address 203.0.113.7",
        "gateway token --player ann | gateway doctor --token-from-stdin --json",
        notes="It reads the settings that `gateway serve` reads, and changes nothing anywhere. The output is safe to\n"
        "share: it has no secret, no token, and no address or value of a player. A player's token comes from\n"
        f"{TOKEN}, from the file that {TOKEN_FILE} names, or from standard input.",
        exit_codes=EXIT_CODES,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.add_argument("--gateway-url", metavar="URL", help="where the running gateway is (from the settings)")
    parser.add_argument("--player-address", type=_address, metavar="IP", help="see the prices of a player's country")
    parser.add_argument("--token-from-stdin", action="store_true", help="read a player's token from standard input")
    parser.set_defaults(run=examine)


def examine(options: argparse.Namespace) -> int:
    """Print the findings, and return 1 if one is a problem. Raises UsageError."""
    # The findings are printed below; log lines would say them again.
    logging.disable(logging.CRITICAL)
    try:
        token = _token(os.environ, options.token_from_stdin)
        settings, problems = check_settings(os.environ)
        if settings is None:
            findings = [version(), *broken_settings(problems)]
            for one in findings:
                _show(one, options.json)
        else:
            findings = asyncio.run(_examined(options, settings, token))
    finally:
        logging.disable(logging.NOTSET)
    is_well = not any(one.is_problem for one in findings)
    if options.json:
        say(msgspec.json.encode({"is_well": is_well, "findings": findings}).decode())
    return 0 if is_well else 1


async def _examined(options: argparse.Namespace, settings: Settings, token: str | None) -> list[Finding]:
    url = options.gateway_url or local_url(settings)
    examination = Examination(settings=settings, gateway_url=url, token=token, player_address=options.player_address)
    found = []
    async for one in examination.findings():
        _show(one, options.json)
        found.append(one)
    return found


def _show(finding: Finding, is_json: bool) -> None:
    if is_json:
        return
    say(f"{_MARKS[finding.level]}  {finding.check}: {finding.text}")
    if finding.fix is not None:
        say(f"         fix: {finding.fix}")


def local_url(settings: Settings) -> str:
    """Where a gateway with these settings listens, as seen from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - it is replaced
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}{settings.root_path}"


def _token(environment: Mapping[str, str], from_stdin: bool) -> str | None:
    """The player's token, None where there is none. Raises UsageError."""
    text, file = environment.get(TOKEN, ""), environment.get(TOKEN_FILE, "")
    if from_stdin:
        text = sys.stdin.readline()
    elif file:
        try:
            text = Path(file).read_text()
        except (OSError, UnicodeError):
            raise UsageError(f"The file that {TOKEN_FILE} names cannot be read.") from None
    token = text.strip().removeprefix("Bearer ")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise UsageError("The player's token is not one: it has characters that tokens do not have.")
    return token or None


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError("must be an IP address") from None
