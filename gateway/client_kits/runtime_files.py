"""The parts of client code that are the same for every game: they lie in files of their language."""

from pathlib import Path

FOLDER = Path(__file__).parent / "runtime"


def runtime(language: str, *names: str) -> str:
    """Files of a language's runtime, in this order."""
    return "\n".join((FOLDER / language / name).read_text().rstrip("\n") + "\n" for name in names)
