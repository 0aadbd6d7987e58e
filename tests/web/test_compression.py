"""Compressed responses: what is compressed, for whom, and that all encodings hold the same."""

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway import sandbox
from gateway.schema import ids
from gateway.web.content_encoding import MAX_ACCEPT_ENCODING_LENGTH, MIN_BYTES, ContentEncoding, accepted_encoding
from tests.support import operations
from tests.support.stack import ANN, BEN, Stack, running_stack

LONG = "{ viewer { offerChains { id name steps { id state number items { sku quantity content { name } } } } } }"
SHORT = "{ viewer { offerChains { id } } }"


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running_stack() as running:
        yield running


@dataclass(frozen=True)
class Answer:
    """A response; `content` is what was on the wire."""

    status_code: int
    headers: httpx.Headers
    content: bytes


async def ask(
    stack: Stack, query: str, encoding: str, method: str = "POST", *, player: sandbox.DemoPlayer = BEN, **headers: str
) -> Answer:
    """A response as it came."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {"authorization": f"Bearer {stack.token(player)}", "accept-encoding": encoding, **more}
    asked = {"query": query}
    url, as_json = f"{stack.gateway_url}/graphql", method == "POST"
    request = stack.http.build_request(
        method, url, headers=sent, params=None if as_json else asked, json=asked if as_json else None
    )
    response = await stack.http.send(request, stream=True)
    body = b"".join([part async for part in response.aiter_raw()])
    return Answer(response.status_code, response.headers, body)


def content(response: Answer) -> bytes:
    """The body without its encoding, which has to be the one that is named."""
    if response.headers.get("content-encoding") == "gzip":
        return gzip.decompress(response.content)
    assert "content-encoding" not in response.headers
    return response.content


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", ContentEncoding.GZIP),
        ("gzip, deflate, br, zstd", ContentEncoding.GZIP),
        ("GZip;Q=0.5", ContentEncoding.GZIP),
        ("x-gzip", ContentEncoding.GZIP),
        ("*", ContentEncoding.GZIP),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", ContentEncoding.GZIP),
        ("identity, gzip", ContentEncoding.GZIP),
        ("gzip;q=1.0, identity;q=0", ContentEncoding.ONLY_GZIP),
        ("gzip, *;q=0", ContentEncoding.ONLY_GZIP),
        ("*, identity;q=0", ContentEncoding.ONLY_GZIP),
        ("", ContentEncoding.IDENTITY),
        ("identity", ContentEncoding.IDENTITY),
        ("identity;q=1, gzip;q=0.5", ContentEncoding.IDENTITY),
        ("deflate, br", ContentEncoding.IDENTITY),
        ("gzip;q=0", ContentEncoding.IDENTITY),
        ("gzip;q=0, *", ContentEncoding.IDENTITY),
        ("gzip;q=none", ContentEncoding.IDENTITY),
        ("identity, *;q=0", ContentEncoding.IDENTITY),
        ("gzip," * MAX_ACCEPT_ENCODING_LENGTH, ContentEncoding.IDENTITY),
        ("br, identity;q=0", ContentEncoding.NONE),
        ("*;q=0", ContentEncoding.NONE),
    ],
)
def test_a_client_gets_the_encoding_that_it_accepts(accepted: str, encoding: ContentEncoding) -> None:
    assert accepted_encoding([(b"accept-encoding", accepted.encode())]) is encoding


def test_without_the_header_nothing_is_compressed_and_two_count_as_one() -> None:
    assert accepted_encoding([(b"accept", b"gzip")]) is ContentEncoding.IDENTITY
    both = [(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip, identity;q=0")]
    assert accepted_encoding(both) is ContentEncoding.ONLY_GZIP


WEIGHTS = some.sampled_from([None, "0", "0.0", "0.001", "0.5", "1", "1.000"])
CODINGS = some.sampled_from(["gzip", "identity", "*", "br", "deflate"])


@given(some.dictionaries(CODINGS, WEIGHTS, max_size=5), some.sampled_from([",", ", ", " ,\t"]))
def test_what_a_client_refuses_it_never_gets(weights: dict[str, str | None], separator: str) -> None:
    accepted = separator.join(
        coding if weight is None else f"{coding};q={weight}" for coding, weight in weights.items()
    )
    encoding = accepted_encoding([(b"accept-encoding", accepted.encode())])
    numbers = {coding: 1.0 if weight is None else float(weight) for coding, weight in weights.items()}
    takes_gzip = numbers.get("gzip", numbers.get("*", 0)) > 0
    takes_identity = numbers.get("identity", numbers.get("*", 1)) > 0
    taken = {
        (True, True): {ContentEncoding.GZIP, ContentEncoding.IDENTITY},
        (True, False): {ContentEncoding.ONLY_GZIP},
        (False, True): {ContentEncoding.IDENTITY},
        (False, False): {ContentEncoding.NONE},
    }
    assert encoding in taken[takes_gzip, takes_identity]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("order", [("gzip", "identity", "gzip"), ("identity", "gzip", "identity", "gzip")])
async def test_an_answer_that_is_given_again_is_the_same_in_each_encoding(
    stack: Stack, order: tuple[str, ...], method: str
) -> None:
    answers = [await ask(stack, LONG, encoding, method) for encoding in order]
    assert len({content(one) for one in answers}) == 1
    assert [one.headers.get("content-encoding", "identity") for one in answers] == list(order)
    assert [one.headers["x-gateway-execution"] for one in answers] == ["compiled"] + ["cached"] * (len(order) - 1)
    assert all(int(one.headers["content-length"]) == len(one.content) for one in answers)
    compressed = answers[order.index("gzip")]
    assert len(compressed.content) * 3 < len(content(compressed))


async def test_a_compressed_answer_takes_less_of_the_cache(stack: Stack) -> None:
    await ask(stack, LONG, "identity")
    uncompressed = await stack.figure("gateway_responses_bytes")
    await ask(stack, LONG, "gzip")
    compressed = await stack.figure("gateway_responses_bytes")
    await ask(stack, LONG, "identity")
    assert compressed == await stack.figure("gateway_responses_bytes") < uncompressed


async def test_each_encoding_has_a_validator_of_its_own(stack: Stack) -> None:
    tags = {encoding: (await ask(stack, LONG, encoding, "GET")).headers["etag"] for encoding in ("gzip", "identity")}
    assert tags["gzip"] == tags["identity"].removesuffix('"') + '-gzip"'
    for encoding, tag in tags.items():
        same = await ask(stack, LONG, encoding, "GET", if_none_match=tag)
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert "Accept-Encoding" in same.headers["vary"]
        [other] = set(tags.values()) - {tag}
        assert (await ask(stack, LONG, encoding, "GET", if_none_match=other)).status_code == 200


async def test_a_client_that_refuses_what_is_uncompressed_gets_even_short_answers_compressed(stack: Stack) -> None:
    short = await ask(stack, SHORT, "gzip")
    forced = await ask(stack, SHORT, "gzip, identity;q=0", "GET")
    assert "content-encoding" not in short.headers
    assert forced.headers["content-encoding"] == "gzip"
    assert content(forced) == short.content
    same = await ask(stack, SHORT, "gzip, identity;q=0", "GET", if_none_match=forced.headers["etag"])
    assert same.status_code == 304


async def test_a_client_that_refuses_all_is_told_before_anything_is_done(stack: Stack) -> None:
    refused = await ask(stack, LONG, "br, identity;q=0")
    assert refused.status_code == 406
    assert json.loads(refused.content)["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert stack.calls() == {}


async def test_an_answer_with_a_payment_token_is_not_compressed(stack: Stack) -> None:
    free, paid = (ids.encode(ids.IdKind.OFFER_STEP, 1, number) for number in (1, 2))
    await stack.data(operations.CLAIM_OFFER, {"stepId": free}, token=stack.token(ANN))
    items = "items { sku quantity content { sku name description imageUrl } }"
    selected = f"order {{ paymentUrl }} offerChain {{ steps {{ id state {items} }} }}"
    order = f'mutation {{ orderOfferChainStep(input: {{ stepId: "{paid}" }}) {{ {selected} }} }}'
    bought = await ask(stack, order, "gzip", player=ANN)
    assert json.loads(bought.content)["data"]["orderOfferChainStep"]["order"]["paymentUrl"]
    assert len(content(bought)) > MIN_BYTES
    assert "content-encoding" not in bought.headers


async def test_an_event_stream_is_not_compressed(stack: Stack) -> None:
    streamed = await ask(stack, LONG, "gzip", accept="text/event-stream")
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in streamed.headers
