"""A small GraphQL server with the GraphiQL page in front, and the page as a person's hands and eyes meet it."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import uvicorn
from graphql import GraphQLResolveInfo, build_schema, graphql_sync
from playwright.async_api import Browser, Locator, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gateway.web.graphiql import Example, GraphiQL, GraphiQLSetup, PagePlayer

HOME = Example("Home", "# The home screen.\nquery Home {\n  viewer {\n    name\n  }\n}\n", group="Look")
STEPS = Example(
    "Steps", "query Steps($first: Int!) {\n  viewer {\n    steps(first: $first)\n  }\n}\n", '{\n  "first": 2\n}'
)
BADGE = Example("Badge", "query Badge {\n  viewer {\n    isSignedIn\n  }\n}\n", group="Look")


TABS_CONTAIN = """text => new Promise(resolve => {
  const stored = ([key, value]) => key.endsWith("tabState") && value.includes(text);
  const look = () => Object.entries(localStorage).some(stored) ? resolve() : requestAnimationFrame(look);
  look();
})"""
TABS_LACK = """text => new Promise(resolve => {
  const stored = ([key, value]) => key.endsWith("tabState") && value.includes(text);
  const look = () => Object.entries(localStorage).some(stored) ? requestAnimationFrame(look) : resolve();
  look();
})"""
SCHEMA = build_schema("""
type Query {
  "The player whose token came with the request."
  viewer: Viewer!
}
type Viewer {
  "What to greet the player with."
  name: String!
  isSignedIn: Boolean!
  steps(first: Int!): [Int!]!
}
type Subscription {
  ticks: Int!
}
""")


def steps(info: GraphQLResolveInfo[object], first: int) -> list[int]:
    return list(range(first))


@dataclass(frozen=True)
class ResponseKey:
    """One operation that reached the endpoint, with the credential it came with."""

    operation: str | None
    authorization: str | None


@dataclass
class Endpoint:
    """Answers GraphQL; knows its players by their token, and refuses a malformed header as the gateway does."""

    asked: list[ResponseKey] = field(default_factory=list)
    broken: bool = False
    chunks: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: HttpRequest) -> Response:
        if self.broken:
            return Response("<h1>Bad Gateway</h1>", 502, media_type="text/html")
        authorization = request.headers.get("Authorization")
        body = await request.json()
        self.asked.append(ResponseKey(body.get("operationName"), authorization))
        if body["query"].startswith("subscription") and "text/event-stream" in request.headers["accept"]:
            return StreamingResponse(self.stream(), media_type="text/event-stream")
        token = authorization and authorization.removeprefix("Bearer ")
        if authorization is not None and (token == authorization or not token or " " in token):
            error = {"message": "The Authorization header is malformed.", "extensions": {"code": "UNAUTHENTICATED"}}
            return JSONResponse({"errors": [error]}, 401, media_type="application/graphql-response+json")
        viewer = {"name": token or "caller", "isSignedIn": token is not None, "steps": steps}
        result = graphql_sync(
            SCHEMA,
            body["query"],
            {"viewer": viewer},
            variable_values=body.get("variables"),
            operation_name=body.get("operationName"),
        )
        return JSONResponse(result.formatted, media_type="application/graphql-response+json")

    async def stream(self) -> AsyncIterator[str]:
        """A subscription's stream: the test writes it, and ends it with None."""
        try:
            while (chunk := await self.chunks.get()) is not None:
                yield chunk
        finally:
            self.hung_up.set()

    def of(self, operation: str) -> list[str | None]:
        """The credentials with which an operation was asked."""
        return [asked.authorization for asked in self.asked if asked.operation == operation]


@dataclass
class Site:
    """A server on a loopback port; `restart` is a new process of it as the browser sees it: same origin, new page."""

    origin: str
    endpoint: Endpoint = field(default_factory=Endpoint)
    app: Starlette = field(default_factory=Starlette)

    def restart(self, *players: PagePlayer, examples: Sequence[Example] = (HOME, STEPS, BADGE)) -> None:
        page = GraphiQL(examples=examples, setup=GraphiQLSetup(players, (("Sandbox", "http://127.0.0.1:9/"),)))
        self.app = Starlette(routes=[*page.routes(), Route("/graphql", self.endpoint.__call__, methods=["POST"])])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(site, lifespan="off", log_level="error"))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    yield site
    server.should_exit = True
    await running


@dataclass(frozen=True)
class Visit:
    """One browser profile with the page in it; `complaints` is everything the browser objected to, in any tab."""

    site: Site
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    async def open(self) -> None:
        await self.page.goto(f"{self.site.origin}/graphiql")
        await self.run_button.wait_for()

    @property
    def run_button(self) -> Locator:
        return self.page.get_by_role("button", name="Execute query")

    @property
    def stop_button(self) -> Locator:
        return self.page.get_by_role("button", name="Stop query")

    @property
    def tabs(self) -> Locator:
        return self.page.locator(".graphiql-tab-button")

    async def run(self, wait_for: str) -> object:
        """Click Run, and return the answer once the response pane shows a text of it."""
        await self.run_button.click()
        await expect(self.page.get_by_label("Result Window")).to_contain_text(wait_for)
        answer: object = json.loads(await self.editor("Result Window"))
        return answer

    async def another_tab(self) -> "Visit":
        """A further tab of the same browser, with the page in it."""
        tab = replace(self, page=await self.page.context.new_page())
        await tab.open()
        return tab

    async def editor(self, label: Literal["Query Editor", "Headers", "Variables", "Result Window"]) -> str:
        """The whole text of an editor, lines scrolled out of sight included."""
        editor = self.page.get_by_label(label, exact=True).locator(".CodeMirror:visible")
        return str(await editor.evaluate("element => element.CodeMirror.getValue()"))

    async def write(self, label: Literal["Query Editor", "Headers", "Variables"], text: str) -> None:
        editor = self.page.get_by_label(label, exact=True).locator(".CodeMirror:visible")
        await editor.click()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def stored(self) -> str:
        """Everything that the page left in local storage."""
        return str(await self.page.evaluate("JSON.stringify(localStorage)"))

    async def remembered(self, text: str) -> None:
        """Wait until the stored tabs contain a text; GraphiQL writes them half a second after the last change."""
        async with asyncio.timeout(10):
            await self.page.evaluate(TABS_CONTAIN, text)

    async def forgotten(self, text: str) -> None:
        """Wait until no stored tab contains a text any more."""
        async with asyncio.timeout(10):
            await self.page.evaluate(TABS_LACK, text)


@asynccontextmanager
async def visiting(
    browser: Browser,
    site: Site,
    *,
    width: int = 1280,
    height: int = 800,
    dark: bool = False,
    scripts: bool = True,
) -> AsyncIterator[Visit]:
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )
    visit = Visit(site, await context.new_page())
    context.on("console", lambda message: visit.complaints.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: visit.complaints.append(str(error.error)))
    context.on("request", lambda request: visit.requests.append(request.url))
    yield visit
    await context.close()


async def picture(visit: Visit, name: str) -> None:
    """Keep a screenshot in the folder that the environment variable SCREENSHOTS names; without it, look at none."""
    if folder := os.environ.get("SCREENSHOTS"):
        await visit.page.screenshot(path=Path(folder) / f"graphiql-{name}.png")
