"""Players' tokens out of a file. What stands in it is never part of an error."""

import re
from pathlib import Path

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class TokensError(Exception):
    """The file of tokens cannot be used; the text says what to do."""


def read_tokens(path: Path, players: int) -> list[str]:
    """So many tokens, one a line; empty lines and those that begin with # are passed over. Raises TokensError.

    Each player needs a token of its own: two with the same one would be one player on two devices.
    """
    found: dict[str, int] = {}
    for number, line in enumerate(_lines(path), start=1):
        token = line.strip()
        if not token or token.startswith("#"):
            continue
        if not _TOKEN.fullmatch(token):
            raise TokensError(f"{path}, line {number}, is no token: give one token a line and nothing else.")
        if token in found:
            raise TokensError(f"{path}, line {number}, repeats line {found[token]}: each player needs its own token.")
        found[token] = number
    if len(found) < players:
        raise TokensError(f"{path} has {len(found)} tokens for {players} users: add tokens, or lower --users.")
    return list(found)[:players]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise TokensError(f"{path} is not a text file.") from None
    except OSError as error:
        raise TokensError(f"{path} cannot be read: {error.strerror}. loadtest/README.md says how to make it.") from None
