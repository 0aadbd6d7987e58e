"""Tailcall: its configuration for the plain screen, and a way to run it where the C library is too old."""

import subprocess
from pathlib import Path

_PEERS = Path(__file__).parent / "peers"
_BINARY = _PEERS / "node_modules" / "@tailcallhq" / "core-linux-x64-gnu" / "bin" / "tailcall"
_LIBRARIES = Path(__file__).parent.parent / ".bench" / "debian" / "usr" / "lib" / "x86_64-linux-gnu"
"""The C library of the next Debian, newer than the system's, where scripts/bench has unpacked one."""

_KEEP = "@cache(maxAge: 3600000)"


def command(configuration: Path) -> tuple[str, ...]:
    """How to start it."""
    return (*_program(), "start", str(configuration))


def missing() -> str | None:
    """Why it cannot run here, or None."""
    if not _BINARY.exists():
        return "Tailcall's npm package is not installed"
    try:
        told = subprocess.run([*_program(), "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"Tailcall does not start: {error.strerror}"
    if told.returncode:
        return "Tailcall's binary needs a newer C library (glibc 2.39) than this system's"
    return None


def version() -> str:
    """Its version."""
    told = subprocess.run([*_program(), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.strip().rpartition("v")[2]


def configuration(port: int, root: str, *, keeps: bool) -> str:
    """The schema with its calls; `keeps` lets it keep the upstream's answers."""
    text = (_PEERS / "tailcall.graphql").read_text()
    return text.replace("__PORT__", str(port)).replace("__ROOT__", root).replace("@keep", _KEEP if keeps else "")


def with_text_amounts(value: object) -> object:
    """An answer's data with prices as texts: Tailcall shows the upstream's numbers, and cannot make texts."""
    if isinstance(value, list):
        return [with_text_amounts(one) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("amount"), float):
        return {**value, "amount": str(value["amount"])}
    return {name: with_text_amounts(one) for name, one in value.items()}


def _program() -> tuple[str, ...]:
    loader = _LIBRARIES / "ld-linux-x86-64.so.2"
    if not loader.exists():
        return (str(_BINARY),)
    return (str(loader), "--library-path", str(_LIBRARIES), str(_BINARY))
