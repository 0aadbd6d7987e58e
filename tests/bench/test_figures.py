"""From measurements to verdicts: what is added up, what is divided by what, and when a target counts as reached."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import structs

from bench import matrix, results
from bench.results import Cell, Figures, Machine, Profile, Results, Round, figures
from bench.servers import SERVERS
from bench.targets import TARGETS, Target, Verdict, cell, cpu_ratio
from bench.upstream import Distance

HOME = cell("gateway")


def measured(
    requests: int = 1000,
    cpu_seconds: float = 1.0,
    *,
    of: Cell = HOME,
    per_second: float = 100.0,
    foreign: float = 0.0,
    rss_mb: float = 80.0,
    failed: int = 0,
) -> Round:
    return Round(of, requests, cpu_seconds, per_second, 1.0, 2.0, rss_mb, foreign, failed)


def found(values: Mapping[Cell, float]) -> dict[Cell, Figures]:
    """Cells with a CPU each, in milliseconds."""
    return {own: Figures(cpu_ms, 0, cpu_ms, 0, 80, 0, 1, 0) for own, cpu_ms in values.items()}


def target(text: str) -> Target:
    (one,) = [one for one in TARGETS if text in one.text]
    return one


def test_cpu_is_divided_by_all_requests_of_all_rounds() -> None:
    joined = figures([measured(1000, 1.0), measured(3000, 1.0)])
    assert joined[HOME].cpu_ms == 0.5
    assert joined[HOME].requests == 4000


def test_speed_is_that_of_the_round_that_others_disturbed_least() -> None:
    joined = figures([measured(per_second=100, foreign=1.5), measured(per_second=300, foreign=0.1)])
    assert (joined[HOME].per_second, joined[HOME].foreign) == (300, 0.1)


def test_memory_is_the_most_that_was_seen_and_failures_add_up() -> None:
    joined = figures([measured(rss_mb=90, failed=2), measured(rss_mb=85, failed=1)])
    assert (joined[HOME].rss_mb, joined[HOME].failed) == (90, 3)


def test_rows_that_differ_in_anything_are_not_joined() -> None:
    cells = [HOME, cell("gateway", connections=1), cell("gateway", "badge"), cell("gateway", is_new_text=True)]
    assert list(figures([measured(of=one) for one in cells])) == cells


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [(0.5, Verdict.AIM), (0.7, Verdict.AIM), (0.8, Verdict.AT_LEAST), (1.0, Verdict.AT_LEAST), (1.01, Verdict.MISSED)],
)
def test_a_target_is_reached_up_to_its_bound(ours: float, verdict: Verdict) -> None:
    one = Target("", "x", 1.0, 0.7, cpu_ratio(HOME, cell("mercurius")))
    assert one.reached(found({HOME: ours, cell("mercurius"): 1.0})) == ((ours, ours, ours), verdict)


def test_rounds_are_compared_pairwise() -> None:
    """A machine that is half as fast in one round is that for both."""
    joined = figures(
        [measured(of=own, cpu_seconds=cpu) for cpus in ((1.0, 2.0), (4.0, 4.0), (3.0, 2.0))
         for own, cpu in zip((HOME, cell("mercurius")), cpus, strict=True)]
    )  # fmt: skip
    assert cpu_ratio(HOME, cell("mercurius"))(joined) == (1.0, 0.75, 1.25)


def test_a_target_whose_rows_were_not_measured_is_unknown() -> None:
    for one in TARGETS:
        assert one.reached({}) == (None, Verdict.UNKNOWN)


def test_ratios_are_ours_in_theirs() -> None:
    ratio = target("plain stack").value(found({HOME: 0.5, cell("plain"): 20.0}))
    assert ratio.median == 0.025


def test_the_upstream_at_a_distance_has_rows_of_its_own() -> None:
    values = {cell(name, distance=Distance.TLS): cpu for name, cpu in {"gateway": 0.6, "mercurius-listed": 0.5}.items()}
    assert target("over TLS").value(found(values)).median == 1.2
    assert target("20 ms away").value(found({cell("gateway", distance=Distance.FAR): 23.0})).median == 23.0


def test_growth_with_connections_compares_the_gateway_with_itself() -> None:
    values = {cell("gateway", connections=512): 0.6, cell("gateway", connections=1): 0.5}
    assert target("512 connections").value(found(values)).median == 1.2


def test_growth_with_steps_is_that_of_one_step() -> None:
    values = {cell("gateway", distance=Distance.LARGE): 4.5, cell("gateway"): 0.5}
    assert target("ten times").value(found(values)).median == 0.9


def test_a_new_text_costs_what_it_takes_more_than_a_known_one() -> None:
    values = {cell("gateway-models", is_new_text=True): 2.5, cell("gateway-models"): 0.5}
    values |= {cell("mercurius-listed", is_new_text=True): 1.5, cell("mercurius-listed"): 0.5}
    assert target("new text").value(found(values)).median == 2.0


def test_bytes_on_the_wire_are_compared_for_the_same_answer() -> None:
    plain, packed = measured(), measured(of=cell("gateway", accepts="gzip"))
    joined = figures([structs.replace(plain, answer_bytes=44_000), structs.replace(packed, answer_bytes=4_000)])
    assert target("on the wire").shown(target("on the wire").value(joined).median) == "1/11"


def test_memory_counts_every_way_of_the_gateway_but_no_other_server() -> None:
    joined = figures([measured(of=cell("gateway-kept"), rss_mb=95), measured(of=cell("mercurius"), rss_mb=200)])
    assert target("memory").value(joined).median == 95


@pytest.mark.parametrize(
    ("value", "shown"), [(1.0, "1.00x"), (0.2, "0.20x"), (0.04, "1/25"), (0.0432, "1/23.1"), (3.26, "3.26x")]
)
def test_small_ratios_are_shown_as_fractions(value: float, shown: str) -> None:
    assert TARGETS[0].shown(value) == shown


def test_other_values_are_shown_with_their_unit() -> None:
    assert target("memory").shown(100) == "100 MB"


@pytest.mark.parametrize("is_quick", [True, False])
def test_each_cell_is_measured_once_a_round_and_names_a_server(is_quick: bool) -> None:
    cells = matrix.cells(is_quick=is_quick)
    assert len(set(cells)) == len(cells)
    assert {one.server for one in cells} <= set(SERVERS)


def test_a_whole_run_measures_every_server_and_every_target() -> None:
    cells = matrix.cells(is_quick=False)
    assert {one.server for one in cells} == set(SERVERS)
    everything = found({one: 1.0 + one.is_new_text for one in cells})
    everything = {own: structs.replace(one, answer_bytes=1.0) for own, one in everything.items()}
    assert [one.text for one in TARGETS if one.reached(everything)[1] is Verdict.UNKNOWN] == []


def test_chosen_servers_keep_their_cells_alone() -> None:
    cells = matrix.chosen(matrix.cells(is_quick=True), ["gateway", "constant"], None, None)
    assert [one.server for one in cells] == ["gateway", "constant", "gateway"]


def test_chosen_upstreams_and_operations_keep_their_cells_alone() -> None:
    cells = matrix.chosen(matrix.cells(is_quick=False), None, [Distance.FAR], ["all_kinds", "badge"])
    assert [(one.distance, one.operation) for one in cells] == [(Distance.FAR.value, "all_kinds")]


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = Results(
        date="2026-01-05 10:00 UTC",
        seconds=60,
        rounds=[measured()],
        machine=Machine("a processor", 2, 8, "a system", {"Python": "3.11"}),
        left_out={"Tailcall": "not installed"},
        profiles=[Profile("gateway", {"gateway/web": 3}, {"`run` gateway/web/run.py": 3})],
    )
    results.write(run, tmp_path / "run.json")
    assert results.read(tmp_path / "run.json") == run
