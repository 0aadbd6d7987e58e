"""The log's own thread: who logs never waits for who reads."""

import asyncio
import io
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.telemetry import log
from gateway.telemetry.log_sampling import LINES_PER_WINDOW, WINDOW_SECONDS, Sampler
from gateway.telemetry.log_writer import PIECE_BYTES, LineWriter
from tests.support.clock import Clock
from tests.support.commands import ENVIRONMENT
from tests.support.raised import fail
from tests.support.raw_client import connected

logger = logging.getLogger("game")
LINE = "x" * 99 + "\n"


def report(lines: int) -> str:
    return f"{lines} dropped\n"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe, for reading and for writing."""
    reading, writing = os.pipe()
    yield reading, writing
    for end in (reading, writing):
        try:
            os.close(end)
        except OSError:
            continue


def read_all(reading: int, writing: int) -> list[str]:
    """All lines, once the other end is closed."""
    os.close(writing)
    with os.fdopen(os.dup(reading)) as stream:
        return stream.read().splitlines()


def test_lines_are_written_in_their_order_and_none_is_missing_at_the_end(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], report)
    for number in range(3_000):
        writer.write(f"{number} \ud800\n")
    writer.flush()
    assert writer.close()
    assert read_all(*pipe) == [f"{number} \\ud800" for number in range(3_000)]
    assert writer.dropped == 0


def test_lines_of_two_that_share_a_pipe_do_not_cut_each_other(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.extend(read_all(reading, writing)))
    writers = [LineWriter(writing, report) for _ in range(2)]
    reader.start()
    for number in range(2_000):
        for letter, writer in zip("ab", writers, strict=True):
            writer.write(letter * (number % 700) + "\n")
    assert [writer.close(60) for writer in writers] == [True, True]
    reader.join()
    assert sorted(found) == sorted(letter * (number % 700) for number in range(2_000) for letter in "ab")


def test_a_line_that_is_longer_than_a_pipe_takes_is_written(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], report)
    lines = ["a\n", "b" * PIECE_BYTES + "\n", "c\n"]
    for line in lines:
        writer.write(line)
    assert writer.close()
    assert "\n".join([*read_all(*pipe), ""]) == "".join(lines)


def test_a_reader_that_stands_still_costs_lines_and_no_time(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], report, max_bytes=200_000)
    for _ in range(10_000):
        writer.write(LINE)
    assert writer.dropped >= 8_000
    assert not writer.close(0.05)
    dropped = writer.dropped
    writer.write(LINE)
    assert writer.dropped == dropped + 1


def test_what_was_dropped_is_told_once_the_reader_goes_on(pipe: tuple[int, int]) -> None:
    writer = LineWriter(pipe[1], report, max_bytes=200_000)
    for _ in range(10_000):
        writer.write(LINE)
    lines: list[str] = []

    def read() -> None:
        with os.fdopen(os.dup(pipe[0])) as stream:
            lines.extend(stream)

    thread = threading.Thread(target=read)
    thread.start()
    assert writer.close(30)
    os.close(pipe[1])
    thread.join(30)
    assert lines[-1] == f"{writer.dropped} dropped\n"
    assert set(lines[:-1]) == {LINE}
    assert len(lines) - 1 + writer.dropped == 10_000


def test_a_reader_that_is_gone_costs_lines(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    writer = LineWriter(pipe[1], report)
    writer.write(LINE)
    assert writer.close()
    assert writer.dropped >= 1


def test_a_descriptor_that_does_not_block_is_waited_for(pipe: tuple[int, int]) -> None:
    os.set_blocking(pipe[1], False)
    writer = LineWriter(pipe[1], report)
    for _ in range(2_000):
        writer.write(LINE)
    got = b""
    while len(got) < 200_000:
        got += os.read(pipe[0], 65_536)
    assert got.decode() == LINE * 2_000
    for _ in range(2_000):
        writer.write(LINE)
    assert writer.close()


def test_the_log_is_written_aside_where_it_is_a_file_and_flushed_at_the_end(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as stream:
        log.configure("info", "json", stream)
        log.event(logger, logging.INFO, "before")
        with log.written_aside():
            log.event(logger, logging.INFO, "aside", note="x")
            logging.getLogger("library").warning("said")
            names = {sample.name: sample.value for sample in log.samples()}
        log.event(logger, logging.INFO, "after")
        stream.seek(0)
        assert [json.loads(line)["event"] for line in stream] == ["before", "aside", "message", "after"]
    assert names == {"gateway_log_lines_left_out": 0, "gateway_log_lines_dropped": 0}


def test_what_the_log_drops_is_written_as_an_event() -> None:
    log.configure("info", "json", io.StringIO())
    (handler,) = logging.root.handlers
    line = json.loads(handler.dropped_line(7))  # type: ignore[attr-defined]
    assert (line["level"], line["event"], line["lines"]) == ("WARNING", "log_lines_dropped", 7)


def test_a_log_that_is_no_file_or_is_not_ours_is_left_alone() -> None:
    stream = io.StringIO()
    log.configure("info", "json", stream)
    with log.written_aside():
        log.event(logger, logging.INFO, "said")
        assert json.loads(stream.getvalue())["event"] == "said"
    logging.root.handlers[:] = []
    with log.written_aside():
        assert [sample.value for sample in log.samples()] == [0, 0]


def test_a_log_that_is_stuck_at_the_end_stays_aside(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LineWriter.close, "__defaults__", (0.05,))
    with os.fdopen(os.dup(pipe[1]), "w") as stream:
        log.configure("info", "json", stream)
        with log.written_aside():
            for _ in range(2_000):
                log.event(logger, logging.INFO, "said", note="x" * 100)
        log.event(logger, logging.INFO, "after")
        assert {sample.name: sample.value for sample in log.samples()}["gateway_log_lines_dropped"] >= 1


def test_a_line_that_repeats_itself_is_written_a_few_times_in_a_while_and_counted() -> None:
    clock, stream = Clock(), io.StringIO()
    log.configure("info", "json", stream, now=clock)
    for _ in range(2):
        for _ in range(1_000):
            log.event(logger, logging.WARNING, "upstream_failure", path="/a")
            log.event(logger, logging.ERROR, "unexpected_error", error=fail("x"))
            logging.getLogger("library").error("failed %s", "again")
        log.event(logger, logging.INFO, "request")
        clock.advance(WINDOW_SECONDS)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    for event in ("upstream_failure", "unexpected_error", "message"):
        told = [line.get("left_out", 0) for line in lines if line["event"] == event]
        assert told == [0] * LINES_PER_WINDOW + [1_000 - LINES_PER_WINDOW] + [0] * (LINES_PER_WINDOW - 1)
    assert len([line for line in lines if line["event"] == "request"]) == 2
    assert next(iter(log.samples())).value == 6 * (1_000 - LINES_PER_WINDOW)
    assert len(stream.getvalue()) < 2**20


def test_kinds_beyond_a_bound_are_forgotten() -> None:
    sampler = Sampler(Clock())
    assert [sampler.admit(number) for number in range(3_000)] == [0] * 3_000
    assert len(sampler._windows) <= 1_000


@pytest.mark.slow
async def test_a_gateway_whose_log_nobody_reads_answers_and_ends(pipe: tuple[int, int]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve",
        stdout=asyncio.subprocess.PIPE, stderr=pipe[1],
        env={**ENVIRONMENT, "GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().split()[-1]
        async with connected(url) as raw:
            for _ in range(1_500):
                raw.send(b"GET /livez HTTP/1.1", b"X-Request-Id: " + b"x" * 128)
                assert (await raw.response())[0] == 200
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0
