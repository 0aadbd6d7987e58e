// How one asks Apollo Client, whatever its link is.
import { ApolloClient, InMemoryCache, gql } from "@apollo/client";

export function asAsked(link, end) {
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  return {
    async ask(text, variables) {
      const isQuery = text.startsWith("query");
      const answer = isQuery
        ? await client.query({ query: gql(text), variables })
        : await client.mutate({ mutation: gql(text), variables });
      return answer.data;
    },
    listen(text, { next, error }) {
      const subscription = client
        .subscribe({ query: gql(text) })
        .subscribe({ next: (answer) => (answer.error ? error(answer.error) : next(answer.data)), error });
      return () => subscription.unsubscribe();
    },
    async end() {
      client.stop();
      await end();
    },
  };
}
