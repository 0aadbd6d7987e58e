"""Limits of players and addresses, with a clock that is moved."""

import pytest
from msgspec.structs import replace

from gateway.admission.open_limit import OpenLimit
from gateway.admission.rate_limit import RateLimit
from gateway.admission.rate_limits import RateLimits, Rates, Source
from gateway.errors import LimitExceeded, RateLimited
from tests.support.clock import Clock

ANN = Source("ann", "192.0.2.1", is_new=False)
BEN = Source("ben", "192.0.2.1", is_new=False)
NEW = Source("new", "192.0.2.1", is_new=True)


def passed(limit: RateLimit, key: str, count: int) -> int:
    """How many of so many may come now."""
    came = 0
    for _ in range(count):
        if limit.wait_seconds(key) == 0:
            limit.count(key)
            came += 1
    return came


def test_a_burst_may_come_at_once_and_then_so_many_a_second() -> None:
    clock = Clock(0.0)
    limit = RateLimit(5, 20, clock)
    assert passed(limit, "ann", 100) == 20
    assert limit.wait_seconds("ann") == pytest.approx(0.2, abs=0.01)
    clock.advance(1.01)
    assert passed(limit, "ann", 100) == 5
    assert passed(limit, "ben", 100) == 20
    clock.advance(3_600)
    assert passed(limit, "ann", 100) == 20


def test_what_is_given_back_may_come_again() -> None:
    limit = RateLimit(5, 2, Clock(0.0))
    assert passed(limit, "ann", 3) == 2
    limit.give_back("ann")
    limit.give_back("ben")
    assert (passed(limit, "ann", 3), passed(limit, "ben", 3)) == (1, 2)


def test_what_comes_in_excess_has_to_be_waited_for() -> None:
    clock = Clock()
    limit = RateLimit(10, 1, clock)
    for _ in range(30):
        limit.count("ann")
    assert limit.wait_seconds("ann") == pytest.approx(3.0, abs=0.01)
    assert limit.quota("ann").left == 0
    clock.advance(3)
    assert limit.wait_seconds("ann") == pytest.approx(0, abs=0.01)


def test_a_second_never_sees_more_than_burst_and_rate_together() -> None:
    clock = Clock(0.0)
    limit = RateLimit(20, 20, clock)
    came = []
    for _ in range(1_000):
        clock.advance(0.01)
        came.append(passed(limit, "ann", 3))
    assert max(sum(came[start : start + 100]) for start in range(900)) <= 40
    assert sum(came) == pytest.approx(220, abs=2)


def test_keys_that_were_used_least_leave_first() -> None:
    limit = RateLimit(1, 1, Clock(), most_keys=2)
    for key in ("ann", "ben", "cleo"):
        limit.count(key)
    assert [limit.wait_seconds(key) > 0 for key in ("ann", "ben", "cleo")] == [False, True, True]


def test_nothing_is_limited_without_rates_or_by_an_empty_key() -> None:
    clock = Clock()
    for limits in (RateLimits(Rates(), clock), RateLimits(Rates(1, 1, 1, 1, 1), clock)):
        for _ in range(100):
            limits.admit_calls(Source("", "", is_new=True))
            limits.admit_mutation(Source("", "", is_new=True))
            limits.count_call(Source("", "", is_new=True))
    assert RateLimits(Rates(), clock).headers(ANN, is_mutation=False) == ()
    assert RateLimits(Rates(1), clock).headers(Source("", "", is_new=False), is_mutation=False) == ()


def refusals(limits: RateLimits, source: Source, *, count: int, is_mutation: bool = False) -> int:
    refused = 0
    for _ in range(count):
        try:
            limits.admit_mutation(source) if is_mutation else limits.admit_calls(source)
        except RateLimited:
            refused += 1
    return refused


@pytest.mark.parametrize(
    ("rates", "is_mutation", "name", "others"),
    [
        (Rates(player_calls=2), False, "player_calls", 0),
        (Rates(player_mutations=2), True, "player_mutations", 0),
        (Rates(address_calls=2), False, "address_calls", 1),
        (Rates(address_mutations=2), True, "address_mutations", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_players_and_addresses_are_limited_each_by_itself(
    rates: Rates, is_mutation: bool, name: str, others: int
) -> None:
    counted: list[str] = []
    limits = RateLimits(rates, Clock(), counted.append)
    assert refusals(limits, ANN, count=25, is_mutation=is_mutation) == 5
    assert counted == [name] * 5
    assert refusals(limits, BEN, count=1, is_mutation=is_mutation) == others
    assert refusals(limits, replace(ANN, player="eve", address="2001:db8::/64"), count=1, is_mutation=is_mutation) == 0
    assert refusals(limits, ANN, count=25, is_mutation=not is_mutation) == 0


def test_a_refusal_says_when_to_come_back_and_costs_nothing_more() -> None:
    clock = Clock(0.0)
    limits = RateLimits(Rates(player_calls=0.5), clock)
    assert refusals(limits, ANN, count=50) == 45
    with pytest.raises(RateLimited) as refused:
        limits.admit_calls(ANN)
    assert refused.value.retry_after_seconds == 2
    clock.advance(2)
    limits.admit_calls(ANN)


def test_new_tokens_of_an_address_share_a_limit_until_the_upstream_accepts_them() -> None:
    limits = RateLimits(Rates(new_token_calls=20), Clock())
    tokens = [replace(NEW, player=f"token {number}") for number in range(30)]
    assert sum(refusals(limits, token, count=1) for token in tokens) == 20
    assert refusals(limits, ANN, count=100) == 0
    limits.accept(tokens[0])
    limits.accept(ANN)
    assert refusals(limits, tokens[0], count=100) == 0
    limits.refuse(tokens[0])
    assert refusals(limits, tokens[0], count=100) == 100
    assert refusals(limits, replace(tokens[1], address="192.0.2.2"), count=1) == 0


def test_calls_of_a_request_that_was_let_go_count_though_they_are_not_refused() -> None:
    clock = Clock()
    limits = RateLimits(Rates(player_calls=1), clock)
    limits.admit_calls(ANN)
    for _ in range(19):
        limits.count_call(ANN)
    assert refusals(limits, ANN, count=1) == 1
    clock.advance(10)
    assert refusals(limits, ANN, count=1) == 1
    clock.advance(1.01)
    assert refusals(limits, ANN, count=1) == 0


def test_headers_tell_what_is_left_of_the_players_limit() -> None:
    limits = RateLimits(Rates(player_calls=20, player_mutations=5), Clock())
    for _ in range(13):
        limits.admit_calls(ANN)
    assert limits.headers(ANN, is_mutation=False) == (
        (b"ratelimit-policy", b'"player-calls";q=200;w=10'),
        (b"ratelimit", b'"player-calls";r=187;t=1'),
    )
    assert limits.headers(ANN, is_mutation=True)[1] == (b"ratelimit", b'"player-mutations";r=50;t=0')


def test_one_player_may_have_so_many_open() -> None:
    refused: list[None] = []
    limit = OpenLimit("streams", 2, lambda: refused.append(None))
    with limit.take("ann"), limit.take("ann"), limit.take("ben"), limit.take(""), limit.take(""), limit.take(""):
        with pytest.raises(LimitExceeded, match="has 2 streams already"):
            limit.add("ann")
        assert len(refused) == 1
    limit.add("ann")
    limit.remove("ann")
    unlimited = OpenLimit("streams", None)
    for _ in range(100):
        unlimited.add("ann")
