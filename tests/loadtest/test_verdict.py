"""What a run came to, and whether it is good enough."""

import argparse

import pytest

from loadtest.verdict import Figures, Summary, Thresholds, milliseconds, percent, table

ALL = Figures("all", 2000, 3, 12.0, 180.0, 900.0, 66.7)
RUN = Summary([Figures("badge", 2000, 3, 12.0, 180.0, 900.0, 66.7)], ALL, {"process 1": 40.2, "process 2": 96.0})


@pytest.mark.parametrize(
    ("thresholds", "missed"),
    [
        pytest.param(Thresholds(failed_percent=0.15), [], id="failures"),
        pytest.param(Thresholds(), ["Missed: 0.15% of the answers failed, 0% may."], id="any failure"),
        pytest.param(Thresholds(180, 900, 1), [], id="times"),
        pytest.param(
            Thresholds(179.5, 800, 1),
            [
                "Missed: 95 of 100 answers took up to 180 ms, 179.5 ms is the limit.",
                "Missed: 99 of 100 answers took up to 900 ms, 800 ms is the limit.",
            ],
            id="slow",
        ),
    ],
)
def test_a_threshold_that_is_missed_is_a_sentence(thresholds: Thresholds, missed: list[str]) -> None:
    assert thresholds.missed(RUN) == missed


def test_a_run_without_answers_is_never_good_enough() -> None:
    nothing = Figures("all", 0, 0, 0.0, 0.0, 0.0, 0.0)
    assert Thresholds(failed_percent=100).missed(Summary([], nothing, {})) == ["Missed: nothing was answered."]
    assert nothing.failed_percent == 100


def test_the_table_is_short_and_says_what_was_the_load_generators_own_limit() -> None:
    head, badge, total, used, limit = table(RUN).splitlines()
    assert head.split("  ")[-1].strip() == "per s"
    assert badge.split() == ["badge", "2000", "0.15%", "12", "180", "900", "66.7"]
    assert total.split()[0] == "all"
    assert used == "Load generator, of a core at most: process 1 40%, process 2 96%"
    assert limit.startswith(
        "process 2 had no time left: these latencies and rates are in part the load generator's own."
    )


def test_a_run_too_short_to_measure_its_processor_says_so() -> None:
    assert table(Summary([], ALL, {})).splitlines()[-1] == "Load generator, of a core at most: not measured"


@pytest.mark.parametrize(("text", "value"), [("250ms", 250), ("1.5s", 1500), ("0ms", 0)])
def test_times_have_a_unit(text: str, value: float) -> None:
    assert milliseconds(text) == value


@pytest.mark.parametrize("text", ["250", "ms", "-1ms", "1m", "1.ms"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="such as 250ms"):
        milliseconds(text)


def test_shares_are_in_percent() -> None:
    assert percent("0.1%") == 0.1
    for text in ("0.1", "101%", "%", "-1%"):
        with pytest.raises(argparse.ArgumentTypeError, match=r"such as 0\.1%"):
            percent(text)
