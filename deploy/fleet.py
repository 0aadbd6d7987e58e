"""The services of compose.yaml as processes of this machine, for where there is no engine.

Commands, environments, configuration and secrets are those of compose.yaml. Each service has a loopback address of
its own in place of its name, and a folder in place of its volumes. What is not installed here is left out and named.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).resolve().parent
PROFILES = ("demo", "observe")
START_SECONDS = 60
END_SECONDS = 30
"""As `stop_grace_period` in compose.yaml."""

PROGRAMS = {
    "gateway": [[sys.executable, "-m", "gateway"]],
    "valkey-server": [["valkey-server"], ["redis-server"]],
    "caddy": [["caddy"]],
    "prometheus": [["prometheus"]],
}
"""What runs the command of an image here: the first that is installed."""

PORTS = {"gateway": (8000, 9090), "valkey-server": (6379,), "sandbox": (8001,), "prometheus": (9091,)}
"""What has to accept connections before a service counts as started."""

EXAMPLES = """examples:
  scripts/fleet                         sandbox and metrics too; open what it prints
  scripts/fleet --port 0 --json         a free port, and one line for scripts
  scripts/fleet --profile observe       a project of yours: the variables are at the top of deploy/compose.yaml"""

_OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
_VARIABLE = re.compile(r"\$\{(\w+)(?::?-([^}]*))?\}")


class Unusable(Exception):
    """The fleet cannot be started; the text says why and what to do."""


class Service(NamedTuple):
    """One process: what it runs, where it listens, and where its files are."""

    name: str
    command: list[str]
    environment: dict[str, str]
    address: str
    ports: tuple[int, ...]
    folder: Path


def services(folder: Path, profiles: Sequence[str], https_port: int) -> tuple[list[Service], list[str]]:
    """The services in the order in which they start, and the names of those that are not installed."""
    environment = {**os.environ, "HTTPS_PORT": str(https_port)}
    compose = yaml.safe_load(_interpolated((FOLDER / "compose.yaml").read_text(), environment))
    wanted = {
        name: one for name, one in compose["services"].items() if set(one.get("profiles", profiles)) & set(profiles)
    }
    addresses = _addresses(wanted)
    found, absent = [], []
    for name in _in_order(wanted):
        program = _program(wanted[name].get("command", [""]))
        if program is None:
            absent.append(name)
        else:
            found.append(_Here(compose, addresses, folder).service(name, program))
    return found, absent


def _interpolated(text: str, environment: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name, default = found.groups()
        is_set = name in environment and (environment[name] or ":-" not in found[0])
        return environment[name] if is_set else default or ""

    return _VARIABLE.sub(value, text)


def _addresses(names: Mapping[str, Any]) -> dict[str, str]:
    """A loopback address for each service: of its own for this run, but for Caddy's, which browsers call."""
    net = f"127.{57 + os.getpid() % 190}.{os.getpid() // 190 % 250}"
    return {name: "127.0.0.1" if name == "caddy" else f"{net}.{n}" for n, name in enumerate(names, start=1)}


def _in_order(wanted: Mapping[str, Any]) -> Iterator[str]:
    """The names, each behind those that it depends on."""
    left = {name: {one for one in wanted[name].get("depends_on", ()) if one in wanted} for name in wanted}
    while left:
        name = next(name for name, needs in left.items() if not needs & left.keys())
        del left[name]
        yield name


def _program(command: Sequence[str]) -> list[str] | None:
    return next((one for one in PROGRAMS.get(command[0], []) if shutil.which(one[0])), None)


