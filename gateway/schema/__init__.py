"""The GraphQL schema, one file for each part."""

from collections.abc import Callable, Sequence
from copy import copy
from functools import cache
from typing import Self

import strawberry
from graphql import GraphQLBoolean, GraphQLError, GraphQLField, is_input_object_type
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import ExecutionContext

from gateway.schema.context import Info
from gateway.schema.mutations import Mutation
from gateway.schema.query import Query
from gateway.schema.scalars import SCALARS
from gateway.schema.subscription import Subscription


class GatewaySchema(strawberry.Schema):
    """The schema, without strawberry's own log of errors: it would show what the gateway masks."""

    def with_extensions(self, extensions: Sequence[Callable[[], SchemaExtension]]) -> Self:
        """The same schema, run with these extensions."""
        extended = copy(self)
        extended.extensions = tuple(extensions)
        return extended

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: the endpoint logs and masks errors."""

    def _extend_introspection(self) -> None:
        """Tell which inputs take exactly one of their fields; strawberry's own resolver fails for lists."""
        field = GraphQLField(GraphQLBoolean, resolve=_is_one_of)
        self._schema.type_map["__Type"].fields["isOneOf"] = field  # type: ignore[attr-defined]  # an object type


def _is_one_of(kind: object, _: object) -> bool | None:
    if not is_input_object_type(kind):
        return None
    # The type `__Type` is one for all schemas of the process, also for those that strawberry did not make.
    definition = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF, kind)
    is_one_of: bool = definition.is_one_of
    return is_one_of


@cache
def create_schema() -> GatewaySchema:
    """Build the schema; it is built once, which takes most of the time in which an application is made."""
    return GatewaySchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(scalar_map=SCALARS, info_class=Info),
    )
