"""The last guard before a line is written: everything that looks like a credential is removed from it.

Nothing should hand a credential to the log in the first place; this is for the day when something does.
"""

import re

REDACTED = "[redacted]"

_BEARER = re.compile(r"""(bearer(?:\s|%20|\+)+)[^\s"'<>,;]+""", re.IGNORECASE | re.ASCII)
_QUERY_VALUE = re.compile(r"""(token(?:=|%3d))[^\s"'<>&#;]+""", re.IGNORECASE | re.ASCII)
# Whole runs of base64url with dots, each looked at once: a search for a token's start within them would take
# quadratic time on text that was made for it.
_DOTTED_RUN = re.compile(r"(?<![A-Za-z0-9_.-])[A-Za-z0-9_-]*+(?:\.[A-Za-z0-9_-]*+)++")
_JWT_START = "eyJ"
_SECRET_NAMES = ("token", "secret", "password", "authorization", "cookie", "api_key")
_HINTS = (_JWT_START.lower(), "bearer", *_SECRET_NAMES)


def has_no_secrets(text: str) -> bool:
    """Whether a rendered line holds nothing to redact; quick, because it is asked of every line."""
    lowered = text.lower()
    return not any(hint in lowered for hint in _HINTS)


def redact(members: dict[str, object]) -> dict[str, object]:
    """Members without those whose name says that they are secret, and with every text in the others redacted.

    They hold what JSON can hold: strings, numbers, lists and further members.
    """
    return {
        redact_text(name): REDACTED if name.lower().endswith(_SECRET_NAMES) else _redact_value(value)
        for name, value in members.items()
    }


def redact_text(text: str) -> str:
    """The text without bearer credentials, JSON Web Tokens and values of query parameters named `…token`."""
    without_jwt = _DOTTED_RUN.sub(_redact_jwt, text)
    without_bearer = _BEARER.sub(rf"\1{REDACTED}", without_jwt)
    return _QUERY_VALUE.sub(rf"\1{REDACTED}", without_bearer)


def _redact_value(value: object) -> object:
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, dict):
        return redact(value)
    return [_redact_value(item) for item in value] if isinstance(value, list) else value


def _redact_jwt(run: re.Match[str]) -> str:
    _, start, rest = run[0].partition(_JWT_START)
    return REDACTED if start and rest.count(".") >= 2 else run[0]
