"""The GDScript kit: the file is up to date, Godot's grammar takes it, and it is clean under the linter of Godot's style."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.client_kits import gdscript
from tests.kits.odd_kit import odd_kit
from tests.kits.world import example_kit
from tests.support.paths import REPOSITORY

KIT = REPOSITORY / "kits/gdscript"

pytestmark = pytest.mark.slow


def checked(*files: Path) -> None:
    """Parse and lint files with the settings beside the kit."""
    for tool in ("gdparse", "gdlint"):
        command = [Path(sys.executable).with_name(tool), *map(str, files)]
        done = subprocess.run(command, cwd=files[0].parent, capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_file_is_up_to_date() -> None:
    assert (KIT / "liveops.gd").read_text() == gdscript.source(example_kit()), "run scripts/format"


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
    for name in sorted(names_of((KIT / "shop_scene.gd").read_text())):
        assert f"class {name}:" in made or f"enum {name} {{" in made, name


def names_of(script: str) -> set[str]:
    """What a script takes of the kit."""
    return {word.partition("LiveOps.")[2].split(".")[0].strip("():,") for word in script.split() if "LiveOps." in word}
