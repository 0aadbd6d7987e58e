"""Times in which no call is sent, because the upstream said when to come back."""

from gateway.resilience.windows import Windows
from tests.support.clock import Clock


def seconds_told(windows: Windows, player: str, clock: Clock) -> int | None:
    window = windows.running(player, clock())
    return None if window is None else window.error(clock()).retry_after_seconds


def test_a_players_window_ends_when_the_upstream_said_and_is_no_other_players() -> None:
    clock = Clock()
    windows = Windows(60, clock)
    windows.open("ann", 7, is_rate_limit=True)
    assert (seconds_told(windows, "ann", clock), seconds_told(windows, "ben", clock)) == (7, None)
    clock.advance(6.5)
    assert seconds_told(windows, "ann", clock) == 1
    clock.advance(0.5)
    assert seconds_told(windows, "ann", clock) is None
    assert not windows.are_open


def test_an_absurd_time_is_told_as_it_is_and_kept_to_for_the_longest_time_only() -> None:
    clock = Clock()
    windows = Windows(60, clock)
    windows.open("ann", 86_400, is_rate_limit=True)
    clock.advance(59)
    assert seconds_told(windows, "ann", clock) == 86_341
    clock.advance(1)
    assert seconds_told(windows, "ann", clock) is None


def test_several_players_in_a_row_make_a_window_for_everybody_that_ends_with_their_first() -> None:
    clock = Clock()
    windows = Windows(60, clock)
    told = [windows.open(player, seconds, is_rate_limit=True) for player, seconds in (("a", 9), ("b", 4), ("c", 30))]
    assert told == [False, False, True]
    assert seconds_told(windows, "stranger", clock) == 4
    clock.advance(4)
    assert seconds_told(windows, "stranger", clock) is None
    assert seconds_told(windows, "c", clock) == 26


def test_players_who_are_told_to_wait_while_others_are_answered_close_nothing_for_others() -> None:
    clock = Clock()
    windows = Windows(60, clock)
    for player in ("a", "b", "c", "d"):
        assert not windows.open(player, 9, is_rate_limit=True)
        windows.answered()
        windows.answered()
    assert seconds_told(windows, "stranger", clock) is None


def test_one_player_alone_closes_nothing_for_others_however_often_they_are_told_to_wait() -> None:
    clock = Clock()
    windows = Windows(60, clock)
    assert not any(windows.open("a", 9, is_rate_limit=True) for _ in range(20))
    assert seconds_told(windows, "stranger", clock) is None
