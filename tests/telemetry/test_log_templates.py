"""Lines that are filled into a template: the same text as lines that are rendered by themselves."""

import io
import logging
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from gateway.telemetry import log
from gateway.telemetry.log_templates import MAX_CHARACTERS, MAX_TEMPLATES, LineTemplates
from tests.support.clock import Clock

OUR_ID = "0f" * 16
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGF5ZXItMSJ9.c2lnbmF0dXJl"
FIELDS: Mapping[str, object] = {"method": "POST", "path": "/graphql", "milliseconds": 0.0, "operation": "Home"}

logger = logging.getLogger("gateway.requests")


def lines(form: Literal["json", "text"], fields: Mapping[str, object], request_id: str, *, timed: bool) -> list[str]:
    stream = io.StringIO()
    clock = Clock(1_700_000_000.25)
    log.configure("info", form, stream, worker=3, now=clock)
    token = log.request_id.set(request_id)
    for milliseconds in (0.4, 12.0):
        clock.advance(1.125)
        if timed:
            log.timed_event(logger, "request", "kind", milliseconds, lambda value: {**fields, "milliseconds": value})
        else:
            ordinary: dict[str, Any] = {**fields, "milliseconds": milliseconds}
            log.event(logger, logging.INFO, "request", **ordinary)
    log.request_id.reset(token)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "request_id",
    [OUR_ID, "6f1c0d2e-0000-4000-8000-00805f9b34fb", "", "session-7.request_1", JWT, "a-bearer-id"],
    ids=["ours", "a UUID", "none", "a client's", "a token", "a hint"],
)
@pytest.mark.parametrize(
    "more",
    [{}, {"path": f"/graphql/{JWT}"}, {"operation": 'say "0000"\n'}, {"operation": "token=abc"},
     {"odd": "00000000-request"}, {"odd": 314159265.358979}, {"odd": "0000-00-00T00:00:00.000Z"}],
    ids=["plain", "a token", "quotes", "a secret", "like the id", "like the number", "like the time"],
)  # fmt: skip
def test_a_line_from_a_template_reads_like_any_other(
    form: Literal["json", "text"], request_id: str, more: Mapping[str, object]
) -> None:
    fields = {**FIELDS, **more}
    filled = lines(form, fields, request_id, timed=True)
    assert filled == lines(form, fields, request_id, timed=False)
    assert len(filled) == 2
    assert JWT not in "".join(filled)


def test_the_rest_of_a_line_is_rendered_once_for_each_kind() -> None:
    rendered: list[str] = []

    def render(time: str, request_id: str, milliseconds: float) -> str:
        rendered.append(time)
        return f"{time} {request_id} {milliseconds}"

    templates = LineTemplates()
    for kind in (*range(MAX_TEMPLATES), 0, 1, "one too many", 0):
        assert templates.line(kind, "now", OUR_ID, 1.5, render) == f"now {OUR_ID} 1.5"
    assert len(rendered) == MAX_TEMPLATES + 2


def test_no_template_is_made_of_a_long_line() -> None:
    rendered: list[str] = []

    def render(time: str, *_: object) -> str:
        rendered.append(time)
        return time + "x" * MAX_CHARACTERS

    templates = LineTemplates()
    for _ in range(3):
        assert templates.line("long", "now", OUR_ID, 1.5, render) == "now" + "x" * MAX_CHARACTERS
    assert rendered.count("now") == 3
    assert len(rendered) == 6


def test_lines_are_sampled_where_that_is_set_and_left_out_below_the_level() -> None:
    for level, most, written in (("info", 0.1, 1), ("warning", None, 0), ("info", None, 3)):
        stream = io.StringIO()
        log.configure(level, "json", stream, now=lambda: 0.0, info_lines_per_second=most)
        token = log.request_id.set(OUR_ID)
        for _ in range(3):
            log.timed_event(logger, "request", "kind", 1.0, lambda value: {"milliseconds": value})
        log.request_id.reset(token)
        assert stream.getvalue().count("\n") == written


def test_a_line_that_cannot_be_written_is_lost() -> None:
    stream = io.StringIO()
    log.configure("info", "json", stream, now=lambda: 0.0)
    stream.close()
    token = log.request_id.set(OUR_ID)
    log.timed_event(logger, "request", "kind", 1.0, lambda value: {"milliseconds": value})
    log.request_id.reset(token)
