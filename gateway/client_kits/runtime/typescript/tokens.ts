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
