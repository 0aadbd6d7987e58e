"""How late the event loop is."""

import asyncio
import time

from prometheus_client.parser import text_string_to_metric_families

from gateway.telemetry.loop_lag import BLOCKED_SECONDS, EVERY_SECONDS, LoopLag
from gateway.telemetry.metrics import Metrics
from tests.support.logged_events import logged_events


def looks(metrics: Metrics, *, later_than: float) -> float:
    """How often the loop was later than so many seconds, which a bucket ends with."""
    (family,) = [
        one
        for one in text_string_to_metric_families(metrics.exposition("")[0].decode())
        if one.name == "gateway_loop_lag_seconds"
    ]
    found = {one.labels.get("le", one.name): one.value for one in family.samples}
    return found["gateway_loop_lag_seconds_count"] - found[str(later_than)]


async def test_a_loop_that_is_blocked_is_measured_and_logged() -> None:
    metrics = Metrics()
    with logged_events() as logged:
        async with LoopLag(metrics).measured():
            await asyncio.sleep(0)
            time.sleep(EVERY_SECONDS + 2 * BLOCKED_SECONDS)  # noqa: ASYNC251 - this is the fault
            line = await logged.until("event_loop_blocked")
    assert (line["level"], line["seconds"] >= BLOCKED_SECONDS) == ("WARNING", True)
    assert looks(metrics, later_than=0.5) >= 1
