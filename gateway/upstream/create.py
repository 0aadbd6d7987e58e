"""Makes the client with its metrics and policies."""

import time
from collections.abc import Callable

from gateway.http.transport import Transport
from gateway.resilience.events import ResilienceEvents
from gateway.resilience.guard import Guard, Policies
from gateway.telemetry.metrics import Metrics
from gateway.upstream.call_outcomes import CALLS, OUTCOMES
from gateway.upstream.client import Client
from gateway.upstream.oddities import ODDITIES


def create_client(
    transport: Transport,
    metrics: Metrics,
    policies: Policies,
    *,
    base_url: str,
    project_id: int,
    read_timeout_seconds: float = 1.5,
    write_timeout_seconds: float = 5.0,
    shows_messages: bool = False,
    now: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
) -> Client:
    """The client of `Client`, which counts into these metrics and follows these policies by the monotonic clock."""
    calls = metrics.tally("gateway_upstream_calls", "Upstream calls, by how they ended.", call=CALLS, outcome=OUTCOMES)
    oddities = metrics.tally(
        "gateway_upstream_oddities",
        "Fields of upstream responses that were not as its contract says.",
        call=CALLS,
        kind=ODDITIES,
    )
    return Client(
        transport,
        base_url=base_url,
        project_id=project_id,
        read_timeout_seconds=read_timeout_seconds,
        write_timeout_seconds=write_timeout_seconds,
        now=now,
        count=calls.count,
        count_oddity=oddities.count,
        shows_messages=shows_messages,
        guard=Guard(CALLS, policies, ResilienceEvents(metrics, CALLS), clock=monotonic),
    )
