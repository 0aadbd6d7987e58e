"""graphql-core's semantics on a schema that is not the gateway's: compiled or handed over, never different."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from graphql import GraphQLArgument, parse, validate
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.execution.documents import MISSING, documents, sent
from tests.execution.foreign import shelves
from tests.execution.sides import CORE, compiled, reference
from tests.execution.test_differential import CASES, CASES_IN_ONE, SEED

VALUES: tuple[object, ...] = (1, 2, "RED", {"colour": "BLUE"}, [1, None], MISSING, None, True, {"numbers": [1, "x"]})

UNCOVERED = ("named", "either", "dog", "loud", "ticks", "reserved")
"""Fields that are handed over; with many of them, little would be compared."""


def literals(argument: GraphQLArgument) -> Sequence[str]:
    kind = str(argument.type).rstrip("!")
    return {
        "Int": ["2", "0"],
        "Colour": ["RED", "BLUE"],
        "[Int]": ["[1, null, 3]", "5"],
        "Wanted": ["{}", "{colour: BLUE, numbers: [4]}", "{numbers: 3}"],
    }[kind]


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
