"""A process that serves: how it ends."""

import gc
from collections.abc import Iterator, Sequence

import pytest
from starlette.applications import Starlette

from gateway.server.draining_server import DrainingServer
from gateway.server.listener import listen
from gateway.server.serve import Site, Stop, run


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """Serving sets what was made at the start aside from the garbage collector; the other tests go on as before."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_a_process_that_is_told_to_end_twice_ends_once_and_in_order() -> None:
    announced: list[bool] = []

    def control(servers: Sequence[DrainingServer], stop: Stop) -> None:
        del servers
        stop()
        stop(is_replaced=True)

    site = Site(Starlette(), listen("127.0.0.1", 0))
    assert run([site], lambda: announced.append(True), control=control) == 0
    assert announced == [True]
