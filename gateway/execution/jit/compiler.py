"""Turns what an operation selects into straight-line Python that projects values into the answer.

Each selection becomes a function of the object that it is about. The functions know the usual values only: anything
else raises, and the reference executor then says what the answer is. Values that come late are in the run already.
"""

from typing import cast

from graphql import Executor, GraphQLLeafType, GraphQLOutputType, is_list_type, is_non_null_type

from gateway.execution.jit.field_access import FieldAccesses, Uncovered
from gateway.execution.jit.leaves import Leaves
from gateway.execution.jit.plan import Field, Selection, selected
from gateway.execution.jit.program import Program, Projection
from gateway.execution.jit.projection import items, thing
from gateway.execution.jit.shared_json import SharedJson
from gateway.schema.context import Context

FRAGMENT_BYTES = 4 * 2**20
"""Memory for what programs remember of the values that they show."""

ROOT = "answer"
"""The name of the function for the whole operation."""

_Inside = tuple[str, Selection]
"""The function for the objects of a value, and what it selects."""

_Path = tuple[str, ...]
"""The parts of a path, in code; empty where nobody wants to know it."""


class Compiler:
    """Compiles queries of one schema, and keeps what it finds out about the schema."""

    def __init__(self) -> None:
        self._readings = FieldAccesses()
        self._leaves = Leaves()
        self._fragments = SharedJson(max_bytes=FRAGMENT_BYTES)

    def program(self, executor: Executor[Context]) -> Program:
        """The program of a query, for the variables that its directives ask. Raises Uncovered."""
        module = _Module(self._leaves, self._fragments)
        try:
            selection = selected(executor, self._readings)
            module.define(ROOT, selection)
        except RecursionError:
            raise Uncovered("a selection that nests too deeply") from None
        source = "\n\n".join(module.functions) + "\n"
        # The source holds names that the schema and the parser have let through, and nothing else of the document.
        exec(compile(source, "<operation>", "exec"), module.names)  # noqa: S102 - the point of it
        return Program(selection, source, cast(Projection, module.names[ROOT]))


class _Module:
    """The functions of one operation, and the objects that they use by name."""

    def __init__(self, leaves: Leaves, fragments: SharedJson) -> None:
        self.functions: list[str] = []
        self.names: dict[str, object] = {
            "items": items,
            "thing": thing,
            "known": fragments.known.get,
            "fragment": fragments.make,
        }
        self._leaves = leaves
        self._fragments = fragments

    def define(self, name: str, selection: Selection) -> None:
        """Write the function of a selection, after those of the selections inside."""
        lines, entries = [], []
        fields = {field.key: field for field in selection.fields}
        for number, key in enumerate(selection.keys):
            if key not in fields:
                entries.append(f"{key!r}: {selection.type.name!r}")
                continue
            lines.append(f"    v{number} = {self._read(fields[key])}\n")
            entries.append(f"{key!r}: {self._completed(fields[key], f'v{number}')}")
        parameters = "o, run, path" if selection.needs_run or name == ROOT else "o"
        answer = "".join(f"        {entry},\n" for entry in entries)
        self.functions.append(f"def {name}({parameters}):\n{''.join(lines)}    return {{\n{answer}    }}\n")

    def _read(self, field: Field) -> str:
        how, here = field.how, f"(*path, {field.key!r})"
        name = f"{field.parent.name}_{field.nodes[0].name.value}"
        if field.is_opened:
            return f"run.take({self._bind(f'field_{name}', field)}, {here})"
        if how.path is not None:
            return f"o.{how.path}"
        if how.function is None:
            return f"run.resolve({self._bind(f'field_{name}', field)}, o, {here})"
        arguments = [f"{how.source_name}=o"] if how.source_name else []
        if how.info_name:
            arguments.append(f"{how.info_name}=run.info({self._bind(f'field_{name}', field)}, {here})")
        return f"{self._bind(f'get_{name}', how.function)}({', '.join(arguments)})"

    def _completed(self, field: Field, variable: str) -> str:
        if field.inside is None:
            return self._value(field.type, variable, None, ())
        function = f"{field.inside.type.name}_{len(self.names)}"
        self.names[function] = None
        self.define(function, field.inside)
        if field.how.is_shared and not field.inside.needs_run:
            return self._shared(field.type, variable, (function, field.inside))
        path = ("*path", repr(field.key)) if field.inside.needs_run else ()
        return self._value(field.type, variable, (function, field.inside), path)

    def _shared(self, kind: GraphQLOutputType, variable: str, inside: _Inside) -> str:
        """An expression for a value that many players share: what is shown of it, as remembered."""
        place = self._fragments.place()
        show = f"show_{place}"
        self.functions.append(f"def {show}(v):\n    return {self._value(kind, 'v', inside, ())}\n")
        code = f"(known(({place}, id({variable}))) or fragment({place}, {variable}, {show}))[1]"
        return code if is_non_null_type(kind) else f"None if {variable} is None else {code}"

    def _value(
        self, kind: GraphQLOutputType, variable: str, inside: _Inside | None, path: _Path, depth: int = 0
    ) -> str:
        """An expression for the value in a variable; a list's items go through it again, one level deeper."""
        is_nullable = not is_non_null_type(kind)
        kind = kind.of_type if is_non_null_type(kind) else kind
        if is_list_type(kind):
            code = self._list(kind.of_type, variable, inside, path, depth)
        elif inside is not None:
            code = _call(*inside, variable, path)
        else:
            return self._leaf(cast(GraphQLLeafType, kind), variable, is_nullable=is_nullable)
        return f"None if {variable} is None else {code}" if is_nullable else code

    def _list(self, kind: GraphQLOutputType, variable: str, inside: _Inside | None, path: _Path, depth: int) -> str:
        item, number = f"x{depth}", f"n{depth}"
        value = self._value(kind, item, inside, (*path, number) if path else (), depth + 1)
        values = f"({variable} if {variable}.__class__ is tuple else items({variable}))"
        if not path:
            return f"[{value} for {item} in {values}]"
        return f"[{value} for {number}, {item} in enumerate({values})]"

    def _leaf(self, kind: GraphQLLeafType, variable: str, *, is_nullable: bool) -> str:
        leaf = self._leaves.leaf(kind, is_nullable=is_nullable)
        self.names.update(leaf.names)
        return leaf.code(variable)

    def _bind(self, name: str, value: object) -> str:
        bound = f"{name}_{len(self.names)}"
        self.names[bound] = value
        return bound


def _call(function: str, selection: Selection, variable: str, path: _Path) -> str:
    """A call of a selection's function; where that looks at nothing of the object, the object is looked at here."""
    argument = variable if selection.reads_attributes else f"thing({variable})"
    return f"{function}({argument}, run, ({', '.join(path)}))" if path else f"{function}({argument})"
