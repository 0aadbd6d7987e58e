"""The store of a demo with several workers."""

import os
import shutil
from pathlib import Path

import pytest

from gateway.commands import demo_store
from gateway.commands.demo_store import PROGRAMS, local_store
from gateway.errors import UsageError


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the only server that is installed be this script."""
    path = folder / PROGRAMS[1]
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.skipif(shutil.which(PROGRAMS[1]) is None, reason="there is no redis-server")
def test_it_is_a_server_of_the_demos_own() -> None:
    with local_store() as url:
        path = Path(url.removeprefix("unix://"))
        assert path.is_socket()
        assert path.parent.stat().st_mode & 0o77 == 0
    assert not path.parent.exists()


def test_how_to_get_one_is_said_where_none_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="apt-get install redis-server"), local_store():
        raise AssertionError


@pytest.mark.parametrize(
    ("script", "why"), [("echo Out of luck; exit 1", "Out of luck"), ("exit 1", "it does not answer")]
)
def test_why_it_does_not_start_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, why: str
) -> None:
    program(tmp_path, monkeypatch, script)
    with pytest.raises(UsageError, match=f"does not start: {why}"), local_store():
        raise AssertionError


def test_one_that_does_not_answer_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, monkeypatch, f"exec {_path('sleep')} 60")
    monkeypatch.setattr(demo_store, "_START_SECONDS", 0.1)
    with pytest.raises(UsageError, match="does not start: it does not answer"), local_store():
        raise AssertionError


def _path(name: str) -> str:
    found = shutil.which(name, path=os.defpath)
    assert found is not None
    return found
