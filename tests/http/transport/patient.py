"""The transport with bounds that a busy machine does not reach; a test about a bound sets its own."""

from typing import Any

import httpx

from gateway.http import transport


def create_transport(**options: Any) -> httpx.AsyncBaseTransport:
    """`gateway.http.transport.create_transport`, patient while it connects and reads."""
    return transport.create_transport(**{"connect_timeout_seconds": 30.0, "read_timeout_seconds": 30.0, **options})
