"""OpenTelemetry: who is traced, and the spans of requests that were answered. Nothing else imports its SDK.

Its own instrumentation makes spans while a request runs, and costs more than a cached answer does even where nothing is
sampled. Here the sampler is asked once, and spans are made of noted times when the answer is on its way.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, TraceIdRatioBased
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from gateway import __version__
from gateway.telemetry.traces import NotedCall, Parent, Trace

CLOSE_SECONDS = 3.0
"""How long the last spans may take to be sent when the gateway ends."""

_LOW_BITS = TraceIdRatioBased.TRACE_ID_LIMIT
_NEW = re.compile(
    r"(?:ParentBased\{root:)?(AlwaysOn|AlwaysOff|TraceIdRatioBased)(?:Sampler)?(?:\{([0-9.e-]+)\})?(?:,.*)?"
)
"""What samplers say of themselves, with what decides on a trace that begins here."""

Attributes = Mapping[str, str | int | tuple[str, ...]]


class SpanExport:
    """Spans by OTLP over HTTP, as the standard `OTEL_` variables of the process say."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._ids = _NotedIds()
        self._provider = TracerProvider(
            resource=Resource.create(_resource(environment)), id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._bound = _bound(self._provider.sampler)
        self._tracer = self._provider.get_tracer("gateway", __version__)
        logging.getLogger("opentelemetry").setLevel(logging.WARNING)

    def decides(self, trace_id: int, parent: Parent | None) -> bool:
        """Whether a request is traced."""
        if parent is None and self._bound is not None:
            return trace_id & _LOW_BITS < self._bound
        return (
            self._provider.sampler.should_sample(_context(parent), trace_id, "").decision is Decision.RECORD_AND_SAMPLE
        )

    def export(self, trace: Trace, ended_ns: int, name: str, attributes: Attributes, *, is_failed: bool) -> None:
        """Make the spans of a request; they are sent later, by a thread."""
        self._ids.trace_id, self._ids.span_id = trace.trace_id, trace.span_id
        span = self._tracer.start_span(
            name, _context(trace.parent), SpanKind.SERVER, attributes=attributes, start_time=trace.began_ns
        )
        if is_failed:
            span.set_status(Status(StatusCode.ERROR))
        within = set_span_in_context(span, Context())
        for call in trace.calls:
            if call.ended_ns is not None:
                self._call(call, call.ended_ns, within)
        span.end(ended_ns)

    def _call(self, call: NotedCall, ended_ns: int, within: Context) -> None:
        self._ids.span_id = call.span_id
        attributes: dict[str, str | int] = {"gateway.call": call.name}
        if call.status is not None:
            attributes["http.response.status_code"] = call.status
        if call.error is not None:
            attributes["error.type"] = call.error
        span = self._tracer.start_span(
            f"upstream {call.name}", within, SpanKind.CLIENT, attributes=attributes, start_time=call.began_ns
        )
        if call.error is not None or (call.status or 0) >= 500:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended_ns)

    async def aclose(self) -> None:
        """Send the last spans; a collector that does not take them holds up nothing for long."""
        loop, is_done = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(is_done.set)

        Thread(target=shut_down, daemon=True).start()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await is_done.wait()


def _bound(sampler: Sampler) -> int | None:
    """Below which number the low bits of a new trace's id have it sampled; None for samplers that we do not know.

    Asking the SDK costs ten times as much as a request that is not traced may.
    """
    found = _NEW.fullmatch(sampler.get_description())
    if found is None:
        return None
    name, rate = found.groups()
    return TraceIdRatioBased.get_bound_for_rate({"AlwaysOn": 1.0, "AlwaysOff": 0.0}.get(name) or float(rate or 0))


class _NotedIds(IdGenerator):
    """Gives the ids that were chosen when the trace was."""

    trace_id = 1
    span_id = 1

    def generate_trace_id(self) -> int:
        return self.trace_id

    def generate_span_id(self) -> int:
        return self.span_id


def _context(parent: Parent | None) -> Context:
    if parent is None:
        return Context()
    flags = TraceFlags(TraceFlags.SAMPLED if parent.is_sampled else TraceFlags.DEFAULT)
    remote = SpanContext(parent.trace_id, parent.span_id, is_remote=True, trace_flags=flags)
    return set_span_in_context(NonRecordingSpan(remote), Context())


def _resource(environment: Mapping[str, str]) -> dict[str, str]:
    """What is told of the process, beside what the variables say."""
    named = environment.get("OTEL_SERVICE_NAME") or "service.name=" in environment.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return {"service.version": __version__, **({} if named else {"service.name": "liveops-gateway"})}
