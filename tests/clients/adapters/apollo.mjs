// Apollo Client: queries and mutations over HTTP, subscriptions over its link for graphql-ws.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

export function connect({ url, socketUrl, authorization }) {
  const socket = createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url, headers: { authorization } }),
    ),
  });
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
      await socket.dispose();
    },
  };
}
