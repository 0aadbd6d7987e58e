"""The picture of a run: bars, as SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bench.growth import by_connections, by_players
from bench.results import Cell
from bench.servers import SERVERS
from bench.targets import Lookup, cell

_WIDTH, _LABELS, _FIGURES = 860, 300, 90
_BAR, _GAP, _HEAD, _MARGIN = 20, 6, 46, 24
_OURS, _THEIRS, _FLOOR = "#0b7a55", "#9aa7b4", "#d7dde3"
_FONT = "font-family='system-ui, sans-serif'"


Bar = tuple[str, float, str]
"""What a bar stands for, the value that it shows, and its colour."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a heading."""

    title: str
    note: str
    bars: Sequence[Bar]
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
    asking = ("gateway", "mercurius-listed", "mercurius-logged", "yoga-listed", "yoga-logged", "tailcall", "plain")
    keeping = ("constant", "gateway-kept", "gateway-models", "yoga-cache", "tailcall-cache")
    speed, cost = "requests per second of CPU, more is better", "CPU of a request, flat is good"
    return [
        Chart("Every request upstream", speed, _per_cpu(found, asking), ""),
        Chart("The same answer again", speed, _per_cpu(found, keeping), ""),
        Chart("Every request upstream, by connections", cost, _growing(found, by_connections("gateway")), " ms"),
        Chart("The same answer again, by connections", cost, _growing(found, by_connections("gateway-kept")), " ms"),
        Chart("The same answer again, by players in turn", cost, _growing(found, by_players()), " ms"),
    ]


def _per_cpu(found: Lookup, servers: Sequence[str]) -> list[Bar]:
    return [
        (SERVERS[name].title.replace("`", ""), 1000 / found[cell(name)].cpu_ms, _colour(name))
        for name in servers
        if cell(name) in found
    ]


def _growing(found: Lookup, rows: Iterable[tuple[str, Cell]]) -> list[Bar]:
    return [(shown, found[one].cpu_ms, _OURS) for shown, one in rows if one in found]


def _drawn(chart: Chart, top: int) -> str:
    most = max(value for _, value, _ in chart.bars)
    lines = [
        _text(_MARGIN, top + 14, chart.title, size=15, more="font-weight='600'"),
        _text(_MARGIN, top + 32, chart.note, colour="#5b6975"),
    ]
    for place, (label, value, colour) in enumerate(chart.bars):
        y = top + _HEAD + place * (_BAR + _GAP)
        width = max(1.0, (_WIDTH - _LABELS - _FIGURES - _MARGIN) * value / most)
        lines += [
            _text(_LABELS - 8, y + 15, label, more="text-anchor='end'"),
            f"<rect x='{_LABELS}' y='{y}' width='{width:.1f}' height='{_BAR}' rx='2' fill='{colour}'/>",
            _text(_LABELS + width + 6, y + 15, _figure(value) + chart.unit),
        ]
    return "\n".join(lines) + "\n"


def _text(x: float, y: float, text: str, *, size: int = 12, colour: str = "#16202a", more: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y}' {_FONT} font-size='{size}' fill='{colour}' {more}>{escape(text)}</text>"


def _colour(name: str) -> str:
    server = SERVERS[name]
    return _OURS if server.is_ours else _FLOOR if server.is_floor else _THEIRS


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"
