// The gateway's GraphiQL page: reads its configuration from the page and remembers what was typed.
import { createExamples } from "./examples.js";
import { createFetcher, SIGN_IN } from "./fetcher.js";
import { createToolbar, openAddressesByClick } from "./toolbar.js";

const { GraphiQL, createElement, createRoot, explorerPlugin, setNonce } = GraphiQLBundle;

const HISTORY_KEYS = ["graphiql:queries", "graphiql:favorites"];
const CLEAR_PAUSE_MILLISECONDS = 3000;
const RUN_PAUSE_MILLISECONDS = 200;
const config = JSON.parse(document.getElementById("config").textContent);
// Where players are chosen from a list, what is typed here is sent besides, and instead of the player's token.
const headers = config.players.length ? "" : JSON.stringify({ Authorization: SIGN_IN }, null, 2);

// What was typed is kept per set of examples. Headers are credentials: they are never written, and what is read back
// gets those that the page starts with.
function browserStorage() {
  let local;
  try {
    local = window.localStorage;
  } catch {
    return null; // the browser allows none: GraphiQL then remembers nothing
  }
  const prefix = `gateway:${config.storage}:`;
  let writableAt = 0;
  const own = () => Object.keys(local).filter((key) => key.startsWith(prefix));
  const rewritten = (key, value, header) =>
    value && HISTORY_KEYS.includes(key)
      ? JSON.stringify(JSON.parse(value), (name, inner) => (name === "headers" ? header : inner))
      : value;
  return {
    get length() {
      return own().length;
    },
    getItem: (key) => rewritten(key, local.getItem(prefix + key), headers),
    setItem: (key, value) => {
      if (performance.now() >= writableAt) local.setItem(prefix + key, rewritten(key, value, ""));
    },
    removeItem: (key) => local.removeItem(prefix + key),
    clear: () => {
      // GraphiQL saves edits up to half a second late: that would bring back what was just cleared.
      writableAt = performance.now() + CLEAR_PAUSE_MILLISECONDS;
      own().forEach((key) => local.removeItem(key));
    },
  };
}

// GraphiQL takes the variables of the first tab shown, and finds the tab to reopen, by the query and variables last
// edited. Before any edit these are missing: it would show no variables, and open one tab more on every visit.
function rememberActiveTab(storage) {
  const state = JSON.parse(storage.getItem("graphiql:tabState") ?? "null");
  const tab = state ? state.tabs[state.activeTabIndex] : config.examples[0];
  storage.setItem("graphiql:query", tab?.query ?? "");
  storage.setItem("graphiql:variables", tab?.variables ?? "");
}

const storage = browserStorage();
if (storage) rememberActiveTab(storage);
const toolbar = createToolbar(config, {
  get: (name) => storage?.getItem(name),
  set: (name, value) => storage?.setItem(name, value),
});
const examples = createExamples(config, toolbar);
// Dialogs lock the page behind them with a style element, which the content security policy allows by nonce only.
setNonce(document.getElementById("page").nonce);
createRoot(document.getElementById("graphiql")).render(
  createElement(
    GraphiQL,
    {
      fetcher: createFetcher(config.endpoint, toolbar, examples.settled),
      storage,
      plugins: [explorerPlugin()],
      defaultTabs: config.examples.length ? config.examples.map(({ query, variables }) => ({ query, variables, headers })) : undefined,
      defaultQuery: "# Ctrl-Space completes, Ctrl-Enter runs, the folder at the left builds a query by clicks.\n",
      defaultHeaders: headers,
      defaultEditorToolsVisibility: config.players.length ? "variables" : "headers",
      shouldPersistHeaders: false,
    },
    createElement(GraphiQL.Logo, null, config.title),
  ),
);

// GraphiQL takes a click on its button for nothing until all of its editors have loaded: it is asked again until it runs.
function runFirst() {
  const button = document.querySelector(".graphiql-execute-button");
  const result = document.querySelector(".result-window .CodeMirror")?.CodeMirror.getValue();
  if (result || !button.getAttribute("aria-label").startsWith("Execute")) return;
  button.click();
  setTimeout(runFirst, RUN_PAUSE_MILLISECONDS);
}

const ready = new MutationObserver(() => {
  if (!document.querySelector(".graphiql-editor-tool .CodeMirror")) return;
  ready.disconnect();
  examples.start();
  const isFirst = document.querySelector(".graphiql-tab-active") === document.querySelector(".graphiql-tab");
  if (config.runsFirst && isFirst) runFirst();
});
ready.observe(document.getElementById("graphiql"), { childList: true, subtree: true });
openAddressesByClick();
