"""CPU that the policies around upstream calls add to one call while the upstream is well.

    scripts/bench guarded_calls [CALLS]

A read that ends at once is awaited as it is and through the guard, in turns; a figure is the best of several turns, in
µs of the whole process. Run it pinned (`taskset -c 1`).
"""

import time
from collections.abc import Awaitable, Callable

import uvloop

from bench import arguments
from gateway.resilience.events import ResilienceEvents
from gateway.resilience.guard import Guard, Policies
from gateway.resilience.requester import Requester
from gateway.telemetry.metrics import Metrics

TURNS = 9
ALL = Policies(window_seconds=60, breaker_percent=50, breaker_seconds=5, retry_percent=10)


async def answered() -> str:
    """A call that is well."""
    return "answer"


async def cpu_us(call: Callable[[], Awaitable[str]], count: int) -> float:
    """CPU of one call in µs."""
    started = time.process_time()
    for _ in range(count):
        await call()
    return (time.process_time() - started) * 1e6 / count


async def measure(count: int) -> None:
    """Print what a call costs, bare and guarded."""
    metrics = Metrics()
    guard = Guard(("read",), ALL, ResilienceEvents(metrics, ("read",)))
    requester = Requester((), "player", reads=count * TURNS * 2)

    def guarded() -> Awaitable[str]:
        return guard.read("read", requester, answered)

    best = {"bare": float("inf"), "guarded": float("inf")}
    for _ in range(TURNS):
        for name, call in (("bare", answered), ("guarded", guarded)):
            best[name] = min(best[name], await cpu_us(call, count))
    for name, used in best.items():
        print(f"{name:<8}{used:>8.2f}")  # noqa: T201 - the table
    print(f"{'added':<8}{best['guarded'] - best['bare']:>8.2f}")  # noqa: T201


if __name__ == "__main__":
    uvloop.run(measure(arguments.count(__doc__, "CALLS", 50_000)))
