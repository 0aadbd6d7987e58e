// graphql-sse, distinct connections: an event stream for each operation.
import { createClient } from "graphql-sse";

export function connect({ url, authorization }) {
  const client = createClient({ url, headers: { Authorization: authorization }, retryAttempts: 0 });
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
