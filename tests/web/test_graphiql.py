"""The GraphiQL page and its files, as an HTTP client sees them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.web.graphiql import Example, GraphiQL, GraphiQLSetup, PagePlayer, load_examples
from tests.support.paths import REPOSITORY

VENDOR = Path("gateway/web/static/graphiql/vendor")
HOME = Example("Home", "query Home { viewer { name } }")
STEPS = Example("Steps", "query Steps($first: Int!) { steps(first: $first) }", '{"first": 2}')
ASSETS = {
    "page.js": "text/javascript; charset=utf-8",
    "examples.js": "text/javascript; charset=utf-8",
    "fetcher.js": "text/javascript; charset=utf-8",
    "toolbar.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "graphiql.js": "text/javascript; charset=utf-8",
    "graphiql.css": "text/css; charset=utf-8",
    "LICENSES.txt": "text/plain; charset=utf-8",
}


class Document(HTMLParser):
    """What a browser makes of the page: its elements, and the text of those that matter here."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open: str | None = None
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self._open = attributes.get("id") or tag

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    @property
    def config(self) -> dict[str, object]:
        config: dict[str, object] = json.loads(self.texts["config"])
        return config

    def urls(self) -> list[str]:
        return [
            url for _, attributes in self.elements for url in (attributes.get("src"), attributes.get("href")) if url
        ]


def client(page: GraphiQL, root_path: str = "") -> httpx.AsyncClient:
    app = Starlette(routes=page.routes())
    transport = httpx.ASGITransport(Starlette(routes=[Mount(root_path, app)]) if root_path else app)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway")


async def opened(
    *,
    examples: Sequence[Example] = (HOME, STEPS),
    setup: GraphiQLSetup | None = None,
    title: str = "LiveOps Gateway",
) -> tuple[httpx.Response, Document]:
    page = GraphiQL(examples=examples, setup=setup, title=title, nonce=lambda: "n0nce")
    async with client(page) as http:
        response = await http.get("/graphiql")
    return response, Document(response.text)


async def test_the_page_is_never_stored_and_its_policy_allows_only_its_own_files() -> None:
    response, _ = await opened()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-n0nce'",
        "connect-src 'self'",
        "img-src 'self' data: https: http://127.0.0.1:* http://localhost:*",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]


async def test_the_page_holds_no_inline_script_or_style() -> None:
    _, document = await opened()
    scripts = [attributes for tag, attributes in document.elements if tag == "script"]
    assert [script.get("type") for script in scripts if "src" not in script] == ["application/json"]
    assert "style" not in {tag for tag, _ in document.elements}
    assert not [name for _, attributes in document.elements for name in attributes if name.startswith(("on", "style"))]


async def test_the_page_has_a_title_a_language_an_icon_and_a_word_for_readers_without_scripts() -> None:
    _, document = await opened(title="Shop & <Rewards>")
    assert document.texts["title"] == "Shop & <Rewards> · GraphiQL"
    assert ("html", {"lang": "en"}) in document.elements
    assert [attributes["type"] for _, attributes in document.elements if attributes.get("rel") == "icon"] == [
        "image/svg+xml"
    ]
    assert "noscript" in {tag for tag, _ in document.elements}
    assert document.texts["code"].startswith("POST /graphql")


async def test_each_answer_has_a_nonce_of_its_own() -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        policies = [(await http.get("/graphiql")).headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", policy) for policy in policies]
    assert [len(found) for found in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    assert all(len(found[0]) >= 22 for found in nonces)


async def test_the_page_hands_its_nonce_to_the_script_that_opens_dialogs() -> None:
    _, document = await opened()
    assert [attributes["nonce"] for _, attributes in document.elements if "nonce" in attributes] == ["n0nce"]


def players(*tokens: str) -> GraphiQLSetup:
    return GraphiQLSetup(tuple(PagePlayer(f"Player {token}", f"Bearer {token}") for token in tokens))


async def test_the_configuration_carries_endpoint_title_examples_players_and_links() -> None:
    setup = GraphiQLSetup(players("t0ken").players, (("Sandbox", "http://sandbox"),), runs_first=True)
    _, document = await opened(setup=setup)
    config = document.config
    assert config.pop("storage")
    assert config == {
        "endpoint": "/graphql",
        "title": "LiveOps Gateway",
        "examples": [
            {"name": "Home", "query": HOME.query, "variables": "", "group": ""},
            {"name": "Steps", "query": STEPS.query, "variables": '{"first": 2}', "group": ""},
        ],
        "players": [{"name": "Player t0ken", "authorization": "Bearer t0ken"}],
        "links": {"Sandbox": "http://sandbox"},
        "runsFirst": True,
    }


async def test_without_a_setup_the_page_has_nobody_to_be() -> None:
    _, document = await opened()
    assert (document.config["players"], document.config["links"], document.config["runsFirst"]) == ([], {}, False)


def test_a_player_of_the_page_is_shown_without_their_credential() -> None:
    assert repr(PagePlayer("Ada", "Bearer secret")) == "PagePlayer(name='Ada')"


async def test_typed_text_is_kept_per_set_of_examples_whatever_the_token() -> None:
    first, same, other = [
        (await opened(examples=examples, setup=players(token)))[1].config["storage"]
        for examples, token in (([HOME], "a"), ([HOME], "b"), ([STEPS], "a"))
    ]
    assert first == same
    assert first != other


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "\u2028 & 'é\" ]]>"])
async def test_no_text_of_the_configuration_ends_its_script_element(text: str) -> None:
    await texts_arrive_unchanged(text)


