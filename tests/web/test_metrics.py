"""What a scraper reads after games have asked."""

import re

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway import __version__
from tests.support.paths import DOCS
from tests.support.stack import ANN, Stack, answers, running_stack

SCREEN = "{ viewer { offerChains { name } } }"
CLAIM = 'mutation { claimOfferChainStep(input: { stepId: "nonsense" }) { userErrors { code } } }'

ORDER = "b3JkZXI6MQ"

PAGE = (DOCS / "metrics.md").read_text()

Figures = dict[str, float]


async def scraped(stack: Stack) -> Figures:
    """The series that are not 0, as they are written."""
    response = await stack.http.get(f"{stack.gateway_url}/metrics")
    assert response.status_code == 200
    found = {}
    for family in text_string_to_metric_families(response.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            if sample.value and sample.name.startswith("gateway_"):
                found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def named(figures: Figures, name: str) -> Figures:
    return {series: value for series, value in figures.items() if series.partition("{")[0] == name}


async def test_operations_are_counted_by_how_they_were_run() -> None:
    async with running_stack({"GATEWAY_INTROSPECTION": "on"}) as stack:
        for operation in (SCREEN, SCREEN, "{ __schema { queryType { name } } }", CLAIM, "{ nonsense }", "{"):
            await stack.send(operation, token=stack.token())
        figures = await scraped(stack)
        assert named(figures, "gateway_operations_total") == {
            "gateway_operations_total{execution=compiled,kind=query,outcome=ok}": 1,
            "gateway_operations_total{execution=cached,kind=query,outcome=ok}": 1,
            "gateway_operations_total{execution=reference,kind=query,outcome=ok}": 1,
            "gateway_operations_total{execution=reference,kind=mutation,outcome=ok}": 1,
            "gateway_operations_total{execution=refused,kind=unknown,outcome=refused}": 2,
        }
        assert named(figures, "gateway_errors_total") == {
            "gateway_errors_total{code=GRAPHQL_PARSE_FAILED}": 1,
            "gateway_errors_total{code=GRAPHQL_VALIDATION_FAILED}": 1,
        }


async def test_a_request_that_never_ran_is_counted_as_refused() -> None:
    async with running_stack() as stack:
        await stack.send(SCREEN, headers={"authorization": "Basic x"})
        await stack.send("query($n: Int!) { order(id: $n) { id } }", {"n": 1})
        await stack.send("query($id: ID!) { order(id: $id) { id } }", {})
        await stack.http.get(f"{stack.gateway_url}/graphql")
        await stack.http.get(f"{stack.gateway_url}/graphql", params={"query": CLAIM})
        figures = await scraped(stack)
        assert named(figures, "gateway_operations_total") == {
            "gateway_operations_total{execution=refused,kind=query,outcome=refused}": 2,
            "gateway_operations_total{execution=refused,kind=unknown,outcome=refused}": 3,
        }
        assert named(figures, "gateway_errors_total") == {
            "gateway_errors_total{code=BAD_REQUEST}": 2,
            "gateway_errors_total{code=BAD_USER_INPUT}": 1,
            "gateway_errors_total{code=GRAPHQL_VALIDATION_FAILED}": 1,
            "gateway_errors_total{code=UNAUTHENTICATED}": 1,
        }


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [("order(id: $id) { id }", "failed"), ("order(id: $id) { id } serverTime", "partial")],
    ids=["nothing else was asked", "there is something else"],
)
async def test_an_operation_with_errors_is_not_counted_as_good(fields: str, outcome: str) -> None:
    async with running_stack() as stack:
        stack.seam.on("GET /order/1", answers(503))
        await stack.send(f"query($id: ID!) {{ {fields} }}", {"id": ORDER}, token=stack.token())
        figures = await scraped(stack)
        assert named(figures, "gateway_operations_total") == {
            f"gateway_operations_total{{execution=compiled,kind=query,outcome={outcome}}}": 1
        }
        assert named(figures, "gateway_errors_total") == {"gateway_errors_total{code=UPSTREAM_UNAVAILABLE}": 1}


async def test_a_query_that_waits_for_an_order_is_counted_apart() -> None:
    async with running_stack() as stack:
        await stack.data("query($id: ID!) { waitForOrder(id: $id) { id } }", {"id": ORDER}, token=stack.token())
        figures = await scraped(stack)
        assert named(figures, "gateway_operations_total") == {
            "gateway_operations_total{execution=compiled,kind=waiting,outcome=ok}": 1
        }
        assert named(figures, "gateway_operation_seconds_count") == {
            "gateway_operation_seconds_count{execution=compiled,kind=waiting}": 1
        }


