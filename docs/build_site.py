"""Build the documentation site into build/docs-site/site, and show it.

    scripts/docs                        build it; broken links end the build with exit code 1
    scripts/docs --serve                build it, and serve it at http://127.0.0.1:8010
    scripts/docs --serve --port 9000    at another port

The pages are the project's Markdown files, README.md first, and the schema reference, which is made anew. Links to
files that are no pages lead to the repository that pyproject.toml names.
"""

import argparse
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = Path(sys.executable)
OTHER_PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "bench/README.md": "bench.md",
    "bench/RESULTS.md": "results.md",
    "loadtest/README.md": "loadtest.md",
    "tests/README.md": "tests.md",
}
"""Pages that stand elsewhere than in docs/, and their names on the site."""
PICTURES = {".svg", ".png"}
LINK = re.compile(r"(\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
FENCED = re.compile(r"(^```.*?^```)", re.DOTALL | re.MULTILINE)
"""Code, where nothing is a link. It stands in a group, so that `split` keeps it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true", help="serve the site after it is built")
    parser.add_argument("--port", type=int, default=8010, help="the port to serve it at (8010)")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "docs-site", help="folder to build in")
    options = parser.parse_args()
    print("Copying the pages together ...", file=sys.stderr)
    copy_pages(options.output)
    print("Writing the schema reference ...", file=sys.stderr)
    command = [PYTHON, "-m", "gateway", "schema", "--format", "markdown"]
    reference = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    (options.output / "docs" / "schema.md").write_text(reference)
    print("Building ...", file=sys.stderr)
    built = subprocess.run([PYTHON.parent / "zensical", "build", "--clean", "--strict"], cwd=options.output)
    if built.returncode:
        sys.exit("The site was not built: see above.")
    print(f"Built: {options.output / 'site' / 'index.html'}")
    if options.serve:
        serve(options.output / "site", options.port)


def copy_pages(output: Path) -> None:
    """Copy pages, pictures and configuration to where they are built; links are changed to fit."""
    shutil.rmtree(output, ignore_errors=True)
    pages = {ROOT / source: page for source, page in OTHER_PAGES.items()}
    pages |= {path: str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    cookbook = {path: f"cookbook/{path.parent.name}.md" for path in sorted((ROOT / "kits").glob("*/README.md"))}
    pages |= cookbook
    repository = repository_url()
    for source, page in pages.items():
        target = output / "docs" / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(with_links(source, page, pages, repository))
    (output / "docs" / "images").mkdir()
    for picture in pictures(pages):
        shutil.copy(picture, output / "docs" / "images")
    entries = "".join(f'{{ "{title(path)}" = "{page}" }},' for path, page in cookbook.items())
    section = f'{{ "Cookbook" = [{entries}] }},' if entries else ""
    configuration = (ROOT / "docs" / "zensical.toml").read_text()
    (output / "zensical.toml").write_text(configuration.replace('{ "Cookbook" = [] },', section))


def pictures(pages: Iterable[Path]) -> set[Path]:
    """The pictures that the pages show."""
    texts = ((page, LINK.findall(page.read_text())) for page in pages)
    shown = (page.parent / target for page, links in texts for _, target, _ in links)
    return {path.resolve() for path in shown if path.suffix in PICTURES and path.is_file()}


def with_links(source: Path, page: str, pages: dict[Path, str], repository: str) -> str:
    """A page whose links lead to pages of the site, or to the repository."""

    def changed(link: re.Match[str]) -> str:
        before, target, after = link.groups()
        if "://" in target or target.startswith("mailto:"):
            return link[0]
        path = Path(os.path.normpath(source.parent / target))
        if path in pages or path.suffix in PICTURES:
            return before + os.path.relpath(pages.get(path, f"images/{path.name}"), Path(page).parent) + after
        # What leads nowhere stays as it is, so that the build names it.
        return f"{before}{repository}/{path.relative_to(ROOT)}{after}" if path.exists() else link[0]

    parts = FENCED.split(source.read_text())
    return "".join(part if part.startswith("```") else LINK.sub(changed, part) for part in parts)


def repository_url() -> str:
    """Where the project's files can be read."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    return f"{urls['Source']}/blob/main"


def title(page: Path) -> str:
    """The first heading of a page."""
    return page.read_text().split("\n", 1)[0].lstrip("# ")


def serve(site: Path, port: int) -> None:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"Serving at http://127.0.0.1:{server.server_port}; Ctrl+C ends it.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
