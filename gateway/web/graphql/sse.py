"""Server-sent events: results as graphql-sse's "distinct connections mode" has them."""

import msgspec

from gateway.execution.engine import Result
from gateway.web.graphql.requests import EVENT_STREAM
from gateway.web.graphql.results import graphql_response
from gateway.web.graphql.streams import StreamFormat

_encode = msgspec.json.Encoder().encode


def _next(result: Result) -> bytes:
    return b"event: next\ndata: " + _encode(graphql_response(result)) + b"\n\n"


SERVER_SENT_EVENTS = StreamFormat(
    content_type=f"{EVENT_STREAM}; charset=utf-8",
    opening=b"",
    heartbeat=b":\n\n",
    result=_next,
    # EventSource tells its page only of events that have data, be it empty.
    completion=b"event: complete\ndata: \n\n",
    # Not said to be complete, so that the client asks again elsewhere.
    going_away=bytes,
)
