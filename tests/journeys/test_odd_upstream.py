"""What players see, and what is counted and logged, when upstream bodies are not quite as the contract says."""

import json
import logging

import httpx
import pytest

from tests.support.stack import BEN, Fault, Stack

CHAINS = "{ viewer { offerChains { name description steps { number items { name quantity } } } } }"
STEP = {"step_number": 1, "is_free": True, "is_claimed": False, "items": [{"sku": "gem", "name": "Gem", "quantity": 1}]}
CHAIN = {"id": 7, "name": "Path", "date_start": "2026-01-05T00:00:00Z", "steps": [STEP], "next_step_number": 1}


def sends(text: str) -> Fault:
    """A fault that answers with these bytes, which no JSON library of ours would write."""

    async def fault(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=text.encode())

    return fault


def page(*chains: str) -> str:
    return f'{{"items": [{", ".join(chains)}], "has_more": false}}'


async def shown(stack: Stack, text: str) -> list[dict[str, object]]:
    stack.seam.on("GET /user/offer_chain", sends(text))
    data = await stack.data(CHAINS, token=stack.token(BEN))
    chains: list[dict[str, object]] = data["viewer"]["offerChains"]
    return chains


async def oddities(stack: Stack) -> dict[str, float]:
    """How often each kind was counted for the list of offer chains."""
    lines = (await stack.http.get(f"{stack.gateway_url}/metrics")).text.splitlines()
    name = 'gateway_upstream_oddities_total{call="offer_chains",kind="'
    counted = [line.removeprefix(name).split('"} ') for line in lines if line.startswith(name)]
    return {kind: float(value) for kind, value in counted if float(value)}


async def test_half_an_emoji_costs_half_an_emoji(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    odd = json.dumps({**CHAIN, "id": 8}).replace('"Gem"', '"Gem \\ud83c"')
    with caplog.at_level(logging.WARNING):
        chains = await shown(stack, page(json.dumps(CHAIN), odd))
    names = [chain["steps"][0]["items"][0]["name"] for chain in chains]  # type: ignore[index]  # as asked above
    assert names == ["Gem", "Gem \ufffd"]
    assert await oddities(stack) == {"repaired": 1}
    (record,) = [one for one in caplog.records if one.getMessage() == "upstream_oddity"]
    fields = {"call": "offer_chains", "kind": "repaired", "field": "steps.items.name", "object_id": 8}
    assert vars(record)["event_fields"] == fields


async def test_an_oddity_is_logged_once_and_counted_each_time(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    odd = [json.dumps({**CHAIN, "id": number, "description": []}) for number in range(3)]
    with caplog.at_level(logging.WARNING):
        chains = await shown(stack, page(*odd))
    assert [chain["description"] for chain in chains] == [None] * 3
    assert await oddities(stack) == {"absent": 3}
    assert [one.getMessage() for one in caplog.records].count("upstream_oddity") == 1


async def test_an_integral_float_is_a_whole_number(stack: Stack) -> None:
    (chain,) = await shown(stack, page(json.dumps(CHAIN).replace('"quantity": 1', '"quantity": 1.0')))
    assert chain["steps"] == [{"number": 1, "items": [{"name": "Gem", "quantity": 1}]}]


async def test_a_byte_order_mark_is_no_part_of_a_response(stack: Stack) -> None:
    assert [chain["name"] for chain in await shown(stack, "\ufeff" + page(json.dumps(CHAIN)))] == ["Path"]
