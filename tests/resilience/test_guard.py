"""The policies around calls: what is sent, what is not, and what is sent twice."""

import asyncio
import math
from collections.abc import Sequence

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.errors import (
    GatewayError,
    LimitExceeded,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.resilience.events import ResilienceEvents
from gateway.resilience.guard import Guard, Policies
from gateway.resilience.requester import Requester
from gateway.telemetry.metrics import Metrics
from tests.support.clock import Clock

ALL = Policies(window_seconds=60, breaker_percent=50, breaker_seconds=5, retry_percent=10)


def told_to_wait(seconds: int, kind: type[GatewayError] = RateLimited) -> GatewayError:
    error = RateLimited(seconds) if kind is RateLimited else kind()
    error.wait_seconds = seconds
    error.retry_after_seconds = None if kind is OutcomeUnknown else seconds
    return error


class Upstream:
    """A guard on a clock that stands still, and an upstream that answers as told; counts what it was sent."""

    def __init__(self, policies: Policies = ALL) -> None:
        self.clock = Clock()
        self.metrics = Metrics()
        self.sent = 0
        self.answers: list[BaseException | None] = []
        self.failing: BaseException | None = None
        self.guard = Guard(
            ("read", "write"),
            policies,
            ResilienceEvents(self.metrics, ("read", "write")),
            clock=self.clock,
            random=lambda: 0.0,
        )

    async def send(self) -> str:
        self.sent += 1
        error = self.answers.pop(0) if self.answers else self.failing
        if error is not None:
            raise error
        return "answered"

    async def read(self, player: str = "ann", requester: Requester | None = None, *, is_page: bool = False) -> str:
        requester = requester or Requester((), player)
        return await self.guard.read("read", requester, self.send, is_page=is_page)

    async def write(self, player: str = "ann") -> str:
        return await self.guard.write("write", Requester((), player), self.send)

    async def told(self, error: type[GatewayError], player: str = "ann", *, writes: bool = False) -> GatewayError:
        with pytest.raises(error) as raised:
            await (self.write(player) if writes else self.read(player))
        return raised.value

    async def fail(self, times: int, *, writes: bool = False) -> None:
        self.failing = OutcomeUnknown() if writes else UpstreamUnavailable()
        for _ in range(times):
            with pytest.raises(GatewayError):
                await (self.write() if writes else self.read())
        self.failing = None

    def figure(self, name: str, **labels: str) -> float:
        page, _ = self.metrics.exposition("text/plain")
        samples = [one for family in text_string_to_metric_families(page.decode()) for one in family.samples]
        (value,) = (one.value for one in samples if one.name == name and one.labels == labels)
        return float(value)


@pytest.mark.parametrize("kind", [RateLimited, UpstreamUnavailable, OutcomeUnknown], ids=lambda kind: kind.__name__)
async def test_nothing_is_sent_until_the_moment_that_the_upstream_told(kind: type[GatewayError]) -> None:
    upstream, writes = Upstream(), kind is OutcomeUnknown
    upstream.answers = [told_to_wait(30, kind)]
    await upstream.told(kind, writes=writes)
    refused = UpstreamUnavailable if writes else kind
    for seconds_left in (30, 20, 10):
        error = await upstream.told(refused, writes=writes)
        assert (error.retry_after_seconds, error.is_unsent) == (seconds_left, True)
        upstream.clock.advance(10)
    assert upstream.sent == 1
    assert await (upstream.write() if writes else upstream.read()) == "answered"
    call = "write" if writes else "read"
    assert upstream.figure("gateway_upstream_not_sent_total", call=call, reason="window") == 3
    assert upstream.figure("gateway_upstream_windows_total", call=call, whose="player") == 1


async def test_a_window_is_for_one_call_of_one_player() -> None:
    upstream = Upstream()
    upstream.answers = [told_to_wait(30)]
    await upstream.told(RateLimited)
    assert await upstream.read("ben") == "answered"
    assert await upstream.write() == "answered"


async def test_several_players_who_are_told_to_wait_close_the_call_for_everybody() -> None:
    upstream = Upstream()
    for player in ("ann", "ben", "cleo"):
        upstream.answers = [told_to_wait(30)]
        await upstream.told(RateLimited, player)
    assert (await upstream.told(RateLimited, "stranger")).retry_after_seconds == 30
    assert upstream.sent == 3
    assert upstream.figure("gateway_upstream_windows_total", call="read", whose="everybody") == 1


async def test_switched_off_policies_send_everything_and_nothing_twice() -> None:
    upstream = Upstream(Policies())
    upstream.answers = [told_to_wait(30)]
    await upstream.told(RateLimited)
    await upstream.fail(100)
    assert await upstream.read() == "answered"
    assert upstream.sent == 102


async def test_a_failed_read_is_sent_once_more() -> None:
    upstream = Upstream()
    upstream.answers = [UpstreamUnavailable(), None]
    assert await upstream.read() == "answered"
    upstream.answers = [UpstreamTimeout(), UpstreamTimeout(), None]
    await upstream.told(UpstreamTimeout)
    assert upstream.sent == 4
    assert upstream.figure("gateway_upstream_retries_total", call="read", result="sent") == 2


@pytest.mark.parametrize(
    "error",
    [UpstreamInvalid(), NotFound(), Overloaded(), told_to_wait(5), told_to_wait(5, UpstreamUnavailable)],
    ids=["invalid", "not found", "overloaded", "429", "503 with Retry-After"],
)
async def test_other_failures_are_not_sent_again(error: GatewayError) -> None:
    upstream = Upstream()
    upstream.answers = [error]
    await upstream.told(type(error))
    assert upstream.sent == 1


async def test_a_write_is_never_sent_again() -> None:
    upstream = Upstream()
    upstream.answers = [UpstreamUnavailable()]
    await upstream.told(UpstreamUnavailable, writes=True)
    assert upstream.sent == 1


async def test_a_read_is_not_sent_again_in_the_second_half_of_its_time() -> None:
    upstream = Upstream()
    upstream.answers = [UpstreamUnavailable()]
    late = Requester((), "ann", retry_until=asyncio.get_running_loop().time() - 1)
    with pytest.raises(UpstreamUnavailable):
        await upstream.read(requester=late)
    assert upstream.sent == 1
    assert upstream.figure("gateway_upstream_retries_total", call="read", result="too_late") == 1


async def test_retries_are_a_tenth_of_the_reads() -> None:
    upstream = Upstream(Policies(retry_percent=10))
    await upstream.fail(10)  # What is saved at first.
    upstream.sent = 0
    await upstream.fail(1_000)
    assert 1_090 <= upstream.sent <= 1_101
    assert upstream.figure("gateway_upstream_retries_total", call="read", result="no_budget") > 800


async def test_what_healthy_reads_save_for_retries_has_a_bound() -> None:
    upstream = Upstream(Policies(retry_percent=10))
    for _ in range(5_000):
        await upstream.read()
    upstream.sent = 0
    await upstream.fail(150)
    assert upstream.sent <= 150 + 100 + 15


async def until_open(upstream: Upstream, *, writes: bool = False) -> None:
    await upstream.fail(20, writes=writes)
    upstream.sent = 0


@pytest.mark.parametrize("writes", [False, True], ids=["read", "write"])
async def test_while_the_breaker_is_open_nothing_but_one_probe_is_sent(writes: bool) -> None:
    upstream = Upstream()
    await until_open(upstream, writes=writes)
    for _ in range(100):
        error = await upstream.told(UpstreamUnavailable, writes=writes)
        assert (error.retry_after_seconds, error.is_unsent) == (5, True)
    assert upstream.sent == 0
    assert upstream.figure("gateway_upstream_breakers_open") == 1
    upstream.clock.advance(5)
    await upstream.fail(10, writes=writes)
    assert upstream.sent == 1
    upstream.clock.advance(5)
    assert await (upstream.write() if writes else upstream.read()) == "answered"
    assert upstream.figure("gateway_upstream_breakers_open") == 0


async def test_other_calls_are_sent_while_one_breaker_is_open() -> None:
    upstream = Upstream()
    await until_open(upstream)
    assert await upstream.write() == "answered"


@pytest.mark.parametrize(
    "error", [Overloaded(), asyncio.CancelledError(), told_to_wait(1)], ids=lambda e: type(e).__name__
)
async def test_a_probe_that_says_nothing_of_the_upstream_is_followed_by_another(error: BaseException) -> None:
    upstream = Upstream()
    await until_open(upstream)
    upstream.clock.advance(5)
    upstream.answers = [error]
    with pytest.raises(type(error)):
        await upstream.read()
    assert await upstream.read("ben") == "answered"


async def test_a_refusal_shows_that_the_upstream_is_back() -> None:
    upstream = Upstream()
    await until_open(upstream)
    upstream.clock.advance(5)
    upstream.answers = [NotFound()]
    await upstream.told(NotFound)
    assert await upstream.read() == "answered"


async def test_reads_of_one_request_are_bounded_with_what_is_sent_again_among_them() -> None:
    upstream = Upstream()
    requester = Requester((), "ann", reads=3)
    upstream.answers = [UpstreamUnavailable(), None, None]
    assert [await upstream.read(requester=requester) for _ in range(2)] == ["answered"] * 2
    with pytest.raises(LimitExceeded):
        await upstream.read(requester=requester)
    assert upstream.sent == 3
    assert await upstream.read(requester=requester, is_page=True) == "answered"
    upstream.answers = [UpstreamUnavailable()]
    with pytest.raises(UpstreamUnavailable):
        await upstream.read(requester=requester, is_page=True)
    assert upstream.sent == 5
    assert repr(requester) == "Requester(ann)"


async def calls_under(upstream: Upstream, pattern: Sequence[bool], seconds: float) -> tuple[int, int]:
    """How many of 100 reads a second failed, and how many were sent; the pattern says which attempts fail."""
    failed = attempts = 0
    for number in range(int(seconds * 100)):
        upstream.clock.advance(0.01)
        before = upstream.sent

        async def send() -> str:
            nonlocal attempts
            attempts += 1
            upstream.failing = UpstreamUnavailable() if pattern[attempts % len(pattern)] else None
            return await upstream.send()

        try:
            await upstream.guard.read("read", Requester((), f"p{number % 7}"), send)
        except UpstreamUnavailable:
            failed += 1
        assert upstream.sent - before <= 2
    return failed, upstream.sent


HEALTHY, DOWN = [False], [True]
TENTH = [number % 10 == 0 for number in range(10)]
THIRD = [number % 10 in {0, 3, 6} for number in range(10)]


@pytest.mark.parametrize(("pattern", "most_failed"), [(TENTH, 0.01), (THIRD, 0.25)], ids=["a tenth", "three in ten"])
async def test_single_failures_are_repaired_as_far_as_the_budget_goes(pattern: list[bool], most_failed: float) -> None:
    upstream = Upstream()
    await calls_under(upstream, HEALTHY, 10)
    upstream.sent = 0
    failed, sent = await calls_under(upstream, pattern, 60)
    assert failed <= 6_000 * most_failed
    assert sent <= 6_000 * 1.1 + 100
    assert upstream.figure("gateway_upstream_breakers_total", call="read", state="open") == 0


@pytest.mark.parametrize("seconds", [10, 60])
async def test_an_outage_costs_the_upstream_no_more_calls_than_usual_and_is_over_six_seconds_after_it(
    seconds: int,
) -> None:
    upstream = Upstream()
    await calls_under(upstream, HEALTHY, 30)
    upstream.sent = 0
    _, sent = await calls_under(upstream, DOWN, seconds)
    assert sent <= math.ceil(seconds * 100 * 1.1)
    await calls_under(upstream, HEALTHY, 6)
    failed, _ = await calls_under(upstream, HEALTHY, 1)
    assert failed == 0
