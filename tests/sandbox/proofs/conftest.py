"""What proofs share."""

import sys
import threading
from collections.abc import Iterator

import pytest


@pytest.fixture
def unmeasured() -> Iterator[None]:
    """Keep coverage from watching: what is reached by chance is not tested for that, and watching doubles the time."""
    tracer, tracer_of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    sys.settrace(tracer)
    threading.settrace(tracer_of_threads)
