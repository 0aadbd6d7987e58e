"""Metrics of several processes: how one tells another its own, and one exposition of all."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class Family(msgspec.Struct, array_like=True, frozen=True):
    """A metric with its series: the name, labels and value of each."""

    name: str
    text: str
    kind: str
    series: list[tuple[str, dict[str, str], float]]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Family]).decode


def pack(collector: Collector) -> bytes:
    """All metrics of this process, for another one."""
    return _encode([_family(metric) for metric in collector.collect()])


def unpack(data: bytes) -> list[Family]:
    """The metrics of another process. Raises ValueError for anything else."""
    return _decode(data)


def exposition(accept: str, families: Mapping[int, Sequence[Family]]) -> tuple[bytes, str]:
    """The metrics of all workers in the format that an Accept header asks for, and its media type.

    Each series gets the label `worker`, with the worker's number.
    """
    encode, media_type = choose_encoder(accept)
    return encode(_Merged(families)), media_type


class _Merged(Collector):
    def __init__(self, families: Mapping[int, Sequence[Family]]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        merged: dict[str, Metric] = {}
        for worker, families in sorted(self._families.items()):
            for family in families:
                metric = merged.setdefault(family.name, Metric(family.name, family.text, family.kind))
                for name, labels, value in family.series:
                    metric.add_sample(name, {**labels, "worker": str(worker)}, value)
        yield from merged.values()


def _family(metric: Metric) -> Family:
    # A part may tell a number as an integer or as yes or no; a value of another type would cost all of its process.
    series = [(one.name, one.labels, float(one.value)) for one in metric.samples]
    return Family(metric.name, metric.documentation, metric.type, series)
