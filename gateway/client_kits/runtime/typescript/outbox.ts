/** How long the gateway remembers a key. After that, the same key would make another order. */
const KEY_SECONDS = 24 * 3600;
const LONGEST_PAUSE_SECONDS = 60;

/** What is on the device of an intent. */
interface Written {
    readonly key: string;
    readonly operation: string;
    readonly variables: Json;

    /** When it was made, in Unix seconds of the gateway's time; 0 until that is known. */
    madeAt: number;
}

interface Kept extends Written {
    readonly file: string;

    /** Whether this run of the game made it. */
    readonly isOwn: boolean;

    /** The operation; null if this version of the game has it no more. */
    readonly known: Mutation<unknown, never> | null;
    tries: number;
    nextAt: number;
    lacksNetwork: boolean;
    settle(settlement: Settlement): void;
}

/**
 * Intents, on the device before they are sent and until they are settled. They are sent one after the other in their
 * order. Without a network all wait; one that the gateway cannot settle yet waits alone. Each has a file of its own, so
 * that tabs of one site do not write over each other's.
 */
class Outbox {
    private readonly intents: Kept[] = [];
    private pause = new AbortController();
    private networkAt = 0;
    private isRunning = false;

    constructor(
        private readonly client: GatewayClient,
        private readonly storage: DeviceStorage,
        private readonly time: Time,
        writes: Kit["writes"],
    ) {
        for (const file of storage.names(this.prefix)) {
            const written = parsed(storage.read(file) ?? "") as Written | null;
            if (!written?.key) {
                client.log(`${file} is damaged: ${storage.read(file)}`);
                storage.remove(file);
                continue;
            }
            const known = writes.find((one) => one.name === written.operation) ?? null;
            this.intents.push({ ...written, ...this.unsent(file, false), known, settle: () => undefined });
        }
    }

    /** Write an intent down and send it. Throws what the storage throws; nothing is sent then. */
    add<D>(operation: Mutation<D, never>, variables: Json): Intent<D> {
        const key = uuid();
        const madeAt = this.client.clock.isKnown ? this.client.clock.now() : 0;
        const written = { key, operation: operation.name, variables: { ...variables, [operation.write.key]: key }, madeAt };
        const [, number] = /(\d+)-[^-]+(?:-[^-]+){4}$/.exec(this.storage.names(this.prefix).pop() ?? "") ?? [];
        const file = `${this.prefix}${String(Number(number ?? 0) + 1).padStart(12, "0")}-${key}`;
        this.storage.write(file, JSON.stringify(written));
        const settled = new Promise<Settlement<D>>((resolve) => {
            const settle = resolve as (settlement: Settlement) => void;
            this.intents.push({ ...written, ...this.unsent(file, true), known: operation, settle });
        });
        // The player waits, so the network is tried at once.
        this.networkAt = 0;
        this.wake();
        return { key, settled };
    }

    /** Send what is due now. */
    wake(): void {
        this.pause.abort();
        this.pause = new AbortController();
        if (this.isRunning || this.intents.length === 0) return;
        this.isRunning = true;
        void this.run();
    }

    /** The network may be back: what waits for it is due. */
    online(): void {
        this.networkAt = 0;
        for (const one of this.intents) if (one.lacksNetwork) one.nextAt = 0;
        this.wake();
    }

    /** What is not settled yet, in its order. */
    pending(): Pending[] {
        return this.intents.map(({ key, operation, variables }) => ({ key, operation, variables }));
    }

    private get prefix(): string {
        return this.client.fileOf("intent-");
    }

    private unsent(file: string, isOwn: boolean) {
        return { file, isOwn, tries: 0, nextAt: 0, lacksNetwork: false };
    }

    private async run(): Promise<void> {
        for (let next = this.next(); next !== null; next = this.next()) {
            const wait = this.dueAt(next) - this.time.monotonic();
            if (wait <= 0) await this.try(next);
            else await this.time.delay(wait, this.pause.signal).catch(() => undefined);
        }
        this.isRunning = false;
    }

    private dueAt(intent: Kept): number {
        return Math.max(intent.nextAt, this.networkAt);
    }

