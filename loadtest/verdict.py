"""What a run came to: its figures as a short table, and whether they are good enough."""

import argparse
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

LIMIT_PERCENT = 90
"""From this share of a core on, a load generator measures itself as well."""


@dataclass(frozen=True)
class Figures:
    """Of one operation, or of all: times in milliseconds, `rate` in requests a second."""

    name: str
    requests: int
    failures: int
    p50: float
    p95: float
    p99: float
    rate: float

    @property
    def failed_percent(self) -> float:
        """The share of requests that were not answered as expected."""
        return 100 * self.failures / self.requests if self.requests else 100.0


@dataclass(frozen=True)
class Summary:
    """All of a run. `cpu_percent` is, by name, the most of a core that a process of the load generator used."""

    operations: list[Figures]
    total: Figures
    cpu_percent: dict[str, float]

    def write(self, path: Path) -> None:
        """Keep it for `read`."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> "Summary":
        """What was kept. Raises OSError and ValueError where there is nothing."""
        found = json.loads(path.read_text())
        operations = [Figures(**one) for one in found["operations"]]
        return cls(operations, Figures(**found["total"]), found["cpu_percent"])

    @property
    def at_limit(self) -> list[str]:
        """The processes of the load generator that had no time left."""
        return [name for name, used in self.cpu_percent.items() if used >= LIMIT_PERCENT]


@dataclass(frozen=True)
class Thresholds:
    """What a run must come to; times in milliseconds, None for any."""

    p95: float | None = None
    p99: float | None = None
    failed_percent: float = 0.0

    def missed(self, summary: Summary) -> list[str]:
        """A sentence for each that is missed."""
        total = summary.total
        if not total.requests:
            return ["Missed: nothing was answered."]
        found = []
        if total.failed_percent > self.failed_percent:
            found.append(f"Missed: {total.failed_percent:.2f}% of the answers failed, {self.failed_percent:g}% may.")
        limits: list[tuple[str, float | None, float]] = [("95", self.p95, total.p95), ("99", self.p99, total.p99)]
        for name, most, was in limits:
            if most is not None and was > most:
                found.append(f"Missed: {name} of 100 answers took up to {was:g} ms, {most:g} ms is the limit.")
        return found


def table(summary: Summary) -> str:
    """The figures, a line for each operation, and what the load generator itself used."""
    lines = [f"{'':<12}{'requests':>10}{'failed':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'per s':>9}"]
    lines += [
        f"{one.name:<12}{one.requests:>10}{one.failed_percent:>8.2f}%"
        f"{one.p50:>9.0f}{one.p95:>9.0f}{one.p99:>9.0f}{one.rate:>9.1f}"
        for one in [*summary.operations, summary.total]
    ]
    used = ", ".join(f"{name} {most:.0f}%" for name, most in summary.cpu_percent.items()) or "not measured"
    lines.append(f"Load generator, of a core at most: {used}")
    if summary.at_limit:
        lines.append(
            f"{', '.join(summary.at_limit)} had no time left: these latencies and rates are in part the load "
            "generator's own. Use more --processes, another machine, or fewer --users."
        )
    return "\n".join(lines)


def milliseconds(text: str) -> float:
    """The type of options such as `250ms` or `1.5s`. Raises argparse.ArgumentTypeError."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(ms|s)", text)
    if found is None:
        raise argparse.ArgumentTypeError("must be a time such as 250ms or 1.5s")
    return float(found[1]) * (1000 if found[2] == "s" else 1)


def percent(text: str) -> float:
    """The type of options such as `0.1%`. Raises argparse.ArgumentTypeError."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", text)
    if found is None or float(found[1]) > 100:
        raise argparse.ArgumentTypeError("must be a share such as 0.1%")
    return float(found[1])
