"""A kit with all that the examples do not have: inputs, lists and enumerations as variables, scalars nobody knows."""

from pathlib import Path

from graphql import build_schema

from gateway.client_kits.model import Kit
from gateway.client_kits.operations import read_kit
from gateway.schema import create_schema
from tests.support.paths import GATEWAY

SCHEMA = """
"Where & when <something> is"
input Spot { x: Int! = 1 name: String tags: [String!] when: DateTime phase: Phase next: Spot others: [Spot!]
  amount: Decimal }
scalar Anything
enum Odd { UNKNOWN some_thing }
extend type Query {
  near(to: [Spot!]!, flag: Boolean, ratio: Float, phases: [Phase], odd: Odd, any: Anything, mode: OrderMode!): Near
}
type Near { ids: [[ID!]!]! maybe: [Int] odd: Odd odds: [Odd!]! any: Anything anyway: [Anything!] flag: Boolean
  ratio: Float! }
"""

DOCUMENT = """query Near($to: [Spot!]!, $one: Spot!, $maybe: Spot, $flag: Boolean!, $ratio: Float = 1.5,
  $phases: [Phase], $odd: Odd, $any: Anything, $mode: OrderMode!, $id: ID!, $class: Boolean, $count: Int!) {
  near(to: $to, flag: $flag, ratio: $ratio, phases: $phases, odd: $odd, any: $any, mode: $mode) {
    ids maybe odd odds any anyway flag ratio
  }
  a: near(to: [$one], flag: $class, mode: $mode) { ids }
  b: near(to: [{ x: $count, next: $maybe, name: "a \\"quoted\\" é" }], mode: $mode) { ids }
  order(id: $id) { __typename totalBeforeDiscount { amount } }
}"""


def odd_kit(folder: Path) -> Kit:
    """The kit of the examples and of an operation with all of it."""
    for file in (GATEWAY / "examples").glob("*.graphql"):
        (folder / file.name).write_text(file.read_text())
    (folder / "near.graphql").write_text(DOCUMENT)
    return read_kit(build_schema(create_schema().as_str() + SCHEMA), folder)
