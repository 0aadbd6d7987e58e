"""Where web pages get stream tokens, and how a request for a stream uses one."""

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from gateway.errors import AccessError, BadRequest, GatewayError, LimitExceeded, TokenExpired, Unauthenticated
from gateway.identity.headers import Headers
from gateway.identity.stream_tokens import StreamTokens
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.requests import JSON, HttpError
from gateway.web.responses import EncodedResponse, error_response, json_response

PARAMETER = "streamToken"
PATH = "/graphql/stream-token"
"""Below the endpoint's own path, which is often the only one that a proxy passes on."""


class StreamTokenEndpoint:
    """`POST` with the player's token gives a stream token."""

    def __init__(self, operations: Operations, tokens: StreamTokens) -> None:
        self._operations = operations
        self._tokens = tokens

    def routes(self) -> list[BaseRoute]:
        """The one route."""
        return [Route(PATH, self, methods=["POST"])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await (await self._answer(Request(scope, receive))).send(send)

    async def _answer(self, request: Request) -> EncodedResponse:
        headers = request.headers.items()
        try:
            caller = await self._operations.caller(headers, request.client.host if request.client else None)
            if not caller.is_signed_in:
                raise Unauthenticated
            seconds_left = self._operations.seconds_left(caller)
            if seconds_left < 1:
                raise TokenExpired
            token = self._tokens.issue(dict(caller.headers)["authorization"], seconds_left)
        except LimitExceeded as error:
            return error_response(400, error)
        except AccessError as error:
            return error_response(401, error, headers={"www-authenticate": "Bearer"})
        except GatewayError as error:
            return error_response(503, error)
        content = {PARAMETER: token.text, "expiresInSeconds": token.expires_in_seconds}
        return json_response(content, status=200, media_type=JSON)


def with_credential(scope: Scope, headers: Headers, tokens: StreamTokens, *, is_stream: bool) -> Headers:
    """The headers of a request, with the credential that its stream token stands for.

    `is_stream` says that it starts a subscription: it is all that the token is for, and by GET only. Raises HttpError,
    Unauthenticated and TokenExpired.
    """
    query = scope["query_string"]
    given = QueryParams(query).getlist(PARAMETER) if PARAMETER.encode() in query else []
    if not given:
        return headers
    if len(given) > 1 or "authorization" in dict(headers):
        raise HttpError(400, BadRequest(f"Send one `{PARAMETER}`, or an Authorization header."))
    if scope["method"] != "GET" or not is_stream:
        raise HttpError(400, BadRequest(f"`{PARAMETER}` is for subscriptions by GET: send an Authorization header."))
    return [*headers, ("authorization", tokens.credential(given[0]))]
