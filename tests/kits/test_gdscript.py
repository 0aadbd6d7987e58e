"""The GDScript kit: the file is up to date, and is Godot's language and style."""

import math
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.client_kits import gdscript, typescript
from tests.kits.conformance import PAUSES
from tests.kits.odd_kit import odd_kit
from tests.kits.world import example_kit
from tests.support.paths import REPOSITORY

KIT = REPOSITORY / "kits/gdscript"

pytestmark = pytest.mark.slow


def checked(*files: Path) -> None:
    """Parse and lint files with the settings beside the kit."""
    for tool in ("gdparse", "gdlint"):
        command = [str(Path(sys.executable).with_name(tool)), *map(str, files)]
        done = subprocess.run(command, cwd=files[0].parent, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_and_its_sample_are_godots_language_and_style() -> None:
    checked(KIT / "liveops.gd", KIT / "shop_scene.gd")


def test_all_kinds_of_types_are_godots_language(tmp_path: Path) -> None:
    documents, file = tmp_path / "documents", tmp_path / "odd.gd"
    documents.mkdir()
    file.write_text(gdscript.source(odd_kit(documents)))
    shutil.copy(KIT / "gdlintrc", tmp_path)
    checked(file)


def test_the_sample_uses_only_what_there_is() -> None:
    """No compiler checks the sample, so its names are looked up."""
    made = (KIT / "liveops.gd").read_text()
    names = set(re.findall(r"LiveOps\.([A-Z]\w+)", (KIT / "shop_scene.gd").read_text()))
    assert len(names) > 5
    for name in sorted(names):
        assert f"class {name}:" in made or f"enum {name} {{" in made, name


def test_it_has_the_numbers_and_codes_of_a_kit_that_plays_the_list() -> None:
    """No engine runs here, so it is compared with TypeScript's, which does what every kit does."""
    made, played = gdscript.source(example_kit()), typescript.source(example_kit())
    assert numbers(made) == numbers(played)
    assert len(numbers(made)) == 10
    assert numbers(made)["LONGEST_PAUSE_SECONDS"] == max(PAUSES)
    for name in ("FINAL_CODES", "TOKEN_CODES", "UNKNOWN_DOCUMENT_CODES"):
        assert codes(made, name) == codes(played, name)
        assert len(codes(made, name)) > 1


def numbers(source: str) -> dict[str, int]:
    """The constants that are whole numbers."""
    found = re.findall(r"^const ([A-Z_]+) :?= ([\d *]+);?$", source, re.MULTILINE)
    return {name: math.prod(map(int, value.split("*"))) for name, value in found}


def codes(source: str, name: str) -> set[str]:
    """The codes in a constant."""
    (body,) = re.findall(rf"^const {name}\b[^=]*= [^\[]*\[([^\]]*)\]", source, re.MULTILINE)
    return set(re.findall(r"[A-Z_]{3,}", body))
