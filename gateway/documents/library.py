"""Which document a request means: its text, a trusted document's id, or the hash of one that a client registered."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gateway.documents.automatic import AutomaticDocuments
from gateway.documents.ids import same_id, sha256_of
from gateway.documents.manifest import read_manifests
from gateway.documents.trusted import TrustedDocument, TrustedDocuments, compiled
from gateway.documents.usage import DocumentUsage
from gateway.errors import (
    BadRequest,
    DocumentNotTrusted,
    DocumentsUnusable,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
)
from gateway.execution.engine import GraphQLEngine
from gateway.telemetry import log

logger = logging.getLogger(__name__)

AHEAD_BYTES = 64 * 2**20
"""Memory for trusted documents that are ready to run; 500 whole screens take about 30 MiB."""

_LOGGED_EACH = 100


class FoundDocument(NamedTuple):
    """The text to run. `trusted` is its trusted document, and `hash` the one that it is to be registered under."""

    text: str
    trusted: TrustedDocument | None = None
    hash: str | None = None


class DocumentLibrary:
    """All documents that can be asked for by id.

    `folder` has the manifests; None for none. With `is_required`, nothing else runs. `automatic` has what clients
    register; None where they may not.
    """

    def __init__(
        self,
        engine: GraphQLEngine,
        *,
        folder: Path | None = None,
        is_required: bool = False,
        automatic: AutomaticDocuments | None = None,
    ) -> None:
        self._engine = engine
        self._folder = folder
        self._is_required = is_required
        self._automatic = automatic
        self._trusted = TrustedDocuments()
        self.usage = DocumentUsage()
        self._loads = 0
        self._reloading = asyncio.Lock()
        self.generation = b""
        """Changes whenever an id may mean another text."""

    def load(self) -> None:
        """Load and compile the manifests, before anything is served. Raises DocumentsUnusable."""
        for _ in self._load():
            continue

    async def reload(self) -> None:
        """Load the manifests again, beside what is being served. Where one cannot be used, all stays as it was."""
        try:
            async with self._reloading:
                for _ in self._load():
                    await asyncio.sleep(0)
        except DocumentsUnusable as error:
            log.event(logger, logging.ERROR, "documents_refused", reason=str(error))

    def _load(self) -> Iterator[None]:
        """Load what the folder has, in short steps."""
        if self._folder is None:
            return
        manifests = read_manifests(self._folder)
        count = 0
        for trusted in compiled(manifests, self._engine.compile_ahead, max_bytes=AHEAD_BYTES):
            if trusted is None:
                count += 1
                if count % _LOGGED_EACH == 0:
                    log.event(logger, logging.INFO, "documents_loading", documents=count)
                yield
                continue
            self._engine.keep_ahead(trusted.ready)
            self.usage.expect(trusted)
            self._trusted = trusted
            self._loads += 1
            self.generation = b"%d" % self._loads
            log.event(
                logger,
                logging.INFO,
                "documents_loaded",
                manifests=len(manifests),
                documents=len(trusted.by_id),
                ready=len(trusted.ready),
            )

    def find(self, query: str | None, given_id: str | None, *, is_hash: bool) -> FoundDocument:
        """The document of a request with a text, an id, or both; `is_hash` says that the id is a SHA-256.

        Raises BadRequest, DocumentNotTrusted, PersistedQueryNotFound and PersistedQueryNotSupported.
        """
        if given_id is None:
            return self._of_text(query or "")
        one = same_id(given_id)
        trusted = self._trusted.by_id.get(one)
        text = trusted.text if trusted else self._registered(one)
        if text is not None:
            if query and query != text:
                raise BadRequest("provided sha does not match query: the id is that of another document.")
            return FoundDocument(text, trusted)
        if not query:
            # Clients compare these words. `NotSupported` makes some give ids up for as long as they run, so one id that
            # is missing is never told like that where other ids are known.
            has_ids = self._folder is not None or self._automatic is not None
            raise PersistedQueryNotFound if has_ids else PersistedQueryNotSupported
        if is_hash and sha256_of(query) != one:
            raise BadRequest("provided sha does not match query")
        found = self._of_text(query)
        return found._replace(hash=one) if is_hash and self._automatic is not None else found

    def _registered(self, one: str) -> str | None:
        return None if self._automatic is None else self._automatic.find(one)

    def _of_text(self, query: str) -> FoundDocument:
        trusted = self._trusted.by_text.get(query)
        if trusted is None and self._is_required:
            raise DocumentNotTrusted
        return FoundDocument(query, trusted)

    def register(self, found: FoundDocument) -> None:
        """Remember a document that has turned out to be valid, where its client has sent its hash."""
        if found.hash is not None and self._automatic is not None:
            self._automatic.register(found.hash, found.text)
