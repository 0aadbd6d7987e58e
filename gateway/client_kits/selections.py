"""What a selection has in the end: fragments are taken in, and fields that are named twice are one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)

Fragments = Mapping[str, FragmentDefinitionNode]
"""The fragments of a document by name."""


@dataclass(slots=True)
class Selected:
    """One key of an answer. It may be missing if each place that asks for it is under `@include` or `@skip`."""

    node: FieldNode
    is_conditional: bool
    below: list[SelectionSetNode] = field(default_factory=list)


def collected(selections: Sequence[SelectionSetNode], fragments: Fragments) -> dict[str, Selected]:
    """The keys of an answer in their order. The schema has no abstract types, so every fragment applies."""
    found: dict[str, Selected] = {}
    for one in selections:
        for node, is_conditional in _fields(one, fragments, False):
            key = (node.alias or node.name).value
            selected = found.setdefault(key, Selected(node, is_conditional))
            selected.is_conditional &= is_conditional
            if node.selection_set:
                selected.below.append(node.selection_set)
    return found


def _fields(
    selections: SelectionSetNode, fragments: Fragments, is_conditional: bool
) -> Iterator[tuple[FieldNode, bool]]:
    for node in selections.selections:
        depends = is_conditional or _is_conditional(node)
        if isinstance(node, FieldNode):
            yield node, depends
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, fragments, depends)
        else:
            spread = fragments[cast(FragmentSpreadNode, node).name.value]
            yield from _fields(spread.selection_set, fragments, depends)


def _is_conditional(node: SelectionNode) -> bool:
    return any(one.name.value in ("include", "skip") for one in node.directives or ())
