"""Links between the project's Markdown pages lead somewhere."""

from pathlib import Path

import pytest

from tests.support.markdown import all_pages, anchors, broken_links, read_page
from tests.support.paths import REPOSITORY


@pytest.mark.parametrize("page", all_pages(), ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_within_the_project_leads_to_a_file_and_a_heading(page: Path) -> None:
    assert broken_links(page) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param("[a](other.md)", [], id="file"),
        pytest.param("[a](other.md#6-errors-and-limits)", [], id="heading"),
        pytest.param("[a](#here)\n\n# Here", [], id="heading of the page itself"),
        pytest.param("[a](folder)", [], id="folder"),
        pytest.param("[a](https://example.com/none.md) <https://example.com>", [], id="other site"),
        pytest.param("`[a](none.md)`\n\n```\n[a](none.md)\n```", [], id="code"),
        pytest.param("[a](none.md)", ["none.md"], id="no such file"),
        pytest.param("[a](other.md#none)", ["other.md#none"], id="no such heading"),
        pytest.param("[a](#none)", ["#none"], id="no such heading of the page itself"),
        pytest.param("[a](folder#none)", ["folder#none"], id="heading of what is no page"),
        pytest.param("![a](none.svg)", ["none.svg"], id="picture"),
        pytest.param("| [a](none.md) |\n|---|", ["none.md"], id="in a table"),
        pytest.param("[a]\n\n[a]: none.md", ["none.md"], id="by reference"),
    ],
)
def test_a_broken_link_is_found(tmp_path: Path, text: str, broken: list[str]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.md").write_text("# Other\n\n## 6. Errors, and `limits`\n\n## 6. Errors and limits\n")
    page = tmp_path / "page.md"
    page.write_text(text)
    assert broken_links(page) == broken


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("## 6.5 Address and country", {"65-address-and-country"}, id="dots"),
        pytest.param("### 6.2 is_always_visible", {"62-is_always_visible"}, id="underscores"),
        pytest.param("## `order_paid`, and more", {"order_paid-and-more"}, id="code and commas"),
        pytest.param("# A [link](x.md)", {"a-link"}, id="link"),
        pytest.param("# Same\n\n# Same\n\n# Same", {"same", "same-1", "same-2"}, id="repeated"),
        pytest.param("```\n# Not a heading\n```", set(), id="code block"),
    ],
)
def test_anchors_are_those_of_github(markdown: str, expected: set[str]) -> None:
    assert anchors(read_page(markdown).headings) == expected
