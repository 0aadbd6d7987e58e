"""The tables of the report: one for each question, with a row for each server that was asked it."""

from collections.abc import Callable, Collection, Iterable, Sequence

from bench.results import Cell, Figures, ratio
from bench.servers import SERVERS
from bench.targets import TARGETS, Lookup, cell
from bench.upstream import Distance

Row = Sequence[str]

_NOTHING = "-"
_FLOORS = {
    "calls-2": "two calls",
    "calls-5": "five calls",
    "constant": "constant bytes",
    "constant-gzip": "constant bytes",
}


def targets(found: Lookup) -> str:
    """What was wanted and what was reached."""
    rows = []
    for target in TARGETS:
        value, verdict = target.reached(found)
        shown = _NOTHING if value is None else target.shown(value.median)
        if value is not None and value.low != value.high:
            shown += f" [{target.shown(value.low)}, {target.shown(value.high)}]"
        rows.append((target.text, target.shown(target.at_least), target.shown(target.aim), shown, verdict.value))
    return table(("Target", "at least", "aim", "reached [quartiles]", ""), rows, texts=(0, 4))


def by_server(
    found: Lookup, servers: Iterable[str], of: Callable[[str], Cell], first: str, floor: str = "calls-2"
) -> str:
    """Servers in one kind of cell; ratios are to the `first`, our row, and to the `floor` of what they do."""
    rows = [
        (
            _title(server),
            _cpu(found[of(server)].cpu_ms),
            _ratio(found, of(server), of(first)),
            _ratio(found, of(server), of(floor) if of(floor) in found else cell(floor)),
            *_speed(found[of(server)]),
        )
        for server in servers
        if of(server) in found
    ]
    heads = ("Server", "CPU ms", "ours = 1 [quartiles]", f"{_FLOORS[floor]} = 1", "req/s", "p50 / p99 ms", "RSS MB")
    return table(heads, rows)


def growth(found: Lookup, cells: Iterable[tuple[str, Cell]], unit: str) -> str:
    """The same asked by more and more; ratios are to the first that was measured."""
    own = [(shown, one) for shown, one in cells if one in found]
    rows = [(shown, _cpu(found[one].cpu_ms), _ratio(found, one, own[0][1]), *_speed(found[one])) for shown, one in own]
    return table((unit, "CPU ms", "first = 1 [quartiles]", "req/s", "p50 / p99 ms", "RSS MB"), rows)


def wire(found: Lookup) -> str:
    """Bytes of an answer, and what they cost, for clients that take gzip and for others."""
    rows = []
    for server, accepts in (("gateway", ""), ("gateway", "gzip"), ("gateway-kept", ""), ("gateway-kept-gzip", "gzip")):
        one = found.get(cell(server, accepts=accepts))
        if one is not None:
            rows.append((_title(server), accepts or "anything", f"{one.answer_bytes:,.0f}", _cpu(one.cpu_ms)))
    return table(("Server", "client takes", "bytes with the head", "CPU ms"), rows, texts=(0, 1))


def new_texts(found: Lookup) -> str:
    """The price of a text that was never seen."""
    rows = []
    for server in ("gateway-models", "mercurius-listed"):
        seen, unseen = found.get(cell(server)), found.get(cell(server, is_new_text=True))
        if seen is not None and unseen is not None:
            more = unseen.cpu_ms - seen.cpu_ms
            rows.append((_title(server), _cpu(seen.cpu_ms), _cpu(unseen.cpu_ms), _cpu(more), f"{unseen.rss_mb:.0f}"))
    return table(("Server", "CPU ms, known text", "CPU ms, new text", "difference", "RSS MB"), rows)


def kinds(found: Lookup) -> str:
    """What daily chains add to a screen, near the upstream and far from it."""
    rows = []
    for operation, calls in (("screen", 2), ("all_kinds", 3)):
        near, distant = (found.get(cell("gateway", operation, distance=one)) for one in (Distance.NEAR, Distance.FAR))
        if near is not None:
            p50 = _NOTHING if distant is None else _latency(distant.p50_ms)
            rows.append((f"`{operation}`", str(calls), _cpu(near.cpu_ms), *_speed(near)[:2], p50))
    heads = ("CPU ms", "req/s", "p50 / p99 ms", "p50 ms, upstream 20 ms away")
    return table(("Operation", "upstream calls", *heads), rows)


def table(heads: Row, rows: Iterable[Row], *, texts: Collection[int] = (0,)) -> str:
    """A Markdown table, or nothing where there are no rows; columns are figures but for those numbered in `texts`."""
    rows = list(rows)
    if not rows:
        return ""
    marks = ["---" if place in texts else "--:" for place in range(len(heads))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *rows))


def _title(server: str) -> str:
    known = SERVERS[server]
    return f"**{known.title}**" if known.is_ours else known.title


def _ratio(found: Lookup, one: Cell, ours: Cell) -> str:
    if ours not in found:
        return _NOTHING
    median, low, high = ratio(found[one], found[ours])
    if median >= 10:
        return f"{median:.0f}x"
    return f"{median:.2f}x" + (f" [{low:.2f}, {high:.2f}]" if low != high else "")


def _speed(one: Figures) -> tuple[str, str, str]:
    return f"{one.per_second:.0f}", f"{_latency(one.p50_ms)} / {_latency(one.p99_ms)}", f"{one.rss_mb:.0f}"


def _latency(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 10 else f"{milliseconds:.0f}"


def _cpu(milliseconds: float) -> str:
    return f"{milliseconds:.3f}" if milliseconds < 1 else f"{milliseconds:.2f}"
