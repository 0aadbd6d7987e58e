"""Attempts of upstream calls, noted in the trace of the request that they are made for."""

from gateway.http.messages import Request, Response
from gateway.http.transport import Transport
from gateway.telemetry.traces import current_trace


class TracedSending:
    """Sends over a transport. `tells_upstream` sends the trace's ids along, in `traceparent`."""

    def __init__(self, transport: Transport, *, tells_upstream: bool) -> None:
        self._transport = transport
        self._tells_upstream = tells_upstream

    async def __call__(self, call: str, request: Request) -> Response:
        """Send one attempt of a call. Raises what the transport raises."""
        trace = current_trace.get()
        noted = None if trace is None else trace.begin_call(call)
        if trace is None or noted is None:
            return await self._transport.send(request)
        if self._tells_upstream:
            headers = [*request.own_headers, ("traceparent", trace.header(noted))]
            request = Request(request.template, request.method, request.path, headers, request.body)
        try:
            response = await self._transport.send(request)
        except BaseException as error:
            noted.error = type(error).__name__
            raise
        else:
            noted.status = response.status
            return response
        finally:
            trace.end_call(noted)
