"""Folders with manifests of trusted documents."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def by_hash(*texts: str) -> dict[str, str]:
    """The documents of a manifest, by their hashes."""
    return {f"sha256:{sha256(text)}": text for text in texts}


def manifest(folder: Path, client: str, content: object) -> Path:
    """Write one manifest."""
    file = folder / f"{client}.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def trusting(folder: Path, mode: str = "prefer", **more: str) -> Mapping[str, str]:
    """The settings of a gateway with that folder."""
    return {"GATEWAY_DOCUMENTS_DIR": str(folder), "GATEWAY_DOCUMENTS": mode, **more}
