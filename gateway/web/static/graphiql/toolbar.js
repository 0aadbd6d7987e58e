// The bar above GraphiQL: who asks, what waits, where to pay, and the way to other pages.
const ANONYMOUS = "";

// Every object in an answer, with the name of the field that it stands in.
function* objects(value, field) {
  if (Array.isArray(value)) for (const one of value) yield* objects(one, field);
  else if (value && typeof value === "object") {
    yield [field, value];
    for (const [name, inner] of Object.entries(value)) yield* objects(inner, name);
  }
}

function link(text, address) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { textContent: text, href: address, target: "_blank", rel: "noopener" });
  return anchor;
}

// `remembered` keeps the name of the player who was chosen, and their last order; players' tokens are kept nowhere.
export function createToolbar(config, remembered) {
  const choice = document.getElementById("player");
  const status = document.getElementById("status");
  const payment = document.getElementById("payment");
  const changed = new Set();
  for (const { name } of config.players) choice.add(new Option(name, name));
  choice.add(new Option("nobody: anonymous", ANONYMOUS));
  choice.parentElement.hidden = !config.players.length;
  const chosen = remembered.get("player");
  if (chosen === ANONYMOUS || config.players.some(({ name }) => name === chosen)) choice.value = chosen;
  choice.addEventListener("change", () => {
    remembered.set("player", choice.value);
    remembered.set("order", "");
    payment.replaceChildren();
    status.textContent = choice.value ? `You are ${choice.value} now. Run an operation again.` : "You are nobody now.";
    changed.forEach((listener) => listener());
  });
  document.getElementById("links").append(...Object.entries(config.links).map(([text, address]) => link(text, address)));
  return {
    get orderId() {
      return remembered.get("order") || undefined;
    },
    onPlayer: (listener) => changed.add(listener),
    headers() {
      const player = config.players.find(({ name }) => name === choice.value);
      return player ? { Authorization: player.authorization } : {};
    },
    listening(events) {
      const so_far = events ? `${events} ${events === 1 ? "event" : "events"} so far` : "nothing has happened yet";
      status.textContent = `Listening: ${so_far}.`;
    },
    silent() {
      status.textContent = "";
    },
    tell(answer) {
      for (const [field, value] of objects(answer.data)) {
        if (field === "order" && value.id) remembered.set("order", value.id);
        if (/^https?:/.test(value.paymentUrl)) payment.replaceChildren(link("Pay this order", value.paymentUrl));
      }
    },
  };
}

// An address in the response pane opens by a click; the bar has the same link for the keyboard.
export function openAddressesByClick() {
  document.addEventListener("click", (event) => {
    const text = event.target.closest?.(".result-window .cm-string")?.textContent ?? "";
    const address = /^"(https?:\/\/[^"]+)"$/.exec(text)?.[1];
    if (address) window.open(address, "_blank", "noopener");
  });
}
