"""Requests of a template as bytes, and what is read of a response."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.messages import Limits, RequestLimits, RequestTemplate, Response, origin_of
from gateway.http.origin import Origin

ROOT = "https://Up.example:8443/api"
SHARED = (("accept", "application/json"), ("user-agent", "x"))
OWN = (("authorization", "Bearer t"), ("accept-language", "de"))
SPLITTING = ["a\r\nX-Two: b", "a\rb", "a\nb", "a\0b", "ä", "a\r\n\r\nGET / HTTP/1.1"]

values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    st.lists(st.tuples(st.just("x-one"), values), max_size=4),
    st.binary(max_size=20),
)
def test_a_request_says_what_its_parts_say(method: str, own: list[tuple[str, str]], body: bytes) -> None:
    request = RequestTemplate(ROOT, SHARED).request(method, "/chains?limit=3&q=a%2Fb", own, body)
    first, host, *lines = request.encode().removesuffix(b"\r\n\r\n" + body).decode().split("\r\n")
    assert (first, host) == (f"{method} /api/chains?limit=3&q=a%2Fb HTTP/1.1", "Host: up.example:8443")
    tells_length = bool(body) or method in {"POST", "PUT", "PATCH"}
    length = [f"Content-Length: {len(body)}"] if tells_length else []
    assert lines == [*length, *(f"{name}: {value}" for name, value in (*SHARED, *own))]


def test_a_request_can_be_looked_at() -> None:
    request = RequestTemplate(ROOT, SHARED).request("GET", "/chains", OWN)
    assert (request.url, request.headers) == ("https://up.example:8443/api/chains", [*SHARED, *OWN])


@pytest.mark.parametrize(
    ("root", "path", "target", "url"),
    [
        ("http://up.example", "", b"/", "http://up.example"),
        ("http://up.example/", "", b"/", "http://up.example"),
        ("http://up.example/", "/x", b"/x", "http://up.example/x"),
        ("http://up.example/hooks/?k=v", "", b"/hooks/?k=v", "http://up.example/hooks/?k=v"),
        ("http://bücher.example/ü", "/x", b"/%C3%BC/x", "http://xn--bcher-kva.example/%C3%BC/x"),
    ],
)
def test_a_path_stands_behind_the_url_of_the_template(root: str, path: str, target: bytes, url: str) -> None:
    request = RequestTemplate(root).request("GET", path)
    assert (request.encode().split(b" ")[1], request.url) == (target, url)


@pytest.mark.parametrize("bad", SPLITTING)
def test_a_value_that_would_split_a_request_is_refused(bad: str) -> None:
    request = RequestTemplate(ROOT, SHARED).request("GET", "/chains", [("x-one", bad)])
    with pytest.raises(httpx.LocalProtocolError) as caught:
        request.encode()
    assert bad not in str(caught.value)
    with pytest.raises(httpx.LocalProtocolError):
        RequestTemplate(ROOT, [("x-one", bad)]).request("GET").encode()
    with pytest.raises(httpx.LocalProtocolError):
        RequestTemplate(ROOT).request("GET", f"/{bad}").encode()


@pytest.mark.parametrize("bad", [*SPLITTING, "x one", "x:", ""])
def test_a_header_without_a_proper_name_is_refused(bad: str) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        RequestTemplate(ROOT).request("GET", "/chains", [(bad, "1")]).encode()
    with pytest.raises(httpx.LocalProtocolError):
        RequestTemplate(ROOT, [(bad, "1")])


@pytest.mark.parametrize("method", ["GET /x", "", "CONNECT", "G\r\nT", "get"])
def test_a_method_that_is_none_is_refused(method: str) -> None:
    with pytest.raises(httpx.LocalProtocolError):
        RequestTemplate(ROOT).request(method).encode()


@pytest.mark.parametrize("url", ["ftp://up.example/", "/only/a/path", "http:///path"])
def test_an_address_that_is_not_http_is_refused(url: str) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        RequestTemplate(url)


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
    assert origin_of(httpx.URL(url)) == origin


def test_bounds_that_a_request_does_not_set_are_those_of_the_transport() -> None:
    defaults, own = Limits(1.0, 2.0, 3.0, 4.0, 5.0, 6), RequestLimits(7.0, 8.0, 9.0, 10.0, 11.0, 12)
    assert RequestLimits().completed(defaults) == defaults
    assert own.completed(defaults) == Limits(7.0, 8.0, 9.0, 10.0, 11.0, 12)


@pytest.mark.parametrize(("status", "is_success"), [(199, False), (200, True), (299, True), (300, False)])
def test_2xx_is_success(status: int, is_success: bool) -> None:
    assert Response(status, [], b"").is_success is is_success


def test_a_header_is_found_whatever_its_case_and_the_first_counts() -> None:
    response = Response(200, [(b"X", b"1"), (b"Retry-After", b"\xe4"), (b"retry-after", b"2")], b"")
    assert (response.header(b"retry-after"), response.header(b"content-type")) == ("ä", None)
