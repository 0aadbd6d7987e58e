// Client code for the gateway, made by `gateway client typescript`. Make it anew instead of changing it.
// ES2020 and the DOM's types, no other files: for browsers, React Native, Electron and Node 20 and newer.

/** No answer of the gateway came: no network, a timeout, or a page of something between. */
export class NetworkError extends Error {
    override name = "NetworkError";
}

/** Tells the time; `systemTime` does. */
export interface Time {
    /** Seconds that never go back, from any moment on. */
    monotonic(): number;

    /** The device's clock in Unix seconds, which may be wrong. */
    now(): number;

    /** Ends after so many seconds; rejects with an AbortError once the signal is aborted. */
    delay(seconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemTime: Time = {
    monotonic: () => performance.now() / 1000,
    now: () => Date.now() / 1000,
    delay: (seconds, signal) =>
        new Promise((resolve, reject) => {
            if (signal?.aborted) return reject(aborted());
            const stop = (): void => {
                clearTimeout(timer);
                reject(aborted());
            };
            const timer = setTimeout(() => {
                signal?.removeEventListener("abort", stop);
                resolve();
            }, seconds * 1000);
            signal?.addEventListener("abort", stop, { once: true });
        }),
};

/** What a wait ends with that the game has stopped. */
export function aborted(): Error {
    const error = new Error("It was stopped.");
    error.name = "AbortError";
    return error;
}

/** Keeps texts by name over restarts. `browserStorage()`, `FileStorage` and `MemoryStorage` do. */
export interface DeviceStorage {
    /** The text; null if there is none. */
    read(name: string): string | null;

    /** Keep a text, all of it or nothing, and return once it is safe. Throws if it cannot be kept. */
    write(name: string, text: string): void;

    remove(name: string): void;

    /** The names that begin so, in their order. */
    names(prefix: string): string[];
}

/** Keeps nothing over a restart. */
export class MemoryStorage implements DeviceStorage {
    private readonly texts = new Map<string, string>();

    read(name: string): string | null {
        return this.texts.get(name) ?? null;
    }

    write(name: string, text: string): void {
        this.texts.set(name, text);
    }

    remove(name: string): void {
        this.texts.delete(name);
    }

    names(prefix: string): string[] {
        return [...this.texts.keys()].filter((name) => name.startsWith(prefix)).sort();
    }
}

/** The browser's localStorage, which all tabs of a site share. */
export class LocalStorage implements DeviceStorage {
    constructor(private readonly storage: Storage = localStorage, private readonly prefix = "liveops-") {}

    read(name: string): string | null {
        return this.storage.getItem(this.prefix + name);
    }

    write(name: string, text: string): void {
        this.storage.setItem(this.prefix + name, text);
    }

    remove(name: string): void {
        this.storage.removeItem(this.prefix + name);
    }

    names(prefix: string): string[] {
        return Object.keys(this.storage)
            .filter((name) => name.startsWith(this.prefix + prefix))
            .map((name) => name.slice(this.prefix.length))
            .sort();
    }
}

/** localStorage; memory where the browser keeps nothing for this page. */
export function browserStorage(): DeviceStorage {
    try {
        const storage = new LocalStorage();
        storage.write("probe", "");
        storage.remove("probe");
        return storage;
    } catch {
        return new MemoryStorage();
    }
}

/** What `FileStorage` needs of `node:fs`. */
export interface FileSystem {
    mkdirSync(path: string, options: { recursive: true }): unknown;
    existsSync(path: string): boolean;
    readFileSync(path: string, encoding: "utf8"): string;
    readdirSync(path: string): string[];
    openSync(path: string, flags: "w"): number;
    writeSync(file: number, text: string): number;
    fsyncSync(file: number): void;
    closeSync(file: number): void;
    renameSync(from: string, to: string): void;
    rmSync(path: string, options: { force: true }): void;
}

/** Files in a folder, for Node and Electron: `new FileStorage(fs, folder)` with `import * as fs from "node:fs"`. */
export class FileStorage implements DeviceStorage {
    constructor(private readonly fs: FileSystem, private readonly folder: string) {
        fs.mkdirSync(folder, { recursive: true });
    }

    read(name: string): string | null {
        const path = `${this.folder}/${name}`;
        return this.fs.existsSync(path) ? this.fs.readFileSync(path, "utf8") : null;
    }

    write(name: string, text: string): void {
        const path = `${this.folder}/${name}`;
        const file = this.fs.openSync(`${path}.new`, "w");
        try {
            this.fs.writeSync(file, text);
            this.fs.fsyncSync(file);
        } finally {
            this.fs.closeSync(file);
        }
        this.fs.renameSync(`${path}.new`, path);
    }

    remove(name: string): void {
        this.fs.rmSync(`${this.folder}/${name}`, { force: true });
    }

    names(prefix: string): string[] {
        return this.fs
            .readdirSync(this.folder)
            .filter((name) => name.startsWith(prefix) && !name.endsWith(".new"))
            .sort();
    }
}

/** A JSON object. */
export type Json = { [key: string]: unknown };

/** How a mutation is sent again safely. */
export interface Write {
    /** The key of its payload in the answer. */
    readonly payload: string;

    /** The variable that carries the idempotency key. */
    readonly key: string;

    /** Whether it carries the cycle in which the player decided. */
    readonly hasCycle: boolean;

    /** Whether it can make an order. */
    readonly isOrder: boolean;
}

/** One of the game's operations; `D` is its data, and `V` are its variables. */
export interface Operation<K extends "query" | "mutation" | "subscription", D, V> {
    readonly kind: K;
    readonly name: string;

    /** The SHA-256 of `text` in hex: its id as a trusted document. */
    readonly id: string;
    readonly text: string;

    /** The key of the gateway's time in the answer. */
    readonly serverTime?: string;

    /** Whether the last good answer is kept, to be shown without a network. */
    readonly isScreen?: boolean;
    readonly write?: Write;

    /** Only for the compiler. */
    readonly types?: (variables: V) => D;
}

export type Query<D, V> = Operation<"query", D, V>;
export type Mutation<D, V> = Operation<"mutation", D, V> & { readonly write: Write };
export type Subscription<D, V> = Operation<"subscription", D, V>;

/** Variables may be left out if all of them may. */
export type Given<V> = {} extends V ? [variables?: V] : [variables: V];

/** The operations that a client needs itself. */
export interface Kit {
    /** Mutations, to be found again by their names after a restart. */
    readonly writes: readonly Mutation<unknown, never>[];

    /** A query that asks for the gateway's time and needs no variables. */
    readonly clock: Query<unknown, {}>;

    /** What tells of the order `$id`: a subscription, a long poll that takes `$after`, and a query. */
    readonly watch: {
        readonly subscription: Subscription<unknown, { id: string }>;
        readonly wait: Query<unknown, { id: string; after?: never }>;
        readonly read: Query<unknown, { id: string }>;
    };
}

/** A value of an enumeration as it was sent; a newer gateway may send one that is not in `T`. */
export type Sent<T extends string> = T | (string & {});

/** An enumeration's values, and what reads one. */
export interface Enumeration<T extends string> {
    readonly values: readonly T[];

    /** The value; `UNKNOWN` for a text that this build does not know. The text itself is what was sent. */
    read(text: Sent<T> | null | undefined): T | "UNKNOWN";
}

export function enumeration<T extends string>(...values: T[]): Enumeration<T> {
    const known = new Set<string>(values);
    return { values, read: (text) => (known.has(text ?? "") ? (text as T) : "UNKNOWN") };
}

/** One of the `errors` of an answer. docs/errors.md of the gateway says what to do for each code. */
export interface GatewayError {
    /** `extensions.code`; `NETWORK` if no answer came. */
    readonly code: string;
    readonly message: string;
    readonly isRetryable: boolean;

    /** When to come back; 0 if the gateway did not say. */
    readonly retryAfterSeconds: number;

    /** Names the request in the gateway's log. */
    readonly requestId: string | null;
}

export const NETWORK = "NETWORK";

const FINAL_CODES: ReadonlySet<string> = new Set([
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "FORBIDDEN",
    "LIMIT_EXCEEDED",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "DOCUMENT_NOT_TRUSTED",
    "INTROSPECTION_DISABLED",
]);
const TOKEN_CODES: ReadonlySet<string> = new Set(["UNAUTHENTICATED", "TOKEN_EXPIRED"]);
const UNKNOWN_DOCUMENT_CODES: ReadonlySet<string> = new Set([
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_NOT_SUPPORTED",
]);

/** Whether the same may be answered later. Codes of later versions may. */
export function mayPass(error: GatewayError): boolean {
    return error.isRetryable || !FINAL_CODES.has(error.code);
}

function isAboutToken(errors: readonly GatewayError[]): boolean {
    return errors.some((one) => TOKEN_CODES.has(one.code));
}

function isUnknownDocument(errors: readonly GatewayError[]): boolean {
    return errors.some((one) => UNKNOWN_DOCUMENT_CODES.has(one.code));
}

function networkError(error: unknown): GatewayError {
    return { code: NETWORK, message: String(error), isRetryable: true, retryAfterSeconds: 0, requestId: null };
}

function readErrors(errors: unknown): GatewayError[] {
    return (Array.isArray(errors) ? errors : []).map((one: { message?: string; extensions?: Json }) => {
        const { code, retryable, retryAfterSeconds, requestId } = one.extensions ?? {};
        return {
            code: String(code ?? "INTERNAL"),
            message: one.message ?? "",
            isRetryable: retryable === true,
            retryAfterSeconds: Number(retryAfterSeconds ?? 0),
            requestId: typeof requestId === "string" ? requestId : null,
        };
    });
}

function isObject(value: unknown): value is Json {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An answer. */
export interface Answer<D> {
    /** Null if none came. */
    readonly data: D | null;
    readonly errors: readonly GatewayError[];

    /** Whether this is the last good answer, from the device, because no new one came. Show it as such. */
    readonly isStale: boolean;
}

function answerOf(result: unknown): Answer<Json> {
    const { data, errors } = isObject(result) ? result : ({} as Json);
    return { data: isObject(data) ? data : null, errors: readErrors(errors), isStale: false };
}

/**
 * How an intent ended.
 *
 * - `done`: it was done, once.
 * - `refused`: it was not done; `codes` say why, of the payload's user errors.
 * - `failed`: the request can never succeed: a defect of the game, or a player without the right.
 * - `expired`: it is not sent any more, because the gateway has forgotten its key. Read the screen, and ask the player.
 */
export type Outcome = "done" | "refused" | "failed" | "expired";

/** The end of an intent. */
export interface Settlement<D = Json> {
    readonly key: string;
    readonly operation: string;
    readonly variables: Json;
    readonly outcome: Outcome;

    /** Codes of the user errors, or of the errors. */
    readonly codes: readonly string[];
    readonly data: D | null;

    /** The order that was placed, to be watched. */
    readonly orderId: string | null;
}

/** Something that the player wants, written down before it is sent. */
export interface Intent<D> {
    /** The idempotency key: the intent's name. */
    readonly key: string;

    /**
     * Its end, which may be far: it comes in a later run of the game if this one ends, and is then told to
     * `onSettled` alone.
     */
    readonly settled: Promise<Settlement<D>>;
}

/** An intent that is not settled yet. */
export interface Pending {
    readonly key: string;
    readonly operation: string;
    readonly variables: Json;
}

/** An intent that waits for its next try: why, and for how long. */
export interface Waiting extends Pending {
    /** `NETWORK`, or what the gateway answered, such as `OUTCOME_UNKNOWN`. */
    readonly code: string;
    readonly pauseSeconds: number;
}

const SAMPLES = 8;

/**
 * The gateway's time. Each answer with `serverTime` is taken for the middle of its request; the quickest of the last
 * eight counts. Time never goes back, so countdowns never go up, and the device's clock does not matter once an answer
 * has come.
 */
export class Clock {
    private samples: { took: number; offset: number }[] = [];
    private offset: number | null = null;
    private last = -Infinity;

    constructor(private readonly time: Time) {}

    /** Whether an answer has told the time. Before, the device's clock counts. */
    get isKnown(): boolean {
        return this.offset !== null;
    }

    /** Unix seconds. */
    now(): number {
        if (this.offset === null) return this.time.now();
        this.last = Math.max(this.last, this.time.monotonic() + this.offset);
        return this.last;
    }

    /** Seconds to count down to a time of an answer; 0 once it is over. */
    secondsUntil(moment: string): number {
        return Math.max(0, Date.parse(moment) / 1000 - this.now());
    }

    /** A request was sent and answered at these moments of `monotonic`, with the gateway's time. */
    take(sent: number, received: number, told: string): void {
        this.samples.push({ took: received - sent, offset: Date.parse(told) / 1000 - (sent + received) / 2 });
        this.samples = this.samples.slice(-SAMPLES);
        this.offset = this.samples.reduce((best, one) => (one.took <= best.took ? one : best)).offset;
    }

    /** The device slept: seconds may be missing, so the next answer counts alone. */
    forget(): void {
        this.samples = [];
    }
}

/** The player's token, asked for once by all who need it at the same time. */
class Tokens {
    private asked: { promise: Promise<string | null>; token?: string | null } | null = null;

    constructor(private readonly ask: (isRejected: boolean) => Promise<string | null>) {}

    /** The token; null for a player who is signed out, for whom it is asked each time. Throws NetworkError. */
    get(): Promise<string | null> {
        return this.isOver(null) ? this.anew(false) : this.asked!.promise;
    }

    /** Another token than the one that was rejected. Throws NetworkError. */
    renew(rejected: string): Promise<string | null> {
        return this.isOver(rejected) ? this.anew(true) : this.asked!.promise;
    }

    private isOver(rejected: string | null): boolean {
        if (this.asked === null) return true;
        return this.asked.token === null || (rejected !== null && this.asked.token === rejected);
    }

    private anew(isRejected: boolean): Promise<string | null> {
        const asked: { promise: Promise<string | null>; token?: string | null } = { promise: Promise.resolve(null) };
        asked.promise = (async () => {
            try {
                return (asked.token = await this.ask(isRejected));
            } catch (error) {
                asked.token = null;
                throw new NetworkError(`No token: ${error}`);
            }
        })();
        return (this.asked = asked).promise;
    }
}

/** The gateway sends something on each stream every 15 seconds, or answers a ping. */
const SILENCE_SECONDS = 40;
const PING_SECONDS = 15;

/** How a connection of a subscription ended. */
interface StreamEnd {
    /** Whether the gateway took the subscription. */
    isConnected: boolean;

    /** Whether the gateway has said that no more comes, and nothing failed. */
    isComplete: boolean;

    /** Whether the token was not accepted. */
    isRejected: boolean;

    /** Whether the document's id was not known. */
    isUnknownDocument: boolean;
}

/** Collects what a connection of a subscription tells. */
class Events {
    isConnected = false;
    isComplete = false;
    hasFailed = false;
    isRejected = false;
    isUnknownDocument = false;

    constructor(
        private readonly onAnswer: (answer: Answer<Json>) => void,
        private readonly onConnected: () => void,
    ) {}

    connected(): void {
        if (!this.isConnected) this.onConnected();
        this.isConnected = true;
    }

    next(result: unknown): void {
        const answer = answerOf(result);
        this.failed(answer.errors, answer.data === null);
        if (this.hasFailed) return;
        this.connected();
        this.onAnswer(answer);
    }

    failed(errors: readonly GatewayError[], hasFailed: boolean): void {
        this.isRejected ||= isAboutToken(errors);
        this.isUnknownDocument ||= isUnknownDocument(errors);
        this.hasFailed ||= hasFailed;
    }

    end(): StreamEnd {
        const { isConnected, isRejected, isUnknownDocument } = this;
        return { isConnected, isComplete: this.isComplete && !this.hasFailed, isRejected, isUnknownDocument };
    }
}

/** Server-sent events, as graphql-sse's "distinct connections mode" has them. */
class EventLines {
    private rest = "";
    private kind = "";
    private data = "";

    constructor(private readonly events: Events) {}

    take(text: string): void {
        const lines = (this.rest + text).split(/\r?\n/);
        this.rest = lines.pop() ?? "";
        lines.forEach((line) => this.line(line));
    }

    private line(line: string): void {
        if (line.startsWith("event:")) this.kind = line.slice(6).trim();
        else if (line.startsWith("data:")) this.data += line.slice(5).trim();
        // A heartbeat: the gateway has taken the subscription, though nothing has happened yet.
        else if (line.startsWith(":")) this.events.connected();
        else if (line === "") this.dispatch();
    }

    private dispatch(): void {
        if (this.kind === "complete") this.events.isComplete = true;
        if (this.kind === "next") this.events.next(parsed(this.data));
        this.kind = this.data = "";
    }
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

/** Ends a connection on which nothing is heard. */
class Silence {
    private heardAt: number;
    private readonly over = new AbortController();

    constructor(private readonly time: Time, private readonly end: () => void, private readonly ping?: () => void) {
        this.heardAt = time.monotonic();
        void this.watch();
    }

    heard(): void {
        this.heardAt = this.time.monotonic();
    }

    stop(): void {
        this.over.abort();
    }

    private async watch(): Promise<void> {
        try {
            for (let left = SILENCE_SECONDS; left > 0; left = this.heardAt + SILENCE_SECONDS - this.time.monotonic()) {
                await this.time.delay(this.ping ? Math.min(left, PING_SECONDS) : left, this.over.signal);
                this.ping?.();
            }
            this.end();
        } catch {
            // The connection has ended.
        }
    }
}

/** What `WebSocket` is, in browsers and in the package `ws`. */
export interface SocketConstructor {
    new (url: string, protocol: string): Socket;
}

export interface Socket {
    onopen: ((event: any) => unknown) | null;
    onmessage: ((event: any) => unknown) | null;
    onerror: ((event: any) => unknown) | null;
    onclose: ((event: any) => unknown) | null;
    send(text: string): void;
    close(code?: number, reason?: string): void;
}

interface StreamCall {
    readonly url: string;
    readonly body: Json;
    readonly headers: Record<string, string>;
    readonly events: Events;
    readonly time: Time;
    readonly signal?: AbortSignal | undefined;
}

/** One connection of a subscription over a socket. Rejects with an AbortError. */
function overSocket(socketClass: SocketConstructor, call: StreamCall): Promise<StreamEnd> {
    return new Promise((resolve, reject) => {
        const { events, headers, signal } = call;
        const socket = new socketClass(call.url.replace(/^http/, "ws"), "graphql-transport-ws");
        const send = (message: Json): void => socket.send(JSON.stringify(message));
        let isOpen = false;
        const ended = (reason: string): void => {
            socket.onmessage = socket.onclose = null;
            silence.stop();
            signal?.removeEventListener("abort", stop);
            events.isRejected ||= TOKEN_CODES.has(reason.split(":")[0] ?? "");
            signal?.aborted ? reject(aborted()) : resolve(events.end());
        };
        const stop = (): void => {
            socket.close();
            // A network that is gone never confirms it.
            ended("");
        };
        const silence = new Silence(call.time, stop, () => isOpen && send({ type: "ping" }));
        signal?.addEventListener("abort", stop, { once: true });
        socket.onerror = () => undefined;
        socket.onopen = () => {
            const { Authorization, "Accept-Language": language } = headers;
            send({ type: "connection_init", payload: { Authorization, "Accept-Language": language } });
        };
        socket.onmessage = (event: { data: unknown }) => {
            silence.heard();
            const message = parsed(String(event.data)) as Json | null;
            if (message?.type === "connection_ack") {
                isOpen = true;
                send({ id: "1", type: "subscribe", payload: call.body });
                // It is answered once the subscription is taken, though nothing may have happened yet.
                send({ type: "ping" });
            } else if (message?.type === "ping") send({ type: "pong" });
            else if (message?.type === "pong" && !events.hasFailed) events.connected();
            else if (message?.type === "next") events.next(message.payload);
            else if (message?.type === "error") {
                events.failed(readErrors(message.payload), true);
                socket.close(1000);
            } else if (message?.type === "complete") {
                events.isComplete = true;
                socket.close(1000);
            }
        };
        socket.onclose = (event: { reason?: unknown }) => ended(String(event.reason ?? ""));
    });
}

/** One connection of a subscription over server-sent events. Rejects with NetworkError, and with an AbortError. */
async function overEvents(fetchAnswer: typeof fetch, call: StreamCall): Promise<StreamEnd> {
    const { events, signal } = call;
    const ending = new AbortController();
    const stop = (): void => ending.abort();
    const silence = new Silence(call.time, stop);
    signal?.addEventListener("abort", stop, { once: true });
    try {
        if (signal?.aborted) stop();
        const response = await fetchAnswer(call.url, {
            method: "POST",
            headers: { ...call.headers, Accept: "text/event-stream" },
            body: JSON.stringify(call.body),
            signal: ending.signal,
        });
        if (response.status === 401) events.isRejected = true;
        const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
        if (!response.ok || !isStream || !response.body) {
            events.failed(readErrors((parsed(await response.text()) as Json | null)?.errors), true);
            return events.end();
        }
        const [reader, decoder, lines] = [response.body.getReader(), new TextDecoder(), new EventLines(events)];
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            silence.heard();
            lines.take(decoder.decode(part.value, { stream: true }));
        }
    } catch (error) {
        if (signal?.aborted) throw aborted();
        if (!ending.signal.aborted) throw new NetworkError(String(error));
    } finally {
        silence.stop();
        signal?.removeEventListener("abort", stop);
    }
    return events.end();
}

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

const STREAM_TRIES = 2;
const WAIT_TRIES = 3;
const READ_PAUSE_SECONDS = 3;
const WATCH_SECONDS = 600;

/** An order as it is now; `status` is one of `OrderStatus`, or a later one. */
export interface OrderNews {
    readonly id: string;
    readonly status: string;
    readonly isTerminal: boolean;
}

/**
 * Why an order is not watched any more.
 *
 * - `final`: its status is final.
 * - `open`: it is not paid within the time. Watch it again when the player comes back to the payment.
 * - `missing`: the player has no such order.
 */
export type WatchEnd = "final" | "open" | "missing";

/**
 * Follows one order: by a subscription; after two failures by long polls; after three errors more by reading it every
 * 3 seconds for 10 minutes.
 */
class OrderWatch {
    private status: string | null = null;
    private isFinal = false;

    constructor(
        private readonly client: GatewayClient,
        private readonly operations: Kit["watch"],
        private readonly time: Time,
        private readonly id: string,
        private readonly onChange: (news: OrderNews) => void,
        private readonly signal: AbortSignal | undefined,
    ) {}

    async run(): Promise<WatchEnd> {
        for (let tries = 0; tries < STREAM_TRIES; tries++) {
            if (tries > 0) await this.time.delay(1, this.signal);
            const take = (answer: Answer<Json>): unknown => this.take(answer);
            const { subscription } = this.operations;
            const isComplete = await this.client.stream(subscription, { id: this.id }, take, () => undefined, this.signal);
            if (this.isFinal) return "final";
            if (isComplete && this.status !== null) return "open";
        }
        return (await this.byWaiting()) ?? this.byReading();
    }

    private async byWaiting(): Promise<WatchEnd | null> {
        const end = this.time.monotonic() + WATCH_SECONDS;
        for (let errors = 0; this.time.monotonic() < end; ) {
            const before = this.status;
            const isThere = await this.read(this.operations.wait, { id: this.id, after: before });
            if (isThere && this.isFinal) return "final";
            if (isThere === false) return "missing";
            if (isThere === null && ++errors === WAIT_TRIES) return null;
            if (isThere) errors = 0;
            // A gateway that shuts down answers at once with nothing new.
            if (this.status === before) await this.time.delay(pauseAfter(Math.max(0, errors - 1)), this.signal);
        }
        return "open";
    }

    private async byReading(): Promise<WatchEnd> {
        const end = this.time.monotonic() + WATCH_SECONDS;
        while (this.time.monotonic() < end) {
            const isThere = await this.read(this.operations.read, { id: this.id });
            if (isThere === false) return "missing";
            if (this.isFinal) return "final";
            await this.time.delay(READ_PAUSE_SECONDS, this.signal);
        }
        return "open";
    }

    /** Whether there is such an order; null if that is not known. */
    private async read(operation: Query<unknown, never>, variables: Json): Promise<boolean | null> {
        try {
            const answer = await this.client.execute(operation, variables, REQUEST_SECONDS * 2, this.signal);
            return answer.errors.length > 0 ? null : this.take(answer);
        } catch (error) {
            if (error instanceof NetworkError) return null;
            throw error;
        }
    }

    private take(answer: Answer<Json>): boolean {
        const [order] = Object.values(answer.data ?? {}) as (OrderNews | null)[];
        if (!order) return false;
        const isNew = order.status !== this.status;
        this.status = order.status;
        this.isFinal = order.isTerminal;
        if (isNew) this.client.tell(this.onChange, order);
        return true;
    }
}

const REQUEST_SECONDS = 30;

/** What a client is made of. */
export interface ClientOptions {
    /** The gateway's address, such as https://gateway.example.com/graphql. */
    url: string;

    /** Whose client it is, as the game knows the player. What is kept on the device is kept by player. */
    player: string;

    /** Gives the player's token, null if they are signed out; after `isRejected`, a new one. */
    token: (isRejected: boolean) => Promise<string | null>;

    /** `browserStorage()` by default. */
    storage?: DeviceStorage;
    time?: Time;
    fetch?: typeof fetch;

    /** What opens sockets, by default the browser's `WebSocket`; null: subscriptions use server-sent events. */
    webSocket?: SocketConstructor | null;

    /** Languages to show names and prices in, such as `de-AT, en;q=0.5`. By default the browser's. */
    language?: string;

    /** The build, as its manifest of trusted documents is named: `web` and `1.4.0`. */
    clientName?: string;
    clientVersion?: string;

    /** Each intent that ends, also of earlier runs of the game: show it, grant what it gave. */
    onSettled?: (settlement: Settlement) => void;

    /** An intent that waits for its next try: show that it is not lost. */
    onWaiting?: (waiting: Waiting) => void;

    /** Faults that cost nothing but should be known. Never has a token. */
    onLog?: (text: string) => void;
}

/** The gateway for one player. Make it when the player is known, and call `start`. */
export class GatewayClient {
    /** The gateway's time, to count down by. */
    readonly clock: Clock;

    private readonly tokens: Tokens;
    private readonly storage: DeviceStorage;
    private readonly time: Time;
    private readonly outbox: Outbox;
    private readonly unknownDocuments = new Set<string>();
    private socketClass: SocketConstructor | null;

    constructor(
        readonly options: ClientOptions,
        private readonly kit: Kit,
    ) {
        const socketClass = typeof WebSocket === "undefined" ? null : (WebSocket as unknown as SocketConstructor);
        this.socketClass = options.webSocket === undefined ? socketClass : options.webSocket;
        this.storage = options.storage ?? browserStorage();
        this.time = options.time ?? systemTime;
        this.clock = new Clock(this.time);
        this.tokens = new Tokens(options.token);
        this.outbox = new Outbox(this, this.storage, this.time, kit.writes);
    }

    /** Send what earlier runs of the game could not settle. */
    start(): void {
        this.outbox.wake();
    }

    /** Call this when the device has slept or the network may be back: at `online`, and when the page is shown. */
    resumed(): void {
        this.clock.forget();
        this.outbox.online();
    }

    /** A query: the answer, or the last good one if none comes. */
    async query<D, V>(operation: Query<D, V>, ...[variables]: Given<V>): Promise<Answer<D>> {
        const given = (variables ?? {}) as Json;
        let answer: Answer<Json>;
        try {
            answer = await this.execute(operation, given);
        } catch (error) {
            if (!(error instanceof NetworkError)) throw error;
            answer = { data: null, errors: [networkError(error)], isStale: false };
        }
        return (operation.isScreen ? this.screen(operation, given, answer) : answer) as Answer<D>;
    }

    /**
     * What the player wants: it is written down, sent until it is settled, and done once. The kit makes the key.
     * Throws what the storage throws; nothing is sent then.
     */
    want<D, V>(operation: Mutation<D, V>, ...[variables]: Given<V>): Intent<D> {
        return this.outbox.add(operation as Mutation<D, never>, (variables ?? {}) as Json);
    }

    /** What the player wants that is not settled yet, also of earlier runs: show it as such. */
    pending(): Pending[] {
        return this.outbox.pending();
    }

    /** Send an operation, once more with a new token if the first is not accepted. Throws NetworkError, AbortError. */
    async execute(
        operation: Operation<"query" | "mutation", unknown, never>,
        variables: Json,
        seconds = REQUEST_SECONDS,
        signal?: AbortSignal,
    ): Promise<Answer<Json>> {
        const token = await this.tokens.get();
        const answer = await this.post(operation, variables, token, seconds, signal);
        if (!isAboutToken(answer.errors)) return answer;
        const renewed = await this.tokens.renew(token ?? "");
        return renewed === null ? answer : this.post(operation, variables, renewed, seconds, signal);
    }

    /** Ask for the gateway's time if no answer has told it. Throws NetworkError. */
    async knowTime(): Promise<void> {
        if (!this.clock.isKnown) await this.execute(this.kit.clock, {});
        if (!this.clock.isKnown) throw new NetworkError("The gateway does not tell its time.");
    }

    /** Follow an order until it is final; the handler gets each status once. Rejects with an AbortError. */
    watchOrder(id: string, onChange: (news: OrderNews) => void, signal?: AbortSignal): Promise<WatchEnd> {
        return new OrderWatch(this, this.kit.watch, this.time, id, onChange, signal).run();
    }

    /**
     * Hear of events until the subscription completes; reconnect after 1, 2, 4 … 60 seconds. Events are not sent again:
     * query the screen in `onConnected`, which is called for each connection. Rejects with an AbortError.
     */
    async follow<D, V>(
        operation: Subscription<D, V>,
        variables: V,
        handlers: { onEvent: (answer: Answer<D>) => void; onConnected?: () => void },
        signal?: AbortSignal,
    ): Promise<void> {
        let failures = 0;
        const onAnswer = (answer: Answer<Json>): void => this.tell(handlers.onEvent, answer as Answer<D>);
        const onConnected = (): void => {
            failures = 0;
            this.tell(handlers.onConnected, undefined);
        };
        while (!(await this.stream(operation, variables as Json, onAnswer, onConnected, signal))) {
            await this.time.delay(pauseAfter(failures++), signal);
        }
    }

    /** Whether the subscription was completed, and not lost. Rejects with an AbortError. */
    async stream(
        operation: Operation<"subscription", unknown, never>,
        variables: Json,
        onAnswer: (answer: Answer<Json>) => void,
        onConnected: () => void,
        signal?: AbortSignal,
    ): Promise<boolean> {
        for (let isRenewed = false; ; ) {
            let end: StreamEnd;
            let token: string | null;
            try {
                token = await this.tokens.get();
                end = await this.connect(operation, variables, token, onAnswer, onConnected, signal);
                if (end.isRejected && !isRenewed && (await this.tokens.renew(token ?? "")) !== null) {
                    isRenewed = true;
                    continue;
                }
            } catch (error) {
                if (error instanceof NetworkError) return false;
                throw error;
            }
            if (!end.isUnknownDocument || this.unknownDocuments.has(operation.id)) return end.isComplete;
            this.unknownDocuments.add(operation.id);
        }
    }

    /** The name of a file that belongs to the player. */
    fileOf(name: string): string {
        const bytes = [...new TextEncoder().encode(this.options.player)];
        return `${bytes.map((one) => one.toString(16).padStart(2, "0")).join("")}-${name}`;
    }

    /** Call a handler of the game, whose faults are its own. */
    tell<T>(handler: ((told: T) => void) | undefined, told: T): void {
        try {
            handler?.(told);
        } catch (error) {
            this.log(`A handler failed: ${error}`);
        }
    }

    log(text: string): void {
        this.options.onLog?.(text);
    }

    /** One connection of a subscription; where no socket opens but events come, sockets are not tried again. */
    private async connect(
        operation: Operation<"subscription", unknown, never>,
        variables: Json,
        token: string | null,
        onAnswer: (answer: Answer<Json>) => void,
        onConnected: () => void,
        signal?: AbortSignal,
    ): Promise<StreamEnd> {
        const { url, fetch: fetchAnswer = fetch } = this.options;
        const [body, headers] = [this.body(operation, variables), this.headers(token)];
        const call = () => ({ url, body, headers, events: new Events(onAnswer, onConnected), time: this.time, signal });
        if (this.socketClass !== null) {
            const end = await overSocket(this.socketClass, call());
            if (end.isConnected || end.isRejected || end.isUnknownDocument || end.isComplete) return end;
        }
        const end = await overEvents(fetchAnswer, call());
        if (end.isConnected) this.socketClass = null;
        return end;
    }

    private async post(
        operation: Operation<"query" | "mutation", unknown, never>,
        variables: Json,
        token: string | null,
        seconds: number,
        signal?: AbortSignal,
    ): Promise<Answer<Json>> {
        const answer = await this.postOnce(operation, variables, token, seconds, signal);
        if (!isUnknownDocument(answer.errors)) return answer;
        this.unknownDocuments.add(operation.id);
        return this.postOnce(operation, variables, token, seconds, signal);
    }

    private async postOnce(
        operation: Operation<"query" | "mutation", unknown, never>,
        variables: Json,
        token: string | null,
        seconds: number,
        signal?: AbortSignal,
    ): Promise<Answer<Json>> {
        const sent = this.time.monotonic();
        const [status, text] = await this.fetched(operation, variables, token, seconds, signal);
        const received = this.time.monotonic();
        const answer = answerOf(parsed(text));
        if (answer.data === null && answer.errors.length === 0) {
            throw new NetworkError(`No answer of the gateway: HTTP ${status}`);
        }
        const told = answer.data?.[operation.serverTime ?? ""];
        if (typeof told === "string") this.clock.take(sent, received, told);
        return answer;
    }

    private async fetched(
        operation: Operation<"query" | "mutation", unknown, never>,
        variables: Json,
        token: string | null,
        seconds: number,
        signal?: AbortSignal,
    ): Promise<[number, string]> {
        const { url, fetch: fetchAnswer = fetch } = this.options;
        const ending = new AbortController();
        const stop = (): void => ending.abort();
        const timer = setTimeout(stop, seconds * 1000);
        signal?.addEventListener("abort", stop, { once: true });
        try {
            if (signal?.aborted) stop();
            const accept = "application/graphql-response+json, application/json";
            const headers = { ...this.headers(token), Accept: accept };
            const body = JSON.stringify(this.body(operation, variables));
            const response = await fetchAnswer(url, { method: "POST", headers, body, signal: ending.signal });
            return [response.status, await response.text()];
        } catch (error) {
            throw signal?.aborted ? aborted() : new NetworkError(`No answer: ${error}`);
        } finally {
            clearTimeout(timer);
            signal?.removeEventListener("abort", stop);
        }
    }

    private body(operation: Operation<"query" | "mutation" | "subscription", unknown, never>, variables: Json): Json {
        const isText = this.unknownDocuments.has(operation.id);
        return isText ? { query: operation.text, variables } : { documentId: `sha256:${operation.id}`, variables };
    }

    private headers(token: string | null): Record<string, string> {
        const { language, clientName, clientVersion } = this.options;
        return {
            "Content-Type": "application/json",
            ...(token && { Authorization: `Bearer ${token}` }),
            ...(language && { "Accept-Language": language }),
            ...(clientName && { "graphql-client-name": clientName }),
            ...(clientVersion && { "graphql-client-version": clientVersion }),
        };
    }

    /** Keep a good screen, or show the last one in place of none. */
    private screen(operation: Query<unknown, never>, variables: Json, answer: Answer<Json>): Answer<Json> {
        const file = this.fileOf(`screen-${operation.name}`);
        const given = JSON.stringify(variables);
        try {
            if (answer.errors.length === 0) {
                this.storage.write(file, JSON.stringify({ id: operation.id, variables: given, data: answer.data }));
                return answer;
            }
            const mayKeep = answer.data === null && answer.errors.every(mayPass) && !isAboutToken(answer.errors);
            const kept = mayKeep ? (parsed(this.storage.read(file) ?? "") as Json | null) : null;
            const isSame = kept?.id === operation.id && kept.variables === given;
            return isSame ? { data: kept!.data as Json, errors: answer.errors, isStale: true } : answer;
        } catch (error) {
            // A storage that is full: the screen that came is shown all the same.
            this.log(`The last screen cannot be kept or read: ${error}`);
            return answer;
        }
    }
}

/** Why the player's chains changed, or may have changed. The set does not grow within a major version: what is added later is `OTHER` here. */
export type ChangeReason =
    /** A step was claimed, perhaps on another device. */
    | "CLAIM"
    /** A step was ordered; it is not paid yet. */
    | "ORDER_PLACED"
    /** An order was paid, or its items were granted. */
    | "ORDER_PAID"
    /** An order was canceled, or its payment was returned. */
    | "ORDER_CANCELED"
    /** The player's clan changed. */
    | "CLAN"
    /** Something else, or a reason that this schema does not define yet. */
    | "OTHER";
export const ChangeReason: Enumeration<ChangeReason> = enumeration<ChangeReason>(
    "CLAIM",
    "ORDER_PLACED",
    "ORDER_PAID",
    "ORDER_CANCELED",
    "CLAN",
    "OTHER",
);

/** What the game calls a clan. The set does not grow within a major version: what is added later is `OTHER` here, and `clanTypeRaw` names it. */
export type ClanType =
    /** Show the word for “clan”. */
    | "CLAN"
    /** Show the word for “guild”. */
    | "GUILD"
    /** Show the word for “faction”. */
    | "FACTION"
    /** Show the word for “community”. */
    | "COMMUNITY"
    /** Show the word for “team”. */
    | "TEAM"
    /** Show the word for “squad”. */
    | "SQUAD"
    /** Show the word for “alliance”. */
    | "ALLIANCE"
    /** Show the word for “association”. */
    | "ASSOCIATION"
    /** Show the word for “coalition”. */
    | "COALITION"
    /** Show the word for “union”. */
    | "UNION"
    /** Show the word for “group”. */
    | "GROUP"
    /** Show the word for “civilizations”. */
    | "CIVILIZATIONS"
    /** Show the word for “dynasty”. */
    | "DYNASTY"
    /** Show the word for “order”. */
    | "ORDER"
    /** Show the word for “league”. */
    | "LEAGUE"
    /** Show the word for “brotherhood”. */
    | "BROTHERHOOD"
    /** Show the word for “kingdom”. */
    | "KINGDOM"
    /** Show the word for “organization”. */
    | "ORGANIZATION"
    /** Show the word for “house”. */
    | "HOUSE"
    /** Show the word for “empire”. */
    | "EMPIRE"
    /** Show the word for “tribe”. */
    | "TRIBE"
    /** Show the word for “cartel”. */
    | "CARTEL"
    /** A word that this schema does not define yet: see `clanTypeRaw`. */
    | "OTHER";
export const ClanType: Enumeration<ClanType> = enumeration<ClanType>(
    "CLAN",
    "GUILD",
    "FACTION",
    "COMMUNITY",
    "TEAM",
    "SQUAD",
    "ALLIANCE",
    "ASSOCIATION",
    "COALITION",
    "UNION",
    "GROUP",
    "CIVILIZATIONS",
    "DYNASTY",
    "ORDER",
    "LEAGUE",
    "BROTHERHOOD",
    "KINGDOM",
    "ORGANIZATION",
    "HOUSE",
    "EMPIRE",
    "TRIBE",
    "CARTEL",
    "OTHER",
);

/** How a daily chain counts its days. The set does not grow within a major version: what is added later is `OTHER` here, and `typeRaw` names it. */
export type DailyChainType =
    /** By the calendar: each step has its day, and is missed after it. */
    | "CALENDAR_HARD"
    /** Days in a row, counted from the player's own first claim: a day without a claim breaks the streak. */
    | "ROLLING"
    /** A type that this schema does not define yet: see `typeRaw`. */
    | "OTHER";
export const DailyChainType: Enumeration<DailyChainType> = enumeration<DailyChainType>(
    "CALENDAR_HARD",
    "ROLLING",
    "OTHER",
);

/** What the player has to do to make progress in a chain: the label of its main button. The set does not grow within a major version: what is added later is `OTHER` here. */
export type NextAction =
    /** Something can be claimed for free. */
    | "CLAIM"
    /** The next step is bought. */
    | "BUY"
    /** More points are needed: `earnBy` has the items that give them. */
    | "EARN_POINTS"
    /** The chain is for clans, and the player is in none: `updateClan` once they have joined one. */
    | "JOIN_CLAN"
    /** The player has to sign in first. */
    | "SIGN_IN"
    /** The player can do nothing until the chain starts, starts over, or opens its next step. */
    | "WAIT"
    /** The player can do nothing more. */
    | "NONE"
    /** An action that this schema does not define yet: show no button. */
    | "OTHER";
export const NextAction: Enumeration<NextAction> = enumeration<NextAction>(
    "CLAIM",
    "BUY",
    "EARN_POINTS",
    "JOIN_CLAN",
    "SIGN_IN",
    "WAIT",
    "NONE",
    "OTHER",
);

/** The status of an order. The set does not grow within a major version: what is added later is `OTHER` here, and `statusRaw` names it. */
export type OrderStatus =
    /** The order waits for payment. */
    | "NEW"
    /** The order is paid. The items may already be granted. */
    | "PAID"
    /** The items are granted. This status is final. */
    | "DONE"
    /** The order was canceled, or the payment was returned. This status is final. */
    | "CANCELED"
    /** A newer order replaced this one before it was paid. A late payment may still make it `PAID`. */
    | "EXPIRED"
    /** A status that this schema does not define yet: see `statusRaw`. */
    | "OTHER";
export const OrderStatus: Enumeration<OrderStatus> = enumeration<OrderStatus>(
    "NEW",
    "PAID",
    "DONE",
    "CANCELED",
    "EXPIRED",
    "OTHER",
);

/** Whether paying moves real money. The set is complete: it does not grow within a major version. */
export type PaymentMode =
    /** Real money. */
    | "LIVE"
    /** Test cards only: no money moves. */
    | "SANDBOX";
export const PaymentMode: Enumeration<PaymentMode> = enumeration<PaymentMode>(
    "LIVE",
    "SANDBOX",
);

/** The phase of a chain's schedule. The set is complete: it does not grow within a major version. */
export type Phase =
    /** The chain has not started. */
    | "UPCOMING"
    /** The chain is running. */
    | "ACTIVE"
    /** The chain is running and ends within 24 hours: show the countdown. */
    | "ENDING_SOON"
    /** The chain is over. */
    | "ENDED";
export const Phase: Enumeration<Phase> = enumeration<Phase>(
    "UPCOMING",
    "ACTIVE",
    "ENDING_SOON",
    "ENDED",
);

/** How often a chain starts over. The set does not grow within a major version: what is added later is `OTHER` here, and `resetIntervalRaw` names it. */
export type ResetInterval =
    /** Every hour. */
    | "HOURLY"
    /** Every week. */
    | "WEEKLY"
    /** Every month. */
    | "MONTHLY"
    /** An interval that this schema does not define yet: see `resetIntervalRaw`. */
    | "OTHER";
export const ResetInterval: Enumeration<ResetInterval> = enumeration<ResetInterval>(
    "HOURLY",
    "WEEKLY",
    "MONTHLY",
    "OTHER",
);

/** What the player can do with a step now. The set does not grow within a major version: what is added later is `OTHER` here. */
export type StepState =
    /** Show the step closed: it cannot be taken now. The chain's `nextAction` says what comes first. */
    | "LOCKED"
    /** Show the step open: it can be claimed or bought now. */
    | "AVAILABLE"
    /** Show the step as taken. */
    | "CLAIMED"
    /** A state that this schema does not define yet: show the step closed. */
    | "OTHER";
export const StepState: Enumeration<StepState> = enumeration<StepState>(
    "LOCKED",
    "AVAILABLE",
    "CLAIMED",
    "OTHER",
);

/** Why something was not done. The set does not grow within a major version: what is added later is `OTHER` here. */
export type UserErrorCode =
    /** This is not an id of the expected kind. Send the id exactly as the gateway returned it. */
    | "INVALID_ID"
    /** There is no such chain, step, item or order for this player. */
    | "NOT_FOUND"
    /** The player has already claimed or bought this. */
    | "ALREADY_CLAIMED"
    /** This step is locked: an earlier step or its day comes first, or the chain's start. */
    | "STEP_LOCKED"
    /** The day of this step has passed. It cannot be claimed any more. */
    | "STEP_MISSED"
    /** The player does not have enough points for this step. */
    | "NOT_ENOUGH_POINTS"
    /** The player has to join a clan first. Send updateClan once they have. */
    | "NOT_IN_CLAN"
    /** This step has a price. Use orderOfferChainStep. */
    | "STEP_IS_PAID"
    /** This step is free. Use claimOfferChainStep. */
    | "STEP_IS_FREE"
    /** The player cannot buy more of this item now: see `limits`. */
    | "LIMIT_REACHED"
    /** This item cannot be bought for real money now. */
    | "NOT_FOR_SALE"
    /** This chain has ended. */
    | "CHAIN_ENDED"
    /** The chain has started over. Nothing was sent. Show the chain as it is now. */
    | "CYCLE_CHANGED"
    /** The first request with this idempotency key is still in progress. Send it again later. */
    | "IN_PROGRESS"
    /** This key was used for another mutation or other arguments. Use a new key. */
    | "IDEMPOTENCY_CONFLICT"
    /** The upstream did not confirm this claim. Read the chain before you try again. */
    | "OUTCOME_UNKNOWN"
    /** This claim could not be sent. Try again later. */
    | "UNAVAILABLE"
    /** The upstream refused for a reason that it does not show: see `upstreamCode`. */
    | "REJECTED"
    /** A reason that this schema does not define yet: see `message`. */
    | "OTHER";
export const UserErrorCode: Enumeration<UserErrorCode> = enumeration<UserErrorCode>(
    "INVALID_ID",
    "NOT_FOUND",
    "ALREADY_CLAIMED",
    "STEP_LOCKED",
    "STEP_MISSED",
    "NOT_ENOUGH_POINTS",
    "NOT_IN_CLAN",
    "STEP_IS_PAID",
    "STEP_IS_FREE",
    "LIMIT_REACHED",
    "NOT_FOR_SALE",
    "CHAIN_ENDED",
    "CYCLE_CHANGED",
    "IN_PROGRESS",
    "IDEMPOTENCY_CONFLICT",
    "OUTCOME_UNKNOWN",
    "UNAVAILABLE",
    "REJECTED",
    "OTHER",
);

/** What the main menu shows about all chains together. */
export interface BadgeViewerBadge {
    /** How many steps can be claimed for free now: the number in the red dot. */
    readonly claimableCount: number;
    /** How many offer chains have a free step to claim. */
    readonly claimableOfferSteps: number;
    /** How many reward steps are ready to claim. */
    readonly claimableRewardSteps: number;
    /** How many unfinished chains end within 24 hours. */
    readonly endingSoonCount: number;
    /** What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a daily step that can be claimed is missed; null if there is none. */
    readonly nextExpiry: string | null;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface BadgeViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** What the main menu shows about all chains: the red dot. */
    readonly badge: BadgeViewerBadge | null;
}

/** Every query that a game can send. */
export interface BadgeData {
    /** The gateway's time. Count down against it, and not against the device's clock. */
    readonly serverTime: string;
    /** The player whose token came with the request. */
    readonly viewer: BadgeViewer;
}

/** Why something that the player wanted was not done. */
export interface BuyOfferOrderOfferChainStepUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** An order that waits for payment. */
export interface BuyOfferOrderOfferChainStepOrder {
    /** The order's id, for reading whether it is paid. */
    readonly id: string;
    /** The payment page: open it in a browser or a web view. Null if the upstream sent no token: the order is there, and the gateway watches it, but it cannot be paid there. */
    readonly paymentUrl: string | null;
    /** Whether paying moves real money. */
    readonly paymentMode: Sent<PaymentMode>;
}

/** A chain of offers: each step is free or bought, and opens the next. */
export interface BuyOfferOrderOfferChainStepOfferChain {
    /** The chain's id, for reading this chain alone. */
    readonly id: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
}

/** The result of ordering a paid step. */
export interface BuyOfferOrderOfferChainStep {
    /** Why it was not done; empty if it was done. */
    readonly userErrors: readonly BuyOfferOrderOfferChainStepUserErrors[];
    /** The order to pay; null if the gateway made none. */
    readonly order: BuyOfferOrderOfferChainStepOrder | null;
    /** The chain after the mutation, newly read: draw it again. */
    readonly offerChain: BuyOfferOrderOfferChainStepOfferChain | null;
}

/** Every mutation that a game can send. */
export interface BuyOfferData {
    /** Order a paid step of an offer chain: opens an order that waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order. */
    readonly orderOfferChainStep: BuyOfferOrderOfferChainStep | null;
}

/** Why something that the player wanted was not done. */
export interface BuyPointsOrderItemUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** An order that waits for payment. */
export interface BuyPointsOrderItemOrder {
    /** The order's id, for reading whether it is paid. */
    readonly id: string;
    /** The payment page: open it in a browser or a web view. Null if the upstream sent no token: the order is there, and the gateway watches it, but it cannot be paid there. */
    readonly paymentUrl: string | null;
}

/** The result of ordering an item. */
export interface BuyPointsOrderItem {
    /** Why it was not done; empty if it was done. */
    readonly userErrors: readonly BuyPointsOrderItemUserErrors[];
    /** The order to pay; null if the gateway made none. */
    readonly order: BuyPointsOrderItemOrder | null;
}

/** Every mutation that a game can send. */
export interface BuyPointsData {
    /** Order an item of the catalog, such as one of `RewardChain.earnBy`: opens an order that waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order. */
    readonly orderItem: BuyPointsOrderItem | null;
}

/** What the main menu shows about all chains together. */
export interface ChainsChangedChainsChangedViewerBadge {
    /** How many steps can be claimed for free now: the number in the red dot. */
    readonly claimableCount: number;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface ChainsChangedChainsChangedViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** What the main menu shows about all chains: the red dot. */
    readonly badge: ChainsChangedChainsChangedViewerBadge | null;
}

/** What changed for the player, and the player after the change. Select what the screen shows. */
export interface ChainsChangedChainsChanged {
    /** The reasons of the change. There are several if more than one thing happened since the last event. */
    readonly reasons: readonly Sent<ChangeReason>[];
    /** The offer chains that changed. If all three lists are empty, any chain may have changed. */
    readonly offerChainIds: readonly string[];
    /** The reward chains that changed. If all three lists are empty, any chain may have changed. */
    readonly rewardChainIds: readonly string[];
    /** The daily chains that changed. If all three lists are empty, any chain may have changed. */
    readonly dailyChainIds: readonly string[];
    /** The player, read after the change. */
    readonly viewer: ChainsChangedChainsChangedViewer;
}

/** Every subscription that a game can start. */
export interface ChainsChangedData {
    /** An event whenever the player's chains changed, here or on another device. Several changes within a short time may come as one event. */
    readonly chainsChanged: ChainsChangedChainsChanged;
}

/** Why something that the player wanted was not done. */
export interface ClaimAllClaimAvailableRewardsUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** Why something that the player wanted was not done. */
export interface ClaimAllClaimAvailableRewardsResultsUserError {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
}

/** The result for one step when every ready step was claimed. */
export interface ClaimAllClaimAvailableRewardsResults {
    /** The id of the `RewardStep` or of the `DailyStep`. */
    readonly stepId: string;
    /** Whether the step is claimed now. */
    readonly isClaimed: boolean;
    /** Why the step was not claimed; null if it was. */
    readonly userError: ClaimAllClaimAvailableRewardsResultsUserError | null;
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface ClaimAllClaimAvailableRewardsRewardChain {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
}

/** The result of claiming every ready step of a chain. */
export interface ClaimAllClaimAvailableRewards {
    /** Why no claim was sent. Errors of single steps are in `results`. */
    readonly userErrors: readonly ClaimAllClaimAvailableRewardsUserErrors[];
    /** One entry for each step that was ready, in the chain's order. */
    readonly results: readonly ClaimAllClaimAvailableRewardsResults[];
    /** The chain after the mutation, newly read: draw it again. */
    readonly rewardChain: ClaimAllClaimAvailableRewardsRewardChain | null;
}

/** Every mutation that a game can send. */
export interface ClaimAllData {
    /** Claim every step that is ready of a reward chain or of a daily chain, each with its own result. */
    readonly claimAvailableRewards: ClaimAllClaimAvailableRewards | null;
}

/** Why something that the player wanted was not done. */
export interface ClaimDailyClaimDailyChainStepUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** One step of a daily chain. */
export interface ClaimDailyClaimDailyChainStepDailyChainSteps {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** Whether the step is closed, ready to claim or claimed. */
    readonly state: Sent<StepState>;
}

/** A chain of gifts for coming back: its steps open day by day. */
export interface ClaimDailyClaimDailyChainStepDailyChain {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** Seconds to count down until the next step opens; 0 while that is due. */
    readonly secondsUntilNextUnlock: number | null;
    /** All steps in order. */
    readonly steps: readonly ClaimDailyClaimDailyChainStepDailyChainSteps[];
}

/** The result of claiming a daily step. */
export interface ClaimDailyClaimDailyChainStep {
    /** Why it was not done; empty if it was done. */
    readonly userErrors: readonly ClaimDailyClaimDailyChainStepUserErrors[];
    /** The chain after the mutation, newly read: draw it again. */
    readonly dailyChain: ClaimDailyClaimDailyChainStepDailyChain | null;
}

/** Every mutation that a game can send. */
export interface ClaimDailyData {
    /** Claim the step of the day of a daily chain. Safe to send again: a step is granted once. */
    readonly claimDailyChainStep: ClaimDailyClaimDailyChainStep | null;
}

/** Why something that the player wanted was not done. */
export interface ClaimOfferClaimOfferChainStepUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** One step of an offer chain. */
export interface ClaimOfferClaimOfferChainStepOfferChainSteps {
    /** The id for claiming or ordering this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** Whether the step is closed, open or taken. */
    readonly state: Sent<StepState>;
}

/** A chain of offers: each step is free or bought, and opens the next. */
export interface ClaimOfferClaimOfferChainStepOfferChain {
    /** The chain's id, for reading this chain alone. */
    readonly id: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** All steps in order. */
    readonly steps: readonly ClaimOfferClaimOfferChainStepOfferChainSteps[];
}

/** The result of claiming a free step. */
export interface ClaimOfferClaimOfferChainStep {
    /** Why it was not done; empty if it was done. */
    readonly userErrors: readonly ClaimOfferClaimOfferChainStepUserErrors[];
    /** The id of the order that granted the item; null if nothing was claimed. */
    readonly orderId: string | null;
    /** The chain after the mutation, newly read: draw it again. */
    readonly offerChain: ClaimOfferClaimOfferChainStepOfferChain | null;
}

/** Every mutation that a game can send. */
export interface ClaimOfferData {
    /** Claim a free step of an offer chain. Safe to send again: a step is granted once. */
    readonly claimOfferChainStep: ClaimOfferClaimOfferChainStep | null;
}

/** Why something that the player wanted was not done. */
export interface ClaimRewardClaimRewardChainStepUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** One step of a reward chain: a number of points and what it gives. */
export interface ClaimRewardClaimRewardChainStepRewardChainSteps {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's name to show. */
    readonly name: string;
    /** Whether the step is closed, ready to claim or claimed. */
    readonly state: Sent<StepState>;
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface ClaimRewardClaimRewardChainStepRewardChain {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** How many steps are ready to claim: the number in the chain's red dot. */
    readonly claimableCount: number;
    /** All steps in order. */
    readonly steps: readonly ClaimRewardClaimRewardChainStepRewardChainSteps[];
}

/** The result of claiming a reward step. */
export interface ClaimRewardClaimRewardChainStep {
    /** Why it was not done; empty if it was done. */
    readonly userErrors: readonly ClaimRewardClaimRewardChainStepUserErrors[];
    /** The chain after the mutation, newly read: draw it again. */
    readonly rewardChain: ClaimRewardClaimRewardChainStepRewardChain | null;
}

/** Every mutation that a game can send. */
export interface ClaimRewardData {
    /** Claim a reward step for which the player has enough points. Safe to send again: a step is granted once. */
    readonly claimRewardChainStep: ClaimRewardClaimRewardChainStep | null;
}

/** One kind of item and how many of it. */
export interface DailyChainsViewerDailyChainsStepsItems {
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
    /** How many of the item the player gets. */
    readonly quantity: number;
}

/** One step of a daily chain. */
export interface DailyChainsViewerDailyChainsSteps {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** Whether the step is closed, ready to claim or claimed. */
    readonly state: Sent<StepState>;
    /** Whether the day of the step passed without a claim: it stays closed. Show it as missed. */
    readonly isMissed: boolean;
    /** When the step opens, or has opened; null if the upstream does not say. */
    readonly unlocksAt: string | null;
    /** What the player gets. */
    readonly items: readonly DailyChainsViewerDailyChainsStepsItems[];
}

/** When a chain runs, and when it starts over. Times left are computed for every response. */
export interface DailyChainsViewerDailyChainsSchedule {
    /** The phase that the chain is in: picks the badge on its card. */
    readonly phase: Sent<Phase>;
    /** Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one. */
    readonly cycle: string | null;
}

/** A chain of gifts for coming back: its steps open day by day. */
export interface DailyChainsViewerDailyChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** How the chain counts its days. */
    readonly type: Sent<DailyChainType>;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** When the next step opens that is not open yet; null if none will, or the upstream does not say. The step that can be claimed now is missed then. */
    readonly nextUnlockAt: string | null;
    /** Seconds to count down until the next step opens; 0 while that is due. */
    readonly secondsUntilNextUnlock: number | null;
    /** How many steps are claimed. */
    readonly claimedCount: number;
    /** All steps in order. */
    readonly steps: readonly DailyChainsViewerDailyChainsSteps[];
    /** When the chain runs. The upstream does not tell when a daily chain starts over; `cycle` changes when it has. */
    readonly schedule: DailyChainsViewerDailyChainsSchedule;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface DailyChainsViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** All running daily chains, in the order to show them in. */
    readonly dailyChains: readonly DailyChainsViewerDailyChains[] | null;
}

/** Every query that a game can send. */
export interface DailyChainsData {
    /** The gateway's time. Count down against it, and not against the device's clock. */
    readonly serverTime: string;
    /** The player whose token came with the request. */
    readonly viewer: DailyChainsViewer;
}

/** One step of a reward chain: a number of points and what it gives. */
export interface EarnPointsViewerRewardChainsNextStep {
    /** The id for claiming this step. */
    readonly id: string;
    /** The points still missing; 0 when they are reached or the step is claimed. */
    readonly pointsMissing: number;
}

/** One kind of item and how many of it. */
export interface EarnPointsViewerRewardChainsEarnByItem {
    /** The item's key in the game's catalog. */
    readonly sku: string;
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
}

/** An exact amount of money. */
export interface EarnPointsViewerRewardChainsEarnByPrice {
    /** The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A virtual currency is named by its SKU. */
    readonly display: string;
}

/** An exact amount of money. */
export interface EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount {
    /** The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A virtual currency is named by its SKU. */
    readonly display: string;
}

/** How often something can be bought. */
export interface EarnPointsViewerRewardChainsEarnByLimitsPerPlayer {
    /** How often still: for a player without a token, as often as in all. */
    readonly available: number | null;
}

/** How often an item or a promotion can be bought. */
export interface EarnPointsViewerRewardChainsEarnByLimits {
    /** The player's own limit; null if there is none. */
    readonly perPlayer: EarnPointsViewerRewardChainsEarnByLimitsPerPlayer | null;
}

/** An item that gives points of a chain when it is bought with `orderItem`. */
export interface EarnPointsViewerRewardChainsEarnBy {
    /** How many points of the chain one unit gives. */
    readonly points: number;
    /** Whether `orderItem` takes the item now: it is on sale, and no limit is reached. */
    readonly canOrder: boolean;
    /** The item: its picture, its name, and the `sku` to order it by. */
    readonly item: EarnPointsViewerRewardChainsEarnByItem;
    /** The price in real money. Only purchases in real money give points. */
    readonly price: EarnPointsViewerRewardChainsEarnByPrice | null;
    /** The price before the discount, for striking it through; null where there is no discount. */
    readonly priceBeforeDiscount: EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount | null;
    /** How often the item can be bought; null if there is no limit. */
    readonly limits: EarnPointsViewerRewardChainsEarnByLimits | null;
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface EarnPointsViewerRewardChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** The step to point at: the first one to claim, else the first one not claimed; null if all are claimed. */
    readonly nextStep: EarnPointsViewerRewardChainsNextStep | null;
    /** The items that give points of this chain when they are bought with `orderItem`, in the store's order: what to offer a player whose `nextAction` is `EARN_POINTS`. May cost upstream calls. */
    readonly earnBy: readonly EarnPointsViewerRewardChainsEarnBy[] | null;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface EarnPointsViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** All reward chains, personal and clan, in the order to show them in. */
    readonly rewardChains: readonly EarnPointsViewerRewardChains[] | null;
}

/** Every query that a game can send. */
export interface EarnPointsData {
    /** The player whose token came with the request. */
    readonly viewer: EarnPointsViewer;
}

/** What the main menu shows about all chains together. */
export interface HomeViewerBadge {
    /** How many steps can be claimed for free now: the number in the red dot. */
    readonly claimableCount: number;
    /** What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a daily step that can be claimed is missed; null if there is none. */
    readonly nextExpiry: string | null;
}

/** When a chain runs, and when it starts over. Times left are computed for every response. */
export interface HomeViewerOfferChainsSchedule {
    /** The phase that the chain is in: picks the badge on its card. */
    readonly phase: Sent<Phase>;
    /** Seconds to count down to the end; 0 when it is over, null when there is no end. */
    readonly secondsUntilEnd: number | null;
    /** Seconds to count down until progress starts over; 0 while that is due. */
    readonly secondsUntilReset: number | null;
    /** Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one. */
    readonly cycle: string | null;
}

/** An exact amount of money. */
export interface HomeViewerOfferChainsStepsPrice {
    /** The amount, exact: never a rounded float. To show it, see `display`. */
    readonly amount: string;
    /** The currency's ISO 4217 code, or the SKU of a virtual currency. */
    readonly currency: string;
}

/** One kind of item and how many of it. */
export interface HomeViewerOfferChainsStepsItems {
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
    /** How many of the item the player gets. */
    readonly quantity: number;
    /** The item's picture. */
    readonly imageUrl: string | null;
}

/** Value points that come with a step. */
export interface HomeViewerOfferChainsStepsValuePoints {
    /** The points' name to show. */
    readonly name: string | null;
    /** How many points the step gives. */
    readonly amount: number;
}

/** One step of an offer chain. */
export interface HomeViewerOfferChainsSteps {
    /** The id for claiming or ordering this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** Whether the step is closed, open or taken. */
    readonly state: Sent<StepState>;
    /** True: call `claimOfferChainStep`. False: call `orderOfferChainStep`. */
    readonly isFree: boolean;
    /** The price to show on a paid step; null on a free one. */
    readonly price: HomeViewerOfferChainsStepsPrice | null;
    /** What the player gets; at present always one item. */
    readonly items: readonly HomeViewerOfferChainsStepsItems[];
    /** Value points that come with the step. */
    readonly valuePoints: readonly HomeViewerOfferChainsStepsValuePoints[];
}

/** A chain of offers: each step is free or bought, and opens the next. */
export interface HomeViewerOfferChains {
    /** The chain's id, for reading this chain alone. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** Steps taken in whole percent: the progress bar. */
    readonly progressPercent: number;
    /** When the chain runs, and when it starts over. */
    readonly schedule: HomeViewerOfferChainsSchedule;
    /** All steps in order. */
    readonly steps: readonly HomeViewerOfferChainsSteps[];
}

/** When a chain runs, and when it starts over. Times left are computed for every response. */
export interface HomeViewerRewardChainsSchedule {
    /** Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one. */
    readonly cycle: string | null;
}

/** Value points held by the player, or by the clan. */
export interface HomeViewerRewardChainsBalance {
    /** The points' name to show. */
    readonly name: string;
    /** How many points are held. */
    readonly amount: number;
}

/** One kind of item and how many of it. */
export interface HomeViewerRewardChainsStepsRewards {
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
    /** How many of the item the player gets. */
    readonly quantity: number;
    /** The item's picture. */
    readonly imageUrl: string | null;
}

/** One step of a reward chain: a number of points and what it gives. */
export interface HomeViewerRewardChainsSteps {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's name to show. */
    readonly name: string;
    /** Whether the step is closed, ready to claim or claimed. */
    readonly state: Sent<StepState>;
    /** The points that open the step. */
    readonly pointsRequired: number;
    /** The points still missing; 0 when they are reached or the step is claimed. */
    readonly pointsMissing: number;
    /** What the player gets. */
    readonly rewards: readonly HomeViewerRewardChainsStepsRewards[];
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface HomeViewerRewardChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** Whether the points of a whole clan count. */
    readonly isClan: boolean;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** How many steps are ready to claim: the number in the chain's red dot. */
    readonly claimableCount: number;
    /** When the chain runs, and when it starts over. */
    readonly schedule: HomeViewerRewardChainsSchedule;
    /** The points that count for this chain: the number beside its bar. May cost an upstream call. */
    readonly balance: HomeViewerRewardChainsBalance | null;
    /** All steps in order. */
    readonly steps: readonly HomeViewerRewardChainsSteps[];
}

/** When a chain runs, and when it starts over. Times left are computed for every response. */
export interface HomeViewerDailyChainsSchedule {
    /** Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one. */
    readonly cycle: string | null;
}

/** One kind of item and how many of it. */
export interface HomeViewerDailyChainsStepsItems {
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
    /** How many of the item the player gets. */
    readonly quantity: number;
    /** The item's picture. */
    readonly imageUrl: string | null;
}

/** One step of a daily chain. */
export interface HomeViewerDailyChainsSteps {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** Whether the step is closed, ready to claim or claimed. */
    readonly state: Sent<StepState>;
    /** Whether the day of the step passed without a claim: it stays closed. Show it as missed. */
    readonly isMissed: boolean;
    /** What the player gets. */
    readonly items: readonly HomeViewerDailyChainsStepsItems[];
}

/** A chain of gifts for coming back: its steps open day by day. */
export interface HomeViewerDailyChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** How the chain counts its days. */
    readonly type: Sent<DailyChainType>;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** How many steps are ready to claim: the number in the chain's red dot. */
    readonly claimableCount: number;
    /** Seconds to count down until the next step opens; 0 while that is due. */
    readonly secondsUntilNextUnlock: number | null;
    /** When the chain runs. The upstream does not tell when a daily chain starts over; `cycle` changes when it has. */
    readonly schedule: HomeViewerDailyChainsSchedule;
    /** All steps in order. */
    readonly steps: readonly HomeViewerDailyChainsSteps[];
}

/** The player whose token came with the request, or an anonymous caller. */
export interface HomeViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** Whether a player's token came with the request. Without one, progress is not shown. */
    readonly isSignedIn: boolean;
    /** What the main menu shows about all chains: the red dot. */
    readonly badge: HomeViewerBadge | null;
    /** All running offer chains, in the order to show them in. */
    readonly offerChains: readonly HomeViewerOfferChains[] | null;
    /** All reward chains, personal and clan, in the order to show them in. */
    readonly rewardChains: readonly HomeViewerRewardChains[] | null;
    /** All running daily chains, in the order to show them in. */
    readonly dailyChains: readonly HomeViewerDailyChains[] | null;
}

/** Every query that a game can send. */
export interface HomeData {
    /** The gateway's time. Count down against it, and not against the device's clock. */
    readonly serverTime: string;
    /** The player whose token came with the request. */
    readonly viewer: HomeViewer;
}

/** An exact amount of money. */
export interface OfferChainViewerOfferChainNextStepPrice {
    /** The amount, exact: never a rounded float. To show it, see `display`. */
    readonly amount: string;
    /** The currency's ISO 4217 code, or the SKU of a virtual currency. */
    readonly currency: string;
}

/** One step of an offer chain. */
export interface OfferChainViewerOfferChainNextStep {
    /** The id for claiming or ordering this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** True: call `claimOfferChainStep`. False: call `orderOfferChainStep`. */
    readonly isFree: boolean;
    /** The price to show on a paid step; null on a free one. */
    readonly price: OfferChainViewerOfferChainNextStepPrice | null;
}

/** A chain of offers: each step is free or bought, and opens the next. */
export interface OfferChainViewerOfferChain {
    /** The chain's id, for reading this chain alone. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** A text about the chain to show. */
    readonly description: string | null;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none. */
    readonly nextStep: OfferChainViewerOfferChainNextStep | null;
    /** How many steps are taken. */
    readonly claimedCount: number;
    /** Whether every step is taken: show the chain as done. */
    readonly isCompleted: boolean;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface OfferChainViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** One offer chain; null if the player has none with this id. */
    readonly offerChain: OfferChainViewerOfferChain | null;
}

/** Every query that a game can send. */
export interface OfferChainData {
    /** The player whose token came with the request. */
    readonly viewer: OfferChainViewer;
}

/** An exact amount of money. */
export interface OrderOrderTotal {
    /** The amount, exact: never a rounded float. To show it, see `display`. */
    readonly amount: string;
    /** The currency's ISO 4217 code, or the SKU of a virtual currency. */
    readonly currency: string;
}

/** One position of an order. */
export interface OrderOrderItems {
    /** The item's key in the game's catalog. */
    readonly sku: string;
    /** The number of items. */
    readonly quantity: number;
}

/** An order of the player. */
export interface OrderOrder {
    /** The order's id, for reading the order again. */
    readonly id: string;
    /** The order's status: what to tell the player. */
    readonly status: Sent<OrderStatus>;
    /** Whether the status is final: stop reading the order again. */
    readonly isTerminal: boolean;
    /** What the order costs, in money or in a virtual currency; null if it is free. */
    readonly total: OrderOrderTotal | null;
    /** What was ordered. */
    readonly items: readonly OrderOrderItems[];
}

/** Every query that a game can send. */
export interface OrderData {
    /** One of the player's orders; null if they have none with this id. */
    readonly order: OrderOrder | null;
}

/** An order of the player. */
export interface OrderUpdatedOrderUpdated {
    /** The order's id, for reading the order again. */
    readonly id: string;
    /** The order's status: what to tell the player. */
    readonly status: Sent<OrderStatus>;
    /** Whether the status is final: stop reading the order again. */
    readonly isTerminal: boolean;
}

/** Every subscription that a game can start. */
export interface OrderUpdatedData {
    /** An order as it is now, and again whenever it changes. Ends after a final status, and after 10 minutes at most. */
    readonly orderUpdated: OrderUpdatedOrderUpdated;
}

/** What the main menu shows about all chains together. */
export interface OverviewViewerBadge {
    /** How many steps can be claimed for free now: the number in the red dot. */
    readonly claimableCount: number;
}

/** An exact amount of money. */
export interface OverviewViewerOfferChainsNextStepPrice {
    /** The amount, exact: never a rounded float. To show it, see `display`. */
    readonly amount: string;
    /** The currency's ISO 4217 code, or the SKU of a virtual currency. */
    readonly currency: string;
}

/** One step of an offer chain. */
export interface OverviewViewerOfferChainsNextStep {
    /** The id for claiming or ordering this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** True: call `claimOfferChainStep`. False: call `orderOfferChainStep`. */
    readonly isFree: boolean;
    /** The price to show on a paid step; null on a free one. */
    readonly price: OverviewViewerOfferChainsNextStepPrice | null;
}

/** A chain of offers: each step is free or bought, and opens the next. */
export interface OverviewViewerOfferChains {
    /** The chain's id, for reading this chain alone. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none. */
    readonly nextStep: OverviewViewerOfferChainsNextStep | null;
}

/** Value points held by the player, or by the clan. */
export interface OverviewViewerRewardChainsBalance {
    /** How many points are held. */
    readonly amount: number;
}

/** One step of a reward chain: a number of points and what it gives. */
export interface OverviewViewerRewardChainsNextStep {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's name to show. */
    readonly name: string;
    /** The points that open the step. */
    readonly pointsRequired: number;
    /** The points still missing; 0 when they are reached or the step is claimed. */
    readonly pointsMissing: number;
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface OverviewViewerRewardChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** How many steps are ready to claim: the number in the chain's red dot. */
    readonly claimableCount: number;
    /** The points that count for this chain: the number beside its bar. May cost an upstream call. */
    readonly balance: OverviewViewerRewardChainsBalance | null;
    /** The step to point at: the first one to claim, else the first one not claimed; null if all are claimed. */
    readonly nextStep: OverviewViewerRewardChainsNextStep | null;
}

/** One kind of item and how many of it. */
export interface OverviewViewerDailyChainsNextStepItems {
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
    /** How many of the item the player gets. */
    readonly quantity: number;
}

/** One step of a daily chain. */
export interface OverviewViewerDailyChainsNextStep {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's place in the chain, for drawing it. */
    readonly number: number;
    /** What the player gets. */
    readonly items: readonly OverviewViewerDailyChainsNextStepItems[];
}

/** A chain of gifts for coming back: its steps open day by day. */
export interface OverviewViewerDailyChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
    /** How many steps are ready to claim: the number in the chain's red dot. */
    readonly claimableCount: number;
    /** The step to point at: the one to claim, else the next one to open; null if there is none. */
    readonly nextStep: OverviewViewerDailyChainsNextStep | null;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface OverviewViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** What the main menu shows about all chains: the red dot. */
    readonly badge: OverviewViewerBadge | null;
    /** All running offer chains, in the order to show them in. */
    readonly offerChains: readonly OverviewViewerOfferChains[] | null;
    /** All reward chains, personal and clan, in the order to show them in. */
    readonly rewardChains: readonly OverviewViewerRewardChains[] | null;
    /** All running daily chains, in the order to show them in. */
    readonly dailyChains: readonly OverviewViewerDailyChains[] | null;
}

/** Every query that a game can send. */
export interface OverviewData {
    /** The player whose token came with the request. */
    readonly viewer: OverviewViewer;
}

/** What the token that came with the request says of itself. */
export interface RefreshSession {
    /** Seconds until the token ends: get a new one before. Null without a token, and where it does not say. */
    readonly expiresInSeconds: number | null;
}

/** What the main menu shows about all chains together. */
export interface RefreshViewerBadge {
    /** How many steps can be claimed for free now: the number in the red dot. */
    readonly claimableCount: number;
    /** Whether it counts copies of chains or points, because the upstream could not be read. */
    readonly isStale: boolean;
}

/** A chain of offers: each step is free or bought, and opens the next. */
export interface RefreshViewerOfferChains {
    /** The chain's id, for reading this chain alone. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** Whether this is a copy, shown because the upstream could not be read. */
    readonly isStale: boolean;
    /** How old the copy is; null unless `isStale`. */
    readonly ageSeconds: number | null;
    /** What the player has to do next: the label of the chain's button. */
    readonly nextAction: Sent<NextAction>;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface RefreshViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** The language that texts are asked for in: `locale`, or else the one that `Accept-Language` wants most. The upstream does not tell which it has; null where it chooses. */
    readonly localeUsed: string | null;
    /** What the main menu shows about all chains: the red dot. */
    readonly badge: RefreshViewerBadge | null;
    /** All running offer chains, in the order to show them in. */
    readonly offerChains: readonly RefreshViewerOfferChains[] | null;
}

/** Every query that a game can send. */
export interface RefreshData {
    /** The token that came with the request, as far as it tells. Costs no upstream call. */
    readonly session: RefreshSession;
    /** The player whose token came with the request. */
    readonly viewer: RefreshViewer;
}

/** Value points held by the player, or by the clan. */
export interface RewardChainsViewerRewardChainsBalance {
    /** How many points are held. */
    readonly amount: number;
    /** Whether the points belong to the clan. */
    readonly isClan: boolean;
}

/** One step of a reward chain: a number of points and what it gives. */
export interface RewardChainsViewerRewardChainsNextStep {
    /** The id for claiming this step. */
    readonly id: string;
    /** The step's name to show. */
    readonly name: string;
    /** The points still missing; 0 when they are reached or the step is claimed. */
    readonly pointsMissing: number;
}

/** A clan member who contributed points. */
export interface RewardChainsViewerRewardChainsTopContributors {
    /** The member's name to show. */
    readonly name: string;
    /** The points that the member contributed. */
    readonly amount: number;
}

/** A hint to show when the player wants to know how a chain works. */
export interface RewardChainsViewerRewardChainsPopup {
    /** The hint's heading, in the player's language where there is one. */
    readonly header: string | null;
    /** The hint's text, in the player's language where there is one. */
    readonly instruction: string | null;
}

/** When a chain runs, and when it starts over. Times left are computed for every response. */
export interface RewardChainsViewerRewardChainsSchedule {
    /** How often the chain starts over; null if it never does. */
    readonly resetInterval: Sent<ResetInterval> | null;
    /** When progress starts over; null if it never does. */
    readonly resetsAt: string | null;
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface RewardChainsViewerRewardChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** What the game calls a clan; null on a personal chain. */
    readonly clanType: Sent<ClanType> | null;
    /** The points that count for this chain: the number beside its bar. May cost an upstream call. */
    readonly balance: RewardChainsViewerRewardChainsBalance | null;
    /** The step to point at: the first one to claim, else the first one not claimed; null if all are claimed. */
    readonly nextStep: RewardChainsViewerRewardChainsNextStep | null;
    /** The ten clan members, or fewer, who contributed most points; empty on a personal chain, and for a player without a clan. Costs an upstream call. */
    readonly topContributors: readonly RewardChainsViewerRewardChainsTopContributors[] | null;
    /** A hint about how the chain works; null if there is none. */
    readonly popup: RewardChainsViewerRewardChainsPopup | null;
    /** When the chain runs, and when it starts over. */
    readonly schedule: RewardChainsViewerRewardChainsSchedule;
}

/** The player whose token came with the request, or an anonymous caller. */
export interface RewardChainsViewer {
    /** Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one. */
    readonly id: string;
    /** All reward chains, personal and clan, in the order to show them in. */
    readonly rewardChains: readonly RewardChainsViewerRewardChains[] | null;
}

/** Every query that a game can send. */
export interface RewardChainsData {
    /** The player whose token came with the request. */
    readonly viewer: RewardChainsViewer;
}

/** Why something that the player wanted was not done. */
export interface UpdateClanUpdateClanUserErrors {
    /** The reason, for the game's own text. */
    readonly code: Sent<UserErrorCode>;
    /** The reason in English, for developers; with the upstream's own words where GraphiQL is on. */
    readonly message: string;
}

/** One kind of item and how many of it. */
export interface UpdateClanUpdateClanRewards {
    /** The item's name to show, in the player's language where the upstream has it. */
    readonly name: string | null;
    /** How many of the item the player gets. */
    readonly quantity: number;
}

/** Value points held by the player, or by the clan. */
export interface UpdateClanUpdateClanRewardChainsBalance {
    /** How many points are held. */
    readonly amount: number;
}

/** A chain of rewards that value points unlock, for a player or for a whole clan. */
export interface UpdateClanUpdateClanRewardChains {
    /** The chain's id, for reading this chain alone and for claiming all its ready steps. */
    readonly id: string;
    /** The chain's title to show. */
    readonly name: string;
    /** Whether the points of a whole clan count. */
    readonly isClan: boolean;
    /** The points that count for this chain: the number beside its bar. May cost an upstream call. */
    readonly balance: UpdateClanUpdateClanRewardChainsBalance | null;
}

/** The result of a change of clan. */
export interface UpdateClanUpdateClan {
    /** Why it was not done; empty if it was done. */
    readonly userErrors: readonly UpdateClanUpdateClanUserErrors[];
    /** The items that were unclaimed in the former clan and are granted now: show them. */
    readonly rewards: readonly UpdateClanUpdateClanRewards[];
    /** The reward chains after the mutation, newly read: draw them again. */
    readonly rewardChains: readonly UpdateClanUpdateClanRewardChains[] | null;
}

/** Every mutation that a game can send. */
export interface UpdateClanData {
    /** Adopt the player's present clan, and grant what was unclaimed in the former one. Send this after the player joined, changed or left a clan. */
    readonly updateClan: UpdateClanUpdateClan | null;
}

/** An order of the player. */
export interface WaitForOrderWaitForOrder {
    /** The order's id, for reading the order again. */
    readonly id: string;
    /** The order's status: what to tell the player. */
    readonly status: Sent<OrderStatus>;
    /** Whether the status is final: stop reading the order again. */
    readonly isTerminal: boolean;
}

/** Every query that a game can send. */
export interface WaitForOrderData {
    /** One of the player's orders, as soon as its status changes or the time is over: query again until it is `isTerminal`. For games that cannot subscribe. Null if the player has none with this id. */
    readonly waitForOrder: WaitForOrderWaitForOrder | null;
}

/** The variables of Badge. */
export interface BadgeQueryVariables {
}

/** The variables of BuyOffer. */
export interface BuyOfferMutationVariables {
    stepId: string;
    cycle: string | null;
}

/** The variables of BuyPoints. */
export interface BuyPointsMutationVariables {
    sku: string;
}

/** The variables of ChainsChanged. */
export interface ChainsChangedSubscriptionVariables {
}

/** The variables of ClaimAll. */
export interface ClaimAllMutationVariables {
    rewardChainId: string;
    cycle: string | null;
}

/** The variables of ClaimDaily. */
export interface ClaimDailyMutationVariables {
    stepId: string;
    cycle: string | null;
}

/** The variables of ClaimOffer. */
export interface ClaimOfferMutationVariables {
    stepId: string;
    cycle: string | null;
}

/** The variables of ClaimReward. */
export interface ClaimRewardMutationVariables {
    stepId: string;
    cycle: string | null;
}

/** The variables of DailyChains. */
export interface DailyChainsQueryVariables {
}

/** The variables of EarnPoints. */
export interface EarnPointsQueryVariables {
}

/** The variables of Home. */
export interface HomeQueryVariables {
}

/** The variables of OfferChain. */
export interface OfferChainQueryVariables {
    id: string;
}

/** The variables of Order. */
export interface OrderQueryVariables {
    id: string;
}

/** The variables of OrderUpdated. */
export interface OrderUpdatedSubscriptionVariables {
    id: string;
}

/** The variables of Overview. */
export interface OverviewQueryVariables {
}

/** The variables of Refresh. */
export interface RefreshQueryVariables {
    locale?: string | null;
}

/** The variables of RewardChains. */
export interface RewardChainsQueryVariables {
}

/** The variables of UpdateClan. */
export interface UpdateClanMutationVariables {
}

/** The variables of WaitForOrder. */
export interface WaitForOrderQueryVariables {
    id: string;
    after?: OrderStatus | null;
}

export const BadgeQuery: Query<BadgeData, BadgeQueryVariables> = {
    kind: "query",
    name: "Badge",
    id: "6fcaf660127aa366d73f236998028bfc9150650a25d520b22a62b23caa760374",
    text: "query Badge {\n  serverTime\n  viewer {\n    id\n    badge {\n      claimableCount\n      claimableOfferSteps\n      claimableRewardSteps\n      endingSoonCount\n      nextExpiry\n    }\n  }\n}",
    serverTime: "serverTime",
    isScreen: true,
};

export const BuyOfferMutation: Mutation<BuyOfferData, BuyOfferMutationVariables> = {
    kind: "mutation",
    name: "BuyOffer",
    id: "46a33cb684fac0d518617918666fbf536f81e1196122a61f827f009de45e9d71",
    text: "mutation BuyOffer($stepId: ID!, $cycle: String, $key: String) {\n  orderOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n      paymentMode\n    }\n    offerChain {\n      id\n      nextAction\n    }\n  }\n}",
    write: {"payload": "orderOfferChainStep", "key": "key", "hasCycle": true, "isOrder": true},
};

export const BuyPointsMutation: Mutation<BuyPointsData, BuyPointsMutationVariables> = {
    kind: "mutation",
    name: "BuyPoints",
    id: "7d4158bb9e97308f5c1aaf602e2e02c9160cfd66d16b7b76d11c65f7b79e011a",
    text: "mutation BuyPoints($sku: String!, $key: String) {\n  orderItem(input: { sku: $sku, idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n    }\n  }\n}",
    write: {"payload": "orderItem", "key": "key", "hasCycle": false, "isOrder": true},
};

export const ChainsChangedSubscription: Subscription<ChainsChangedData, ChainsChangedSubscriptionVariables> = {
    kind: "subscription",
    name: "ChainsChanged",
    id: "d52074ceb2ffb7d0d58808a8bc211394fdbbeafef55be3668b22fd59e1a6908b",
    text: "subscription ChainsChanged {\n  chainsChanged {\n    reasons\n    offerChainIds\n    rewardChainIds\n    dailyChainIds\n    viewer {\n      id\n      badge {\n        claimableCount\n      }\n    }\n  }\n}",
};

export const ClaimAllMutation: Mutation<ClaimAllData, ClaimAllMutationVariables> = {
    kind: "mutation",
    name: "ClaimAll",
    id: "9d3b2a6c7cfe5dfa6117826224514ec3e620544bb9e3e053cf4dce647dbcb446",
    text: "mutation ClaimAll($rewardChainId: ID!, $cycle: String, $key: String) {\n  claimAvailableRewards(\n    input: { rewardChainId: $rewardChainId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    results {\n      stepId\n      isClaimed\n      userError {\n        code\n      }\n    }\n    rewardChain {\n      id\n      nextAction\n    }\n  }\n}",
    write: {"payload": "claimAvailableRewards", "key": "key", "hasCycle": true, "isOrder": false},
};

export const ClaimDailyMutation: Mutation<ClaimDailyData, ClaimDailyMutationVariables> = {
    kind: "mutation",
    name: "ClaimDaily",
    id: "24bc227007f3aa71bcdb2d252a6e9d22eacab5797de04edea97ac19b22f5ffcd",
    text: "mutation ClaimDaily($stepId: ID!, $cycle: String, $key: String) {\n  claimDailyChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    dailyChain {\n      id\n      nextAction\n      secondsUntilNextUnlock\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
    write: {"payload": "claimDailyChainStep", "key": "key", "hasCycle": true, "isOrder": false},
};

export const ClaimOfferMutation: Mutation<ClaimOfferData, ClaimOfferMutationVariables> = {
    kind: "mutation",
    name: "ClaimOffer",
    id: "d761eb5790a2b04ea9f28caeef97baf1a7962337031464f28d12b0dbe9fa4aa6",
    text: "mutation ClaimOffer($stepId: ID!, $cycle: String, $key: String) {\n  claimOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    orderId\n    offerChain {\n      id\n      nextAction\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
    write: {"payload": "claimOfferChainStep", "key": "key", "hasCycle": true, "isOrder": false},
};

export const ClaimRewardMutation: Mutation<ClaimRewardData, ClaimRewardMutationVariables> = {
    kind: "mutation",
    name: "ClaimReward",
    id: "7b3e8233442b5591f48d09a700ffc3be12ae22a0ff422a87c98e76a7e45760ca",
    text: "mutation ClaimReward($stepId: ID!, $cycle: String, $key: String) {\n  claimRewardChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    rewardChain {\n      id\n      claimableCount\n      steps {\n        id\n        name\n        state\n      }\n    }\n  }\n}",
    write: {"payload": "claimRewardChainStep", "key": "key", "hasCycle": true, "isOrder": false},
};

export const DailyChainsQuery: Query<DailyChainsData, DailyChainsQueryVariables> = {
    kind: "query",
    name: "DailyChains",
    id: "d188254263282761e3db6a6d2ceb1f049b97f544a3dc470927a9014174dad69e",
    text: "query DailyChains {\n  serverTime\n  viewer {\n    id\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      nextUnlockAt\n      secondsUntilNextUnlock\n      claimedCount\n      steps {\n        id\n        number\n        state\n        isMissed\n        unlocksAt\n        items {\n          name\n          quantity\n        }\n      }\n      schedule {\n        phase\n        cycle\n      }\n    }\n  }\n}",
    serverTime: "serverTime",
    isScreen: true,
};

export const EarnPointsQuery: Query<EarnPointsData, EarnPointsQueryVariables> = {
    kind: "query",
    name: "EarnPoints",
    id: "68c00f3a2d0cfb467a71ae28cabf266907a588ebc4d9cab7832b9b7ffd0513a0",
    text: "query EarnPoints {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        pointsMissing\n      }\n      earnBy {\n        points\n        canOrder\n        item {\n          sku\n          name\n        }\n        price {\n          display\n        }\n        priceBeforeDiscount {\n          display\n        }\n        limits {\n          perPlayer {\n            available\n          }\n        }\n      }\n    }\n  }\n}",
    isScreen: true,
};

export const HomeQuery: Query<HomeData, HomeQueryVariables> = {
    kind: "query",
    name: "Home",
    id: "71de0354bd55e19484739131a1d182c5cb7a76654e9b4eb930933d6726f54f4f",
    text: "query Home {\n  serverTime\n  viewer {\n    id\n    isSignedIn\n    badge {\n      claimableCount\n      nextExpiry\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      progressPercent\n      schedule {\n        phase\n        secondsUntilEnd\n        secondsUntilReset\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isFree\n        price {\n          amount\n          currency\n        }\n        items {\n          name\n          quantity\n          imageUrl\n        }\n        valuePoints {\n          name\n          amount\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      nextAction\n      claimableCount\n      schedule {\n        cycle\n      }\n      balance {\n        name\n        amount\n      }\n      steps {\n        id\n        name\n        state\n        pointsRequired\n        pointsMissing\n        rewards {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      claimableCount\n      secondsUntilNextUnlock\n      schedule {\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isMissed\n        items {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n  }\n}",
    serverTime: "serverTime",
    isScreen: true,
};

export const OfferChainQuery: Query<OfferChainData, OfferChainQueryVariables> = {
    kind: "query",
    name: "OfferChain",
    id: "e833a9183cba665afa7e3b6efa81075692139147b5a441e60678d12d3d437469",
    text: "query OfferChain($id: ID!) {\n  viewer {\n    id\n    offerChain(id: $id) {\n      id\n      name\n      description\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n      claimedCount\n      isCompleted\n    }\n  }\n}",
    isScreen: true,
};

export const OrderQuery: Query<OrderData, OrderQueryVariables> = {
    kind: "query",
    name: "Order",
    id: "51721286ce4571fb826642e5c37a3bbb16f55c27ebbab9fe4a0b0d0d5d9e1961",
    text: "query Order($id: ID!) {\n  order(id: $id) {\n    id\n    status\n    isTerminal\n    total {\n      amount\n      currency\n    }\n    items {\n      sku\n      quantity\n    }\n  }\n}",
};

export const OrderUpdatedSubscription: Subscription<OrderUpdatedData, OrderUpdatedSubscriptionVariables> = {
    kind: "subscription",
    name: "OrderUpdated",
    id: "ea5eecc58f1e2f3c16d76dc587187cfa5a6ac37fb68de793a671cdb2cc8c9e03",
    text: "subscription OrderUpdated($id: ID!) {\n  orderUpdated(id: $id) {\n    id\n    status\n    isTerminal\n  }\n}",
};

export const OverviewQuery: Query<OverviewData, OverviewQueryVariables> = {
    kind: "query",
    name: "Overview",
    id: "7ea2a6fe716505fadf333350a775eeb0052d5c45adf92b2b6b0d8a1717e05be5",
    text: "query Overview {\n  viewer {\n    id\n    badge {\n      claimableCount\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      nextAction\n      claimableCount\n      balance {\n        amount\n      }\n      nextStep {\n        id\n        name\n        pointsRequired\n        pointsMissing\n      }\n    }\n    dailyChains {\n      id\n      name\n      nextAction\n      claimableCount\n      nextStep {\n        id\n        number\n        items {\n          name\n          quantity\n        }\n      }\n    }\n  }\n}",
    isScreen: true,
};

export const RefreshQuery: Query<RefreshData, RefreshQueryVariables> = {
    kind: "query",
    name: "Refresh",
    id: "81f5bfd83ea55456d4422f1fe6495f8ca05a0098589c2a068630006a4780d2fe",
    text: "query Refresh($locale: String) {\n  session {\n    expiresInSeconds\n  }\n  viewer(locale: $locale, refresh: true) {\n    id\n    localeUsed\n    badge {\n      claimableCount\n      isStale\n    }\n    offerChains {\n      id\n      name\n      isStale\n      ageSeconds\n      nextAction\n    }\n  }\n}",
    isScreen: true,
};

export const RewardChainsQuery: Query<RewardChainsData, RewardChainsQueryVariables> = {
    kind: "query",
    name: "RewardChains",
    id: "a7d7e41517caa13912ad7837dd8ae79abd29b80391d753ad085e192f89074c64",
    text: "query RewardChains {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      clanType\n      balance {\n        amount\n        isClan\n      }\n      nextStep {\n        id\n        name\n        pointsMissing\n      }\n      topContributors {\n        name\n        amount\n      }\n      popup {\n        header\n        instruction\n      }\n      schedule {\n        resetInterval\n        resetsAt\n      }\n    }\n  }\n}",
    isScreen: true,
};

export const UpdateClanMutation: Mutation<UpdateClanData, UpdateClanMutationVariables> = {
    kind: "mutation",
    name: "UpdateClan",
    id: "33ac5333db7df76ca98c9deccebd74c55c87a98d2a2c4efab7ecec13c519d8de",
    text: "mutation UpdateClan($key: String) {\n  updateClan(input: { idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    rewards {\n      name\n      quantity\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      balance {\n        amount\n      }\n    }\n  }\n}",
    write: {"payload": "updateClan", "key": "key", "hasCycle": false, "isOrder": false},
};

export const WaitForOrderQuery: Query<WaitForOrderData, WaitForOrderQueryVariables> = {
    kind: "query",
    name: "WaitForOrder",
    id: "5e0116c2feda2d1004b3875994b20896cbfb4472fbf9ab122203383cd25ebd63",
    text: "query WaitForOrder($id: ID!, $after: OrderStatus) {\n  waitForOrder(id: $id, after: $after, timeoutSeconds: 20) {\n    id\n    status\n    isTerminal\n  }\n}",
};

/** The operations that a client needs itself. */
export const KIT: Kit = {
    writes: [BuyOfferMutation, BuyPointsMutation, ClaimAllMutation, ClaimDailyMutation, ClaimOfferMutation, ClaimRewardMutation, UpdateClanMutation],
    clock: BadgeQuery,
    watch: {
        subscription: OrderUpdatedSubscription,
        wait: WaitForOrderQuery,
        read: OrderQuery,
    },
};

/** The gateway for one player. */
export function createClient(options: ClientOptions): GatewayClient {
    return new GatewayClient(options, KIT);
}
