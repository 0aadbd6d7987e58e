"""The running gateway, as clients and the vendor reach it: readiness, a player's query, a webhook."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import msgspec

from gateway.doctor.findings import Finding, ok, problem, skipped, warning
from gateway.settings import Settings
from gateway.webhooks.signature import signed

QUERY = "{ viewer { isSignedIn offerChains { id } } }"
WEBHOOK_PATH = "/webhooks/xsolla"
SECONDS = 10.0
_OK = 200

_START = "Start it with these settings, or name where it is with --gateway-url."


class RunningGateway:
    """A gateway at an address. Whatever is sent to it changes nothing."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport) -> None:
        self._http = httpx.AsyncClient(transport=transport, base_url=url, timeout=SECONDS, trust_env=False)

    async def answers(self, player_token: str | None) -> AsyncIterator[Finding]:
        """Ask for a player's chains, as a game does."""
        headers = {"authorization": f"Bearer {player_token}"} if player_token else {}
        response = await self._post("/graphql", msgspec.json.encode({"query": QUERY}), headers)
        if response is None:
            yield skipped("gateway", "no gateway answers at this address", _START)
            return
        body = _object(response)
        codes = sorted({str(error["extensions"]["code"]) for error in _errors(body)})
        if codes:
            yield problem("gateway", f"a player's query ends with {', '.join(codes)}", "Look it up in docs/errors.md.")
        elif response.status_code != _OK or "data" not in body:
            yield problem("gateway", f"a query was answered with {response.status_code}", _START)
        else:
            yield ok("gateway", "answers a player's query")

    async def takes_webhooks(self, settings: Settings) -> AsyncIterator[Finding]:
        """Send what the vendor sends to ask about a user, signed and then with another signature.

        It is a question (client contract, 8.2): nothing is recorded, and no player is notified.
        """
        if not settings.webhook_secret:
            fix = "Set GATEWAY_WEBHOOK_SECRET, and the same secret and URL in Publisher Account."
            yield skipped("webhook", "webhooks are off: players see payments only when their orders are polled", fix)
            return
        question = {"notification_type": "user_validation", "user": {"id": "gateway-doctor"}}
        body = msgspec.json.encode({**question, "settings": {"project_id": settings.project_id}})
        response = await self._post(WEBHOOK_PATH, body, {"authorization": signed(body, settings.webhook_secret[0])})
        if response is None:
            yield skipped("webhook", "no gateway answers at this address", _START)
            return
        forged = await self._post(WEBHOOK_PATH, body, {"authorization": signed(body, "another secret")})
        yield _webhook(response, forged, settings)

    async def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response | None:
        try:
            return await self._http.post(path, content=body, headers={"content-type": "application/json", **headers})
        except httpx.HTTPError:
            return None


def _webhook(response: httpx.Response, forged: httpx.Response | None, settings: Settings) -> Finding:
    code = str(_dict(_object(response).get("error")).get("code", ""))
    if forged is not None and forged.is_success:
        fix = "See that the address is this gateway's: anybody could tell it of payments."
        return problem("webhook", "one with a wrong signature is accepted", fix)
    if response.is_success:
        return ok("webhook", "a signed one is accepted, one with a wrong signature is not")
    if code == "INVALID_SIGNATURE":
        fix = "Set the same GATEWAY_WEBHOOK_SECRET for the gateway that runs, then start it again."
        return problem("webhook", "the gateway has another secret than these settings", fix)
    if code == "FORBIDDEN":
        fix = "That is right if only the vendor's addresses are in GATEWAY_WEBHOOK_ADDRESSES; try from one of them."
        return warning("webhook", "webhooks are not accepted from this address", fix)
    if settings.webhook_relay_url is not None and code == "INVALID_USER":
        return ok("webhook", "a signed one is accepted, and the backend says that it does not know the user")
    fix = "Look at GATEWAY_WEBHOOK_SECRET and GATEWAY_ROOT_PATH, and at the proxy before the gateway."
    return problem("webhook", f"a signed one was answered with {response.status_code}", fix)


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        return _dict(msgspec.json.decode(response.content))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _errors(body: dict[str, Any]) -> list[dict[str, Any]]:
    errors = body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return [one for one in listed if isinstance(one, dict) and "code" in _dict(one.get("extensions"))]


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
