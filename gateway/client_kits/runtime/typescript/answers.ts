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
