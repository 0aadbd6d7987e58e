"""The package's version, the changelog's newest release and the newest tag are one."""

import re
import shutil
import subprocess

import pytest

from gateway import __version__
from tests.support.paths import REPOSITORY

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
NUMBERED = re.compile(r"\[?(\d+\.\d+\.\d+)\]?(?: - \d{4}-\d{2}-\d{2})?")
UNRELEASED = ("Unreleased", "[Unreleased]")


def disagreements(version: str, changelog: str, tags: list[str]) -> list[str]:
    """What is wrong with a version, the text of a changelog, and the tags of releases with the newest first."""
    headings = HEADING.findall(changelog)
    released = headings[1:] if headings and headings[0] in UNRELEASED else headings
    found = [f"'{one}' is no release" for one in released if not NUMBERED.fullmatch(one)]
    numbers = [match[1] for one in released if (match := NUMBERED.fullmatch(one))]
    if numbers and numbers[0] != version:
        found.append(f"the changelog's newest release is {numbers[0]}, the package {version}")
    if not headings:
        found.append("the changelog has no headings")
    if tags and tags[0].removeprefix("v") != version:
        found.append(f"the newest tag is {tags[0]}, the package {version}")
    if tags and not numbers:
        found.append(f"{tags[0]} is tagged and not in the changelog")
    return found


def release_tags() -> list[str]:
    """The tags of releases, newest first; none where git or the repository is missing, as in an archive."""
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        return []
    # In a container the files may belong to somebody else, at which git would stop.
    command = [git, "-c", "safe.directory=*", "-C", str(REPOSITORY), "tag", "--list", "--sort=-version:refname"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - no input
    return [tag for tag in listed.split() if re.fullmatch(r"v?\d+\.\d+\.\d+", tag)]


def test_version_changelog_and_tag_agree() -> None:
    assert disagreements(__version__, (REPOSITORY / "CHANGELOG.md").read_text(), release_tags()) == []


@pytest.mark.parametrize(
    ("changelog", "tags", "found"),
    [
        ("## Unreleased\n", [], []),
        ("## Unreleased\n## 1.2.0 - 2026-11-20\n## 1.1.0\n", ["v1.2.0", "v1.1.0"], []),
        ("## [1.2.0]\n", [], []),
        ("## 1.1.0\n", [], ["the changelog's newest release is 1.1.0, the package 1.2.0"]),
        ("## 1.2.0\n## Unreleased\n", [], ["'Unreleased' is no release"]),
        ("## 1.2.0\n", ["v1.3.0"], ["the newest tag is v1.3.0, the package 1.2.0"]),
        ("## Unreleased\n", ["v1.2.0"], ["v1.2.0 is tagged and not in the changelog"]),
        ("# Changelog\n", [], ["the changelog has no headings"]),
    ],
    ids=["unreleased", "released", "linked", "old heading", "heading below", "other tag", "tag alone", "empty"],
)
def test_what_disagrees_is_told(changelog: str, tags: list[str], found: list[str]) -> None:
    assert disagreements("1.2.0", changelog, tags) == found
