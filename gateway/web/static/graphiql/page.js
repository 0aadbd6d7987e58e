// The gateway's GraphiQL page: reads its configuration from the page, asks the endpoint, remembers what was typed.
"use strict";

const { GraphiQL, createElement, createRoot, explorerPlugin, setNonce } = GraphiQLBundle;

const HISTORY_KEYS = ["graphiql:queries", "graphiql:favorites"];
const CLEAR_PAUSE_MILLISECONDS = 3000;
const SIGN_IN = "Bearer <player token>";
const config = JSON.parse(document.getElementById("config").textContent);
const headers = config.headers ?? JSON.stringify({ Authorization: SIGN_IN }, null, 2);

// The unchanged placeholder is no credential: without it the request is anonymous.
function sent(typed) {
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== SIGN_IN));
}

// GraphiQL learns a query's operations a moment after it changed; until then it names one of the former query.
function named(operationName, query) {
  return new RegExp(`\\b${operationName}\\b`).test(query) ? operationName : undefined;
}

function failure(message) {
  return { errors: [{ message }] };
}

// Always resolves, so that the reader sees what happened in the response pane. The gateway streams subscriptions, and
// answers everything else as JSON.
async function ask({ query, operationName, variables }, options) {
  const hangUp = new AbortController();
  let status, text;
  try {
    const answer = await fetch(config.endpoint, {
      method: "POST",
      headers: {
        Accept: "application/graphql-response+json, application/json, text/event-stream",
        "Content-Type": "application/json",
        ...sent(options?.headers ?? {}),
      },
      body: JSON.stringify({ query, operationName: named(operationName, query), variables }),
      signal: hangUp.signal,
    });
    if (answer.headers.get("Content-Type")?.startsWith("text/event-stream")) return observable(answer.body, hangUp);
    status = `HTTP ${answer.status} ${answer.statusText}`.trim();
    text = await answer.text();
  } catch (error) {
    return failure(`The request failed: ${error.message}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return failure(`${status}, and the body is not JSON: ${text.slice(0, 1000)}`);
  }
}

// What GraphiQL follows until the stream is complete, or its Stop button hangs up.
function observable(body, hangUp) {
  return {
    subscribe(observer) {
      follow(body, observer)
        .catch((error) => hangUp.signal.aborted || observer.next(failure(`The stream broke off: ${error.message}`)))
        .finally(() => observer.complete());
      return { unsubscribe: () => hangUp.abort() };
    },
  };
}

async function follow(body, observer) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the gateway ended it. Run it again.");
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      if (event.startsWith("event: complete")) return;
      if (event.startsWith("event: next\ndata: ")) observer.next(JSON.parse(event.slice("event: next\ndata: ".length)));
    }
  }
}

// What was typed is kept per set of examples. Headers are credentials: they are never written, and what is read back
// gets the headers of the server that sent this page.
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
// Dialogs lock the page behind them with a style element, which the content security policy allows by nonce only.
setNonce(document.getElementById("page").nonce);
createRoot(document.getElementById("graphiql")).render(
  createElement(
    GraphiQL,
    {
      fetcher: ask,
      storage,
      plugins: [explorerPlugin()],
      defaultTabs: config.examples.length ? config.examples.map((example) => ({ ...example, headers })) : undefined,
      defaultQuery: "# Ctrl-Space completes, Ctrl-Enter runs, the folder at the left builds a query by clicks.\n",
      defaultHeaders: headers,
      defaultEditorToolsVisibility: "headers",
      shouldPersistHeaders: false,
    },
    createElement(GraphiQL.Logo, null, config.title),
  ),
);
