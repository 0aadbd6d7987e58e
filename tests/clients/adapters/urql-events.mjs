// urql on its own: everything with fetch, subscriptions as event streams.
import { Client, fetchExchange } from "@urql/core";
import { asAsked } from "./urql-shared.mjs";

export function connect({ url, authorization }) {
  const client = new Client({
    url,
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization } },
    exchanges: [fetchExchange],
  });
  return asAsked(client, () => {});
}