    /** The first intent that is due, or the one that is due next. */
    private next(): Kept | null {
        const now = this.time.monotonic();
        const due = this.intents.find((one) => this.dueAt(one) <= now);
        const earlier = (one: Kept, other: Kept): Kept => (this.dueAt(other) < this.dueAt(one) ? other : one);
        return due ?? (this.intents.length > 0 ? this.intents.reduce(earlier) : null);
    }

    private async try(intent: Kept): Promise<void> {
        try {
            if (!intent.isOwn && this.storage.read(intent.file) === null) return this.drop(intent);
            if (intent.known === null) return this.end(intent, "failed", ["UNKNOWN_OPERATION"], null);
            await this.client.knowTime();
            if (intent.madeAt === 0) this.stamp(intent);
            if (this.isForgotten(intent, intent.known)) this.end(intent, "expired", ["EXPIRED"], null);
            else this.judge(intent, intent.known, await this.client.execute(intent.known, intent.variables));
        } catch (error) {
            const isOffline = error instanceof NetworkError;
            // A storage that is full: nothing was sent, or the answer will be there under its key.
            if (!isOffline) this.client.log(`The outbox has a fault: ${error}`);
            this.wait(intent, isOffline ? NETWORK : "STORAGE", 0);
            if (isOffline) this.networkAt = intent.nextAt;
            intent.lacksNetwork = isOffline;
        }
    }

    private stamp(intent: Kept): void {
        const { key, operation, variables } = intent;
        intent.madeAt = this.client.clock.now();
        this.storage.write(intent.file, JSON.stringify({ key, operation, variables, madeAt: intent.madeAt }));
    }

    /** A claim is safe to send at any time: a step is granted once, and its cycle goes with it. */
    private isForgotten(intent: Kept, operation: Mutation<unknown, never>): boolean {
        const isSafe = operation.write.hasCycle && !operation.write.isOrder;
        return !isSafe && this.client.clock.now() - intent.madeAt >= KEY_SECONDS;
    }

    private judge(intent: Kept, operation: Mutation<unknown, never>, answer: Answer<Json>): void {
        const payload = answer.data?.[operation.write.payload];
        if (!isObject(payload)) {
            const error = answer.errors[0];
            if (error && !mayPass(error)) this.end(intent, "failed", [error.code], answer.data);
            else this.wait(intent, error?.code ?? "INTERNAL", error?.retryAfterSeconds ?? 0);
            return;
        }
        const codes = ((payload.userErrors ?? []) as { code: string }[]).map((one) => one.code);
        const open = ["OUTCOME_UNKNOWN", "IN_PROGRESS"].find((code) => codes.includes(code));
        if (open) this.wait(intent, open, 0);
        else this.end(intent, codes.length === 0 ? "done" : "refused", codes, answer.data);
    }

    private wait(intent: Kept, code: string, retryAfterSeconds: number): void {
        const pauseSeconds = Math.max(retryAfterSeconds, pauseAfter(intent.tries++));
        intent.nextAt = this.time.monotonic() + pauseSeconds;
        intent.lacksNetwork = false;
        const { key, operation, variables } = intent;
        this.client.tell(this.client.options.onWaiting, { key, operation, variables, code, pauseSeconds });
    }

    /** Told first and forgotten then: a crash in between tells it twice, and never not at all. */
    private end(intent: Kept, outcome: Outcome, codes: string[], data: Json | null): void {
        const { key, operation, variables, known } = intent;
        const payload = data?.[known?.write.payload ?? ""] as { order?: { id?: string } | null } | null | undefined;
        const orderId = payload?.order?.id ?? null;
        const settlement = { key, operation, variables, outcome, codes, data, orderId };
        this.client.tell(this.client.options.onSettled, settlement);
        this.storage.remove(intent.file);
        this.drop(intent);
        intent.settle(settlement);
    }

    /** Also where another tab has settled it. */
    private drop(intent: Kept): void {
        this.intents.splice(this.intents.indexOf(intent), 1);
    }
}

/** Seconds to wait after so many tries: 1, 2, 4 … 60. */
export function pauseAfter(tries: number): number {
    return Math.min(LONGEST_PAUSE_SECONDS, 2 ** Math.min(tries, 6));
}

/** A random UUID, also on pages for which browsers do not make one. */
function uuid(): string {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    const hex = bytes.map((one) => one.toString(16).padStart(2, "0")).join("");
    const variant = ((bytes[8]! & 0x3f) | 0x80).toString(16);
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(18, 20), hex.slice(20)].join("-");
}
