namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Runtime.CompilerServices;
    using System.Threading.Tasks;

    /// <summary>What an operation is, as the generator writes it.</summary>
    public sealed class Operation
    {
        public string Name;
        public string Id;
        public string Text;

        /// <summary>The key of the gateway's time in the answer; null if it is not asked for.</summary>
        public string ServerTime;

        /// <summary>Whether the last good answer is kept, to be shown without a network.</summary>
        public bool IsScreen;

        /// <summary>The key of a mutation's payload in the answer.</summary>
        public string Payload;

        public string KeyVariable;
        public bool IsOrder;
        public bool HasCycle;
    }

    /// <summary>One of the `errors` of an answer. docs/errors.md of the gateway says what to do for each code.</summary>
    public sealed class GatewayError
    {
        /// <summary>`extensions.code`; `NETWORK` if no answer came.</summary>
        public readonly string Code;
        public readonly string Message;
        public readonly bool IsRetryable;

        /// <summary>When to come back; 0 if the gateway did not say.</summary>
        public readonly double RetryAfterSeconds;

        /// <summary>Names the request in the gateway's log.</summary>
        public readonly string RequestId;

        internal GatewayError(Json json)
        {
            var more = json["extensions"];
            Code = more["code"].Text ?? "INTERNAL";
            Message = json["message"].Text ?? "";
            IsRetryable = more["retryable"].Bool;
            RetryAfterSeconds = more["retryAfterSeconds"].Double;
            RequestId = more["requestId"].Text;
        }

        internal GatewayError(string code, string message)
        {
            Code = code;
            Message = message;
            IsRetryable = true;
        }

        internal const string Network = "NETWORK";

        private static readonly HashSet<string> Final = new HashSet<string>
        {
            "BAD_REQUEST", "BAD_USER_INPUT", "FORBIDDEN", "LIMIT_EXCEEDED", "GRAPHQL_PARSE_FAILED",
            "GRAPHQL_VALIDATION_FAILED", "DOCUMENT_NOT_TRUSTED", "INTROSPECTION_DISABLED",
        };

        /// <summary>Whether the player's token was not accepted.</summary>
        internal bool IsAboutToken { get { return Code == "UNAUTHENTICATED" || Code == "TOKEN_EXPIRED"; } }

        internal bool IsUnknownDocument
        {
            get { return Code == "PERSISTED_QUERY_NOT_FOUND" || Code == "PERSISTED_QUERY_NOT_SUPPORTED"; }
        }

        /// <summary>Whether the same may be answered later. Codes of later versions may.</summary>
        internal bool MayPass { get { return IsRetryable || !Final.Contains(Code); } }
    }

    /// <summary>An answer as JSON.</summary>
    public class Answer
    {
        public readonly Json Json;
        public readonly List<GatewayError> Errors;

        /// <summary>Whether this is the last good answer, from the disk, because no new one came. Show it as such.</summary>
        public readonly bool IsStale;

        internal Answer(Json data, List<GatewayError> errors, bool isStale = false)
        {
            Json = data;
            Errors = errors;
            IsStale = isStale;
        }

        /// <summary>The first error's code, or null.</summary>
        public string ErrorCode { get { return Errors.Count > 0 ? Errors[0].Code : null; } }
    }

    /// <summary>An answer with its data, which is null if none came.</summary>
    public sealed class Answer<T> : Answer where T : class
    {
        public readonly T Data;

        internal Answer(Answer answer, Func<Json, T> read) : base(answer.Json, answer.Errors, answer.IsStale)
        {
            Data = answer.Json.IsNull ? null : read(answer.Json);
        }
    }

    /// <summary>How an intent ended.</summary>
    public enum Outcome
    {
        /// <summary>It was done, once.</summary>
        Done,

        /// <summary>It was not done: the payload's user errors say why.</summary>
        Refused,

        /// <summary>The request can never succeed: a defect of the game, or a player without the right.</summary>
        Failed,

        /// <summary>It is not sent any more, because the gateway has forgotten its key. Read the screen, and ask the player.</summary>
        Expired,
    }

    /// <summary>The end of an intent.</summary>
    public class Settlement
    {
        public readonly string Key;
        public readonly string Operation;
        public readonly Json Variables;
        public readonly Outcome Outcome;

        /// <summary>Codes of the user errors, or of the errors.</summary>
        public readonly List<string> Codes;

        /// <summary>The answer's data.</summary>
        public readonly Json Json;

        /// <summary>The order that was placed, to be watched; null if there is none.</summary>
        public readonly string OrderId;

        internal Settlement(Intent intent, Outcome outcome, List<string> codes, Json data)
        {
            Key = intent.Key;
            Operation = intent.Operation;
            Variables = intent.Variables;
            Outcome = outcome;
            Codes = codes;
            Json = data;
            OrderId = data[intent.Known == null ? "" : intent.Known.Payload]["order"]["id"].Text;
        }

        internal Settlement(Settlement other)
        {
            Key = other.Key;
            Operation = other.Operation;
            Variables = other.Variables;
            Outcome = other.Outcome;
            Codes = other.Codes;
            Json = other.Json;
            OrderId = other.OrderId;
        }
    }

    /// <summary>The end of an intent with its data, which is null if none came.</summary>
    public sealed class Settlement<T> : Settlement where T : class
    {
        public readonly T Data;

        internal Settlement(Settlement settlement, Func<Json, T> read) : base(settlement)
        {
            Data = settlement.Json.IsNull ? null : read(settlement.Json);
        }
    }

    /// <summary>
    /// Something that the player wants, written down before it is sent. `await` it to have its end, which may be far:
    /// it comes in a later run of the game if this one ends, and is then told to `OnSettled` alone.
    /// </summary>
    public sealed class Intent<T> where T : class
    {
        /// <summary>The idempotency key: the intent's name.</summary>
        public readonly string Key;
        public readonly Task<Settlement<T>> Settled;

        internal Intent(Intent intent, Func<Json, T> read)
        {
            Key = intent.Key;
            Settled = Read(intent, read);
        }

        public TaskAwaiter<Settlement<T>> GetAwaiter() { return Settled.GetAwaiter(); }

        private static async Task<Settlement<T>> Read(Intent intent, Func<Json, T> read)
        {
            return new Settlement<T>(await intent.Ends.Task, read);
        }
    }

    /// <summary>An intent that waits for its next try.</summary>
    public sealed class Waiting
    {
        public readonly string Key;
        public readonly string Operation;

        /// <summary>Why: `NETWORK`, or what the gateway answered, such as `OUTCOME_UNKNOWN`.</summary>
        public readonly string Code;
        public readonly double PauseSeconds;

        internal Waiting(Intent intent, string code, double pause)
        {
            Key = intent.Key;
            Operation = intent.Operation;
            Code = code;
            PauseSeconds = pause;
        }
    }
}
