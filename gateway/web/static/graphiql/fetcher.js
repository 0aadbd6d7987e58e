// Asks the endpoint. Always resolves, so that the reader sees what happened in the response pane. The gateway streams
// subscriptions, and answers everything else as JSON.
export const SIGN_IN = "Bearer <player token>";

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

// `toolbar` says who asks and shows what waits; `settled` completes variables that are being filled in.
export function createFetcher(endpoint, toolbar, settled) {
  return async function ask({ query, operationName, variables }, options) {
    const hangUp = new AbortController();
    let status, text;
    try {
      const answer = await fetch(endpoint, {
        method: "POST",
        headers: {
          Accept: "application/graphql-response+json, application/json, text/event-stream",
          "Content-Type": "application/json",
          ...toolbar.headers(),
          ...sent(options?.headers ?? {}),
        },
        body: JSON.stringify({
          query,
          operationName: named(operationName, query),
          variables: await settled(query, variables),
        }),
        signal: hangUp.signal,
      });
      if (answer.headers.get("Content-Type")?.startsWith("text/event-stream"))
        return observable(answer.body, hangUp, toolbar);
      status = `HTTP ${answer.status} ${answer.statusText}`.trim();
      text = await answer.text();
    } catch (error) {
      return failure(`The request failed: ${error.message}`);
    }
    try {
      const body = JSON.parse(text);
      toolbar.tell(body);
      return body;
    } catch {
      return failure(`${status}, and the body is not JSON: ${text.slice(0, 1000)}`);
    }
  };
}

// What GraphiQL follows until the stream is complete, or its Stop button hangs up.
function observable(body, hangUp, toolbar) {
  let events = 0;
  const next = (observer, result) => {
    toolbar.listening(++events);
    toolbar.tell(result);
    observer.next(result);
  };
  return {
    subscribe(observer) {
      toolbar.listening(events);
      follow(body, (result) => next(observer, result))
        .catch((error) => hangUp.signal.aborted || observer.next(failure(`The stream broke off: ${error.message}`)))
        .finally(() => {
          toolbar.silent();
          observer.complete();
        });
      return { unsubscribe: () => hangUp.abort() };
    },
  };
}

async function follow(body, next) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the gateway ended it. Run it again.");
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      if (event.startsWith("event: complete")) return;
      if (event.startsWith("event: next\ndata: ")) next(JSON.parse(event.slice("event: next\ndata: ".length)));
    }
  }
}
