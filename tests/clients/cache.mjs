// Apollo Client with its default cache: three queries below `viewer` are watched at once, as three parts of a screen do.
// Usage: node cache.mjs HTTP_URL TOKEN. Prints the names of the operations that were sent, and what each part shows.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { isDeepStrictEqual } from "node:util";

const [url, token] = process.argv.slice(2);
const sent = [];
const counting = new ApolloLink((operation, forward) => {
  sent.push(operation.operationName);
  return forward(operation);
});
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([counting, new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } })]),
});

const parts = {
  Menu: gql`query Menu { viewer { id isSignedIn badge { claimableCount } } }`,
  Offers: gql`query Offers { viewer { id offerChains { id name steps { id state } } } }`,
  Rewards: gql`query Rewards { viewer { id rewardChains { id name claimableCount } } }`,
};
const shown = {};
const all = Object.entries(parts).map(
  ([name, query]) =>
    new Promise((resolve, reject) => {
      client.watchQuery({ query }).subscribe((result) => {
        if (result.error) reject(result.error);
        shown[name] = result;
        if (result.dataState === "complete" && !result.loading) resolve();
      });
    }),
);
await Promise.all(all);
// What a part asks again for, because another one overwrote what it shows, is sent before this.
const { data } = await client.query({ query: gql`query Time { serverTime }`, fetchPolicy: "network-only" });
const cached = Object.entries(parts).map(([name, query]) => [name, client.readQuery({ query })]);
console.log(
  JSON.stringify({
    sent,
    isLoading: Object.values(shown).some((result) => result.loading),
    isKept: cached.every(([name, value]) => isDeepStrictEqual(value, shown[name].data)),
    hasTime: Boolean(data.serverTime),
    viewers: Object.keys(client.cache.extract()).filter((key) => key.startsWith("Viewer:")).length,
  }),
);
client.stop();
