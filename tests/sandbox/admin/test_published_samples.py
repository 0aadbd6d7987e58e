"""The vendor's published samples of Admin calls: bodies are taken, and responses are of the same shape."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from tests.sandbox.admin.publisher import Publisher, daily_chain, item, without
from tests.support.published_samples import PublishedSample, differences, published, published_samples

MANY_VALUES = {"external_id": "a", "values": [{"external_id": f"v{number}", "value": {}} for number in range(7)]}
# What the samples name and do not create.
GOODS = (
    *(f"com.example.iron_{part}_1" for part in ("gloves", "boots", "shield", "armour", "helmet")),
    *(f"com.example.item_{number}" for number in range(1, 5)),
    *("com.example.booster_1", "com.example.booster_mega", "booster_1", "booster_mega", "vg_enabled_shown_in_store_2"),
    *(one["items"][0]["sku"] for one in published("admin-create-offer-chain", "request")["steps"][:3]),
)
OFFER, REWARD = "/offer_chain/id/{offer}", "/reward_chain/id/{reward}"
POINT = "/items/value_points/sku/{point}"
GIVEN = "/items/com.example.reward_vp_1/value_points/rewards"
GOOD, CURRENCY = "/items/virtual_items/sku/com.example.sword_1", "/items/virtual_currency/sku/com.example.coin_1"
PACKAGE = "/items/virtual_currency/package/sku/com.example.crown_500"
BUNDLE = "/items/bundle/sku/com.example.armour_chest_1"
CALLS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "admin-create-virtual-item": ("POST", "/items/virtual_items"),
        "admin-create-virtual-currency": ("POST", "/items/virtual_currency"),
        "admin-create-virtual-currency-package": ("POST", "/items/virtual_currency/package"),
        "admin-create-bundle": ("POST", "/items/bundle"),
        "admin-create-value-points": ("POST", "/items/value_points"),
        "admin-create-reward-chain": ("POST", "/reward_chain"),
        "admin-create-offer-chain": ("POST", "/offer_chain"),
        "admin-update-virtual-item": ("PUT", GOOD),
        "admin-update-virtual-currency": ("PUT", CURRENCY),
        "admin-update-virtual-currency-package": ("PUT", PACKAGE),
        "admin-update-bundle": ("PUT", BUNDLE),
        "admin-update-value-point": ("PUT", POINT),
        "admin-set-items-value-point-reward": ("PUT", GIVEN),
        "admin-patch-items-value-point-reward": ("PATCH", GIVEN),
        "admin-update-reward-chain": ("PUT", REWARD),
        "admin-update-offer-chain": ("PUT", OFFER),
        "update-webhook": ("PUT", "/webhook"),
        "admin-get-virtual-items-list": ("GET", "/items/virtual_items"),
        "admin-get-virtual-items-list-by-group-external-id": ("GET", "/items/virtual_items/group/external_id/weapons"),
        "admin-get-virtual-items-list-by-group-id": ("GET", "/items/virtual_items/group/id/{weapons}"),
        "admin-get-virtual-item": ("GET", GOOD),
        "admin-get-virtual-currencies-list": ("GET", "/items/virtual_currency"),
        "admin-get-virtual-currency": ("GET", CURRENCY),
        "admin-get-virtual-currency-packages-list": ("GET", "/items/virtual_currency/package"),
        "admin-get-virtual-currency-package": ("GET", PACKAGE),
        "admin-get-bundle-list": ("GET", "/items/bundle"),
        "admin-get-bundle-list-in-group-by-id": ("GET", "/items/bundle/group/id/{chests}"),
        "admin-get-bundle-list-in-group-by-external-id": ("GET", "/items/bundle/group/external_id/chests"),
        "admin-get-bundle": ("GET", BUNDLE),
        "admin-get-value-points-list": ("GET", "/items/value_points"),
        "admin-get-value-point": ("GET", POINT),
        "admin-get-items-value-point-reward": ("GET", GIVEN),
        "admin-get-reward-chains": ("GET", "/reward_chain"),
        "admin-get-reward-chain": ("GET", REWARD),
        "admin-get-offer-chain": ("GET", OFFER),
        "admin-get-daily-chain": ("GET", "/daily_chain/id/{daily}"),
        "get-webhook": ("GET", "/webhook"),
        "admin-delete-virtual-item": ("DELETE", GOOD),
        "admin-delete-virtual-currency": ("DELETE", CURRENCY),
        "admin-delete-virtual-currency-package": ("DELETE", PACKAGE),
        "admin-delete-bundle": ("DELETE", BUNDLE),
        "admin-show-bundle": ("PUT", BUNDLE + "/show"),
        "admin-hide-bundle": ("PUT", BUNDLE + "/hide"),
        "admin-delete-value-point": ("DELETE", POINT),
        "admin-delete-items-value-point-reward": ("DELETE", GIVEN),
        "admin-delete-reward-chain": ("DELETE", REWARD),
        "admin-toggle-reward-chain": ("PUT", REWARD + "/toggle"),
        "admin-reset-reward-chain": ("POST", REWARD + "/reset"),
    }
)
SAMPLES = [one for one in published_samples() if one.operation in CALLS]
# What is created comes before what is changed, and items before the bundles and chains that hold them.
REQUESTS = sorted((one for one in SAMPLES if one.status is None), key=lambda one: list(CALLS).index(one.operation))
BROKEN: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "422": {"unknown": True},
        "422 Numbers of attributes per item exceeded": {
            "attributes": [{"external_id": f"a{number}", "values": []} for number in range(21)]
        },
        "422 Numbers of attribute values per item exceeded": {"attributes": [MANY_VALUES]},
        "422 Value limit exceeded": {"attributes": [MANY_VALUES]},
        "422 Custom attributes JSON can’t exceed 500 characters": {"custom_attributes": {"a": "x" * 500}},  # noqa: RUF001 - as published
    }
)
"""What is wrong with the body that a refusal answers; without an entry, it lacks a SKU."""
NOWHERE = {"offer": 999, "reward": 999}


class PublishedProject:
    """The demo's project with what the samples create in it; `ids` are what paths name."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.ids: dict[str, object] = {"point": "com.example.reward_vp_1", "weapons": 1, "chests": 4}
        self.clan_ids: dict[str, object] = {"point": "com.example.clan_value_point_1"}
        self.created: dict[str, Any] = {}

    async def set_up(self) -> None:
        """Create what the samples name and do not create, then send each of their bodies."""
        for sku in GOODS:
            await self.publisher.make_item(sku)
        assert (await self.publisher.post("/items/virtual_currency", item("com.example.crown"))).is_success
        assert (await self.publisher.post("/items/value_points", item("com.example.value_point_1"))).is_success
        made = (await self.publisher.post("/daily_chain", daily_chain(description={"en": "Daily"}))).json()
        self.ids["daily"] = made["daily_chain_id"]
        for sample in REQUESTS:
            if sample.staying:
                method, path = CALLS[sample.operation]
                assert (await self.publisher.call(method, path.format(**self.ids), sample.body)).status_code == 422
            response = await self.send(sample)
            assert response.is_success, f"{sample}: {response.text}"
            if response.status_code == 201:
                self.created[sample.operation] = response.json()
            if sample.operation in {"admin-create-offer-chain", "admin-create-reward-chain"}:
                ((key, number),) = response.json().items()
                (self.clan_ids if "clan" in sample.part else self.ids)[key.removesuffix("_chain_id")] = number
            if sample.operation == "admin-create-offer-chain":
                assert (await self.publisher.put(OFFER.format(**self.ids) + "/toggle")).is_success

    async def send(self, sample: PublishedSample) -> httpx.Response:
        """Send the call of a sample: its own body, or one that leads to its response."""
        method, path = CALLS[sample.operation]
        ids = self.ids | (self.clan_ids if "clan" in sample.part else {}) | (NOWHERE if sample.status == 404 else {})
        publisher = Publisher(self.publisher.client, "not-the-key") if sample.status == 401 else self.publisher
        body = body_of(sample)
        if sample.operation == "admin-update-reward-chain" and sample.status is None:
            body |= {"steps": await self._own_steps(path.format(**ids), body["steps"])}
        return await publisher.call(method, path.format(**ids), body)

    async def _own_steps(self, path: str, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The steps with the ids that they have here."""
        known = (await self.publisher.read(path))["steps"]
        return [step | {"step_id": here["step_id"]} for step, here in zip(steps, known, strict=True)]


def body_of(sample: PublishedSample) -> Any:
    """The body to send: the sample's own, or one that leads to a response."""
    if sample.status is None:
        return as_live(sample)
    body = next((as_live(one) for one in REQUESTS if one.operation == sample.operation), None)
    if body is None or sample.status != 422:
        return body
    return body | BROKEN[sample.part] if sample.part in BROKEN else without_sku(body)


def as_live(sample: PublishedSample) -> Any:
    """The body without what the live service was seen to refuse: amounts as text, the kind of clan in an update."""
    body = sample.body
    if "$.prices[].amount" in sample.staying:
        body = body | {"prices": [price | {"amount": float(price["amount"])} for price in body["prices"]]}
    return without(body, "clan_type") if "$.clan_type" in sample.staying else body


def without_sku(body: dict[str, Any]) -> dict[str, Any]:
    """Leave the SKU out: the item's own, or that of what a chain gives."""
    if "sku" in body:
        return without(body, "sku")
    reward = {"name": None, "price": {"amount": 1}, "reward": [{"quantity": 1}], "step_id": None}
    return body | {"steps": [reward if "step_id" in body["steps"][0] else without(reward, "step_id")]}


@pytest.fixture
async def project(publisher: Publisher) -> PublishedProject:
    made = PublishedProject(publisher)
    await made.set_up()
    return made


async def test_every_body_is_taken(project: PublishedProject) -> None:
    # Setting the project up has sent them all; what is new about one of them can be seen.
    shown = await project.publisher.read(GOOD)
    assert [(price["currency"], price["is_default"], price["is_enabled"]) for price in shown["prices"]] == [
        ("USD", True, True),
        ("CZK", True, False),
    ]


async def test_every_creation_is_answered_in_the_shape_of_its_sample(project: PublishedProject) -> None:
    samples = {one.operation: one.body for one in SAMPLES if one.status == 201}
    found = {name: differences(body, project.created[name]) for name, body in samples.items()}
    assert found == {name: set() for name in samples}


async def test_every_response_is_of_the_shape_of_its_sample(project: PublishedProject) -> None:
    found = {}
    for sample in (one for one in SAMPLES if one.status == 200):
        response = await project.send(sample)
        assert response.status_code == 200, f"{sample}: {response.text}"
        found[str(sample)] = differences(sample.body, response.json())
    assert found == {str(one): set(one.staying) for one in SAMPLES if one.status == 200}


async def test_every_refusal_is_of_the_shape_of_its_sample(project: PublishedProject) -> None:
    refusals = [one for one in SAMPLES if (one.status or 0) >= 400]
    found = {}
    for sample in refusals:
        response = await project.send(sample)
        assert response.status_code == sample.status, f"{sample}: {response.text}"
        found[str(sample)] = differences(sample.body, response.json()) | other_numbers(sample.body, response.json())
    assert found == {str(one): set(one.staying) for one in refusals}


def other_numbers(sample: Any, answer: Any) -> set[str]:
    """The numbers of a refusal that differ."""
    return {f"{key}: {sample[key]}" for key in ("statusCode", "errorCode") if sample[key] != answer[key]}
