"""GraphQL over HTTP, from outside: methods, media types, status codes, bodies."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import pytest_asyncio

import gateway
from gateway.web.graphql.requests import MAX_ACCEPT_LENGTH
from tests.support.stack import ANN, BEN, Stack, running_stack

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
TIME = "{ serverTime }"
BROKEN = "{ serverTime"
UNKNOWN = "{ nothing }"


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_stack() -> AsyncIterator[Stack]:
    """One stack for the whole file: these tests leave no state behind."""
    async with running_stack() as running:
        yield running


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    shared_stack.calls()
    return shared_stack


async def post(stack: Stack, body: object, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await stack.http.post(f"{stack.gateway_url}/graphql", content=content, headers=sent)


async def get(stack: Stack, parameters: Mapping[str, str], **headers: str) -> httpx.Response:
    return await stack.http.get(f"{stack.gateway_url}/graphql", params=dict(parameters), headers=headers)


def code(response: httpx.Response) -> str:
    errors: list[dict[str, Any]] = response.json()["errors"]
    for error in errors:
        assert error["message"]
        assert error["extensions"]["requestId"] == response.headers["x-request-id"]
        assert error["extensions"]["retryable"] is False
    found: str = errors[0]["extensions"]["code"]
    return found


def media_type(response: httpx.Response) -> str:
    return response.headers["content-type"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (f"{JSON}; charset=utf-8", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON};q=0.9", JSON),
        (f"{GRAPHQL};q=0.9, */*;q=0.1", GRAPHQL),
        (f"{JSON};q=0, */*", GRAPHQL),
        ("text/html, */*;q=0.8", JSON),
    ],
)
async def test_the_answer_comes_in_the_type_that_the_client_prefers(stack: Stack, accept: str, expected: str) -> None:
    response = await post(stack, {"query": TIME}, accept=accept)
    assert response.status_code == 200
    assert media_type(response) == f"{expected}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", f"{JSON};q=0", f"{GRAPHQL};q=none"])
async def test_a_client_that_takes_neither_type_is_told_which_there_are(stack: Stack, accept: str) -> None:
    response = await post(stack, {"query": TIME}, accept=accept)
    assert (response.status_code, code(response)) == (406, "BAD_REQUEST")


async def test_a_header_that_is_too_long_to_read_is_refused(stack: Stack) -> None:
    longest = JSON.ljust(MAX_ACCEPT_LENGTH, ",")
    assert (await post(stack, {"query": TIME}, accept=longest)).status_code == 200
    response = await post(stack, {"query": TIME}, accept=JSON + "," * MAX_ACCEPT_LENGTH)
    assert (response.status_code, code(response)) == (431, "LIMIT_EXCEEDED")


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": BROKEN}, "GRAPHQL_PARSE_FAILED"),
        ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
        ({"query": UNKNOWN}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { serverTime } query B { serverTime }"}, "BAD_REQUEST"),
        ({"query": TIME, "operationName": "Other"}, "BAD_REQUEST"),
        ({"query": "query($id: ID!) { order(id: $id) { status } }"}, "BAD_USER_INPUT"),
        ({"query": "query($id: ID!) { order(id: $id) { status } }", "variables": {"id": {}}}, "BAD_USER_INPUT"),
        ({"query": "subscription { serverTime }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{" + " a" * 1000 + "}"}, "LIMIT_EXCEEDED"),
        ({"query": "{" + " ".join(f"a{number}: serverTime" for number in range(11)) + "}"}, "LIMIT_EXCEEDED"),
        ({"query": "{a" * 400 + "}" * 400}, "LIMIT_EXCEEDED"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_request_that_cannot_run_has_no_data(
    stack: Stack, accept: str, status: int, body: object, expected: str
) -> None:
    response = await post(stack, body, accept=accept)
    assert (response.status_code, code(response)) == (status, expected)
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("content", "status", "expected"),
    [
        (b"", 400, "BAD_REQUEST"),
        (b"null", 400, "BAD_REQUEST"),
        (b"7", 400, "BAD_REQUEST"),
        (b'"text"', 400, "BAD_REQUEST"),
        (b"{", 400, "BAD_REQUEST"),
        (b"{}", 400, "BAD_REQUEST"),
        (b"\xff\xfe{}", 400, "BAD_REQUEST"),
        (b'{"query":"\xff"}', 400, "BAD_REQUEST"),
        (b'{"query":7}', 400, "BAD_REQUEST"),
        (b'{"query":"{serverTime}","variables":[]}', 400, "BAD_REQUEST"),
        (b'{"query":"{serverTime}","variables":"{}"}', 400, "BAD_REQUEST"),
        (b'{"query":"{serverTime}","operationName":7}', 400, "BAD_REQUEST"),
        (b'{"query":"{serverTime}","extensions":7}', 400, "BAD_REQUEST"),
        (b'[{"query":"{serverTime}"}]', 400, "BAD_REQUEST"),
        (b"[" * 50_000, 400, "BAD_REQUEST"),
        (b'{"query":"{serverTime}","x":' + b"[" * 50_000 + b"}", 400, "BAD_REQUEST"),
        (b'{"query":"{serverTime}","variables":{"a":' + b"[" * 32 + b"]" * 32 + b"}}", 400, "LIMIT_EXCEEDED"),
        (b'{"query":"' + b" " * 65_536 + b'"}', 413, "LIMIT_EXCEEDED"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_body_that_is_no_request_is_refused_with_a_code(
    stack: Stack, content: bytes, status: int, expected: str
) -> None:
    for accept in (JSON, GRAPHQL):
        response = await post(stack, content, accept=accept)
        assert (response.status_code, code(response)) == (status, expected)
    assert stack.calls() == {}


async def test_variables_may_nest_thirty_levels(stack: Stack) -> None:
    deep: object = "x"
    for _ in range(30):
        deep = [deep]
    response = await post(stack, {"query": TIME, "variables": {"a": deep}})
    assert "data" in response.json()


async def test_what_a_request_may_carry_besides_the_query_is_optional(stack: Stack) -> None:
    body: dict[str, object] = {
        "query": "query A { serverTime }",
        "operationName": "",
        "variables": None,
        "extensions": {},
        "other": 1,
    }
    response = await post(stack, body)
    assert list(response.json()) == ["data"]


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"content_type": ""},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": f"{JSON}; charset=latin-1"},
        {"content_encoding": "gzip"},
    ],
    ids=str,
)
async def test_only_plain_json_in_utf_8_is_taken(stack: Stack, headers: dict[str, str]) -> None:
    response = await post(stack, {"query": TIME}, **headers)
    assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


@pytest.mark.parametrize("content_type", [f"{JSON};charset=UTF-8", f'{JSON}; charset="utf-8"', "Application/JSON"])
async def test_json_may_name_its_charset(stack: Stack, content_type: str) -> None:
    assert (await post(stack, {"query": TIME}, content_type=content_type)).status_code == 200


# GET


async def test_a_query_may_be_asked_with_get(stack: Stack) -> None:
    query = "query A($id: ID!) { viewer { offerChain(id: $id) { name } } } query B { serverTime }"
    parameters = {"query": query, "operationName": "A", "variables": '{"id": "b2M6MQ"}', "extensions": "{}"}
    response = await get(stack, parameters, accept=GRAPHQL)
    assert response.json() == {"data": {"viewer": {"offerChain": {"name": "Wanderer's Path"}}}}


async def test_a_mutation_is_not_asked_with_get_and_nothing_is_done(stack: Stack) -> None:
    response = await get(stack, {"query": "mutation { updateClan { userErrors { code } } }"})
    assert (response.status_code, code(response), response.headers["allow"]) == (405, "BAD_REQUEST", "POST")
    assert stack.calls() == {}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"query": TIME, "variables": "{"},
        {"query": TIME, "variables": "[]"},
        {"query": TIME, "extensions": "7"},
        {"query": TIME, "variables": "[" * 5000},
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_query_string_that_is_no_request_is_refused(stack: Stack, parameters: dict[str, str]) -> None:
    response = await get(stack, parameters)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_not_allowed(stack: Stack, method: str) -> None:
    response = await stack.http.request(method, f"{stack.gateway_url}/graphql")
    assert (response.status_code, code(response), response.headers["allow"]) == (
        405,
        "BAD_REQUEST",
        "GET, HEAD, OPTIONS, POST",
    )


# What every answer carries


async def test_the_request_id_of_the_client_is_taken_over(stack: Stack) -> None:
    response = await post(stack, {"query": BROKEN}, x_request_id="my-id.1")
    assert response.headers["x-request-id"] == "my-id.1"
    assert code(response) == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize("given", ["two words", "x" * 129, "", '"><script>'])
async def test_a_request_id_that_cannot_be_logged_is_replaced(stack: Stack, given: str) -> None:
    response = await post(stack, {"query": TIME}, x_request_id=given)
    assert len(response.headers["x-request-id"]) == 32


async def test_an_answer_is_for_nobody_else_to_keep(stack: Stack) -> None:
    response = await post(stack, {"query": TIME})
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "authorization",
    ["Bearer=", "Basic dXNlcjpwYXNz", "token", "Bearer a b", "Bearer ä", f"Bearer {'x' * 8200}"],
    ids=lambda value: value[:20],
)
async def test_a_malformed_credential_is_refused_before_the_upstream_is_asked(stack: Stack, authorization: str) -> None:
    headers = {b"authorization": authorization.encode("latin-1"), b"content-type": JSON.encode()}
    content = json.dumps({"query": "{ viewer { isSignedIn } }"})
    response = await stack.http.post(f"{stack.gateway_url}/graphql", content=content, headers=headers)
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"
    assert stack.calls() == {}


async def test_two_credentials_are_refused(stack: Stack) -> None:
    headers = [("authorization", "Bearer a"), ("authorization", "Bearer b")]
    response = await stack.http.post(f"{stack.gateway_url}/graphql", json={"query": TIME}, headers=headers)
    assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")


async def test_health_and_readiness(stack: Stack) -> None:
    live = await stack.http.get(f"{stack.gateway_url}/livez")
    ready = await stack.http.get(f"{stack.gateway_url}/readyz")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    version = await stack.http.get(f"{stack.gateway_url}/version")
    assert version.json() == {"name": "liveops-gateway", "version": gateway.__version__}


async def test_an_unknown_path_is_not_found(stack: Stack) -> None:
    assert (await stack.http.get(f"{stack.gateway_url}/")).status_code == 404
    assert (await stack.http.get(f"{stack.gateway_url}/admin")).status_code == 404


async def test_suggestions_are_given_with_graphiql_and_not_without() -> None:
    for switch, expected in (("on", True), ("off", False)):
        async with running_stack({"GATEWAY_GRAPHIQL": switch}) as stack:
            message = (await stack.ask("{ serverTim }"))["errors"][0]["message"]
            assert ("serverTime" in message) is expected
            assert (await stack.http.get(f"{stack.gateway_url}/graphiql")).status_code == (200 if expected else 404)


async def test_a_web_game_of_an_allowed_origin_may_call_and_another_may_not() -> None:
    async with running_stack({"GATEWAY_CORS_ORIGINS": "https://game.example"}) as stack:
        wishes = {
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,baggage,content-type,sentry-trace,x-request-id",
        }
        url = f"{stack.gateway_url}/graphql"
        preflight = await stack.http.options(url, headers={"origin": "https://game.example", **wishes})
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "https://game.example"
        other = await stack.http.options(url, headers={"origin": "https://evil.example", **wishes})
        assert other.status_code == 400
        answer = await post(stack, {"query": TIME}, origin="https://game.example")
        assert answer.headers["access-control-allow-origin"] == "https://game.example"
        assert (
            answer.headers["access-control-expose-headers"]
            == "Age, ETag, RateLimit, RateLimit-Policy, Retry-After, X-Gateway-Execution, X-Request-Id"
        )


async def test_without_the_setting_no_origin_is_allowed(stack: Stack) -> None:
    response = await post(stack, {"query": TIME}, origin="https://game.example")
    assert "access-control-allow-origin" not in response.headers


async def test_an_answer_says_who_is_signed_in(stack: Stack) -> None:
    assert await stack.data("{ viewer { isSignedIn } }") == {"viewer": {"isSignedIn": False}}
    assert await stack.data("{ viewer { isSignedIn } }", token=stack.token(ANN)) == {"viewer": {"isSignedIn": True}}


async def test_the_viewer_has_an_id_for_each_player_that_tells_nothing_of_them(stack: Stack) -> None:
    tokens = [None, stack.token(ANN), stack.token(ANN, lifetime_seconds=60), stack.token(BEN)]
    first, ann, renewed, ben = [
        (await stack.data("{ viewer { id } }", token=token))["viewer"]["id"] for token in tokens
    ]
    assert first == (await stack.data("{ viewer { id } }", token=None))["viewer"]["id"]
    assert ann == renewed
    assert len({first, ann, ben}) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", one) for one in (first, ann, ben))


async def test_the_headers_that_web_games_may_send_can_be_named() -> None:
    named = {"GATEWAY_CORS_ORIGINS": "https://*.itch.zone", "GATEWAY_CORS_HEADERS": "Authorization, Content-Type"}
    async with running_stack(named) as stack:
        url = f"{stack.gateway_url}/graphql"
        for headers, status in (("authorization", 200), ("baggage", 400)):
            wishes = {"access-control-request-method": "POST", "access-control-request-headers": headers}
            answer = await stack.http.options(url, headers={"origin": "https://v6p9.itch.zone", **wishes})
            assert answer.status_code == status


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
async def test_a_slash_at_the_end_is_no_other_path(stack: Stack, path: str) -> None:
    answer = await stack.http.post(f"{stack.gateway_url}{path}", json={"query": TIME})
    assert (answer.status_code, "data" in answer.json()) == (200, True)


@pytest.mark.parametrize("path", ["/graphiql/", "/livez/", "/nothing/"])
async def test_no_redirect_is_made_up_for_a_slash(stack: Stack, path: str) -> None:
    assert (await stack.http.get(stack.gateway_url + path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/graphql", "GET, HEAD, OPTIONS, POST"),
        ("/graphql/", "GET, HEAD, OPTIONS, POST"),
        ("/livez", "GET, HEAD, OPTIONS"),
        ("/metrics", "GET, HEAD, OPTIONS"),
        ("/nothing", None),
    ],
)
async def test_options_tells_what_may_be_done(stack: Stack, path: str, allowed: str | None) -> None:
    answer = await stack.http.options(stack.gateway_url + path)
    assert (answer.status_code, answer.headers.get("allow")) == (204 if allowed else 404, allowed)


@pytest.mark.parametrize("path", ["/graphql?query={serverTime}", "/livez", "/metrics"])
async def test_head_answers_as_get_without_the_body(stack: Stack, path: str) -> None:
    answer = await stack.http.head(stack.gateway_url + path)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf8",
        "application/json;charset=UTF-8",
        'Application/JSON; Charset="utf-8"',
        "application/json; charset=us-ascii",
        "application/json;",
        "application/json; odata=verbose",
    ],
)
async def test_json_is_taken_under_every_usual_name(stack: Stack, content_type: str) -> None:
    answer = await post(stack, {"query": TIME}, content_type=content_type)
    assert answer.status_code == 200


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-16", "application/json; charset=latin1"])
async def test_json_in_another_encoding_is_refused(stack: Stack, content_type: str) -> None:
    answer = await post(stack, {"query": TIME}, content_type=content_type)
    assert (answer.status_code, code(answer)) == (415, "BAD_REQUEST")


async def test_a_byte_order_mark_is_no_part_of_the_request(stack: Stack) -> None:
    answer = await post(stack, b"\xef\xbb\xbf" + json.dumps({"query": TIME}).encode())
    assert answer.status_code == 200


@pytest.mark.parametrize("prefix", ["", "/liveops"])
async def test_a_proxy_may_serve_it_below_a_path_and_cut_that_off_or_not(prefix: str) -> None:
    async with running_stack({"GATEWAY_ROOT_PATH": "/liveops/"}, graphiql_player=ANN) as stack:
        url = stack.gateway_url + prefix
        assert (await stack.http.post(f"{url}/graphql", json={"query": TIME})).status_code == 200
        assert (await stack.http.get(f"{url}/livez")).status_code == 200
        assert (await stack.http.options(f"{url}/livez")).status_code == 204
        page = (await stack.http.get(f"{url}/graphiql")).text
        assert '"endpoint": "/liveops/graphql"' in page
        (script,) = re.findall(r'src="/liveops(/graphiql/assets/page\.js[^"]*)"', page)
        assert (await stack.http.get(url + script)).status_code == 200
        assert (await stack.http.get(f"{url}/")).headers["location"] == "graphiql"


@pytest.mark.parametrize("number", [11.0, "11"])
async def test_a_big_int_comes_in_every_notation_of_a_whole_number(stack: Stack, number: object) -> None:
    query = "mutation($n: BigInt!) { trackOrder(input: {upstreamId: $n}) { userErrors { code } } }"
    data = await stack.data(query, {"n": number}, token=stack.token())
    assert data["trackOrder"]["userErrors"] == [{"code": "NOT_FOUND"}]


@pytest.mark.parametrize("number", [11.5, 1e300, 2.0**60, "1.0", "", "\u0661", True, "1" * 19])
async def test_what_is_no_whole_number_is_refused(stack: Stack, number: object) -> None:
    query = "mutation($n: BigInt!) { trackOrder(input: {upstreamId: $n}) { userErrors { code } } }"
    body = await stack.ask(query, {"n": number}, token=stack.token())
    assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


HASH = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}


@pytest.mark.parametrize("body", [{}, {"extensions": {}}, {"extensions": 7}, {"query": 7, "extensions": HASH}])
async def test_a_body_without_a_document_or_a_hash_is_refused(stack: Stack, body: object) -> None:
    answer = await post(stack, body)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ serverTime @skip(if: true) }", {}),
        ("{ viewer @include(if: false) { id } }", {}),
        ("{ viewer { id @skip(if: true) } }", {"viewer": {}}),
        ("query ($all: Boolean = false) { viewer { offerChains @include(if: $all) { id } } }", {"viewer": {}}),
    ],
)
async def test_a_query_that_leaves_out_all_that_it_selects_is_answered(
    stack: Stack, query: str, data: dict[str, object]
) -> None:
    response = await post(stack, {"query": query})
    assert (response.status_code, response.json()) == (200, {"data": data})


@pytest.mark.parametrize("query", ["{}", "{ viewer {} }", "{ serverTime {} }", "query Empty {}"])
async def test_a_selection_of_nothing_is_a_syntax_error(stack: Stack, query: str) -> None:
    response = await post(stack, {"query": query}, accept=GRAPHQL)
    assert (response.status_code, code(response)) == (400, "GRAPHQL_PARSE_FAILED")


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer {" + "\n" * 2_000 + " ".join(f"unknown{number}" for number in range(20)) + "} }",
        "{ viewer {" + "\r\n" * 2_000 + "} }",
        "{ viewer {" + "offerChains { id } " * 200 + "unknown } }",
        "{ viewer {" + "id " * 495 + "} }",
    ],
    ids=["lines", "lines of Windows", "objects", "leaves"],
)
async def test_a_document_that_costs_much_for_its_size_is_refused_before_it_is_validated(
    stack: Stack, query: str
) -> None:
    response = await post(stack, {"query": query}, accept=GRAPHQL)
    assert (response.status_code, code(response)) == (400, "LIMIT_EXCEEDED")
