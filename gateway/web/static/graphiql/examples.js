// The tabs of the examples: their groups, and variables that hold ids of the player's own chains.
const IDS = `query LiveIds {
  viewer {
    offerChains { id nextAction nextStep { id } }
    rewardChains { id claimableCount steps { id state } earnBy { canOrder item { sku } } }
    dailyChains { nextAction nextStep { id } }
  }
}`;

function nextStepTo(action, chains) {
  return chains?.find((chain) => chain.nextAction === action)?.nextStep?.id;
}

// What each example needs: from the player's chains, or the last order that this page has seen.
const LIVE = {
  OfferChain: (viewer) => ({ id: viewer.offerChains?.find((chain) => chain.nextStep)?.id }),
  ClaimOffer: (viewer) => ({ stepId: nextStepTo("CLAIM", viewer.offerChains) }),
  BuyOffer: (viewer) => ({ stepId: nextStepTo("BUY", viewer.offerChains) }),
  ClaimReward: (viewer) => ({
    stepId: viewer.rewardChains?.flatMap((chain) => chain.steps).find((step) => step.state === "AVAILABLE")?.id,
  }),
  ClaimAll: (viewer) => ({ rewardChainId: viewer.rewardChains?.find((chain) => chain.claimableCount)?.id }),
  ClaimDaily: (viewer) => ({ stepId: nextStepTo("CLAIM", viewer.dailyChains) }),
  BuyPoints: (viewer) => ({
    sku: viewer.rewardChains?.flatMap((chain) => chain.earnBy ?? []).find((one) => one.canOrder)?.item.sku,
  }),
  Order: (_, orderId) => ({ id: orderId }),
  OrderUpdated: (_, orderId) => ({ id: orderId }),
  WaitForOrder: (_, orderId) => ({ id: orderId }),
};

function activeName() {
  return document.querySelector(".graphiql-tab-active .graphiql-tab-button")?.textContent;
}

// GraphiQL keeps the editor of the variables before that of the headers.
function variablesEditor() {
  return document.querySelector(".graphiql-editor-tool .CodeMirror").CodeMirror;
}

export function createExamples(config, toolbar) {
  const groups = new Map(config.examples.map(({ name, group }) => [name, group]));
  const texts = new Map(config.examples.map(({ name, variables }) => [name, variables]));
  const filled = new Map();
  let filling;

  function mark() {
    let former;
    for (const tab of document.querySelectorAll(".graphiql-tab")) {
      const group = groups.get(tab.querySelector(".graphiql-tab-button").textContent) ?? "";
      if (group && group !== former) tab.dataset.group = group;
      else delete tab.dataset.group;
      former = group;
    }
  }

  async function viewer() {
    const answer = await fetch(config.endpoint, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", ...toolbar.headers() },
      body: JSON.stringify({ query: IDS }),
    });
    return (await answer.json()).data?.viewer ?? {};
  }

  // What a person has typed stays; ids that this page filled in, or the example came with, are replaced.
  async function fill(name) {
    const editor = variablesEditor();
    const before = editor.getValue();
    if (before !== texts.get(name) && before !== filled.get(name)) return;
    const live = LIVE[name](LIVE[name].length === 1 ? await viewer() : {}, toolbar.orderId);
    const known = Object.entries(live).filter(([, value]) => value !== undefined);
    const text = JSON.stringify({ ...JSON.parse(texts.get(name)), ...Object.fromEntries(known) }, null, 2);
    if (activeName() !== name || editor.getValue() !== before) return;
    filled.set(name, text);
    editor.setValue(text);
  }

  function show() {
    const name = activeName();
    if (!texts.get(name)) return;
    document.querySelector(".graphiql-editor-tools [data-name=variables]:not(.active)")?.click();
    if (name in LIVE) filling = { name, done: fill(name).catch(() => undefined) };
  }

  return {
    start() {
      new MutationObserver(mark).observe(document.querySelector(".graphiql-tabs"), {
        characterData: true,
        childList: true,
        subtree: true,
      });
      mark();
      // After GraphiQL, which listens further up in the document.
      document.addEventListener("click", (event) => event.target.closest?.(".graphiql-tab-button") && setTimeout(show));
      toolbar.onPlayer(show);
      show();
    },
    // Somebody who runs an example at once means the ids that are about to be there.
    async settled(query, variables) {
      const name = filling?.name;
      if (!name || !new RegExp(`\\b${name}\\b`).test(query)) return variables;
      const before = filled.get(name) ?? texts.get(name);
      await filling.done;
      const isUntouched = JSON.stringify(variables) === JSON.stringify(JSON.parse(before));
      return isUntouched && filled.has(name) ? JSON.parse(filled.get(name)) : variables;
    },
  };
}
