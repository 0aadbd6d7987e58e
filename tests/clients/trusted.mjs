// Clients that send what their generators' manifests have by id: Apollo Client's link and graphql-codegen's documents.
// Usage: node trusted.mjs HTTP_URL TOKEN APOLLO_MANIFEST CODEGEN_MANIFEST. Prints what was sent and answered.
import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { generatePersistedQueryIdsFromManifest } from "@apollo/persisted-query-lists";

const [url, token, apolloFile, codegenFile] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const authorization = `Bearer ${token}`;
const told = {};

const sent = [];
const watching = async (address, options) => {
  sent.push(JSON.parse(options.body));
  return fetch(address, options);
};
const manifest = read(apolloFile);
const ids = generatePersistedQueryIdsFromManifest({ loadManifest: async () => manifest });
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([
    new PersistedQueryLink(ids),
    new HttpLink({ uri: url, headers: { authorization }, fetch: watching }),
  ]),
  clientAwareness: { name: "apollo", version: "1.4.0" },
});
const body = (name) => gql(manifest.operations.find((one) => one.name === name).body);
const home = await client.query({ query: body("Home") });
const claim = { input: { stepId: home.data.viewer.offerChains[0].id } };
const claimed = await client.mutate({ mutation: body("ClaimOffer"), variables: claim });
told.apollo = {
  fields: Object.keys(home.data),
  refused: claimed.data.claimOfferChainStep.userErrors.map((error) => error.code),
  texts: sent.filter((one) => one.query).length,
  ids: sent.map((one) => one.extensions.persistedQuery.sha256Hash),
};
const heard = new Promise((next, error) => client.subscribe({ query: body("Changes") }).subscribe({ next, error }));

const documents = Object.entries(read(codegenFile));
const [documentId] = documents.find(([, text]) => /query Home\b/.test(text));
const answer = await fetch(url, {
  method: "POST",
  headers: { "content-type": "application/json", authorization },
  body: JSON.stringify({ documentId }),
});
told.codegen = Object.keys((await answer.json()).data);
console.log(JSON.stringify(told));
const { data } = await heard;
console.log(JSON.stringify({ heard: data.chainsChanged.reasons }));
client.stop();
process.exit(0);
