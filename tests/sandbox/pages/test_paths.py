"""The sandbox's own paths: health, stylesheet and pictures."""

import re
from xml.etree import ElementTree

import pytest

from gateway.sandbox.demo.items import DEMO_ITEMS
from gateway.sandbox.http.images import draw, image_path
from tests.sandbox.world import World


async def test_health_answers_while_the_database_does(world: World) -> None:
    answer = await world.client.get("/_sandbox/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "projects": 2})


async def test_pages_load_nothing_that_is_not_served(world: World) -> None:
    page = (await world.client.get("/_sandbox/pages/webhooks")).text
    assets = re.findall(r'<link[^>]* href="([^"]+)"', page)
    types = {path: (await world.client.get(path)).headers["content-type"] for path in assets}
    assert types == {"/_sandbox/style.css": "text/css; charset=utf-8", "/images/sandbox.svg": "image/svg+xml"}


async def test_every_demo_item_has_a_picture(world: World) -> None:
    for item in DEMO_ITEMS:
        assert item.image_url is not None
        picture = await world.client.get(item.image_url)
        assert picture.headers["cache-control"] == "public, max-age=86400"
        assert ElementTree.fromstring(picture.text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own


def test_two_skus_have_two_pictures() -> None:
    assert draw("gold") == draw("gold")
    assert draw("gold") != draw("moonstones")
    assert image_path("gold") == "/images/gold.svg"


@pytest.mark.parametrize("name", ["gold.png", "gold", ".svg", "a b.svg", "%3Csvg%3E.svg"])
async def test_no_other_picture_is_drawn(world: World, name: str) -> None:
    assert (await world.client.get(f"/images/{name}")).status_code == 404


async def test_pictures_of_other_sites_stay_as_they_are(world: World) -> None:
    with world.write() as tx:
        tx.run("UPDATE items SET image_url = 'https://cdn.test/gold.png' WHERE sku = 'gold'")
        tx.run("UPDATE items SET image_url = NULL WHERE sku = 'lantern_oil'")
        tx.run("UPDATE items SET image_url = NULL, name = NULL WHERE type = 'value_point'")
    chains = await world.anonymous().offer_chains()
    items = [step["items"][0] for step in chains["First Steps"]["steps"]]
    assert [item["image_url"] for item in items][:2] == ["https://cdn.test/gold.png", None]
    points = chains["Lantern Night"]["steps"][1]["step_vp_rewards"]
    assert [(point["name"], point["image_url"]) for point in points] == [("", ""), ("", "")]
