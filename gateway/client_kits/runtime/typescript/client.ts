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
