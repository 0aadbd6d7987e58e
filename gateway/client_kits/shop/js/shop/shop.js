import { BuyOfferMutation, BuyPointsMutation, ChainsChangedSubscription, ClaimDailyMutation, ClaimOfferMutation, ClaimRewardMutation, EarnPointsQuery, HomeQuery, browserStorage, createClient, } from "../liveops.js";
import { chainsOf } from "./chains.js";
import { h, show } from "./view.js";
const REFUSALS = {
    ALREADY_CLAIMED: "You already have this.",
    CYCLE_CHANGED: "The chain has started over. Have a look at the new one.",
    CHAIN_ENDED: "This chain has ended.",
    STEP_LOCKED: "This step is still locked.",
    STEP_MISSED: "The day of this gift has passed.",
    NOT_ENOUGH_POINTS: "You need more points for this.",
    NOT_IN_CLAN: "Join a clan first.",
    LIMIT_REACHED: "You cannot buy more of this now.",
};
const NEWS_SECONDS = 6;
async function signIn() {
    const answer = await fetch("player.json", { cache: "no-store" });
    if (!answer.ok)
        throw new Error(`No player: HTTP ${answer.status}`);
    return (await answer.json());
}
class Shop {
    constructor(player) {
        this.storage = browserStorage();
        this.home = null;
        this.earning = null;
        this.isStale = false;
        this.trouble = null;
        this.chosen = decodeURIComponent(location.hash.slice(1));
        this.newsTimer = 0;
        this.reading = null;
        this.isAskedAgain = false;
        this.ordersFile = `shop-orders-${player}`;
        this.orders = JSON.parse(this.storage.read(this.ordersFile) ?? "[]");
        this.client = createClient({
            url: new URL("/graphql", location.href).href,
            player,
            token: async () => (await signIn()).token,
            language: navigator.languages.join(", "),
            clientName: "shop",
            storage: this.storage,
            onSettled: (end) => this.settled(end),
            onWaiting: () => this.draw(),
            onLog: (text) => console.warn(text),
        });
    }
    start() {
        this.client.start();
        this.orders.forEach((one) => void this.watch(one));
        void this.client.follow(ChainsChangedSubscription, {}, {
            onConnected: () => this.refresh(),
            onEvent: () => this.refresh(),
        });
        this.refresh();
        addEventListener("online", () => this.back());
        addEventListener("offline", () => this.refresh());
        addEventListener("hashchange", () => {
            this.chosen = decodeURIComponent(location.hash.slice(1));
            this.draw();
        });
        document.addEventListener("visibilitychange", () => document.hidden || this.back());
        setInterval(() => this.tick(), 1000);
    }
    back() {
        this.client.resumed();
        this.refresh();
    }
    refresh() {
        this.isAskedAgain = this.reading !== null;
        this.reading ?? (this.reading = this.read().finally(() => {
            this.reading = null;
            if (this.isAskedAgain)
                this.refresh();
        }));
    }
    async read() {
        const [home, earning] = await Promise.all([this.client.query(HomeQuery), this.client.query(EarnPointsQuery)]);
        this.home = home.data ?? this.home;
        this.earning = earning.data ?? this.earning;
        this.isStale = home.isStale || home.data === null;
        this.trouble = home.errors[0]?.code ?? null;
        this.draw();
    }
    take(chain, step) {
        const given = { stepId: step.id, cycle: chain.cycle };
        this.want(() => {
            if (chain.kind === "reward")
                return this.client.want(ClaimRewardMutation, given);
            if (chain.kind === "daily")
                return this.client.want(ClaimDailyMutation, given);
            if (step.price === null)
                return this.client.want(ClaimOfferMutation, given);
            return this.client.want(BuyOfferMutation, given);
        });
    }
    want(make) {
        try {
            make();
        }
        catch (error) {
            this.tell(`This device cannot keep it, so nothing was sent: ${error}`, false);
        }
        this.draw();
    }
    settled({ operation, variables, outcome, codes, data, orderId }) {
        const isOrder = operation === BuyOfferMutation.name || operation === BuyPointsMutation.name;
        const name = this.nameOf(variables);
        if (outcome !== "done") {
            const words = REFUSALS[codes[0] ?? ""] ?? `This could not be done (${codes[0]}).`;
            this.tell(`${name}: ${outcome === "expired" ? "It took too long, so it was not bought." : words}`, false);
        }
        else if (isOrder && orderId !== null) {
            const [payload] = Object.values(data ?? {});
            this.follow({ id: orderId, of: variables.stepId ?? variables.sku, name, paymentUrl: payload?.order.paymentUrl ?? null });
        }
        else
            this.tell(`${name} is yours!`);
        queueMicrotask(() => this.draw());
        this.refresh();
    }
    follow(order) {
        if (this.orders.some((one) => one.id === order.id))
            return;
        this.keep([...this.orders, order]);
        void this.watch(order);
    }
    keep(orders) {
        this.orders = orders;
        this.storage.write(this.ordersFile, JSON.stringify(orders));
        this.draw();
    }
    async watch(order) {
        let status = "";
        const end = await this.client.watchOrder(order.id, (news) => (status = news.status));
        if (end === "final")
            this.tell(status === "DONE" ? `${order.name} has arrived!` : `${order.name}: the order was canceled.`);
        this.keep(this.orders.filter((one) => one.id !== order.id));
        this.refresh();
    }
    nameOf({ stepId, sku }) {
        const steps = this.chains().flatMap((one) => one.steps);
        const step = steps.find((one) => one.id === stepId);
        const item = this.sold().find((one) => one.item.sku === sku)?.item;
        return step?.items.map((one) => one.name).join(", ") || item?.name || "It";
    }
    chains() {
        return this.home === null ? [] : chainsOf(this.home);
    }
    sold(chain) {
        const chains = this.earning?.viewer.rewardChains ?? [];
        return chains.filter((one) => !chain || one.id === chain).flatMap((one) => one.earnBy ?? []);
    }
    waitingFor(subject) {
        if (this.orders.some((one) => one.of === subject))
            return "Waiting for your payment";
        const isWanted = this.client.pending().some(({ variables }) => [variables.stepId, variables.sku].includes(subject));
        if (!isWanted)
            return null;
        return this.isStale ? "Waiting for the network …" : "One moment …";
    }
    tell(text, isGood = true) {
        show(place("news"), h("p", { class: isGood ? null : "bad" }, text));
        clearTimeout(this.newsTimer);
        this.newsTimer = setTimeout(() => show(place("news")), NEWS_SECONDS * 1000);
    }
    draw() {
        this.drawNetwork();
        this.drawOrders();
        const chains = this.chains();
        const chain = chains.find((one) => one.id === this.chosen) ?? chains[0];
        if (chain === undefined) {
            if (this.trouble !== null)
                show(place("chain"), h("p", {}, "The shop cannot be reached. It is tried again."));
            return;
        }
        const focused = document.activeElement?.closest("main .step")?.dataset.key;
        show(place("chains"), ...chains.map((one) => this.chainLink(one, one === chain)));
        show(place("chain"), ...this.chain(chain));
        if (focused && document.activeElement === document.body) {
            document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
        }
        this.tick();
    }
    drawNetwork() {
        const isOffline = this.isStale || !navigator.onLine;
        const waiting = this.client.pending().length;
        place("network").classList.toggle("live", !isOffline);
        const text = isOffline ? `Offline: what you saw last${waiting > 0 ? `, ${waiting} waiting` : ""}` : "Live";
        if (place("network").textContent !== text)
            place("network").textContent = text;
    }
    drawOrders() {
        place("orders").hidden = this.orders.length === 0;
        const pay = (one) => one.paymentUrl !== null &&
            h("a", { class: "act", href: one.paymentUrl, target: "_blank", rel: "noopener", "aria-label": `Pay for ${one.name}` }, "Pay");
        show(place("orders"), ...this.orders.map((one) => h("div", { class: "order", "data-key": one.id }, h("p", {}, h("b", {}, one.name), h("small", {}, "Waiting for your payment")), pay(one))));
    }
    chainLink(chain, isChosen) {
        const onclick = () => {
            history.replaceState(null, "", `#${encodeURIComponent(chain.id)}`);
            this.chosen = chain.id;
            this.draw();
        };
        const dot = chain.claimable > 0 && h("span", { class: "dot" }, `${chain.claimable}`, h("span", { class: "hidden" }, " to claim"));
        return h("li", { "data-key": chain.id }, h("button", { class: "chain-link", type: "button", "aria-current": isChosen ? "true" : null, onclick }, h("b", {}, chain.name), h("small", {}, chain.action), dot));
    }
    chain(chain) {
        const until = chain.until && h("p", { class: "until", "data-label": chain.until.label, "data-until": chain.until.at });
        const bar = h("progress", { max: chain.steps.length, value: chain.done, "aria-label": "Steps taken" });
        const sold = chain.kind === "reward" ? this.sold(chain.id) : [];
        return [
            h("div", { class: "title" }, h("h2", {}, chain.name), until),
            h("div", { class: "progress" }, bar, h("span", {}, chain.progress)),
            h("ol", { class: "steps", "data-key": chain.id }, ...chain.steps.map((one) => this.step(chain, one))),
            ...(sold.length > 0 ? [h("h3", { class: "more" }, "Earn points"), h("ul", { class: "steps" }, ...sold.map((one) => this.item(one)))] : []),
        ];
    }
    step(chain, step) {
        const names = step.items.map((one) => one.name).join(", ");
        const label = step.price === null ? "Claim" : `Buy for ${step.price}`;
        const waiting = this.waitingFor(step.id);
        const button = waiting
            ? h("p", { class: "state" }, waiting)
            : h("button", { class: "act", type: "button", "aria-label": `${label}: ${names}`, onclick: () => this.take(chain, step) }, label);
        const notes = { claimed: "✓ Yours", locked: step.note, available: "" };
        return h("li", { class: `step ${step.state}`, "data-key": step.id, tabindex: -1 }, h("h3", {}, step.title), ...step.items.map((one) => h("div", { class: "item" }, picture(one.imageUrl), h("span", {}, one.name))), step.extra !== null && h("p", { class: "extra" }, step.extra), h("div", { class: "end" }, step.state === "available" ? button : h("p", { class: "state" }, notes[step.state])));
    }
    item({ item, points, price, canOrder }) {
        const buy = () => this.want(() => this.client.want(BuyPointsMutation, { sku: item.sku }));
        const waiting = this.waitingFor(item.sku);
        const label = `Buy for ${price?.display ?? "money"}`;
        const named = { class: "act", type: "button", "aria-label": `${label}: ${item.name}` };
        const button = h("button", { ...named, disabled: !canOrder, onclick: buy }, label);
        return h("li", { class: "step", "data-key": item.sku, tabindex: -1 }, h("div", { class: "item" }, item.name), h("p", { class: "extra" }, `+ ${points} points`), h("div", { class: "end" }, waiting ? h("p", { class: "state" }, waiting) : button));
    }
    tick() {
        for (const one of document.querySelectorAll("[data-until]")) {
            const left = Math.max(0, Number(one.dataset.until) - this.client.clock.now());
            one.textContent = `${one.dataset.label} ${duration(left)}`;
            if (left === 0 && !this.isStale && this.reading === null)
                setTimeout(() => this.refresh(), Math.random() * 3000);
        }
    }
}
function picture(url) {
    return url === null ? h("span", { class: "no-image" }) : h("img", { src: url, alt: "", width: 56, height: 56 });
}
function duration(seconds) {
    const [days, hours, minutes] = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60].map(Math.floor);
    const two = (one) => String(one).padStart(2, "0");
    return `${days > 0 ? `${days} d ` : ""}${two(hours)}:${two(minutes)}:${two(Math.floor(seconds % 60))}`;
}
function place(id) {
    return document.getElementById(id);
}
signIn().then(({ player }) => new Shop(player).start(), () => show(place("chain"), h("p", {}, "The shop cannot be reached. Load the page again.")));
