"""Open files: the process takes as many as it needs, or fewer connections; running out is told now and then."""

import asyncio
import errno
import logging
import resource
import sys

import pytest

from gateway.server.descriptors import fit_to_descriptors
from gateway.server.limits import ServerLimits
from gateway.server.loop_errors import LoopErrors
from tests.support.clock import Clock

LIMITS = ServerLimits(connections=1_000, other_descriptors=136)
NEEDED = 1_200


@pytest.mark.parametrize(
    ("soft", "hard", "connections", "raised_to"),
    [
        pytest.param(NEEDED, NEEDED, 1_000, None, id="enough"),
        pytest.param(resource.RLIM_INFINITY, resource.RLIM_INFINITY, 1_000, None, id="no bound"),
        pytest.param(256, 4_096, 1_000, NEEDED, id="can be raised"),
        pytest.param(256, resource.RLIM_INFINITY, 1_000, NEEDED, id="can be raised without a bound"),
        pytest.param(256, 700, 500, 700, id="can be raised in part"),
        pytest.param(64, 64, 1, 64, id="next to none"),
    ],
)
def test_the_bound_on_open_files_is_raised_or_connections_are_fewer(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, connections: int, raised_to: int | None
) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    assert fit_to_descriptors(LIMITS).connections == connections
    assert raised == ([] if raised_to is None else [(raised_to, hard)])


def test_a_system_without_such_a_bound_lets_the_limits_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert fit_to_descriptors(LIMITS) is LIMITS


async def test_that_connections_cannot_be_accepted_is_logged_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    handler, loop = LoopErrors(clock), asyncio.get_running_loop()
    for _ in range(3):
        handler(loop, {"message": "accept", "exception": OSError(errno.EMFILE, "Too many open files")})
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [("WARNING", "accept_failed")]
    clock.advance(11)
    handler(loop, {"message": "accept", "exception": OSError(errno.ENFILE, "Too many open files")})
    assert len(caplog.records) == 2


async def test_a_client_that_hangs_up_is_no_error_and_a_defect_is(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    handler, loop = LoopErrors(Clock()), asyncio.get_running_loop()
    handler(loop, {"message": "lost", "exception": ConnectionResetError()})
    handler(loop, {"message": "Fatal error on SSL protocol\nprotocol: ...", "exception": RuntimeError("closed")})
    assert caplog.records == []
    handler(loop, {"message": "a defect", "exception": ValueError()})
    assert [(one.levelname, one.name) for one in caplog.records] == [("ERROR", "asyncio")]
