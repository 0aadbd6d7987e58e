// The player's chains in the words of this page, whatever their kind.
import { NextAction, StepState, type HomeData } from "../liveops.js";

export interface ShownItem {
    readonly name: string;
    readonly imageUrl: string | null;
}

export interface ShownStep {
    readonly id: string;
    readonly title: string;
    readonly items: readonly ShownItem[];
    readonly extra: string | null;
    readonly state: "available" | "claimed" | "locked";

    /** What a closed step says. */
    readonly note: string;

    /** The price of a step that is paid for. */
    readonly price: string | null;
}

export interface ShownChain {
    readonly kind: "offer" | "reward" | "daily";
    readonly id: string;
    readonly name: string;

    /** What the player has to do next. */
    readonly action: string;
    readonly claimable: number;
    readonly cycle: string | null;

    /** A moment to count down to, in Unix seconds. */
    readonly until: { readonly label: string; readonly at: number } | null;
    readonly done: number;
    readonly progress: string;
    readonly steps: readonly ShownStep[];
}

const ACTIONS: Record<NextAction | "UNKNOWN", string> = {
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

function money(price: { amount: string; currency: string }): string {
    return new Intl.NumberFormat(undefined, { style: "currency", currency: price.currency }).format(Number(price.amount));
}

export function chainsOf({ viewer, serverTime }: HomeData): ShownChain[] {
    const now = Date.parse(serverTime) / 1000;
    const moment = (label: string, seconds: number | null) => (seconds === null ? null : { label, at: now + seconds });
    const offers = (viewer.offerChains ?? []).map((chain) =>
        shown("offer", chain, {
            until: moment("Starts over in", chain.schedule.secondsUntilReset) ?? moment("Ends in", chain.schedule.secondsUntilEnd),
            steps: chain.steps.map((step) => ({
                ...shownStep(step, `Step ${step.number}`, step.items, "Take the steps before"),
                extra: step.valuePoints.map((point) => `+ ${point.amount} ${point.name}`).join(", ") || null,
                price: step.isFree || !step.price ? null : money(step.price),
            })),
        }),
    );
    const rewards = (viewer.rewardChains ?? []).map((chain) => ({
        ...shown("reward", chain, {
            until: null,
            steps: chain.steps.map((step) =>
                shownStep(step, step.name, step.rewards, `${step.pointsMissing} points to go (of ${step.pointsRequired})`),
            ),
        }),
        ...(chain.balance && { progress: `${chain.balance.amount} ${chain.balance.name ?? "points"}` }),
    }));
    const gifts = (viewer.dailyChains ?? []).map((chain) =>
        shown("daily", chain, {
            until: moment("Next gift in", chain.secondsUntilNextUnlock),
            steps: chain.steps.map((step) =>
                shownStep(step, `Day ${step.number}`, step.items, step.isMissed ? "Missed" : "Not yet"),
            ),
        }),
    );
    return [...offers, ...rewards, ...gifts];
}

type AnyChain = { id: string; name: string; nextAction: string; schedule: { cycle: string | null } };
type AnyItem = { name: string | null; quantity: number; imageUrl: string | null };

function shown(kind: ShownChain["kind"], chain: AnyChain, more: Pick<ShownChain, "until" | "steps">): ShownChain {
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

function shownStep(step: { id: string; state: string }, title: string, items: readonly AnyItem[], note: string): ShownStep {
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
