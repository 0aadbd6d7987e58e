"""The project's Markdown pages: headings, the anchors that GitHub gives them, and links."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.support.paths import REPOSITORY

FOLDERS = ("docs", "bench", "loadtest", "tests")

_parse = MarkdownIt("gfm-like", {"linkify": False}).parse
# What GitHub keeps of a heading besides spaces, which become dashes.
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
_PLAIN = frozenset({"text", "code_inline"})
_LINKS = {"link_open": "href", "image": "src"}


@dataclass(frozen=True)
class Page:
    """The headings of a page as plain text, and the targets of its links and pictures."""

    headings: tuple[str, ...]
    links: tuple[str, ...]


def all_pages() -> list[Path]:
    """Every Markdown file of the project."""
    found = [*REPOSITORY.glob("*.md"), *(path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.md"))]
    return sorted(path for path in found if "node_modules" not in path.parts)


def read_page(text: str) -> Page:
    """Read the headings and links of a Markdown text; what stands in code is neither."""
    tokens = _parse(text)
    headings = [
        "".join(child.content for child in content.children or () if child.type in _PLAIN)
        for opening, content in pairwise(tokens)
        if opening.type == "heading_open"
    ]
    return Page(tuple(headings), tuple(_links(tokens)))


def code_blocks(page: Path, language: str) -> list[str]:
    """The code of a page's blocks in a language."""
    blocks = (token for token in _parse(page.read_text()) if token.type == "fence")
    return [block.content for block in blocks if block.info == language]


def anchors(headings: Sequence[str]) -> set[str]:
    """The fragments that lead to these headings; GitHub numbers those that repeat."""
    found: set[str] = set()
    for heading in headings:
        slug = _NOT_IN_ANCHORS.sub("", heading.lower()).replace(" ", "-")
        names = (slug, *(f"{slug}-{number}" for number in range(1, len(headings))))
        found.add(next(name for name in names if name not in found))
    return found


def broken_links(page: Path) -> list[str]:
    """The links within the project that lead to no file, or to no heading of a page."""
    return [link for link in read_page(page.read_text()).links if not urlsplit(link).scheme and not _leads(page, link)]


def _leads(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    target = page.parent / unquote(parts.path) if parts.path else page
    if not target.exists() or not parts.fragment:
        return target.exists()
    return target.suffix == ".md" and parts.fragment in _anchors_in(target.resolve())


@cache
def _anchors_in(page: Path) -> set[str]:
    return anchors(read_page(page.read_text()).headings)


def _links(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in _LINKS:
            yield str(token.attrs[_LINKS[token.type]])
        yield from _links(token.children or ())
