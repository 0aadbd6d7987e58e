"""A receiver of OTLP over HTTP, as a collector of traces has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class ReceivedSpan:
    """A span as it came; ids are hexadecimal, times nanoseconds."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: int
    began_ns: int
    ended_ns: int
    is_error: bool
    attributes: dict[str, Any]


@dataclass
class OtlpReceiver:
    """What a gateway has sent: `spans`, what is told of the process, and the bytes. `url` is its endpoint."""

    url: str = ""
    is_open: Event = field(default_factory=Event)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[ReceivedSpan]:
        return [_span(one) for part in self._resources() for scope in part.scope_spans for one in scope.spans]

    @property
    def resource(self) -> dict[str, Any]:
        return _attributes(self._resources()[0].resource.attributes)

    def _resources(self) -> list[Any]:
        return [part for body in self.bodies for part in ExportTraceServiceRequest.FromString(body).resource_spans]


def _span(one: Any) -> ReceivedSpan:
    return ReceivedSpan(
        one.name,
        one.trace_id.hex(),
        one.span_id.hex(),
        one.parent_span_id.hex(),
        one.kind,
        one.start_time_unix_nano,
        one.end_time_unix_nano,
        one.status.code == 2,
        _attributes(one.attributes),
    )


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    return [_value(one) for one in value.array_value.values] if kind == "array_value" else getattr(value, kind)


@contextmanager
def otlp_receiver() -> Iterator[OtlpReceiver]:
    """Receive until the context ends; nothing is answered while it is not open."""
    receiver = OtlpReceiver()
    receiver.is_open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.is_open.wait()
            receiver.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.is_open.set()
            server.shutdown()
            thread.join()
