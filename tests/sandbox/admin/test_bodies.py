"""Invalid request bodies."""

from itertools import product
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.sandbox import DEMO_API_KEY, DEMO_PROJECT_ID, create_sandbox
from gateway.sandbox.admin.request_body import LARGEST_BODY, refusal
from tests.sandbox.admin.publisher import (
    Publisher,
    bundle,
    clan_chain,
    item,
    offer_chain,
    package,
    problem,
    reward_chain,
    reward_step,
    without,
)
from tests.sandbox.world import ORIGIN, CheckedTransport, World

ROOT = f"/api/v2/project/{DEMO_PROJECT_ID}/admin"
WRITES: dict[tuple[str, str], Any] = {
    ("POST", "/offer_chain"): offer_chain(),
    ("PUT", "/offer_chain/id/1"): offer_chain(is_enabled=False),
    ("POST", "/reward_chain"): clan_chain(),
    ("PUT", "/reward_chain/id/5"): without(reward_chain(steps=[reward_step(step_id=None)]), "value_point"),
    ("POST", "/items/virtual_items"): item("new"),
    ("PUT", "/items/virtual_items/sku/ember_key"): item("ember_key", limits={"per_user": 1}),
    ("POST", "/items/virtual_currency"): item("new"),
    ("POST", "/items/virtual_currency/package"): package("new"),
    ("POST", "/items/bundle"): bundle("new"),
    ("PUT", "/items/bundle/sku/wanderer_bundle"): bundle("wanderer_bundle"),
    ("POST", "/items/value_points"): {"sku": "new", "name": {"en": "New"}},
    ("PUT", "/items/value_points/sku/vp_embers"): {"sku": "vp_embers", "name": None, "media_list": []},
    ("PUT", "/items/vp_embers/value_points/rewards"): [{"sku": "gold", "amount": 1}],
    ("PATCH", "/items/vp_embers/value_points/rewards"): [{"sku": "gold", "amount": 0}],
    ("PUT", "/webhook"): {"url": "https://site.example", "secret": "s", "is_enabled": True, "version": 2},
}
each_write = pytest.mark.parametrize(("method", "path"), WRITES, ids=" ".join)
NO_JSON = {
    "empty": b"",
    "cut off": b'{"sku": "a',
    "followed by more": b"{} {}",
    "not UTF-8": b'{"sku": "\xff"}',
    "half a surrogate pair": b'{"sku": "\\ud800"}',
    "very deep": b"[" * 100_000,
    "very deep inside": b'{"custom_attributes": {"a": ' + b"[" * 100_000,
    "not JSON": b"sku=a",
    "not a number": b'{"order": NaN}',
}


@each_write
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
async def test_what_is_not_json_is_refused(publisher: Publisher, method: str, path: str, body: bytes) -> None:
    auth = httpx.BasicAuth(str(DEMO_PROJECT_ID), DEMO_API_KEY)
    answer = await publisher.client.request(method, ROOT + path, content=body, auth=auth)
    assert problem(answer)[:2] == (422, 1102)


async def test_a_body_has_an_end(publisher: Publisher) -> None:
    refused = await publisher.post("/items/virtual_items", item(description={"en": "x" * LARGEST_BODY}))
    assert problem(refused) == (422, 1102, "The body is longer than 1048576 bytes")


@each_write
async def test_every_write_is_taken_as_it_should_be(world: World, publisher: Publisher, method: str, path: str) -> None:
    await publisher.put("/offer_chain/id/1/toggle")
    assert (await publisher.call(method, path, WRITES[method, path])).status_code in (201, 204)


@pytest.mark.parametrize(
    ("complaint", "property_", "text"),
    [
        ("Object missing required field `sku`", "sku", "The property `sku` is required"),
        ("Object missing required field `a b` - at `$.x[0]`", "x[0].a b", "The property `a b` is required"),
        ("Expected `int`, got `str`", "", "String value found, but an integer is required"),
        ("Expected `int | float`, got `null` - at `$[3].x`", "[3].x", "NULL value found, but a number is required"),
        ("Expected `str` matching regex '^\\\\d\\\\Z' - at `$.a`", "a", r"Does not match the regex pattern ^\d\Z"),
        ("Expected `str`, got `int` - at `key` in `$.name`", "name", "Integer value found, but a string is required"),
        ("Number out of range - at `$.f`", "f", "Number out of range"),
    ],
)
def test_a_complaint_is_put_into_the_upstream_s_words(complaint: str, property_: str, text: str) -> None:
    refused = refusal(complaint)
    assert str(refused) == f"Unprocessable Entity. {text}"
    assert refused.problem is not None
    assert (refused.problem.property, refused.problem.message) == (property_, text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def paths_into(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Name every place in a body, the whole of it included."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, child in inside for one in paths_into(child, (*path, key)))]


def replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Put something else in one place of a body."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


places = st.sampled_from([(write, path) for write, body in WRITES.items() for path in paths_into(body)])
strange = json_values | st.sampled_from(
    [
        2**63,
        -(2**63),
        2**64,
        1e308,
        5e-324,
        "\x00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        {"en": "\x00"},
    ]
)


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(places, strange)
async def test_nothing_that_can_be_sent_is_a_fault_of_the_sandbox(
    place: tuple[tuple[str, str], tuple[str | int, ...]], value: Any
) -> None:
    (method, path), where = place
    app = create_sandbox()
    # What is accepted must be readable too, for publishers and for players; the transport checks every response.
    async with httpx.AsyncClient(transport=CheckedTransport(app), base_url=ORIGIN) as client:
        publisher = Publisher(client)
        assert (await publisher.put("/offer_chain/id/1/toggle")).status_code == 204
        answer = await publisher.call(method, path, replaced(WRITES[method, path], where, value))
        assert answer.status_code in (201, 204, 404, 422)
        for read in ("/offer_chain", "/reward_chain", "/items/virtual_items", "/items/bundle", "/items/value_points"):
            await publisher.read(read)
        for chain, kind in product((1, 5, 8), ("offer", "reward")):
            await publisher.get(f"/{kind}_chain/id/{chain}")
        for read in ("offer_chain", "reward_chain"):
            assert (await client.get(f"/api/v2/project/{DEMO_PROJECT_ID}/user/{read}")).status_code == 200
    app.state.sandbox.close()
