"""File descriptors: as many as the limit on connections needs, or else fewer connections."""

import logging
from dataclasses import replace

from gateway.server.limits import ServerLimits
from gateway.server.reserve import Reserve
from gateway.telemetry import log

logger = logging.getLogger(__name__)


def fit_to_descriptors(limits: ServerLimits) -> ServerLimits:
    """Raise this process's limit of open files to what the limits need; if that is not possible, lower the limits.

    A process without a free descriptor cannot even answer a health probe.
    """
    try:
        import resource
    except ImportError:  # on Windows, which has no such bound
        return limits
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    beside = limits.other_descriptors + Reserve.SIZE
    needed = limits.connections + beside
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return limits
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed == needed:
        return limits
    connections = max(1, allowed - beside)
    remedy = f"raise this process's limit of open files to {needed}, or set GATEWAY_CLIENT_CONNECTIONS"
    log.event(logger, logging.WARNING, "few_descriptors", connections=connections, open_files=allowed, remedy=remedy)
    return replace(limits, connections=connections)
