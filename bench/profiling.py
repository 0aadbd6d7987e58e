"""Where the gateway's time goes: samples of a busy worker, by part and by function."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from bench.results import Profile
from bench.tables import table

SAMPLER = Path(sys.executable).with_name("py-spy")
_PER_SECOND = 250
_FUNCTIONS = 15
_LEAST_SHARE = 0.01
_FRAME = re.compile(r"(?P<function>.+) \((?P<file>[^()]*?)(?::\d+)?\)")


def markdown(profile: Profile) -> str:
    """Shares of the samples, largest first."""
    parts, functions = _shares(profile.parts), _shares(profile.functions)[:_FUNCTIONS]
    empty = ("", "")
    rows = [(*part, *function) for part, function in zip_longest(parts, functions, fillvalue=empty)]
    return f"### {profile.title}\n\n" + table(("Part", "share", "Function", "share"), rows, texts=(0, 2))


def sampling(pid: int, seconds: int, output: Path) -> subprocess.Popen[bytes]:
    """Start to sample a process; it ends by itself."""
    command = [
        str(SAMPLER), "record", "--nonblocking", "--format", "raw", "--rate", str(_PER_SECOND),
        "--duration", str(seconds), "--output", str(output), "--pid", str(pid),
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def parse(title: str, lines: Iterable[str]) -> Profile:
    """Read collapsed stacks: frames joined by `;` from the outside in, a space, and the number of samples."""
    parts: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        match = _FRAME.fullmatch(stack.rpartition(";")[2])
        if match is not None:
            parts[_part(match["file"])] += int(count)
            functions[_function(match["function"], match["file"])] += int(count)
    return Profile(title, dict(parts.most_common()), dict(functions.most_common()))


def _part(file: str) -> str:
    """The room of the gateway, or the library, that a file belongs to."""
    if file == "<operation>":
        return "generated code of the operation"
    if file == "asyncio/runners.py":
        return "event loop, sockets, kernel"
    first, *rest = file.split("/")
    if first == "gateway":
        return f"gateway/{rest[0]}" if rest else first
    return first if rest and first not in sys.stdlib_module_names else "standard library"


def _function(name: str, file: str) -> str:
    if file == "asyncio/runners.py":
        return "event loop, sockets, kernel"
    return f"`{name.replace('<locals>.', '')}` {file}"


def _shares(counts: Mapping[str, int]) -> Sequence[tuple[str, str]]:
    total = sum(counts.values())
    return [(name, f"{count / total:.0%}") for name, count in counts.items() if count / total >= _LEAST_SHARE]
