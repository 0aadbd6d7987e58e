"""A publisher's calls, and bodies of which a test spells out only what it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from gateway.sandbox import DEMO_API_KEY, DEMO_PROJECT_ID

START = "2026-01-01T00:00:00+00:00"


class Publisher:
    """Calls the administration of a project with its key."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        key: str = DEMO_API_KEY,
        project_id: int = DEMO_PROJECT_ID,
        *,
        user: str | None = None,
        version: str = "v2",
    ) -> None:
        self.client = client
        self._auth = httpx.BasicAuth(str(project_id) if user is None else user, key)
        self._root = f"/api/{version}/project/{project_id}/admin"

    async def call(self, method: str, path: str, body: object = None, **query: object) -> httpx.Response:
        content = {} if body is None else {"json": body}
        return await self.client.request(
            method,
            self._root + path,
            auth=self._auth,
            params={name: str(value) for name, value in query.items()},
            **content,  # type: ignore[arg-type]  # one keyword, or none
        )

    async def get(self, path: str, **query: object) -> httpx.Response:
        return await self.call("GET", path, **query)

    async def post(self, path: str, body: object = None) -> httpx.Response:
        return await self.call("POST", path, body)

    async def put(self, path: str, body: object = None) -> httpx.Response:
        return await self.call("PUT", path, body)

    async def patch(self, path: str, body: object) -> httpx.Response:
        return await self.call("PATCH", path, body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.call("DELETE", path)

    async def read(self, path: str, **query: object) -> Any:
        """Read what has to be there."""
        response = await self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    async def make_item(self, sku: str, **fields: object) -> None:
        """Create a virtual item."""
        response = await self.post("/items/virtual_items", item(sku, **fields))
        assert response.json() == {"sku": sku}, response.text

    async def make_offer_chain(self, **fields: Any) -> int:
        """Create an offer chain and return its id."""
        response = await self.post("/offer_chain", offer_chain(**fields))
        assert response.status_code == 201, response.text
        chain_id: int = response.json()["offer_chain_id"]
        return chain_id

    async def make_daily_chain(self, **fields: Any) -> int:
        """Create a daily chain and return its id."""
        response = await self.post("/daily_chain", daily_chain(**fields))
        assert response.status_code == 201, response.text
        chain_id: int = response.json()["daily_chain_id"]
        return chain_id

    async def make_reward_chain(self, **fields: Any) -> int:
        """Create a reward chain and return its id."""
        response = await self.post("/reward_chain", reward_chain(**fields))
        assert response.status_code == 201, response.text
        chain_id: int = response.json()["reward_chain_id"]
        return chain_id


def daily_chain(*, steps: Sequence[object] | None = None, **fields: object) -> dict[str, Any]:
    """A daily chain of three days."""
    days = [{"step_number": number, "items": [{"sku": "gold", "quantity": number}]} for number in (1, 2, 3)]
    return {"name": {"en": "Daily"}, "date_start": START, "steps": days if steps is None else steps, **fields}


def without(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Leave properties out."""
    return {name: value for name, value in body.items() if name not in names}


def usd(amount: float, **fields: object) -> dict[str, Any]:
    """A default price in dollars."""
    return {"amount": amount, "currency": "USD", "is_default": True, "is_enabled": True, **fields}


def item(sku: str = "sword", **fields: object) -> dict[str, Any]:
    """A virtual item."""
    return {"sku": sku, "name": {"en": sku.title()}, "description": None, **fields}


def package(sku: str = "gems_100", **fields: object) -> dict[str, Any]:
    """A package of the demo's moonstones."""
    content = [{"sku": "moonstones", "quantity": 100}]
    return item(sku, **{"prices": [usd(1.99)], "content": content, **fields})


def bundle(sku: str = "starter", **fields: object) -> dict[str, Any]:
    """A bundle of a demo item."""
    return item(sku, **{"prices": [usd(4.99)], "content": [{"sku": "ember_key", "quantity": 2}], **fields})


def step(number: int = 1, sku: str = "ember_key", *, is_free: bool = True, **fields: object) -> dict[str, Any]:
    """A step of an offer chain."""
    return {"step_number": number, "is_free": is_free, "items": [{"sku": sku, "quantity": 1}], **fields}


def offer_chain(*, steps: Sequence[object] | None = None, **fields: object) -> dict[str, Any]:
    """An offer chain of one free step."""
    return {
        "name": {"en": "Made"},
        "date_start": START,
        "is_enabled": True,
        "steps": [step()] if steps is None else steps,
        **fields,
    }


def reward_step(points: int = 10, sku: str = "gold", **fields: object) -> dict[str, Any]:
    """A step of a reward chain."""
    reward = [{"sku": sku, "quantity": 1}]
    return {"name": {"en": f"{points}"}, "price": {"amount": points}, "reward": reward, **fields}


def reward_chain(*, steps: Sequence[object] | None = None, **fields: object) -> dict[str, Any]:
    """A personal reward chain on the demo's embers."""
    return {
        "name": {"en": "Earned"},
        "date_start": START,
        "is_enabled": True,
        "value_point": {"sku": "vp_embers"},
        "steps": [reward_step()] if steps is None else steps,
        **fields,
    }


def clan_chain(**fields: Any) -> dict[str, Any]:
    """A reward chain of clans on the demo's banners."""
    clan: dict[str, Any] = {
        "value_point": {"sku": "vp_banners"},
        "clan_type": "guild",
        "popup_header": {"en": "How"},
        "popup_instruction": {"en": "So"},
    }
    return reward_chain(**(clan | fields))


def problem(response: httpx.Response) -> tuple[int, int, str]:
    """Read status, number and text of a refusal, the text without what all refusals of its kind begin with."""
    body = response.json()
    assert response.status_code == body["statusCode"]
    text = body["errorMessage"].removeprefix(f"[0401-{body['errorCode']}]: ").removeprefix("Unprocessable Entity. ")
    return response.status_code, body["errorCode"], text
