"""Responses out of bytes, however the network cuts them."""

import gzip
from collections.abc import Iterable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.response_parser import MAX_HEAD_BYTES, RawResponse, ResponseParser

COMPRESSED = gzip.compress(b'{"items":[1,2]}', mtime=0)
OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = OK + b"Content-Type: application/json\r\nContent-Length: 5\r\n\r\nabcde"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\nContent-Encoding: br\r\n\r\n"
RESPONSES: dict[str, tuple[bytes, RawResponse]] = {
    "length": (
        LENGTH,
        RawResponse(200, [(b"Content-Type", b"application/json"), (b"Content-Length", b"5")], b"", b"abcde", True),
    ),
    "chunked": (CHUNKED, RawResponse(200, [(b"Transfer-Encoding", b"chunked")], b"", b"abcde", True)),
    "gzip": (
        OK + b"content-encoding: GZIP\r\nContent-Length: %d\r\n\r\n" % len(COMPRESSED) + COMPRESSED,
        RawResponse(
            200,
            [(b"content-encoding", b"GZIP"), (b"Content-Length", b"%d" % len(COMPRESSED))],
            b"gzip",
            COMPRESSED,
            True,
        ),
    ),
    "compressed twice": (
        OK + b"Content-Encoding: gzip\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
        RawResponse(
            200,
            [(b"Content-Encoding", b"gzip"), (b"Content-Encoding", b"br"), (b"Content-Length", b"1")],
            b"gzip, br",
            b"x",
            True,
        ),
    ),
    "no content": (b"HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n", RawResponse(204, [(b"X", b"1")], b"", b"", True)),
    "early hints": (
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + LENGTH,
        RawResponse(200, [(b"Content-Type", b"application/json"), (b"Content-Length", b"5")], b"", b"abcde", True),
    ),
    "closing": (
        OK + b"Connection: close\r\nContent-Length: 1\r\n\r\na",
        RawResponse(200, [(b"Connection", b"close"), (b"Content-Length", b"1")], b"", b"a", False),
    ),
    "HTTP/1.0": (
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
        RawResponse(200, [(b"Content-Length", b"1")], b"", b"a", False),
    ),
}
each_response = pytest.mark.parametrize(("data", "response"), RESPONSES.values(), ids=RESPONSES)


def make_parser(max_body_bytes: int = 1_000_000) -> ResponseParser:
    parser = ResponseParser()
    parser.expect(to_head=False, max_body_bytes=max_body_bytes)
    return parser


def feed_all(pieces: Iterable[bytes], by: ResponseParser) -> None:
    for piece in pieces:
        by.feed(piece)


def read(pieces: Iterable[bytes], by: ResponseParser) -> RawResponse:
    """Feed all pieces; only the last may finish the response."""
    *first, last = pieces
    assert [by.feed(piece) for piece in first] == [None] * len(first)
    response = by.feed(last)
    assert response is not None
    return response


@each_response
def test_a_response_is_the_same_wherever_it_is_cut_in_two(data: bytes, response: RawResponse) -> None:
    assert read([data], make_parser()) == response
    for cut in range(1, len(data)):
        assert read([data[:cut], data[cut:]], make_parser()) == response


@each_response
def test_a_response_is_the_same_byte_by_byte(data: bytes, response: RawResponse) -> None:
    assert read([data[at : at + 1] for at in range(len(data))], make_parser()) == response


@each_response
def test_a_response_that_ends_too_early_is_an_error_wherever_it_ends(data: bytes, response: RawResponse) -> None:
    for cut in range(len(data)):
        cut_short = make_parser()
        cut_short.feed(data[:cut])
        with pytest.raises(httpx.RemoteProtocolError):
            cut_short.feed_eof()


@given(
    st.lists(st.sampled_from([one for one in RESPONSES.values() if one[1].keep_alive]), min_size=1, max_size=5),
    st.data(),
)
def test_responses_on_one_connection_do_not_touch_each_other(
    served: list[tuple[bytes, RawResponse]], draw: st.DataObject
) -> None:
    by = make_parser()
    for data, response in served:
        cuts = sorted(draw.draw(st.sets(st.integers(1, len(data) - 1), max_size=5)))
        by.expect(to_head=False, max_body_bytes=1_000_000)
        assert read([data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)], by) == response


@pytest.mark.parametrize("further", [b"H", b"HTTP/1.1 20", LENGTH, b"xyz", b"x" * 100_000, LENGTH * 3_000])
@each_response
def test_bytes_behind_a_response_leave_it_whole_and_let_none_follow(
    data: bytes, response: RawResponse, further: bytes
) -> None:
    seen = read([data + further], make_parser())
    assert (seen.headers, seen.body, seen.keep_alive) == (response.headers, response.body, False)


def test_a_response_without_a_length_ends_with_the_connection() -> None:
    by = make_parser()
    for piece in (OK + b"X: 1\r\n\r\n", b"all ", b"of it"):
        assert by.feed(piece) is None
    assert by.feed_eof() == RawResponse(200, [(b"X", b"1")], b"", b"all of it", False)