class _Here:
    """Makes services of this machine out of those of compose.yaml."""

    def __init__(self, compose: dict[str, Any], addresses: Mapping[str, str], folder: Path) -> None:
        self._compose = compose
        self._addresses = addresses
        self._folder = folder

    def service(self, name: str, program: Sequence[str]) -> Service:
        one = self._compose["services"][name]
        folder = self._folder / name
        folder.mkdir()
        paths = dict(self._mounts(one, folder, name))
        command = [self._text(_moved(part, paths), name) for part in one["command"][1:]]
        if program[0].endswith("-server"):
            command += ["--bind", self._addresses[name], "--dir", str(folder)]
        kind = "sandbox" if name == "sandbox" else one["command"][0]
        given = one.get("environment", {}).items()
        environment = {key: self._text(_moved(str(value), paths), name) for key, value in given}
        return Service(
            name,
            [*program, *command],
            # Caddy keeps its authority where this says.
            {**_OUTSIDE, "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), **environment},
            self._addresses[name],
            PORTS.get(kind) or (int(environment["HTTPS_PORT"]),),
            folder,
        )

    def _mounts(self, one: Mapping[str, Any], folder: Path, name: str) -> Iterator[tuple[str, str]]:
        """Where the paths within a container are here; texts of configuration get the addresses."""
        for secret in one.get("secrets", ()):
            yield f"/run/secrets/{secret}", str((FOLDER / self._compose["secrets"][secret]["file"]).resolve())
        for volume in one.get("volumes", ()):
            source, target, *_ = volume.split(":")
            here = folder / Path(target).name
            if source.startswith("./"):
                here.write_text(self._text((FOLDER / source).read_text(), name))
            yield target, str(here)

    def _text(self, text: str, name: str) -> str:
        """A text with addresses in place of names, of the network, and of what is published for browsers."""
        for other, address in self._addresses.items():
            text = re.sub(rf"(?<![\w-]){other}(?=:\d)", address, text)
            for port in self._compose["services"][other].get("ports", ()):
                text = re.sub(
                    rf"(?<!\w)localhost:{port.split(':')[-2]}(?!\d)", f"{address}:{port.split(':')[-1]}", text
                )
        text = text.replace(self._compose["networks"]["front"]["ipam"]["config"][0]["subnet"], "127.0.0.0/8")
        return text.replace("0.0.0.0", self._addresses[name])  # noqa: S104 - it is replaced


def _moved(text: str, paths: Mapping[str, str]) -> str:
    inside = "|".join(sorted(map(re.escape, paths), key=len, reverse=True))
    return re.sub(rf"(?<![\w/])(?:{inside})(?![\w-])", lambda found: paths[found[0]], text) if paths else text


class Fleet:
    """The processes, which end with the context."""

    def __init__(self) -> None:
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(self, *_: object) -> None:
        for _service, process in reversed(self._running):
            process.terminate()
        deadline = time.monotonic() + END_SECONDS
        for _service, process in self._running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, service: Service) -> None:
        """Start one, and wait until it takes connections. Raises Unusable."""
        with (service.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                service.command,
                env=service.environment,
                cwd=service.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append((service, process))
        deadline = time.monotonic() + START_SECONDS
        while not _is_up(service):
            self.check()
            if time.monotonic() > deadline:
                raise Unusable(f"{service.name} does not answer after {START_SECONDS} seconds.\n{_end_of_log(service)}")
            time.sleep(0.05)

    def check(self) -> None:
        """Raises Unusable where one has ended."""
        for service, process in self._running:
            if process.poll() is not None:
                raise Unusable(f"{service.name} has ended with code {process.returncode}.\n{_end_of_log(service)}")


def _is_up(service: Service) -> bool:
    try:
        for port in service.ports:
            socket.create_connection((service.address, port), 1).close()
        if service.name.startswith("gateway"):
            urllib.request.urlopen(f"http://{service.address}:9090/readyz", timeout=2).close()
    except OSError:
        return False
    return True


def _end_of_log(service: Service) -> str:
    return "\n".join((service.folder / "log").read_text(errors="replace").splitlines()[-10:])


def facts(running: Sequence[Service], absent: Sequence[str], https_port: int) -> dict[str, Any]:
    """Where everything is."""
    at = {one.name: one for one in running}
    public = f"https://localhost:{https_port}" if "caddy" in at else f"http://{at['gateway-1'].address}:8000"
    authority = at["caddy"].folder / "caddy/pki/authorities/local/root.crt" if "caddy" in at else None
    return {
        "graphql_url": f"{public}/graphql",
        "authority": None if authority is None else str(authority),
        "gateways": [f"http://{one.address}:8000" for one in running if one.name.startswith("gateway")],
        "metrics": [f"http://{one.address}:9090/metrics" for one in running if one.name.startswith("gateway")],
        "sandbox_url": f"http://{at['sandbox'].address}:8001" if "sandbox" in at else None,
        "prometheus_url": f"http://{at['prometheus'].address}:9091" if "prometheus" in at else None,
        "left_out": list(absent),
        "logs": {one.name: str(one.folder / "log") for one in running},
    }


def told(found: Mapping[str, Any]) -> str:
    """The facts for people."""
    trust = f"--cacert {found['authority']} " if found["authority"] else ""
    lines = [f"GraphQL     {found['graphql_url']}"]
    lines += [f"Metrics     {url}" for url in found["metrics"]]
    lines += [f"Sandbox     {found['sandbox_url']}"] if found["sandbox_url"] else []
    lines += [f"Prometheus  {found['prometheus_url']}/alerts"] if found["prometheus_url"] else []
    lines += [f"Left out, since it is not installed: {', '.join(found['left_out'])}"] if found["left_out"] else []
    body = '{"query": "{ viewer { isSignedIn offerChains { name nextAction } } }"}'
    header = '-H "Authorization: Bearer $(.venv/bin/gateway token --player ann)" ' if found["sandbox_url"] else ""
    curl = f"curl {trust}{found['graphql_url']} -H 'Content-Type: application/json' {header}-d '{body}'"
    return "\n".join([*lines, "", "Try it from another terminal:", f"  {curl}", "", "Ctrl+C stops everything."])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fleet until it is told to end; returns the exit code."""
    options = _parser().parse_args(arguments)
    # Ctrl+C as well: a shell starts background jobs with it ignored, and then kill -INT would do nothing.
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, signal.default_int_handler)
    port = options.port or _free_port()
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="fleet-")))
        fleet = closing.enter_context(Fleet())
        try:
            chosen, absent = services(folder, options.profile or PROFILES, port)
            for one in chosen:
                print(f"Starting {one.name} ...", file=sys.stderr)
                fleet.start(one)
            found = facts(chosen, absent, port)
            print(json.dumps(found) if options.json else told(found), flush=True)
            while True:
                time.sleep(0.5)
                fleet.check()
        except KeyboardInterrupt:
            return 0
        except Unusable as error:
            print(f"fleet: {error}", file=sys.stderr)
            return 1


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/fleet",
        description="Start what deploy/compose.yaml describes as processes of this machine (Linux), without an engine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8443, help="port for HTTPS (8443); 0 picks a free one")
    parser.add_argument("--profile", action="append", choices=PROFILES, help="of compose.yaml (both; repeatable)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the first line, for scripts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
