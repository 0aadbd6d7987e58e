"""What `serve` and `demo` share: a gateway in several worker processes."""

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.app import Gateway, create_app, stream_secret
from gateway.commands.sites import ADMIN_NAMES, gateway_sites
from gateway.errors import UsageError
from gateway.server.listener import Listener, Names, listen_for_each
from gateway.server.serve import run
from gateway.settings import Settings, reread_secrets
from gateway.telemetry import log
from gateway.workers.process import start
from gateway.workers.slot import Slot
from gateway.workers.supervisor import LEAVE_SECONDS, Supervisor
from gateway.workers.worker import Seat, Worker


def check_platform() -> None:
    """Raises UsageError where the system does not spread connections over processes."""
    if platform.system() != "Linux":
        raise UsageError("Several workers need Linux: set GATEWAY_WORKERS to 1, and start several gateways.")


def listen_by_workers(
    settings: Settings, host: str, port: int, names: Names, closing: ExitStack
) -> list[list[Listener]]:
    """The sockets of each worker, for each site; they are closed with the context. Raises UsageError.

    The process that starts the workers keeps them, so that no connection is lost while a worker is replaced.
    """
    sites = [(host, port, names)]
    if settings.admin_port is not None:
        sites.append((settings.admin_host or settings.host, settings.admin_port, ADMIN_NAMES))
    return [[closing.enter_context(one) for one in listen_for_each(settings.workers, *site)] for site in sites]


def serve_by_workers(
    settings: Settings,
    sites: Sequence[Sequence[Listener]],
    announce: Callable[..., None],
    environment: Mapping[str, str],
    create: Callable[..., Gateway] = create_app,
) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code. Raises UsageError.

    `announce` is called once all workers answer, with a listener of each site; `environment` names files of secrets.
    Each worker calls `create` for its app.
    """
    # Made here, so that all workers take each other's stream tokens.
    settings = replace(settings, stream_secret=stream_secret(settings))
    job = partial(_serve, settings=settings, environment=dict(environment), create=create)
    leave_seconds = settings.drain_seconds + LEAVE_SECONDS
    with _folder() as folder, log.written_aside():
        slots = []
        for number in range(settings.workers):
            starting = partial(start, job, Seat(number, Path(folder), sites), time.monotonic)
            slots.append(Slot(number, starting, time.monotonic, leave_seconds=leave_seconds))
        return Supervisor(slots, lambda: announce(*(row[0] for row in sites))).serve()


def _folder() -> TemporaryDirectory[str]:
    """A folder that only this user may enter."""
    try:
        return TemporaryDirectory(prefix="gateway-")
    except OSError:
        raise UsageError("Workers need a folder for temporary files: name a writable one in TMPDIR.") from None


def _serve(
    worker: Worker, *, settings: Settings, environment: Mapping[str, str], create: Callable[..., Gateway]
) -> int:
    """What each worker does. Raises UsageError where a secret has become unusable.

    One that takes the place of another uses what the files of secrets say now.
    """
    settings = reread_secrets(settings, environment)
    log.configure(
        settings.log_level,
        settings.log_format,
        worker=worker.seat.number,
        info_lines_per_second=settings.log_lines_per_second,
    )
    app = create(settings, worker=worker, environment=environment)
    public, *admin = worker.seat.listeners
    sites = gateway_sites(settings, app, public, admin[0] if admin else None)
    return run(sites, worker.announce, drain_seconds=settings.drain_seconds, control=worker.control)
