"""The report of a run, as Markdown."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from bench import matrix, profiling, tables
from bench.growth import by_connections, by_players
from bench.results import Machine, Profile, Results, Round, figures
from bench.targets import Lookup, cell
from bench.upstream import Distance

_INTRODUCTION = """\
# Speed

One run of `scripts/bench`; [README.md](README.md) says what is measured and why it is fair. One worker has a core to
itself; load generator and stub upstream share another. **CPU ms** is the processor time that the server spends on a
request. It is the figure to compare: latency and requests per second also show what else the machine does. Ratios hold
within this run.

![Speed of each server]({picture})

All servers of a table are measured in turns; ratios are medians over the rounds, with their quartiles where there are
several. Each row says how far it is from the floor of what it does."""

_SAME = """\
## Every request upstream, two calls

Nothing is cached, the upstream is 0 ms away, and all take the points held out of the list of reward chains: two calls
each. The peers are shown as they come, and with what the gateway has in all rows: a request id, metrics, and a line
in the log for each request. The floor makes the two calls and answers constant bytes. 32 connections, as everywhere
below where nothing else is said."""

_FIVE = """\
## Every request upstream, five calls

With a balance call for each reward chain on top, as the upstream's documentation suggests."""

_SCREEN = "## A screen with computed fields"
_KINDS = """\
## All three kinds of chains

The gateway asks for the lists of offer, reward and daily chains at once: three calls take one round trip. Every request
upstream, 32 connections."""

_STALE = """\
## Cached lists with stale points

As between 5 and 15 seconds after a list was read: the gateway reads the points of all chains with one call, the list of
reward chains. With nothing cached it makes two, with all cached none. One connection."""

_BADGE = "## The badge alone"
_MODELS = "## Models cached, answer made each time\n\nBeside the peer that caches whole answers."
_OWN = """\
## Data of each player's own

The gateway decodes and shows a step once for all players who are shown the same, as in all other tables and as with one
catalogue for everybody. Here every item differs from player to player, so that only what a player saw before helps.
None of that in practice: texts and pictures are the game's."""

_PROGRESS = """\
## Each player's own progress

One catalogue, as a game has it, where claims, next steps and points differ from player to player."""

_LARGE = "## Ten times as many steps\n\n50 offer steps become 500, and 45 reward steps 450."
_VERIFIED = "## With tokens verified by the gateway, and an upstream that compresses"
_CONNECTIONS = "## By connections\n\nThe gateway, every request upstream; its floor is its own first row."
_PLAYERS = """\
## More players than fit

Cached answers for clients that take gzip, players in turn, with the default 48 MiB. Who does not fit is answered from
cached models. The floor is the first row."""

_WIRE = "## On the wire\n\nPeers compress nothing by themselves."

_NEW_TEXTS = """\
## A text never seen before

The name of one field is new in each request, so that the text has to be parsed, measured against the limits, validated
and compiled. 32 connections; the gateway has its models cached, Mercurius asks the upstream."""


_VARIANTS = (
    ("as everywhere", cell("gateway")),
    ("tokens verified (HS256)", cell("gateway-verified")),
    ("upstream compresses", cell("gateway", distance=Distance.COMPRESSED)),
)


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
    def beside(servers: Sequence[str], first: str = "gateway", floor: str = "calls-2", **more: Any) -> str:
        return tables.by_server(found, servers, partial(cell, **more), first, floor)

    texts = {
        _SAME: beside(matrix.SAME_CALLS),
        _FIVE: beside(matrix.FIVE_CALLS, "gateway-balances", "calls-5"),
        _SCREEN: beside(matrix.COMPUTING, operation="screen"),
        _KINDS: tables.kinds(found),
        "## All three kinds beside the others": beside(matrix.COMPUTING, operation="all_kinds"),
        _BADGE: beside(matrix.COMPUTING, operation="badge"),
        _PROGRESS: beside(matrix.FEW, distance=Distance.PROGRESS),
        _OWN: beside(matrix.FEW, distance=Distance.OWN),
        _LARGE: beside(matrix.FEW, distance=Distance.LARGE),
        _STALE: beside(matrix.STALE, "gateway-stale-points", operation="screen", connections=1),
        "## The same answer again": beside(matrix.KEEPING, "gateway-kept", "constant"),
        "## The same answer again, compressed": beside(
            matrix.KEEPING_COMPRESSED, "gateway-kept-gzip", "constant-gzip", accepts="gzip"
        ),
        _WIRE: tables.wire(found),
        _MODELS: beside(("gateway-models", "yoga-cache"), "gateway-models", "constant"),
        _NEW_TEXTS: tables.new_texts(found),
        _CONNECTIONS: tables.growth(found, by_connections("gateway"), "Connections"),
        "## Cached answers by connections": tables.growth(found, by_connections("gateway-kept"), "Connections"),
        _PLAYERS: tables.growth(found, by_players(), "Players"),
        "## Upstream 20 ms away": beside(matrix.FEW, distance=Distance.FAR),
        "## Upstream over TLS": beside(matrix.TLS, distance=Distance.TLS),
        _VERIFIED: tables.growth(found, _VARIANTS, "Gateway"),
    }
    return [f"{text}\n\n{table}" for text, table in texts.items() if table]


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
