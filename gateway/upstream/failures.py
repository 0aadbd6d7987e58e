"""What upstream responses outside 2xx mean: statuses and error codes as named errors (client contract, 7)."""

import math
import re
from email.utils import parsedate_to_datetime

from msgspec import Struct

from gateway.domain.models import Int64
from gateway.errors import (
    Forbidden,
    GatewayError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    Unauthenticated,
    UpstreamInvalid,
    UpstreamUnavailable,
)
from gateway.telemetry.redaction import redact_text
from gateway.upstream.decode import decode_one
from gateway.upstream.lenient import unreported

RETRY_AFTER_DEFAULT_SECONDS = 5
"""Told for a 429 that does not say when to come back."""

RETRY_AFTER_MAX_SECONDS = 86_400
"""Nothing longer is told: no client waits for more than a day, and GraphQL's numbers end somewhere."""

MAX_MESSAGE_LENGTH = 500
"""Characters of the upstream's message that are logged or shown."""

_SECONDS = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?")


class _Envelope(Struct, rename="camel"):
    error_code: Int64 | None = None
    transaction_id: str | None = None
    # Of any kind, since only developers read it: nothing else may be lost by it.
    error_message: object = None


def failure(status: int, body: bytes, retry_after: str | None, *, writes: bool, now: float) -> GatewayError:
    """Name what an answer outside 2xx means; `now` is Unix seconds, for dates in `Retry-After`.

    A 5xx on a write may come after the work was done, so its outcome is unknown. A redirect is never followed.
    """
    envelope = _envelope(body)
    code, transaction_id = envelope.error_code, envelope.transaction_id
    seconds = _retry_after_seconds(retry_after, now)
    failure: GatewayError
    if status == 429:
        asked = RETRY_AFTER_DEFAULT_SECONDS if seconds is None else seconds
        failure = RateLimited(asked, upstream_code=code, transaction_id=transaction_id)
        failure.wait_seconds = asked
    elif status >= 500:
        kind = OutcomeUnknown if writes else UpstreamUnavailable
        failure = kind(upstream_code=code, transaction_id=transaction_id)
        failure.retry_after_seconds = None if writes else seconds
        failure.wait_seconds = seconds
    else:
        failure = _FAILURES.get(status, UpstreamInvalid)(upstream_code=code, transaction_id=transaction_id)
    if isinstance(envelope.error_message, str) and envelope.error_message:
        failure.upstream_message = redact_text(envelope.error_message)[:MAX_MESSAGE_LENGTH]
    return failure


_FAILURES: dict[int, type[GatewayError]] = {
    400: Refusal,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Refusal,
    422: Refusal,
}


def _envelope(body: bytes) -> _Envelope:
    try:
        return decode_one(body, _Envelope, unreported)
    except UpstreamInvalid:
        return _Envelope()


def _retry_after_seconds(value: str | None, now: float) -> int | None:
    """Whole seconds to wait, from seconds or an HTTP date; None where nothing is told, and 1 at least."""
    text = "" if value is None else value.strip()
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return min(max(math.ceil(seconds), 1), RETRY_AFTER_MAX_SECONDS)
