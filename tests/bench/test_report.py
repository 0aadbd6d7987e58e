"""What a run is told as: tables, verdicts, a profile, and a picture."""

from xml.etree import ElementTree

from msgspec import structs

from bench import picture, profiling, tables
from bench.report import report
from bench.results import Cell, Machine, Profile, Results, Round, figures
from bench.targets import cell
from bench.upstream import Distance

CPU_MS = {
    "gateway": 0.4, "mercurius-listed": 0.5, "gateway-balances": 0.4, "plain": 20.0, "constant": 0.02, "calls-2": 0.1
}  # fmt: skip
STACKS = """\
main (gateway/commands/cli.py:3);run (asyncio/runners.py:118);_page (gateway/upstream/decode.py:221) 30
main (gateway/commands/cli.py:3);run (asyncio/runners.py:118) 40
main (gateway/commands/cli.py:3);Session._request (aiohttp/client.py:900) 20
main (gateway/commands/cli.py:3);Item_21 (<operation>:7) 5
main (gateway/commands/cli.py:3);loads.<locals>.inner (json/decoder.py:9) 4
main (gateway/commands/cli.py:3);swift (gateway/web/graphql/requests.py:4) 1
"""


def measured(of: Cell, cpu_ms: float, failed: int = 0) -> Round:
    return Round(of, 2000, cpu_ms * 2, 1500.4, 9.87, 31.4, 81.6, 0.25, failed)


def run(*more: Round, left_out: dict[str, str] | None = None, profiles: list[Profile] | None = None) -> Results:
    machine = Machine("a processor", 2, 8, "a system", {"Python": "3.11.7", "Node": "26.10.0"})
    rounds = [measured(cell(name), cpu_ms) for name, cpu_ms in CPU_MS.items()] + list(more)
    return Results("2026-01-05 10:00 UTC", 900, rounds, machine, left_out or {}, profiles or [])


def rows(text: str, heading: str) -> list[str]:
    """The rows of the table under a heading."""
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


def test_a_server_is_shown_with_its_figures_and_its_ratio_to_ours() -> None:
    shown = rows(report(run(), "results.svg"), "Every request upstream, two calls")
    assert shown == [
        "| **gateway** | 0.400 | 1.00x | 4.00x | 1500 | 9.9 / 31 | 82 |",
        "| Mercurius, JIT, undici; no balance calls | 0.500 | 1.25x | 5.00x | 1500 | 9.9 / 31 | 82 |",
        "| floor: the two list calls and nothing else | 0.100 | 0.25x | 1.00x | 1500 | 9.9 / 31 | 82 |",
    ]
    more = rows(report(run(), "results.svg"), "Every request upstream, five calls")
    assert "| plain stack: strawberry, httpx | 20.00 | 50x | - | 1500 | 9.9 / 31 | 82 |" in more


def test_ratios_of_several_rounds_are_shown_with_their_quartiles() -> None:
    more = [measured(cell("gateway"), 0.4), measured(cell("mercurius-listed"), 0.6)]
    shown = rows(report(run(*more), "results.svg"), "Every request upstream, two calls")
    assert shown[1].startswith("| Mercurius, JIT, undici; no balance calls | 0.550 | 1.38x [1.31, 1.44] |")
    assert "0.73x [0.70x, 0.77x]" in rows(report(run(*more), "results.svg"), "Targets")[0]


def test_growth_is_shown_by_the_first_row() -> None:
    text = report(
        run(measured(cell("gateway", connections=1), 0.2), measured(cell("gateway", connections=128), 0.6)), ""
    )
    assert [row.split(" | ")[:3] for row in rows(text, "By connections")] == [
        ["| 1", "0.200", "1.00x"],
        ["| 32", "0.400", "2.00x"],
        ["| 128", "0.600", "3.00x"],
    ]
    drawn = picture.picture(figures(run(measured(cell("gateway", connections=1), 0.2)).rounds))
    assert "by connections" in drawn
    assert "by players" not in drawn


def test_bytes_on_the_wire_are_shown_for_each_client() -> None:
    packed = measured(cell("gateway", accepts="gzip"), 0.45)
    text = report(run(structs.replace(packed, answer_bytes=4_021)), "")
    assert rows(text, "On the wire")[1] == "| **gateway** | gzip | 4,021 | 0.450 |"


