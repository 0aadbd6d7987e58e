"""`gateway documents`: check manifests of trusted documents before they are deployed, and make them."""

import argparse
import asyncio
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, build_schema, parse, validate

from gateway.commands.options import add_examples, described, say
from gateway.commands.upstream_calls import PLAYER, upstream_calls
from gateway.documents.extraction import extracted, manifest_text
from gateway.documents.ids import SHA256, sha256_of
from gateway.documents.manifest import parse_client, read_manifests
from gateway.documents.trusted import joined
from gateway.errors import DocumentsUnusable
from gateway.errors.internal import DocumentInvalid
from gateway.execution.engine import GraphQLEngine

_MIB = 2**20


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command, its two parts and their options."""
    add_examples(
        parser, "gateway documents check documents", "gateway documents extract *.graphql --client unity@1.4.0"
    )
    parts = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    text = "Check all manifests of a folder: validity, limits, deprecated parts, upstream calls."
    check = parts.add_parser("check", **described(text))
    add_examples(
        check, "gateway documents check documents", "gateway documents check documents --against released.graphql"
    )
    check.add_argument("folder", type=Path, metavar="DIR", help="folder with manifests such as unity@1.4.0.json")
    check.add_argument(
        "--against",
        type=Path,
        metavar="OLD.graphql",
        help="another schema to validate against, such as the released one",
    )
    check.add_argument("--introspection", action="store_true", help="allow introspection, as GATEWAY_INTROSPECTION=on")
    check.set_defaults(run=check_documents)
    text = "Make a manifest from files with operations and fragments, and print the id of each operation."
    extract = parts.add_parser("extract", **described(text))
    add_examples(extract, "gateway documents extract operations/*.graphql --client unity@1.4.0 --output documents")
    extract.add_argument("files", type=Path, nargs="+", metavar="FILE.graphql", help="files with the documents")
    extract.add_argument("--client", required=True, metavar="NAME@VERSION", help="whose documents they are")
    extract.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="folder for the manifest (.)")
    extract.set_defaults(run=extract_documents)


def extract_documents(options: argparse.Namespace) -> int:
    """Write a manifest. Raises DocumentsUnusable."""
    if parse_client(options.client) is None:
        raise DocumentsUnusable(f"--client must be a name and a version, such as unity@1.4.0, not {options.client!r}.")
    texts = extracted(options.files)
    file = options.output / f"{options.client}.json"
    try:
        file.write_text(manifest_text(list(texts.values())))
    except OSError as error:
        raise DocumentsUnusable(f"{file} cannot be written: {error.strerror}.") from None
    for name, text in texts.items():
        say(f"{SHA256}{sha256_of(text)}  {name}")
    say(f"{len(texts)} documents in {file}")
    return 0


def check_documents(options: argparse.Namespace) -> int:
    """Say what is found of each document, and return 1 if one cannot be used. Raises DocumentsUnusable."""
    documents = joined(read_manifests(options.folder))
    checks = _Checks(options.introspection, _schema(options.against))
    broken = 0
    for one, (file, text) in documents.items():
        say(f"{file} {one}")
        problems = list(checks.problems(text))
        for line in problems or checks.facts(text):
            say(f"  {line}")
        broken += bool(problems)
    say(f"{len(documents)} documents, {broken} cannot be used. Upstream calls are those of {PLAYER.name} in the demo.")
    return 1 if broken else 0


def _schema(file: Path | None) -> GraphQLSchema | None:
    try:
        return None if file is None else build_schema(file.read_text())
    except (OSError, UnicodeError, GraphQLError, TypeError) as error:
        raise DocumentsUnusable(f"{file} is not a schema that can be read: {error}") from None


class _Checks:
    """Checks documents against this gateway, and against another schema if there is one."""

    def __init__(self, allow_introspection: bool, other: GraphQLSchema | None) -> None:
        self._engine = GraphQLEngine(
            document_bytes=_MIB, allow_suggestions=True, allow_introspection=allow_introspection
        )
        self._other = other

    def problems(self, text: str) -> Iterator[str]:
        """Why a document cannot be used."""
        try:
            self._engine.compile_ahead(text)
        except DocumentInvalid as refused:
            yield from (f"error: {error.message}" for error in refused.errors)
            return
        if self._other is not None:
            yield from (f"error in the other schema: {error.message}" for error in validate(self._other, parse(text)))

    def facts(self, text: str) -> Iterator[str]:
        """What a valid document has and does."""
        for operation in parse(text).definitions:
            if isinstance(operation, OperationDefinitionNode):
                name = operation.name.value if operation.name else None
                yield f"{operation.operation.value} {name or '(anonymous)'}"
                yield from (f"  {line}" for line in _calls(text, name, operation))
        for part in self._engine.compile_ahead(text).deprecated:
            yield f"deprecated: {part}"


def _calls(text: str, name: str | None, operation: OperationDefinitionNode) -> Iterator[str]:
    needed = [
        f"${one.variable.name.value}"
        for one in operation.variable_definitions or ()
        if one.type.kind == "non_null_type" and one.default_value is None
    ]
    if operation.operation is not OperationType.QUERY:
        return
    if needed:
        yield f"upstream: depends on {', '.join(needed)}; see gateway explain --variables"
        return
    calls = asyncio.run(upstream_calls(text, name, {}))
    yield from (f"upstream: {call}" for call in calls or ["none"])
