"""Servers under measurement: started on their core, and checked to answer what all have to answer."""

import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import processes, tailcall, upstream
from bench.operations import Operation
from bench.servers import SERVERS, Site

_START_SECONDS = 30.0
_ANSWER_SECONDS = 10.0
_LOOK_SECONDS = 0.1


class Unusable(Exception):
    """A server did not start, or does not answer what all have to answer; the text says which and how."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers. The plain stack mounts its endpoint as a folder."""

    name: str
    pid: int
    port: int

    @property
    def url(self) -> str:
        """Where it answers GraphQL."""
        return f"http://127.0.0.1:{self.port}/graphql{'/' if self.name == 'plain' else ''}"


@contextmanager
def servers(
    names: Iterable[str], called: upstream.Upstream, distance: upstream.Distance, folder: Path, answer: bytes
) -> Iterator[dict[str, Running]]:
    """Run servers side by side, with their upstream at a distance; floors answer `answer`."""
    with ExitStack() as stack:
        ca_file = called.ca_file if distance is upstream.Distance.TLS else None
        running: dict[str, Running] = {}
        for name in names:
            site = Site(upstream.free_port(), called.origin(distance), ca_file, folder, answer)
            launch = SERVERS[name].launch(site)
            process = processes.start(
                launch.command,
                core=processes.SERVER_CORE,
                log=folder / f"{name}.log",
                environment=launch.environment,
            )
            stack.callback(processes.end, process)
            running[name] = Running(name, process.pid, site.port)
        yield running


def check(server: Running, operation: Operation, expected: object, token: str, log: Path) -> None:
    """Wait until a server answers, and compare its `data` with the expected. Raises Unusable."""
    body = _answer(server, operation.body(), token, log)
    got = json.loads(body)
    data = tailcall.with_text_amounts(got.get("data")) if server.name.startswith("tailcall") else got.get("data")
    if data != expected or "errors" in got:
        difference = str(got["errors"]) if "errors" in got else _difference(expected, data, "data")
        raise Unusable(f"{server.name} answers {operation.name} differently: {difference[:500]}")


def check_new_text(server: Running, operation: Operation, token: str, log: Path) -> None:
    """See that a server answers the operation in a text of its own. Raises Unusable."""
    got = json.loads(_answer(server, operation.never_seen(), token, log))
    if "errors" in got:
        raise Unusable(f"{server.name} refuses a new text: {str(got['errors'])[:500]}")


def _answer(server: Running, body: bytes, token: str, log: Path) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(server.url, body, headers)  # noqa: S310 - our own address
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as response:  # noqa: S310 - our own address
                answer: bytes = response.read()
                return gzip.decompress(answer) if response.headers["Content-Encoding"] == "gzip" else answer
        except urllib.error.HTTPError as error:
            raise Unusable(f"{server.name} answers {error.code}: {error.read()[:500]!r}") from None
        except OSError as error:
            if time.monotonic() > until:
                tail = log.read_text(errors="replace")[-2000:]
                raise Unusable(f"{server.name} does not answer ({error}):\n{tail}") from None
        time.sleep(_LOOK_SECONDS)


def _difference(expected: object, got: object, path: str) -> str:
    """The first place where two answers differ."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        for name in (*expected, *got):
            if expected.get(name) != got.get(name):
                return _difference(expected.get(name), got.get(name), f"{path}.{name}")
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for place, (one, other) in enumerate(zip(expected, got, strict=True)):
            if one != other:
                return _difference(one, other, f"{path}[{place}]")
    return f"{path} is {got!r} instead of {expected!r}"
