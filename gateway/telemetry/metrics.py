"""Metrics: the instruments that every part registers with, and their figures as a scraper reads them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that somebody keeps anyway; `is_count` says that it only ever grows."""

    name: str
    text: str
    value: float
    is_count: bool = False


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
        return Tally(Counter(name, text, tuple(labels), registry=self._registry), product(*labels.values()))

    def timing(self, name: str, text: str, *, seconds: Sequence[float], **labels: Iterable[str]) -> "Timing":
        """A new histogram with a bucket up to each of `seconds`. Raises ValueError for a name that is taken."""
        histogram = Histogram(name, text, tuple(labels), buckets=seconds, registry=self._registry)
        return Timing(histogram, product(*labels.values()))

    def watch(self, read: Callable[[], Iterable[Reading]]) -> None:
        """Show what `read` answers, always of the same names; it is called for each scrape, and once now."""
        self._registry.register(_Watched(read))

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All figures in the format that an Accept header asks for, and its media type."""
        encode, media_type = choose_encoder(accept)
        return encode(_WithoutBirthdays(self._registry)), media_type


class Tally:
    """Counts events by their labels, which are looked up and never made: each event costs one addition."""

    def __init__(self, counter: Counter, values: Iterable[tuple[str, ...]]) -> None:
        self._children = {one: counter.labels(*one) if one else counter for one in values}

    def count(self, *labels: str) -> None:
        """Count one event. Raises KeyError for labels outside their closed sets."""
        self._children[labels].inc()


class Timing:
    """Counts how long things took, by their labels."""

    def __init__(self, histogram: Histogram, values: Iterable[tuple[str, ...]]) -> None:
        self._children = {one: histogram.labels(*one) if one else histogram for one in values}

    def took(self, seconds: float, *labels: str) -> None:
        """Count one of so many seconds. Raises KeyError for labels outside their closed sets."""
        self._children[labels].observe(seconds)


class _Watched(Collector):
    def __init__(self, read: Callable[[], Iterable[Reading]]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        for one in self._read():
            family = CounterMetricFamily if one.is_count else GaugeMetricFamily
            yield family(one.name, one.text, value=one.value)


class _WithoutBirthdays(Collector):
    """Leaves out when each series was made: the process's start says the same, in half the lines."""

    def __init__(self, inner: Collector) -> None:
        self._inner = inner

    def collect(self) -> Iterator[Metric]:
        for family in self._inner.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
