"""The documentation site: it builds without a network, every page is in its menu, and every link leads somewhere."""

import os
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.paths import REPOSITORY

pytestmark = pytest.mark.slow
BUILD = REPOSITORY / "docs" / "build_site.py"


class HtmlPage(HTMLParser):
    """The ids, links and loaded files of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids.add(values.get("id") or "")
        self.links.add((tag == "a" and values.get("href")) or "")
        self.loaded.add((tag in {"script", "img", "iframe"} and values.get("src")) or "")
        if tag == "link" and values.get("rel") in {"stylesheet", "icon", "preconnect", "preload"}:
            self.loaded.add(values.get("href") or "")


def build(output: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, BUILD, "--output", output],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("docs-site")
    built = build(output)
    assert built.returncode == 0, built.stdout + built.stderr
    return output


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[Path, HtmlPage]:
    return {path: HtmlPage(path) for path in (folder / "site").rglob("*.html") if path.name != "404.html"}


def test_every_page_is_in_the_menu_and_everything_in_the_menu_is_a_page(folder: Path) -> None:
    def named(entries: list[object]) -> list[str]:
        found: list[str] = []
        for entry in entries:
            assert isinstance(entry, dict)
            for target in entry.values():
                found += [target] if isinstance(target, str) else named(target)
        return found

    menu = named(tomllib.loads((folder / "zensical.toml").read_text())["project"]["nav"])
    written = {str(path.relative_to(folder / "docs")) for path in (folder / "docs").rglob("*.md")}
    assert sorted(menu) == sorted(written)


def test_every_link_leads_to_a_page_and_a_heading(pages: dict[Path, HtmlPage]) -> None:
    broken = [
        f"{path.name}: {link}" for path, page in pages.items() for link in page.links if not leads(path, link, pages)
    ]
    assert broken == []
    assert len(pages) > 25


def leads(path: Path, link: str, pages: dict[Path, HtmlPage]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or not link:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.suffix != ".html":
        return target.exists()
    return target in pages and (not parts.fragment or unquote(parts.fragment) in pages[target].ids)


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, HtmlPage]) -> None:
    elsewhere = {source for page in pages.values() for source in page.loaded if urlsplit(source).netloc}
    assert elsewhere == set()


def test_a_link_to_code_leads_to_the_repository(pages: dict[Path, HtmlPage], folder: Path) -> None:
    links = pages[folder / "site" / "glossary.html"].links
    assert any(link.startswith("https://") and link.endswith("/gateway/sandbox") for link in links)
