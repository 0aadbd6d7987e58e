"""`gateway config`: check the settings of the environment, show their values, and print the reference."""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import fields
from typing import NamedTuple

from gateway.commands.config_reference import FORMATS, reference
from gateway.commands.options import add_examples, described, say
from gateway.setting_fields import default_text, is_secret, variable
from gateway.setting_texts import text_of
from gateway.settings import Settings, check_settings, read_settings, replaced_settings

HIDDEN = "***"
"""What is shown of a secret."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command, its parts and their options."""
    add_examples(
        parser,
        "gateway config check && gateway serve",
        "gateway config print",
        "gateway config reference --format env > gateway.env",
    )
    parts = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check = parts.add_parser("check", **described("Check the settings of the environment and list every problem."))
    add_examples(check, "gateway config check", "env -i $(cat gateway.env) gateway config check")
    check.set_defaults(run=check_environment)
    show = parts.add_parser(
        "print", **described("Show the value of each setting and where it comes from; secrets as ***.")
    )
    add_examples(show, "gateway config print", "gateway config print --json | jq .GATEWAY_PORT")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=print_settings)
    refer = parts.add_parser("reference", **described("Print all settings with their defaults and meanings."))
    add_examples(refer, *(f"gateway config reference --format {one}" for one in FORMATS))
    refer.add_argument("--format", choices=FORMATS, default="markdown", help="how to print them (markdown)")
    refer.set_defaults(run=print_reference)


def check_environment(_: argparse.Namespace) -> int:
    """Print each problem of the settings in a line of its own, and return 1 if there is one."""
    settings, problems = check_settings(os.environ)
    for problem in problems:
        say(problem)
    for name in replaced_settings(os.environ):
        say(f"{name} is ignored: it is the address of a Kubernetes Service (set enableServiceLinks: false).")
    if settings is None:
        say(f"{len(problems)} to change.")
        return 1
    say("The settings are usable.")
    return 0


class EffectiveValue(NamedTuple):
    """A setting's value as one writes it into the environment, and where it comes from."""

    value: str
    source: str


def effective(environment: Mapping[str, str]) -> dict[str, EffectiveValue]:
    """Every setting by its variable, secrets as `HIDDEN`. Raises SettingError."""
    read_settings(environment)
    found: dict[str, EffectiveValue] = {}
    for one in fields(Settings):
        given = text_of(one, environment)
        if given is None:
            found[variable(one)] = EffectiveValue(default_text(one), "default")
        else:
            found[variable(one)] = EffectiveValue(HIDDEN if is_secret(one) else given.text, given.source)
    return found


def print_settings(options: argparse.Namespace) -> int:
    """Show what is set. Raises SettingError."""
    found = effective(os.environ)
    if options.json:
        say(json.dumps({name: one._asdict() for name, one in found.items()}, indent=2))
        return 0
    longest = max(len(f"{name}={one.value}") for name, one in found.items() if len(one.value) < 40)
    for name, one in found.items():
        say(f"{f'{name}={one.value}':{longest}}  # {one.source}")
    return 0


def print_reference(options: argparse.Namespace) -> int:
    """Print all settings in one of `FORMATS`."""
    say(reference(options.format).rstrip("\n"))
    return 0