@pytest.mark.slow
@given(st.text())
async def test_every_text_of_the_configuration_arrives_unchanged(text: str) -> None:
    await texts_arrive_unchanged(text)


async def texts_arrive_unchanged(text: str) -> None:
    setup = GraphiQLSetup((PagePlayer(text, text),), ((text, text),))
    _, document = await opened(examples=[Example(text, text, text, text)], setup=setup, title=text)
    config = document.config
    assert config["title"] == text
    assert config["examples"] == [{"name": text, "query": text, "variables": text, "group": text}]
    assert config["players"] == [{"name": text, "authorization": text}]
    assert config["links"] == {text: text}


async def test_below_another_path_every_url_starts_with_it() -> None:
    async with client(GraphiQL(graphql_path="/api", examples=[HOME]), root_path="/shop") as http:
        document = Document((await http.get("/shop/graphiql")).text)
        statuses = [(await http.get(url)).status_code for url in document.urls()]
    assert document.config["endpoint"] == "/shop/api"
    assert statuses == [200] * 5
    assert all(url.startswith("/shop/graphiql/assets/") for url in document.urls())


async def test_the_urls_of_the_page_answer_and_may_be_cached_for_ever() -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        urls = Document((await http.get("/graphiql")).text).urls()
        answers = [await http.get(url) for url in urls]
    assert [url.split("?")[0].rsplit("/")[-1] for url in urls] == [
        *("favicon.svg", "graphiql.css", "page.css", "graphiql.js", "page.js")
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=31536000, immutable"}


@pytest.mark.parametrize(("name", "media_type"), ASSETS.items(), ids=ASSETS)
async def test_an_asset_has_its_media_type_and_is_asked_for_again_when_its_url_has_no_version(
    name: str, media_type: str
) -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        answer = await http.get(f"/graphiql/assets/{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content


async def test_an_asset_is_sent_compressed_to_a_client_that_takes_it_so() -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        plain, compressed = [
            await http.get("/graphiql/assets/graphiql.js", headers={"Accept-Encoding": encoding})
            for encoding in ("identity", "gzip")
        ]
    assert (compressed.headers["Content-Encoding"], plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert compressed.content == plain.content
    assert compressed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert compressed.headers["ETag"] == plain.headers["ETag"].removesuffix('"') + '-gzip"'


async def test_an_asset_of_another_version_is_not_cached_for_ever() -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        answer = await http.get("/graphiql/assets/page.js?v=0123456789abcdef")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("prefix", ["", "W/"])
async def test_an_asset_that_the_browser_has_is_not_sent_again(prefix: str) -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        etag = (await http.get("/graphiql/assets/graphiql.js")).headers["ETag"]
        again = await http.get("/graphiql/assets/graphiql.js", headers={"If-None-Match": f'"x", {prefix}{etag}'})
        other = await http.get("/graphiql/assets/graphiql.js", headers={"If-None-Match": '"x"'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/assets/graphiql.js"])
async def test_head_answers_with_the_headers_of_get(path: str) -> None:
    async with client(GraphiQL(examples=[HOME], nonce=lambda: "n0nce")) as http:
        get, head = await http.get(path), await http.head(path)
    assert head.status_code == 200
    assert head.headers == get.headers


@pytest.mark.parametrize(
    "name",
    [
        *("unknown.js", "page.html", "manifest.json", "vendor/graphiql.js", "vendor%2fgraphiql.js", ""),
        *("..%2f..%2fgraphiql.py", "%2e%2e/page.html", "..%5cpage.html", "%00", "/etc/passwd"),
    ],
)
async def test_any_other_name_is_not_found(name: str) -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        answer = await http.get(f"/graphiql/assets/{name}", follow_redirects=True)
    assert answer.status_code == 404


async def test_the_page_takes_no_posts() -> None:
    async with client(GraphiQL(examples=[HOME])) as http:
        assert (await http.post("/graphiql")).status_code == 405


def test_examples_are_read_in_the_order_of_their_files_with_their_variables(tmp_path: Path) -> None:
    (tmp_path / "02-steps.graphql").write_text(STEPS.query)
    (tmp_path / "02-steps.variables.json").write_text('{"first": 2}')
    (tmp_path / "01-home.graphql").write_text(f"# query NotThis\nfragment F on Viewer {{ name }}\n{HOME.query}")
    (tmp_path / "README.md").write_text("not an example")
    assert load_examples(tmp_path) == [
        Example("Home", f"# query NotThis\nfragment F on Viewer {{ name }}\n{HOME.query}"),
        Example("Steps", STEPS.query, '{"first": 2}'),
    ]


def test_groups_order_the_examples_and_name_their_tabs(tmp_path: Path) -> None:
    for number, name in enumerate(("A", "B", "C", "D")):
        (tmp_path / f"{number}.graphql").write_text(f"query {name} {{ viewer {{ name }} }}")
    (tmp_path / "groups.json").write_text('{"Buy": ["C", "Missing"], "Look": ["B"]}')
    examples = load_examples(tmp_path)
    assert [(one.group, one.name) for one in examples] == [("Buy", "C"), ("Look", "B"), ("", "A"), ("", "D")]


def test_groups_of_another_form_are_refused(tmp_path: Path) -> None:
    (tmp_path / "groups.json").write_text('{"Buy": "C"}')
    with pytest.raises(ValueError, match=r"^groups\.json: Expected `array`"):
        load_examples(tmp_path)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("query {", "01.graphql: Syntax Error: Expected Name, found <EOF>."),
        ("{ viewer { name } }", "01.graphql: no named operation"),
        ("fragment F on Viewer { name }", "01.graphql: no named operation"),
    ],
)
def test_an_example_without_a_named_operation_is_refused(tmp_path: Path, query: str, complaint: str) -> None:
    (tmp_path / "01.graphql").write_text(query)
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        load_examples(tmp_path)


@pytest.mark.parametrize("variables", ["[1]", "{", ""])
def test_variables_that_are_no_json_object_are_refused(tmp_path: Path, variables: str) -> None:
    (tmp_path / "01.graphql").write_text(HOME.query)
    (tmp_path / "01.variables.json").write_text(variables)
    with pytest.raises(ValueError, match=r"^01\.variables\.json: "):
        load_examples(tmp_path)


def vendored(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "vendor-graphiql"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own script


def copied(root: Path) -> Path:
    for folder in (VENDOR, Path("scripts/graphiql")):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copy(REPOSITORY / "scripts" / "vendor-graphiql", root / "scripts")
    return root


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    result = vendored(REPOSITORY)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lambda root: (root / VENDOR / "graphiql.js").write_text("alert(1)"), "graphiql.js was changed\n"),
        (lambda root: (root / VENDOR / "LICENSES.txt").unlink(), "LICENSES.txt is missing\n"),
        (lambda root: (root / VENDOR / "more.js").write_text(""), "more.js is not in the manifest\n"),
        (
            lambda root: (root / "scripts/graphiql/entry.js").write_text(""),
            "scripts/graphiql was changed: run with --update\n",
        ),
    ],
    ids=["changed", "missing", "added", "sources"],
)
def test_a_file_that_differs_from_the_manifest_is_named(tmp_path: Path, harm: object, complaint: str) -> None:
    root = copied(tmp_path)
    assert callable(harm)
    harm(root)
    result = vendored(root)
    assert (result.returncode, result.stdout) == (1, complaint)


def test_every_bundled_package_is_pinned_as_in_the_lock_and_its_licence_is_shipped() -> None:
    manifest = json.loads((REPOSITORY / VENDOR / "manifest.json").read_text())
    licences = (REPOSITORY / VENDOR / "LICENSES.txt").read_text()
    lock = json.loads((REPOSITORY / "scripts/graphiql/package-lock.json").read_text())["packages"].values()
    pinned = {package["integrity"] for package in lock if "integrity" in package}
    assert {"graphiql", "@graphiql/plugin-explorer", "react", "codemirror"} <= {p["name"] for p in manifest["packages"]}
    for package in manifest["packages"]:
        assert package["integrity"] in pinned
        assert package["integrity"].startswith("sha512-")
        assert package["licence"] in {"MIT", "Apache-2.0", "BSD-2-Clause", "0BSD"}
        assert f"{package['name']} {package['version']} ({package['licence']})\n" in licences
