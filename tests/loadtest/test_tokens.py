"""Tokens out of a file."""

from pathlib import Path

import pytest

from loadtest.tokens import TokensError, read_tokens

SECRET = "eyJhbGciOiJIUzI1NiJ9.e30.c2VjcmV0"


def written(folder: Path, text: str) -> Path:
    path = folder / "tokens.txt"
    path.write_text(text)
    return path


def test_as_many_tokens_as_players_are_taken_in_their_order(tmp_path: Path) -> None:
    path = written(tmp_path, "# players of the demo\n\none.a.x\n  two.b.y  \nthree.c.z\n")
    assert read_tokens(path, 2) == ["one.a.x", "two.b.y"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SECRET, "has 1 tokens for 2 users"),
        (f"{SECRET}\n{SECRET}\n", "line 2, repeats line 1"),
        (f"{SECRET}\nBearer {SECRET}\n", "line 2, is no token"),
        (f"{SECRET}\r{SECRET} x\n", "line 2, is no token"),
    ],
)
def test_a_file_that_cannot_serve_is_refused_without_showing_what_is_in_it(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(TokensError, match=reason) as refused:
        read_tokens(written(tmp_path, text), 2)
    assert SECRET not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokens.bin"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TokensError, match="is not a text file"):
        read_tokens(path, 1)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokensError, match=r"nobody\.txt cannot be read: No such file"):
        read_tokens(tmp_path / "nobody.txt", 1)
