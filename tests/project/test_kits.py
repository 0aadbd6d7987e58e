"""The client code in kits/ is what the gateway's generators make of the examples."""

from pathlib import Path

import pytest

from gateway.client_kits.languages import SOURCES
from tests.kits.world import example_kit
from tests.support.paths import REPOSITORY

FILES = {
    "csharp": Path("kits/csharp/LiveOps.cs"),
    "gdscript": Path("kits/gdscript/liveops.gd"),
    "typescript": Path("kits/typescript/liveops.ts"),
    "unreal": Path("kits/unreal/LiveOps.h"),
}


def test_every_language_has_its_file() -> None:
    assert FILES.keys() == SOURCES.keys()


@pytest.mark.parametrize("language", FILES)
def test_the_files_are_up_to_date(language: str) -> None:
    is_same = (REPOSITORY / FILES[language]).read_text() == SOURCES[language](example_kit())
    assert is_same, f"run: python -m gateway client {language} --output {FILES[language]}"
