"""What the upstream sent that is not quite as its contract says: counted, and logged once for each field."""

import logging
from collections.abc import Callable
from functools import partial

from gateway.telemetry import log
from gateway.upstream.lenient import Oddity, Report

logger = logging.getLogger(__name__)

ODDITIES = tuple(one.value for one in Oddity)
"""The kinds by which oddities are counted."""

_MAX_LOGGED = 1_000
"""Fields that are remembered as logged; the paths are those of our models, so there are far fewer."""


class Oddities:
    """Reports oddities of upstream bodies. `count` takes the call and the kind."""

    def __init__(self, count: Callable[[str, str], None]) -> None:
        self._count = count
        self._logged: set[tuple[str, Oddity, str]] = set()

    def of(self, call: str) -> Report:
        """What reports the oddities in the responses of a call."""
        return partial(self._report, call)

    def _report(self, call: str, oddity: Oddity, path: str, identity: object) -> None:
        self._count(call, oddity.value)
        field = (call, oddity, path)
        if field in self._logged or len(self._logged) >= _MAX_LOGGED:
            return
        self._logged.add(field)
        shown = identity if isinstance(identity, int) or (isinstance(identity, str) and len(identity) <= 64) else None
        log.event(
            logger, logging.WARNING, "upstream_oddity", call=call, kind=oddity.value, field=path or "-", object_id=shown
        )
