"""`gateway serve`: the gateway, in front of the upstream that is set."""

import argparse
import asyncio
import logging
import os
from contextlib import ExitStack

from gateway.app import create_app
from gateway.commands.options import add_examples, add_workers, say
from gateway.commands.sites import gateway_sites, listen_for_admin, warn_of_replaced_settings
from gateway.commands.workers import check_platform, listen_by_workers, serve_by_workers
from gateway.server.listener import SETTINGS, Listener, listen, url
from gateway.server.serve import reload_at_hangup, run
from gateway.settings import Settings, read_settings
from gateway.store.shared.store import check_store
from gateway.telemetry import log

logger = logging.getLogger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command. Environment variables set everything else."""
    add_examples(
        parser,
        "GATEWAY_PROJECT_ID=44056 gateway serve",
        "GATEWAY_PROJECT_ID=44056 GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=80 gateway serve",
        "GATEWAY_PROJECT_ID=44056 GATEWAY_STORE_URL=redis://localhost gateway serve --workers 4",
    )
    add_workers(parser)
    parser.set_defaults(run=serve)


def serve(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Raises UsageError."""
    settings = read_settings({**os.environ, **options.workers})
    log.configure(settings.log_level, settings.log_format, info_lines_per_second=settings.log_lines_per_second)
    warn_of_replaced_settings(os.environ)
    if settings.records_file is None and settings.store is None:
        log.event(logger, logging.WARNING, "records_in_memory", remedy="set GATEWAY_RECORDS_FILE to keep them")
    if settings.workers > 1:
        check_platform()
    if settings.store is not None:
        asyncio.run(check_store(settings.store, settings.project_id))
    if settings.workers > 1:
        return _serve_by_workers(settings)
    with listen(settings.host, settings.port, SETTINGS) as listener, listen_for_admin(settings) as admin:
        app = create_app(settings, environment=os.environ)
        sites = gateway_sites(settings, app, listener, admin)
        control = reload_at_hangup(app.reload)
        return run(sites, lambda: _announce(listener, admin), drain_seconds=settings.drain_seconds, control=control)


def _serve_by_workers(settings: Settings) -> int:
    with ExitStack() as closing:
        sites = listen_by_workers(settings, settings.host, settings.port, SETTINGS, closing)
        return serve_by_workers(settings, sites, _announce, os.environ)


def _announce(listener: Listener, admin: Listener | None = None) -> None:
    text = f"Listening on {url(listener)}/graphql"
    if admin is not None:
        text += f"\nProbes and metrics on {url(admin)}"
    say(text)
