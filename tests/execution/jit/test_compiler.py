"""What is compiled and what is handed over, one construct at a time, on a schema that has them all."""

from typing import Any

import pytest
from graphql import Executor, Undefined, parse

from gateway.execution.jit.compiler import Compiler
from gateway.execution.jit.field_access import NotCovered
from tests.support.foreign_outcomes import compiled, reference
from tests.support.foreign_schema import LOUD_SCHEMA, Colour, Dog, Empty, Node, Shade


def node(text: Any = "ab", **more: Any) -> Node:
    usual: dict[str, Any] = {
        "note": None,
        "count": 1,
        "share": 0.5,
        "flag": True,
        "key": "k",
        "colour": Colour.RED,
        "shade": Shade.DARK,
        "grid": [[1], []],
        "loose": [None, (1, None)],
        "next": None,
        "rows": None,
    }
    return Node(text=text, **usual | more)


CHILD = node("child")
PARENT = node(next=CHILD, rows=[[CHILD, CHILD], [node("third")]], note="good")
VALUES = {
    "node": PARENT,
    "late_node": node(next=PARENT),
    "nodes": [PARENT, None],
    "empties": [Empty(), None],
    "empty": Empty(),
    "named": Dog(name="Rex", tricks=["sit"]),
    "mark": "x",
}

COVERED = {
    "names of types": "{ t: __typename node { __typename rows { __typename } } empties { __typename } }",
    "lists of lists": "{ node { grid loose rows { text } } }",
    "merged fields": "{ node { next { text } ...F } } fragment F on Node { next { count again: text } text }",
    "late inside late": "{ lateNode { late { needed { text late { text } } } } nodes { late { text } } }",
    "late inside lists of lists": "{ node { rows { late { text } next { late { text } } } } }",
    "late after a preparation": "{ lateNode { prepared after { needed { text } } } nodes { after { late { key } } } }",
    "a stream of values": "{ node { stream lateStream { text late { text } } } }",
    "arguments": "{ node { shout a: shout(times: 2, colour: BLUE) } found(wanted: {numbers: 7}, numbers: [1, null]) }",
    "renamed values": "{ node { shade colour } }",
    "info": "{ node { again { again { text } } } }",
    "scalars": "{ mark node { share flag key count } }",
}


@pytest.mark.parametrize("text", COVERED.values(), ids=COVERED)
async def test_it_is_compiled(text: str) -> None:
    ours = await compiled(text, {}, VALUES)
    assert ours == await reference(text, {}, VALUES)
    assert ours[1] == []


HANDED_OVER = {
    "`__type`, which is introspection": '{ __type(name: "Node") { name } }',
    "`Named`, which may be of several types": "{ named { name } }",
    "`CatDog`, which may be of several types": "{ either { __typename } }",
    "`Dog`, whose values are checked for their type": "{ dog { name } }",
    "a field that is not a plain field of strawberry's": "{ node { loud } }",
    "a field that streams its value": "{ node { ticks } }",
    "an attribute that cannot be named in code": "{ reserved { class_ } }",
    "a directive on the operation": "query @experimental_disableErrorPropagation { node { text } }",
    "a selection that nests too deeply": "{ node { ...F0 } } fragment F400 on Node { text } "
    + " ".join(f"fragment F{number} on Node {{ next {{ ...F{number + 1} }} }}" for number in range(400)),
}


@pytest.mark.parametrize(("reason", "text"), HANDED_OVER.items(), ids=HANDED_OVER)
async def test_it_is_handed_over(reason: str, text: str) -> None:
    assert await compiled(text, {}, VALUES) == reason


def test_a_directive_of_the_schemas_own_is_handed_over() -> None:
    prepared: Any = Executor.build(LOUD_SCHEMA._schema, parse("{ node { text @louder } }"))
    with pytest.raises(NotCovered, match="the directive `@louder`"):
        Compiler().program(prepared)


LOST = LookupError("lost")
BROKEN: dict[str, tuple[str, dict[str, Any]]] = {
    "a late field raises": ("{ lateNode { text } mark }", {"late_node": LOST}),
    "a late field gives an error": ("{ lateNode { text } mark }", {"late_node": ValueError("given")}),
    "a field on the way raises": ("{ node { late { text } } mark }", {"node": LOST}),
    "a field on the way gives no object": ("{ node { late { text } } mark }", {"node": 5}),
    "a late field that may not be null is": ("{ lateNode { needed { text } } }", {"late_node": node()}),
    "a list on the way is none": ("{ nodes { late { text } } }", {"nodes": 5}),
    "a list is none": ("{ node { grid } }", {"node": node(grid=5)}),
    "an item is an error": ("{ nodes { text } }", {"nodes": [PARENT, LOST]}),
    "an item that nothing is read of is an error": ("{ empties { __typename nothing } }", {"empties": [Empty(), LOST]}),
    "an object that nothing is read of is null": ("{ empty { __typename } }", {"empty": None}),
    "a value is undefined": ("{ node { text count note } }", {"node": node(note=Undefined, count=Undefined)}),
    "a value cannot be written": ("{ node { count } mark }", {"node": node(count=2**40)}),
    "a scalar writes nothing": ("{ mark node { text } }", {"mark": "void"}),
    "a stream breaks": ("{ node { lateStream { text } } }", {"node": node(note="bad", rows=[[CHILD]])}),
    "a stream breaks after an item that is in error": (
        "{ node { lateStream { text } } }",
        {"node": node(note="bad", rows=[[CHILD, node(text=None)]])},
    ),
    "a stream cannot begin": ("{ node { stream } }", {"node": node(text=5)}),
    "what has to be prepared breaks": ("{ node { prepared after { late { text } } } }", {"node": node(note="bad")}),
    "what has to be prepared cannot begin": ("{ node { prepared } }", {"node": node(note="cannot")}),
    "a chain of non-null ends in the root": ("{ node { again { again { text } } } }", {"node": node(text=None)}),
    "an argument does not fit": ("query Q($n: [Int]) { found(wanted: {}, numbers: $n) }", {}),
    "an argument of a plain field does not fit": ("query Q($n: Int) { node { shout(times: $n) } }", {}),
}


@pytest.mark.parametrize(("text", "values"), BROKEN.values(), ids=BROKEN)
async def test_an_error_is_told_as_strawberrys_executor_tells_it(text: str, values: dict[str, Any]) -> None:
    ours = await compiled(text, {"n": None}, VALUES | values)
    assert ours == await reference(text, {"n": None}, VALUES | values)
    assert len(ours[1]) >= 1
