"""Signals that end the process."""

import asyncio
import logging
import os
import signal

import pytest

from gateway.server.signals import STOP_SIGNALS, StopSignals


@pytest.mark.parametrize("number", STOP_SIGNALS)
async def test_the_first_signal_stops_and_the_second_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: signal.Signals
) -> None:
    caplog.set_level(logging.INFO)
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    stopped: list[bool] = []
    signals = StopSignals(lambda: stopped.append(True))
    signals.receive(signal.SIGTERM)
    assert (stopped, codes) == ([True], [])
    signals.receive(number)
    assert codes[0] == 128 + number
    assert [one.message for one in caplog.records] == ["stopping", "stopped_at_once"]


async def test_signals_are_taken_where_the_event_loop_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise NotImplementedError

    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    monkeypatch.setattr(loop, "add_signal_handler", unsupported)
    before = [(number, signal.getsignal(number)) for number in STOP_SIGNALS]
    try:
        StopSignals(stopped.set).listen(loop)
        signal.raise_signal(signal.SIGTERM)
        await stopped.wait()
    finally:
        for number, handler in before:
            signal.signal(number, handler)
