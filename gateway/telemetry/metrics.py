"""Metrics: the instruments that parts of the gateway register, and their exposition for scrapers."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, product

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from gateway.telemetry import metric_families

LATENCY_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the buckets of what players wait for: those of the objectives, and longer than an order is waited for."""

Labels = Mapping[str, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A value that a part of the gateway counts itself; `is_count` says that it only grows.

    Samples of one name that differ in their labels follow each other.
    """

    name: str
    text: str
    value: float
    is_count: bool = False
    labels: tuple[tuple[str, str], ...] = ()


class Metrics:
    """The instruments of one application, on a registry of its own; for one event loop.

    A label takes its values from the closed set that is named with the instrument: nothing that a client sends can
    become one, and a series is there, at 0, before the first event.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)

    def tally(self, name: str, text: str, **labels: Iterable[str]) -> "Tally":
        """A new counter; the exposition adds `_total` to its name. Raises ValueError for a name that is taken."""
        tally = Tally(name, text, labels)
        self._registry.register(tally)
        return tally

    def timing(self, name: str, text: str, *, seconds: Sequence[float], **labels: Iterable[str]) -> "Timing":
        """A new histogram with a bucket up to each of `seconds`. Raises ValueError for a name that is taken."""
        timing = Timing(name, text, seconds, labels)
        self._registry.register(timing)
        return timing

    def watch(self, read: Callable[[], Iterable[Sample]]) -> None:
        """Show the samples that `read` returns for each scrape; their names must stay the same."""
        self._registry.register(_Watched(read))

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All metrics in the format that an Accept header asks for, and its media type."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type

    def packed(self) -> bytes:
        """All metrics for another process, which unpacks them by `metric_families`."""
        return metric_families.pack(self._registry)


class Tally(Collector):
    """Counts events by their labels, which are looked up and never made: each event costs one addition.

    The library's own counter takes a lock for each event, as threads need and an event loop does not.
    """

    def __init__(self, name: str, text: str, labels: Labels) -> None:
        self._family = partial(CounterMetricFamily, name, text, labels=tuple(labels))
        self._counts = dict.fromkeys(product(*labels.values()), 0)

    def count(self, *labels: str) -> None:
        """Count one event. Raises KeyError for labels outside their closed sets."""
        self._counts[labels] += 1

    def describe(self) -> Iterator[Metric]:
        """The name, so that no other instrument can have it."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        """What was counted so far."""
        family = self._family()
        for labels, count in self._counts.items():
            family.add_metric(labels, count)
        yield family


class Timing(Collector):
    """Counts durations by their labels."""

    def __init__(self, name: str, text: str, seconds: Sequence[float], labels: Labels) -> None:
        self._family = partial(HistogramMetricFamily, name, text, labels=tuple(labels))
        self._bounds = (*sorted(seconds), math.inf)
        self._counts = {one: [0] * len(self._bounds) for one in product(*labels.values())}
        self._sums = dict.fromkeys(self._counts, 0.0)

    def took(self, seconds: float, *labels: str) -> None:
        """Count one of so many seconds. Raises KeyError for labels outside their closed sets."""
        self._counts[labels][bisect_left(self._bounds, seconds)] += 1
        self._sums[labels] += seconds

    def describe(self) -> Iterator[Metric]:
        """The name, so that no other instrument can have it."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        """What was counted so far; each bucket includes the narrower ones."""
        family = self._family()
        for labels, counts in self._counts.items():
            buckets = zip(map(floatToGoString, self._bounds), accumulate(counts), strict=True)
            family.add_metric(labels, list(buckets), self._sums[labels])
        yield family


class _Watched(Collector):
    def __init__(self, read: Callable[[], Iterable[Sample]]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for one in self._read():
            kind = CounterMetricFamily if one.is_count else GaugeMetricFamily
            family = families.setdefault(one.name, kind(one.name, one.text, labels=[name for name, _ in one.labels]))
            family.add_metric([value for _, value in one.labels], one.value)
        yield from families.values()
