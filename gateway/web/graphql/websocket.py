"""The WebSocket endpoint: who may open a socket, and how it is closed."""

from collections.abc import Mapping
from functools import partial

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from gateway.errors import Forbidden, GatewayError, Overloaded, TokenExpired
from gateway.identity.addresses import TrustedProxies
from gateway.identity.headers import Headers as HeaderPairs
from gateway.identity.headers import header_values
from gateway.identity.origins import AllowedOrigins, is_same_origin
from gateway.web.graphql.calls import ClientGone
from gateway.web.graphql.connections import Connection, Connections, GoingAway
from gateway.web.graphql.graphql_transport_ws import TransportProtocol
from gateway.web.graphql.graphql_transport_ws_messages import PROTOCOL, CloseSocket
from gateway.web.graphql.operations import Operations
from gateway.web.request_traces import RequestTraces
from gateway.web.responses import error_response

_FAULT = CloseSocket(1011, "INTERNAL: Something went wrong in the gateway.")
_GOING_AWAY = CloseSocket(1001, "The gateway is shutting down. Connect again.")
_WRONG_PROTOCOL = CloseSocket(4406, f"Only the sub-protocol {PROTOCOL} is supported.")
# A client that offers this older protocol can mostly be switched over; a reason has room for 123 bytes.
_OLD_PROTOCOL = "graphql-ws"
_SWITCH_PROTOCOL = CloseSocket(
    4406, f"{PROTOCOL} only. iOS: protocol .graphql_transport_ws, Kotlin: GraphQLWsProtocol, JS: package graphql-ws"
)


class SocketEndpoint:
    """Sockets that speak `graphql-transport-ws`. Web pages may open them from the gateway's own origin and `origins`.

    Refusals before the socket is open are HTTP answers with a coded error.
    """

    def __init__(
        self,
        operations: Operations,
        connections: Connections,
        *,
        origins: AllowedOrigins,
        proxies: TrustedProxies,
        traces: RequestTraces | None = None,
    ) -> None:
        self._traces = traces
        self._operations = operations
        self._connections = connections
        self._origins = origins
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it is closed. Raises unexpected errors."""
        await receive()
        if not self._is_allowed(Headers(scope=scope).items(), scope["client"]):
            error = Forbidden("Pages of this origin may not connect: GATEWAY_CORS_ORIGINS names those that may.")
            await _refuse(send, 403, error)
            return
        try:
            connection = self._connections.open(send)
        except Overloaded as error:
            await _refuse(send, 503, error, {"retry-after": "1"})
            return
        try:
            reason = await self._hold(connection, scope, receive)
        finally:
            self._connections.close(connection)
            await connection.aclose()
        if reason is not None:
            raise reason

    def _is_allowed(self, headers: HeaderPairs, client: tuple[str, int] | None) -> bool:
        """Check the origin that browsers send: they let a page open sockets to other hosts."""
        peer = client[0] if client else None
        return all(
            self._origins.allow(origin) or is_same_origin(origin, headers, peer, self._proxies)
            for origin in header_values(headers, "origin")
        )

    async def _hold(self, connection: Connection, scope: Scope, receive: Receive) -> Exception | None:
        """Serve a socket until its end; returns an unexpected error."""
        if PROTOCOL not in scope["subprotocols"]:
            await connection.send_if_possible({"type": "websocket.accept"})
            reason: Exception = _SWITCH_PROTOCOL if _OLD_PROTOCOL in scope["subprotocols"] else _WRONG_PROTOCOL
        else:
            await connection.send_if_possible({"type": "websocket.accept", "subprotocol": PROTOCOL})
            self._protocol(connection, scope, receive).start()
            reason = await connection.until_end()
        closing = _closing(reason)
        if closing is not None:
            await connection.send_if_possible(
                {"type": "websocket.close", "code": closing.code, "reason": closing.reason}
            )
        return reason if closing is _FAULT else None

    def _protocol(self, connection: Connection, scope: Scope, receive: Receive) -> TransportProtocol:
        headers, peer = Headers(scope=scope).items(), scope["client"]
        # Drop what is not needed any more, so that an idle socket takes little memory.
        scope["headers"] = []
        return TransportProtocol(
            connection,
            self._operations,
            receive,
            headers,
            peer[0] if peer else None,
            partial(self._connections.assign, connection),
            self._traces,
        )


def _closing(reason: Exception) -> CloseSocket | None:
    """The close code for a reason; None if the client has disconnected."""
    if isinstance(reason, ClientGone):
        return None
    if isinstance(reason, CloseSocket):
        return reason
    if isinstance(reason, TokenExpired):
        return CloseSocket(4403, f"{reason.code.value}: {reason.message}")
    return _GOING_AWAY if isinstance(reason, GoingAway) else _FAULT


async def _refuse(send: Send, status: int, error: GatewayError, headers: Mapping[str, str] | None = None) -> None:
    answer = error_response(status, error, headers=headers)
    start = {"type": "websocket.http.response.start", "status": answer.status, "headers": list(answer.headers)}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": answer.body})
