"""Requests and responses that put work off are those of httpx, and requests as bytes say what they say."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.messages import Origin, PresetRequest, RequestPreset, WholeResponse, written

ROOT = "https://Up.example:8443/api/"
OWN = (("accept", "application/json"), ("user-agent", "x"))
LIMITS = {"timeout": {"read": 1.0}}
FORWARDED = (("authorization", "Bearer t"), ("accept-language", "de"))


def preset() -> RequestPreset:
    return RequestPreset(ROOT, OWN, LIMITS)


def preset_request(method: str = "GET") -> PresetRequest:
    request = preset().request(method, "/chains?limit=3", FORWARDED)
    assert isinstance(request, PresetRequest)
    return request


def plain_request(method: str = "GET") -> httpx.Request:
    url = "https://up.example:8443/api/chains?limit=3"
    return httpx.Request(method, url, headers=[*OWN, *FORWARDED], extensions=LIMITS)


values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


@given(st.sampled_from(["GET", "POST", "PUT", "DELETE"]), st.lists(st.tuples(st.just("x-one"), values), max_size=4))
def test_a_preset_request_is_written_like_the_one_that_httpx_makes(
    method: str, forwarded: list[tuple[str, str]]
) -> None:
    request = preset().request(method, "/chains?limit=3&q=a%2Fb", forwarded)
    assert isinstance(request, PresetRequest)
    untouched = request.written()
    was_touched = [not request.is_untouched, request.content == b"", not request.is_untouched]
    assert was_touched == [False, True, True]
    assert written(request, b"") == untouched
    assert untouched[0] == Origin("https", "up.example", 8443)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_preset_request_that_is_looked_at_is_the_one_that_httpx_makes(method: str) -> None:
    request, plain = preset_request(method), plain_request(method)
    assert (request.method, request.url, request.headers.raw) == (plain.method, plain.url, plain.headers.raw)
    assert (request.content, request.extensions) == (plain.content, plain.extensions)
    assert repr(request) == repr(plain).replace("Request", "PresetRequest", 1)


def test_what_is_changed_on_a_preset_request_is_what_is_sent() -> None:
    request = preset_request()
    request.url = httpx.URL("http://other.example/x")
    assert not request.is_untouched
    request.headers["accept"] = "text/plain"
    origin, data = written(request, b"")
    assert origin == Origin("http", "other.example", 80)
    assert data.startswith(b"GET /x HTTP/1.1\r\n")
    assert b"accept: text/plain\r\n" in data
    assert preset_request().headers["accept"] == "application/json"


def test_a_change_of_extensions_stays_with_its_request() -> None:
    made = preset()
    made.request("GET", "/1", ()).extensions["total"] = 1.0
    assert made.request("GET", "/2", ()).extensions == LIMITS


@pytest.mark.parametrize("made", [preset_request(), WholeResponse(200, [], b"")], ids=["request", "response"])
def test_an_attribute_that_httpx_does_not_have_is_missing(made: httpx.Request | httpx.Response) -> None:
    assert not hasattr(made, "elsewhere")
    assert not hasattr(made, "elsewhere")


@pytest.mark.parametrize("bad", ["a\r\nX-Two: b", "a\rb", "a\nb", "a\0b", "ä", "a\r\n\r\nGET / HTTP/1.1"])
def test_a_value_that_would_split_a_preset_request_is_refused(bad: str) -> None:
    for forwarded in ([("x-one", bad)], [(bad, "1")]):
        request = preset().request("GET", "/chains", forwarded)
        assert isinstance(request, PresetRequest)
        with pytest.raises(httpx.LocalProtocolError) as caught:
            request.written()
        assert bad not in str(caught.value)


@pytest.mark.parametrize("bad", [b"a\r\nX-Two: b", b"a\rb", b"a\nb", b"a\0b"])
def test_a_value_that_would_split_a_request_is_refused(bad: bytes) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        written(httpx.Request("GET", "http://up.example", headers=[(b"x-one", bad)]), b"")


@pytest.mark.parametrize("bad", [b"x one", b"x:", b"", b"x\r\ny", "ä".encode()])
def test_a_header_without_a_proper_name_is_refused(bad: bytes) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        written(httpx.Request("GET", "http://up.example", headers=[(bad, b"1")]), b"")


@pytest.mark.parametrize("method", ["GET /x", "", "CONNECT", "G\r\nT"])
def test_a_method_that_is_none_is_refused(method: str) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        written(httpx.Request(method, "http://up.example"), b"")


@pytest.mark.parametrize("url", ["ftp://up.example/", "/only/a/path", "http:///path"])
def test_an_address_that_is_not_http_is_refused(url: str) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        written(httpx.Request("GET", url), b"")


def test_the_length_of_the_body_is_our_own_word() -> None:
    headers = {"Content-Length": "3", "Transfer-Encoding": "chunked"}
    request = httpx.Request("POST", "http://up.example/x", headers=headers, content=b"abcdef")
    assert written(request, b"abcdef")[1] == b"POST /x HTTP/1.1\r\nHost: up.example\r\nContent-Length: 6\r\n\r\nabcdef"


def test_a_request_without_a_host_gets_one() -> None:
    request = httpx.Request("PUT", "http://up.example:81/x", stream=httpx.ByteStream(b"ab"))
    assert written(request, b"ab")[1] == b"PUT /x HTTP/1.1\r\nHost: up.example:81\r\nContent-Length: 2\r\n\r\nab"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://Up.Example", Origin("http", "up.example", 80)),
        ("https://up.example/x", Origin("https", "up.example", 443)),
        ("https://bücher.example", Origin("https", "xn--bcher-kva.example", 443)),
        ("http://[::1]:8080", Origin("http", "::1", 8080)),
    ],
)
def test_an_origin_is_what_connections_lead_to(url: str, origin: Origin) -> None:
    assert Origin.of(httpx.URL(url)) == origin


async def test_a_whole_response_is_the_one_that_httpx_makes() -> None:
    pairs = [(b"Content-Type", b"text/plain; charset=latin-1"), (b"X", b"1"), (b"x", b"2")]
    made, plain = WholeResponse(418, pairs, b"\xe4"), httpx.Response(418, headers=pairs, content=b"\xe4")
    assert await made.aread() == b"\xe4"
    assert (made.status_code, made.headers.raw, made.text) == (418, pairs, plain.text)
    assert (made.is_closed, made.is_stream_consumed, made.extensions, repr(made)) == (
        True, True, {}, repr(plain),
    )  # fmt: skip
    await made.aclose()
