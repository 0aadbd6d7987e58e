"""Limits on the size of a document, checked in one pass before validation, whose cost grows with the document.

Every fragment is measured once however often it is spread, so a document whose fragments double each other costs no
more than its length. Introspection nests deeper by nature and has a depth of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

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
from gateway.execution.merging import comparisons


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a document may select, its fragments expanded.

    A value of introspection costs about 7 microseconds; the fullest query of tools for the whole schema has some 5,200.
    A comparison costs up to 7 microseconds; the largest of the examples has 78, those tools' query some 480.
    """

    definitions: int = 20
    depth: int = 10
    introspection_depth: int = 20
    introspection_values: int = 8_000
    fields: int = 500
    root_fields: int = 10
    aliases: int = 15
    directives: int = 8
    comparisons: int = 2_000


LIMITS = Limits()
"""The limits of the gateway."""


class Measure(NamedTuple):
    """The size of a selection with its fragments expanded."""

    depth: int = 0
    introspection_depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0


_NOTHING = Measure()


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise LimitExceeded for a document that exceeds a limit."""
    _check(len(document.definitions), limits.definitions, "definitions")
    meter = _Meter(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            measure = meter.of(definition)
            _check(meter.width(definition.selection_set), limits.root_fields, "fields at the root")
            _check(measure.depth, limits.depth, "levels of fields")
            _check(measure.introspection_depth, limits.introspection_depth, "levels of introspection")
            _check(measure.fields, limits.fields, "fields")
            _check(measure.aliases, limits.aliases, "aliases")
            _check(measure.directives, limits.directives, "directives")
    if comparisons(document, limits.comparisons) > limits.comparisons:
        raise LimitExceeded("The document selects the same fields too often. Select each once, or in fewer fragments.")


def _check(found: int, allowed: int, what: str) -> None:
    if found > allowed:
        raise LimitExceeded(f"The document has {found} {what}; {allowed} are allowed.")


class _Meter:
    """Measures selections of one document; unknown and circular fragments count as empty: validation reports them."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._measured: dict[str, Measure] = {}
        self._widths: dict[str, int] = {}

    def of(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> Measure:
        """The measure of an operation or of a fragment's body."""
        return self._selections(node.selection_set, len(node.directives or ()))

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

    def _selections(self, selection_set: SelectionSetNode, directives: int = 0) -> Measure:
        """The measure of a selection, with the directives beside it."""
        depth = introspection_depth = fields = aliases = 0
        for selection in selection_set.selections:
            inner = self._selection(selection)
            depth = max(depth, inner.depth)
            introspection_depth = max(introspection_depth, inner.introspection_depth)
            fields += inner.fields
            aliases += inner.aliases
            directives += inner.directives + len(selection.directives or ())
        return Measure(depth, introspection_depth, fields, aliases, directives)

    def _selection(self, selection: SelectionNode) -> Measure:
        if isinstance(selection, FieldNode):
            return self._field(selection)
        if isinstance(selection, FragmentSpreadNode):
            return self._fragment(selection.name.value)
        return self._selections(cast(InlineFragmentNode, selection).selection_set)

    def _field(self, node: FieldNode) -> Measure:
        depth, introspection_depth, fields, aliases, directives = (
            self._selections(node.selection_set) if node.selection_set else _NOTHING
        )
        if node.name.value.startswith("__"):
            depth, introspection_depth = 0, 1 + max(depth, introspection_depth)
        else:
            depth, introspection_depth = depth + 1, 0
        return Measure(depth, introspection_depth, fields + 1, aliases + (node.alias is not None), directives)

    def _fragment(self, name: str) -> Measure:
        if name not in self._measured:
            # Set before it is measured, so that a fragment that spreads itself ends here.
            self._measured[name] = _NOTHING
            fragment = self._fragments.get(name)
            self._measured[name] = self.of(fragment) if fragment else _NOTHING
        return self._measured[name]
