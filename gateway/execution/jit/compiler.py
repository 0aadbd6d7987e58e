"""Compiles what an operation selects into straight-line Python that projects values into the response.

Each selection becomes a function of its object. The functions handle the usual values only: anything else raises, and
the run is replayed on the reference executor. Asynchronous values are loaded into the run before.
"""

from collections.abc import Iterator
from itertools import count
from typing import cast

from graphql import Executor, GraphQLLeafType, GraphQLOutputType, is_list_type, is_non_null_type

from gateway.domain.shared import Shared
from gateway.execution.jit.field_access import FieldAccesses, NotCovered
from gateway.execution.jit.leaves import Leaves
from gateway.execution.jit.plan import Field, Selection, selected
from gateway.execution.jit.program import Program, Projection
from gateway.execution.jit.projection import checked, items
from gateway.execution.jit.shared_json import encode_shared
from gateway.schema.context import Context

ROOT = "project"
"""The name of the function for the whole operation."""

_Inside = tuple[str, Selection]
"""The function for the objects of a value, and what it selects."""

_Path = tuple[str, ...]
"""The parts of a path, in code; empty where the function takes no path."""


class Compiler:
    """Compiles queries of one schema. What it works out about the schema serves all of them."""

    def __init__(self) -> None:
        self._accesses = FieldAccesses()
        self._leaves = Leaves()
        self._places = count(1)

    def program(self, executor: Executor[Context]) -> Program:
        """The program of a query, with the values of its `@skip` and `@include`. Raises NotCovered."""
        module = _Module(self._leaves, self._places)
        try:
            selection = selected(executor, self._accesses)
            module.define(ROOT, selection)
        except RecursionError:
            # The compiler recurses with the selection. The reference executor decides what such a query results in.
            raise NotCovered("a selection that nests too deeply") from None
        source = "\n\n".join(module.functions) + "\n"
        # Why this is safe: all that reaches the source from a client are response keys, which the parser limits to
        # letters, digits and underscores, and which are written with repr(). Everything else comes from the schema or
        # is bound by a generated name. No argument, literal or variable of the document stands in the source.
        exec(compile(source, "<operation>", "exec"), module.names)  # noqa: S102 - that is what compiling means here
        return Program(selection, source, cast(Projection, module.names[ROOT]))


class _Module:
    """The functions of one operation, and the objects that they use by name."""

    def __init__(self, leaves: Leaves, places: Iterator[int]) -> None:
        self.functions: list[str] = []
        self.names: dict[str, object] = {
            "items": items,
            "checked": checked,
            "Shared": Shared,
            "encode_shared": encode_shared,
        }
        self._leaves = leaves
        self._places = places

    def define(self, name: str, selection: Selection, *, is_shared: bool = False) -> None:
        """Write the function of a selection, after those of the selections inside.

        What is inside of what `is_shared` is part of its JSON, and needs none of its own.
        """
        # Each value gets a variable, because the expression that completes it names it more than once.
        lines, entries = [], []
        fields = {field.key: field for field in selection.fields}
        for number, key in enumerate(selection.keys):
            if key not in fields:
                entries.append(f"{key!r}: {selection.type.name!r}")
                continue
            lines.append(f"    v{number} = {self._read(fields[key])}\n")
            entries.append(f"{key!r}: {self._completed(fields[key], f'v{number}', is_shared=is_shared)}")
        parameters = "o, run, path" if selection.needs_run or name == ROOT else "o"
        entries_code = "".join(f"        {entry},\n" for entry in entries)
        self.functions.append(f"def {name}({parameters}):\n{''.join(lines)}    return {{\n{entries_code}    }}\n")

    def _read(self, field: Field) -> str:
        access, path = field.access, f"(*path, {field.key!r})"
        name = f"{field.parent.name}_{field.nodes[0].name.value}"
        if field.is_loaded:
            return f"run.value({self._bind(f'field_{name}', field)}, {path})"
        if access.path is not None:
            return f"o.{field.shared_path or access.path}"
        if access.function is None:
            return f"run.resolve({self._bind(f'field_{name}', field)}, o, {path})"
        arguments = [f"{access.source_name}=o"] if access.source_name else []
        if access.info_name:
            arguments.append(f"{access.info_name}=run.info({self._bind(f'field_{name}', field)}, {path})")
        return f"{self._bind(f'get_{name}', access.function)}({', '.join(arguments)})"

    def _completed(self, field: Field, variable: str, *, is_shared: bool) -> str:
        if field.inside is None:
            return self._value(field.type, variable, None, ())
        function = f"{field.inside.type.name}_{len(self.names)}"
        # The name is taken now: the functions inside are numbered by how many names there are.
        self.names[function] = None
        # What is personal may be shared or not, and what is inside of it is shared all the same.
        shares = field.shared_path is not None and not is_shared
        self.define(function, field.inside, is_shared=is_shared or (shares and not field.inside.is_personal))
        if shares:
            return self._shared(field.type, variable, (function, field.inside))
        path = ("*path", repr(field.key)) if field.inside.needs_run else ()
        return self._value(field.type, variable, (function, field.inside), path)

    def _shared(self, kind: GraphQLOutputType, variable: str, inside: _Inside) -> str:
        """An expression for a value that many players may share: then its JSON, encoded once."""
        place = next(self._places)
        project = f"project_{place}"
        self.functions.append(f"def {project}(v):\n    return {self._value(kind, 'v', inside, ())}\n")
        shared = f"{variable}.kept.get({place}) or encode_shared({place}, {variable}, {project})"
        return f"({shared}) if {variable}.__class__ is Shared else {project}({variable})"

    def _value(
        self, kind: GraphQLOutputType, variable: str, inside: _Inside | None, path: _Path, depth: int = 0
    ) -> str:
        """An expression for the value in a variable. Calls itself for the items of a list, one level deeper."""
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
        # A tuple is what models hold; the class test is much cheaper than asking whether the value is iterable.
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
    """A call of a selection's function. Where that reads no attribute of the object, the object is checked here."""
    argument = variable if selection.reads_attributes else f"checked({variable})"
    return f"{function}({argument}, run, ({', '.join(path)}))" if path else f"{function}({argument})"
