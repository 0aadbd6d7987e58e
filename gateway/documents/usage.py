"""Who uses which trusted document, and which deprecated parts of the schema: for metrics and the log."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gateway.documents.manifest import Client
from gateway.documents.trusted import TrustedDocument, TrustedDocuments
from gateway.telemetry.metrics import Sample

MAX_SERIES = 500
"""Series of one metric; what comes after them is counted as `other`."""

ANONYMOUS = "anonymous"
SEVERAL = "several"
"""The client or version of a document that several have, where the request does not say which of them sent it."""

_OTHER = "other"


class DocumentUse(NamedTuple):
    """One use of a trusted document."""

    id: str
    operation: str
    client: str
    version: str
    deprecated: tuple[str, ...]


def use_of(document: TrustedDocument, operation: str | None, sender: Client | None) -> DocumentUse:
    """The use of an operation of a document; `sender` is who the request says that it is from, and is not trusted."""
    senders = (sender,) if sender in document.clients else document.clients
    client, version = (
        found.pop() if len(found) == 1 else SEVERAL
        for found in ({one.name for one in senders if one}, {one.version for one in senders if one})
    )
    name = operation or document.operations[0] or ANONYMOUS
    return DocumentUse(document.id, name, client, version, document.deprecated)


class DocumentUsage:
    """Counts uses, in series that are known from the manifests."""

    def __init__(self) -> None:
        self._operations: dict[tuple[str, ...], int] = {}
        self._deprecated: dict[tuple[str, ...], int] = {}
        self.expect(TrustedDocuments())

    def expect(self, trusted: TrustedDocuments) -> None:
        """Count the uses of these documents from now on; what was counted of them before stays."""
        operations: set[tuple[str, ...]] = set()
        deprecated: set[tuple[str, ...]] = set()
        for document in trusted.by_id.values():
            senders = (*document.clients, None)
            uses = [use_of(document, name, sender) for name in document.operations for sender in senders]
            operations |= {(one.client, one.operation) for one in uses}
            deprecated |= {(one.client, one.version, part) for one in uses for part in one.deprecated}
        self._operations = _series(operations, self._operations, labels=2)
        self._deprecated = _series(deprecated, self._deprecated, labels=3)

    def count(self, use: DocumentUse) -> None:
        """Count one use."""
        _count(self._operations, (use.client, use.operation))
        for part in use.deprecated:
            _count(self._deprecated, (use.client, use.version, part))

    def samples(self) -> Iterator[Sample]:
        """What was counted, for metrics."""
        text = "Requests for trusted documents, by the client of their manifest and their operation."
        yield from _samples("gateway_document_requests", text, ("client", "operation"), self._operations)
        text = "Requests for trusted documents that use a deprecated part of the schema."
        yield from _samples("gateway_deprecated_uses", text, ("client", "version", "part"), self._deprecated)


def _series(
    found: set[tuple[str, ...]], known: dict[tuple[str, ...], int], *, labels: int
) -> dict[tuple[str, ...], int]:
    kept = [*sorted(found)[: MAX_SERIES - 1], (_OTHER,) * labels]
    return {one: known.get(one, 0) for one in kept}


def _count(counts: dict[tuple[str, ...], int], series: tuple[str, ...]) -> None:
    # A response that is still cached may be of a document that is trusted no more.
    counts[series if series in counts else (_OTHER,) * len(series)] += 1


def _samples(name: str, text: str, labels: Iterable[str], counts: dict[tuple[str, ...], int]) -> Iterator[Sample]:
    for values, count in counts.items():
        yield Sample(name, text, count, is_count=True, labels=tuple(zip(labels, values, strict=True)))
