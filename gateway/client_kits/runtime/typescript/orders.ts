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
