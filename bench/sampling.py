"""The gateway's busiest rows, sampled."""

from collections.abc import Callable
from pathlib import Path

from bench import load, profiling, running, upstream
from bench.measuring import Plan
from bench.results import Profile
from bench.servers import SERVERS

_SECONDS = 6
_WARM_SECONDS = 1.0
_CONNECTIONS = 32
_SAMPLED = ("gateway", "gateway-models", "gateway-kept")


def profiles(plan: Plan, folder: Path, say: Callable[[str], None]) -> list[Profile]:
    """Sample the plain screen in each way that the gateway makes it; none where there is no sampler."""
    if not profiling.SAMPLER.exists():
        say("bench: no profile: py-spy is not installed.")
        return []
    (folder / "tokens").write_text("\n".join(plan.tokens))
    operation = plan.operations["home"]
    (folder / "body").write_bytes(operation.body())
    found = []
    with upstream.running(folder) as stub:
        for name in _SAMPLED:
            say(f"Sampling {name} ...")
            with running.servers([name], stub, upstream.Distance.NEAR, folder, b"") as servers:
                server = servers[name]
                running.check(
                    server,
                    operation,
                    plan.expected[upstream.Distance.NEAR]["home"],
                    plan.tokens[0],
                    folder / f"{name}.log",
                )
                sending = load.Load(server.url, folder / "body", folder / "tokens", _CONNECTIONS)
                sending.send(_WARM_SECONDS)
                sampler = profiling.sampling(server.pid, _SECONDS, folder / f"{name}.stacks")
                sending.send(_SECONDS + 1)
                sampler.wait()
            stacks = (folder / f"{name}.stacks").read_text().splitlines()
            found.append(profiling.parse(SERVERS[name].title, stacks))
    return found
