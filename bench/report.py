"""The report of a run, as Markdown."""

from collections.abc import Sequence
from functools import partial

from bench import matrix, profiling, tables
from bench.results import Machine, Profile, Results, Round, figures
from bench.targets import Lookup, cell
from bench.upstream import Distance

_INTRODUCTION = """\
# Speed

One run of `scripts/bench`; [README.md](README.md) says what is measured and why it is fair. One worker has a core to
itself; load generator and stub upstream share another. **CPU ms** is the processor time that the server spends on a
request. It is the figure to compare: latency and requests per second also show what else the machine does. Ratios hold
within this run.

![Speed of each server]({picture})"""

_ASKING = """\
## Every request upstream

Nothing is kept, and the upstream is 0 ms away. The gateway takes the points held out of the list of reward chains, so
it makes two calls; the others make three balance calls on top, and so does the gateway in its second row. One row of
Mercurius does without them as well."""

_SCREEN = "## A screen with computed fields\n\nEvery request upstream, 32 connections."
_KINDS = """\
## All three kinds of chains

The gateway asks for the lists of offer, reward and daily chains at once: three calls take one round trip. Every request
upstream, 32 connections."""

_STALE = """\
## Kept lists with stale points

As between 5 and 15 seconds after a list was read: the gateway reads the points of all chains with one call, the list of
reward chains. With nothing kept it makes two, with all kept none. One connection."""

_BADGE = "## The badge alone\n\nEvery request upstream, 32 connections."
_MODELS = "## Models kept, answer made each time\n\nBeside the peer that keeps whole answers."
_OWN = """\
## Data of each player's own

The gateway decodes and shows a step once for all players who are shown the same, as in all other tables and as with one
catalogue for everybody. Here every item differs from player to player, so that only what a player saw before helps.
Every request upstream, 32 connections."""

_TLS = "## Upstream over TLS\n\nEvery request upstream, 32 connections."
_VERIFIED = "## With tokens verified by the gateway\n\nEvery request upstream, 32 connections."

_NEW_TEXTS = """\
## A text never seen before

The name of one field is new in each request, so that the text has to be parsed, measured against the limits, validated
and compiled. 32 connections; the gateway has its models kept, Mercurius asks the upstream."""


def report(results: Results, picture: str) -> str:
    """The whole text; `picture` is the file that it shows."""
    found = figures(results.rounds)
    parts = [_INTRODUCTION.format(picture=picture), f"## Targets\n\n{tables.targets(found)}", *_sections(found)]
    parts.append(_between(found, results.profiles))
    if results.left_out:
        missing = "\n".join(f"- {name}: {reason}." for name, reason in sorted(results.left_out.items()))
        parts.append(f"## Not measured\n\n{missing}")
    parts.append(_run(results))
    return "\n\n".join(parts) + "\n"


def _sections(found: Lookup) -> list[str]:
    tables_by_text = {
        _ASKING: tables.by_connections(found, matrix.ASKING, "gateway"),
        _SCREEN: tables.by_server(found, matrix.COMPUTING, partial(cell, operation="screen"), "gateway"),
        _KINDS: tables.kinds(found),
        "## All three kinds beside the others": tables.by_server(
            found, matrix.COMPUTING, partial(cell, operation="all_kinds"), "gateway"
        ),
        _STALE: tables.by_server(
            found, matrix.STALE, partial(cell, operation="screen", connections=1), "gateway-stale-points"
        ),
        _BADGE: tables.by_server(found, matrix.COMPUTING, partial(cell, operation="badge"), "gateway"),
        _OWN: tables.by_server(found, matrix.OWN, partial(cell, distance=Distance.OWN), "gateway"),
        "## The same answer again": tables.by_connections(found, matrix.KEEPING, "gateway-kept"),
        _MODELS: tables.by_connections(found, ("gateway-models", "yoga-cache"), "gateway-models"),
        _NEW_TEXTS: tables.new_texts(found),
        "## Upstream 20 ms away": tables.far(found),
        _TLS: tables.by_server(found, matrix.TLS, partial(cell, distance=Distance.TLS), "gateway"),
        _VERIFIED: tables.by_server(found, ("gateway", "gateway-verified"), cell, "gateway"),
    }
    return [f"{text}\n\n{table}" for text, table in tables_by_text.items() if table]


def _between(found: Lookup, profiles: Sequence[Profile]) -> str:
    """What the gateway's CPU goes into: by the floors, and by samples where they were taken."""
    lines = ["## What stands between us and the others"]
    ours, calls, constant = (found.get(cell(name)) for name in ("gateway", "calls-2", "constant"))
    if ours and calls and constant:
        own, calling = ours.cpu_ms - calls.cpu_ms, calls.cpu_ms - constant.cpu_ms
        lines.append(
            f"A request sent upstream costs {ours.cpu_ms:.3f} ms. uvicorn's own part, with an answer of that size, "
            f"is {constant.cpu_ms:.3f} (constant bytes). The two upstream calls take {calling:.3f} (floor of two calls "
            f"less constant bytes). The other {own:.3f} are the gateway's: reading the request, identity, decoding the "
            "upstream's JSON into models, making and encoding the answer, request id, metrics and log."
        )
    if profiles:
        lines.append("Samples of a busy worker by the innermost Python frame; C code counts for its caller.")
    return "\n\n".join([*lines, *map(profiling.markdown, profiles)])


def _run(results: Results) -> str:
    return (
        f"## The run\n\n{results.date}, {results.seconds / 60:.0f} minutes, {_measurements(results.rounds)}\n\n"
        f"{_machine(results.machine)}"
    )


def _measurements(rounds: Sequence[Round]) -> str:
    requests, foreign = sorted(one.requests for one in rounds), sorted(one.foreign for one in rounds)
    failed = sum(one.failed for one in rounds)
    return (
        f"{len(rounds)} measurements of {requests[0]:,} to {requests[-1]:,} requests, {failed:,} of which failed. "
        f"Other work took {foreign[len(foreign) // 2]:.2f} cores of the machine meanwhile (median), at most "
        f"{foreign[-1]:.2f}."
    )


def _machine(machine: Machine) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    return f"{machine.processor}, {machine.cores} cores, {machine.memory_gb} GB, {machine.system}.\n\n{versions}."
