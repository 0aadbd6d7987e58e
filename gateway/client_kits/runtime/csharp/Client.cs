namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Text;
    using System.Threading;
    using System.Threading.Tasks;

    /// <summary>What a client is made of. The first four are needed.</summary>
    public sealed class ClientOptions
    {
        /// <summary>The gateway's address, such as https://gateway.example.com/graphql.</summary>
        public string Url;

        /// <summary>Whose client it is, as the game knows the player. What is kept on the device is kept by player.</summary>
        public string Player;

        /// <summary>
        /// Gives the player's token, null if they are signed out. The argument says whether the gateway rejected the last
        /// one: then get a new one.
        /// </summary>
        public Func<bool, Task<string>> Token;

        public IStorage Storage;
        public IHttp Http;
        public ITime Time;

        /// <summary>Languages to show names and prices in, such as `de-AT, en;q=0.5`.</summary>
        public string Language;

        /// <summary>The build, as its manifest of trusted documents is named: `unity` and `1.4.0`.</summary>
        public string ClientName;
        public string ClientVersion;

        /// <summary>Each intent that ends, also of earlier runs of the game: show it, grant what it gave.</summary>
        public Action<Settlement> OnSettled;

        /// <summary>An intent that waits for its next try: show that it is not lost.</summary>
        public Action<Waiting> OnWaiting;

        /// <summary>Faults that cost nothing but should be known. Never has a token.</summary>
        public Action<string> OnLog;
    }

    /// <summary>
    /// The gateway for one player. Make it when the player is known, call `Start`, and use it from one thread (in Unity:
    /// the main thread; handlers are called there).
    /// </summary>
    public sealed partial class GatewayClient
    {
        private const int RequestSeconds = 30;

        private readonly ClientOptions options;
        private readonly Tokens tokens;
        private readonly Outbox outbox;
        private readonly HashSet<string> unknownDocuments = new HashSet<string>();

        /// <summary>The gateway's time, to count down by.</summary>
        public readonly Clock Clock;

        public GatewayClient(ClientOptions options)
        {
            this.options = options;
            tokens = new Tokens(options.Token);
            Clock = new Clock(options.Time);
            outbox = new Outbox(this, options, Operations.ByName());
        }

        /// <summary>Send what earlier runs of the game could not settle.</summary>
        public void Start() { outbox.Wake(); }

        /// <summary>Call this when the device has slept, as in OnApplicationPause(false).</summary>
        public void Resumed()
        {
            Clock.Forget();
            outbox.Wake();
        }

        /// <summary>A query: the answer, or the last good one if none comes.</summary>
        internal async Task<Answer<T>> Query<T>(Operation operation, Json variables, Func<Json, T> read) where T : class
        {
            Answer answer;
            try
            {
                answer = await Execute(operation, variables);
            }
            catch (NetworkException error)
            {
                answer = new Answer(Json.Null, new List<GatewayError> { new GatewayError(GatewayError.Network, error.Message) });
            }
            return new Answer<T>(operation.IsScreen ? Screen(operation, variables, answer) : answer, read);
        }

        internal Intent<T> Want<T>(Operation operation, Json variables, Func<Json, T> read) where T : class
        {
            return new Intent<T>(outbox.Add(operation, variables), read);
        }

        /// <summary>Send an operation, once more with a new token if the first is not accepted. Throws NetworkException.</summary>
        internal async Task<Answer> Execute(
            Operation operation, Json variables, int seconds = RequestSeconds, CancellationToken cancel = default(CancellationToken))
        {
            var token = await tokens.Get();
            var answer = await Post(operation, variables, token, seconds, cancel);
            if (!IsAboutToken(answer)) return answer;
            token = await tokens.Renew(token ?? "");
            return token == null ? answer : await Post(operation, variables, token, seconds, cancel);
        }

        /// <summary>Ask for the gateway's time if no answer has told it. Throws NetworkException.</summary>
        internal async Task KnowTime()
        {
            if (!Clock.IsKnown) await Execute(Operations.Clock, Json.Object());
            if (!Clock.IsKnown) throw new NetworkException("The gateway does not tell its time.");
        }

        internal string FileOf(string name) { return Hex(options.Player) + "-" + name; }

        /// <summary>Call a handler of the game, whose faults are its own.</summary>
        internal void Tell<T>(Action<T> handler, T told)
        {
            try
            {
                if (handler != null) handler(told);
            }
            catch (Exception error)
            {
                if (options.OnLog != null) options.OnLog("A handler failed: " + error);
            }
        }

        private static bool IsAboutToken(Answer answer) { return answer.Errors.Exists(one => one.IsAboutToken); }

        private async Task<Answer> Post(
            Operation operation, Json variables, string token, int seconds, CancellationToken cancel)
        {
            var answer = await PostOnce(operation, variables, token, seconds, cancel);
            if (!answer.Errors.Exists(one => one.IsUnknownDocument)) return answer;
            lock (unknownDocuments) unknownDocuments.Add(operation.Id);
            return await PostOnce(operation, variables, token, seconds, cancel);
        }

        private async Task<Answer> PostOnce(
            Operation operation, Json variables, string token, int seconds, CancellationToken cancel)
        {
            const string accept = "application/graphql-response+json, application/json";
            var sent = options.Time.Monotonic;
            var answer = await options.Http.Send(Call(operation, variables, token, accept, seconds), cancel);
            var received = options.Time.Monotonic;
            var read = Read(answer.Body, answer.Status);
            var told = operation.ServerTime == null ? Json.Null : read.Json[operation.ServerTime];
            if (told.Text != null) Clock.Take(sent, received, told.Time);
            return read;
        }

        private HttpCall Call(Operation operation, Json variables, string token, string accept, int seconds)
        {
            bool isText;
            lock (unknownDocuments) isText = unknownDocuments.Contains(operation.Id);
            var body = isText
                ? Json.Object().With("query", Json.Of(operation.Text))
                : Json.Object().With("documentId", Json.Of("sha256:" + operation.Id));
            var headers = new Dictionary<string, string> { { "Accept", accept } };
            if (!string.IsNullOrEmpty(token)) headers["Authorization"] = "Bearer " + token;
            if (options.Language != null) headers["Accept-Language"] = options.Language;
            if (options.ClientName != null) headers["graphql-client-name"] = options.ClientName;
            if (options.ClientVersion != null) headers["graphql-client-version"] = options.ClientVersion;
            return new HttpCall
            {
                Url = options.Url,
                Body = body.With("variables", variables).ToString(),
                Headers = headers,
                TimeoutSeconds = seconds,
            };
        }

        /// <summary>The answer in a body. Throws NetworkException for a page of something between.</summary>
        private static Answer Read(string body, int status)
        {
            Json json;
            try { json = Json.Parse(body ?? ""); }
            catch (JsonException error) { throw new NetworkException("No answer of the gateway: HTTP " + status, error); }
            var errors = json["errors"].Map(one => new GatewayError(one)) ?? new List<GatewayError>();
            if (!json["data"].IsObject && errors.Count == 0)
            {
                throw new NetworkException("No answer of the gateway: HTTP " + status);
            }
            return new Answer(json["data"], errors);
        }

        /// <summary>Keep a good screen, or show the last one in place of none.</summary>
        private Answer Screen(Operation operation, Json variables, Answer answer)
        {
            var file = FileOf("screen-" + operation.Name + ".json");
            try
            {
                if (answer.Errors.Count == 0)
                {
                    options.Storage.Write(file, Json.Object()
                        .With("id", Json.Of(operation.Id))
                        .With("variables", Json.Of(variables.ToString()))
                        .With("data", answer.Json).ToString());
                    return answer;
                }
                if (answer.Json.IsObject || !answer.Errors.TrueForAll(one => one.MayPass && !one.IsAboutToken)) return answer;
                var kept = Json.Parse(options.Storage.Read(file) ?? "null");
                var isSame = kept["id"].Text == operation.Id && kept["variables"].Text == variables.ToString();
                return isSame ? new Answer(kept["data"], answer.Errors, true) : answer;
            }
            catch (Exception error)
            {
                // A full disk, or half a file: the screen that came is shown all the same.
                Tell(options.OnLog, "The last screen cannot be kept or read: " + error.Message);
                return answer;
            }
        }

        private static string Hex(string text)
        {
            var made = new StringBuilder();
            foreach (var one in Encoding.UTF8.GetBytes(text)) made.Append(one.ToString("x2"));
            return made.ToString();
        }
    }
}
