"""The GraphQL schema, one file for each part."""

from collections.abc import Callable, Sequence

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from gateway.schema.common import SCALARS
from gateway.schema.context import Info
from gateway.schema.mutations import Mutation
from gateway.schema.query import Query
from gateway.schema.subscription import Subscription


class GatewaySchema(strawberry.Schema):
    """The schema, without strawberry's own log of errors: it would show what the gateway masks."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: the endpoint logs and masks errors."""


def create_schema(extensions: Sequence[Callable[[], SchemaExtension]] = ()) -> GatewaySchema:
    """Build the schema."""
    return GatewaySchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=extensions,
        config=StrawberryConfig(scalar_map=SCALARS, info_class=Info),
    )
