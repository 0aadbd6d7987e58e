"""Multipart subscriptions, as Apollo's clients ask for them over HTTP (subscriptionSpec 1.0).

Each part ends with the boundary of the next one, because clients take a part for whole only then. The protocol:
https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
"""

from collections.abc import Mapping

import msgspec

from gateway.errors import Overloaded
from gateway.execution.engine import Result
from gateway.web.graphql.results import graphql_response, public_failure
from gateway.web.graphql.streams import StreamFormat

_BOUNDARY = b"\r\n--graphql"

_encode = msgspec.json.Encoder().encode


def _part(content: Mapping[str, object]) -> bytes:
    return b"\r\ncontent-type: application/json\r\n\r\n" + _encode(content) + _BOUNDARY


def _payload(result: Result) -> bytes:
    return _part({"payload": graphql_response(result)})


def _going_away() -> bytes:
    """Errors beside `payload`, and not in it, end the subscription."""
    error = Overloaded("The gateway is about to end. Subscribe again in a moment.")
    return _part({"payload": None, "errors": public_failure(error)}) + _END


_END = b"--\r\n"

MULTIPART_SUBSCRIPTIONS = StreamFormat(
    content_type='multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    opening=_BOUNDARY,
    heartbeat=_part({}),
    result=_payload,
    completion=_END,
    going_away=_going_away,
)
