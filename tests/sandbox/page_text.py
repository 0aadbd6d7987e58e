"""What is read of the sandbox's pages."""

import re

from tests.sandbox.world import World

PAGES = "/_sandbox/pages"


async def shown(world: World, path: str = "/") -> str:
    """Read a page and collapse its lines; every page keeps the strict policy."""
    answer = await world.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    return re.sub(r"\n\s*", "", answer.text)


def section(page: str, title: str) -> str:
    """Cut a section out of a page."""
    found = re.search(rf"<h2>{title}</h2>(.*?)</section>", page)
    assert found, f"no section {title}"
    return found[1]


def rows(text: str) -> list[str]:
    """The items of a list, without their tags."""
    return [re.sub("<[^>]+>", "|", row) for row in re.findall(r"<li>(.*?)</li>", text)]


async def act(world: World, path: str, **fields: object) -> str:
    """Send a form of a page, and read the page that it leads to."""
    answer = await world.client.post(path, data={name: str(value) for name, value in fields.items()})
    assert answer.status_code == 303, answer.text
    return await shown(world, answer.headers["location"])


async def refused(world: World, path: str, answered: int = 422, /, **fields: object) -> str:
    """Send a form that is refused, and read why."""
    answer = await world.client.post(path, data={name: str(value) for name, value in fields.items()})
    assert answer.status_code == answered
    found = re.search(r'<p role="alert">(.*?)</p>', answer.text)
    assert found
    return found[1]
