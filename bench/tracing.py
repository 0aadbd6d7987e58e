"""CPU that tracing adds to one request.

    scripts/bench tracing [REQUESTS]

The middleware around an app that answers at once: without tracing, with nothing sampled, with everything sampled, and
with an upstream call too, in turns. A figure is the best of several turns, in µs of the whole process, the thread that
sends spans included. Run it pinned (`taskset -c 1`).
"""

import os
import time
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection

import uvloop
from starlette.types import Message, Receive, Scope, Send

from bench import arguments
from gateway.telemetry.span_export import SpanExport
from gateway.telemetry.traces import current_trace
from gateway.web.middleware import RequestEnvelope
from gateway.web.operation_reports import SCOPE_KEY, Report
from gateway.web.request_traces import RequestTraces

TURNS = 9
_REPORT = Report("kept", "query", "ok", name="Home")
_START: Message = {"type": "http.response.start", "status": 200, "headers": []}
_BODY: Message = {"type": "http.response.body", "body": b"{}"}


class _Collector(BaseHTTPRequestHandler):
    """Answers 200, and reads nothing into memory."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


async def _app(scope: Scope, _receive: Receive, send: Send) -> None:
    scope[SCOPE_KEY] = _REPORT
    # A copy: the middleware adds its header to the message.
    await send({**_START})
    await send(_BODY)


async def _calling(scope: Scope, receive: Receive, send: Send) -> None:
    trace = current_trace.get()
    call = trace and trace.begin_call("offer_chains")
    await _app(scope, receive, send)
    if trace and call:
        call.status = 200
        trace.end_call(call)


async def _receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(_: Message) -> None:
    """Send nowhere."""


async def _cpu_us(app: Callable[[Scope, Receive, Send], Awaitable[None]], count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": [], "client": ("127.0.0.1", 1)}
        await app(scope, _receive, _send)
    return (time.process_time() - started) * 1e6 / count


def _traces(sampler: str) -> RequestTraces:
    os.environ["OTEL_TRACES_SAMPLER"] = sampler
    return RequestTraces(SpanExport(os.environ), None)


def _collect(tells: Connection) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Collector)
    tells.send(server.server_address[1])
    server.serve_forever()


async def measure(count: int) -> None:
    """Print what a request costs in each way."""
    context = get_context("spawn")
    told, tells = context.Pipe(duplex=False)
    collector = context.Process(target=_collect, args=(tells,), daemon=True)
    collector.start()
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{told.recv()}"
    never, always = _traces("always_off"), _traces("always_on")
    apps = {
        "off": RequestEnvelope(_app),
        "on, not sampled": RequestEnvelope(_app, traces=never),
        "sampled": RequestEnvelope(_app, traces=always),
        "sampled, with a call": RequestEnvelope(_calling, traces=always),
    }
    best = dict.fromkeys(apps, float("inf"))
    for _ in range(TURNS):
        for name, app in apps.items():
            best[name] = min(best[name], await _cpu_us(app, count))
    for name, used in best.items():
        print(f"{name:<22}{used:>8.2f}{used - best['off']:>+8.2f}")  # noqa: T201 - the table
    await never.aclose()
    await always.aclose()
    collector.terminate()


if __name__ == "__main__":
    uvloop.run(measure(arguments.count(__doc__, "REQUESTS", 10_000)))