def test_the_verdict_on_each_target_is_told() -> None:
    shown = rows(report(run(), "results.svg"), "Targets")
    assert "| `home`: CPU vs Mercurius with JIT, as many calls | 0.85x | 0.70x | 0.80x | reached |" in shown
    plain = "| … vs the plain stack, five calls to our two | 1/25 | 1/40 | 1/50 | aim reached |"
    assert plain in shown
    assert "| `home`: CPU vs Tailcall, five calls to our two | 0.60x | 0.30x | - | not measured |" in shown


def test_what_the_gateway_adds_to_the_floors_is_worked_out() -> None:
    text = report(run(), "results.svg")
    assert "costs 0.400 ms" in text
    assert "is 0.020 (constant bytes)" in text
    assert "take 0.080 (floor" in text
    assert "The other 0.300 are the gateway's" in text


def test_questions_that_were_not_asked_have_no_section() -> None:
    text = report(run(), "results.svg")
    assert "## Upstream over TLS" not in text
    asked = report(run(measured(cell("gateway", distance=Distance.TLS), 0.5)), "results.svg")
    assert rows(asked, "Upstream over TLS") == ["| **gateway** | 0.500 | 1.00x | 5.00x | 1500 | 9.9 / 31 | 82 |"]


def test_a_row_that_was_given_up_leaves_the_others_of_its_server() -> None:
    asked = report(run(measured(cell("mercurius-listed", distance=Distance.FAR), 0.6)), "results.svg")
    assert rows(asked, "Upstream 20 ms away") == [
        "| Mercurius, JIT, undici; no balance calls | 0.600 | - | 6.00x | 1500 | 9.9 / 31 | 82 |"
    ]


def test_a_table_without_rows_is_nothing() -> None:
    assert tables.table(("Server", "CPU"), []) == ""


def test_a_server_that_was_left_out_is_named_with_the_reason() -> None:
    text = report(run(left_out={"Tailcall": "its npm package is not installed"}), "results.svg")
    assert "## Not measured\n\n- Tailcall: its npm package is not installed." in text
    assert "## Not measured" not in report(run(), "results.svg")


def test_the_run_is_described_with_its_failures_and_what_else_ran() -> None:
    text = report(run(measured(cell("yoga-jit"), 0.6, failed=7)), "results.svg")
    assert "2026-01-05 10:00 UTC, 15 minutes, 7 measurements of 2,000 to 2,000 requests, 7 of which failed." in text
    assert "Other work took 0.25 cores" in text
    assert "a processor, 2 cores, 8 GB, a system." in text
    assert "Python 3.11.7, Node 26.10.0." in text


def test_samples_are_shared_out_by_the_innermost_frame() -> None:
    profile = profiling.parse("gateway", STACKS.splitlines())
    assert profile.parts == {
        "event loop, sockets, kernel": 40,
        "gateway/upstream": 30,
        "aiohttp": 20,
        "generated code of the operation": 5,
        "standard library": 4,
        "gateway/web": 1,
    }
    assert profile.functions["`_page` gateway/upstream/decode.py"] == 30
    assert profile.functions["`loads.inner` json/decoder.py"] == 4


def test_a_profile_is_shown_as_shares_largest_first() -> None:
    text = report(run(profiles=[profiling.parse("gateway, busy", STACKS.splitlines())]), "results.svg")
    assert "### gateway, busy" in text
    assert "| gateway/upstream | 30% | `_page` gateway/upstream/decode.py | 30% |" in text


def test_a_line_that_is_no_stack_is_passed_over() -> None:
    assert profiling.parse("gateway", ["", "nonsense 4"]) == Profile("gateway", {}, {})


def test_the_picture_has_a_bar_for_each_server_as_long_as_it_is_fast() -> None:
    drawn = picture.picture(figures(run().rounds))
    bars = [
        (bar.get("fill"), float(bar.get("width", "0")))
        for bar in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}rect")  # noqa: S314 - our own text
        if bar.get("rx")
    ]
    widths = [width for _, width in bars]
    assert widths[0] / widths[1] == 0.5 / 0.4
    assert len({colour for colour, _ in bars}) == 3


def test_the_picture_leaves_out_what_was_not_measured() -> None:
    assert "by players" not in picture.picture(figures(run().rounds))
    many = measured(cell("gateway-kept-gzip", players=5_000, accepts="gzip"), 0.1)
    assert "by players" in picture.picture(figures(run(many).rounds))


def test_the_report_shows_the_picture_beside_it() -> None:
    assert "![Speed of each server](quick.svg)" in report(run(), "quick.svg")
