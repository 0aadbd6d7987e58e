"""`gateway schema --format markdown`: the reference has every field, with what it costs and an example that works."""

import contextlib
import io
import json
import re

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from gateway.commands.cli import main
from gateway.schema import create_schema

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reference() -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert main(["schema", "--format", "markdown"]) == 0
    return printed.getvalue()


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(create_schema().as_str())


def section(reference: str, name: str) -> str:
    return reference.split(f"\n## {name}\n")[1].split("\n## ")[0]


def row(reference: str, kind: str, field: str) -> list[str]:
    (found,) = re.findall(rf"^\| `{field}[(`].*$", section(reference, kind), re.MULTILINE)
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", found)[1:-1]]


def test_every_type_is_there_with_its_fields_and_values(reference: str, schema: GraphQLSchema) -> None:
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in {"Int", "String", "Boolean", "ID", "Float"}:
            continue
        rows = set(re.findall(r"^\| `(\w+)", section(reference, name), re.MULTILINE))
        assert rows == set(getattr(kind, "fields", getattr(kind, "values", ()))), name


def test_every_example_is_valid_and_was_answered_without_errors(reference: str, schema: GraphQLSchema) -> None:
    examples = re.findall(r"```graphql\n(.*?)```", reference, re.DOTALL)
    assert all(not validate(schema, parse(example)) for example in examples)
    responses = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", reference, re.DOTALL)]
    assert all(response.keys() == {"data"} for response in responses)
    assert len(examples) > len(responses) > 30  # subscriptions have no response


@pytest.mark.parametrize(
    ("kind", "field", "cost"),
    [
        pytest.param("Viewer", "id", "", id="nothing"),
        pytest.param("Viewer", "offerChains", "`GET /user/offer_chain`", id="a list"),
        pytest.param("RewardChain", "topContributors", "`GET /user/clan/contributors/{id}/top`", id="beyond its type"),
        pytest.param("Query", "order", "`GET /order/{id}`", id="with an id"),
        pytest.param("ClaimOfferChainStepPayload", "offerChain", "`GET /user/offer_chain/{id}`", id="of a mutation"),
    ],
)
def test_a_field_tells_its_upstream_calls(reference: str, kind: str, field: str, cost: str) -> None:
    assert row(reference, kind, field)[3] == cost


def test_arguments_and_inputs_show_their_defaults(reference: str) -> None:
    assert "timeoutSeconds: Int = 20" in section(reference, "Query")
    assert row(reference, "ClaimOfferChainStepInput", "stepId")[1:3] == ["`ID!`", ""]


def test_a_deprecated_field_says_so_first(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Small:
        def as_str(self) -> str:
            return """type Query { "The time." serverTime: String @deprecated(reason: "See | viewer.") }"""

    monkeypatch.setattr("gateway.commands.schema.create_schema", Small)
    assert main(["schema", "--format", "markdown"]) == 0
    assert row(capsys.readouterr().out, "Query", "serverTime")[2] == "**Deprecated:** See \\| viewer. The time."
