"""`gateway serve`: the gateway in front of the upstream that the settings name."""

import argparse
import logging
import os

from gateway.app import create_app
from gateway.commands.options import add_examples, say
from gateway.server.limits import limits_from
from gateway.server.listener import SETTINGS, listen, url
from gateway.server.serve import Site, run
from gateway.settings import read_settings, replaced_settings
from gateway.telemetry import log

logger = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command; it has no options, since everything is set by variables."""
    add_examples(
        parser,
        "GATEWAY_PROJECT_ID=44056 gateway serve",
        "GATEWAY_PROJECT_ID=44056 GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=80 gateway serve",
    )
    parser.set_defaults(run=serve)


def serve(_: argparse.Namespace) -> int:
    """Serve until the process is told to end. Raises UsageError."""
    settings = read_settings(os.environ)
    log.configure(settings.log_level, settings.log_format)
    for name in replaced_settings(os.environ):
        remedy = "it is the address of a Kubernetes Service: set enableServiceLinks: false, or set it yourself"
        log.event(logger, logging.WARNING, "setting_ignored", setting=name, remedy=remedy)
    if settings.records_file is None:
        log.event(logger, logging.WARNING, "records_in_memory", remedy="set GATEWAY_RECORDS_FILE to keep them")
    with listen(settings.host, settings.port, SETTINGS) as listener:
        app = create_app(settings)
        return run(
            [Site(app, listener, app.drain, limits_from(settings))],
            lambda: say(f"Listening on {url(listener)}/graphql"),
        )
