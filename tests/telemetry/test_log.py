"""What stands in a line of the log, in either form, and what never does."""

import contextvars
import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from gateway.telemetry import log
from tests.support.clock import Clock
from tests.support.raised import fail

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGF5ZXItMSJ9.c2lnbmF0dXJl"
MOMENT = datetime(2026, 3, 1, 12, 30, 15, 250_000, UTC)

logger = logging.getLogger("game")


class Log:
    """The log as it was written."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def configure(self, level: str = "info", form: Literal["json", "text"] = "json") -> None:
        log.configure(level, form, self.stream, now=MOMENT.timestamp)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def line(self) -> dict[str, object]:
        (line,) = self.lines
        return line


@pytest.fixture
def written() -> Iterator[Log]:
    """A log in which it is always the same moment."""

    class RecordOfTheMoment(logging.LogRecord):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.created = MOMENT.timestamp()

    logging.setLogRecordFactory(RecordOfTheMoment)
    yield Log()
    logging.setLogRecordFactory(logging.LogRecord)


def test_an_event_is_one_json_object_with_its_fields(written: Log) -> None:
    written.configure()
    log.event(
        logger, logging.INFO, "request", method="GET", status=200, milliseconds=1.5, cached=False, error_code=None
    )
    assert list(written.line.items()) == [
        ("time", "2026-03-01T12:30:15.250Z"),
        ("level", "INFO"),
        ("event", "request"),
        ("method", "GET"),
        ("status", 200),
        ("milliseconds", 1.5),
        ("cached", False),
        ("error_code", None),
    ]


def test_every_line_of_a_worker_says_which_it_is(written: Log) -> None:
    log.configure("info", "json", written.stream, worker=0)
    log.event(logger, logging.INFO, "request", status=200)
    logging.getLogger("library").warning("slow")
    assert [line["worker"] for line in written.lines] == [0, 0]
    assert list(written.lines[0]) == ["time", "level", "event", "worker", "status"]


def test_the_request_id_stands_in_every_line_of_its_request(written: Log) -> None:
    written.configure()

    def serve() -> None:
        log.request_id.set("r-1")
        log.event(logger, logging.INFO, "request")
        logging.getLogger("library").warning("slow")

    contextvars.copy_context().run(serve)
    log.event(logger, logging.INFO, "idle")
    assert [line.get("request_id") for line in written.lines] == ["r-1", "r-1", None]


def test_fields_of_any_type_are_written(written: Log) -> None:
    written.configure()
    log.event(
        logger,
        logging.INFO,
        "order",
        amount=Decimal("9.90"),
        seen=(1, frozenset({"a"})),
        nested={"at": MOMENT, 7: [b"raw"]},
        rate=float("inf"),
    )
    assert {name: written.line[name] for name in ("amount", "seen", "nested", "rate")} == {
        "amount": "9.90",
        "seen": [1, ["a"]],
        "nested": {"at": "2026-03-01 12:30:15.250000+00:00", "7": ["b'raw'"]},
        "rate": "inf",
    }


@pytest.mark.parametrize("text", ["Zürich", "two\u2028lines", "half \ud83d"])
def test_text_beyond_ascii_is_escaped(written: Log, text: str) -> None:
    written.configure()
    log.event(logger, logging.INFO, "said", text=text)
    assert written.text.isascii()
    assert written.line["text"] == text


def test_a_field_cannot_take_the_place_of_the_lines_own(written: Log) -> None:
    written.configure()
    log.event(logger, logging.INFO, "request", level="gold", time="now", event="none", name="anna", logger="mine")
    line = written.line
    assert (line["level"], line["time"], line["event"]) == ("INFO", "2026-03-01T12:30:15.250Z", "request")
    assert (line["level_"], line["time_"], line["event_"]) == ("gold", "now", "none")
    assert (line["name"], line["logger"]) == ("anna", "mine")


def test_an_error_is_written_with_type_and_traceback_on_the_same_line(written: Log) -> None:
    written.configure()
    log.event(logger, logging.ERROR, "unexpected_error", error=fail("first\nsecond"), path="viewer")
    line = written.line
    assert (line["error"], line["path"]) == ("ValueError", "viewer")
    traceback = str(line["traceback"])
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert traceback.endswith("ValueError: first\nsecond")


def test_lines_of_libraries_are_messages(written: Log) -> None:
    written.configure()
    logging.getLogger("library").warning("%d of %s", 2, "three")
    assert list(written.line.items())[1:] == [
        ("level", "WARNING"),
        ("event", "message"),
        ("logger", "library"),
        ("message", "2 of three"),
    ]


@pytest.mark.parametrize("arguments", [(), ("one", "two"), ({"other": 1},)], ids=["none", "too many", "another name"])
def test_a_message_whose_arguments_do_not_fit_is_written_without_them(
    written: Log, arguments: tuple[object, ...]
) -> None:
    written.configure()
    logging.getLogger("library").warning("%(name)d", *arguments)
    assert written.line["message"] == "%(name)d"


def test_an_exception_of_a_library_is_written_too(written: Log) -> None:
    written.configure()
    logging.getLogger("library").error("failed", exc_info=fail("reason"))
    logging.getLogger("library").error("nothing failed", exc_info=True)
    assert [line.get("error") for line in written.lines] == ["ValueError", None]


def test_lines_below_the_level_are_not_written(written: Log) -> None:
    written.configure(level="warning")
    log.event(logger, logging.INFO, "request")
    assert written.text == ""


def test_an_unknown_level_is_refused(written: Log) -> None:
    with pytest.raises(ValueError, match="LOUD"):
        written.configure(level="loud")


def test_configuring_again_replaces_what_was_before(written: Log) -> None:
    written.configure()
    written.configure(form="text")
    log.event(logger, logging.INFO, "request")
    assert written.text == "2026-03-01T12:30:15.250Z INFO request\n"


def test_standard_error_is_written_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info", "text")
    log.event(logger, logging.INFO, "request")
    assert capsys.readouterr().err.endswith(" INFO request\n")


def test_the_http_server_logs_here_and_its_access_log_is_silent(written: Log) -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).addHandler(logging.StreamHandler(io.StringIO()))
        logging.getLogger(name).propagate = False
    written.configure()
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("uvicorn.access").critical("GET /?token=abc")
    assert [line["message"] for line in written.lines] == ["Started"]


def test_the_text_form_is_one_line_with_odd_values_quoted(written: Log) -> None:
    written.configure(form="text")
    log.event(
        logger, logging.INFO, "request", path="/graphql", note='say "a=b"', empty="", forged="\n2026 INFO", codes=[1]
    )
    assert written.text == (
        "2026-03-01T12:30:15.250Z INFO request path=/graphql "
        'note="say \\"a=b\\"" empty="" forged="\\n2026 INFO" codes=[1]\n'
    )


def test_the_text_form_puts_the_traceback_below_indented_and_without_control_characters(written: Log) -> None:
    written.configure(form="text")
    log.event(logger, logging.ERROR, "unexpected_error", error=fail("\x1b[2J\n2026 INFO forged\rline\u2028line"))
    head, *below = written.text.removesuffix("\n").split("\n")
    assert head == "2026-03-01T12:30:15.250Z ERROR unexpected_error error=ValueError"
    assert all(line.startswith("    ") for line in below)
    assert below[-2:] == ["    ValueError: ?[2J", "    2026 INFO forged?line?line"]


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "write",
    [
        lambda: log.event(logger, logging.INFO, "request", header=f"Bearer {JWT}"),
        lambda: log.event(logger, logging.INFO, "request", headers={"x": [("authorization", JWT)]}),
        lambda: log.event(logger, logging.INFO, "request", headers={JWT: 1}),
        lambda: log.event(logger, logging.INFO, "request", raw=f"Bearer {JWT}".encode()),
        lambda: log.event(logger, logging.INFO, "request", token=JWT),
        lambda: log.event(logger, logging.INFO, "request", reason=ValueError(JWT)),
        lambda: log.event(logger, logging.INFO, JWT),
        lambda: log.event(logger, logging.INFO, "failed", error=fail(f"token={JWT}")),
        lambda: logging.getLogger("library").info("%s", JWT),
        lambda: logging.getLogger("library").info("%d", JWT),
        lambda: contextvars.copy_context().run(write_in_request, JWT),
    ],
)
def test_no_credential_is_written_wherever_it_stands(
    written: Log, form: Literal["json", "text"], write: Callable[[], None]
) -> None:
    written.configure(form=form)
    write()
    assert written.text.count("\n") >= 1
    assert JWT not in written.text
    assert "cGxheWVyLTE" not in written.text


def write_in_request(request_id: str) -> None:
    log.request_id.set(request_id)
    log.event(logger, logging.INFO, "request")


def test_a_secret_field_is_cut_out_whatever_it_holds(written: Log) -> None:
    written.configure()
    log.event(logger, logging.INFO, "order", payment_token="opaque", nested={"client_secret": ["opaque"]})
    assert (written.line["payment_token"], written.line["nested"]) == ("[redacted]", {"client_secret": "[redacted]"})


def test_a_line_that_cannot_be_written_is_lost_and_its_arguments_are_not_printed(
    written: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    written.configure()
    written.stream.close()
    log.event(logger, logging.INFO, "request", note="opaque")
    logging.getLogger("library").warning("%s", "opaque")
    assert capsys.readouterr() == ("", "")


fields = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(values=st.dictionaries(st.text(), fields, max_size=4), name=st.text(max_size=10))
def test_every_event_is_exactly_one_line_of_json(values: dict[str, object], name: str) -> None:
    stream = io.StringIO()
    log.configure("info", "json", stream)
    named: dict[str, Any] = {f"{key}_": value for key, value in values.items()}
    log.event(logger, logging.INFO, name, **named)
    assert stream.getvalue().count("\n") == 1
    json.loads(stream.getvalue(), parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))


@given(before=st.text(max_size=20), after=st.text(max_size=20), form=st.sampled_from(["json", "text"]))
def test_no_web_token_is_written_in_any_surroundings(before: str, after: str, form: Literal["json", "text"]) -> None:
    stream = io.StringIO()
    log.configure("info", form, stream)
    text = before + JWT + after
    log.event(logger, logging.INFO, "request", error=fail(text), note=text, notes=[text], nested={text: text})
    assert "cGxheWVyLTE" not in stream.getvalue()


def test_lines_below_warnings_are_sampled_too_where_that_is_set() -> None:
    stream, clock = io.StringIO(), Clock()
    log.configure("info", "json", stream, now=clock, info_lines_per_second=2)
    for _ in range(30):
        log.event(logging.getLogger("t"), logging.INFO, "request")
    assert len(stream.getvalue().splitlines()) == 20
    clock.advance(10)
    log.event(logging.getLogger("t"), logging.INFO, "request")
    assert json.loads(stream.getvalue().splitlines()[-1])["left_out"] == 10
