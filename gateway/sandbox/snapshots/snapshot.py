"""A snapshot: what the publisher of a project has configured, as a JSON file without keys, players or secrets."""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec

Raw = Mapping[str, Any]
"""An object as the Admin calls return it (Any: the upstream's JSON), without what was cleaned away."""


class SnapshotError(Exception):
    """A project cannot be read, or a file is no snapshot. The text says why and what to do, and holds no secret."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Items and chains of one project, each as its Admin call returned it.

    `source` is the host (and port) they were read from, `taken_at` when (ISO 8601), and `point_rewards` has, by the SKU
    of a value point, the items that give it. Pictures are links.
    """

    format: Literal["gateway-sandbox-snapshot"] = "gateway-sandbox-snapshot"
    version: Literal[1] = 1
    project_id: int
    source: str
    taken_at: str
    virtual_items: tuple[Raw, ...] = ()
    virtual_currencies: tuple[Raw, ...] = ()
    packages: tuple[Raw, ...] = ()
    bundles: tuple[Raw, ...] = ()
    value_points: tuple[Raw, ...] = ()
    point_rewards: Mapping[str, tuple[Raw, ...]] = {}
    offer_chains: tuple[Raw, ...] = ()
    reward_chains: tuple[Raw, ...] = ()
    daily_chains: tuple[Raw, ...] = ()


def read_snapshot(file: Path) -> Snapshot:
    """Read a snapshot from its file. Raises SnapshotError."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise SnapshotError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        return msgspec.json.decode(body, type=Snapshot)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        advice = "Make one with: gateway sandbox import --project ID --output FILE"
        raise SnapshotError(f"{file} is not a snapshot of a project ({error}). {advice}") from None


def write_snapshot(snapshot: Snapshot, file: Path) -> None:
    """Write the file as a whole or not at all, with sorted names, so that version control shows what changed.

    Raises SnapshotError.
    """
    text = msgspec.json.format(msgspec.json.encode(snapshot, order="sorted"), indent=1) + b"\n"
    try:
        with TemporaryDirectory(dir=file.parent, prefix=f".{file.name}.") as folder:
            new = Path(folder, file.name)
            new.write_bytes(text)
            os.replace(new, file)
    except OSError as error:
        raise SnapshotError(f"{file} cannot be written: {error.strerror}.") from None
