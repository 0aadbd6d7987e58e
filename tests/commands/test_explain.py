"""`gateway explain`: what it says about a query."""

import re
from pathlib import Path

import pytest

from gateway.commands.cli import main
from tests.support.operations import FOLDER
from tests.support.paths import DOCS

STEPS = "(v1.kept.get(1) or encode_shared(1, v1, project_steps)) if v1.__class__ is Shared else project_steps(v1)"


def explained(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["explain", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_a_query_is_explained_by_what_it_waits_for_its_code_and_its_calls(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "names.graphql"
    file.write_text(
        "query A { serverTime } query C { viewer { imageUrls } }"
        "query B { viewer { all: rewardChains { name steps { number } } } }"
    )
    assert explained(capsys, file, "--operation", "B") == (
        """Execution: compiled

Waits for, each after the one it is under:
  viewer: Viewer!
    all: [RewardChain!]
      (RewardChainView.load_points, for each RewardChain)

Projection:

object_RewardStep_steps = struct('number',)


def RewardStep_steps(o):
    v0 = o.number
    return object_RewardStep_steps(
        v0 if v0.__class__ is int and -2147483648 <= v0 <= 2147483647 else serialize_Int(v0),
    )


def project_steps(v):
    return [RewardStep_steps(x0) for x0 in (v if v.__class__ is tuple else items(v))]


def RewardChain_all(o):
    v0 = o.chain.name
    v1 = o.progress.states.steps
    return {
        'name': v0 if v0.__class__ is str else serialize_String(v0),
        'steps': {STEPS},
    }


def Viewer_viewer(o, run, path):
    v0 = run.value(field_all, (*path, 'all'))
    return {
        'all': None if v0 is None else [RewardChain_all(x0) for x0 in (v0 if v0.__class__ is tuple else items(v0))],
    }


def project(o, run, path):
    v0 = run.value(field_viewer, (*path, 'viewer'))
    return {
        'viewer': Viewer_viewer(checked(v0), run, (*path, 'viewer')),
    }

Upstream calls for Rocket of the demo, with an empty cache:
  1 x GET /user/reward_chain
""".replace("{STEPS}", STEPS)
    )
    assert "  viewer: Viewer!\n    imageUrls: [String!]\n" in explained(capsys, file, "--operation", "C")
    told = explained(capsys, file, "--operation", "A")
    assert "upstream:\n  none\n" in told.replace("Waits for, each after the one it is under", "upstream")
    assert told.endswith("with an empty cache:\n  none\n")


def test_the_example_in_the_docs_is_what_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = (DOCS / "execution.md").read_text()
    (query,) = re.findall(r"```graphql\n(.*?)```", page, re.DOTALL)
    (output,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "steps.graphql"
    file.write_text(query)
    assert explained(capsys, file) == output


def test_what_is_not_compiled_is_explained_by_its_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text("{ __schema { queryType { name } } }")
    told = explained(capsys, file)
    assert told.startswith("Execution: reference (not covered: `__schema`, which is introspection)\n")
    told = explained(capsys, FOLDER / "11-update-clan.graphql")
    assert told.startswith("Execution: reference (mutations are not compiled)\n")
    assert "  1 x PUT /user/clan/update\n" in told


def test_an_event_of_a_subscription_is_explained_like_a_query(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "changes.graphql"
    file.write_text("subscription { chainsChanged { viewer { imageUrls } } }")
    told = explained(capsys, file)
    assert told.startswith("Execution: compiled\n")
    assert "  chainsChanged: ChainsChange!\n    viewer: Viewer!\n      imageUrls: [String!]\n" in told
    assert told.endswith("\n\nThis is what happens for each event.\n")


def test_waiting_for_an_order_is_listed_like_any_other_read(capsys: pytest.CaptureFixture[str]) -> None:
    told = explained(capsys, FOLDER / "14-wait-for-order.graphql", "--variables", '{"id": "b3JkZXI6MQ"}')
    assert "\n  waitForOrder: Order\n" in told
    assert told.endswith(" with an empty cache:\n  1 x GET /order/1\n")


def test_invalid_variables_are_reported_and_nothing_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    told = explained(capsys, FOLDER / "07-order.graphql", "--variables", '{"id": []}')
    assert told.startswith("Execution: none\nVariable '$id' has invalid value: ID cannot represent value: []\n")
    assert told.endswith("with an empty cache:\n  none\n")


def test_what_cannot_be_explained_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.graphql"
    wrong.write_text("{ nothing }")
    home = FOLDER / "01-home.graphql"
    for arguments, text in (
        ([wrong], "Cannot query field 'nothing' on type 'Query'."),
        ([tmp_path / "missing"], "cannot be read"),
        ([home, "--variables", "[]"], "must be a JSON object"),
        ([home, "--variables", "{"], "must be a JSON object"),
    ):
        assert main(["explain", *map(str, arguments)]) == 2
        error = capsys.readouterr().err
        assert error.startswith("gateway: ")
        assert text in error
        assert error.count("\n") == 1
