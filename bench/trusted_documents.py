"""CPU of the first request for a trusted document and of later ones: documents are compiled when they are loaded.

    scripts/bench trusted_documents [DOCUMENTS]

`gateway serve` with a manifest of so many documents, each with a name of its own for one field. The chains are cached,
so that the figures are those of the document; answers are not. Each document is asked for once, and all of them again.
"""

import hashlib
import json
import os
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import arguments, processes, stub, upstream
from bench.operations import read_operations
from bench.servers import SERVERS, Site

PASSES = 4
_TRIES = 300
_PAUSE_SECONDS = 0.1


def documents(count: int) -> Mapping[str, str]:
    """Texts by their ids."""
    text = read_operations()["home"].text
    texts = [text.replace("viewer {", f"viewer {{\n    n{number}: isSignedIn", 1) for number in range(count)]
    return {f"sha256:{hashlib.sha256(one.encode()).hexdigest()}": one for one in texts}


def measure(url: str, pid: int, ids: Sequence[str]) -> list[float]:
    """CPU ms of a request in each pass over all documents."""
    passes = []
    for _ in range(PASSES):
        before = processes.cpu_seconds(pid)
        for one in ids:
            _asked(url, {"documentId": one})
        passes.append((processes.cpu_seconds(pid) - before) * 1000 / len(ids))
    return passes


def _asked(url: str, body: Mapping[str, object]) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {stub.tokens(1)[0]}"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - our own address
        answer = json.loads(response.read())
    if "errors" in answer:
        raise RuntimeError(answer["errors"])


def _until_up(url: str) -> None:
    for _ in range(_TRIES):
        try:
            _asked(url, {"query": read_operations()["home"].text})
        except OSError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    raise RuntimeError("the gateway does not start")


def main(count: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as closing:
        folder = Path(name)
        (folder / "documents").mkdir()
        known = documents(count)
        (folder / "documents" / "game@1.json").write_text(json.dumps(known))
        called = closing.enter_context(upstream.running(folder))
        site = Site(upstream.free_port(), called.origin(upstream.Distance.NEAR), None, folder, b"")
        launch = SERVERS["gateway-models"].launch(site)
        environment = {**os.environ, **launch.environment, "GATEWAY_DOCUMENTS_DIR": str(folder / "documents")}
        process = processes.start(
            launch.command,
            core=processes.SERVER_CORE,
            log=folder / "log",
            environment={**environment, "GATEWAY_DOCUMENTS": "prefer"},
        )
        closing.callback(processes.end, process)
        url = f"http://127.0.0.1:{site.port}/graphql"
        _until_up(url)
        first, *later = measure(url, process.pid, list(known))
        warm = statistics.median(later)
        print(f"first request {first:.3f} ms, later {warm:.3f} ms: {first / warm:.2f}x")  # noqa: T201 - the figures


if __name__ == "__main__":
    main(arguments.count(__doc__, "DOCUMENTS", 100))
