// The code of docs/clients/relay.md at work: environment.mjs stands beside this file, and what Relay's compiler made in
// src/__generated__. `node relay.mjs URL TOKEN` asks for documents by id and prints what happened.
import { readFileSync } from "node:fs";
import relay from "relay-runtime";
import WebSocket from "ws";
import { environment } from "./environment.mjs";

const { commitMutation, fetchQuery, requestSubscription } = relay;
const [url, token] = process.argv.slice(2);
const { environment: made, close } = environment(url, () => token, WebSocket);
const { queries, changes, write } = JSON.parse(readFileSync(0, "utf8"));
const load = async ({ name }) => (await import(`./src/__generated__/${name}.graphql.js`)).default;

const told = {};
for (const query of queries) {
  const data = await fetchQuery(made, await load(query), query.variables).toPromise();
  told[query.name] = Object.keys(data);
}
const subscription = await load(changes);
const mutation = await load(write);
const heard = new Promise((onNext, onError) =>
  requestSubscription(made, { subscription, variables: {}, onNext, onError }),
);
const repeated = setInterval(() => commitMutation(made, { mutation, variables: write.variables }), 500);
const { chainsChanged } = await heard;
clearInterval(repeated);
console.log(JSON.stringify({ told, heard: chainsChanged.reasons }));
close();
process.exit(0);
