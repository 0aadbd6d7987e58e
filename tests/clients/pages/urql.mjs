// The code of docs/clients/urql.md at work: client.mjs, cache.mjs and persisted.mjs stand beside this file.
// `node urql.mjs manifest` prints the manifest of the documents that come on standard input as JSON, as a generator
// with urql's __typename would; `node urql.mjs play URL TOKEN` asks for them by id and prints what happened.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { formatDocument, stringifyDocument } from "@urql/core";
import { parse } from "graphql";
import WebSocket from "ws";
import { connect } from "./client.mjs";
import { byId } from "./persisted.mjs";

const [command, url, token] = process.argv.slice(2);
const documents = JSON.parse(readFileSync(0, "utf8"));
const generated = documents.map(({ text, variables }) => {
  const document = formatDocument(parse(text, { noLocation: true }));
  const printed = stringifyDocument(document);
  const hash = createHash("sha256").update(printed).digest("hex");
  return { document: { ...document, __meta__: { hash: `sha256:${hash}` } }, printed, hash, variables };
});

if (command === "manifest") {
  console.log(JSON.stringify(Object.fromEntries(generated.map(({ hash, printed }) => [hash, printed]))));
} else {
  const warnings = [];
  console.warn = (...words) => warnings.push(words.join(" "));
  const { client, close } = connect(url, () => token, { webSocketImpl: WebSocket, exchanges: [byId] });
  const [write, changes, ...queries] = generated;
  const told = [];
  for (const { document, variables } of queries) {
    const { data, error } = await client.query(document, variables).toPromise();
    told.push(error ? String(error) : Object.keys(data));
  }
  const heard = new Promise((resolve) => client.subscription(changes.document, {}).subscribe(resolve));
  const mutation = setInterval(() => client.mutation(write.document, write.variables).toPromise(), 500);
  const { data, error } = await heard;
  clearInterval(mutation);
  console.log(JSON.stringify({ told, heard: error ? String(error) : data.chainsChanged.reasons, warnings }));
  close();
  process.exit(0);
}
