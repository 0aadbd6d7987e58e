"""The store of a demo with several workers: a Valkey or Redis server that ends with it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.errors import UsageError

PROGRAMS = ("valkey-server", "redis-server")

_START_SECONDS = 10.0
_LOOK_SECONDS = 0.02
_OPTIONS = ("--port", "0", "--unixsocketperm", "700", "--save", "", "--maxmemory-policy", "noeviction")


@contextmanager
def local_store() -> Iterator[str]:
    """Run a server on a Unix socket in a folder of its own; gives its URL. Raises UsageError."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise UsageError(
            "Several workers need a store, and neither valkey-server nor redis-server is installed. Install one (on "
            "Debian: apt-get install redis-server), or name one that runs in GATEWAY_STORE_URL."
        )
    with TemporaryDirectory(prefix="gateway-store-") as folder:
        path, output = Path(folder, "socket"), Path(folder, "log")
        command = [program, "--unixsocket", str(path), "--dir", folder, "--appendonly", "yes", *_OPTIONS]
        with output.open("wb") as log:
            # In a session of its own, so that Ctrl+C does not end it before the workers.
            server = subprocess.Popen(  # noqa: S603 - found in PATH by its name
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            _wait(server, path, output)
            yield f"unix://{path}"
        finally:
            server.terminate()
            server.wait()


def _wait(server: "subprocess.Popen[bytes]", path: Path, output: Path) -> None:
    """Wait until the server takes connections."""
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(path)) == 0:
                return
        time.sleep(_LOOK_SECONDS)
    lines = output.read_text(errors="replace").splitlines()
    reason = lines[-1].strip() if lines else "it does not answer"
    raise UsageError(f"The demo's store does not start: {reason}. Name one that runs in GATEWAY_STORE_URL.")
