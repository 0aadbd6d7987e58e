"""What is released: the same bytes for the same files, links that work on a package index, and an image that runs."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from gateway.commands.demo import QUERY
from tests.support.commands import ENVIRONMENT, ask
from tests.support.paths import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
FILES = "https://github.com/liveops-gateway/liveops-gateway/blob/main/"
PICTURES = "https://raw.githubusercontent.com/liveops-gateway/liveops-gateway/main/"


def script(name: str, *arguments: object, **environment: str) -> None:
    command = [sys.executable, str(REPOSITORY / "scripts" / name), *map(str, arguments)]
    subprocess.run(command, check=True, env={**os.environ, **environment})  # noqa: S603 - our own script


def test_every_link_of_the_readme_works_on_a_package_index(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    shutil.copy(REPOSITORY / "README.md", page)
    script("absolute-links", page)
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    assert [link for link in links if not link.startswith(("https://", "http://", "#"))] == []
    ours = [link.removeprefix(FILES).removeprefix(PICTURES) for link in links if link.startswith((FILES, PICTURES))]
    assert len(ours) > 20
    assert [link for link in ours if not (REPOSITORY / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("[a](docs/a.md#b)", f"[a]({FILES}docs/a.md#b)"),
        ("![a](docs/a.svg)", f"![a]({PICTURES}docs/a.svg)"),
        ("[`a`](a.py), [b](b.md)", f"[`a`]({FILES}a.py), [b]({FILES}b.md)"),
        ("[a](https://a.example) [b](#b)", "[a](https://a.example) [b](#b)"),
    ],
)
def test_links_to_files_are_made_absolute(text: str, after: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    script("absolute-links", page)
    assert page.read_text() == after


def archive(path: Path, names: list[str], seconds: int, owner: str) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name in names:
            one = tarfile.TarInfo(name)
            one.size, one.mtime, one.uname, one.uid = len(name), seconds, owner, seconds
            tar.addfile(one, io.BytesIO(name.encode()))


def test_the_same_files_are_the_same_bytes_whoever_packs_them(tmp_path: Path) -> None:
    first, second = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    archive(first, ["p/a", "p/b"], 1_000, "ann")
    archive(second, ["p/b", "p/a"], 2_000, "ben")
    assert first.read_bytes() != second.read_bytes()
    for one in (first, second):
        script("repack-sdist", one, SOURCE_DATE_EPOCH="1700000000")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as tar:
        assert [(one.name, one.mtime, one.uname) for one in tar] == [
            ("p/a", 1_700_000_000, "root"),
            ("p/b", 1_700_000_000, "root"),
        ]


def test_a_package_index_is_told_what_it_is() -> None:
    assert {"Homepage", "Documentation", "Changelog", "Issues", "Source"} <= PROJECT["urls"].keys()
    assert "Typing :: Typed" in PROJECT["classifiers"]
    workflow = (REPOSITORY / ".github" / "workflows" / "ci.yml").read_text()
    tested = re.findall(r'"(3\.\d+)"', workflow)
    named = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)]
    assert named == tested


@pytest.mark.slow
async def test_the_images_steps_give_a_demo_that_answers(tmp_path: Path) -> None:
    """The steps of the first stage, run on copies of what they copy: without an engine, as far as that goes."""
    source, target = tmp_path / "src", tmp_path / "gateway"
    source.mkdir()
    build = DOCKERFILE.split("\nFROM ")[0]
    for line in re.findall(r"^COPY (.*)$", build, re.MULTILINE):
        *names, place = line.split()
        for name in names:
            if (REPOSITORY / name).is_dir():
                shutil.copytree(REPOSITORY / name, source / place, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(REPOSITORY / name, source / place)
    for step in re.findall(r"^RUN (.*)$", build, re.MULTILINE):
        command = step.replace("/opt/gateway", str(target)).replace("python -m venv", f"{sys.executable} -m venv")
        subprocess.run(command, shell=True, check=True, cwd=source)  # noqa: S602, ASYNC221 - the image's own steps
    arguments = ["demo", "--port", "0", "--sandbox-port", "0", "--json"]
    with subprocess.Popen(  # noqa: ASYNC220, S603 - what was just installed
        [target / "bin" / "liveops-gateway", *arguments], stdout=subprocess.PIPE, cwd=tmp_path, env=clean()
    ) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        answer = await ask(facts["graphql_url"], QUERY, facts["players"][0]["token"])
        process.terminate()
    assert answer["data"]["viewer"]["offerChains"]
    assert process.returncode == 0


def clean() -> dict[str, str]:
    """The environment without where this project's sources are."""
    return {name: value for name, value in ENVIRONMENT.items() if not name.startswith(("PYTHON", "COVERAGE"))}
