export class NetworkError extends Error {
    constructor() {
        super(...arguments);
        this.name = "NetworkError";
    }
}
export const systemTime = {
    monotonic: () => performance.now() / 1000,
    now: () => Date.now() / 1000,
    delay: (seconds, signal) => new Promise((resolve, reject) => {
        if (signal?.aborted)
            return reject(aborted());
        const stop = () => {
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
export function aborted() {
    const error = new Error("It was stopped.");
    error.name = "AbortError";
    return error;
}
export class MemoryStorage {
    constructor() {
        this.texts = new Map();
    }
    read(name) {
        return this.texts.get(name) ?? null;
    }
    write(name, text) {
        this.texts.set(name, text);
    }
    remove(name) {
        this.texts.delete(name);
    }
    names(prefix) {
        return [...this.texts.keys()].filter((name) => name.startsWith(prefix)).sort();
    }
}
export class LocalStorage {
    constructor(storage = localStorage, prefix = "liveops-") {
        this.storage = storage;
        this.prefix = prefix;
    }
    read(name) {
        return this.storage.getItem(this.prefix + name);
    }
    write(name, text) {
        this.storage.setItem(this.prefix + name, text);
    }
    remove(name) {
        this.storage.removeItem(this.prefix + name);
    }
    names(prefix) {
        return Object.keys(this.storage)
            .filter((name) => name.startsWith(this.prefix + prefix))
            .map((name) => name.slice(this.prefix.length))
            .sort();
    }
}
export function browserStorage() {
    try {
        const storage = new LocalStorage();
        storage.write("probe", "");
        storage.remove("probe");
        return storage;
    }
    catch {
        return new MemoryStorage();
    }
}
export class FileStorage {
    constructor(fs, folder) {
        this.fs = fs;
        this.folder = folder;
        fs.mkdirSync(folder, { recursive: true });
    }
    read(name) {
        const path = `${this.folder}/${name}`;
        return this.fs.existsSync(path) ? this.fs.readFileSync(path, "utf8") : null;
    }
    write(name, text) {
        const path = `${this.folder}/${name}`;
        const file = this.fs.openSync(`${path}.new`, "w");
        try {
            this.fs.writeSync(file, text);
            this.fs.fsyncSync(file);
        }
        finally {
            this.fs.closeSync(file);
        }
        this.fs.renameSync(`${path}.new`, path);
    }
    remove(name) {
        this.fs.rmSync(`${this.folder}/${name}`, { force: true });
    }
    names(prefix) {
        return this.fs
            .readdirSync(this.folder)
            .filter((name) => name.startsWith(prefix) && !name.endsWith(".new"))
            .sort();
    }
}
export function enumeration(...values) {
    const known = new Set(values);
    return { values, read: (text) => (known.has(text ?? "") ? text : "UNKNOWN") };
}
export const NETWORK = "NETWORK";
const FINAL_CODES = new Set([
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "FORBIDDEN",
    "LIMIT_EXCEEDED",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "DOCUMENT_NOT_TRUSTED",
    "INTROSPECTION_DISABLED",
]);
const TOKEN_CODES = new Set(["UNAUTHENTICATED", "TOKEN_EXPIRED"]);
const UNKNOWN_DOCUMENT_CODES = new Set([
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_NOT_SUPPORTED",
]);
export function mayPass(error) {
    return error.isRetryable || !FINAL_CODES.has(error.code);
}
function isAboutToken(errors) {
    return errors.some((one) => TOKEN_CODES.has(one.code));
}
function isUnknownDocument(errors) {
    return errors.some((one) => UNKNOWN_DOCUMENT_CODES.has(one.code));
}
function networkError(error) {
    return { code: NETWORK, message: String(error), isRetryable: true, retryAfterSeconds: 0, requestId: null };
}
function readErrors(errors) {
    return (Array.isArray(errors) ? errors : []).map((one) => {
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
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
function answerOf(result) {
    const { data, errors } = isObject(result) ? result : {};
    return { data: isObject(data) ? data : null, errors: readErrors(errors), isStale: false };
}
const SAMPLES = 8;
export class Clock {
    constructor(time) {
        this.time = time;
        this.samples = [];
        this.offset = null;
        this.last = -Infinity;
    }
    get isKnown() {
        return this.offset !== null;
    }
    now() {
        if (this.offset === null)
            return this.time.now();
        this.last = Math.max(this.last, this.time.monotonic() + this.offset);
        return this.last;
    }
    secondsUntil(moment) {
        return Math.max(0, Date.parse(moment) / 1000 - this.now());
    }
    take(sent, received, told) {
        this.samples.push({ took: received - sent, offset: Date.parse(told) / 1000 - (sent + received) / 2 });
        this.samples = this.samples.slice(-SAMPLES);
        this.offset = this.samples.reduce((best, one) => (one.took <= best.took ? one : best)).offset;
    }
    forget() {
        this.samples = [];
    }
}
class Tokens {
    constructor(ask) {
        this.ask = ask;
        this.asked = null;
    }
    get() {
        return this.isOver(null) ? this.anew(false) : this.asked.promise;
    }
    renew(rejected) {
        return this.isOver(rejected) ? this.anew(true) : this.asked.promise;
    }
    isOver(rejected) {
        if (this.asked === null)
            return true;
        return this.asked.token === null || (rejected !== null && this.asked.token === rejected);
    }
    anew(isRejected) {
        const asked = { promise: Promise.resolve(null) };
        asked.promise = (async () => {
            try {
                return (asked.token = await this.ask(isRejected));
            }
            catch (error) {
                asked.token = null;
                throw new NetworkError(`No token: ${error}`);
            }
        })();
        return (this.asked = asked).promise;
    }
}
const SILENCE_SECONDS = 40;
const PING_SECONDS = 15;
class Events {
    constructor(onAnswer, onConnected) {
        this.onAnswer = onAnswer;
        this.onConnected = onConnected;
        this.isConnected = false;
        this.isComplete = false;
        this.hasFailed = false;
        this.isRejected = false;
        this.isUnknownDocument = false;
    }
    connected() {
        if (!this.isConnected)
            this.onConnected();
        this.isConnected = true;
    }
    next(result) {
        const answer = answerOf(result);
        this.failed(answer.errors, answer.data === null);
        if (this.hasFailed)
            return;
        this.connected();
        this.onAnswer(answer);
    }
    failed(errors, hasFailed) {
        this.isRejected || (this.isRejected = isAboutToken(errors));
        this.isUnknownDocument || (this.isUnknownDocument = isUnknownDocument(errors));
        this.hasFailed || (this.hasFailed = hasFailed);
    }
    end() {
        const { isConnected, isRejected, isUnknownDocument } = this;
        return { isConnected, isComplete: this.isComplete && !this.hasFailed, isRejected, isUnknownDocument };
    }
}
class EventLines {
    constructor(events) {
        this.events = events;
        this.rest = "";
        this.kind = "";
        this.data = "";
    }
    take(text) {
        const lines = (this.rest + text).split(/\r?\n/);
        this.rest = lines.pop() ?? "";
        lines.forEach((line) => this.line(line));
    }
    line(line) {
        if (line.startsWith("event:"))
            this.kind = line.slice(6).trim();
        else if (line.startsWith("data:"))
            this.data += line.slice(5).trim();
        else if (line.startsWith(":"))
            this.events.connected();
        else if (line === "")
            this.dispatch();
    }
    dispatch() {
        if (this.kind === "complete")
            this.events.isComplete = true;
        if (this.kind === "next")
            this.events.next(parsed(this.data));
        this.kind = this.data = "";
    }
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return null;
    }
}
class Silence {
    constructor(time, end, ping) {
        this.time = time;
        this.end = end;
        this.ping = ping;
        this.over = new AbortController();
        this.heardAt = time.monotonic();
        void this.watch();
    }
    heard() {
        this.heardAt = this.time.monotonic();
    }
    stop() {
        this.over.abort();
    }
    async watch() {
        try {
            for (let left = SILENCE_SECONDS; left > 0; left = this.heardAt + SILENCE_SECONDS - this.time.monotonic()) {
                await this.time.delay(this.ping ? Math.min(left, PING_SECONDS) : left, this.over.signal);
                this.ping?.();
            }
            this.end();
        }
        catch {
        }
    }
}
function overSocket(socketClass, call) {
    return new Promise((resolve, reject) => {
        const { events, headers, signal } = call;
        const socket = new socketClass(call.url.replace(/^http/, "ws"), "graphql-transport-ws");
        const send = (message) => socket.send(JSON.stringify(message));
        let isOpen = false;
        const ended = (reason) => {
            socket.onmessage = socket.onclose = null;
            silence.stop();
            signal?.removeEventListener("abort", stop);
            events.isRejected || (events.isRejected = TOKEN_CODES.has(reason.split(":")[0] ?? ""));
            signal?.aborted ? reject(aborted()) : resolve(events.end());
        };
        const stop = () => {
            socket.close();
            ended("");
        };
        const silence = new Silence(call.time, stop, () => isOpen && send({ type: "ping" }));
        signal?.addEventListener("abort", stop, { once: true });
        socket.onerror = () => undefined;
        socket.onopen = () => {
            const { Authorization, "Accept-Language": language } = headers;
            send({ type: "connection_init", payload: { Authorization, "Accept-Language": language } });
        };
        socket.onmessage = (event) => {
            silence.heard();
            const message = parsed(String(event.data));
            if (message?.type === "connection_ack") {
                isOpen = true;
                send({ id: "1", type: "subscribe", payload: call.body });
                send({ type: "ping" });
            }
            else if (message?.type === "ping")
                send({ type: "pong" });
            else if (message?.type === "pong" && !events.hasFailed)
                events.connected();
            else if (message?.type === "next")
                events.next(message.payload);
            else if (message?.type === "error") {
                events.failed(readErrors(message.payload), true);
                socket.close(1000);
            }
            else if (message?.type === "complete") {
                events.isComplete = true;
                socket.close(1000);
            }
        };
        socket.onclose = (event) => ended(String(event.reason ?? ""));
    });
}
async function overEvents(fetchAnswer, call) {
    const { events, signal } = call;
    const ending = new AbortController();
    const stop = () => ending.abort();
    const silence = new Silence(call.time, stop);
    signal?.addEventListener("abort", stop, { once: true });
    try {
        if (signal?.aborted)
            stop();
        const response = await fetchAnswer(call.url, {
            method: "POST",
            headers: { ...call.headers, Accept: "text/event-stream" },
            body: JSON.stringify(call.body),
            signal: ending.signal,
        });
        if (response.status === 401)
            events.isRejected = true;
        const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
        if (!response.ok || !isStream || !response.body) {
            events.failed(readErrors(parsed(await response.text())?.errors), true);
            return events.end();
        }
        const [reader, decoder, lines] = [response.body.getReader(), new TextDecoder(), new EventLines(events)];
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
            silence.heard();
            lines.take(decoder.decode(part.value, { stream: true }));
        }
    }
    catch (error) {
        if (signal?.aborted)
            throw aborted();
        if (!ending.signal.aborted)
            throw new NetworkError(String(error));
    }
    finally {
        silence.stop();
        signal?.removeEventListener("abort", stop);
    }
    return events.end();
}
const KEY_SECONDS = 24 * 3600;
const LONGEST_PAUSE_SECONDS = 60;
class Outbox {
    constructor(client, storage, time, writes) {
        this.client = client;
        this.storage = storage;
        this.time = time;
        this.intents = [];
        this.pause = new AbortController();
        this.networkAt = 0;
        this.isRunning = false;
        for (const file of storage.names(this.prefix)) {
            const written = parsed(storage.read(file) ?? "");
            if (!written?.key) {
                client.log(`${file} is damaged: ${storage.read(file)}`);
                storage.remove(file);
                continue;
            }
            const known = writes.find((one) => one.name === written.operation) ?? null;
            this.intents.push({ ...written, ...this.unsent(file, false), known, settle: () => undefined });
        }
    }
    add(operation, variables) {
        const key = uuid();
        const madeAt = this.client.clock.isKnown ? this.client.clock.now() : 0;
        const written = { key, operation: operation.name, variables: { ...variables, [operation.write.key]: key }, madeAt };
        const [, number] = /(\d+)-[^-]+(?:-[^-]+){4}$/.exec(this.storage.names(this.prefix).pop() ?? "") ?? [];
        const file = `${this.prefix}${String(Number(number ?? 0) + 1).padStart(12, "0")}-${key}`;
        this.storage.write(file, JSON.stringify(written));
        const settled = new Promise((resolve) => {
            const settle = resolve;
            this.intents.push({ ...written, ...this.unsent(file, true), known: operation, settle });
        });
        this.networkAt = 0;
        this.wake();
        return { key, settled };
    }
    wake() {
        this.pause.abort();
        this.pause = new AbortController();
        if (this.isRunning || this.intents.length === 0)
            return;
        this.isRunning = true;
        void this.run();
    }
    online() {
        this.networkAt = 0;
        for (const one of this.intents)
            if (one.lacksNetwork)
                one.nextAt = 0;
        this.wake();
    }
    pending() {
        return this.intents.map(({ key, operation, variables }) => ({ key, operation, variables }));
    }
    get prefix() {
        return this.client.fileOf("intent-");
    }
    unsent(file, isOwn) {
        return { file, isOwn, tries: 0, nextAt: 0, lacksNetwork: false };
    }
    async run() {
        for (let next = this.next(); next !== null; next = this.next()) {
            const wait = this.dueAt(next) - this.time.monotonic();
            if (wait <= 0)
                await this.try(next);
            else
                await this.time.delay(wait, this.pause.signal).catch(() => undefined);
        }
        this.isRunning = false;
    }
    dueAt(intent) {
        return Math.max(intent.nextAt, this.networkAt);
    }
    next() {
        const now = this.time.monotonic();
        const due = this.intents.find((one) => this.dueAt(one) <= now);
        const earlier = (one, other) => (this.dueAt(other) < this.dueAt(one) ? other : one);
        return due ?? (this.intents.length > 0 ? this.intents.reduce(earlier) : null);
    }
    async try(intent) {
        try {
            if (!intent.isOwn && this.storage.read(intent.file) === null)
                return this.drop(intent);
            if (intent.known === null)
                return this.end(intent, "failed", ["UNKNOWN_OPERATION"], null);
            await this.client.knowTime();
            if (intent.madeAt === 0)
                this.stamp(intent);
            if (this.isForgotten(intent, intent.known))
                this.end(intent, "expired", ["EXPIRED"], null);
            else
                this.judge(intent, intent.known, await this.client.execute(intent.known, intent.variables));
        }
        catch (error) {
            const isOffline = error instanceof NetworkError;
            if (!isOffline)
                this.client.log(`The outbox has a fault: ${error}`);
            this.wait(intent, isOffline ? NETWORK : "STORAGE", 0);
            if (isOffline)
                this.networkAt = intent.nextAt;
            intent.lacksNetwork = isOffline;
        }
    }
    stamp(intent) {
        const { key, operation, variables } = intent;
        intent.madeAt = this.client.clock.now();
        this.storage.write(intent.file, JSON.stringify({ key, operation, variables, madeAt: intent.madeAt }));
    }
    isForgotten(intent, operation) {
        const isSafe = operation.write.hasCycle && !operation.write.isOrder;
        return !isSafe && this.client.clock.now() - intent.madeAt >= KEY_SECONDS;
    }
    judge(intent, operation, answer) {
        const payload = answer.data?.[operation.write.payload];
        if (!isObject(payload)) {
            const error = answer.errors[0];
            if (error && !mayPass(error))
                this.end(intent, "failed", [error.code], answer.data);
            else
                this.wait(intent, error?.code ?? "INTERNAL", error?.retryAfterSeconds ?? 0);
            return;
        }
        const codes = (payload.userErrors ?? []).map((one) => one.code);
        const open = ["OUTCOME_UNKNOWN", "IN_PROGRESS"].find((code) => codes.includes(code));
        if (open)
            this.wait(intent, open, 0);
        else
            this.end(intent, codes.length === 0 ? "done" : "refused", codes, answer.data);
    }
    wait(intent, code, retryAfterSeconds) {
        const pauseSeconds = Math.max(retryAfterSeconds, pauseAfter(intent.tries++));
        intent.nextAt = this.time.monotonic() + pauseSeconds;
        intent.lacksNetwork = false;
        const { key, operation, variables } = intent;
        this.client.tell(this.client.options.onWaiting, { key, operation, variables, code, pauseSeconds });
    }
    end(intent, outcome, codes, data) {
        const { key, operation, variables, known } = intent;
        const payload = data?.[known?.write.payload ?? ""];
        const orderId = payload?.order?.id ?? null;
        const settlement = { key, operation, variables, outcome, codes, data, orderId };
        this.client.tell(this.client.options.onSettled, settlement);
        this.storage.remove(intent.file);
        this.drop(intent);
        intent.settle(settlement);
    }
    drop(intent) {
        this.intents.splice(this.intents.indexOf(intent), 1);
    }
}
export function pauseAfter(tries) {
    return Math.min(LONGEST_PAUSE_SECONDS, 2 ** Math.min(tries, 6));
}
function uuid() {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    const hex = bytes.map((one) => one.toString(16).padStart(2, "0")).join("");
    const variant = ((bytes[8] & 0x3f) | 0x80).toString(16);
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(18, 20), hex.slice(20)].join("-");
}
const STREAM_TRIES = 2;
const WAIT_TRIES = 3;
const READ_PAUSE_SECONDS = 3;
const WATCH_SECONDS = 600;
class OrderWatch {
    constructor(client, operations, time, id, onChange, signal) {
        this.client = client;
        this.operations = operations;
        this.time = time;
        this.id = id;
        this.onChange = onChange;
        this.signal = signal;
        this.status = null;
        this.isFinal = false;
    }
    async run() {
        for (let tries = 0; tries < STREAM_TRIES; tries++) {
            if (tries > 0)
                await this.time.delay(1, this.signal);
            const take = (answer) => this.take(answer);
            const { subscription } = this.operations;
            const isComplete = await this.client.stream(subscription, { id: this.id }, take, () => undefined, this.signal);
            if (this.isFinal)
                return "final";
            if (isComplete && this.status !== null)
                return "open";
        }
        return (await this.byWaiting()) ?? this.byReading();
    }
    async byWaiting() {
        const end = this.time.monotonic() + WATCH_SECONDS;
        for (let errors = 0; this.time.monotonic() < end;) {
            const before = this.status;
            const isThere = await this.read(this.operations.wait, { id: this.id, after: before });
            if (isThere && this.isFinal)
                return "final";
            if (isThere === false)
                return "missing";
            if (isThere === null && ++errors === WAIT_TRIES)
                return null;
            if (isThere)
                errors = 0;
            if (this.status === before)
                await this.time.delay(pauseAfter(Math.max(0, errors - 1)), this.signal);
        }
        return "open";
    }
    async byReading() {
        const end = this.time.monotonic() + WATCH_SECONDS;
        while (this.time.monotonic() < end) {
            const isThere = await this.read(this.operations.read, { id: this.id });
            if (isThere === false)
                return "missing";
            if (this.isFinal)
                return "final";
            await this.time.delay(READ_PAUSE_SECONDS, this.signal);
        }
        return "open";
    }
    async read(operation, variables) {
        try {
            const answer = await this.client.execute(operation, variables, REQUEST_SECONDS * 2, this.signal);
            return answer.errors.length > 0 ? null : this.take(answer);
        }
        catch (error) {
            if (error instanceof NetworkError)
                return null;
            throw error;
        }
    }
    take(answer) {
        const [order] = Object.values(answer.data ?? {});
        if (!order)
            return false;
        const isNew = order.status !== this.status;
        this.status = order.status;
        this.isFinal = order.isTerminal;
        if (isNew)
            this.client.tell(this.onChange, order);
        return true;
    }
}
const REQUEST_SECONDS = 30;
export class GatewayClient {
    constructor(options, kit) {
        this.options = options;
        this.kit = kit;
        this.unknownDocuments = new Set();
        const socketClass = typeof WebSocket === "undefined" ? null : WebSocket;
        this.socketClass = options.webSocket === undefined ? socketClass : options.webSocket;
        this.storage = options.storage ?? browserStorage();
        this.time = options.time ?? systemTime;
        this.clock = new Clock(this.time);
        this.tokens = new Tokens(options.token);
        this.outbox = new Outbox(this, this.storage, this.time, kit.writes);
    }
    start() {
        this.outbox.wake();
    }
    resumed() {
        this.clock.forget();
        this.outbox.online();
    }
    async query(operation, ...[variables]) {
        const given = (variables ?? {});
        let answer;
        try {
            answer = await this.execute(operation, given);
        }
        catch (error) {
            if (!(error instanceof NetworkError))
                throw error;
            answer = { data: null, errors: [networkError(error)], isStale: false };
        }
        return (operation.isScreen ? this.screen(operation, given, answer) : answer);
    }
    want(operation, ...[variables]) {
        return this.outbox.add(operation, (variables ?? {}));
    }
    pending() {
        return this.outbox.pending();
    }
    async execute(operation, variables, seconds = REQUEST_SECONDS, signal) {
        const token = await this.tokens.get();
        const answer = await this.post(operation, variables, token, seconds, signal);
        if (!isAboutToken(answer.errors))
            return answer;
        const renewed = await this.tokens.renew(token ?? "");
        return renewed === null ? answer : this.post(operation, variables, renewed, seconds, signal);
    }
    async knowTime() {
        if (!this.clock.isKnown)
            await this.execute(this.kit.clock, {});
        if (!this.clock.isKnown)
            throw new NetworkError("The gateway does not tell its time.");
    }
    watchOrder(id, onChange, signal) {
        return new OrderWatch(this, this.kit.watch, this.time, id, onChange, signal).run();
    }
    async follow(operation, variables, handlers, signal) {
        let failures = 0;
        const onAnswer = (answer) => this.tell(handlers.onEvent, answer);
        const onConnected = () => {
            failures = 0;
            this.tell(handlers.onConnected, undefined);
        };
        while (!(await this.stream(operation, variables, onAnswer, onConnected, signal))) {
            await this.time.delay(pauseAfter(failures++), signal);
        }
    }
    async stream(operation, variables, onAnswer, onConnected, signal) {
        for (let isRenewed = false;;) {
            let end;
            let token;
            try {
                token = await this.tokens.get();
                end = await this.connect(operation, variables, token, onAnswer, onConnected, signal);
                if (end.isRejected && !isRenewed && (await this.tokens.renew(token ?? "")) !== null) {
                    isRenewed = true;
                    continue;
                }
            }
            catch (error) {
                if (error instanceof NetworkError)
                    return false;
                throw error;
            }
            if (!end.isUnknownDocument || this.unknownDocuments.has(operation.id))
                return end.isComplete;
            this.unknownDocuments.add(operation.id);
        }
    }
    fileOf(name) {
        const bytes = [...new TextEncoder().encode(this.options.player)];
        return `${bytes.map((one) => one.toString(16).padStart(2, "0")).join("")}-${name}`;
    }
    tell(handler, told) {
        try {
            handler?.(told);
        }
        catch (error) {
            this.log(`A handler failed: ${error}`);
        }
    }
    log(text) {
        this.options.onLog?.(text);
    }
    async connect(operation, variables, token, onAnswer, onConnected, signal) {
        const { url, fetch: fetchAnswer = fetch } = this.options;
        const [body, headers] = [this.body(operation, variables), this.headers(token)];
        const call = () => ({ url, body, headers, events: new Events(onAnswer, onConnected), time: this.time, signal });
        if (this.socketClass !== null) {
            const end = await overSocket(this.socketClass, call());
            if (end.isConnected || end.isRejected || end.isUnknownDocument || end.isComplete)
                return end;
        }
        const end = await overEvents(fetchAnswer, call());
        if (end.isConnected)
            this.socketClass = null;
        return end;
    }
    async post(operation, variables, token, seconds, signal) {
        const answer = await this.postOnce(operation, variables, token, seconds, signal);
        if (!isUnknownDocument(answer.errors))
            return answer;
        this.unknownDocuments.add(operation.id);
        return this.postOnce(operation, variables, token, seconds, signal);
    }
    async postOnce(operation, variables, token, seconds, signal) {
        const sent = this.time.monotonic();
        const [status, text] = await this.fetched(operation, variables, token, seconds, signal);
        const received = this.time.monotonic();
        const answer = answerOf(parsed(text));
        if (answer.data === null && answer.errors.length === 0) {
            throw new NetworkError(`No answer of the gateway: HTTP ${status}`);
        }
        const told = answer.data?.[operation.serverTime ?? ""];
        if (typeof told === "string")
            this.clock.take(sent, received, told);
        return answer;
    }
    async fetched(operation, variables, token, seconds, signal) {
        const { url, fetch: fetchAnswer = fetch } = this.options;
        const ending = new AbortController();
        const stop = () => ending.abort();
        const timer = setTimeout(stop, seconds * 1000);
        signal?.addEventListener("abort", stop, { once: true });
        try {
            if (signal?.aborted)
                stop();
            const accept = "application/graphql-response+json, application/json";
            const headers = { ...this.headers(token), Accept: accept };
            const body = JSON.stringify(this.body(operation, variables));
            const response = await fetchAnswer(url, { method: "POST", headers, body, signal: ending.signal });
            return [response.status, await response.text()];
        }
        catch (error) {
            throw signal?.aborted ? aborted() : new NetworkError(`No answer: ${error}`);
        }
        finally {
            clearTimeout(timer);
            signal?.removeEventListener("abort", stop);
        }
    }
    body(operation, variables) {
        const isText = this.unknownDocuments.has(operation.id);
        return isText ? { query: operation.text, variables } : { documentId: `sha256:${operation.id}`, variables };
    }
    headers(token) {
        const { language, clientName, clientVersion } = this.options;
        return {
            "Content-Type": "application/json",
            ...(token && { Authorization: `Bearer ${token}` }),
            ...(language && { "Accept-Language": language }),
            ...(clientName && { "graphql-client-name": clientName }),
            ...(clientVersion && { "graphql-client-version": clientVersion }),
        };
    }
    screen(operation, variables, answer) {
        const file = this.fileOf(`screen-${operation.name}`);
        const given = JSON.stringify(variables);
        try {
            if (answer.errors.length === 0) {
                this.storage.write(file, JSON.stringify({ id: operation.id, variables: given, data: answer.data }));
                return answer;
            }
            const mayKeep = answer.data === null && answer.errors.every(mayPass) && !isAboutToken(answer.errors);
            const kept = mayKeep ? parsed(this.storage.read(file) ?? "") : null;
            const isSame = kept?.id === operation.id && kept.variables === given;
            return isSame ? { data: kept.data, errors: answer.errors, isStale: true } : answer;
        }
        catch (error) {
            this.log(`The last screen cannot be kept or read: ${error}`);
            return answer;
        }
    }
}
export const ChangeReason = enumeration("CLAIM", "ORDER_PLACED", "ORDER_PAID", "ORDER_CANCELED", "CLAN", "OTHER");
export const ClanType = enumeration("CLAN", "GUILD", "FACTION", "COMMUNITY", "TEAM", "SQUAD", "ALLIANCE", "ASSOCIATION", "COALITION", "UNION", "GROUP", "CIVILIZATIONS", "DYNASTY", "ORDER", "LEAGUE", "BROTHERHOOD", "KINGDOM", "ORGANIZATION", "HOUSE", "EMPIRE", "TRIBE", "CARTEL", "OTHER");
export const DailyChainType = enumeration("CALENDAR_HARD", "ROLLING", "OTHER");
export const NextAction = enumeration("CLAIM", "BUY", "EARN_POINTS", "JOIN_CLAN", "SIGN_IN", "WAIT", "NONE", "OTHER");
export const OrderStatus = enumeration("NEW", "PAID", "DONE", "CANCELED", "EXPIRED", "OTHER");
export const PaymentMode = enumeration("LIVE", "SANDBOX");
export const Phase = enumeration("UPCOMING", "ACTIVE", "ENDING_SOON", "ENDED");
export const ResetInterval = enumeration("HOURLY", "WEEKLY", "MONTHLY", "OTHER");
export const StepState = enumeration("LOCKED", "AVAILABLE", "CLAIMED", "OTHER");
export const UserErrorCode = enumeration("INVALID_ID", "NOT_FOUND", "ALREADY_CLAIMED", "STEP_LOCKED", "STEP_MISSED", "NOT_ENOUGH_POINTS", "NOT_IN_CLAN", "STEP_IS_PAID", "STEP_IS_FREE", "LIMIT_REACHED", "NOT_FOR_SALE", "CHAIN_ENDED", "CYCLE_CHANGED", "IN_PROGRESS", "IDEMPOTENCY_CONFLICT", "OUTCOME_UNKNOWN", "UNAVAILABLE", "REJECTED", "OTHER");
export const BadgeQuery = {
    kind: "query",
    name: "Badge",
    id: "6fcaf660127aa366d73f236998028bfc9150650a25d520b22a62b23caa760374",
    text: "query Badge {\n  serverTime\n  viewer {\n    id\n    badge {\n      claimableCount\n      claimableOfferSteps\n      claimableRewardSteps\n      endingSoonCount\n      nextExpiry\n    }\n  }\n}",
    serverTime: "serverTime",
    isScreen: true,
};
export const BuyOfferMutation = {
    kind: "mutation",
    name: "BuyOffer",
    id: "46a33cb684fac0d518617918666fbf536f81e1196122a61f827f009de45e9d71",
    text: "mutation BuyOffer($stepId: ID!, $cycle: String, $key: String) {\n  orderOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n      paymentMode\n    }\n    offerChain {\n      id\n      nextAction\n    }\n  }\n}",
    write: { "payload": "orderOfferChainStep", "key": "key", "hasCycle": true, "isOrder": true },
};
export const BuyPointsMutation = {
    kind: "mutation",
    name: "BuyPoints",
    id: "7d4158bb9e97308f5c1aaf602e2e02c9160cfd66d16b7b76d11c65f7b79e011a",
    text: "mutation BuyPoints($sku: String!, $key: String) {\n  orderItem(input: { sku: $sku, idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n    }\n  }\n}",
    write: { "payload": "orderItem", "key": "key", "hasCycle": false, "isOrder": true },
};
export const ChainsChangedSubscription = {
    kind: "subscription",
    name: "ChainsChanged",
    id: "d52074ceb2ffb7d0d58808a8bc211394fdbbeafef55be3668b22fd59e1a6908b",
    text: "subscription ChainsChanged {\n  chainsChanged {\n    reasons\n    offerChainIds\n    rewardChainIds\n    dailyChainIds\n    viewer {\n      id\n      badge {\n        claimableCount\n      }\n    }\n  }\n}",
};
export const ClaimAllMutation = {
    kind: "mutation",
    name: "ClaimAll",
    id: "9d3b2a6c7cfe5dfa6117826224514ec3e620544bb9e3e053cf4dce647dbcb446",
    text: "mutation ClaimAll($rewardChainId: ID!, $cycle: String, $key: String) {\n  claimAvailableRewards(\n    input: { rewardChainId: $rewardChainId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    results {\n      stepId\n      isClaimed\n      userError {\n        code\n      }\n    }\n    rewardChain {\n      id\n      nextAction\n    }\n  }\n}",
    write: { "payload": "claimAvailableRewards", "key": "key", "hasCycle": true, "isOrder": false },
};
export const ClaimDailyMutation = {
    kind: "mutation",
    name: "ClaimDaily",
    id: "24bc227007f3aa71bcdb2d252a6e9d22eacab5797de04edea97ac19b22f5ffcd",
    text: "mutation ClaimDaily($stepId: ID!, $cycle: String, $key: String) {\n  claimDailyChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    dailyChain {\n      id\n      nextAction\n      secondsUntilNextUnlock\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
    write: { "payload": "claimDailyChainStep", "key": "key", "hasCycle": true, "isOrder": false },
};
export const ClaimOfferMutation = {
    kind: "mutation",
    name: "ClaimOffer",
    id: "d761eb5790a2b04ea9f28caeef97baf1a7962337031464f28d12b0dbe9fa4aa6",
    text: "mutation ClaimOffer($stepId: ID!, $cycle: String, $key: String) {\n  claimOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    orderId\n    offerChain {\n      id\n      nextAction\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
    write: { "payload": "claimOfferChainStep", "key": "key", "hasCycle": true, "isOrder": false },
};
export const ClaimRewardMutation = {
    kind: "mutation",
    name: "ClaimReward",
    id: "7b3e8233442b5591f48d09a700ffc3be12ae22a0ff422a87c98e76a7e45760ca",
    text: "mutation ClaimReward($stepId: ID!, $cycle: String, $key: String) {\n  claimRewardChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    rewardChain {\n      id\n      claimableCount\n      steps {\n        id\n        name\n        state\n      }\n    }\n  }\n}",
    write: { "payload": "claimRewardChainStep", "key": "key", "hasCycle": true, "isOrder": false },
};
export const DailyChainsQuery = {
    kind: "query",
    name: "DailyChains",
    id: "d188254263282761e3db6a6d2ceb1f049b97f544a3dc470927a9014174dad69e",
    text: "query DailyChains {\n  serverTime\n  viewer {\n    id\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      nextUnlockAt\n      secondsUntilNextUnlock\n      claimedCount\n      steps {\n        id\n        number\n        state\n        isMissed\n        unlocksAt\n        items {\n          name\n          quantity\n        }\n      }\n      schedule {\n        phase\n        cycle\n      }\n    }\n  }\n}",
    serverTime: "serverTime",
    isScreen: true,
};
export const EarnPointsQuery = {
    kind: "query",
    name: "EarnPoints",
    id: "68c00f3a2d0cfb467a71ae28cabf266907a588ebc4d9cab7832b9b7ffd0513a0",
    text: "query EarnPoints {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        pointsMissing\n      }\n      earnBy {\n        points\n        canOrder\n        item {\n          sku\n          name\n        }\n        price {\n          display\n        }\n        priceBeforeDiscount {\n          display\n        }\n        limits {\n          perPlayer {\n            available\n          }\n        }\n      }\n    }\n  }\n}",
    isScreen: true,
};
export const HomeQuery = {
    kind: "query",
    name: "Home",
    id: "71de0354bd55e19484739131a1d182c5cb7a76654e9b4eb930933d6726f54f4f",
    text: "query Home {\n  serverTime\n  viewer {\n    id\n    isSignedIn\n    badge {\n      claimableCount\n      nextExpiry\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      progressPercent\n      schedule {\n        phase\n        secondsUntilEnd\n        secondsUntilReset\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isFree\n        price {\n          amount\n          currency\n        }\n        items {\n          name\n          quantity\n          imageUrl\n        }\n        valuePoints {\n          name\n          amount\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      nextAction\n      claimableCount\n      schedule {\n        cycle\n      }\n      balance {\n        name\n        amount\n      }\n      steps {\n        id\n        name\n        state\n        pointsRequired\n        pointsMissing\n        rewards {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      claimableCount\n      secondsUntilNextUnlock\n      schedule {\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isMissed\n        items {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n  }\n}",
    serverTime: "serverTime",
    isScreen: true,
};
export const OfferChainQuery = {
    kind: "query",
    name: "OfferChain",
    id: "e833a9183cba665afa7e3b6efa81075692139147b5a441e60678d12d3d437469",
    text: "query OfferChain($id: ID!) {\n  viewer {\n    id\n    offerChain(id: $id) {\n      id\n      name\n      description\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n      claimedCount\n      isCompleted\n    }\n  }\n}",
    isScreen: true,
};
export const OrderQuery = {
    kind: "query",
    name: "Order",
    id: "51721286ce4571fb826642e5c37a3bbb16f55c27ebbab9fe4a0b0d0d5d9e1961",
    text: "query Order($id: ID!) {\n  order(id: $id) {\n    id\n    status\n    isTerminal\n    total {\n      amount\n      currency\n    }\n    items {\n      sku\n      quantity\n    }\n  }\n}",
};
export const OrderUpdatedSubscription = {
    kind: "subscription",
    name: "OrderUpdated",
    id: "ea5eecc58f1e2f3c16d76dc587187cfa5a6ac37fb68de793a671cdb2cc8c9e03",
    text: "subscription OrderUpdated($id: ID!) {\n  orderUpdated(id: $id) {\n    id\n    status\n    isTerminal\n  }\n}",
};
export const OverviewQuery = {
    kind: "query",
    name: "Overview",
    id: "7ea2a6fe716505fadf333350a775eeb0052d5c45adf92b2b6b0d8a1717e05be5",
    text: "query Overview {\n  viewer {\n    id\n    badge {\n      claimableCount\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      nextAction\n      claimableCount\n      balance {\n        amount\n      }\n      nextStep {\n        id\n        name\n        pointsRequired\n        pointsMissing\n      }\n    }\n    dailyChains {\n      id\n      name\n      nextAction\n      claimableCount\n      nextStep {\n        id\n        number\n        items {\n          name\n          quantity\n        }\n      }\n    }\n  }\n}",
    isScreen: true,
};
export const RefreshQuery = {
    kind: "query",
    name: "Refresh",
    id: "81f5bfd83ea55456d4422f1fe6495f8ca05a0098589c2a068630006a4780d2fe",
    text: "query Refresh($locale: String) {\n  session {\n    expiresInSeconds\n  }\n  viewer(locale: $locale, refresh: true) {\n    id\n    localeUsed\n    badge {\n      claimableCount\n      isStale\n    }\n    offerChains {\n      id\n      name\n      isStale\n      ageSeconds\n      nextAction\n    }\n  }\n}",
    isScreen: true,
};
export const RewardChainsQuery = {
    kind: "query",
    name: "RewardChains",
    id: "a7d7e41517caa13912ad7837dd8ae79abd29b80391d753ad085e192f89074c64",
    text: "query RewardChains {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      clanType\n      balance {\n        amount\n        isClan\n      }\n      nextStep {\n        id\n        name\n        pointsMissing\n      }\n      topContributors {\n        name\n        amount\n      }\n      popup {\n        header\n        instruction\n      }\n      schedule {\n        resetInterval\n        resetsAt\n      }\n    }\n  }\n}",
    isScreen: true,
};
export const UpdateClanMutation = {
    kind: "mutation",
    name: "UpdateClan",
    id: "33ac5333db7df76ca98c9deccebd74c55c87a98d2a2c4efab7ecec13c519d8de",
    text: "mutation UpdateClan($key: String) {\n  updateClan(input: { idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    rewards {\n      name\n      quantity\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      balance {\n        amount\n      }\n    }\n  }\n}",
    write: { "payload": "updateClan", "key": "key", "hasCycle": false, "isOrder": false },
};
export const WaitForOrderQuery = {
    kind: "query",
    name: "WaitForOrder",
    id: "5e0116c2feda2d1004b3875994b20896cbfb4472fbf9ab122203383cd25ebd63",
    text: "query WaitForOrder($id: ID!, $after: OrderStatus) {\n  waitForOrder(id: $id, after: $after, timeoutSeconds: 20) {\n    id\n    status\n    isTerminal\n  }\n}",
};
export const KIT = {
    writes: [BuyOfferMutation, BuyPointsMutation, ClaimAllMutation, ClaimDailyMutation, ClaimOfferMutation, ClaimRewardMutation, UpdateClanMutation],
    clock: BadgeQuery,
    watch: {
        subscription: OrderUpdatedSubscription,
        wait: WaitForOrderQuery,
        read: OrderQuery,
    },
};
export function createClient(options) {
    return new GatewayClient(options, KIT);
}
