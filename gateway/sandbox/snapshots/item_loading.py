"""Creates a snapshot's items and value points, and the points that items give.

Items that chains or bundles hold and that are in no list, such as game keys, get a stand-in, so that the chains can be
played.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from gateway.sandbox.admin.item_requests import BundleBody, CurrencyBody, GoodBody, ItemBody, PackageBody, new_item
from gateway.sandbox.admin.items import check_depth
from gateway.sandbox.admin.value_points import ValuePointBody, new_point
from gateway.sandbox.errors import ApiError
from gateway.sandbox.snapshots.attempts import Attempts, checked, number_of, reason_of
from gateway.sandbox.snapshots.snapshot import Raw, Snapshot
from gateway.sandbox.snapshots.words import NOUNS
from gateway.sandbox.snapshots.written_form import item_body, listed, point_body
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.item_writes import NewItem, create_item, set_item_points, update_item
from gateway.sandbox.storage.publisher_items import ItemKind

_SHOWN = frozenset({"sku", "name", "description", "image_url", "prices", "is_free", "is_enabled", "is_show_in_store"})
_ESSENTIAL = _SHOWN | {"content", "order"}


class _Form(NamedTuple):
    kind: ItemKind
    body: type[ItemBody]


_FORMS: Mapping[str, _Form] = {
    "virtual_items": _Form(ItemKind.GOOD, GoodBody),
    "virtual_currencies": _Form(ItemKind.CURRENCY, CurrencyBody),
    "packages": _Form(ItemKind.PACKAGE, PackageBody),
    "bundles": _Form(ItemKind.BUNDLE, BundleBody),
}

ITEM_KINDS = (*_FORMS, "value_points")
"""The kinds of items, under the names that snapshots give them."""


class ItemLoader:
    """Creates the items of one snapshot."""

    def __init__(self, tx: Transaction, snapshot: Snapshot, attempts: Attempts) -> None:
        """Take the transaction, and where problems are named."""
        self._tx, self._snapshot, self._attempts = tx, snapshot, attempts
        self._project_id = snapshot.project_id
        self.created: dict[str, NewItem] = {}
        """What was created, by SKU; with stand-ins."""
        self.stand_ins: set[str] = set()
        self._ids: dict[str, int] = {}

    def load(self) -> None:
        """Create everything; items before what holds them."""
        everything = [(kind, raw) for kind in ITEM_KINDS for raw in getattr(self._snapshot, kind)]
        number = number_of("item_id")
        for kind, raw in sorted(everything, key=lambda one: number(one[1])):
            self._create(kind, raw)
        for sku, raw in _mentioned(self._snapshot):
            if sku not in self.created:
                self._create_stand_in(sku, raw)
        for sku, new in self.created.items():
            if new.content:
                with self._attempts.attempt(f"content of {sku}"):
                    update_item(self._tx, self._project_id, self._ids[sku], new)
                    check_depth(self._tx, self._project_id)
        for point, rewards in self._snapshot.point_rewards.items():
            self._set_points(point, rewards)

    def _create(self, kind: str, raw: Raw) -> None:
        what = f"{NOUNS[kind]} {raw.get('sku')}"
        self._attempts.note_languages(what, raw)
        with self._attempts.attempt(what):
            if kind in _FORMS:
                self._add(self._new_item(what, _FORMS[kind], raw))
            else:
                body = checked(point_body(raw), ValuePointBody)
                self._add(new_point(body, body.is_clan is True))

    def _new_item(self, what: str, form: _Form, raw: Raw) -> NewItem:
        """Build an item. Details that cannot be read are left out; raises ApiError where chains need them."""
        complete = item_body(raw)
        try:
            return new_item(checked(complete, form.body), form.kind, self._tx.now)
        except ApiError as refused:
            essential = {name: value for name, value in complete.items() if name in _ESSENTIAL}
            new = new_item(checked(essential, form.body), form.kind, self._tx.now)
            self._attempts.note(what, f"its details are left out: {reason_of(refused)}")
            return new

    def _create_stand_in(self, sku: str, raw: Raw) -> None:
        what = f"item {sku}"
        with self._attempts.attempt(what):
            prices = [raw["price"]] if isinstance(raw.get("price"), dict) else []
            body = item_body({**raw, "prices": prices, "name": raw.get("name") or {"en": sku}})
            essential = {name: value for name, value in body.items() if name in _SHOWN}
            self._add(new_item(checked(essential, GoodBody), ItemKind.GOOD, self._tx.now))
            self.stand_ins.add(sku)
            self._attempts.note(what, "it is in no list of the project: a virtual item stands in for it")

    def _add(self, new: NewItem) -> None:
        # What is inside comes later, when everything is there that it may name.
        empty = msgspec.structs.replace(new, content={})
        self._ids[new.sku] = create_item(self._tx, self._project_id, empty)
        self.created[new.sku] = new

    def _set_points(self, point: str, rewards: tuple[Raw, ...]) -> None:
        amounts = {raw.get("sku"): raw.get("amount") for raw in rewards}
        with self._attempts.attempt(f"points of {point}"):
            known = {sku: amount for sku, amount in amounts.items() if sku in self.created and amount}
            set_item_points(self._tx, self._project_id, point, checked(known, dict[str, int]))


def _mentioned(snapshot: Snapshot) -> Iterator[tuple[str, Raw]]:
    """Yield the items that bundles and chains hold, with what is said of them there."""
    for raw in (*snapshot.bundles, *snapshot.packages):
        yield from _named(listed(raw, "content"))
    for raw in snapshot.offer_chains:
        for step in listed(raw, "steps"):
            for sku, item in _named(listed(step, "items")):
                yield sku, {**item, "price": step.get("step_price")}
    for raw in (*snapshot.reward_chains, *snapshot.daily_chains):
        for step in listed(raw, "steps"):
            yield from _named([*listed(step, "items"), *listed(step, "reward")])


def _named(items: list[Raw]) -> Iterator[tuple[str, Raw]]:
    yield from ((item["sku"], item) for item in items if isinstance(item.get("sku"), str))
