"""The cache's figures as a scraper reads them."""

from gateway.cache.metrics import cache_samples
from gateway.cache.user_cache import CacheStats


def test_each_figure_has_its_own_name_and_tells_whether_it_only_grows() -> None:
    stats = CacheStats(hits=1, misses=2, joins=3, stale=8, evictions=4, bytes=5, owners=6, foreign=7)
    assert [(one.name, one.value, one.is_count) for one in cache_samples(stats)] == [
        ("gateway_cache_hits", 1, True),
        ("gateway_cache_misses", 2, True),
        ("gateway_cache_joins", 3, True),
        ("gateway_cache_stale", 8, True),
        ("gateway_cache_evictions", 4, True),
        ("gateway_cache_foreign", 7, True),
        ("gateway_cache_bytes", 5, False),
        ("gateway_cache_owners", 6, False),
    ]
