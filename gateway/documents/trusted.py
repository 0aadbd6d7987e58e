"""The trusted documents of all manifests, compiled, and found by id or by text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.documents.manifest import Client, Manifest
from gateway.errors import DocumentsUnusable
from gateway.errors.internal import DocumentInvalid
from gateway.execution.ahead import AheadDocument

MAX_DOCUMENTS = 20_000
"""Documents of all manifests together."""


@dataclass(frozen=True, slots=True)
class TrustedDocument:
    """A document of one or more manifests; `clients` are those whose manifests have it."""

    id: str
    text: str
    clients: tuple[Client, ...]
    operations: tuple[str | None, ...]
    deprecated: tuple[str, ...]


class TrustedDocuments(NamedTuple):
    """Trusted documents by id and by text, and those of them that are kept ready to run."""

    by_id: Mapping[str, TrustedDocument] = {}
    by_text: Mapping[str, TrustedDocument] = {}
    ready: Sequence[AheadDocument] = ()

    @property
    def clients(self) -> frozenset[Client]:
        """Whose documents they are."""
        return frozenset(client for document in self.by_id.values() for client in document.clients)


class _Given(NamedTuple):
    """What a manifest says first of an id."""

    file: str
    text: str


def compiled(
    manifests: Sequence[Manifest], compile_ahead: Callable[[str], AheadDocument], *, max_bytes: int
) -> Iterator[TrustedDocuments | None]:
    """Compile all documents: None after each of them, and then all. Raises DocumentsUnusable with the file and the id.

    What does not fit into `max_bytes` is checked, and compiled again when it is asked for.
    """
    given = joined(manifests)
    clients: dict[str, list[Client]] = {}
    for manifest in manifests:
        for one in manifest.documents:
            clients.setdefault(one, []).append(manifest.client)
    by_id: dict[str, TrustedDocument] = {}
    ready: dict[str, AheadDocument] = {}
    for one, (file, text) in given.items():
        try:
            made = ready.get(text) or compile_ahead(text)
        except DocumentInvalid as refused:
            reasons = "; ".join(error.message for error in refused.errors)
            raise DocumentsUnusable(f"{file}: the document {one} cannot be used: {reasons}") from None
        by_id[one] = TrustedDocument(one, text, tuple(clients[one]), made.operations, made.deprecated)
        max_bytes -= 0 if text in ready else made.size_bytes
        if max_bytes >= 0:
            ready[text] = made
        yield None
    yield TrustedDocuments(by_id, {one.text: one for one in by_id.values()}, tuple(ready.values()))


def joined(manifests: Sequence[Manifest]) -> dict[str, _Given]:
    """The text of each id. Raises DocumentsUnusable where two manifests differ in one."""
    given: dict[str, _Given] = {}
    for manifest in manifests:
        for one, text in manifest.documents.items():
            first = given.setdefault(one, _Given(manifest.file, text))
            if first.text != text:
                raise DocumentsUnusable(f"{manifest.file}: the id {one} has another document in {first.file}.")
    if len(given) > MAX_DOCUMENTS:
        raise DocumentsUnusable(f"The manifests have {len(given)} documents; {MAX_DOCUMENTS} are allowed.")
    return given
