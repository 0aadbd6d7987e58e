"""Where the project's files are, whatever the working directory."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
GATEWAY = REPOSITORY / "gateway"
DOCS = REPOSITORY / "docs"
