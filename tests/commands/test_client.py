"""`gateway client`: the file that it prints or writes."""

from pathlib import Path

import pytest

from gateway.client_kits.languages import SOURCES
from gateway.commands.cli import main
from tests.kits.world import example_kit
from tests.support.paths import GATEWAY


@pytest.mark.parametrize("language", SOURCES)
def test_the_examples_are_the_default(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", language]) == 0
    assert capsys.readouterr().out == SOURCES[language](example_kit())


def test_a_file_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "LiveOps.cs"
    assert main(["client", "csharp", "--documents", str(GATEWAY / "examples"), "--output", str(file)]) == 0
    assert file.read_text() == SOURCES["csharp"](example_kit())
    assert capsys.readouterr().out == f"{len(example_kit().operations)} operations in {file}\n"


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "csharp", "--output", str(tmp_path / "nowhere" / "LiveOps.cs")]) == 2
    assert "LiveOps.cs cannot be written: No such file or directory." in capsys.readouterr().err


def test_documents_that_cannot_be_used_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "csharp", "--documents", str(tmp_path)]) == 2
    assert "has no .graphql files with operations" in capsys.readouterr().err
