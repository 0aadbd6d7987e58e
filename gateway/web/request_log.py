"""The id of a request, and its line in the log."""

import logging
import os
import re
from collections.abc import Iterable

from gateway.telemetry import log
from gateway.web.operation_reports import Report

logger = logging.getLogger(__name__)

REQUEST_ID = b"x-request-id"
_VALID_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")


def request_id(given: Iterable[bytes]) -> str:
    """The first of the ids that the client gave that is valid, or a new one."""
    for value in given:
        if _VALID_ID.fullmatch(value):
            return value.decode()
    return os.urandom(16).hex()


def log_request(method: str, path: str, status: int, seconds: float, report: Report | None) -> None:
    """Log a request that has ended; the path is without its query string, which may hold variables."""
    log.timed_event(
        logger,
        "request",
        (method, path, status, report and report.log_kind),
        round(seconds * 1000, 1),
        lambda milliseconds: {
            "method": method,
            "path": path,
            "status": status,
            "milliseconds": milliseconds,
            **(report.log_fields if report is not None else {}),
        },
    )
