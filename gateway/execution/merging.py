"""How much work validation has with fields that are selected more than once.

graphql-core compares each with all others in its place of the response, and what is selected inside of each as well:
240 times `offerChains { id }` took 0.4 seconds.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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

_Trail = tuple[str, ...]
"""The fragments inside of which a selection is: one that spreads itself is followed once."""

_Place = Sequence[tuple[SelectionSetNode, _Trail]]
"""The selections that make up one object of the response."""


def comparisons(document: DocumentNode, most: int) -> int:
    """Selections and pairs of fields that validation looks at; counted until there are more than `most`.

    A fragment counts once for each object that it is spread in, however often it is spread there.
    """
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operations = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    places: list[_Place] = [[(one.selection_set, ())] for one in operations]
    places += [[(one.selection_set, (name,))] for name, one in fragments.items()]
    count = 0
    while places and count <= most:
        fields: defaultdict[str, list[tuple[FieldNode, _Trail]]] = defaultdict(list)
        for selection, trail in _expanded(places.pop(), fragments):
            count += 1
            if isinstance(selection, FieldNode):
                fields[(selection.alias or selection.name).value].append((selection, trail))
        for same in fields.values():
            count += len(same) * (len(same) - 1) // 2
            if inside := [(field.selection_set, trail) for field, trail in same if field.selection_set]:
                places.append(inside)
    return count


def _expanded(place: _Place, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[tuple[SelectionNode, _Trail]]:
    """All selections of a place, those of its fragments included."""
    pending = list(place)
    seen = set[str]()
    while pending:
        selection_set, trail = pending.pop()
        for selection in selection_set.selections:
            yield selection, trail
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name in fragments and name not in seen and name not in trail:
                    seen.add(name)
                    pending.append((fragments[name].selection_set, (*trail, name)))
            elif not isinstance(selection, FieldNode):
                pending.append((cast(InlineFragmentNode, selection).selection_set, trail))
