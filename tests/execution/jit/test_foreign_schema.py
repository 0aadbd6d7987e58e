"""graphql-core's semantics on a schema that is not the gateway's: compiled or handed over, never different."""

import asyncio
from collections import Counter

import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.support.differential import CASES, CASES_IN_ONE, SEED
from tests.support.foreign_outcomes import CORE, compiled, reference
from tests.support.foreign_schema import UNCOVERED, literals, shelves
from tests.support.generated_documents import MISSING, documents, sent

pytestmark = pytest.mark.slow

VALUES: tuple[object, ...] = (1, 2, "RED", {"colour": "BLUE"}, [1, None], MISSING, None, True, {"numbers": [1, "x"]})


def test_a_foreign_schemas_answers_are_those_of_strawberrys_executor() -> None:
    met: Counter[str] = Counter()

    @seed(SEED)
    @settings(
        max_examples=CASES // 30,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = data.draw(documents(CORE, literals, VALUES, UNCOVERED))
        if validate(CORE, parse(document.text)):
            return
        drawn = data.draw(st.lists(shelves, min_size=2, max_size=2))
        for number in range(CASES_IN_ONE // 2):
            variables, values = data.draw(sent(document)), drawn[number % 2]
            # A condition that is no boolean is not compiled: `ProgramCache` sees to that.
            if any(type(variables.get(name, True)) is not bool for name in ("c", "d", "e")):
                continue
            ours = runner.run(compiled(document.text, variables, values))
            if not isinstance(ours, str):
                assert ours == runner.run(reference(document.text, variables, values)), document.text
            met["handed over" if isinstance(ours, str) else "with errors" if ours[1] else "compiled"] += 1

    with asyncio.Runner() as runner:
        check()
    assert min(met[kind] for kind in ("handed over", "with errors", "compiled")) > CASES // 200, met
