"""Requests to the upstream, each sent when there is room for its kind of call."""

import httpx

from gateway.admission.admission import Admission
from gateway.http.messages import Request, Response
from gateway.http.transport import Transport

_FIRST_SERVER_ERROR = 500


class AdmittedTransport:
    """A transport behind an admission, which learns from it how fast the upstream answers each kind of call."""

    def __init__(self, transport: Transport, admission: Admission) -> None:
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
        is_answered = is_late = False
        try:
            response = await self._transport.send(request)
            # An upstream that fails may do so faster than it ever answers.
            is_answered = response.status < _FIRST_SERVER_ERROR
            return response
        except httpx.TimeoutException as error:
            is_late = not isinstance(error, httpx.PoolTimeout)
            raise
        finally:
            admission.leave(call, began_at, is_answered=is_answered, is_late=is_late)

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()
