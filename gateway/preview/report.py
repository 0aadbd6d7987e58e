"""A preview in words, as liveops managers read it before they switch a chain on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import wrap
from typing import Any

from gateway import sandbox
from gateway.preview.view import Chain, Shown, Viewer

_SCHEDULE = ("seen by", "starts", "ends", "starts over", "counts", "type", "repeats")
_WIDTH = 110
_NOT_FOR_THEM = "its conditions, or those of other chains, are not met"


def overview(
    snapshot: sandbox.Snapshot, seen: Mapping[Chain, Shown], loaded: sandbox.Loaded
) -> Iterator[Sequence[str]]:
    """A row for each chain of the project, under a heading."""
    yield ("chain", "number", "name", "seen by", "starts", "ends", "this player")
    for kind, id_name in sandbox.CHAIN_KINDS.items():
        for raw in getattr(snapshot, kind):
            facts, chain = sandbox.chain_facts(raw), Chain(kind, raw.get(id_name, 0))
            shown = seen.get(chain)
            if shown is not None:
                state = f"sees it: {shown['nextAction']}"
            elif (kind, chain.number) not in loaded.chain_ids:
                state = "cannot be previewed"
            else:
                state = "is off" if facts["on"] == "no" else "does not see it"
            name = sandbox.title(raw)
            yield (
                sandbox.NOUNS[kind],
                str(chain.number),
                name,
                facts["seen by"],
                facts["starts"],
                facts["ends"],
                state,
            )


def detail(
    snapshot: sandbox.Snapshot,
    raw: Mapping[str, Any],
    chain: Chain,
    shown: Shown | None,
    viewer: Viewer,
    loaded: sandbox.Loaded,
) -> Iterator[str]:
    """Lines about one chain."""
    facts = sandbox.chain_facts(raw)
    yield f"{sandbox.NOUNS[chain.kind].capitalize()} {sandbox.title(raw)} ({chain.number}), {_who(viewer)}"
    yield ""
    for label in _SCHEDULE:
        if label in facts:
            yield f"  {label + ':':<13}{facts[label]}"
    if facts["on"] == "no":
        yield "  is off:      shown as if it were on"
    yield ""
    if shown is None:
        is_loaded = (chain.kind, chain.number) in loaded.chain_ids
        yield f"  The player does not see it: {_reason(raw, viewer) if is_loaded else 'it cannot be previewed'}."
    else:
        yield from _seen(shown)
    missing = sandbox.missing_texts(snapshot, raw, {*sandbox.languages_of(snapshot), _primary(viewer.language)})
    for language, labels in sorted(missing.items()):
        yield from wrap(f"  Missing in {language}: {', '.join(labels)}", _WIDTH, subsequent_indent=" " * 4)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _seen(shown: Shown) -> Iterator[str]:
    yield f"  The player sees “{shown['name']}”: {shown['nextAction']}, {shown['progressPercent']} % done"
    if shown.get("balance") is not None:
        yield f"  They have {shown['balance']['amount']} points."
    resets = shown["schedule"]["resetsAt"]
    if resets is not None:
        yield f"  Progress starts over at {_time(resets)}."
    yield ""
    rows = [("step", "state", "needs", "gives"), *map(_step, shown["steps"])]
    yield from (f"  {line}" for line in table(rows))
    yield ""


def _step(step: Shown) -> tuple[str, str, str, str]:
    if "isFree" in step:
        price = step["price"]
        needs = "free" if step["isFree"] else f"{price['amount']} {price['currency']}" if price else "no price"
    elif "pointsRequired" in step:
        missing = int(step["pointsMissing"])
        needs = f"{step['pointsRequired']} points" + (f", {missing} missing" if missing else "")
    else:
        opens = f"opens {_time(step['unlocksAt'])}" if step["unlocksAt"] else "its day"
        needs = "missed" if step["isMissed"] else opens
    name = f"{step['number']} {step['name']}" if step.get("name") else str(step["number"])
    items = step["rewards"] if "rewards" in step else step["items"]
    return (
        name,
        step["state"],
        needs,
        ", ".join(f"{item['quantity']} x {item['name'] or item['sku']}" for item in items),
    )


def _who(viewer: Viewer) -> str:
    if viewer.is_anonymous:
        words = "an anonymous player"
    else:
        named = ", ".join(f"{name}={value}" for name, value in viewer.attributes.items())
        words = f"a player with {named}" if named else "a player without attributes"
    return f"as {words} sees it at {_instant(viewer.at)} in {viewer.language}"


def _reason(raw: Mapping[str, Any], viewer: Viewer) -> str:
    """Why a chain that is on is not in the player's list: it is not its time, or it is not for them."""
    for name, words in (("date_start", "it starts at"), ("date_end", "it ended at")):
        if raw.get(name):
            instant = datetime.fromisoformat(raw[name]).timestamp()
            if (name == "date_start") is (viewer.at < instant):
                return f"{words} {_instant(instant)}"
    return _NOT_FOR_THEM


def _primary(language: str) -> str:
    return language.partition("-")[0].partition(",")[0].partition(";")[0].lower()


def _time(text: str) -> str:
    return _instant(datetime.fromisoformat(text).timestamp())


def _instant(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
