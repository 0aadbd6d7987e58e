"""Lines of the log that differ in little: the rest of them is rendered once."""

import re
from collections.abc import Callable, Hashable

from gateway.telemetry.redaction import has_no_secrets

MAX_TEMPLATES = 500
MAX_CHARACTERS = 1_000
"""Of a line that is kept: a client may ask for paths of any length."""

_TIME, _ID, _NUMBER = "0000-00-00T00:00:00.000Z", "00000000-request", 314159265.358979
"""What stands in a template for what differs; a line of which another part reads like this gets no template."""

_HARMLESS_ID = re.compile(r"[0-9A-Fa-f.-]+")
"""Ids that need no look for credentials, since each hint of one has other letters; UUIDs and our own are like this."""

Render = Callable[[str, str, float], str]
"""Renders a line by its time, its request's id and its milliseconds, without anything that looks like a credential."""


class LineTemplates:
    """Fills lines of a kind with their time, request id and milliseconds."""

    def __init__(self) -> None:
        self._templates: dict[Hashable, list[str]] = {}

    def line(self, kind: Hashable, time: str, request_id: str, milliseconds: float, render: Render) -> str:
        """The line; `render` is asked for it where a template does not give the same."""
        if _HARMLESS_ID.fullmatch(request_id) is not None:
            template = self._templates.get(kind) or self._new(kind, render)
            if len(template) > 1:
                start, before_id, before_number, end = template
                return f"{start}{time}{before_id}{request_id}{before_number}{milliseconds}{end}"
        return render(time, request_id, milliseconds)

    def _new(self, kind: Hashable, render: Render) -> list[str]:
        """What stands around the parts that differ, or one piece where that cannot be told."""
        line = render(_TIME, _ID, _NUMBER)
        if len(line) > MAX_CHARACTERS:
            return [line]
        if len(self._templates) >= MAX_TEMPLATES:
            self._templates.clear()
        pieces = re.split("|".join(map(re.escape, (_TIME, _ID, str(_NUMBER)))), line)
        template = self._templates[kind] = pieces if len(pieces) == 4 and has_no_secrets(line) else [line]
        return template
