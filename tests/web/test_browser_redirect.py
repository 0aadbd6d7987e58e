"""Who opens the endpoint in a browser is led to GraphiQL; programs get what they ask for."""

import pytest

from tests.support.stack import ANN, running_stack

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
async def test_a_browser_is_led_to_graphiql(path: str) -> None:
    async with running_stack(graphiql_player=ANN) as stack:
        answer = await stack.http.get(stack.gateway_url + path, headers={"accept": HTML})
    assert (answer.status_code, answer.headers["location"]) == (303, "/graphiql")
    assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept")


async def test_below_another_path_it_is_led_there() -> None:
    async with running_stack({"GATEWAY_ROOT_PATH": "/liveops"}, graphiql_player=ANN) as stack:
        answer = await stack.http.get(f"{stack.gateway_url}/liveops/graphql", headers={"accept": HTML})
    assert answer.headers["location"] == "/liveops/graphiql"


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        pytest.param("?query={__typename}", HTML, 200, id="a query in the address"),
        pytest.param("", "application/json", 400, id="a program without a query"),
        pytest.param("", "*/*", 400, id="a program that takes anything"),
    ],
)
async def test_others_are_answered(query: str, accept: str, status: int) -> None:
    async with running_stack(graphiql_player=ANN) as stack:
        answer = await stack.http.get(f"{stack.gateway_url}/graphql{query}", headers={"accept": accept})
        posted = await stack.http.post(
            f"{stack.gateway_url}/graphql", json={"query": "{ __typename }"}, headers={"accept": HTML + ",*/*"}
        )
    assert (answer.status_code, posted.status_code) == (status, 200)


async def test_without_graphiql_nobody_is_led_there() -> None:
    async with running_stack() as stack:
        answer = await stack.http.get(f"{stack.gateway_url}/graphql", headers={"accept": HTML})
    assert answer.status_code == 400
