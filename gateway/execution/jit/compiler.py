"""Compiles what an operation selects into straight-line Python that projects values into the response.

Each selection becomes a function of its object. The functions handle the usual values only: anything else raises, and
the run is replayed on the reference executor. Asynchronous values are loaded into the run before.
"""

from typing import cast

from graphql import Executor, GraphQLLeafType, GraphQLOutputType, is_list_type, is_non_null_type

from gateway.domain.shared import Shared
from gateway.execution.jit.field_access import FieldAccesses, NotCovered
from gateway.execution.jit.functions import Function, Functions
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
        self.leaves = Leaves()
        self.functions = Functions()

    def program(self, executor: Executor[Context]) -> Program:
        """The program of a query, with the values of its `@skip` and `@include`. Raises NotCovered."""
        try:
            selection = selected(executor, self._accesses)
            project = _Writer(self).function(ROOT, selection)
        except RecursionError:
            # The compiler recurses with the selection. The reference executor decides what such a query results in.
            raise NotCovered("a selection that nests too deeply") from None
        return Program(selection, project.source, cast(Projection, project.call))


class _Writer:
    """Writes one function, after those that it calls. What it uses by name are its globals, and nothing else is."""

    def __init__(self, compiler: Compiler, *, makes_json: bool = False, is_shared: bool = False) -> None:
        self._compiler = compiler
        self._makes_json = makes_json
        self._is_shared = is_shared
        self._inner: list[str] = []
        self._names: dict[str, object] = {
            "items": items,
            "checked": checked,
            "Shared": Shared,
            "encode_shared": encode_shared,
        }

    def function(self, name: str, selection: Selection) -> Function:
        """The function of a selection.

        What is inside of a value that may be shared `makes_json`: nobody reads it before it is encoded. What is inside
        of what `is_shared` is part of its JSON, and needs none of its own.
        """
        # Each value gets a variable, because the expression that completes it names it more than once.
        lines, values = [], []
        fields = {field.key: field for field in selection.fields}
        for number, key in enumerate(selection.keys):
            if key not in fields:
                values.append(repr(selection.type.name))
                continue
            lines.append(f"    v{number} = {self._read(fields[key])}\n")
            values.append(self._completed(fields[key], f"v{number}"))
        parameters = "o, run, path" if selection.needs_run or name == ROOT else "o"
        made = self._object(name, selection.keys, values)
        return self._made(name, f"def {name}({parameters}):\n{''.join(lines)}    return {made}\n")

    def _object(self, name: str, keys: tuple[str, ...], values: list[str]) -> str:
        """An expression for an object of the response."""
        if not self._makes_json:
            entries = "".join(f"        {key!r}: {value},\n" for key, value in zip(keys, values, strict=True))
            return f"{{\n{entries}    }}"
        # A struct is made and encoded in three quarters of a dictionary's time, and the garbage collector ignores it.
        kind = self._bind(f"object_{name}", self._compiler.functions.struct(keys))
        # Its keys stand in the source, because functions of equal sources share their JSON.
        self._inner.append(f"{kind} = struct{keys!r}\n")
        arguments = "".join(f"        {value},\n" for value in values)
        return f"{kind}(\n{arguments}    )"

    def _made(self, name: str, source: str) -> Function:
        return self._compiler.functions.function(name, source, self._inner, self._names)

    def _read(self, field: Field) -> str:
        access, path = field.access, f"(*path, {field.key!r})"
        if field.is_loaded:
            return f"run.value({self._bind(f'field_{field.key}', field)}, {path})"
        if access.path is not None:
            return f"o.{field.shared_path or access.path}{' or None' if access.empty_is_null else ''}"
        if access.function is None:
            return f"run.resolve({self._bind(f'field_{field.key}', field)}, o, {path})"
        arguments = [f"{access.source_name}=o"] if access.source_name else []
        if access.info_name:
            arguments.append(f"{access.info_name}=run.info({self._bind(f'field_{field.key}', field)}, {path})")
        get = self._bind(f"get_{field.parent.name}_{field.nodes[0].name.value}", access.function)
        return f"{get}({', '.join(arguments)})"

    def _completed(self, field: Field, variable: str) -> str:
        if field.inside is None:
            return self._value(field.type, variable, None, ())
        # What is personal may be shared or not, and what is inside of it is shared all the same.
        shares = field.shared_path is not None and not self._is_shared
        is_shared = self._is_shared or (shares and not field.inside.is_personal)
        makes_json = self._makes_json or shares
        # By the key and not by a number, so that the same selection is the same source in any operation.
        name = f"{field.inside.type.name}_{field.key}"
        writer = _Writer(self._compiler, makes_json=makes_json, is_shared=is_shared)
        if shares:
            return self._shared(field, variable, (name, field.inside), writer.function(name, field.inside))
        self._use(writer.function(name, field.inside))
        path = ("*path", repr(field.key)) if field.inside.needs_run else ()
        return self._value(field.type, variable, (name, field.inside), path)

    def _shared(self, field: Field, variable: str, inside: _Inside, function: Function) -> str:
        """An expression for a value that many players may share: then its JSON, encoded once."""
        writer = _Writer(self._compiler)
        writer._use(function)
        project = f"project_{field.key}"
        made = writer._made(project, f"def {project}(v):\n    return {writer._value(field.type, 'v', inside, ())}\n")
        self._use(made)
        place = self._compiler.functions.place(made)
        shared = f"{variable}.kept.get({place}) or encode_shared({place}, {variable}, {project})"
        return f"({shared}) if {variable}.__class__ is Shared else {project}({variable})"

    def _use(self, function: Function) -> None:
        self._inner.append(function.source)
        self._names[function.name] = function.call

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
        leaf = self._compiler.leaves.leaf(kind, is_nullable=is_nullable)
        self._names.update(leaf.names)
        return leaf.code(variable)

    def _bind(self, name: str, value: object) -> str:
        self._names[name] = value
        return name


def _call(function: str, selection: Selection, variable: str, path: _Path) -> str:
    """A call of a selection's function. Where that reads no attribute of the object, the object is checked here."""
    argument = variable if selection.reads_attributes else f"checked({variable})"
    return f"{function}({argument}, run, ({', '.join(path)}))" if path else f"{function}({argument})"
