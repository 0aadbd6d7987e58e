"""Every kit waits as long as every other, and knows the same codes, also those that cannot run here."""

import re
from collections.abc import Mapping

import pytest

from gateway.client_kits.languages import SOURCES
from tests.kits.conformance import PAUSES
from tests.kits.world import example_kit

NUMBERS: Mapping[str, float] = {
    "Samples": 8,
    "SilenceSeconds": 40,
    "StreamTries": 2,
    "WaitTries": 3,
    "ReadPause": 3,
    "WatchSeconds": 600,
    "KeySeconds": 86_400,
    "LongestPause": PAUSES[-1],
    "RequestSeconds": 30,
}
CODES = {
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "FORBIDDEN",
    "LIMIT_EXCEEDED",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "DOCUMENT_NOT_TRUSTED",
    "INTROSPECTION_DISABLED",
}
"""After which the same request can never succeed."""


@pytest.mark.parametrize("language", SOURCES)
def test_a_kit_has_the_numbers_of_all(language: str) -> None:
    source = SOURCES[language](example_kit())
    for name, value in NUMBERS.items():
        # LongestPause, kLongestPause and LONGEST_PAUSE_SECONDS.
        spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", "_?", name)
        told = re.search(rf"\bk?{spelled}(_?seconds)?\s*:?=\s*([\d *.]+)", source, re.IGNORECASE)
        assert told, name
        product = 1.0
        for factor in told[2].split("*"):
            product *= float(factor)
        assert product == value, name


@pytest.mark.parametrize("language", SOURCES)
def test_a_kit_has_the_codes_of_all(language: str) -> None:
    source = SOURCES[language](example_kit())
    found = re.search(r'((?:"[A-Z_]+",?\s*)*"BAD_USER_INPUT",?\s*(?:"[A-Z_]+",?\s*)*)', source)
    assert found
    assert set(re.findall(r"[A-Z_]{4,}", found[1])) == CODES
