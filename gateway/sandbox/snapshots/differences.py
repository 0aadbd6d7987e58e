"""What differs between two snapshots, thing by thing."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import NamedTuple

from gateway.sandbox.snapshots.facts import Facts, chain_facts, item_facts, points_given
from gateway.sandbox.snapshots.item_loading import ITEM_KINDS
from gateway.sandbox.snapshots.snapshot import Raw, Snapshot
from gateway.sandbox.snapshots.words import title

NOTHING = "nothing"
_CHAINS = (("offer_chains", "id"), ("reward_chains", "reward_chain_id"), ("daily_chains", "id"))


class FactChange(NamedTuple):
    """What is said under a label, before and after; None where nothing is."""

    label: str
    before: str | None
    after: str | None


class Difference(NamedTuple):
    """A thing that is in one snapshot only, or in both with facts that differ. `kind` is a snapshot's field."""

    kind: str
    name: str
    is_new: bool
    is_gone: bool
    changes: tuple[FactChange, ...]


class Comparison(NamedTuple):
    """All differences, and how many things are the same in both."""

    differences: tuple[Difference, ...]
    same: int


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """Compare two snapshots, of one project or of two.

    Items are the same by SKU. Chains are by number within one project, and by name between two, whose numbers differ.
    """
    pairs = [*_items(before, after)]
    for kind, id_name in _CHAINS:
        old, new = getattr(before, kind), getattr(after, kind)
        if before.project_id == after.project_id:
            paired = _by_number(old, new, id_name)
        else:
            paired = _by_name(old, new)
        for one, other in paired:
            known = other or one or {}
            name = f"{title(known) or 'without a name'} ({known.get(id_name)})"
            pairs.append((kind, name, one and chain_facts(one), other and chain_facts(other)))
    found = [_difference(*pair) for pair in pairs]
    differences = tuple(one for one in found if one.is_new or one.is_gone or one.changes)
    return Comparison(differences, len(found) - len(differences))


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


def _by_number(old: tuple[Raw, ...], new: tuple[Raw, ...], name: str) -> Iterator[tuple[Raw | None, Raw | None]]:
    before, after = ({raw.get(name): raw for raw in raws} for raws in (old, new))
    for number in {**before, **after}:
        yield before.get(number), after.get(number)


def _by_name(old: tuple[Raw, ...], new: tuple[Raw, ...]) -> Iterator[tuple[Raw | None, Raw | None]]:
    for name in dict.fromkeys(title(raw) for raw in (*old, *new)):
        yield from zip_longest(*([raw for raw in raws if title(raw) == name] for raws in (old, new)))


def _difference(kind: str, name: str, before: Facts | None, after: Facts | None) -> Difference:
    if before is None or after is None:
        return Difference(kind, name, before is None, after is None, ())
    changes = (FactChange(label, before.get(label), after.get(label)) for label in {**before, **after})
    return Difference(kind, name, False, False, tuple(one for one in changes if one.before != one.after))
