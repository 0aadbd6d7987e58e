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
