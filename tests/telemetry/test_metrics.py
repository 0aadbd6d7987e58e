"""Instruments on a registry of their own."""

import pytest

from gateway.telemetry.metrics import Metrics, Sample


def lines(metrics: Metrics) -> list[str]:
    """Our figures; those of the process are the library's."""
    text = metrics.exposition("")[0].decode()
    return [line for line in text.splitlines() if line.startswith("gateway_")]


def test_every_series_is_there_before_the_first_event() -> None:
    metrics = Metrics()
    metrics.tally("gateway_requests", "Requests.", method=("get", "post"), by=("day", "night"))
    assert lines(metrics) == [
        'gateway_requests_total{by="day",method="get"} 0.0',
        'gateway_requests_total{by="night",method="get"} 0.0',
        'gateway_requests_total{by="day",method="post"} 0.0',
        'gateway_requests_total{by="night",method="post"} 0.0',
    ]


def test_an_event_is_counted_under_its_labels() -> None:
    metrics = Metrics()
    requests = metrics.tally("gateway_requests", "Requests.", method=("get", "post"))
    requests.count("post")
    requests.count("post")
    assert lines(metrics) == ['gateway_requests_total{method="get"} 0.0', 'gateway_requests_total{method="post"} 2.0']


def test_a_label_outside_its_closed_set_is_not_taken() -> None:
    metrics = Metrics()
    requests = metrics.tally("gateway_requests", "Requests.", method=("get",))
    with pytest.raises(KeyError):
        requests.count("window")
    assert lines(metrics) == ['gateway_requests_total{method="get"} 0.0']


def test_instruments_may_have_no_labels() -> None:
    metrics = Metrics()
    metrics.tally("gateway_requests", "Requests.").count()
    metrics.timing("gateway_request_seconds", "Durations.", seconds=(1,)).took(0.5)
    assert lines(metrics) == [
        "gateway_requests_total 1.0",
        'gateway_request_seconds_bucket{le="1.0"} 1.0',
        'gateway_request_seconds_bucket{le="+Inf"} 1.0',
        "gateway_request_seconds_count 1.0",
        "gateway_request_seconds_sum 0.5",
    ]


def test_a_time_falls_into_every_bucket_that_is_wide_enough() -> None:
    metrics = Metrics()
    durations = metrics.timing("gateway_request_seconds", "Durations.", seconds=(1, 8), method=("get",))
    durations.took(0.25, "get")
    durations.took(2, "get")
    assert lines(metrics) == [
        'gateway_request_seconds_bucket{le="1.0",method="get"} 1.0',
        'gateway_request_seconds_bucket{le="8.0",method="get"} 2.0',
        'gateway_request_seconds_bucket{le="+Inf",method="get"} 2.0',
        'gateway_request_seconds_count{method="get"} 2.0',
        'gateway_request_seconds_sum{method="get"} 2.25',
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
    metrics.tally("gateway_requests", "Requests.")
    with pytest.raises(ValueError, match="gateway_requests"):
        metrics.timing("gateway_requests", "Visits again.", seconds=(1,))


def test_two_applications_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.tally("gateway_requests", "Requests.").count()
    other.tally("gateway_requests", "Requests.")
    assert (lines(one), lines(other)) == (["gateway_requests_total 1.0"], ["gateway_requests_total 0.0"])
