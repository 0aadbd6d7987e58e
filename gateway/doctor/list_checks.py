"""What a player reads: whether their token is accepted, each list decoded, currencies, and pages."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from typing import Any

import msgspec

from gateway import sandbox
from gateway.doctor.calls import Answer, Calls
from gateway.doctor.findings import Finding, ok, problem, skipped, warning
from gateway.errors import GatewayError
from gateway.settings import Settings
from gateway.upstream import catalog
from gateway.upstream.decode import Page
from gateway.upstream.decode_lists import ChainLists
from gateway.upstream.lenient import Oddity, Report

PATHS: Mapping[str, str] = {
    "offer_chains": "/user/offer_chain",
    "reward_chains": "/user/reward_chain",
    "daily_chains": "/user/daily_chain",
    "catalog": catalog.path(None, None),
}
TOKEN_FIX = "Give a player's token: PLAYER_TOKEN, PLAYER_TOKEN_FILE or --token-from-stdin."  # noqa: S105 - no token
_UNAUTHORIZED = 401
_NOT_THERE = frozenset({403, 404})
_LARGE_PAGE = 50
_NAMED = 8

Decoder = Callable[[bytes, Report], Page[Any]]


async def token(calls: Calls, given: str | None, words: str) -> AsyncIterator[Finding]:
    """Whether the upstream accepts the token; `words` say what can be read of it, such as that it has expired."""
    if given is None:
        yield skipped("token", "no player's token was given; lists are read anonymously", TOKEN_FIX)
        return
    answer = await calls.get(PATHS["offer_chains"])
    if answer.response is not None and answer.response.status == _UNAUTHORIZED:
        fix = "Take a new token of a player of this Login project, and look at GATEWAY_PROJECT_ID."
        yield problem("token", f"the upstream does not accept it{words}", fix)
    elif answer.is_ok:
        yield ok("token", f"the upstream accepts it{words}")
    else:
        yield problem("token", f"cannot be tried: {answer.words}", answer.advice)


async def lists(calls: Calls) -> AsyncIterator[Finding]:
    """Read the first page of every list as the gateway does, and name what is not as its contract says."""
    chains = ChainLists()
    decoders: Mapping[str, Decoder] = {
        "offer_chains": chains.offer_chains,
        "reward_chains": chains.reward_chains,
        "daily_chains": chains.daily_chains,
        "catalog": catalog.items,
    }
    for name, path in PATHS.items():
        answer = await calls.get(path)
        if answer.response is not None and answer.is_ok:
            yield _read(name, decoders[name], answer.response.body)
        elif answer.response is not None and name == "daily_chains" and answer.response.status in _NOT_THERE:
            yield skipped(name, "the project has none: the upstream has no such list")
        else:
            yield problem(name, answer.words, answer.advice)


def _read(name: str, decode: Decoder, body: bytes) -> Finding:
    oddities: Counter[tuple[Oddity, str]] = Counter()

    def note(oddity: Oddity, path: str, _id: object) -> None:
        oddities[oddity, f"{name}.{path}".removesuffix(".")] += 1

    try:
        page = decode(body, note)
    except GatewayError:
        return problem(name, "the answer is not a list as its contract describes", "Report it with this line.")
    found = f"{page.received} read" + (", and there are more" if page.has_more else "")
    lost = sorted({path for (oddity, path) in oddities if oddity is Oddity.DROPPED})
    if lost:
        text = f"{found}; left out, since it cannot be read: {_names(lost)}"
        return problem(name, text, "Players do not see it. Report it with this line.")
    odd = sorted({f"{path} ({oddity.value})" for oddity, path in oddities})
    new = sorted({f"{path} (unknown {kind.value})" for kind, path in _undocumented(name, body)})
    if odd or new:
        fix = "Players see the rest as usual. Report it with this line, so that the gateway learns it."
        return warning(name, f"{found}; not as the contract says: {_names([*odd, *new])}", fix)
    return ok(name, f"{found}, as the contract says")


def _undocumented(name: str, body: bytes) -> Iterable[tuple[sandbox.Undocumented, str]]:
    try:
        return list(sandbox.undocumented_in(name, _elements(body)))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # The lenient reader takes JSON that is none for this one, and has named it.
        return []


def _elements(body: bytes) -> object:
    answer = msgspec.json.decode(body)
    return answer.get("items") if isinstance(answer, dict) else None


def _names(names: list[str]) -> str:
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


async def currencies(calls: Calls, settings: Settings, player_address: str | None) -> AsyncIterator[Finding]:
    """Which currencies prices have as seen from here, and as seen from a player's address."""
    here = await _currencies(calls)
    words = f"prices are in {_listed(here)} from this address"
    if player_address is None:
        yield skipped("currency", words, "Add --player-address to see the prices of a player's country.")
        return
    header = settings.client_ip_header or "X-Forwarded-For"
    there = await _currencies(calls, (header.lower(), player_address))
    text = f"{words}, in {_listed(there)} from the player's"
    if settings.client_ip_header is None:
        fix = (
            "Set GATEWAY_CLIENT_IP_HEADER and GATEWAY_TRUSTED_PROXIES, or players see prices of this machine's country."
        )
        yield warning("currency", text, fix) if there != here else ok("currency", text)
    else:
        yield ok("currency", text)


async def _currencies(calls: Calls, *headers: tuple[str, str]) -> set[str]:
    found: set[str] = set()
    for path in (PATHS["offer_chains"], PATHS["catalog"]):
        answer = await calls.get(path, *headers)
        if answer.response is not None and answer.is_ok:
            found |= set(_currencies_in(answer.response.body))
    return found


def _currencies_in(body: bytes) -> Iterable[str]:
    try:
        waiting: list[Any] = [msgspec.json.decode(body)]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            currency = value.get("currency")
            # Three letters and nothing else: a field's value is otherwise never shown.
            if isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isalpha():
                yield currency


def _listed(found: set[str]) -> str:
    return " and ".join(sorted(found)) or "no currency"


async def pages(calls: Calls) -> AsyncIterator[Finding]:
    """How many offer chains a page holds, by default and when many are asked for."""
    read = partial(_page, calls)
    one, usual, many = await read("?limit=1"), await read(""), await read(f"?limit={_LARGE_PAGE}")
    sizes = [_size(answer) for answer in (one, usual, many)]
    if sizes[0] is None or sizes[1] is None:
        yield skipped("pages", "the list of offer chains cannot be read")
    elif sizes[0] > 1:
        fix = "The gateway reads on by what it receives. Report it with this line."
        yield warning("pages", f"a page of one was asked for, and {sizes[0]} came", fix)
    else:
        large = many.words if sizes[2] is None else str(sizes[2])
        large += f" where {_LARGE_PAGE} are asked for"
        yield ok("pages", f"limits are obeyed; a page held {sizes[1]} by default, {large}")


async def _page(calls: Calls, query: str) -> Answer:
    return await calls.get(PATHS["offer_chains"] + query)


def _size(answer: Answer) -> int | None:
    if answer.response is None or not answer.is_ok:
        return None
    try:
        elements = _elements(answer.response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return len(elements) if isinstance(elements, list) else None
