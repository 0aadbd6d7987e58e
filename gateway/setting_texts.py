"""The texts of settings: what the environment says, and what stands in the files of secrets that it names."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from gateway import setting_values as values
from gateway.errors import SettingError
from gateway.setting_fields import FILE, PREFIX, is_secret, variable
from gateway.setting_list import Settings

_MAX_FILE_BYTES = 65_536


class SettingText(NamedTuple):
    """What is set, and where: `environment`, or the path of a file."""

    text: str
    source: str


def text_of(one: "Field[Any]", environment: Mapping[str, str]) -> SettingText | None:
    """The text of one setting; None where it is not set. Raises SettingError for a file that cannot be used.

    An empty variable counts as not set, and so does what Kubernetes adds.
    """
    name = variable(one)
    given = environment.get(name, "")
    text = "" if values.is_service_link(name, given) else given.strip()
    path = environment.get(name + FILE, "").strip() if is_secret(one) else ""
    if text and path:
        raise SettingError(f"{name} and {name}{FILE} cannot both be set: set one.")
    if path:
        return SettingText(_file_text(name + FILE, path, one.metadata["secret_lines"]), path)
    return SettingText(text, "environment") if text else None


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with each variable that has our prefix and is no setting, since it is a typing error."""
    known = [variable(one) for one in fields(Settings)]
    known += [variable(one) + FILE for one in fields(Settings) if is_secret(one)]
    words = [name.removeprefix(PREFIX) for name in known]
    for name in sorted(environment.keys() - set(known)):
        if not name.startswith(PREFIX) or values.is_service_link(name, environment[name]):
            continue
        close = get_close_matches(name.removeprefix(PREFIX), words, n=1)
        advice = f"did you mean {PREFIX}{close[0]}?" if close else "see docs/settings.md."
        yield f"{name} is not a setting; {advice}"


def _file_text(name: str, path: str, most_lines: int) -> str:
    """The lines of a secret's file, joined by spaces."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(_MAX_FILE_BYTES)
    except OSError as error:
        raise SettingError(f"{name}: {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise SettingError(f"{name}: {path} is not a text file.") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 1 <= len(lines) <= most_lines:
        wanted = "one line" if most_lines == 1 else f"one to {most_lines} lines"
        raise SettingError(f"{name}: {path} must have {wanted}, not {len(lines)}.")
    return " ".join(lines)
