"""How large a document may be, measured in one pass before validation, whose own cost grows with the document.

Every fragment is measured once however often it is spread, so a document whose fragments double each other costs no
more than its length. Introspection nests deeper by nature and has a depth of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from gateway.errors import LimitExceeded


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may amount to at most, its fragments expanded."""

    definitions: int = 20
    depth: int = 10
    introspection_depth: int = 20
    fields: int = 500
    root_fields: int = 10
    aliases: int = 15
    directives: int = 8


LIMITS = Limits()
"""What the gateway runs."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a selection amounts to once its fragments are expanded."""

    depth: int = 0
    introspection_depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0

    def beside(self, other: "Measure") -> "Measure":
        """Both in one selection."""
        return Measure(
            max(self.depth, other.depth),
            max(self.introspection_depth, other.introspection_depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
        )


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise LimitExceeded for a document that is larger than that."""
    _bound(len(document.definitions), limits.definitions, "definitions")
    meter = _Meter(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            measure = meter.of(definition)
            _bound(meter.width(definition.selection_set), limits.root_fields, "fields at the root")
            _bound(measure.depth, limits.depth, "levels of fields")
            _bound(measure.introspection_depth, limits.introspection_depth, "levels of introspection")
            _bound(measure.fields, limits.fields, "fields")
            _bound(measure.aliases, limits.aliases, "aliases")
            _bound(measure.directives, limits.directives, "directives")


def _bound(found: int, allowed: int, what: str) -> None:
    if found > allowed:
        raise LimitExceeded(f"The document has {found} {what}; {allowed} are allowed.")


class _Meter:
    """Measures selections of one document; a fragment that is unknown, or spreads itself, counts for nothing here."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._measured: dict[str, Measure] = {}
        self._widths: dict[str, int] = {}

    def of(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> Measure:
        """The measure of an operation or of a fragment's body."""
        return Measure(directives=len(node.directives or ())).beside(self._selections(node.selection_set))

    def width(self, selection_set: SelectionSetNode) -> int:
        """Fields of the selection itself, those of its fragments included."""
        return sum(self._width(selection) for selection in selection_set.selections)

    def _width(self, selection: SelectionNode) -> int:
        if isinstance(selection, FieldNode):
            return 1
        if not isinstance(selection, FragmentSpreadNode):
            return self.width(cast(InlineFragmentNode, selection).selection_set)
        name = selection.name.value
        if name not in self._widths:
            self._widths[name] = 0
            fragment = self._fragments.get(name)
            self._widths[name] = self.width(fragment.selection_set) if fragment else 0
        return self._widths[name]

    def _selections(self, selection_set: SelectionSetNode | None) -> Measure:
        return _sum(self._selection(one) for one in selection_set.selections) if selection_set else Measure()

    def _selection(self, selection: SelectionNode) -> Measure:
        own = Measure(directives=len(selection.directives or ()))
        if isinstance(selection, FragmentSpreadNode):
            return own.beside(self._fragment(selection.name.value))
        if not isinstance(selection, FieldNode):
            return own.beside(self._selections(cast(InlineFragmentNode, selection).selection_set))
        inner = self._selections(selection.selection_set)
        is_introspection = selection.name.value.startswith("__")
        return Measure(
            depth=0 if is_introspection else inner.depth + 1,
            introspection_depth=1 + max(inner.depth, inner.introspection_depth) if is_introspection else 0,
            fields=1 + inner.fields,
            aliases=inner.aliases + (selection.alias is not None),
            directives=inner.directives + own.directives,
        )

    def _fragment(self, name: str) -> Measure:
        if name not in self._measured:
            self._measured[name] = Measure()
            fragment = self._fragments.get(name)
            self._measured[name] = self.of(fragment) if fragment else Measure()
        return self._measured[name]


def _sum(measures: Iterable[Measure]) -> Measure:
    total = Measure()
    for measure in measures:
        total = total.beside(measure)
    return total
