"""Every GraphQL document that the project shows: valid, safe for caches and for generators of clients.

A cache tells objects apart by their `id`. Some generators (for C#, for example) name the class of a selection by its
type and nest it where it is selected, so a type selected within itself makes code that does not compile.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    validate,
    visit,
)

from gateway.commands.demo import QUERY
from tests.support.markdown import all_pages
from tests.support.operations import FOLDER
from tests.support.paths import REPOSITORY

SCHEMA = build_schema((REPOSITORY / "schema.graphql").read_text())
ROOTS = {"Query", "Mutation", "Subscription"}
FENCE = re.compile(r"^ *```graphql\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
IN_JSON = re.compile(r'"query": "([^"]+)"')


def shown() -> Iterator[tuple[str, str]]:
    """Where each document stands, and its text."""
    for page in all_pages():
        text = page.read_text()
        for number, found in enumerate([*FENCE.findall(text), *IN_JSON.findall(text)], start=1):
            yield f"{page.relative_to(REPOSITORY)} {number}", found
    for folder in (FOLDER, REPOSITORY / "loadtest" / "operations"):
        yield from ((path.name, path.read_text()) for path in sorted(folder.glob("*.graphql")))
    yield "gateway demo", QUERY


class Selections(Visitor):
    """Collects what is wrong with the selections of a document."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.problems: list[str] = []
        self._outer: list[str] = []

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> None:
        kind = self.info.get_parent_type()
        assert isinstance(kind, GraphQLObjectType)
        selected = {one.name.value for one in node.selections if isinstance(one, FieldNode)}
        if kind.name not in ROOTS and "id" in kind.fields and "id" not in selected:
            self.problems.append(f"{kind.name} without id")
        if kind.name in self._outer:
            self.problems.append(f"{kind.name} within itself")
        self._outer.append(kind.name)

    def leave_selection_set(self, *_: Any) -> None:
        self._outer.pop()


def problems(document: DocumentNode) -> list[str]:
    info = TypeInfo(SCHEMA)
    found = Selections(info)
    visit(document, TypeInfoVisitor(info, found))
    return found.problems


@pytest.mark.parametrize(("place", "text"), list(shown()), ids=lambda value: value if len(value) < 60 else "")
def test_a_shown_document_is_valid_and_selects_ids_and_nests_no_type_in_itself(place: str, text: str) -> None:
    document = parse(text)
    assert validate(SCHEMA, document) == [], place
    assert problems(document) == [], place


def test_what_is_wrong_would_be_noticed() -> None:
    trap = "{ viewer { id offerChains { id steps { items { content { sku } } } } } }"
    assert problems(parse(trap)) == ["OfferStep without id", "Item within itself"]
    assert len(list(shown())) > 30
