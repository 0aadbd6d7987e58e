"""The GraphiQL page in a real browser: what a person sees, clicks and gets."""

import json
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from gateway.web.graphiql import PagePlayer
from tests.support.graphiql_page import BADGE, HOME, STEPS, Site, Visit, picture, serving, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ADA = PagePlayer("Ada", "Bearer ada</script>")
BOB = PagePlayer("Bob", "Bearer bob")
REFUSED = "error: Failed to load resource: the server responded with a status of 401 (Unauthorized)"


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    async with serving() as site:
        site.restart(ADA, BOB)
        yield site


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, site: Site) -> AsyncIterator[Visit]:
    """A first visit to the demo's page."""
    async with visiting(browser, site) as visit:
        await visit.open()
        yield visit


async def test_the_page_opens_without_a_complaint_and_asks_only_its_own_server(visit: Visit) -> None:
    await expect(visit.page).to_have_title("LiveOps Gateway · GraphiQL")
    await expect(visit.page.locator(".graphiql-logo")).to_have_text("LiveOps Gateway")
    async with visit.page.expect_response(f"{visit.site.origin}/graphql"):
        await visit.page.get_by_role("button", name="Re-fetch GraphQL schema").click()
    assert visit.complaints == []
    # The browser fetches the icon when it has time for it.
    asked = {url.removeprefix(visit.site.origin).split("?")[0] for url in visit.requests}
    assert asked - {"/graphiql/assets/favicon.svg"} == {
        *("/graphiql", "/graphql"),
        *(f"/graphiql/assets/{name}" for name in ("graphiql.js", "graphiql.css", "page.css")),
        *(f"/graphiql/assets/{name}.js" for name in ("page", "examples", "fetcher", "toolbar")),
    }


async def test_every_example_has_a_tab_in_its_group_with_its_query_and_its_variables_in_front(visit: Visit) -> None:
    await expect(visit.tabs).to_have_text(["Home", "Steps", "Badge"])
    groups = "[...document.querySelectorAll('.graphiql-tab')].map(tab => tab.dataset.group)"
    # A label stands where a group begins.
    assert await visit.page.evaluate(groups) == ["Look", None, "Look"]
    for example in (HOME, STEPS, BADGE):
        await visit.page.get_by_role("button", name=example.name, exact=True).click()
        await expect(visit.page.get_by_label("Query Editor")).to_contain_text(f"query {example.name}")
        assert await visit.editor("Query Editor") == example.query
        if not example.variables:
            await visit.page.get_by_role("button", name="Variables").click()
        assert await visit.editor("Variables") == example.variables
        await visit.page.get_by_role("button", name="Headers").click()
        assert await visit.editor("Headers") == ""
    assert visit.complaints == []


async def test_a_person_chooses_who_they_are_and_stays_so(visit: Visit) -> None:
    choice = visit.page.get_by_label("You are")
    await expect(choice.locator("option")).to_have_text(["Ada", "Bob", "nobody: anonymous"])
    await choice.select_option("Bob")
    await expect(visit.page.get_by_role("status")).to_have_text("You are Bob now. Run an operation again.")
    assert await visit.run("bob") == {"data": {"viewer": {"name": "bob"}}}
    await visit.open()
    assert await choice.input_value() == "Bob"
    await choice.select_option("nobody: anonymous")
    assert await visit.run("caller") == {"data": {"viewer": {"name": "caller"}}}
    # What is typed goes before the choice.
    await visit.page.get_by_role("button", name="Headers").click()
    await visit.write("Headers", '{"Authorization": "Bearer eve"}')
    assert await visit.run("eve") == {"data": {"viewer": {"name": "eve"}}}
    assert visit.site.endpoint.of("Home") == ["Bearer bob", None, "Bearer eve"]
    assert "bearer" not in (await visit.stored()).lower()
    assert visit.complaints == []


async def test_the_bar_leads_to_other_pages(visit: Visit) -> None:
    link = visit.page.get_by_role("navigation", name="Other pages").get_by_role("link", name="Sandbox")
    assert await link.get_attribute("href") == "http://127.0.0.1:9/"


async def test_a_click_on_run_shows_the_answer_to_the_demo_player(visit: Visit) -> None:
    assert await visit.run("viewer") == {"data": {"viewer": {"name": "ada</script>"}}}
    assert visit.site.endpoint.of("Home") == ["Bearer ada</script>"]
    assert visit.complaints == []


