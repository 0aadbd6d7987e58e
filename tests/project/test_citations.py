"""Sections of the upstream's contracts that code and docs cite exist.

There is one form: the contract and the numbers, for example "client contract, 6.5" with the word of either contract.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.markdown import all_pages, read_page
from tests.support.paths import REPOSITORY

CONTRACTS = {name: REPOSITORY / "docs" / "upstream" / f"{name}-contract.md" for name in ("client", "admin")}
CODE = ("gateway", "tests", "bench", "loadtest")

_NUMBER = r"\d+(?:\.\d+)?"
_CITATION = re.compile(rf"\b(client|admin) contract, ({_NUMBER}(?:(?:, | and | to ){_NUMBER})*)")
# A citation that does not say which contract it means, or says it in other words.
_AMBIGUOUS = re.compile(
    r"\bcontracts?,? sections? \d|(?<!client )(?<!admin )\bcontract,? \d|contract \d|\(sections? \d"
)
# The end of a line, with what begins the next line of a comment.
_LINE_BREAK = re.compile(r"\s*\n\s*(?:# )?\s*")


def sources() -> list[Path]:
    """The files that may cite: all code, all pages, and not this test with its examples."""
    code = [path for folder in CODE for path in (REPOSITORY / folder).rglob("*.py") if path != Path(__file__)]
    return sorted(path for path in [*code, *all_pages()] if "node_modules" not in path.parts)


def in_one_line(text: str) -> str:
    """The text without line breaks, within which a citation may be wrapped."""
    return _LINE_BREAK.sub(" ", text)


def citations(text: str) -> Iterator[tuple[str, str]]:
    """The contracts and section numbers that a text cites; of a range its ends."""
    for match in _CITATION.finditer(in_one_line(text)):
        for number in re.findall(_NUMBER, match[2]):
            yield match[1], number


def ambiguous(text: str) -> list[str]:
    """Citations in another form than the one."""
    return [match[0] for match in _AMBIGUOUS.finditer(in_one_line(text))]


def sections(contract: Path) -> list[str]:
    """The numbers of a contract's headings."""
    headings = read_page(contract.read_text()).headings
    return [match[0] for heading in headings if (match := re.match(_NUMBER, heading))]


def test_every_section_that_is_cited_exists() -> None:
    known = {(name, number) for name, path in CONTRACTS.items() for number in sections(path)}
    cited: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sources():
        for citation in citations(path.read_text()):
            cited[citation].append(str(path.relative_to(REPOSITORY)))
    assert {name for name, _ in cited} == set(CONTRACTS)
    assert {citation: paths for citation, paths in cited.items() if citation not in known} == {}


def test_every_citation_says_which_contract_it_means() -> None:
    found = {str(path.relative_to(REPOSITORY)): ambiguous(path.read_text()) for path in sources()}
    assert {path: phrases for path, phrases in found.items() if phrases} == {}, "Write `client contract, 6.5`."


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_number_stands_for_one_section(name: str) -> None:
    numbers = sections(CONTRACTS[name])
    assert numbers == sorted(set(numbers), key=lambda number: [int(part) for part in number.split(".")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("(client contract, 6.5).", [("client", "6.5")], id="one"),
        pytest.param("The admin contract, 2 and 10.", [("admin", "2"), ("admin", "10")], id="two"),
        pytest.param(
            "admin contract, 1, 2.1 and 2. So", [("admin", "1"), ("admin", "2.1"), ("admin", "2")], id="three"
        ),
        pytest.param("admin contract, 4.4 to 4.6", [("admin", "4.4"), ("admin", "4.6")], id="range"),
        pytest.param("client contract, 9; admin contract, 7", [("client", "9"), ("admin", "7")], id="both"),
        pytest.param("    # (client\n    # contract, 3)", [("client", "3")], id="wrapped comment"),
        pytest.param("    (client contract,\n    3)", [("client", "3")], id="wrapped docstring"),
        pytest.param("the client contract says so", [], id="none"),
    ],
)
def test_citations_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(citations(text)) == expected
    assert ambiguous(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "(contract section 6.5)",
        "contract sections 1 and 2",
        "(section 9)",
        "client contract, section 3",
        "client contract 9",
        "the contract, 4",
        "contract\n    section 2",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    assert ambiguous(text) != []
