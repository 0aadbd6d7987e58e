"""What differs between two snapshots, thing by thing."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from gateway.sandbox.snapshots.facts import Facts, chain_facts, item_facts, points_given
from gateway.sandbox.snapshots.item_loading import ITEM_KINDS
from gateway.sandbox.snapshots.snapshot import Raw, Snapshot
from gateway.sandbox.snapshots.words import CHAIN_KINDS, NOUNS, title


class FactChange(msgspec.Struct, frozen=True):
    """What is said under a label, before and after; None where nothing is."""

    label: str
    before: str | None
    after: str | None


class Difference(msgspec.Struct, frozen=True):
    """A thing that is in one snapshot only, or in both with facts that differ."""

    kind: str
    name: str
    is_new: bool
    is_gone: bool
    changes: tuple[FactChange, ...]


class Comparison(msgspec.Struct, frozen=True):
    """All differences, and how many things are the same in both."""

    differences: tuple[Difference, ...]
    same: int


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Compare two snapshots, of one project or of two.

    Items are the same by SKU. Chains are by number and name, by name, and within one project by number; the same chain
    has another number in another project, and in a sandbox.
    """
    is_one_project = (before.project_id, before.source) == (after.project_id, after.source)
    pairs = [*_items(before, after)]
    for kind, id_name in CHAIN_KINDS.items():
        old, new = getattr(before, kind), getattr(after, kind)
        for one, other in _paired(old, new, id_name, is_one_project):
            known = other or one or {}
            name = f"{title(known) or 'without a name'} ({known.get(id_name)})"
            pairs.append((kind, name, one and chain_facts(one), other and chain_facts(other)))
    found = [_difference(*pair) for pair in pairs]
    differences = tuple(one for one in found if one.is_new or one.is_gone or one.changes)
    return Comparison(differences, len(found) - len(differences))


_Key = Callable[[Raw], object]
_Pair = tuple[str, str, Facts | None, Facts | None]


def _items(before: Snapshot, after: Snapshot) -> Iterator[_Pair]:
    old, new = _facts_by_sku(before), _facts_by_sku(after)
    for sku in {**old, **new}:
        kind, _ = new.get(sku) or old[sku]
        yield kind, sku, old[sku][1] if sku in old else None, new[sku][1] if sku in new else None


def _facts_by_sku(snapshot: Snapshot) -> Mapping[str, tuple[str, Facts]]:
    given = points_given(snapshot)
    return {
        str(raw.get("sku")): (kind, item_facts(kind, raw, given.get(str(raw.get("sku")), {})))
        for kind in ITEM_KINDS
        for raw in getattr(snapshot, kind)
    }


def _paired(
    old: tuple[Raw, ...], new: tuple[Raw, ...], id_name: str, is_one_project: bool
) -> Iterator[tuple[Raw | None, Raw | None]]:
    left, right = list(old), list(new)
    by_number: tuple[_Key, ...] = (lambda raw: raw.get(id_name),) if is_one_project else ()
    keys: tuple[_Key, ...] = (lambda raw: (raw.get(id_name), title(raw)), title, *by_number)
    for key in keys:
        for one in tuple(left):
            other = next((two for two in right if key(two) == key(one)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                yield one, other
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def _difference(kind: str, name: str, before: Facts | None, after: Facts | None) -> Difference:
    if before is None or after is None:
        return Difference(NOUNS[kind], name, before is None, after is None, ())
    changes = (FactChange(label, before.get(label), after.get(label)) for label in {**before, **after})
    return Difference(NOUNS[kind], name, False, False, tuple(one for one in changes if one.before != one.after))
