"""Exceptions that one room raises for another. No client sees them: the room that catches one decides what it means.

An exception that stays in its room is defined there, beside what raises it.
"""

from collections.abc import Sequence

from graphql import GraphQLError


class FlightEnded(Exception):
    """The shared run ended without a result: `SingleFlight` was closed, or the run was cancelled from within.

    Raised in `concurrency`; caught in `identity`, `player`, `webhooks`.
    """


class RecordsFailed(Exception):
    """A transaction on the records failed, and nothing of it was kept: the disk is full or broken.

    Raised in `records`; caught in `player`, `records`, `store`, `webhooks`.
    """


class SealBroken(Exception):
    """What was kept is not what was sealed: the file was altered or damaged.

    Raised in `records`; caught in `player`.
    """


class TrackingEnded(Exception):
    """The order is not watched any more: its time is over, or the tracker was closed.

    Raised in `orders`; caught in `player`.
    """


class DocumentInvalid(Exception):
    """A document cannot run; each of its errors carries the GatewayError that names its code.

    Raised in `execution`; caught in `commands`, `documents`, `web`.
    """

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        self.errors = errors
        super().__init__()


class WebhookInvalid(Exception):
    """A signed body is not a JSON object, or lacks what its kind requires; the text says which.

    Raised in `webhooks`; caught in `web`.
    """


class WebhookNotAccepted(Exception):
    """The studio's backend did not accept the webhook: the vendor should send it again.

    Raised in `webhooks`; caught in `web`.
    """
