import { NextAction, StepState } from "../liveops.js";
const ACTIONS = {
    CLAIM: "Claim your gift",
    BUY: "See the offer",
    EARN_POINTS: "Earn points",
    WAIT: "Come back later",
    SIGN_IN: "Sign in",
    JOIN_CLAN: "Join a clan",
    NONE: "All done",
    OTHER: "Have a look",
    UNKNOWN: "Have a look",
};
function money(price) {
    return new Intl.NumberFormat(undefined, { style: "currency", currency: price.currency }).format(Number(price.amount));
}
export function chainsOf({ viewer, serverTime }) {
    const now = Date.parse(serverTime) / 1000;
    const moment = (label, seconds) => (seconds === null ? null : { label, at: now + seconds });
    const offers = (viewer.offerChains ?? []).map((chain) => shown("offer", chain, {
        until: moment("Starts over in", chain.schedule.secondsUntilReset) ?? moment("Ends in", chain.schedule.secondsUntilEnd),
        steps: chain.steps.map((step) => ({
            ...shownStep(step, `Step ${step.number}`, step.items, "Take the steps before"),
            extra: step.valuePoints.map((point) => `+ ${point.amount} ${point.name}`).join(", ") || null,
            price: step.isFree || !step.price ? null : money(step.price),
        })),
    }));
    const rewards = (viewer.rewardChains ?? []).map((chain) => ({
        ...shown("reward", chain, {
            until: null,
            steps: chain.steps.map((step) => shownStep(step, step.name, step.rewards, `${step.pointsMissing} points to go (of ${step.pointsRequired})`)),
        }),
        ...(chain.balance && { progress: `${chain.balance.amount} ${chain.balance.name ?? "points"}` }),
    }));
    const gifts = (viewer.dailyChains ?? []).map((chain) => shown("daily", chain, {
        until: moment("Next gift in", chain.secondsUntilNextUnlock),
        steps: chain.steps.map((step) => shownStep(step, `Day ${step.number}`, step.items, step.isMissed ? "Missed" : "Not yet")),
    }));
    return [...offers, ...rewards, ...gifts];
}
function shown(kind, chain, more) {
    const done = more.steps.filter((one) => one.state === "claimed").length;
    const free = more.steps.filter((one) => one.state === "available" && one.price === null).length;
    return {
        kind,
        id: chain.id,
        name: chain.name,
        action: ACTIONS[NextAction.read(chain.nextAction)],
        claimable: free,
        cycle: chain.schedule.cycle,
        done,
        progress: `${done} of ${more.steps.length}`,
        ...more,
    };
}
function shownStep(step, title, items, note) {
    const state = StepState.read(step.state);
    return {
        id: step.id,
        title,
        items: items.map(({ name, quantity, imageUrl }) => ({
            name: quantity === 1 ? (name ?? "") : `${quantity} × ${name ?? ""}`,
            imageUrl,
        })),
        extra: null,
        state: state === "AVAILABLE" ? "available" : state === "CLAIMED" ? "claimed" : "locked",
        note,
        price: null,
    };
}
