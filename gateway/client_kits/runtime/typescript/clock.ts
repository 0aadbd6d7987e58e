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
