"""The log: events with fields, one line each, as JSON or as text for people."""

import logging
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Literal, TextIO

from gateway.telemetry.log_rendering import Line, as_json, as_text, as_time, plain
from gateway.telemetry.log_sampling import LINES_PER_WINDOW, WINDOW_SECONDS, Sampler
from gateway.telemetry.log_templates import LineTemplates
from gateway.telemetry.log_writer import LineWriter
from gateway.telemetry.metrics import Sample
from gateway.telemetry.redaction import has_no_secrets, redact

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the current request, for its log lines; empty outside of requests."""

trace_id: ContextVar[str] = ContextVar("trace_id", default="")
"""The id of the current request's trace, for its log lines; empty where it is not traced."""

Fields = Mapping[str, object]

_FIELDS = "event_fields"
_LEFT_OUT = "left_out"
"""How many lines of the same kind were left out before this one."""


def event(
    logger: logging.Logger, level: int, name: str, /, *, error: BaseException | None = None, **fields: object
) -> None:
    """Log that `name` happened, with fields; `error` adds its type and traceback."""
    handler = _our_handler() if error is None else None
    if handler is not None:
        # No other handler reads records, and making one would cost more than the line.
        if logger.isEnabledFor(level):
            handler.write(level, name, fields)
        return
    logger.log(level, name, exc_info=error, extra={_FIELDS: fields})


def timed_event(
    logger: logging.Logger, name: str, kind: Hashable, milliseconds: float, fields: Callable[[float], Fields]
) -> None:
    """Log an event of level INFO that comes with each request; `fields` makes all fields, with `milliseconds` in them.

    Events of one name and `kind` have the same fields, except for the milliseconds.
    """
    handler = _our_handler()
    if handler is None:
        logger.info(name, extra={_FIELDS: fields(milliseconds)})
    elif logger.isEnabledFor(logging.INFO):
        handler.write_timed(name, kind, milliseconds, fields)


def configure(
    level: str,
    form: Literal["json", "text"],
    stream: TextIO | None = None,
    *,
    worker: int | None = None,
    now: Callable[[], float] = time.time,
    info_lines_per_second: float | None = None,
) -> None:
    """Send what this process logs, including the HTTP server's lines, to `stream`, or to standard error if None.

    `now` is in Unix seconds; `level` names the lowest level to log; each line has the number `worker`, if there is one.
    Of each kind of line below warnings `info_lines_per_second` are written, or all with None. The server's access log
    is off: it writes query strings, which may hold secrets. Raises ValueError for an unknown level.
    """
    # Lines show no thread, process, task or place in the code: finding those out costs more than the line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # from Python 3.12 on
    logging._srcfile = None  # noqa: SLF001 - the way that Python's own guide to faster logging names
    root = logging.getLogger()
    root.setLevel(level.upper())
    formatter = Formatter(as_json if form == "json" else as_text, worker)
    handler = _Handler(stream, formatter, now, info_lines_per_second)
    root.handlers[:] = [handler]
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        server = logging.getLogger(name)
        server.handlers.clear()
        server.setLevel(logging.NOTSET)
        server.propagate = True
    logging.getLogger("uvicorn.access").disabled = True


@contextmanager
def written_aside() -> Iterator[None]:
    """Write the log on its own thread, if its stream has a file descriptor; flush it at the end.

    Then a slow reader of the log delays nothing. Lines that it does not read in time are dropped and counted.
    """
    handler = _our_handler()
    descriptor = None if handler is None else _descriptor(handler.stream)
    if handler is None or descriptor is None:
        yield
        return
    stream = handler.stream
    stream.flush()
    handler.writer = LineWriter(descriptor, handler.dropped_line)
    try:
        yield
    finally:
        # A stopped reader would block the stream too: then the rest is dropped.
        if handler.writer.close():
            handler.writer = None


def samples() -> Iterator[Sample]:
    """How many lines were left out and dropped since the log was configured."""
    handler = _our_handler()
    left_out = dropped = 0
    if handler is not None:
        left_out = handler.sampler.left_out
        dropped = handler.writer.dropped if handler.writer is not None else 0
    yield Sample("gateway_log_lines_left_out", "Lines left out because they repeat.", left_out, True)
    yield Sample("gateway_log_lines_dropped", "Lines dropped because the log's reader was too slow.", dropped, True)


def _our_handler() -> "_Handler | None":
    handlers = logging.root.handlers
    return handlers[0] if len(handlers) == 1 and isinstance(handlers[0], _Handler) else None


