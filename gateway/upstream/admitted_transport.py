"""Requests to the upstream, each sent when there is room for its kind of call."""

from collections.abc import Callable

import httpx

from gateway.admission.admission import Admission
from gateway.http.messages import Request, Response
from gateway.http.transport import Transport
from gateway.upstream.traced_sending import TracedSending

_FIRST_SERVER_ERROR = 500

Took = Callable[[float, str], None]
"""Takes the seconds that an attempt took, and the name of its call."""


def untimed(_seconds: float, _call: str) -> None:
    """Note nothing."""


class AdmittedTransport:
    """A transport behind an admission, which learns from it how fast the upstream answers each kind of call.

    `took` is told how long each attempt took, from when it may go until it is answered, fails or takes too long. One
    that was given up before, or that got no connection of the pool, says nothing of the upstream. `traced`
    sends in place of the transport, where requests are traced.
    """

    def __init__(
        self, transport: Transport, admission: Admission, took: Took = untimed, traced: TracedSending | None = None
    ) -> None:
        self._traced = traced
        self._took = took
        self._transport = transport
        self._admission = admission

    async def send(self, call: str, request: Request, source: str) -> Response:
        """Send a request of this kind of call. Raises what the transport raises, and Overloaded: nothing was sent.

        Calls that wait take turns by their `source`.
        """
        admission = self._admission
        if not admission.gates[call].try_enter():
            await admission.wait(call, source)
        began_at = admission.now()
        is_answered = is_late = is_over = False
        try:
            sending = self._transport.send(request) if self._traced is None else self._traced(call, request)
            response = await sending
            # An upstream that fails may do so faster than it ever answers.
            is_answered = response.status < _FIRST_SERVER_ERROR
            is_over = True
            return response
        except httpx.RequestError as error:
            is_over = not isinstance(error, httpx.PoolTimeout)
            is_late = is_over and isinstance(error, httpx.TimeoutException)
            raise
        finally:
            seconds = admission.now() - began_at
            if is_over:
                self._took(seconds, call)
            admission.leave(call, seconds, is_answered=is_answered, is_late=is_late)

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()