async def test_the_time_an_operation_took_falls_into_a_bucket() -> None:
    async with running_stack() as stack:

        async def slow(_: httpx.Request) -> None:
            stack.clock.advance(0.5)

        stack.seam.on("GET /user/offer_chain", slow)
        await stack.data(SCREEN)
        figures = await scraped(stack)
        bounds = ("0.5", "1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "+Inf")
        assert named(figures, "gateway_operation_seconds_bucket") == {
            f"gateway_operation_seconds_bucket{{execution=compiled,kind=query,le={bound}}}": 1 for bound in bounds
        }
        assert named(figures, "gateway_upstream_seconds_bucket") == {
            f"gateway_upstream_seconds_bucket{{call=offer_chains,le={bound}}}": 1 for bound in bounds
        }


async def test_the_release_that_runs_is_shown() -> None:
    async with running_stack() as stack:
        assert named(await scraped(stack), "gateway_build_info") == {f"gateway_build_info{{version={__version__}}}": 1}


async def test_upstream_calls_are_counted_by_name_and_outcome() -> None:
    async with running_stack() as stack:
        token = stack.token()
        await stack.data("{ viewer { offerChains { name } rewardChains { name } } }", token=token)
        stack.seam.on("GET /user/offer_chain", answers(401))
        await stack.ask(SCREEN, token=stack.token(lifetime_seconds=60))
        assert named(await scraped(stack), "gateway_upstream_calls_total") == {
            "gateway_upstream_calls_total{call=offer_chains,outcome=ok}": 1,
            "gateway_upstream_calls_total{call=reward_chains,outcome=ok}": 1,
            "gateway_upstream_calls_total{call=offer_chains,outcome=unauthenticated}": 1,
        }


async def test_the_caches_figures_are_shown() -> None:
    async with running_stack() as stack:
        for field in ("name", "id", "nextAction"):
            await stack.data(f"{{ viewer {{ offerChains {{ {field} }} }} }}", token=stack.token())
        figures = await scraped(stack)
        assert figures.pop("gateway_cache_bytes{}") > 1_000
        assert {series: value for series, value in figures.items() if series.startswith("gateway_cache_")} == {
            "gateway_cache_misses_total{}": 1,
            "gateway_cache_hits_total{}": 2,
            "gateway_cache_owners{}": 1,
        }


async def test_finished_answers_that_are_kept_are_shown() -> None:
    async with running_stack() as stack:
        await stack.data(SCREEN, token=stack.token())
        figures = await scraped(stack)
        assert figures["gateway_responses{}"] == 1
        assert figures["gateway_responses_bytes{}"] > 1_000


async def test_the_documentation_names_every_figure() -> None:
    documented = set(re.findall(r"`(gateway_[a-z_]+)`", PAGE))
    async with running_stack({"GATEWAY_WEBHOOK_SECRET": "0123456789abcdef"}) as stack:
        page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
    families = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in text_string_to_metric_families(page)
        if family.name.startswith("gateway_")
    }
    assert documented == families


async def test_nothing_that_a_client_sent_is_in_the_figures() -> None:
    async with running_stack() as stack:
        token = stack.token()
        await stack.send("query Watermark { viewer { offerChains { watermark: name } } }", token=token)
        await stack.send("query Watermark { watermark }", token=token)
        page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
        assert [secret for secret in (token, token.split(".")[2], ANN.id, "atermark") if secret in page] == []


async def test_a_scraper_that_accepts_open_metrics_gets_it() -> None:
    async with running_stack() as stack:
        accept = {"accept": "application/openmetrics-text; version=1.0.0"}
        response = await stack.http.get(f"{stack.gateway_url}/metrics", headers=accept)
        assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
        assert response.headers["cache-control"] == "no-store"
        assert response.text.endswith("# EOF\n")


async def test_figures_of_the_process_are_there_and_birthdays_of_series_are_not() -> None:
    async with running_stack() as stack:
        page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
        assert "process_resident_memory_bytes" in page
        assert "_created" not in page


async def test_the_page_can_be_taken_away() -> None:
    async with running_stack({"GATEWAY_METRICS": "off"}) as stack:
        assert (await stack.http.get(f"{stack.gateway_url}/metrics")).status_code == 404
