"""What client code for Unreal cannot be made of."""

from pathlib import Path

import pytest

from gateway.client_kits import unreal
from gateway.errors import DocumentsUnusable
from tests.kits.odd_kit import odd_kit


def test_whole_inputs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentsUnusable, match="Inputs: give the fields of the input as variables"):
        unreal.source(odd_kit(tmp_path))
