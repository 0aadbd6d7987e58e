"""The plain stack's context: one player during one request, and what was asked of the upstream for them."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import strawberry


class Player:
    """The calls of one player during one request, each made once."""

    def __init__(self, client: httpx.AsyncClient, authorization: str | None) -> None:
        self.is_signed_in = authorization is not None
        self.now = datetime.now(UTC)
        self._client = client
        self._headers = {"Authorization": authorization} if authorization else {}
        self._calls: dict[str, asyncio.Future[Any]] = {}

    async def get(self, path: str) -> Any:
        if path not in self._calls:
            self._calls[path] = asyncio.ensure_future(self._get(path))
        return await self._calls[path]

    async def _get(self, path: str) -> Any:
        response = await self._client.get(path, headers=self._headers)
        response.raise_for_status()
        return response.json()


Info = strawberry.Info[Player, None]
