// graphql-ws: everything over one socket.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

export function connect({ socketUrl, authorization }) {
  const client = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: authorization },
    retryAttempts: 0,
  });
  return {
    async ask(query, variables) {
      const { value } = await client.iterate({ query, variables }).next();
      if (value.errors) throw new Error(JSON.stringify(value.errors));
      return value.data;
    },
    listen: (query, { next, error }) =>
      client.subscribe({ query }, { next: ({ data }) => next(data), error, complete() {} }),
    end: () => client.dispose(),
  };
}
