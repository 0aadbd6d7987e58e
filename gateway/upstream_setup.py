"""The upstream's client as the settings say: its pool, its admission and its metrics."""

from collections.abc import Callable
from typing import NamedTuple

from gateway.admission.admission import Admission
from gateway.concurrency.timers import CallLater
from gateway.http.transport import Transport, create_transport
from gateway.resilience.events import ResilienceEvents
from gateway.resilience.guard import Guard, Policies
from gateway.settings import Settings
from gateway.telemetry.metrics import LATENCY_SECONDS, Metrics
from gateway.upstream.call_outcomes import CALLS, OUTCOMES
from gateway.upstream.client import Client
from gateway.upstream.oddities import ODDITIES
from gateway.upstream.traced_sending import TracedSending


class Clocks(NamedTuple):
    """Unix time, time that only passes, and a way to be called when some has passed."""

    now: Callable[[], float]
    monotonic: Callable[[], float]
    call_later: CallLater


def create_pool(settings: Settings) -> Transport:
    """The pool of connections to the upstream. Raises OSError when the authority's file cannot be read."""
    return create_transport(
        max_connections=settings.upstream_connections,
        connect_timeout_seconds=settings.upstream_connect_seconds,
        ca_file=settings.upstream_ca_file,
        proxy=settings.upstream_proxy,
    )


def create_admission(settings: Settings, metrics: Metrics, clocks: Clocks) -> Admission:
    """Admission of the upstream's calls, with its metrics."""
    admission = Admission(
        CALLS, connections=settings.upstream_connections, clock=clocks.monotonic, call_later=clocks.call_later
    )
    metrics.watch(admission.samples)
    return admission


def create_client(
    settings: Settings,
    pool: Transport,
    metrics: Metrics,
    clocks: Clocks,
    admission: Admission,
    *,
    is_traced: bool = False,
) -> Client:
    """The upstream's calls over a pool, guarded, admitted and counted, and noted in the traces of requests."""
    calls = metrics.tally("gateway_upstream_calls", "Upstream calls, by how they ended.", call=CALLS, outcome=OUTCOMES)
    took = metrics.timing(
        "gateway_upstream_seconds",
        "Attempts of upstream calls, until they were answered or failed.",
        seconds=LATENCY_SECONDS,
        call=CALLS,
    )
    oddities = metrics.tally(
        "gateway_upstream_oddities",
        "Fields of upstream responses that were not as its contract says.",
        call=CALLS,
        kind=ODDITIES,
    )
    policies = Policies(
        window_seconds=settings.upstream_wait_seconds,
        breaker_percent=settings.breaker_percent,
        breaker_seconds=settings.breaker_seconds,
        retry_percent=settings.retry_percent,
    )
    return Client(
        pool,
        base_url=settings.upstream_url,
        project_id=settings.project_id,
        read_timeout_seconds=settings.upstream_read_seconds,
        write_timeout_seconds=settings.upstream_write_seconds,
        now=clocks.now,
        admission=admission,
        guard=Guard(CALLS, policies, ResilienceEvents(metrics, CALLS), clock=clocks.monotonic),
        count=calls.count,
        took=took.took,
        count_oddity=oddities.count,
        shows_messages=settings.graphiql,
        traced=TracedSending(pool, tells_upstream=settings.trace_upstream) if is_traced else None,
    )
