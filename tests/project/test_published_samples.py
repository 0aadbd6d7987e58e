"""The page of published samples and the samples that are kept say the same."""

import re
from collections.abc import Iterator
from itertools import groupby

import pytest

from tests.support.paths import REPOSITORY
from tests.support.published_samples import FOLDER, PublishedSample, published_samples
from tests.support.upstream_json import raw

PAGE = (REPOSITORY / "docs" / "upstream" / "samples.md").read_text("utf-8")


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of each row of the table below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_each_sample_stands_in_the_table_with_its_source_and_date() -> None:
    told = {code(cells[0])[0]: (code(cells[1]), cells[2], cells[3]) for cells in rows("The samples")}
    kept = {}
    for file, group in groupby(published_samples(), key=lambda one: one.file.stem):
        samples = list(group)
        sources = "; ".join(dict.fromkeys(one.source for one in samples))
        dates = "; ".join(dict.fromkeys(one.date for one in samples))
        kept[file] = ([one.part for one in samples], sources, dates)
    assert told == kept


def test_each_file_is_a_sample() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {one.file.name for one in published_samples()}


@pytest.mark.parametrize("sample", published_samples(), ids=str)
def test_a_sample_of_a_call_that_nothing_here_makes_is_well_formed(sample: PublishedSample) -> None:
    assert isinstance(sample.body, dict | list)
    assert (sample.status or 0) < 400 or set(sample.body) >= {"statusCode", "errorCode", "errorMessage"}
    assert "xsolla.com" not in raw(sample.body).decode()


def test_each_test_that_the_table_names_exists() -> None:
    named = {test for cells in rows("The samples") for test in code(cells[4])}
    assert named
    known = {key for cells in rows("The tests") for key in code(cells[0])}
    assert named == known
    for cells in rows("The tests"):
        path, _, name = code(cells[1])[0].partition("::")
        assert re.search(rf"^(async )?def {name}\(", (REPOSITORY / path).read_text("utf-8"), re.MULTILINE), name


def test_each_difference_that_stays_has_its_reason() -> None:
    told = [difference for cells in rows("Differences that stay") for difference in code(cells[0])]
    assert len(told) == len(set(told))
    assert set(told) == {difference for one in published_samples() for difference in one.staying}
