"""What of a client's request reaches the upstream, and nothing else."""

import pytest

from tests.support.stack import ANN, Stack, running_stack

NAMES = "{ viewer { offerChains { name } } }"
NOSY = {
    "accept-language": "de",
    "cookie": "session=1",
    "user-agent": "game/1.0",
    "x-forwarded-for": "203.0.113.9",
    "x-request-id": "mine",
    "x-user": "me",
    "x-unauthorized-id": "guest",
    "origin": "https://game.example",
}


def forwarded(stack: Stack) -> dict[str, str]:
    (request,) = stack.seam.requests
    headers = dict(request.headers)
    assert headers.pop("user-agent").startswith("liveops-gateway/")
    for own in ("host", "accept", "accept-encoding"):
        headers.pop(own)
    return headers


async def test_the_token_and_the_language_are_all_that_is_forwarded(stack: Stack) -> None:
    token = stack.token(ANN)
    await stack.data(NAMES, token=token, headers=NOSY)
    assert forwarded(stack) == {"authorization": f"Bearer {token}", "accept-language": "de"}


async def test_a_visitor_without_a_language_forwards_nothing(stack: Stack) -> None:
    await stack.data(NAMES)
    assert forwarded(stack) == {}


@pytest.mark.parametrize(("proxies", "address"), [("127.0.0.0/8", "203.0.113.9"), ("192.0.2.0/24", None)])
async def test_the_players_address_goes_on_where_it_is_switched_on_and_a_trusted_proxy_tells_it(
    proxies: str, address: str | None
) -> None:
    environment = {"GATEWAY_CLIENT_IP_HEADER": "X-User-Ip", "GATEWAY_TRUSTED_PROXIES": proxies}
    async with running_stack(environment) as stack:
        await stack.data(NAMES, headers=NOSY)
        expected = {"accept-language": "de"} | ({"x-user-ip": address} if address else {})
        assert forwarded(stack) == expected


async def test_visitors_from_different_addresses_do_not_share_prices() -> None:
    environment = {"GATEWAY_CLIENT_IP_HEADER": "X-User-Ip", "GATEWAY_TRUSTED_PROXIES": "127.0.0.0/8"}
    async with running_stack(environment) as stack:
        for address in ("203.0.113.9", "198.51.100.7", "203.0.113.9"):
            await stack.data(NAMES, headers={"x-forwarded-for": address})
        assert stack.calls() == {"GET /user/offer_chain": 2}
