// One client's visit: a query, a subscription that hears what somebody else does, unsubscribing, a mutation, the end.
// Usage: node play.mjs ADAPTER HTTP_URL TOKEN. Prints a JSON line for each thing that happened; an empty line on
// standard input lets it go on where somebody else has to do or see something first.
import { createInterface } from "node:readline";

const [adapter, url, token] = process.argv.slice(2);
const { connect } = await import(`./adapters/${adapter}.mjs`);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what, value) => console.log(JSON.stringify({ [what]: value }));

const client = connect({ url, socketUrl: url.replace("http", "ws"), authorization: `Bearer ${token}` });
const { viewer } = await client.ask("query { viewer { isSignedIn offerChains { nextStep { id } } } }");
say("query", viewer.isSignedIn);

const heard = new Promise((resolve, reject) => {
  const unsubscribe = client.listen("subscription { chainsChanged { reasons } }", {
    next: (data) => resolve({ data, unsubscribe }),
    error: reject,
  });
});
const { data, unsubscribe } = await heard;
say("event", data.chainsChanged.reasons);
unsubscribe();
say("unsubscribed", true);
await lines.next();

const mutation = `mutation($step: ID!) { claimOfferChainStep(input: { stepId: $step }) { userErrors { code } } }`;
const { claimOfferChainStep } = await client.ask(mutation, { step: viewer.offerChains[0].nextStep.id });
say("mutation", claimOfferChainStep.userErrors.map((error) => error.code));
await client.end();
lines.return?.();
process.stdin.destroy();
