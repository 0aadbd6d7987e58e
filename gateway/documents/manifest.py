"""Manifests: files with the documents of one version of a game, as the generators of client code write them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.documents.ids import same_id, sha256_of
from gateway.errors import DocumentsUnusable

MAX_FILE_BYTES = 16 * 2**20
"""The size of a manifest; one of 500 large documents has about 2 MiB."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}@[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")
_APOLLO_FORMAT = "apollo-persisted-query-manifest"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Client:
    """One version of a game's client, as its manifest is named."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The documents of one client, by id; an id has no `sha256:` in front."""

    file: str
    client: Client
    documents: Mapping[str, str]


def read_manifests(folder: Path) -> list[Manifest]:
    """All manifests of a folder, by file name. Raises DocumentsUnusable, which names the file and the id."""
    try:
        files = sorted(one for one in folder.iterdir() if one.suffix == ".json")
    except OSError as error:
        raise DocumentsUnusable(f"The folder of documents {folder} cannot be read: {error.strerror}.") from None
    return [read_manifest(file) for file in files]


def read_manifest(file: Path) -> Manifest:
    """One manifest. Raises DocumentsUnusable."""
    client = parse_client(file.stem)
    if client is None:
        raise DocumentsUnusable(f"{file} must be named for its client and version, such as unity@1.4.0.json.")
    documents: dict[str, str] = {}
    for given, text in _entries(file):
        one = same_id(given)
        if _SHA256.fullmatch(one) and sha256_of(text) != one:
            raise DocumentsUnusable(f"{file}: the id {given} is not the SHA-256 of its document.")
        if documents.setdefault(one, text) != text:
            raise DocumentsUnusable(f"{file}: the id {given} has two documents.")
    return Manifest(file.name, client, documents)


def parse_client(text: str) -> Client | None:
    """The client that a name such as `unity@1.4.0` is of; None if it is no such name."""
    return Client(*text.rsplit("@", 1)) if _NAME.fullmatch(text) else None


def _entries(file: Path) -> list[tuple[str, str]]:
    """Ids and texts of a file in either format: `{"id": "text"}`, or Apollo's persisted-query manifest."""
    content: Sequence[tuple[object, object]] = _content(file)
    members = dict(content)
    if members.get("format") == _APOLLO_FORMAT:
        listed = members.get("operations")
        if members.get("version") != 1 or not isinstance(listed, list) or isinstance(listed, _Pairs):
            raise DocumentsUnusable(f"{file} must be version 1 of Apollo's persisted-query manifest.")
        operations = [dict(one) if isinstance(one, _Pairs) else {} for one in listed]
        content = [(one.get("id"), one.get("body")) for one in operations]
    for given, text in content:
        if not (isinstance(given, str) and given and isinstance(text, str)):
            raise DocumentsUnusable(f"{file}: the id {given or '(none)'} has no document.")
    return [(str(given), str(text)) for given, text in content]


def _content(file: Path) -> "_Pairs":
    """The members of the object in a file; objects are lists of pairs, so that an id that comes twice is seen."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DocumentsUnusable(f"{file} may have {MAX_FILE_BYTES} bytes at most.")
        content = json.loads(file.read_bytes(), object_pairs_hook=_Pairs)
    except OSError as error:
        raise DocumentsUnusable(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise DocumentsUnusable(f"{file} is not JSON.") from None
    if not isinstance(content, _Pairs):
        raise DocumentsUnusable(f'{file} must be an object of ids and documents, such as {{"id": "query …"}}.')
    return content


class _Pairs(list[tuple[object, object]]):
    """The members of a JSON object."""
