"""The tables of the report: one for each question, with a row for each server that was asked it."""

from collections.abc import Callable, Collection, Iterable, Sequence

from bench import matrix
from bench.results import Cell, Figures
from bench.servers import SERVERS
from bench.targets import TARGETS, Lookup, cell
from bench.upstream import Distance

Row = Sequence[str]

_NOTHING = "-"


def targets(found: Lookup) -> str:
    """What was wanted and what was reached."""
    rows = []
    for target in TARGETS:
        value, verdict = target.reached(found)
        shown = _NOTHING if value is None else target.shown(value)
        rows.append((target.text, target.shown(target.at_least), target.shown(target.aim), shown, verdict.value))
    return table(("Target", "at least", "aim", "measured", ""), rows, texts=(0, 4))


def by_connections(found: Lookup, servers: Iterable[str], first: str) -> str:
    """Servers asked for the plain screen by 1, 32 and 128 connections; ratios are to the `first`, our row."""
    heads = [f"CPU ms at {connections}" for connections in matrix.CONNECTIONS]
    rows = []
    for server in servers:
        own = [found.get(cell(server, connections=connections)) for connections in matrix.CONNECTIONS]
        busy = found.get(cell(server))
        if busy is None:
            continue
        cpu = [_NOTHING if one is None else _cpu(one.cpu_ms) for one in own]
        rows.append((_title(server), *cpu, _ratio(found, cell(server), cell(first)), *_speed(busy)))
    return table(("Server", *heads, "CPU at 32, ours = 1", "req/s at 32", "p50 / p99 ms at 32", "RSS MB"), rows)


def by_server(found: Lookup, servers: Iterable[str], of: Callable[[str], Cell], first: str) -> str:
    """Servers in one kind of cell; ratios are to the `first`, our row."""
    rows = [
        (
            _title(server),
            _cpu(found[of(server)].cpu_ms),
            _ratio(found, of(server), of(first)),
            *_speed(found[of(server)]),
        )
        for server in servers
        if of(server) in found
    ]
    return table(("Server", "CPU ms", "ours = 1", "req/s", "p50 / p99 ms", "RSS MB"), rows)


def new_texts(found: Lookup) -> str:
    """The price of a text that was never seen."""
    rows = []
    for server in ("gateway-models", "mercurius"):
        seen, unseen = found.get(cell(server)), found.get(cell(server, is_new_text=True))
        if seen is not None and unseen is not None:
            more = unseen.cpu_ms - seen.cpu_ms
            rows.append((_title(server), _cpu(seen.cpu_ms), _cpu(unseen.cpu_ms), _cpu(more), f"{unseen.rss_mb:.0f}"))
    return table(("Server", "CPU ms, known text", "CPU ms, new text", "difference", "RSS MB"), rows)


def far(found: Lookup) -> str:
    """Latency with the upstream 20 ms away."""
    rows = []
    for server in matrix.FAR:
        busy = found.get(cell(server, distance=Distance.FAR))
        full = found.get(cell(server, connections=128, distance=Distance.FAR))
        if busy is not None:
            more = (_NOTHING, _NOTHING) if full is None else _speed(full)[:2]
            rows.append((_title(server), _cpu(busy.cpu_ms), *_speed(busy)[:2], *more))
    heads = ("CPU ms at 32", "req/s at 32", "p50 / p99 ms at 32", "req/s at 128", "p50 / p99 ms at 128")
    return table(("Server", *heads), rows)


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
    ratio = found[one].cpu_ms / found[ours].cpu_ms
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.0f}x"


def _speed(one: Figures) -> tuple[str, str, str]:
    return f"{one.per_second:.0f}", f"{_latency(one.p50_ms)} / {_latency(one.p99_ms)}", f"{one.rss_mb:.0f}"


def _latency(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 10 else f"{milliseconds:.0f}"


def _cpu(milliseconds: float) -> str:
    return f"{milliseconds:.3f}" if milliseconds < 1 else f"{milliseconds:.2f}"
