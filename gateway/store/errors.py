"""Why the store did not answer."""

from gateway.errors.internal import RecordsFailed

REASONS = (
    "timeout",
    "connect",
    "tls",
    "auth",
    "denied",
    "refused",
    "full",
    "error",
    "late",
    "replicas",
    "lost_records",
)
"""Every reason, for metrics; `late`, `replicas` and `lost_records` are refusals of ours."""


class StoreUnavailable(RecordsFailed):
    """The store did not answer, or its answer may not be relied on; `reason` is one of REASONS.

    The text names no key and no credential. What was asked may have been done all the same.

    Raised and caught in the store only; the other rooms know it as RecordsFailed.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the store is unavailable: {reason}")
        self.reason = reason
