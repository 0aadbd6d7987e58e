"""The cache's figures as a scraper reads them."""

from collections.abc import Iterator

from gateway.cache.user_cache import CacheStats
from gateway.telemetry.metrics import Sample


def cache_samples(stats: CacheStats) -> Iterator[Sample]:
    """The figures that the cache counts; `CacheStats` says what each means."""
    yield Sample("gateway_cache_hits", "Reads that were answered from memory.", stats.hits, is_count=True)
    yield Sample("gateway_cache_misses", "Reads that started a load.", stats.misses, is_count=True)
    yield Sample("gateway_cache_joins", "Reads that shared a load under way.", stats.joins, is_count=True)
    stale = "Reads that failed and were answered with a kept copy that had expired."
    yield Sample("gateway_cache_stale", stale, stats.stale, is_count=True)
    yield Sample("gateway_cache_evictions", "Entries evicted to make room.", stats.evictions, is_count=True)
    foreign = "Entries found under another owner and dropped; anything but 0 is a defect."
    yield Sample("gateway_cache_foreign", foreign, stats.foreign, is_count=True)
    yield Sample("gateway_cache_bytes", "Bytes charged for what is cached now.", stats.bytes)
    yield Sample("gateway_cache_owners", "Owners of whom something is cached now.", stats.owners)
