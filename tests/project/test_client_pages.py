"""What the pages about other clients say of the schema is so, and their configuration files can be read."""

import json
import re
from xml.etree import ElementTree

from graphql import (
    GraphQLObjectType,
    GraphQLScalarType,
    ObjectTypeExtensionNode,
    ScalarTypeExtensionNode,
    build_schema,
    is_specified_scalar_type,
    parse,
)

from tests.support.markdown import code_blocks
from tests.support.paths import DOCS, REPOSITORY

SDL = (REPOSITORY / "schema.graphql").read_text()
TYPES = build_schema(SDL).type_map.values()
OBJECTS = [one for one in TYPES if isinstance(one, GraphQLObjectType) and not one.name.startswith("__")]
WITH_ID = {one.name for one in OBJECTS if "id" in one.fields}
SCALARS = {one.name for one in TYPES if isinstance(one, GraphQLScalarType) and not is_specified_scalar_type(one)}
ROOTS = {"Query", "Mutation", "Subscription", "ChainsChange"}
"""And what a subscription sends, which is written nowhere."""


def blocks(page: str, language: str) -> list[str]:
    return code_blocks(DOCS / "clients" / f"{page}.md", language)


def test_urql_s_cache_is_told_of_every_type_without_an_id() -> None:
    (cache,) = (block for block in blocks("urql", "js") if "const PARTS" in block)
    parts = re.findall(r'^  "(\w+)",$', cache, re.MULTILINE)
    without = {one.name for one in OBJECTS if not one.name.endswith("Payload")} - WITH_ID - ROOTS
    assert parts == sorted(without)


def test_apollo_kotlin_s_cache_is_told_of_every_type_with_an_id() -> None:
    (extra,) = blocks("apollo-kotlin", "graphqls")
    extended = [one for one in parse(extra).definitions if isinstance(one, ObjectTypeExtensionNode)]
    assert {one.name.value for one in extended} == WITH_ID


def test_every_client_is_told_of_every_scalar() -> None:
    (gradle,) = (block for block in blocks("apollo-kotlin", "kotlin") if "mapScalar" in block)
    assert set(re.findall(r'mapScalar\w+\("(\w+)"\)', gradle)) == SCALARS
    (relay,) = blocks("relay", "json")
    assert json.loads(relay)["customScalarTypes"].keys() == SCALARS
    (extensions,) = blocks("strawberry-shake", "graphqls")
    scalars = [one for one in parse(extensions).definitions if isinstance(one, ScalarTypeExtensionNode)]
    assert {one.name.value for one in scalars} == SCALARS
    for page in ("urql", "apollo-ios"):
        text = (DOCS / "clients" / f"{page}.md").read_text()
        assert all(f"`{name}`" in text for name in SCALARS), page


def test_strawberry_shake_s_extensions_fit_the_schema() -> None:
    (extensions,) = blocks("strawberry-shake", "graphqls")
    (settings,) = blocks("strawberry-shake", "json")
    root = "schema { query: Query mutation: Mutation subscription: Subscription }"
    assert build_schema(f"{SDL}\n{root}\n{extensions}").extension_ast_nodes
    assert json.loads(settings)["extensions"]["strawberryShake"]["transportProfiles"]
    (project,) = blocks("strawberry-shake", "xml")
    group = ElementTree.fromstring(project.partition("\n")[2])  # noqa: S314 - a page of ours
    assert {one.tag: one.text for one in group}["GraphQLRequestHash"] == "sha256"


def test_apollo_ios_writes_the_manifest_that_the_gateway_takes() -> None:
    (config,) = blocks("apollo-ios", "json")
    assert json.loads(config)["output"]["operationManifest"]["version"] == "persistedQueries"