async def test_an_example_with_variables_runs_with_them(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Steps", exact=True).click()
    assert await visit.run("steps") == {"data": {"viewer": {"steps": [0, 1]}}}


async def test_a_query_run_in_the_moment_of_its_change_is_not_named_after_the_former_one(visit: Visit) -> None:
    query = "query Other { viewer { isSignedIn } }"
    await visit.page.evaluate(
        """query => {
          document.querySelector(".graphiql-query-editor .CodeMirror").CodeMirror.setValue(query);
          document.querySelector(".graphiql-execute-button").click();
        }""",
        query,
    )
    await expect(visit.page.get_by_label("Result Window")).to_contain_text("isSignedIn")
    assert json.loads(await visit.editor("Result Window")) == {"data": {"viewer": {"isSignedIn": True}}}


async def test_of_two_operations_the_chosen_one_runs(visit: Visit) -> None:
    await visit.write("Query Editor", "query One { viewer { name } } query Two { viewer { isSignedIn } }")
    await visit.page.locator(".graphiql-execute-button[aria-haspopup=menu]").click()
    await visit.page.get_by_role("menuitem", name="Two").click()
    await expect(visit.page.get_by_label("Result Window")).to_contain_text("isSignedIn")
    assert visit.site.endpoint.of("Two") == [ADA.authorization]
    assert visit.complaints == []


TICKS = "subscription Ticks { ticks }"


def tick(number: int) -> str:
    return f'event: next\ndata: {{"data": {{"ticks": {number}}}}}\n\n'


async def test_a_subscription_shows_each_event_until_it_is_complete(visit: Visit) -> None:
    await visit.write("Query Editor", TICKS)
    await visit.run_button.click()
    result = visit.page.get_by_label("Result Window")
    # Events come in any pieces, and comments between them.
    status = visit.page.get_by_role("status")
    await expect(status).to_have_text("Listening: nothing has happened yet.")
    for number, pieces in enumerate([[":\n\n", tick(0)], [tick(1)[:20], tick(1)[20:]], [":\n\n" + tick(7) + tick(2)]]):
        for piece in pieces:
            visit.site.endpoint.chunks.put_nowait(piece)
        await expect(result).to_contain_text(f'"ticks": {number}')
    await expect(visit.stop_button).to_be_visible()
    await expect(status).to_have_text("Listening: 4 events so far.")
    visit.site.endpoint.chunks.put_nowait("event: complete\ndata: \n\n")
    await expect(visit.run_button).to_be_visible()
    await expect(status).to_have_text("")
    assert json.loads(await visit.editor("Result Window")) == {"data": {"ticks": 2}}
    assert visit.site.endpoint.asked[-1].authorization == ADA.authorization
    assert visit.complaints == []


async def test_stopping_a_subscription_hangs_up_and_keeps_what_was_shown(visit: Visit) -> None:
    await visit.write("Query Editor", TICKS)
    await visit.run_button.click()
    visit.site.endpoint.chunks.put_nowait(tick(5))
    await expect(visit.page.get_by_label("Result Window")).to_contain_text('"ticks": 5')
    await visit.stop_button.click()
    await visit.site.endpoint.hung_up.wait()
    await expect(visit.run_button).to_be_visible()
    assert json.loads(await visit.editor("Result Window")) == {"data": {"ticks": 5}}
    assert visit.complaints == []


async def test_a_stream_that_ends_before_it_is_complete_is_said_in_the_response_pane(visit: Visit) -> None:
    await visit.write("Query Editor", TICKS)
    visit.site.endpoint.chunks.put_nowait(tick(1))
    visit.site.endpoint.chunks.put_nowait(None)
    message = "The stream broke off: the gateway ended it. Run it again."
    assert await visit.run("broke off") == {"errors": [{"message": message}]}
    await expect(visit.run_button).to_be_visible()


async def test_a_click_in_the_explorer_adds_the_field_to_the_query(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Show GraphiQL Explorer").click()
    await visit.page.locator(".graphiql-explorer-root").get_by_text("isSignedIn").click()
    await expect(visit.page.get_by_label("Query Editor")).to_contain_text("isSignedIn")
    assert await visit.run("isSignedIn") == {"data": {"viewer": {"name": "ada</script>", "isSignedIn": True}}}
    assert visit.complaints == []


async def test_the_documentation_shows_the_schemas_descriptions(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    docs = visit.page.locator(".graphiql-plugin")
    await docs.get_by_role("link", name="Query", exact=True).click()
    await expect(docs).to_contain_text("The player whose token came with the request.")
    await docs.get_by_role("link", name="Viewer", exact=True).click()
    await expect(docs).to_contain_text("What to greet the player with.")
    assert visit.complaints == []


@pytest.mark.parametrize("name", ["Open short keys dialog", "Open settings dialog"])
async def test_a_dialog_opens_and_closes_under_the_content_security_policy(visit: Visit, name: str) -> None:
    await visit.page.get_by_role("button", name=name).click()
    await expect(visit.page.get_by_role("dialog")).to_be_visible()
    await expect(visit.page.locator("body")).to_have_css("overflow", "hidden")
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.get_by_role("dialog")).to_have_count(0)
    assert visit.complaints == []


async def test_completion_and_description_bubbles_work_under_the_content_security_policy(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    await expect(visit.page.locator(".graphiql-plugin")).to_contain_text("Root Types")
    await visit.page.get_by_label("Query Editor").get_by_text("viewer").hover()
    await expect(visit.page.locator(".CodeMirror-info")).to_contain_text(
        "The player whose token came with the request."
    )
    await visit.write("Query Editor", "query Home { viewer { ")
    await visit.page.keyboard.press("Control+Space")
    await expect(visit.page.locator(".CodeMirror-hints li").first).to_have_text("name")
    assert visit.complaints == []


async def test_what_was_typed_and_the_active_tab_are_there_again_on_the_next_visit(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Badge", exact=True).click()
    await visit.write("Query Editor", "query Mine { viewer { name } }")
    await expect(visit.tabs).to_have_text(["Home", "Steps", "Mine"])
    await visit.remembered("query Mine")
    for _ in range(2):
        await visit.open()
        await expect(visit.tabs).to_have_text(["Home", "Steps", "Mine"])
        assert await visit.editor("Query Editor") == "query Mine { viewer { name } }"
    assert await visit.run("viewer") == {"data": {"viewer": {"name": "ada</script>"}}}
    assert visit.complaints == []


async def test_coming_again_without_having_typed_opens_no_further_tab(visit: Visit) -> None:
    await visit.remembered("query Badge")
    await visit.open()
    await expect(visit.tabs).to_have_text(["Home", "Steps", "Badge"])


async def test_a_first_example_with_variables_shows_them_at_once_and_has_one_tab_on_every_visit(visit: Visit) -> None:
    visit.site.restart(ADA, examples=[STEPS, HOME])
    for _ in range(3):
        await visit.open()
        await expect(visit.tabs).to_have_text(["Steps", "Home"])
        assert await visit.editor("Variables") == STEPS.variables
        await visit.remembered("query Steps")
    assert await visit.run("steps") == {"data": {"viewer": {"steps": [0, 1]}}}


async def test_without_examples_there_is_one_tab_to_write_in(visit: Visit) -> None:
    visit.site.restart(ADA, examples=[])
    await visit.open()
    await expect(visit.tabs).to_have_text(["<untitled>"])
    await visit.write("Query Editor", "query Mine { viewer { name } }")
    assert await visit.run("viewer") == {"data": {"viewer": {"name": "ada</script>"}}}


async def test_a_restarted_demos_token_replaces_the_former_one_and_none_is_stored(visit: Visit) -> None:
    await visit.run("ada")
    await visit.page.get_by_role("button", name="Headers").click()
    await visit.write("Headers", '{"Authorization": "Bearer eve"}')
    await visit.run("eve")
    visit.site.restart(PagePlayer("Ada", "Bearer new"))
    await visit.open()
    await visit.page.get_by_role("button", name="Headers").click()
    assert await visit.editor("Headers") == ""
    assert await visit.run("new") == {"data": {"viewer": {"name": "new"}}}
    await visit.write("Headers", "{}")
    await visit.page.get_by_role("button", name="Show History").click()
    await visit.page.locator(".graphiql-history-item-label").get_by_text("Home").first.click()
    assert await visit.editor("Headers") == ""
    assert "bearer" not in (await visit.stored()).lower()
    assert visit.complaints == []


async def test_clearing_the_storage_brings_the_examples_back(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Close Tab").first.click()
    await expect(visit.tabs).to_have_text(["Steps", "Badge"])
    await visit.forgotten("query Home")
    await visit.page.evaluate("localStorage.setItem('of another page', 'kept')")
    await visit.page.get_by_role("button", name="Open settings dialog").click()
    await visit.page.get_by_role("button", name="Clear data").click()
    await expect(visit.page.get_by_role("button", name="Cleared data")).to_be_visible()
    assert await visit.stored() == '{"of another page":"kept"}'
    await visit.open()
    await expect(visit.tabs).to_have_text(["Home", "Steps", "Badge"])


async def test_outside_the_demo_the_headers_show_how_to_sign_in_and_a_visitor_stays_anonymous(visit: Visit) -> None:
    visit.site.restart()
    await visit.open()
    await expect(visit.page.get_by_label("You are")).to_be_hidden()
    assert await visit.editor("Headers") == '{\n  "Authorization": "Bearer <player token>"\n}'
    assert await visit.run("viewer") == {"data": {"viewer": {"name": "caller"}}}
    await visit.write("Headers", '{"Authorization": "Bearer eve"}')
    assert await visit.run("eve") == {"data": {"viewer": {"name": "eve"}}}
    assert visit.site.endpoint.of("Home") == [None, "Bearer eve"]
    assert visit.complaints == []


async def test_a_refusal_with_401_is_shown_in_the_response_pane_and_the_page_goes_on(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Headers").click()
    await visit.write("Headers", '{"Authorization": "Bearer"}')
    error = {"message": "The Authorization header is malformed.", "extensions": {"code": "UNAUTHENTICATED"}}
    assert await visit.run("UNAUTHENTICATED") == {"errors": [error]}
    await visit.write("Headers", '{"Authorization": "Bearer eve"}')
    assert await visit.run("eve") == {"data": {"viewer": {"name": "eve"}}}
    assert visit.complaints == [REFUSED]


async def test_an_answer_that_is_not_json_is_shown_with_its_status(visit: Visit) -> None:
    visit.site.endpoint.broken = True
    message = "HTTP 502 Bad Gateway, and the body is not JSON: <h1>Bad Gateway</h1>"
    assert await visit.run("HTTP 502") == {"errors": [{"message": message}]}


async def test_a_server_out_of_reach_is_said_in_the_response_pane(visit: Visit) -> None:
    await visit.page.route("**/graphql", lambda route: route.abort())
    assert await visit.run("failed") == {"errors": [{"message": "The request failed: Failed to fetch"}]}


async def test_a_header_that_cannot_be_sent_is_said_in_the_response_pane(visit: Visit) -> None:
    await visit.page.get_by_role("button", name="Headers").click()
    await visit.write("Headers", '{"not a header": "x"}')
    answer = await visit.run("failed")
    assert "The request failed: Failed to execute 'fetch'" in json.dumps(answer)
    assert visit.complaints == []


async def test_a_browser_that_stores_nothing_shows_the_page_all_the_same(browser: Browser, site: Site) -> None:
    async with visiting(browser, site) as visit:
        await visit.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied') }})"
        )
        await visit.open()
        await expect(visit.tabs).to_have_text(["Home", "Steps", "Badge"])
        assert await visit.run("viewer") == {"data": {"viewer": {"name": "ada</script>"}}}
        assert visit.complaints == []


async def test_a_browser_without_scripts_is_told_where_the_endpoint_is(browser: Browser, site: Site) -> None:
    async with visiting(browser, site, scripts=False) as visit:
        await visit.page.goto(f"{site.origin}/graphiql")
        await expect(visit.page.locator("noscript p")).to_contain_text("POST /graphql")
        await expect(visit.page.locator("main")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_the_page_follows_the_systems_colours(browser: Browser, site: Site, dark: bool) -> None:
    async with visiting(browser, site, dark=dark) as visit:
        await visit.open()
        await visit.run("viewer")
        background = "rgb(33, 42, 59)" if dark else "rgb(255, 255, 255)"
        await expect(visit.page.locator(".graphiql-container")).to_have_css("background-color", background)
        await picture(visit, f"desk-{'dark' if dark else 'light'}")
        await visit.page.get_by_role("button", name="Show GraphiQL Explorer").click()
        await expect(visit.page.locator(".graphiql-explorer-root")).to_contain_text("isSignedIn")
        await picture(visit, f"desk-explorer-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_on_a_phone_the_answer_stands_below_the_query_and_nothing_leaves_the_screen(
    browser: Browser, site: Site, dark: bool
) -> None:
    async with visiting(browser, site, width=390, height=844, dark=dark) as visit:
        await visit.open()
        assert await visit.run("viewer") == {"data": {"viewer": {"name": "ada</script>"}}}
        editors = await visit.page.locator(".graphiql-editors").bounding_box()
        response = await visit.page.locator(".graphiql-response").bounding_box()
        assert editors is not None
        assert response is not None
        assert response["y"] >= editors["y"] + editors["height"]
        assert response["width"] > 300
        assert response["height"] > 150
        assert await visit.page.evaluate("document.documentElement.scrollWidth") == 390
        await picture(visit, f"phone-{'dark' if dark else 'light'}")
        await visit.page.get_by_role("button", name="Open settings dialog").click()
        theme = visit.page.get_by_role("dialog").get_by_role("button", name=re.compile("Dark"))
        await expect(theme).to_be_in_viewport(ratio=1)
        await picture(visit, f"phone-settings-{'dark' if dark else 'light'}")
        assert visit.complaints == []
