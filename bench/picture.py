"""The picture of a run: bars, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bench.servers import SERVERS
from bench.targets import Lookup, cell
from bench.upstream import Distance

_WIDTH, _LABELS, _FIGURES = 860, 300, 90
_BAR, _GAP, _HEAD, _MARGIN = 20, 6, 46, 24
_OURS, _THEIRS, _FLOOR = "#0b7a55", "#9aa7b4", "#d7dde3"
_FONT = "font-family='system-ui, sans-serif'"


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a heading; `bars` are servers with the value that a bar shows."""

    title: str
    note: str
    bars: Sequence[tuple[str, float]]
    unit: str

    @property
    def height(self) -> int:
        """In pixels."""
        return _HEAD + len(self.bars) * (_BAR + _GAP) + _MARGIN


def picture(found: Lookup) -> str:
    """The whole picture; charts of which nothing was measured are left out."""
    charts = [chart for chart in _charts(found) if chart.bars]
    height = sum(chart.height for chart in charts) + _MARGIN
    top, parts = _MARGIN, []
    for chart in charts:
        parts.append(_drawn(chart, top))
        top += chart.height
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{height}' "
        f"viewBox='0 0 {_WIDTH} {height}' role='img' aria-label='Speed of the gateway and of others'>\n"
        f"<rect width='{_WIDTH}' height='{height}' fill='#ffffff'/>\n{''.join(parts)}</svg>\n"
    )


def _charts(found: Lookup) -> list[Chart]:
    asking = ("gateway", "gateway-balances", "mercurius", "mercurius-listed", "yoga-jit", "tailcall", "plain")
    keeping = ("constant", "gateway-kept", "gateway-models", "yoga-cache", "tailcall-cache")
    away = [(name, found.get(cell(name, distance=Distance.FAR))) for name in asking if name != "plain"]
    return [
        Chart("Every request upstream", "requests per second of CPU, more is better", _per_cpu(found, asking), ""),
        Chart("The same answer again", "requests per second of CPU, more is better", _per_cpu(found, keeping), ""),
        Chart(
            "Upstream 20 ms away, 32 connections",
            "half of the answers came within, less is better; without the plain stack, whose bar would leave no room",
            [(name, one.p50_ms) for name, one in away if one is not None],
            " ms",
        ),
    ]


def _per_cpu(found: Lookup, servers: Sequence[str]) -> list[tuple[str, float]]:
    return [(name, 1000 / found[cell(name)].cpu_ms) for name in servers if cell(name) in found]


def _drawn(chart: Chart, top: int) -> str:
    most = max(value for _, value in chart.bars)
    lines = [
        _text(_MARGIN, top + 14, chart.title, size=15, more="font-weight='600'"),
        _text(_MARGIN, top + 32, chart.note, colour="#5b6975"),
    ]
    for place, (name, value) in enumerate(chart.bars):
        y = top + _HEAD + place * (_BAR + _GAP)
        width = max(1.0, (_WIDTH - _LABELS - _FIGURES - _MARGIN) * value / most)
        lines += [
            _text(_LABELS - 8, y + 15, SERVERS[name].title.replace("`", ""), more="text-anchor='end'"),
            f"<rect x='{_LABELS}' y='{y}' width='{width:.1f}' height='{_BAR}' rx='2' fill='{_colour(name)}'/>",
            _text(_LABELS + width + 6, y + 15, _figure(value) + chart.unit),
        ]
    return "\n".join(lines) + "\n"


def _text(x: float, y: float, text: str, *, size: int = 12, colour: str = "#16202a", more: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y}' {_FONT} font-size='{size}' fill='{colour}' {more}>{escape(text)}</text>"


def _colour(name: str) -> str:
    server = SERVERS[name]
    return _OURS if server.is_ours else _FLOOR if server.is_floor else _THEIRS


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
