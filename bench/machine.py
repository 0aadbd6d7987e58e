"""What a run was measured on: the machine without its name, and the versions of everything that counts."""

import json
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench import load, tailcall, upstream
from bench.results import Machine
from bench.servers import NODE, PEERS

_PYTHON_PACKAGES = ("uvicorn", "uvloop", "httptools", "starlette", "strawberry-graphql", "graphql-core", "msgspec",
                    "httpx")  # fmt: skip
_NODE_PACKAGES = ("fastify", "graphql", "graphql-jit", "graphql-yoga", "mercurius", "undici",
                  "@envelop/graphql-jit", "@graphql-yoga/plugin-response-cache")  # fmt: skip


def describe() -> Machine:
    """This machine and its versions."""
    return Machine(
        processor=_field("/proc/cpuinfo", "model name") or platform.machine(),
        cores=os.cpu_count() or 1,
        memory_gb=round(int((_field("/proc/meminfo", "MemTotal") or "0").split()[0]) / 2**20),
        system=_system(),
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version()} | {name: version(name) for name in _PYTHON_PACKAGES}
    if NODE.exists():
        told = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True)
        found["Node"] = told.stdout.strip().removeprefix("v")
        found |= {name: _node_version(name) for name in _NODE_PACKAGES}
    if tailcall.missing() is None:
        found["Tailcall"] = tailcall.version()
    return found | {"nginx": upstream.version(), "wrk": load.version()}


def _node_version(name: str) -> str:
    told: str = json.loads((PEERS / "node_modules" / name / "package.json").read_text())["version"]
    return told


def _system() -> str:
    names = [line.partition("=")[2].strip('"') for line in _lines("/etc/os-release") if line.startswith("PRETTY_NAME=")]
    return f"{names[0] if names else platform.system()}, Linux {platform.release().partition('-')[0]}"


def _field(path: str, name: str) -> str | None:
    return next((line.partition(":")[2].strip() for line in _lines(path) if line.startswith(name)), None)


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
