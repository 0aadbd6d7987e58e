"""Parts of libraries that we use though their authors may change them: what they are, where, and what would break.

A row here needs an upper bound for its library in pyproject.toml. Raise a bound after reading the library's changelog
for the names below and running the whole suite.
"""

import inspect
import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent


class Use(NamedTuple):
    """A part of a library: its module, its name there, the file that uses it, and what breaks without it."""

    library: str
    module: str
    name: str
    used_in: str
    breaks: str


STANDARD_LIBRARY = "python"

USES = [
    Use(
        "graphql-core", "graphql", "Executor.build", "gateway/execution/engine.py",
        "Variables would not be coerced, and no program could start.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.build_per_event_executor", "gateway/execution/engine.py",
        "Events of subscriptions would have no result.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.build_resolve_info", "gateway/execution/jit/lazy_info.py",
        "Compiled resolvers that read more of `info` than context and path would fail, and every such run be replayed.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.execute_operation", "gateway/execution/jit/run.py",
        "A run with an error could not be replayed.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.middleware_manager", "gateway/execution/jit/run.py",
        "A replay would call the resolvers, and so the upstream, a second time.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.variable_values", "gateway/execution/program_cache.py",
        "The values of @skip and @include, which choose a program, could not be read.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.fragment_definitions", "gateway/execution/program_cache.py",
        "Conditions inside fragments would be missed, and a program with the wrong fields be run.",
    ),
    Use(
        "graphql-core", "graphql.execution.collect_fields", "collect_fields", "gateway/execution/jit/plan.py",
        "Nothing could be planned: selections would have to be merged by code of ours.",
    ),
    Use(
        "graphql-core", "graphql.execution.collect_fields", "collect_subfields", "gateway/execution/jit/plan.py",
        "Nothing could be planned below the root.",
    ),
    Use(
        "graphql-core", "graphql.utilities.validate_input_value", "validate_input_literal",
        "gateway/execution/fast_validation.py",
        "Every document with a literal would go through the slow rules.",
    ),
    Use(
        "graphql-core", "graphql.pyutils", "is_awaitable", "gateway/execution/jit/projection.py",
        "A value that nobody awaited could be shown as an object.",
    ),
    Use(
        "graphql-core", "graphql.pyutils", "Path.add_key", "gateway/execution/jit/lazy_info.py",
        "Partial errors would have no path.",
    ),
    Use(
        "strawberry-graphql", "strawberry", "Schema._schema", "gateway/execution/engine.py",
        "The engine would have no graphql-core schema to parse, validate and compile for.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.schema_converter", "GraphQLCoreConverter.DEFINITION_BACKREF",
        "gateway/execution/jit/field_access.py",
        "Fields of graphql-core would not lead back to those of strawberry, and nothing would be compiled.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.schema_converter", "CustomGraphQLEnumType.wrapped_cls",
        "gateway/execution/jit/leaves.py",
        "Enumerations would be serialized by the slow function.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.field", "StrawberryField.base_resolver",
        "gateway/execution/jit/field_access.py",
        "Compiled code could not call resolvers directly.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.fields.resolver", "StrawberryResolver.wrapped_func",
        "gateway/execution/jit/field_access.py",
        "Compiled code could not call resolvers directly.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.fields.resolver", "StrawberryResolver.parent_parameter",
        "gateway/execution/jit/field_access.py",
        "Compiled code would pass the object under a wrong name.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.info", "Info._raw_info", "gateway/execution/jit/lazy_info.py",
        "The lazy info would be built for each field, or have attributes that are missing.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.info", "Info._field", "gateway/execution/jit/lazy_info.py",
        "`info.python_name` and others would fail in compiled resolvers.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types", "ExecutionContext.graphql_document", "gateway/execution/engine.py",
        "Mutations would be parsed twice.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types", "ExecutionContext.pre_execution_errors",
        "gateway/execution/engine.py",
        "Mutations would be validated twice.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.validation_rules.one_of", "OneOfInputValidationRule",
        "gateway/execution/documents.py",
        "Documents with a wrong OneOf input would pass validation.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.validation_rules.maybe_null", "MaybeNullValidationRule",
        "gateway/execution/documents.py",
        "Documents with null for a Maybe input would pass validation.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.base", "StrawberryObjectDefinition.is_one_of",
        "gateway/execution/fast_validation.py",
        "The fast validator would accept OneOf inputs that are wrong.",
    ),
]  # fmt: skip

each_use = pytest.mark.parametrize("use", USES, ids=[f"{use.library} {use.name}" for use in USES])


@each_use
def test_the_part_is_there(use: Use) -> None:
    *owners, part = use.name.split(".")
    owner: object = import_module(use.module)
    for name in owners:
        owner = getattr(owner, name)
    # An attribute of instances is not one of the class, but its constructor sets it, or its body declares it.
    is_of_instances = isinstance(owner, type) and re.search(
        rf"^ +(self\.)?{part}\b.*[:=]", inspect.getsource(owner), re.MULTILINE
    )
    assert hasattr(owner, part) or is_of_instances


@each_use
def test_the_named_file_uses_it(use: Use) -> None:
    assert re.search(rf"\b{re.escape(use.name.rpartition('.')[2])}\b", (ROOT / use.used_in).read_text())


@each_use
def test_its_library_has_an_upper_bound(use: Use) -> None:
    requirements = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    bounded = [re.split(r"[^A-Za-z0-9-]", one)[0] for one in requirements if "<" in one.partition(";")[0]]
    assert use.library in (*bounded, STANDARD_LIBRARY)
