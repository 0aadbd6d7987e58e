"""What `serve` and `demo` share: the sites that a gateway listens at."""

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from gateway.app import Gateway
from gateway.server.limits import limits_from
from gateway.server.listener import Listener, Names, listen
from gateway.server.serve import Site
from gateway.settings import Settings, replaced_settings
from gateway.telemetry import log

logger = logging.getLogger(__name__)

ADMIN_NAMES = Names("GATEWAY_ADMIN_HOST", "GATEWAY_ADMIN_PORT")
_ADMIN_CONNECTIONS = 100
"""Enough for probes and scrapers of metrics."""


def warn_of_replaced_settings(environment: Mapping[str, str]) -> None:
    """Log which settings Kubernetes has set to something else."""
    for name in replaced_settings(environment):
        remedy = "it is the address of a Kubernetes Service: set it yourself, or set enableServiceLinks: false"
        log.event(logger, logging.WARNING, "setting_ignored", setting=name, remedy=remedy)


def listen_for_admin(settings: Settings) -> AbstractContextManager[Listener | None]:
    """Listen on the admin port, where there is one. Raises ListenError."""
    if settings.admin_port is None:
        return nullcontext()
    return listen(settings.admin_host or settings.host, settings.admin_port, ADMIN_NAMES)


def gateway_sites(settings: Settings, gateway: Gateway, public: Listener, admin: Listener | None) -> list[Site]:
    """The gateway's site, and that of the admin port."""
    limits = limits_from(settings)
    ready = gateway.early_responses
    sites = [Site(gateway.app, public, gateway.drain, limits, gateway.begin_drain, gateway.count_refusal, ready)]
    if admin is not None:
        sites.append(Site(gateway.admin, admin, limits=replace(limits, connections=_ADMIN_CONNECTIONS)))
    return sites
