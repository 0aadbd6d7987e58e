"""`docs/sandbox.md` says what the code does."""

import re
from pathlib import Path

import msgspec

from gateway.sandbox.faults.fault import Fault, parse_fault
from gateway.sandbox.storage.clock import ClockMove
from tests.sandbox.world import World

DOCUMENT = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")


def test_its_faults_are_read_alike_from_json_and_from_the_command_line() -> None:
    (body,) = re.findall(r"```json\n(.*?)\n```", DOCUMENT)
    words = re.findall(r"--fault '(.*?)'", DOCUMENT)
    assert [parse_fault(word) for word in words] == [
        msgspec.json.decode(body, type=Fault),
        Fault(call="*/user/offer_chain*", reset=True, count=1),
    ]


def test_it_names_every_field_of_a_fault() -> None:
    faults = DOCUMENT.partition("## Faults")[2]
    assert {field for field in Fault.__struct_fields__ if f"`{field}`" not in faults} == set()


def test_its_moves_of_the_clock_are_moves() -> None:
    moves = re.findall(r'`(\{"(?:advance_seconds|now)": .*?\})`', DOCUMENT)
    read = [msgspec.json.decode(move, type=ClockMove) for move in moves]
    assert [move.advance_seconds for move in read] == [3600, None, None]


async def test_its_paths_are_there(world: World) -> None:
    paths = set(re.findall(r"`GET (/_sandbox/[a-z/]+)", DOCUMENT))
    assert paths == {"/_sandbox/health", "/_sandbox/webhooks", "/_sandbox/clock"}
    for path in (*paths, "/_sandbox/faults"):
        assert (await world.client.get(path)).status_code == 200