@pytest.mark.parametrize("framing", [b"Content-Length: 10\r\n", b"Transfer-Encoding: chunked\r\n"])
@pytest.mark.parametrize("status", [b"204", b"304"])
def test_a_response_without_a_body_may_tell_a_length(status: bytes, framing: bytes) -> None:
    data = b"HTTP/1.1 %s None\r\n%s\r\n" % (status, framing)
    response = read([data], make_parser())
    assert (response.status, response.body, response.keep_alive) == (int(status), b"", True)
    response = read([data + b"unasked"], make_parser())
    assert (response.status, response.body, response.keep_alive) == (int(status), b"", False)


@pytest.mark.parametrize("framing", [b"Content-Length: 10\r\n", b"Transfer-Encoding: chunked\r\n", b""])
@pytest.mark.parametrize("cut", range(1, 40))
def test_the_response_to_head_has_no_body_and_none_follows_it(framing: bytes, cut: int) -> None:
    by = make_parser()
    by.expect(to_head=True, max_body_bytes=1_000_000)
    data = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n%s\r\n" % framing
    response = read([data[:cut], data[cut:]], by)
    assert (response.status, response.body, response.keep_alive) == (200, b"", False)


def test_a_body_in_response_to_head_is_dropped() -> None:
    by = make_parser()
    by.expect(to_head=True, max_body_bytes=1_000_000)
    response = read([LENGTH], by)
    assert response.body == b""


BROKEN = {
    "html": b"<html>\r\n\r\n",
    "status": b"HTTP/1.1 abc OK\r\n\r\n",
    "header": OK + b"no colon\r\n\r\n",
    "folded header": OK + b"X: 1\r\n 2\r\nContent-Length: 0\r\n\r\n",
    "space before the colon": OK + b"Content-Length : 0\r\n\r\n",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "negative length": OK + b"Content-Length: -1\r\n\r\n",
    "length and chunks": OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "transfer compressed": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "transfer unknown": OK + b"Transfer-Encoding: gzip\r\n\r\nx",
    "trailer that frames": OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: gzip\r\n\r\n",
    "switching": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
}  # fmt: skip
SIZES = [b"xyz", b"-1", b"0x5", b"", b" 5", b"5 5", b"f" * 17, b"+5"]


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_not_http_is_refused(data: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        make_parser().feed(data)


@pytest.mark.parametrize("size", SIZES)
def test_a_chunk_without_a_proper_size_is_refused(size: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        make_parser().feed(OK + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\nabcde\r\n0\r\n\r\n")


def with_head_of(size: int) -> bytes:
    """An response whose head has this many bytes."""
    frame = OK + b"X: \r\nContent-Length: 2\r\n\r\n"
    return frame.replace(b"X: ", b"X: " + b"x" * (size - len(frame))) + b"ab"


@pytest.mark.parametrize("piece_bytes", [1_000, MAX_HEAD_BYTES, 1_000_000])
def test_a_head_may_be_as_long_as_its_bound_and_not_longer(piece_bytes: int) -> None:
    def pieces(data: bytes) -> list[bytes]:
        return [data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes)]

    assert read(pieces(with_head_of(MAX_HEAD_BYTES)), make_parser()).body == b"ab"
    by = make_parser()
    with pytest.raises(httpx.RemoteProtocolError, match="too large"):
        feed_all(pieces(with_head_of(MAX_HEAD_BYTES + 1)), by)


def test_a_long_body_that_comes_with_its_head_is_read() -> None:
    body = b"x" * 200_000
    response = read([OK + b"Content-Length: 200000\r\n\r\n" + body], make_parser())
    assert (response.body, response.keep_alive) == (body, True)


@pytest.mark.parametrize("start", [b"0\r\nT: ", b"5;"], ids=["trailer", "chunk extension"])
def test_framing_without_end_is_refused(start: bytes) -> None:
    by = make_parser()
    by.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n" + start)
    with pytest.raises(httpx.RemoteProtocolError, match="too large"):
        feed_all([b"xxxxxxxx"] * MAX_HEAD_BYTES, by)


def test_a_head_as_long_as_its_bound_leaves_the_framing_its_own() -> None:
    head = with_head_of(MAX_HEAD_BYTES).replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")[:-2]
    by = make_parser()
    pieces = [head.replace(b"x" * 20, b"", 1), b"5", b"\r\n", b"abcde\r\n0\r\n\r\n"]
    assert read(pieces, by).body == b"abcde"


@pytest.mark.parametrize("piece_bytes", [1, 7, 100_000])
def test_a_body_may_be_as_long_as_its_bound_and_not_longer(piece_bytes: int) -> None:
    def pieces(size: int) -> list[bytes]:
        data = OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * size + b"0\r\n\r\n"
        return [data[at : at + piece_bytes] for at in range(0, len(data), piece_bytes)]

    assert read(pieces(100), make_parser(100)).body == b"x" * 100
    by = make_parser(100)
    with pytest.raises(httpx.DecodingError, match="too large"):
        feed_all(pieces(101), by)


def test_errors_do_not_quote_what_came() -> None:
    with pytest.raises(httpx.RemoteProtocolError) as caught:
        make_parser().feed(b"secret\r\n\r\n")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
