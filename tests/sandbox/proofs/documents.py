"""The OpenAPI documents as sources of requests: each operation by itself, and ways from one operation to the next."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import APIOperation, Case
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from gateway.sandbox import DEMO_API_KEY, DEMO_PROJECT_ID, create_sandbox, mint_token
from tests.sandbox.proofs.scale import SCALE
from tests.sandbox.world import WEDNESDAY_NOON, Clock, Randomness, basic

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]
# Any: requests carry what their document declares.
AnyCase = Case[Any]
AnyOperation = APIOperation[Any, Any, Any, Any]
_DOCUMENTS = Path(__file__).parents[3] / "docs" / "upstream"


def generated(examples: int, **more: Any) -> settings:
    """So many requests, the same in each run of the normal suite."""
    return settings(
        max_examples=examples * SCALE,
        derandomize=SCALE == 1,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        # What the documents demand is sometimes rare among what can be generated.
        suppress_health_check=list(HealthCheck),
        **more,
    )


class Stage:
    """Takes requests for the sandbox of the moment."""

    def __init__(self) -> None:
        self._app: Starlette | None = None

    def open(self) -> None:
        """Put a fresh sandbox in the place of the last one."""
        self.close()
        self._app = create_sandbox(clock=Clock(), random_bytes=Randomness())

    def close(self) -> None:
        """Close the sandbox."""
        if self._app is not None:
            self._app.state.sandbox.close()
        self._app = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        assert scope["type"] == "http", "no lifespan: nothing may go out from here"
        await self._app(scope, receive, send)


@dataclass(frozen=True)
class Document:
    """One document with what lets its requests in."""

    schema: OpenApiSchema
    stage: Stage
    authorization: str

    def send(self, case: AnyCase) -> int:
        """Send a request, check its response in every way, and return the status."""
        kwargs = self.call_kwargs()
        response = case.call(**kwargs)
        case.validate_response(response, checks=CHECKS, transport_kwargs=kwargs)
        return response.status_code

    def operations(self) -> Iterator[AnyOperation]:
        """List what the document declares."""
        for result in self.schema.get_all_operations():
            assert isinstance(result, Ok), result.err()
            yield result.ok()

    def call_kwargs(self) -> dict[str, Any]:
        return {"headers": {"Authorization": self.authorization}}


def load_document(name: str) -> Document:
    """Read a document of the upstream."""
    schema = schemathesis.openapi.from_path(_DOCUMENTS / f"{name}-openapi.yaml")
    stage = Stage()
    schema.app = stage
    return Document(schema, stage, _AUTHORIZATIONS[name]())


def _player() -> str:
    return "Bearer " + mint_token("ann", attributes={"clan": "keepers"}, lifetime_seconds=10**9, now=WEDNESDAY_NOON)


def _publisher() -> str:
    return basic(f"{DEMO_PROJECT_ID}:{DEMO_API_KEY}")


_AUTHORIZATIONS: Mapping[str, Callable[[], str]] = {"client": _player, "admin": _publisher}
