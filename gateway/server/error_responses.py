"""Responses of the server before a request reaches the application: coded errors, as everywhere else."""

import json
import os
from dataclasses import dataclass
from http import HTTPStatus

from gateway.errors.codes import ErrorCode


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """Why a connection is closed, as its client gets it; `reason` is its name in metrics."""

    reason: str
    status: HTTPStatus
    code: ErrorCode
    message: str
    is_retryable: bool = False
    retry_after_seconds: int | None = None

    def headers(self, request_id: str, length: int) -> list[tuple[bytes, bytes]]:
        """The fields of the response."""
        fields = [
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(length).encode()),
            (b"connection", b"close"),
            (b"x-request-id", request_id.encode()),
        ]
        if self.retry_after_seconds is not None:
            fields.append((b"retry-after", str(self.retry_after_seconds).encode()))
        return fields

    def body(self, request_id: str) -> bytes:
        """The error in the form of GraphQL's."""
        extensions: dict[str, object] = {
            "code": self.code.value,
            "retryable": self.is_retryable,
            "requestId": request_id,
        }
        if self.retry_after_seconds is not None:
            extensions["retryAfterSeconds"] = self.retry_after_seconds
        return json.dumps({"errors": [{"message": self.message, "extensions": extensions}]}).encode()

    def response(self) -> bytes:
        """The whole response."""
        request_id = new_request_id()
        body = self.body(request_id)
        lines = [f"HTTP/1.1 {self.status.value} {self.status.phrase}".encode()]
        lines += [name + b": " + value for name, value in self.headers(request_id, len(body))]
        return b"\r\n".join([*lines, b"", body])


def new_request_id() -> str:
    """An id for a request whose client gave none."""
    return os.urandom(16).hex()


MALFORMED = ErrorResponse(
    "malformed", HTTPStatus.BAD_REQUEST, ErrorCode.BAD_REQUEST, "This is not a valid HTTP/1.1 request."
)
METHOD_NOT_ALLOWED = ErrorResponse(
    "not_a_proxy", HTTPStatus.METHOD_NOT_ALLOWED, ErrorCode.BAD_REQUEST, "This server is not a proxy."
)
HEAD_TOO_LARGE = ErrorResponse(
    "head_too_large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ErrorCode.LIMIT_EXCEEDED,
    "The request's head or trailers are too large. Send fewer or shorter header fields.",
)
TOO_SLOW = ErrorResponse(
    "too_slow",
    HTTPStatus.REQUEST_TIMEOUT,
    ErrorCode.BAD_REQUEST,
    "The request was not complete in time. Send it again on a new connection.",
    is_retryable=True,
)
FULL = ErrorResponse(
    "full",
    HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.OVERLOADED,
    "The gateway has too many connections. Try again in a moment.",
    is_retryable=True,
    retry_after_seconds=1,
)

REASONS = tuple(one.reason for one in (MALFORMED, METHOD_NOT_ALLOWED, HEAD_TOO_LARGE, TOO_SLOW, FULL))
