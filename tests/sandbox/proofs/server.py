"""A sandbox in a process of its own: `python -m tests.sandbox.proofs.server FILE` prints its URL once it answers."""

import sys

from gateway.sandbox import create_sandbox
from gateway.server.listener import listen, url
from gateway.server.serve import Site, run


def main(path: str) -> None:
    listener = listen("127.0.0.1", 0)
    run([Site(create_sandbox(path), listener)], lambda: print(url(listener), flush=True))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(sys.argv[1])
