// A game without a screen, which the conformance tests play: tests/kits/driver.py has its commands and events.
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import {
    BuyPointsMutation,
    ChainsChangedSubscription,
    ClaimOfferMutation,
    FileStorage,
    HomeQuery,
    NextAction,
    aborted,
    createClient,
    type GatewayClient,
    type Time,
} from "../liveops.js";

type Command = { do: string; id: string } & Record<string, any>;

function tell(event: string, values: object = {}): void {
    // Written at once: the game may be killed right after.
    fs.writeSync(1, `${JSON.stringify({ event, ...values })}\n`);
}

/** Clocks that stand still until they are moved. */
class ManualTime implements Time {
    private alarms: { at: number; ring: () => void }[] = [];
    private passed = 0;
    private device = 0;

    monotonic(): number {
        return this.passed;
    }

    now(): number {
        return this.device;
    }

    set(unixSeconds: number): void {
        this.device = unixSeconds;
    }

    advance(seconds: number): void {
        this.passed += seconds;
        this.device += seconds;
        const due = this.alarms.filter((one) => one.at <= this.passed);
        this.alarms = this.alarms.filter((one) => !due.includes(one));
        due.forEach((one) => one.ring());
    }

    delay(seconds: number, signal?: AbortSignal): Promise<void> {
        return new Promise((resolve, reject) => {
            if (signal?.aborted) return reject(aborted());
            const alarm = { at: this.passed + seconds, ring: resolve };
            this.alarms.push(alarm);
            signal?.addEventListener("abort", () => {
                this.alarms = this.alarms.filter((one) => one !== alarm);
                reject(aborted());
            });
            tell("waiting", { seconds });
        });
    }
}

const time = new ManualTime();
const tokens: ((token: string | null) => void)[] = [];
let client: GatewayClient;

function open({ url, player, folder, now }: Command): void {
    time.set(now);
    client = createClient({
        url,
        player,
        token: (isRejected) =>
            new Promise((resolve) => {
                tokens.push(resolve);
                tell("token_wanted", { isRejected });
            }),
        storage: new FileStorage(fs, folder),
        time,
        webSocket: process.argv[2] === "sockets" ? createRequire(import.meta.url)("ws") : null,
        onSettled: ({ key, operation, outcome, codes, orderId }) =>
            tell("settled", { key, operation, outcome, codes, order: orderId }),
        onLog: (text) => console.error(text),
    });
    client.start();
    tell("opened");
}

async function show(id: string): Promise<void> {
    const { data, errors, isStale } = await client.query(HomeQuery);
    const chains = (data?.viewer.offerChains ?? []).map((one) => ({
        id: one.id,
        name: one.name,
        cycle: one.schedule.cycle,
        actionText: one.nextAction,
        isUnknown: NextAction.read(one.nextAction) === "UNKNOWN",
    }));
    tell("home", { id, isStale, error: errors[0]?.code ?? null, viewer: data?.viewer.id ?? null, chains });
}

async function watch(id: string, order: string): Promise<void> {
    const outcome = await client.watchOrder(order, ({ status, isTerminal }) => tell("order", { id, status, isTerminal }));
    tell("watched", { id, outcome });
}

async function follow(id: string): Promise<void> {
    await client.follow(ChainsChangedSubscription, {}, {
        onConnected: () => tell("connected", { id }),
        onEvent: ({ data }) => tell("changed", { id, reasons: data?.chainsChanged.reasons }),
    });
}

const commands: Record<string, (command: Command) => unknown> = {
    open,
    token: ({ token }) => tokens.shift()!(token),
    home: ({ id }) => show(id),
    claim: ({ id, step, cycle }) => tell("kept", { id, key: client.want(ClaimOfferMutation, { stepId: step, cycle }).key }),
    buy: ({ id, sku }) => tell("kept", { id, key: client.want(BuyPointsMutation, { sku }).key }),
    watch: ({ id, order }) => watch(id, order),
    follow: ({ id }) => follow(id),
    device_clock: ({ now }) => time.set(now),
    advance: ({ id, seconds }) => {
        time.advance(seconds);
        tell("advanced", { id });
    },
    clock: ({ id, until }) => tell("clock", { id, now: client.clock.now(), left: client.clock.secondsUntil(until) }),
};

createInterface({ input: process.stdin })
    .on("line", (line) => {
        const command = JSON.parse(line) as Command;
        void commands[command.do]!(command);
    })
    .on("close", () => process.exit(0));
