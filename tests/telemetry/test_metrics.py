"""Instruments on a registry of their own."""

import pytest

from gateway.telemetry.metrics import Metrics, Sample


def lines(metrics: Metrics) -> list[str]:
    """Our figures; those of the process are the library's."""
    text = metrics.exposition("")[0].decode()
    return [line for line in text.splitlines() if line.startswith("gateway_")]


def test_every_series_is_there_before_the_first_event() -> None:
    metrics = Metrics()
    metrics.tally("gateway_visits", "Visits.", door=("front", "back"), by=("day", "night"))
    assert lines(metrics) == [
        'gateway_visits_total{by="day",door="front"} 0.0',
        'gateway_visits_total{by="night",door="front"} 0.0',
        'gateway_visits_total{by="day",door="back"} 0.0',
        'gateway_visits_total{by="night",door="back"} 0.0',
    ]


def test_an_event_is_counted_under_its_labels() -> None:
    metrics = Metrics()
    visits = metrics.tally("gateway_visits", "Visits.", door=("front", "back"))
    visits.count("back")
    visits.count("back")
    assert lines(metrics) == ['gateway_visits_total{door="front"} 0.0', 'gateway_visits_total{door="back"} 2.0']


def test_a_label_outside_its_closed_set_is_not_taken() -> None:
    metrics = Metrics()
    visits = metrics.tally("gateway_visits", "Visits.", door=("front",))
    with pytest.raises(KeyError):
        visits.count("window")
    assert lines(metrics) == ['gateway_visits_total{door="front"} 0.0']


def test_instruments_may_have_no_labels() -> None:
    metrics = Metrics()
    metrics.tally("gateway_visits", "Visits.").count()
    metrics.timing("gateway_stay_seconds", "Stays.", seconds=(1,)).took(0.5)
    assert lines(metrics) == [
        "gateway_visits_total 1.0",
        'gateway_stay_seconds_bucket{le="1.0"} 1.0',
        'gateway_stay_seconds_bucket{le="+Inf"} 1.0',
        "gateway_stay_seconds_count 1.0",
        "gateway_stay_seconds_sum 0.5",
    ]


def test_a_time_falls_into_every_bucket_that_is_wide_enough() -> None:
    metrics = Metrics()
    stays = metrics.timing("gateway_stay_seconds", "Stays.", seconds=(1, 8), door=("front",))
    stays.took(0.25, "front")
    stays.took(2, "front")
    assert lines(metrics) == [
        'gateway_stay_seconds_bucket{door="front",le="1.0"} 1.0',
        'gateway_stay_seconds_bucket{door="front",le="8.0"} 2.0',
        'gateway_stay_seconds_bucket{door="front",le="+Inf"} 2.0',
        'gateway_stay_seconds_count{door="front"} 2.0',
        'gateway_stay_seconds_sum{door="front"} 2.25',
    ]


def test_what_somebody_else_counts_is_read_for_each_scrape() -> None:
    metrics = Metrics()
    guests = [3.0]
    metrics.watch(
        lambda: (Sample("gateway_guests", "Now.", guests[-1]), Sample("gateway_came", "So far.", 5, is_count=True))
    )
    guests.append(4.0)
    assert lines(metrics) == ["gateway_guests 4.0", "gateway_came_total 5.0"]


def test_a_name_is_given_once() -> None:
    metrics = Metrics()
    metrics.tally("gateway_visits", "Visits.")
    with pytest.raises(ValueError, match="gateway_visits"):
        metrics.timing("gateway_visits", "Visits again.", seconds=(1,))


def test_two_applications_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.tally("gateway_visits", "Visits.").count()
    other.tally("gateway_visits", "Visits.")
    assert (lines(one), lines(other)) == (["gateway_visits_total 1.0"], ["gateway_visits_total 0.0"])
