"""Requests generated from the OpenAPI documents get only declared responses, and never a 5xx."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.generation.stateful import APIStateMachine

from tests.sandbox.proofs.documents import CHECKS, AnyCase, generated, load_document
from tests.sandbox.proofs.request_targets import use_existing_ids, use_existing_path_ids

pytestmark = pytest.mark.usefixtures("unmeasured")
DOCUMENTS = {name: load_document(name) for name in ("client", "admin")}
OPERATIONS = {
    operation.definition.raw["operationId"]: (document, operation)
    for document in DOCUMENTS.values()
    for operation in document.operations()
}
BREAKABLE = [
    name
    for name, (_, operation) in OPERATIONS.items()
    if (operation.body or operation.query) and not name.endswith("-v3")
]
"""Calls that take more than a path; those of v3 are the same ones at another path."""
WALKS = {"client": 15, "admin": 15}


@pytest.fixture(autouse=True)
def _stages() -> Iterator[None]:
    yield
    for document in DOCUMENTS.values():
        document.stage.close()


@pytest.mark.parametrize("name", OPERATIONS)
def test_valid_requests_are_answered_as_declared(name: str) -> None:
    document, operation = OPERATIONS[name]
    document.stage.open()
    statuses: Counter[int] = Counter()

    @generated(2 if name.endswith("-v3") else 5)
    @given(case=operation.as_strategy())
    def send(case: AnyCase) -> None:
        use_existing_ids(case)
        statuses[document.send(case)] += 1

    send()
    assert set(statuses) != {401}


@pytest.mark.parametrize("name", BREAKABLE)
def test_broken_requests_are_answered_as_declared(name: str) -> None:
    document, operation = OPERATIONS[name]
    document.stage.open()

    @generated(4)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def send(case: AnyCase) -> None:
        use_existing_path_ids(case)
        document.send(case)

    send()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_ways_along_the_links_are_answered_as_declared(name: str) -> None:
    document = DOCUMENTS[name]
    machine: type[APIStateMachine] = document.schema.as_state_machine()
    linked = document.schema.operations_with_incoming_links()
    reached: set[str] = set()

    class Walk(machine):  # type: ignore[valid-type, misc]
        """One way after the other, each in a fresh sandbox."""

        def setup(self) -> None:
            document.stage.open()

        def before_call(self, case: AnyCase) -> None:
            use_existing_ids(case)

        def get_call_kwargs(self, case: AnyCase) -> dict[str, Any]:
            return document.call_kwargs()

        def validate_response(self, response: Response, case: AnyCase, *_: Any, **kwargs: Any) -> None:
            case.validate_response(response, checks=CHECKS, transport_kwargs=kwargs)
            if response.status_code < 300:
                reached.add(case.operation.label)

    Walk.run(settings=generated(WALKS[name], stateful_step_count=12))
    assert reached & linked, "the links have led nowhere"
