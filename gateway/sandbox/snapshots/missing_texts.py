"""Which texts of a chain, its steps and its items are missing in a language."""

from collections.abc import Collection, Iterator, Mapping

from gateway.sandbox.domain.languages import LANGUAGES
from gateway.sandbox.snapshots.item_loading import ITEM_KINDS
from gateway.sandbox.snapshots.snapshot import Raw, Snapshot
from gateway.sandbox.snapshots.words import CHAIN_KINDS
from gateway.sandbox.snapshots.written_form import TEXTS, listed

_SHORT = {long: short for short, long in LANGUAGES.items()}


def languages_of(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the languages that any text of the project is in, by their two-letter codes."""
    found: set[str] = set()
    for kind in (*ITEM_KINDS, *CHAIN_KINDS):
        for raw in getattr(snapshot, kind):
            for name in TEXTS:
                found |= _languages(raw.get(name))
    return tuple(sorted(found))


def missing_texts(snapshot: Snapshot, chain: Raw, languages: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return by language which texts are missing in it that there are in another language."""
    texts = list(_texts(snapshot, chain))
    missing = {
        language: tuple(label for label, text in texts if _languages(text) and language not in _languages(text))
        for language in languages
    }
    return {language: labels for language, labels in missing.items() if labels}


def _texts(snapshot: Snapshot, chain: Raw) -> Iterator[tuple[str, object]]:
    yield from ((name.replace("_", " "), chain.get(name)) for name in TEXTS)
    skus: dict[str, None] = {}
    for place, step in enumerate(listed(chain, "steps"), start=1):
        yield f"name of step {step.get('step_number', place)}", step.get("name")
        skus |= {str(item.get("sku")): None for item in (*listed(step, "items"), *listed(step, "reward"))}
    items = {raw.get("sku"): raw for kind in ITEM_KINDS for raw in getattr(snapshot, kind)}
    for sku in skus:
        raw = items.get(sku, {})
        yield from ((f"{name} of {sku}", raw.get(name)) for name in TEXTS[:2])


def _languages(texts: object) -> set[str]:
    """Return the two-letter codes in which there is a text."""
    found = [str(code) for code, text in texts.items() if text] if isinstance(texts, dict) else []
    return {_SHORT.get(code, code) for code in found}
