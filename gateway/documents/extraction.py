"""Makes a manifest from files with GraphQL documents, for engines whose tools write none."""

import json
from collections.abc import Sequence
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    concat_ast,
    parse,
    print_ast,
    separate_operations,
)

from gateway.documents.ids import SHA256, sha256_of
from gateway.errors import DocumentsUnusable


def extracted(files: Sequence[Path]) -> dict[str, str]:
    """The operations of all files by name, each as one text with the fragments that it needs.

    Fragments may stand in another file. Raises DocumentsUnusable, which names the file.
    """
    documents = [_parsed(file) for file in files]
    _check_names(documents)
    return {name: print_ast(document) for name, document in separate_operations(concat_ast(documents)).items()}


def manifest_text(texts: Sequence[str]) -> str:
    """A manifest of these documents, by their hashes."""
    return json.dumps({f"{SHA256}{sha256_of(text)}": text for text in texts}, indent=2) + "\n"


def _parsed(file: Path) -> DocumentNode:
    try:
        return parse(file.read_text())
    except (OSError, UnicodeError) as error:
        raise DocumentsUnusable(f"{file} cannot be read: {error}.") from None
    except GraphQLError as error:
        raise DocumentsUnusable(f"{file}: {error.message}") from None


def _check_names(documents: Sequence[DocumentNode]) -> None:
    """Raises DocumentsUnusable for operations without a name, and for names that come twice."""
    known: set[tuple[type, str]] = set()
    for definition in (one for document in documents for one in document.definitions):
        if not isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            raise DocumentsUnusable("The files must have operations and fragments only.")
        name = definition.name.value if definition.name else ""
        if not name:
            raise DocumentsUnusable("Every operation needs a name: metrics and the log show it.")
        if (type(definition), name) in known:
            raise DocumentsUnusable(f"{name} is defined twice.")
        known.add((type(definition), name))
