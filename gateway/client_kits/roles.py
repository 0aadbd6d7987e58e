"""What an operation is for: which mutations are sent again safely and how, and what tells of an order."""

from collections.abc import Mapping, Sequence
from typing import cast

from graphql import FieldNode, GraphQLObjectType, ObjectValueNode, VariableNode, get_named_type

from gateway.client_kits.model import ObjectType, Operation, OrderWatch, Write
from gateway.client_kits.selections import Fragments, Selected, collected
from gateway.errors import DocumentsUnusable

WATCHES = {"orderUpdated": {"id"}, "waitForOrder": {"id", "after"}, "order": {"id"}}
"""The fields that tell of an order, and the variables that client code gives them."""

WATCHED = {"id", "status", "isTerminal"}
"""What client code reads of an order that it watches."""


def write_of(name: str, roots: Mapping[str, Selected], fragments: Fragments, root: GraphQLObjectType) -> Write:
    """How a mutation is sent again. Raises DocumentsUnusable if it cannot be."""
    if len(roots) != 1:
        raise DocumentsUnusable(f"{name}: have one field in each mutation, so that it can be sent again alone.")
    ((key, selected),) = roots.items()
    variables = _input_variables(selected.node)
    if "idempotencyKey" not in variables:
        raise DocumentsUnusable(
            f"{name}: declare `$key: String` and send `idempotencyKey: $key` in its `input: {{ ... }}`. Without"
            " a key, a lost answer cannot be found again."
        )
    errors = collected(selected.below, fragments).get("userErrors")
    if errors is None or "code" not in collected(errors.below, fragments):
        raise DocumentsUnusable(f"{name}: select `userErrors {{ code }}`, which says whether to send it again.")
    payload = cast(GraphQLObjectType, get_named_type(root.fields[selected.node.name.value].type))
    return Write(
        payload=key,
        key_variable=variables["idempotencyKey"],
        cycle_variable=variables.get("cycle"),
        is_order="order" in payload.fields,
    )


def order_watch(operations: Sequence[Operation], objects: Mapping[str, ObjectType]) -> OrderWatch:
    """The operations that tell of an order. Raises DocumentsUnusable, which names those that are missing."""
    found = {field: one for one in operations for field in one.roots.values() if _is_watch(one, field, objects)}
    missing = [f"`{field}`" for field in WATCHES if field not in found]
    if missing:
        raise DocumentsUnusable(
            f"There is no operation for {', '.join(missing)}, by which client code follows orders. Copy OrderUpdated,"
            " WaitForOrder and Order from the gateway's examples, or make your own with `$id: ID!` (and"
            " `$after: OrderStatus` for `waitForOrder`) that select `id status isTerminal`."
        )
    return OrderWatch(found["orderUpdated"], found["waitForOrder"], found["order"])


def clock(operations: Sequence[Operation]) -> Operation:
    """What is sent to know the gateway's time. Raises DocumentsUnusable if there is nothing."""
    for one in sorted(operations, key=lambda one: len(one.text)):
        if one.kind == "query" and one.server_time and all(variable.type.is_nullable for variable in one.variables):
            return one
    raise DocumentsUnusable(
        "Select `serverTime` at the top of a query that needs no variables, such as your main screen's: client code"
        " sets its clock by it, and knows how old an order is that it has not sent yet."
    )


def _is_watch(operation: Operation, field: str, objects: Mapping[str, ObjectType]) -> bool:
    if {one.name for one in operation.variables} != WATCHES.get(field) or len(operation.data.fields) != 1:
        return False
    (order,) = operation.data.fields
    return {one.name for one in objects[order.type.name].fields} >= WATCHED


def _input_variables(node: FieldNode) -> dict[str, str]:
    """The fields of `input: { ... }` that are variables, with the variables' names."""
    given = next((one.value for one in node.arguments or () if one.name.value == "input"), None)
    if not isinstance(given, ObjectValueNode):
        return {}
    return {one.name.value: one.value.name.value for one in given.fields if isinstance(one.value, VariableNode)}