def _descriptor(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


class Formatter(logging.Formatter):
    """Makes a line of each record and renders it, without anything that looks like a credential."""

    def __init__(self, render: Callable[[Line], str], worker: int | None = None) -> None:
        super().__init__()
        self._render = render
        self._worker = {} if worker is None else {"worker": worker}

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written, without the end of the line."""
        event = "message"
        fields: Fields | None = getattr(record, _FIELDS, None)
        if fields is None:
            # A line of the HTTP server or of a library.
            fields = {"logger": record.name, "message": _message(record)}
        else:
            event = record.msg
        if record.__dict__.get(_LEFT_OUT):
            fields = {**fields, _LEFT_OUT: record.__dict__[_LEFT_OUT]}
        error = {}
        if record.exc_info and record.exc_info[0] is not None:
            error = {"error": record.exc_info[0].__name__, "traceback": self.formatException(record.exc_info)}
        return self.text(as_time(record.created), record.levelname, event, fields, error)

    def text(
        self,
        time: str,
        level: str,
        event: str,
        fields: Fields,
        error: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """What happened as it is written, without the end of the line."""
        line: Line = {"time": time, "level": level, "event": event, **self._worker}
        current = request_id.get()
        if current:
            line["request_id"] = current
        trace = trace_id.get()
        if trace:
            line["trace_id"] = trace
        line.update(error)
        for name, value in fields.items():
            line[name if name not in line else f"{name}_"] = plain(value)
        text = self._render(line)
        return text if has_no_secrets(text) else self._render(redact(line))


class _Handler(logging.StreamHandler[TextIO]):
    def __init__(
        self, stream: TextIO | None, formatter: Formatter, now: Callable[[], float], info_lines_per_second: float | None
    ) -> None:
        super().__init__(stream)
        self._now = now
        self.setFormatter(formatter)
        self._text = formatter.text
        self.sampler = Sampler(now)
        self._templates = LineTemplates()
        self._most_infos = None if info_lines_per_second is None else info_lines_per_second * WINDOW_SECONDS
        self.writer: LineWriter | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record of a library, or an event with an error."""
        if record.levelno >= logging.WARNING:
            kind = record.msg if hasattr(record, _FIELDS) else None
            left_out = self.sampler.admit((record.name, record.levelno, kind))
            if left_out is None:
                return
            record.__dict__[_LEFT_OUT] = left_out
        self._put(lambda: self.format(record))

    def write(self, level: int, event: str, fields: Fields) -> None:
        """Write an event of ours."""
        left_out = self._admitted(level, event)
        if left_out is not None:
            self._write(level, event, fields, left_out)

    def write_timed(self, event: str, kind: Hashable, milliseconds: float, fields: Callable[[float], Fields]) -> None:
        """Write an event of ours of level INFO, by a template where that gives the same line."""
        left_out = self._admitted(logging.INFO, event)
        if left_out == 0 and not trace_id.get():
            self._put(lambda: self._timed_text(event, kind, milliseconds, fields))
        elif left_out is not None:
            self._write(logging.INFO, event, fields(milliseconds), left_out)

    def _admitted(self, level: int, event: str) -> int | None:
        """None if an event is left out; else how many of its kind were left out before it."""
        most = LINES_PER_WINDOW if level >= logging.WARNING else self._most_infos
        return 0 if most is None else self.sampler.admit((level, event), most)

    def _write(self, level: int, event: str, fields: Fields, left_out: int) -> None:
        if left_out:
            fields = {**fields, _LEFT_OUT: left_out}
        self._put(lambda: self._text(as_time(self._now()), logging.getLevelName(level), event, fields))

    def _timed_text(self, event: str, kind: Hashable, milliseconds: float, fields: Callable[[float], Fields]) -> str:
        def render(time: str, current: str, milliseconds: float) -> str:
            token = request_id.set(current)
            try:
                return self._text(time, logging.getLevelName(logging.INFO), event, fields(milliseconds))
            finally:
                request_id.reset(token)

        return self._templates.line((event, kind), as_time(self._now()), request_id.get(), milliseconds, render)

    def dropped_line(self, lines: int) -> str:
        """The line about lines that were dropped."""
        return self._text(as_time(self._now()), "WARNING", "log_lines_dropped", {"lines": lines}) + self.terminator

    def _put(self, render: Callable[[], str]) -> None:
        try:
            line = render() + self.terminator
            if self.writer is not None:
                self.writer.write(line)
            else:
                self.stream.write(line)
                self.flush()
        except Exception:
            self.handleError(logging.makeLogRecord({}))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Drop the line: the standard library would print the record's arguments, including credentials."""


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)
