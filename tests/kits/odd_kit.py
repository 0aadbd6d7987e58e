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
  ratio: Float! later(dates: [DateTime!]!, next: BigInt): Int }
"""

PLAIN = """query Plain($id: ID!, $flag: Boolean!, $ratio: Float = 1.5, $phases: [Phase], $odd: Odd, $any: Anything,
  $mode: OrderMode!, $class: Boolean, $count: Int!, $next: BigInt, $when: [DateTime!]!, $price: Decimal) {
  near(to: [{ x: $count, name: "a \\"quoted\\" é", amount: $price }], flag: $flag, ratio: $ratio, phases: $phases,
    odd: $odd, any: $any, mode: $mode) { ids maybe odd odds any anyway flag ratio }
  a: near(to: [], flag: $class, mode: $mode) { later(dates: $when, next: $next) }
  order(id: $id) { __typename totalBeforeDiscount { amount } }
}"""

INPUTS = """query Inputs($to: [Spot!]!, $one: Spot!, $maybe: Spot, $mode: OrderMode!) {
  near(to: $to, mode: $mode) { ids }
  a: near(to: [$one], mode: $mode) { ids }
  b: near(to: [{ next: $maybe }], mode: $mode) { ids }
}"""


def odd_kit(folder: Path, *, with_inputs: bool = True) -> Kit:
    """The kit of the examples and of operations with all of it."""
    for file in (GATEWAY / "examples").glob("*.graphql"):
        (folder / file.name).write_text(file.read_text())
    (folder / "plain.graphql").write_text(PLAIN)
    if with_inputs:
        (folder / "inputs.graphql").write_text(INPUTS)
    return read_kit(build_schema(create_schema().as_str() + SCHEMA), folder)
