"""The transport with bounds that a busy machine does not reach; a test about a bound sets its own."""

from typing import Any

from gateway.http import transport
from tests.support.httpx_transports import OverOurTransport


def create_transport(**options: Any) -> OverOurTransport:
    """`gateway.http.transport.create_transport` with long timeouts to connect and read, called with httpx's types."""
    return OverOurTransport(
        transport.create_transport(**{"connect_timeout_seconds": 30.0, "read_timeout_seconds": 30.0, **options})
    )
