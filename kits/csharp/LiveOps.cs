// Client code for the gateway, made by `gateway client csharp`. Make it anew instead of changing it.
// C# 7, no other files, no reflection: for Unity 2019.4 and newer (IL2CPP and WebGL too), and for .NET.

namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Diagnostics;
    using System.IO;
    using System.Text;
    using System.Threading;
    using System.Threading.Tasks;

    /// <summary>No answer of the gateway came: no network, a timeout, or a page of something between.</summary>
    public sealed class NetworkException : Exception
    {
        public NetworkException(string message, Exception inner = null) : base(message, inner) { }
    }

    /// <summary>A POST to send.</summary>
    public sealed class HttpCall
    {
        public string Url;
        public string Body;
        public Dictionary<string, string> Headers;

        /// <summary>Seconds until it is given up; 0: never.</summary>
        public int TimeoutSeconds;
    }

    /// <summary>The answer to a POST.</summary>
    public sealed class HttpAnswer
    {
        public int Status;
        public string Body;
    }

    /// <summary>Sends requests. `HttpClientHttp` and `UnityHttp` do.</summary>
    public interface IHttp
    {
        /// <summary>Send and read the whole answer. Throws NetworkException, and OperationCanceledException.</summary>
        Task<HttpAnswer> Send(HttpCall call, CancellationToken cancel);

        /// <summary>
        /// Send, and give bytes of an answer with status 200 as they come (the array is used again). Ends with the
        /// answer. Throws as `Send` does.
        /// </summary>
        Task<int> Stream(HttpCall call, Action<byte[], int> onBytes, CancellationToken cancel);
    }

    /// <summary>Tells the time. `SystemTime` and `UnityTime` do.</summary>
    public interface ITime
    {
        /// <summary>Seconds that never go back, from any moment on.</summary>
        double Monotonic { get; }

        /// <summary>The device's clock, which may be wrong.</summary>
        DateTime UtcNow { get; }

        /// <summary>Ends after so many seconds. Throws OperationCanceledException.</summary>
        Task Delay(double seconds, CancellationToken cancel);
    }

    /// <summary>Keeps texts by name over restarts. `FileStorage` does.</summary>
    public interface IStorage
    {
        /// <summary>The text; null if there is none.</summary>
        string Read(string name);

        /// <summary>Keep a text, all of it or nothing, and return once it is safe from a crash of the game.</summary>
        void Write(string name, string text);
    }

    /// <summary>Files in a folder, such as Application.persistentDataPath.</summary>
    public sealed class FileStorage : IStorage
    {
        private readonly string folder;

        public FileStorage(string folder)
        {
            this.folder = folder;
            Directory.CreateDirectory(folder);
        }

        public string Read(string name)
        {
            var file = Path.Combine(folder, name);
            // A crash between the two steps of `Write` leaves the new file alone.
            if (!File.Exists(file)) file += ".new";
            return File.Exists(file) ? File.ReadAllText(file, Encoding.UTF8) : null;
        }

        public void Write(string name, string text)
        {
            var file = Path.Combine(folder, name);
            var bytes = Encoding.UTF8.GetBytes(text);
            using (var stream = new FileStream(file + ".new", FileMode.Create, FileAccess.Write))
            {
                stream.Write(bytes, 0, bytes.Length);
                stream.Flush(true);
            }
            File.Delete(file);
            File.Move(file + ".new", file);
        }
    }

    /// <summary>The time of programs that have threads. In Unity, use `UnityTime`.</summary>
    public sealed class SystemTime : ITime
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public double Monotonic { get { return watch.Elapsed.TotalSeconds; } }

        public DateTime UtcNow { get { return DateTime.UtcNow; } }

        public Task Delay(double seconds, CancellationToken cancel)
        {
            return Task.Delay(TimeSpan.FromSeconds(seconds), cancel);
        }
    }

    /// <summary>Alarms of a time that somebody moves: a frame of the game, or a test.</summary>
    public sealed class Alarms
    {
        private sealed class Alarm
        {
            public double At;
            public TaskCompletionSource<bool> Rings;
        }

        private readonly List<Alarm> alarms = new List<Alarm>();

        /// <summary>Ends at the first `Tick` of that time or later.</summary>
        public async Task At(double time, CancellationToken cancel)
        {
            var alarm = new Alarm { At = time, Rings = new TaskCompletionSource<bool>() };
            lock (alarms) alarms.Add(alarm);
            using (cancel.Register(() => alarm.Rings.TrySetCanceled()))
            {
                try { await alarm.Rings.Task; }
                finally { lock (alarms) alarms.Remove(alarm); }
            }
        }

        /// <summary>It is so late now.</summary>
        public void Tick(double time)
        {
            List<Alarm> due;
            lock (alarms) due = alarms.FindAll(one => one.At <= time);
            foreach (var one in due) one.Rings.TrySetResult(true);
        }
    }

    internal static class Background
    {
        /// <summary>Say that a task runs beside, and sees to its own errors.</summary>
        public static void Forget(this Task task) { }
    }
}

#if !UNITY_2019_4_OR_NEWER
namespace LiveOps
{
    using System;
    using System.IO;
    using System.Net.Http;
    using System.Text;
    using System.Threading;
    using System.Threading.Tasks;

    /// <summary>Requests by System.Net.Http, for everything but Unity.</summary>
    public sealed class HttpClientHttp : IHttp
    {
        private readonly HttpClient client;

        public HttpClientHttp(HttpClient client = null)
        {
            this.client = client ?? new HttpClient(new HttpClientHandler { UseProxy = false, UseCookies = false });
            // Each call has its own time.
            if (client == null) this.client.Timeout = Timeout.InfiniteTimeSpan;
        }

        public Task<HttpAnswer> Send(HttpCall call, CancellationToken cancel)
        {
            return Guarded(call, cancel, async (answer, _) => new HttpAnswer
            {
                Status = (int)answer.StatusCode,
                Body = await answer.Content.ReadAsStringAsync(),
            });
        }

        public Task<int> Stream(HttpCall call, Action<byte[], int> onBytes, CancellationToken cancel)
        {
            return Guarded(call, cancel, async (answer, ending) =>
            {
                if ((int)answer.StatusCode != 200) return (int)answer.StatusCode;
                var buffer = new byte[8192];
                using (var stream = await answer.Content.ReadAsStreamAsync())
                // Not every stream hears of the end while it waits.
                using (ending.Register(stream.Dispose))
                {
                    int count;
                    while ((count = await stream.ReadAsync(buffer, 0, buffer.Length, ending)) > 0) onBytes(buffer, count);
                }
                return 200;
            });
        }

        private async Task<T> Guarded<T>(
            HttpCall call, CancellationToken cancel, Func<HttpResponseMessage, CancellationToken, Task<T>> read)
        {
            using (var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            using (var request = Made(call))
            {
                if (call.TimeoutSeconds > 0) ending.CancelAfter(call.TimeoutSeconds * 1000);
                try
                {
                    using (var answer = await client.SendAsync(
                        request, HttpCompletionOption.ResponseHeadersRead, ending.Token))
                    {
                        return await read(answer, ending.Token);
                    }
                }
                catch (Exception error) when (!(error is NetworkException))
                {
                    cancel.ThrowIfCancellationRequested();
                    throw new NetworkException("No answer: " + error.Message, error);
                }
            }
        }

        private static HttpRequestMessage Made(HttpCall call)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, call.Url)
            {
                Content = new StringContent(call.Body, Encoding.UTF8, "application/json"),
            };
            foreach (var one in call.Headers) request.Headers.TryAddWithoutValidation(one.Key, one.Value);
            request.Headers.ExpectContinue = false;
            return request;
        }
    }
}
#endif

#if UNITY_2019_4_OR_NEWER
namespace LiveOps
{
    using System;
    using System.Diagnostics;
    using System.Text;
    using System.Threading;
    using System.Threading.Tasks;
    using UnityEngine;
    using UnityEngine.Networking;

    /// <summary>Requests by UnityWebRequest, on every platform of Unity. Use it on the main thread.</summary>
    public sealed class UnityHttp : IHttp
    {
        public async Task<HttpAnswer> Send(HttpCall call, CancellationToken cancel)
        {
            var handler = new DownloadHandlerBuffer();
            var status = await Sent(call, handler, cancel);
            return new HttpAnswer { Status = status, Body = handler.text };
        }

        public Task<int> Stream(HttpCall call, Action<byte[], int> onBytes, CancellationToken cancel)
        {
            return Sent(call, new Chunks(onBytes), cancel);
        }

        private static async Task<int> Sent(HttpCall call, DownloadHandler handler, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            using (var request = new UnityWebRequest(call.Url, "POST"))
            {
                request.uploadHandler = new UploadHandlerRaw(Encoding.UTF8.GetBytes(call.Body));
                request.downloadHandler = handler;
                request.timeout = call.TimeoutSeconds;
                request.SetRequestHeader("Content-Type", "application/json");
                foreach (var one in call.Headers) request.SetRequestHeader(one.Key, one.Value);
                var done = new TaskCompletionSource<bool>();
                request.SendWebRequest().completed += _ => done.TrySetResult(true);
                using (cancel.Register(request.Abort)) await done.Task;
                cancel.ThrowIfCancellationRequested();
                if (HasNoAnswer(request)) throw new NetworkException("No answer: " + request.error);
                return (int)request.responseCode;
            }
        }

        private static bool HasNoAnswer(UnityWebRequest request)
        {
#if UNITY_2020_2_OR_NEWER
            return request.result == UnityWebRequest.Result.ConnectionError
                || request.result == UnityWebRequest.Result.DataProcessingError;
#else
            return request.isNetworkError;
#endif
        }

        /// <summary>Gives bytes as they come.</summary>
        private sealed class Chunks : DownloadHandlerScript
        {
            private readonly Action<byte[], int> onBytes;

            public Chunks(Action<byte[], int> onBytes) : base(new byte[8192]) { this.onBytes = onBytes; }

            protected override bool ReceiveData(byte[] data, int length)
            {
                onBytes(data, length);
                return true;
            }
        }
    }

    /// <summary>Unity's time: alarms ring in frames, so that it needs no threads, which WebGL does not have.</summary>
    public sealed class UnityTime : MonoBehaviour, ITime
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly Alarms alarms = new Alarms();

        /// <summary>Make one that lasts over scenes.</summary>
        public static UnityTime Create()
        {
            var home = new GameObject("LiveOps time");
            DontDestroyOnLoad(home);
            return home.AddComponent<UnityTime>();
        }

        public double Monotonic { get { return watch.Elapsed.TotalSeconds; } }

        public DateTime UtcNow { get { return DateTime.UtcNow; } }

        public Task Delay(double seconds, CancellationToken cancel) { return alarms.At(Monotonic + seconds, cancel); }

        private void Update() { alarms.Tick(Monotonic); }
    }
}
#endif

namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Globalization;
    using System.Text;

    /// <summary>A text is not JSON.</summary>
    public sealed class JsonException : Exception
    {
        public JsonException(string message) : base(message) { }
    }

    /// <summary>
    /// A JSON value. Reading never fails: what is missing or of another type is null, 0, false or empty, so that a
    /// newer gateway cannot break a game that is out. Numbers keep their text, so that no amount loses digits.
    /// </summary>
    public sealed class Json
    {
        public static readonly Json Null = new Json();

        private const int MaxDepth = 64;
        private static readonly List<Json> NoItems = new List<Json>();
        private static readonly string[] NoKeys = new string[0];

        private string text;
        private bool isText;
        private List<Json> items;
        private Dictionary<string, Json> members;

        private Json() { }

        /// <summary>A text, or null.</summary>
        public static Json Of(string value)
        {
            return value == null ? Null : new Json { text = value, isText = true };
        }

        public static Json Of(bool? value) { return value == null ? Null : Raw(value.Value ? "true" : "false"); }

        public static Json Of(long? value)
        {
            return value == null ? Null : Raw(value.Value.ToString(CultureInfo.InvariantCulture));
        }

        public static Json Of(double? value)
        {
            return value == null ? Null : Raw(value.Value.ToString("R", CultureInfo.InvariantCulture));
        }

        /// <summary>A decimal as the gateway takes it: a text.</summary>
        public static Json Of(decimal? value)
        {
            return value == null ? Null : Of(value.Value.ToString(CultureInfo.InvariantCulture));
        }

        /// <summary>A moment as the gateway takes it: RFC 3339 in UTC.</summary>
        public static Json Of(DateTime? value)
        {
            if (value == null) return Null;
            return Of(value.Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        }

        public static Json List(IEnumerable<Json> values) { return new Json { items = new List<Json>(values) }; }

        public static Json Object() { return new Json { members = new Dictionary<string, Json>() }; }

        private static Json Raw(string text) { return new Json { text = text }; }

        public bool IsNull { get { return text == null && items == null && members == null; } }

        public bool IsObject { get { return members != null; } }

        /// <summary>The value of a key; `Null` if there is none.</summary>
        public Json this[string key]
        {
            get
            {
                Json found;
                return members != null && members.TryGetValue(key, out found) ? found : Null;
            }
        }

        /// <summary>The keys of an object; none if it is none.</summary>
        public IEnumerable<string> Keys { get { return members == null ? NoKeys : (IEnumerable<string>)members.Keys; } }

        /// <summary>The same object with one more key.</summary>
        public Json With(string key, Json value)
        {
            members[key] = value;
            return this;
        }

        /// <summary>The items of a list; none if it is no list.</summary>
        public List<Json> Items { get { return items ?? NoItems; } }

        /// <summary>The items of a list, each read; null if there is no list.</summary>
        public List<T> Map<T>(Func<Json, T> read)
        {
            if (items == null) return null;
            var made = new List<T>(items.Count);
            foreach (var one in items) made.Add(read(one));
            return made;
        }

        /// <summary>The text, or null if it is none.</summary>
        public string Text { get { return isText ? text : null; } }

        public bool Bool { get { return !isText && text == "true"; } }

        public int Int { get { return (int)Math.Max(int.MinValue, Math.Min(int.MaxValue, Long)); } }

        public long Long
        {
            get
            {
                long whole;
                if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) return whole;
                var number = Double;
                return number >= long.MinValue && number < long.MaxValue ? (long)number : 0;
            }
        }

        public double Double
        {
            get
            {
                double number;
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : 0;
            }
        }

        public decimal Decimal
        {
            get
            {
                decimal number;
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? number : 0;
            }
        }

        /// <summary>A moment in UTC; the first there is if the text is no moment.</summary>
        public DateTime Time
        {
            get
            {
                DateTime time;
                const DateTimeStyles utc = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;
                return DateTime.TryParse(Text, CultureInfo.InvariantCulture, utc, out time)
                    ? time
                    : new DateTime(0, DateTimeKind.Utc);
            }
        }

        /// <summary>Read a text. Throws JsonException.</summary>
        public static Json Parse(string text)
        {
            var at = 0;
            var read = ReadValue(text, ref at, 0);
            SkipSpace(text, ref at);
            if (at < text.Length) throw new JsonException("There is more after the value.");
            return read;
        }

        public override string ToString()
        {
            var into = new StringBuilder();
            Write(into);
            return into.ToString();
        }

        private void Write(StringBuilder into)
        {
            if (isText) WriteText(text, into);
            else if (text != null) into.Append(text);
            else if (items != null) WriteItems(into);
            else if (members != null) WriteMembers(into);
            else into.Append("null");
        }

        private void WriteItems(StringBuilder into)
        {
            into.Append('[');
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0) into.Append(',');
                items[i].Write(into);
            }
            into.Append(']');
        }

        private void WriteMembers(StringBuilder into)
        {
            into.Append('{');
            var isFirst = true;
            foreach (var one in members)
            {
                if (!isFirst) into.Append(',');
                isFirst = false;
                WriteText(one.Key, into);
                into.Append(':');
                one.Value.Write(into);
            }
            into.Append('}');
        }

        private static void WriteText(string text, StringBuilder into)
        {
            into.Append('"');
            foreach (var one in text)
            {
                if (one == '"' || one == '\\') into.Append('\\').Append(one);
                // Lone surrogates are no UTF-8, so they go as escapes too.
                else if (one < ' ' || char.IsSurrogate(one)) into.Append("\\u").Append(((int)one).ToString("x4"));
                else into.Append(one);
            }
            into.Append('"');
        }

        private static Json ReadValue(string text, ref int at, int depth)
        {
            if (depth > MaxDepth) throw new JsonException("The value is too deep.");
            SkipSpace(text, ref at);
            var first = at < text.Length ? text[at] : '\0';
            if (first == '{') return ReadObject(text, ref at, depth);
            if (first == '[') return ReadList(text, ref at, depth);
            if (first == '"') return Of(ReadText(text, ref at));
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || "+-.".IndexOf(text[at]) >= 0)) at++;
            var word = text.Substring(start, at - start);
            if (word == "null") return Null;
            if (!IsNumber(word) && word != "true" && word != "false") throw new JsonException("No value at " + start + ".");
            return Raw(word);
        }

        private static bool IsNumber(string word)
        {
            var at = word.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
            if (!SkipDigits(word, ref at)) return false;
            if (at < word.Length && word[at] == '.')
            {
                at++;
                if (!SkipDigits(word, ref at)) return false;
            }
            if (at < word.Length && (word[at] == 'e' || word[at] == 'E'))
            {
                at++;
                if (at < word.Length && (word[at] == '+' || word[at] == '-')) at++;
                if (!SkipDigits(word, ref at)) return false;
            }
            return at == word.Length;
        }

        private static bool SkipDigits(string word, ref int at)
        {
            var start = at;
            while (at < word.Length && word[at] >= '0' && word[at] <= '9') at++;
            return at > start;
        }

        private static Json ReadObject(string text, ref int at, int depth)
        {
            var made = Object();
            at++;
            if (Ends(text, ref at, '}')) return made;
            do
            {
                SkipSpace(text, ref at);
                var key = ReadText(text, ref at);
                Expect(text, ref at, ':');
                made.members[key] = ReadValue(text, ref at, depth + 1);
            }
            while (Continues(text, ref at, '}'));
            return made;
        }

        private static Json ReadList(string text, ref int at, int depth)
        {
            var made = new Json { items = new List<Json>() };
            at++;
            if (Ends(text, ref at, ']')) return made;
            do made.items.Add(ReadValue(text, ref at, depth + 1));
            while (Continues(text, ref at, ']'));
            return made;
        }

        private static string ReadText(string text, ref int at)
        {
            if (at >= text.Length || text[at] != '"') throw new JsonException("A text is missing at " + at + ".");
            var made = new StringBuilder();
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '"')
                {
                    at++;
                    return made.ToString();
                }
                made.Append(text[at] == '\\' ? ReadEscape(text, ref at) : text[at]);
            }
            throw new JsonException("A text has no end.");
        }

        private static char ReadEscape(string text, ref int at)
        {
            at++;
            var kind = at < text.Length ? text[at] : '\0';
            var found = "\"\\/bfnrt".IndexOf(kind);
            if (found >= 0) return "\"\\/\b\f\n\r\t"[found];
            int code;
            var isCode = kind == 'u' && at + 4 < text.Length && int.TryParse(
                text.Substring(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
            if (!isCode) throw new JsonException("An escape at " + at + " is unknown.");
            at += 4;
            return (char)int.Parse(text.Substring(at - 3, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        private static void SkipSpace(string text, ref int at)
        {
            while (at < text.Length && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
        }

        private static bool Ends(string text, ref int at, char end)
        {
            SkipSpace(text, ref at);
            if (at >= text.Length || text[at] != end) return false;
            at++;
            return true;
        }

        private static bool Continues(string text, ref int at, char end)
        {
            if (Ends(text, ref at, end)) return false;
            Expect(text, ref at, ',');
            return true;
        }

        private static void Expect(string text, ref int at, char wanted)
        {
            if (!Ends(text, ref at, wanted)) throw new JsonException("'" + wanted + "' is missing at " + at + ".");
        }
    }
}

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

namespace LiveOps
{
    using System;
    using System.Collections.Generic;

    /// <summary>
    /// The gateway's time. Each answer with `serverTime` is taken for the middle of its request; the quickest of the last
    /// eight counts. Time never goes back, so countdowns never go up, and the device's clock does not matter once an
    /// answer has come.
    /// </summary>
    public sealed class Clock
    {
        private const int Samples = 8;
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        private readonly ITime time;
        private readonly Queue<KeyValuePair<double, double>> samples = new Queue<KeyValuePair<double, double>>();
        private double offset;
        private double last = double.MinValue;

        internal Clock(ITime time) { this.time = time; }

        /// <summary>Whether an answer has told the time. Before, the device's clock counts.</summary>
        public bool IsKnown { get; private set; }

        /// <summary>Seconds since 1970 in UTC.</summary>
        public double UnixSeconds
        {
            get
            {
                lock (samples)
                {
                    if (!IsKnown) return (time.UtcNow - Epoch).TotalSeconds;
                    return last = Math.Max(last, time.Monotonic + offset);
                }
            }
        }

        public DateTime UtcNow { get { return Epoch.AddSeconds(UnixSeconds); } }

        /// <summary>Seconds to count down; 0 once it is over.</summary>
        public double SecondsUntil(DateTime moment)
        {
            return Math.Max(0, (moment.ToUniversalTime() - Epoch).TotalSeconds - UnixSeconds);
        }

        internal void Take(double sent, double received, DateTime told)
        {
            lock (samples)
            {
                samples.Enqueue(new KeyValuePair<double, double>(
                    received - sent, (told - Epoch).TotalSeconds - (sent + received) / 2));
                if (samples.Count > Samples) samples.Dequeue();
                var quickest = double.MaxValue;
                foreach (var one in samples)
                {
                    if (one.Key > quickest) continue;
                    quickest = one.Key;
                    offset = one.Value;
                }
                IsKnown = true;
            }
        }

        /// <summary>The device slept: seconds may be missing, so the next answer counts alone.</summary>
        internal void Forget() { lock (samples) samples.Clear(); }
    }
}

namespace LiveOps
{
    using System;
    using System.Threading.Tasks;

    /// <summary>The player's token, asked for once by all who need it at the same time.</summary>
    internal sealed class Tokens
    {
        private readonly Func<bool, Task<string>> ask;
        private readonly object gate = new object();
        private Task<string> asked;

        public Tokens(Func<bool, Task<string>> ask) { this.ask = ask; }

        /// <summary>The token; null for a player who is signed out, for whom it is asked each time.</summary>
        public Task<string> Get() { return Asked(null); }

        /// <summary>Another token than the one that was rejected. Both throw NetworkException.</summary>
        public Task<string> Renew(string rejected) { return Asked(rejected); }

        private async Task<string> Asked(string rejected)
        {
            TaskCompletionSource<string> mine = null;
            Task<string> shared;
            lock (gate)
            {
                if (asked == null || (asked.IsCompleted && IsOver(rejected)))
                {
                    mine = new TaskCompletionSource<string>();
                    asked = mine.Task;
                }
                shared = asked;
            }
            if (mine != null) await Ask(rejected != null, mine);
            return await shared;
        }

        private bool IsOver(string rejected)
        {
            return asked.IsFaulted || asked.Result == null || asked.Result == rejected;
        }

        private async Task Ask(bool isRejected, TaskCompletionSource<string> into)
        {
            try { into.SetResult(await ask(isRejected)); }
            catch (Exception error) { into.SetException(new NetworkException("No token: " + error.Message, error)); }
        }
    }
}

namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.IO;
    using System.Text;

    /// <summary>Reads server-sent events, as graphql-sse's "distinct connections mode" has them.</summary>
    internal sealed class EventStream
    {
        private readonly Action<Answer> onEvent;
        private readonly Action onConnected;
        private readonly MemoryStream line = new MemoryStream();
        private readonly StringBuilder data = new StringBuilder();
        private string kind = "";
        private bool isConnected;

        public EventStream(Action<Answer> onEvent, Action onConnected)
        {
            this.onEvent = onEvent;
            this.onConnected = onConnected;
        }

        /// <summary>Whether the gateway has said that no more comes.</summary>
        public bool IsComplete { get; private set; }

        /// <summary>Whether a result had no data.</summary>
        public bool HasFailed { get; private set; }

        /// <summary>Whether the token was not accepted.</summary>
        public bool IsRejected { get; set; }

        /// <summary>Whether the document's id was not known.</summary>
        public bool IsUnknownDocument { get; private set; }

        public void Take(byte[] bytes, int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (bytes[i] != '\n')
                {
                    line.WriteByte(bytes[i]);
                    continue;
                }
                Take(Encoding.UTF8.GetString(line.ToArray()).TrimEnd('\r'));
                line.SetLength(0);
            }
        }

        private void Take(string text)
        {
            if (text.StartsWith("event:", StringComparison.Ordinal)) kind = text.Substring(6).Trim();
            else if (text.StartsWith("data:", StringComparison.Ordinal)) data.Append(text.Substring(5).Trim());
            // A heartbeat: the gateway has taken the subscription, though nothing has happened yet.
            else if (text.StartsWith(":", StringComparison.Ordinal)) Connected();
            else if (text.Length == 0) Dispatch();
        }

        private void Dispatch()
        {
            if (kind == "complete") IsComplete = true;
            try
            {
                if (kind == "next") Take(Json.Parse(data.ToString()));
            }
            catch (JsonException)
            {
                HasFailed = true;
            }
            kind = "";
            data.Length = 0;
        }

        private void Connected()
        {
            if (!isConnected && onConnected != null) onConnected();
            isConnected = true;
        }

        private void Take(Json result)
        {
            var errors = result["errors"].Map(one => new GatewayError(one)) ?? new List<GatewayError>();
            IsRejected |= errors.Exists(one => one.IsAboutToken);
            IsUnknownDocument |= errors.Exists(one => one.IsUnknownDocument);
            HasFailed |= !result["data"].IsObject;
            if (HasFailed) return;
            Connected();
            onEvent(new Answer(result["data"], errors));
        }
    }
}

namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Threading;
    using System.Threading.Tasks;

    /// <summary>Something that the player wants, until it is settled.</summary>
    internal sealed class Intent
    {
        public string Key;
        public string Operation;
        public Json Variables;

        /// <summary>When it was made, in Unix seconds of the gateway's time; 0 until that is known.</summary>
        public double MadeAt;

        /// <summary>The operation; null if this version of the game has it no more.</summary>
        public Operation Known;

        public int Tries;
        public double NextAt;
        public readonly TaskCompletionSource<Settlement> Ends = new TaskCompletionSource<Settlement>();
    }

    /// <summary>
    /// Intents, on the disk before they are sent and until they are settled. They are sent one after the other in their
    /// order. Without a network all wait; one that the gateway cannot settle yet waits alone.
    /// </summary>
    internal sealed class Outbox
    {
        public const string File = "outbox.json";

        /// <summary>How long the gateway remembers a key. After that, the same key would make another order.</summary>
        private const double KeySeconds = 24 * 3600;

        private const double LongestPause = 60;

        private readonly GatewayClient client;
        private readonly ClientOptions options;
        private readonly List<Intent> intents = new List<Intent>();
        private CancellationTokenSource pause = new CancellationTokenSource();
        private double networkAt;
        private bool isRunning;

        public Outbox(GatewayClient client, ClientOptions options, Dictionary<string, Operation> operations)
        {
            this.client = client;
            this.options = options;
            foreach (var one in Read().Items)
            {
                Operation known;
                operations.TryGetValue(one["operation"].Text ?? "", out known);
                intents.Add(new Intent
                {
                    Key = one["key"].Text,
                    Operation = one["operation"].Text,
                    Variables = one["variables"],
                    MadeAt = one["madeAt"].Double,
                    Known = known,
                });
            }
        }

        /// <summary>Write an intent down and send it. Throws what the storage throws; nothing is sent then.</summary>
        public Intent Add(Operation operation, Json variables)
        {
            var key = Guid.NewGuid().ToString();
            var made = new Intent
            {
                Key = key,
                Operation = operation.Name,
                Variables = variables.With(operation.KeyVariable, Json.Of(key)),
                MadeAt = client.Clock.IsKnown ? client.Clock.UnixSeconds : 0,
                Known = operation,
            };
            lock (intents)
            {
                intents.Add(made);
                try { Write(); }
                catch
                {
                    intents.Remove(made);
                    throw;
                }
            }
            // The player waits, so the network is tried at once.
            networkAt = 0;
            Wake();
            return made;
        }

        /// <summary>Send what is due now.</summary>
        public void Wake()
        {
            CancellationTokenSource old;
            bool starts;
            lock (intents)
            {
                old = pause;
                pause = new CancellationTokenSource();
                starts = !isRunning && intents.Count > 0;
                isRunning |= starts;
            }
            old.Cancel();
            if (starts) Run().Forget();
        }

        private async Task Run()
        {
            while (true)
            {
                Intent next;
                CancellationToken woken;
                double wait;
                lock (intents)
                {
                    woken = pause.Token;
                    next = Next(out wait);
                    if (next == null)
                    {
                        isRunning = false;
                        return;
                    }
                }
                if (wait <= 0)
                {
                    await Try(next);
                    continue;
                }
                try { await options.Time.Delay(wait, woken); }
                catch (OperationCanceledException) { }
            }
        }

        /// <summary>The intent whose turn is first, and in how many seconds that is.</summary>
        private Intent Next(out double wait)
        {
            Intent next = null;
            foreach (var one in intents)
            {
                if (next == null || Math.Max(one.NextAt, networkAt) < Math.Max(next.NextAt, networkAt)) next = one;
            }
            var now = options.Time.Monotonic;
            foreach (var one in intents)
            {
                if (Math.Max(one.NextAt, networkAt) > now) continue;
                next = one;
                break;
            }
            wait = next == null ? 0 : Math.Max(next.NextAt, networkAt) - now;
            return next;
        }

        private async Task Try(Intent intent)
        {
            if (intent.Known == null)
            {
                End(intent, Outcome.Failed, "UNKNOWN_OPERATION", Json.Null);
                return;
            }
            try
            {
                await client.KnowTime();
                if (intent.MadeAt == 0) Stamp(intent);
                if (IsForgotten(intent)) End(intent, Outcome.Expired, "EXPIRED", Json.Null);
                else Judge(intent, await client.Execute(intent.Known, intent.Variables));
            }
            catch (NetworkException)
            {
                Pause(intent, GatewayError.Network, 0);
                networkAt = intent.NextAt;
            }
            catch (Exception error)
            {
                // The storage's, which may be full: nothing was sent, or the answer will be there under its key.
                client.Tell(options.OnLog, "The outbox has a fault: " + error.Message);
                Pause(intent, "STORAGE", 0);
            }
        }

        private void Stamp(Intent intent)
        {
            lock (intents)
            {
                intent.MadeAt = client.Clock.UnixSeconds;
                Write();
            }
        }

        /// <summary>A claim is safe to send at any time: a step is granted once, and its cycle goes with it.</summary>
        private bool IsForgotten(Intent intent)
        {
            var isSafe = intent.Known.HasCycle && !intent.Known.IsOrder;
            return !isSafe && client.Clock.UnixSeconds - intent.MadeAt >= KeySeconds;
        }

        private void Judge(Intent intent, Answer answer)
        {
            var payload = answer.Json[intent.Known.Payload];
            if (!payload.IsObject)
            {
                var error = answer.Errors.Count > 0 ? answer.Errors[0] : new GatewayError("INTERNAL", "No answer.");
                if (error.MayPass) Pause(intent, error.Code, error.RetryAfterSeconds);
                else End(intent, Outcome.Failed, error.Code, answer.Json);
                return;
            }
            var codes = payload["userErrors"].Map(one => one["code"].Text) ?? new List<string>();
            if (codes.Contains("OUTCOME_UNKNOWN")) Pause(intent, "OUTCOME_UNKNOWN", 0);
            else if (codes.Contains("IN_PROGRESS")) Pause(intent, "IN_PROGRESS", 0);
            else End(intent, codes.Count == 0 ? Outcome.Done : Outcome.Refused, codes, answer.Json);
        }

        private void Pause(Intent intent, string code, double retryAfter)
        {
            var seconds = Math.Max(retryAfter, Math.Min(LongestPause, Math.Pow(2, Math.Min(intent.Tries, 6))));
            intent.Tries++;
            intent.NextAt = options.Time.Monotonic + seconds;
            client.Tell(options.OnWaiting, new Waiting(intent, code, seconds));
        }

        private void End(Intent intent, Outcome outcome, string code, Json data)
        {
            End(intent, outcome, new List<string> { code }, data);
        }

        /// <summary>Told first and forgotten then: a crash in between tells it twice, and never not at all.</summary>
        private void End(Intent intent, Outcome outcome, List<string> codes, Json data)
        {
            var settlement = new Settlement(intent, outcome, codes, data);
            client.Tell(options.OnSettled, settlement);
            lock (intents)
            {
                intents.Remove(intent);
                Write();
            }
            intent.Ends.TrySetResult(settlement);
        }

        private Json Read()
        {
            var text = options.Storage.Read(client.FileOf(File));
            try { return text == null ? Json.Null : Json.Parse(text); }
            catch (JsonException error)
            {
                options.Storage.Write(client.FileOf(File) + ".damaged", text);
                client.Tell(options.OnLog, "The outbox is damaged: " + error.Message);
                return Json.Null;
            }
        }

        private void Write()
        {
            var written = new List<Json>();
            foreach (var one in intents)
            {
                written.Add(Json.Object()
                    .With("key", Json.Of(one.Key))
                    .With("operation", Json.Of(one.Operation))
                    .With("variables", one.Variables)
                    .With("madeAt", Json.Of(one.MadeAt)));
            }
            options.Storage.Write(client.FileOf(File), Json.List(written).ToString());
        }
    }
}

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

namespace LiveOps
{
    using System;
    using System.Threading;
    using System.Threading.Tasks;

    /// <summary>An order as it is now.</summary>
    public sealed class OrderNews
    {
        public readonly string Id;
        public readonly OrderStatus Status;

        /// <summary>The status as it was sent, which a newer gateway may have more of.</summary>
        public readonly string StatusText;
        public readonly bool IsTerminal;

        internal OrderNews(Json json)
        {
            Id = json["id"].Text;
            StatusText = json["status"].Text;
            Status = OrderStatusValues.Parse(StatusText);
            IsTerminal = json["isTerminal"].Bool;
        }
    }

    /// <summary>Why an order is not watched any more.</summary>
    public enum WatchEnd
    {
        /// <summary>Its status is final.</summary>
        Final,

        /// <summary>It is not paid within the time. Watch it again when the player comes back to the payment.</summary>
        Open,

        /// <summary>The player has no such order.</summary>
        Missing,
    }

    public sealed partial class GatewayClient
    {
        /// <summary>The gateway sends something on each stream every 15 seconds.</summary>
        private const double SilenceSeconds = 40;

        private const int StreamTries = 2;
        private const int WaitTries = 3;
        private const double ReadPause = 3;
        private const double WatchSeconds = 600;

        /// <summary>
        /// Follow an order until it is final: by a subscription; after two failures by long polls; after three errors more
        /// by reading it every 3 seconds for 10 minutes. The handler gets each status once.
        /// </summary>
        public async Task<WatchEnd> WatchOrder(
            string id, Action<OrderNews> onChange, CancellationToken cancel = default(CancellationToken))
        {
            var watch = new Watch { Id = id, OnChange = onChange };
            for (var tries = 0; tries < StreamTries; tries++)
            {
                if (tries > 0) await options.Time.Delay(1, cancel);
                var isComplete = await Stream(Operations.WatchBySubscription, watch.Variables(), answer => Take(watch, answer), cancel);
                if (watch.IsFinal) return WatchEnd.Final;
                if (isComplete && watch.Status != null) return WatchEnd.Open;
            }
            return await WatchByWaiting(watch, cancel) ?? await WatchByReading(watch, cancel);
        }

        private async Task<WatchEnd?> WatchByWaiting(Watch watch, CancellationToken cancel)
        {
            var end = options.Time.Monotonic + WatchSeconds;
            var errors = 0;
            while (options.Time.Monotonic < end)
            {
                var before = watch.Status;
                var variables = watch.Variables().With("after", Json.Of(before));
                var isThere = await Read(Operations.WatchByWaiting, watch, variables, cancel);
                if (isThere == true && watch.IsFinal) return WatchEnd.Final;
                if (isThere == false) return WatchEnd.Missing;
                if (isThere == null && ++errors == WaitTries) return null;
                if (isThere == true) errors = 0;
                // A gateway that shuts down answers at once with nothing new.
                if (watch.Status == before) await options.Time.Delay(Math.Pow(2, Math.Max(0, errors - 1)), cancel);
            }
            return WatchEnd.Open;
        }

        private async Task<WatchEnd> WatchByReading(Watch watch, CancellationToken cancel)
        {
            var end = options.Time.Monotonic + WatchSeconds;
            while (options.Time.Monotonic < end)
            {
                var isThere = await Read(Operations.WatchByReading, watch, watch.Variables(), cancel);
                if (isThere == false) return WatchEnd.Missing;
                if (watch.IsFinal) return WatchEnd.Final;
                await options.Time.Delay(ReadPause, cancel);
            }
            return WatchEnd.Open;
        }

        /// <summary>Whether there is such an order; null if that is not known.</summary>
        private async Task<bool?> Read(Operation operation, Watch watch, Json variables, CancellationToken cancel)
        {
            try
            {
                var answer = await Execute(operation, variables, RequestSeconds + 30, cancel);
                if (answer.Errors.Count > 0) return null;
                return Take(watch, answer);
            }
            catch (NetworkException)
            {
                return null;
            }
        }

        private bool Take(Watch watch, Answer answer)
        {
            var order = First(answer.Json);
            if (!order.IsObject) return false;
            var news = new OrderNews(order);
            var isNew = news.StatusText != watch.Status;
            watch.Status = news.StatusText;
            watch.IsFinal = news.IsTerminal;
            if (isNew) Tell(watch.OnChange, news);
            return true;
        }

        /// <summary>
        /// Hear of events until the subscription completes or is cancelled; reconnect after 1, 2, 4 … 60 seconds. Events
        /// are not sent again: query the screen in `onConnected`, which is called for each connection.
        /// </summary>
        internal async Task Follow<T>(
            Operation operation, Json variables, Func<Json, T> read, Action<Answer<T>> onEvent, Action onConnected,
            CancellationToken cancel) where T : class
        {
            for (var failures = 0; ; failures++)
            {
                Action connected = () =>
                {
                    failures = 0;
                    if (onConnected != null) Tell(_ => onConnected(), this);
                };
                var isComplete = await Stream(
                    operation, variables, answer => Tell(onEvent, new Answer<T>(answer, read)), cancel, connected);
                if (isComplete) return;
                await options.Time.Delay(Math.Min(60, Math.Pow(2, Math.Min(failures, 6))), cancel);
            }
        }

        /// <summary>Whether the subscription was completed, and not lost. Throws OperationCanceledException.</summary>
        private async Task<bool> Stream(
            Operation operation, Json variables, Action<Answer> onEvent, CancellationToken cancel, Action onConnected = null)
        {
            var isRenewed = false;
            while (true)
            {
                var events = new EventStream(onEvent, onConnected);
                string token;
                try
                {
                    token = await tokens.Get();
                    await Connect(Call(operation, variables, token, "text/event-stream", 0), events, cancel);
                    if (events.IsRejected && !isRenewed && await tokens.Renew(token ?? "") != null)
                    {
                        isRenewed = true;
                        continue;
                    }
                }
                catch (NetworkException)
                {
                    return false;
                }
                lock (unknownDocuments)
                {
                    if (events.IsUnknownDocument && unknownDocuments.Add(operation.Id)) continue;
                }
                return events.IsComplete && !events.HasFailed;
            }
        }

        /// <summary>One connection, until it ends or is silent. Throws NetworkException and OperationCanceledException.</summary>
        private async Task Connect(HttpCall call, EventStream events, CancellationToken cancel)
        {
            using (var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            {
                var heard = options.Time.Monotonic;
                Action<byte[], int> onBytes = (bytes, count) =>
                {
                    heard = options.Time.Monotonic;
                    events.Take(bytes, count);
                };
                EndSilence(ending, () => heard).Forget();
                try
                {
                    if (await options.Http.Stream(call, onBytes, ending.Token) == 401) events.IsRejected = true;
                }
                catch (OperationCanceledException)
                {
                    cancel.ThrowIfCancellationRequested();
                }
                finally
                {
                    ending.Cancel();
                }
            }
        }

        private async Task EndSilence(CancellationTokenSource ending, Func<double> heard)
        {
            try
            {
                double left;
                while ((left = heard() + SilenceSeconds - options.Time.Monotonic) > 0)
                {
                    await options.Time.Delay(left, ending.Token);
                }
                ending.Cancel();
            }
            catch (OperationCanceledException) { }
            catch (ObjectDisposedException) { }
        }

        private static Json First(Json data)
        {
            foreach (var one in data.Keys) return data[one];
            return Json.Null;
        }

        private sealed class Watch
        {
            public string Id;
            public Action<OrderNews> OnChange;
            public string Status;
            public bool IsFinal;

            public Json Variables() { return Json.Object().With("id", Json.Of(Id)); }
        }
    }
}

namespace LiveOps
{
    using System;
    using System.Collections.Generic;
    using System.Threading;
    using System.Threading.Tasks;

    /// <summary>Why the player's chains changed, or may have changed. The set does not grow within a major version: what is added later is `OTHER` here.</summary>
    public enum ChangeReason
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>A step was claimed, perhaps on another device.</summary>
        Claim,
        /// <summary>A step was ordered; it is not paid yet.</summary>
        OrderPlaced,
        /// <summary>An order was paid, or its items were granted.</summary>
        OrderPaid,
        /// <summary>An order was canceled, or its payment was returned.</summary>
        OrderCanceled,
        /// <summary>The player's clan changed.</summary>
        Clan,
        /// <summary>Something else, or a reason that this schema does not define yet.</summary>
        Other,
    }

    /// <summary>The texts of ChangeReason.</summary>
    public static class ChangeReasonValues
    {
        public static ChangeReason Parse(string text)
        {
            switch (text)
            {
                case "CLAIM": return ChangeReason.Claim;
                case "ORDER_PLACED": return ChangeReason.OrderPlaced;
                case "ORDER_PAID": return ChangeReason.OrderPaid;
                case "ORDER_CANCELED": return ChangeReason.OrderCanceled;
                case "CLAN": return ChangeReason.Clan;
                case "OTHER": return ChangeReason.Other;
                default: return ChangeReason.Unknown;
            }
        }

        public static string Text(ChangeReason value)
        {
            switch (value)
            {
                case ChangeReason.Claim: return "CLAIM";
                case ChangeReason.OrderPlaced: return "ORDER_PLACED";
                case ChangeReason.OrderPaid: return "ORDER_PAID";
                case ChangeReason.OrderCanceled: return "ORDER_CANCELED";
                case ChangeReason.Clan: return "CLAN";
                case ChangeReason.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>What the game calls a clan. The set does not grow within a major version: what is added later is `OTHER` here, and `clanTypeRaw` names it.</summary>
    public enum ClanType
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>Show the word for “clan”.</summary>
        Clan,
        /// <summary>Show the word for “guild”.</summary>
        Guild,
        /// <summary>Show the word for “faction”.</summary>
        Faction,
        /// <summary>Show the word for “community”.</summary>
        Community,
        /// <summary>Show the word for “team”.</summary>
        Team,
        /// <summary>Show the word for “squad”.</summary>
        Squad,
        /// <summary>Show the word for “alliance”.</summary>
        Alliance,
        /// <summary>Show the word for “association”.</summary>
        Association,
        /// <summary>Show the word for “coalition”.</summary>
        Coalition,
        /// <summary>Show the word for “union”.</summary>
        Union,
        /// <summary>Show the word for “group”.</summary>
        Group,
        /// <summary>Show the word for “civilizations”.</summary>
        Civilizations,
        /// <summary>Show the word for “dynasty”.</summary>
        Dynasty,
        /// <summary>Show the word for “order”.</summary>
        Order,
        /// <summary>Show the word for “league”.</summary>
        League,
        /// <summary>Show the word for “brotherhood”.</summary>
        Brotherhood,
        /// <summary>Show the word for “kingdom”.</summary>
        Kingdom,
        /// <summary>Show the word for “organization”.</summary>
        Organization,
        /// <summary>Show the word for “house”.</summary>
        House,
        /// <summary>Show the word for “empire”.</summary>
        Empire,
        /// <summary>Show the word for “tribe”.</summary>
        Tribe,
        /// <summary>Show the word for “cartel”.</summary>
        Cartel,
        /// <summary>A word that this schema does not define yet: see `clanTypeRaw`.</summary>
        Other,
    }

    /// <summary>The texts of ClanType.</summary>
    public static class ClanTypeValues
    {
        public static ClanType Parse(string text)
        {
            switch (text)
            {
                case "CLAN": return ClanType.Clan;
                case "GUILD": return ClanType.Guild;
                case "FACTION": return ClanType.Faction;
                case "COMMUNITY": return ClanType.Community;
                case "TEAM": return ClanType.Team;
                case "SQUAD": return ClanType.Squad;
                case "ALLIANCE": return ClanType.Alliance;
                case "ASSOCIATION": return ClanType.Association;
                case "COALITION": return ClanType.Coalition;
                case "UNION": return ClanType.Union;
                case "GROUP": return ClanType.Group;
                case "CIVILIZATIONS": return ClanType.Civilizations;
                case "DYNASTY": return ClanType.Dynasty;
                case "ORDER": return ClanType.Order;
                case "LEAGUE": return ClanType.League;
                case "BROTHERHOOD": return ClanType.Brotherhood;
                case "KINGDOM": return ClanType.Kingdom;
                case "ORGANIZATION": return ClanType.Organization;
                case "HOUSE": return ClanType.House;
                case "EMPIRE": return ClanType.Empire;
                case "TRIBE": return ClanType.Tribe;
                case "CARTEL": return ClanType.Cartel;
                case "OTHER": return ClanType.Other;
                default: return ClanType.Unknown;
            }
        }

        public static string Text(ClanType value)
        {
            switch (value)
            {
                case ClanType.Clan: return "CLAN";
                case ClanType.Guild: return "GUILD";
                case ClanType.Faction: return "FACTION";
                case ClanType.Community: return "COMMUNITY";
                case ClanType.Team: return "TEAM";
                case ClanType.Squad: return "SQUAD";
                case ClanType.Alliance: return "ALLIANCE";
                case ClanType.Association: return "ASSOCIATION";
                case ClanType.Coalition: return "COALITION";
                case ClanType.Union: return "UNION";
                case ClanType.Group: return "GROUP";
                case ClanType.Civilizations: return "CIVILIZATIONS";
                case ClanType.Dynasty: return "DYNASTY";
                case ClanType.Order: return "ORDER";
                case ClanType.League: return "LEAGUE";
                case ClanType.Brotherhood: return "BROTHERHOOD";
                case ClanType.Kingdom: return "KINGDOM";
                case ClanType.Organization: return "ORGANIZATION";
                case ClanType.House: return "HOUSE";
                case ClanType.Empire: return "EMPIRE";
                case ClanType.Tribe: return "TRIBE";
                case ClanType.Cartel: return "CARTEL";
                case ClanType.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>How a daily chain counts its days. The set does not grow within a major version: what is added later is `OTHER` here, and `typeRaw` names it.</summary>
    public enum DailyChainType
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>By the calendar: each step has its day, and is missed after it.</summary>
        CalendarHard,
        /// <summary>Days in a row, counted from the player's own first claim: a day without a claim breaks the streak.</summary>
        Rolling,
        /// <summary>A type that this schema does not define yet: see `typeRaw`.</summary>
        Other,
    }

    /// <summary>The texts of DailyChainType.</summary>
    public static class DailyChainTypeValues
    {
        public static DailyChainType Parse(string text)
        {
            switch (text)
            {
                case "CALENDAR_HARD": return DailyChainType.CalendarHard;
                case "ROLLING": return DailyChainType.Rolling;
                case "OTHER": return DailyChainType.Other;
                default: return DailyChainType.Unknown;
            }
        }

        public static string Text(DailyChainType value)
        {
            switch (value)
            {
                case DailyChainType.CalendarHard: return "CALENDAR_HARD";
                case DailyChainType.Rolling: return "ROLLING";
                case DailyChainType.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>What the player has to do to make progress in a chain: the label of its main button. The set does not grow within a major version: what is added later is `OTHER` here.</summary>
    public enum NextAction
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>Something can be claimed for free.</summary>
        Claim,
        /// <summary>The next step is bought.</summary>
        Buy,
        /// <summary>More points are needed: `earnBy` has the items that give them.</summary>
        EarnPoints,
        /// <summary>The chain is for clans, and the player is in none: `updateClan` once they have joined one.</summary>
        JoinClan,
        /// <summary>The player has to sign in first.</summary>
        SignIn,
        /// <summary>The player can do nothing until the chain starts, starts over, or opens its next step.</summary>
        Wait,
        /// <summary>The player can do nothing more.</summary>
        None,
        /// <summary>An action that this schema does not define yet: show no button.</summary>
        Other,
    }

    /// <summary>The texts of NextAction.</summary>
    public static class NextActionValues
    {
        public static NextAction Parse(string text)
        {
            switch (text)
            {
                case "CLAIM": return NextAction.Claim;
                case "BUY": return NextAction.Buy;
                case "EARN_POINTS": return NextAction.EarnPoints;
                case "JOIN_CLAN": return NextAction.JoinClan;
                case "SIGN_IN": return NextAction.SignIn;
                case "WAIT": return NextAction.Wait;
                case "NONE": return NextAction.None;
                case "OTHER": return NextAction.Other;
                default: return NextAction.Unknown;
            }
        }

        public static string Text(NextAction value)
        {
            switch (value)
            {
                case NextAction.Claim: return "CLAIM";
                case NextAction.Buy: return "BUY";
                case NextAction.EarnPoints: return "EARN_POINTS";
                case NextAction.JoinClan: return "JOIN_CLAN";
                case NextAction.SignIn: return "SIGN_IN";
                case NextAction.Wait: return "WAIT";
                case NextAction.None: return "NONE";
                case NextAction.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>The status of an order. The set does not grow within a major version: what is added later is `OTHER` here, and `statusRaw` names it.</summary>
    public enum OrderStatus
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>The order waits for payment.</summary>
        New,
        /// <summary>The order is paid. The items may already be granted.</summary>
        Paid,
        /// <summary>The items are granted. This status is final.</summary>
        Done,
        /// <summary>The order was canceled, or the payment was returned. This status is final.</summary>
        Canceled,
        /// <summary>A newer order replaced this one before it was paid. A late payment may still make it `PAID`.</summary>
        Expired,
        /// <summary>A status that this schema does not define yet: see `statusRaw`.</summary>
        Other,
    }

    /// <summary>The texts of OrderStatus.</summary>
    public static class OrderStatusValues
    {
        public static OrderStatus Parse(string text)
        {
            switch (text)
            {
                case "NEW": return OrderStatus.New;
                case "PAID": return OrderStatus.Paid;
                case "DONE": return OrderStatus.Done;
                case "CANCELED": return OrderStatus.Canceled;
                case "EXPIRED": return OrderStatus.Expired;
                case "OTHER": return OrderStatus.Other;
                default: return OrderStatus.Unknown;
            }
        }

        public static string Text(OrderStatus value)
        {
            switch (value)
            {
                case OrderStatus.New: return "NEW";
                case OrderStatus.Paid: return "PAID";
                case OrderStatus.Done: return "DONE";
                case OrderStatus.Canceled: return "CANCELED";
                case OrderStatus.Expired: return "EXPIRED";
                case OrderStatus.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>Whether paying moves real money. The set is complete: it does not grow within a major version.</summary>
    public enum PaymentMode
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>Real money.</summary>
        Live,
        /// <summary>Test cards only: no money moves.</summary>
        Sandbox,
    }

    /// <summary>The texts of PaymentMode.</summary>
    public static class PaymentModeValues
    {
        public static PaymentMode Parse(string text)
        {
            switch (text)
            {
                case "LIVE": return PaymentMode.Live;
                case "SANDBOX": return PaymentMode.Sandbox;
                default: return PaymentMode.Unknown;
            }
        }

        public static string Text(PaymentMode value)
        {
            switch (value)
            {
                case PaymentMode.Live: return "LIVE";
                case PaymentMode.Sandbox: return "SANDBOX";
                default: return null;
            }
        }
    }

    /// <summary>The phase of a chain's schedule. The set is complete: it does not grow within a major version.</summary>
    public enum Phase
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>The chain has not started.</summary>
        Upcoming,
        /// <summary>The chain is running.</summary>
        Active,
        /// <summary>The chain is running and ends within 24 hours: show the countdown.</summary>
        EndingSoon,
        /// <summary>The chain is over.</summary>
        Ended,
    }

    /// <summary>The texts of Phase.</summary>
    public static class PhaseValues
    {
        public static Phase Parse(string text)
        {
            switch (text)
            {
                case "UPCOMING": return Phase.Upcoming;
                case "ACTIVE": return Phase.Active;
                case "ENDING_SOON": return Phase.EndingSoon;
                case "ENDED": return Phase.Ended;
                default: return Phase.Unknown;
            }
        }

        public static string Text(Phase value)
        {
            switch (value)
            {
                case Phase.Upcoming: return "UPCOMING";
                case Phase.Active: return "ACTIVE";
                case Phase.EndingSoon: return "ENDING_SOON";
                case Phase.Ended: return "ENDED";
                default: return null;
            }
        }
    }

    /// <summary>How often a chain starts over. The set does not grow within a major version: what is added later is `OTHER` here, and `resetIntervalRaw` names it.</summary>
    public enum ResetInterval
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>Every hour.</summary>
        Hourly,
        /// <summary>Every week.</summary>
        Weekly,
        /// <summary>Every month.</summary>
        Monthly,
        /// <summary>An interval that this schema does not define yet: see `resetIntervalRaw`.</summary>
        Other,
    }

    /// <summary>The texts of ResetInterval.</summary>
    public static class ResetIntervalValues
    {
        public static ResetInterval Parse(string text)
        {
            switch (text)
            {
                case "HOURLY": return ResetInterval.Hourly;
                case "WEEKLY": return ResetInterval.Weekly;
                case "MONTHLY": return ResetInterval.Monthly;
                case "OTHER": return ResetInterval.Other;
                default: return ResetInterval.Unknown;
            }
        }

        public static string Text(ResetInterval value)
        {
            switch (value)
            {
                case ResetInterval.Hourly: return "HOURLY";
                case ResetInterval.Weekly: return "WEEKLY";
                case ResetInterval.Monthly: return "MONTHLY";
                case ResetInterval.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>What the player can do with a step now. The set does not grow within a major version: what is added later is `OTHER` here.</summary>
    public enum StepState
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>Show the step closed: it cannot be taken now. The chain's `nextAction` says what comes first.</summary>
        Locked,
        /// <summary>Show the step open: it can be claimed or bought now.</summary>
        Available,
        /// <summary>Show the step as taken.</summary>
        Claimed,
        /// <summary>A state that this schema does not define yet: show the step closed.</summary>
        Other,
    }

    /// <summary>The texts of StepState.</summary>
    public static class StepStateValues
    {
        public static StepState Parse(string text)
        {
            switch (text)
            {
                case "LOCKED": return StepState.Locked;
                case "AVAILABLE": return StepState.Available;
                case "CLAIMED": return StepState.Claimed;
                case "OTHER": return StepState.Other;
                default: return StepState.Unknown;
            }
        }

        public static string Text(StepState value)
        {
            switch (value)
            {
                case StepState.Locked: return "LOCKED";
                case StepState.Available: return "AVAILABLE";
                case StepState.Claimed: return "CLAIMED";
                case StepState.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>Why something was not done. The set does not grow within a major version: what is added later is `OTHER` here.</summary>
    public enum UserErrorCode
    {
        /// <summary>A value that this build of the game does not know: the text beside it has it.</summary>
        Unknown,
        /// <summary>This is not an id of the expected kind. Send the id exactly as the gateway returned it.</summary>
        InvalidId,
        /// <summary>There is no such chain, step, item or order for this player.</summary>
        NotFound,
        /// <summary>The player has already claimed or bought this.</summary>
        AlreadyClaimed,
        /// <summary>This step is locked: an earlier step or its day comes first, or the chain's start.</summary>
        StepLocked,
        /// <summary>The day of this step has passed. It cannot be claimed any more.</summary>
        StepMissed,
        /// <summary>The player does not have enough points for this step.</summary>
        NotEnoughPoints,
        /// <summary>The player has to join a clan first. Send updateClan once they have.</summary>
        NotInClan,
        /// <summary>This step has a price. Use orderOfferChainStep.</summary>
        StepIsPaid,
        /// <summary>This step is free. Use claimOfferChainStep.</summary>
        StepIsFree,
        /// <summary>The player cannot buy more of this item now: see `limits`.</summary>
        LimitReached,
        /// <summary>This item cannot be bought for real money now.</summary>
        NotForSale,
        /// <summary>This chain has ended.</summary>
        ChainEnded,
        /// <summary>The chain has started over. Nothing was sent. Show the chain as it is now.</summary>
        CycleChanged,
        /// <summary>The first request with this idempotency key is still in progress. Send it again later.</summary>
        InProgress,
        /// <summary>This key was used for another mutation or other arguments. Use a new key.</summary>
        IdempotencyConflict,
        /// <summary>The upstream did not confirm this claim. Read the chain before you try again.</summary>
        OutcomeUnknown,
        /// <summary>This claim could not be sent. Try again later.</summary>
        Unavailable,
        /// <summary>The upstream refused for a reason that it does not show: see `upstreamCode`.</summary>
        Rejected,
        /// <summary>A reason that this schema does not define yet: see `message`.</summary>
        Other,
    }

    /// <summary>The texts of UserErrorCode.</summary>
    public static class UserErrorCodeValues
    {
        public static UserErrorCode Parse(string text)
        {
            switch (text)
            {
                case "INVALID_ID": return UserErrorCode.InvalidId;
                case "NOT_FOUND": return UserErrorCode.NotFound;
                case "ALREADY_CLAIMED": return UserErrorCode.AlreadyClaimed;
                case "STEP_LOCKED": return UserErrorCode.StepLocked;
                case "STEP_MISSED": return UserErrorCode.StepMissed;
                case "NOT_ENOUGH_POINTS": return UserErrorCode.NotEnoughPoints;
                case "NOT_IN_CLAN": return UserErrorCode.NotInClan;
                case "STEP_IS_PAID": return UserErrorCode.StepIsPaid;
                case "STEP_IS_FREE": return UserErrorCode.StepIsFree;
                case "LIMIT_REACHED": return UserErrorCode.LimitReached;
                case "NOT_FOR_SALE": return UserErrorCode.NotForSale;
                case "CHAIN_ENDED": return UserErrorCode.ChainEnded;
                case "CYCLE_CHANGED": return UserErrorCode.CycleChanged;
                case "IN_PROGRESS": return UserErrorCode.InProgress;
                case "IDEMPOTENCY_CONFLICT": return UserErrorCode.IdempotencyConflict;
                case "OUTCOME_UNKNOWN": return UserErrorCode.OutcomeUnknown;
                case "UNAVAILABLE": return UserErrorCode.Unavailable;
                case "REJECTED": return UserErrorCode.Rejected;
                case "OTHER": return UserErrorCode.Other;
                default: return UserErrorCode.Unknown;
            }
        }

        public static string Text(UserErrorCode value)
        {
            switch (value)
            {
                case UserErrorCode.InvalidId: return "INVALID_ID";
                case UserErrorCode.NotFound: return "NOT_FOUND";
                case UserErrorCode.AlreadyClaimed: return "ALREADY_CLAIMED";
                case UserErrorCode.StepLocked: return "STEP_LOCKED";
                case UserErrorCode.StepMissed: return "STEP_MISSED";
                case UserErrorCode.NotEnoughPoints: return "NOT_ENOUGH_POINTS";
                case UserErrorCode.NotInClan: return "NOT_IN_CLAN";
                case UserErrorCode.StepIsPaid: return "STEP_IS_PAID";
                case UserErrorCode.StepIsFree: return "STEP_IS_FREE";
                case UserErrorCode.LimitReached: return "LIMIT_REACHED";
                case UserErrorCode.NotForSale: return "NOT_FOR_SALE";
                case UserErrorCode.ChainEnded: return "CHAIN_ENDED";
                case UserErrorCode.CycleChanged: return "CYCLE_CHANGED";
                case UserErrorCode.InProgress: return "IN_PROGRESS";
                case UserErrorCode.IdempotencyConflict: return "IDEMPOTENCY_CONFLICT";
                case UserErrorCode.OutcomeUnknown: return "OUTCOME_UNKNOWN";
                case UserErrorCode.Unavailable: return "UNAVAILABLE";
                case UserErrorCode.Rejected: return "REJECTED";
                case UserErrorCode.Other: return "OTHER";
                default: return null;
            }
        }
    }

    /// <summary>What the main menu shows about all chains together.</summary>
    public sealed class BadgeViewerBadge
    {
        /// <summary>How many steps can be claimed for free now: the number in the red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>How many offer chains have a free step to claim.</summary>
        public readonly int ClaimableOfferSteps;
        /// <summary>How many reward steps are ready to claim.</summary>
        public readonly int ClaimableRewardSteps;
        /// <summary>How many unfinished chains end within 24 hours.</summary>
        public readonly int EndingSoonCount;
        /// <summary>What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a daily step that can be claimed is missed; null if there is none.</summary>
        public readonly DateTime? NextExpiry;

        public BadgeViewerBadge(Json json)
        {
            ClaimableCount = json["claimableCount"].Int;
            ClaimableOfferSteps = json["claimableOfferSteps"].Int;
            ClaimableRewardSteps = json["claimableRewardSteps"].Int;
            EndingSoonCount = json["endingSoonCount"].Int;
            NextExpiry = json["nextExpiry"].IsNull ? (DateTime?)null : json["nextExpiry"].Time;
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class BadgeViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>What the main menu shows about all chains: the red dot.</summary>
        public readonly BadgeViewerBadge Badge;

        public BadgeViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            Badge = json["badge"].IsNull ? null : new BadgeViewerBadge(json["badge"]);
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class BadgeData
    {
        /// <summary>The gateway's time. Count down against it, and not against the device's clock.</summary>
        public readonly DateTime ServerTime;
        /// <summary>The player whose token came with the request.</summary>
        public readonly BadgeViewer Viewer;

        public BadgeData(Json json)
        {
            ServerTime = json["serverTime"].Time;
            Viewer = new BadgeViewer(json["viewer"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class BuyOfferOrderOfferChainStepUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public BuyOfferOrderOfferChainStepUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>An order that waits for payment.</summary>
    public sealed class BuyOfferOrderOfferChainStepOrder
    {
        /// <summary>The order's id, for reading whether it is paid.</summary>
        public readonly string Id;
        /// <summary>The payment page: open it in a browser or a web view. Null if the upstream sent no token: the order is there, and the gateway watches it, but it cannot be paid there.</summary>
        public readonly string PaymentUrl;
        /// <summary>Whether paying moves real money.</summary>
        public readonly PaymentMode PaymentMode;
        /// <summary>`PaymentMode` as it was sent.</summary>
        public readonly string PaymentModeText;

        public BuyOfferOrderOfferChainStepOrder(Json json)
        {
            Id = json["id"].Text ?? "";
            PaymentUrl = json["paymentUrl"].Text;
            PaymentMode = PaymentModeValues.Parse(json["paymentMode"].Text);
            PaymentModeText = json["paymentMode"].Text ?? "";
        }
    }

    /// <summary>A chain of offers: each step is free or bought, and opens the next.</summary>
    public sealed class BuyOfferOrderOfferChainStepOfferChain
    {
        /// <summary>The chain's id, for reading this chain alone.</summary>
        public readonly string Id;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;

        public BuyOfferOrderOfferChainStepOfferChain(Json json)
        {
            Id = json["id"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
        }
    }

    /// <summary>The result of ordering a paid step.</summary>
    public sealed class BuyOfferOrderOfferChainStep
    {
        /// <summary>Why it was not done; empty if it was done.</summary>
        public readonly List<BuyOfferOrderOfferChainStepUserErrors> UserErrors;
        /// <summary>The order to pay; null if the gateway made none.</summary>
        public readonly BuyOfferOrderOfferChainStepOrder Order;
        /// <summary>The chain after the mutation, newly read: draw it again.</summary>
        public readonly BuyOfferOrderOfferChainStepOfferChain OfferChain;

        public BuyOfferOrderOfferChainStep(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new BuyOfferOrderOfferChainStepUserErrors(one0)) ?? new List<BuyOfferOrderOfferChainStepUserErrors>();
            Order = json["order"].IsNull ? null : new BuyOfferOrderOfferChainStepOrder(json["order"]);
            OfferChain = json["offerChain"].IsNull ? null : new BuyOfferOrderOfferChainStepOfferChain(json["offerChain"]);
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class BuyOfferData
    {
        /// <summary>Order a paid step of an offer chain: opens an order that waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order.</summary>
        public readonly BuyOfferOrderOfferChainStep OrderOfferChainStep;

        public BuyOfferData(Json json)
        {
            OrderOfferChainStep = json["orderOfferChainStep"].IsNull ? null : new BuyOfferOrderOfferChainStep(json["orderOfferChainStep"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class BuyPointsOrderItemUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public BuyPointsOrderItemUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>An order that waits for payment.</summary>
    public sealed class BuyPointsOrderItemOrder
    {
        /// <summary>The order's id, for reading whether it is paid.</summary>
        public readonly string Id;
        /// <summary>The payment page: open it in a browser or a web view. Null if the upstream sent no token: the order is there, and the gateway watches it, but it cannot be paid there.</summary>
        public readonly string PaymentUrl;

        public BuyPointsOrderItemOrder(Json json)
        {
            Id = json["id"].Text ?? "";
            PaymentUrl = json["paymentUrl"].Text;
        }
    }

    /// <summary>The result of ordering an item.</summary>
    public sealed class BuyPointsOrderItem
    {
        /// <summary>Why it was not done; empty if it was done.</summary>
        public readonly List<BuyPointsOrderItemUserErrors> UserErrors;
        /// <summary>The order to pay; null if the gateway made none.</summary>
        public readonly BuyPointsOrderItemOrder Order;

        public BuyPointsOrderItem(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new BuyPointsOrderItemUserErrors(one0)) ?? new List<BuyPointsOrderItemUserErrors>();
            Order = json["order"].IsNull ? null : new BuyPointsOrderItemOrder(json["order"]);
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class BuyPointsData
    {
        /// <summary>Order an item of the catalog, such as one of `RewardChain.earnBy`: opens an order that waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order.</summary>
        public readonly BuyPointsOrderItem OrderItem;

        public BuyPointsData(Json json)
        {
            OrderItem = json["orderItem"].IsNull ? null : new BuyPointsOrderItem(json["orderItem"]);
        }
    }

    /// <summary>What the main menu shows about all chains together.</summary>
    public sealed class ChainsChangedChainsChangedViewerBadge
    {
        /// <summary>How many steps can be claimed for free now: the number in the red dot.</summary>
        public readonly int ClaimableCount;

        public ChainsChangedChainsChangedViewerBadge(Json json)
        {
            ClaimableCount = json["claimableCount"].Int;
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class ChainsChangedChainsChangedViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>What the main menu shows about all chains: the red dot.</summary>
        public readonly ChainsChangedChainsChangedViewerBadge Badge;

        public ChainsChangedChainsChangedViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            Badge = json["badge"].IsNull ? null : new ChainsChangedChainsChangedViewerBadge(json["badge"]);
        }
    }

    /// <summary>What changed for the player, and the player after the change. Select what the screen shows.</summary>
    public sealed class ChainsChangedChainsChanged
    {
        /// <summary>The reasons of the change. There are several if more than one thing happened since the last event.</summary>
        public readonly List<ChangeReason> Reasons;
        /// <summary>`Reasons` as it was sent.</summary>
        public readonly List<string> ReasonsText;
        /// <summary>The offer chains that changed. If all three lists are empty, any chain may have changed.</summary>
        public readonly List<string> OfferChainIds;
        /// <summary>The reward chains that changed. If all three lists are empty, any chain may have changed.</summary>
        public readonly List<string> RewardChainIds;
        /// <summary>The daily chains that changed. If all three lists are empty, any chain may have changed.</summary>
        public readonly List<string> DailyChainIds;
        /// <summary>The player, read after the change.</summary>
        public readonly ChainsChangedChainsChangedViewer Viewer;

        public ChainsChangedChainsChanged(Json json)
        {
            Reasons = json["reasons"].Map(one0 => ChangeReasonValues.Parse(one0.Text)) ?? new List<ChangeReason>();
            ReasonsText = json["reasons"].Map(one0 => one0.Text ?? "") ?? new List<string>();
            OfferChainIds = json["offerChainIds"].Map(one0 => one0.Text ?? "") ?? new List<string>();
            RewardChainIds = json["rewardChainIds"].Map(one0 => one0.Text ?? "") ?? new List<string>();
            DailyChainIds = json["dailyChainIds"].Map(one0 => one0.Text ?? "") ?? new List<string>();
            Viewer = new ChainsChangedChainsChangedViewer(json["viewer"]);
        }
    }

    /// <summary>Every subscription that a game can start.</summary>
    public sealed class ChainsChangedData
    {
        /// <summary>An event whenever the player's chains changed, here or on another device. Several changes within a short time may come as one event.</summary>
        public readonly ChainsChangedChainsChanged ChainsChanged;

        public ChainsChangedData(Json json)
        {
            ChainsChanged = new ChainsChangedChainsChanged(json["chainsChanged"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class ClaimAllClaimAvailableRewardsUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public ClaimAllClaimAvailableRewardsUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class ClaimAllClaimAvailableRewardsResultsUserError
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;

        public ClaimAllClaimAvailableRewardsResultsUserError(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
        }
    }

    /// <summary>The result for one step when every ready step was claimed.</summary>
    public sealed class ClaimAllClaimAvailableRewardsResults
    {
        /// <summary>The id of the `RewardStep` or of the `DailyStep`.</summary>
        public readonly string StepId;
        /// <summary>Whether the step is claimed now.</summary>
        public readonly bool IsClaimed;
        /// <summary>Why the step was not claimed; null if it was.</summary>
        public readonly ClaimAllClaimAvailableRewardsResultsUserError UserError;

        public ClaimAllClaimAvailableRewardsResults(Json json)
        {
            StepId = json["stepId"].Text ?? "";
            IsClaimed = json["isClaimed"].Bool;
            UserError = json["userError"].IsNull ? null : new ClaimAllClaimAvailableRewardsResultsUserError(json["userError"]);
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class ClaimAllClaimAvailableRewardsRewardChain
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;

        public ClaimAllClaimAvailableRewardsRewardChain(Json json)
        {
            Id = json["id"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
        }
    }

    /// <summary>The result of claiming every ready step of a chain.</summary>
    public sealed class ClaimAllClaimAvailableRewards
    {
        /// <summary>Why no claim was sent. Errors of single steps are in `results`.</summary>
        public readonly List<ClaimAllClaimAvailableRewardsUserErrors> UserErrors;
        /// <summary>One entry for each step that was ready, in the chain's order.</summary>
        public readonly List<ClaimAllClaimAvailableRewardsResults> Results;
        /// <summary>The chain after the mutation, newly read: draw it again.</summary>
        public readonly ClaimAllClaimAvailableRewardsRewardChain RewardChain;

        public ClaimAllClaimAvailableRewards(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new ClaimAllClaimAvailableRewardsUserErrors(one0)) ?? new List<ClaimAllClaimAvailableRewardsUserErrors>();
            Results = json["results"].Map(one0 => new ClaimAllClaimAvailableRewardsResults(one0)) ?? new List<ClaimAllClaimAvailableRewardsResults>();
            RewardChain = json["rewardChain"].IsNull ? null : new ClaimAllClaimAvailableRewardsRewardChain(json["rewardChain"]);
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class ClaimAllData
    {
        /// <summary>Claim every step that is ready of a reward chain or of a daily chain, each with its own result.</summary>
        public readonly ClaimAllClaimAvailableRewards ClaimAvailableRewards;

        public ClaimAllData(Json json)
        {
            ClaimAvailableRewards = json["claimAvailableRewards"].IsNull ? null : new ClaimAllClaimAvailableRewards(json["claimAvailableRewards"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class ClaimDailyClaimDailyChainStepUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public ClaimDailyClaimDailyChainStepUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>One step of a daily chain.</summary>
    public sealed class ClaimDailyClaimDailyChainStepDailyChainSteps
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>Whether the step is closed, ready to claim or claimed.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;

        public ClaimDailyClaimDailyChainStepDailyChainSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
        }
    }

    /// <summary>A chain of gifts for coming back: its steps open day by day.</summary>
    public sealed class ClaimDailyClaimDailyChainStepDailyChain
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>Seconds to count down until the next step opens; 0 while that is due.</summary>
        public readonly int? SecondsUntilNextUnlock;
        /// <summary>All steps in order.</summary>
        public readonly List<ClaimDailyClaimDailyChainStepDailyChainSteps> Steps;

        public ClaimDailyClaimDailyChainStepDailyChain(Json json)
        {
            Id = json["id"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            SecondsUntilNextUnlock = json["secondsUntilNextUnlock"].IsNull ? (int?)null : json["secondsUntilNextUnlock"].Int;
            Steps = json["steps"].Map(one0 => new ClaimDailyClaimDailyChainStepDailyChainSteps(one0)) ?? new List<ClaimDailyClaimDailyChainStepDailyChainSteps>();
        }
    }

    /// <summary>The result of claiming a daily step.</summary>
    public sealed class ClaimDailyClaimDailyChainStep
    {
        /// <summary>Why it was not done; empty if it was done.</summary>
        public readonly List<ClaimDailyClaimDailyChainStepUserErrors> UserErrors;
        /// <summary>The chain after the mutation, newly read: draw it again.</summary>
        public readonly ClaimDailyClaimDailyChainStepDailyChain DailyChain;

        public ClaimDailyClaimDailyChainStep(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new ClaimDailyClaimDailyChainStepUserErrors(one0)) ?? new List<ClaimDailyClaimDailyChainStepUserErrors>();
            DailyChain = json["dailyChain"].IsNull ? null : new ClaimDailyClaimDailyChainStepDailyChain(json["dailyChain"]);
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class ClaimDailyData
    {
        /// <summary>Claim the step of the day of a daily chain. Safe to send again: a step is granted once.</summary>
        public readonly ClaimDailyClaimDailyChainStep ClaimDailyChainStep;

        public ClaimDailyData(Json json)
        {
            ClaimDailyChainStep = json["claimDailyChainStep"].IsNull ? null : new ClaimDailyClaimDailyChainStep(json["claimDailyChainStep"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class ClaimOfferClaimOfferChainStepUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public ClaimOfferClaimOfferChainStepUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>One step of an offer chain.</summary>
    public sealed class ClaimOfferClaimOfferChainStepOfferChainSteps
    {
        /// <summary>The id for claiming or ordering this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>Whether the step is closed, open or taken.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;

        public ClaimOfferClaimOfferChainStepOfferChainSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
        }
    }

    /// <summary>A chain of offers: each step is free or bought, and opens the next.</summary>
    public sealed class ClaimOfferClaimOfferChainStepOfferChain
    {
        /// <summary>The chain's id, for reading this chain alone.</summary>
        public readonly string Id;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>All steps in order.</summary>
        public readonly List<ClaimOfferClaimOfferChainStepOfferChainSteps> Steps;

        public ClaimOfferClaimOfferChainStepOfferChain(Json json)
        {
            Id = json["id"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            Steps = json["steps"].Map(one0 => new ClaimOfferClaimOfferChainStepOfferChainSteps(one0)) ?? new List<ClaimOfferClaimOfferChainStepOfferChainSteps>();
        }
    }

    /// <summary>The result of claiming a free step.</summary>
    public sealed class ClaimOfferClaimOfferChainStep
    {
        /// <summary>Why it was not done; empty if it was done.</summary>
        public readonly List<ClaimOfferClaimOfferChainStepUserErrors> UserErrors;
        /// <summary>The id of the order that granted the item; null if nothing was claimed.</summary>
        public readonly string OrderId;
        /// <summary>The chain after the mutation, newly read: draw it again.</summary>
        public readonly ClaimOfferClaimOfferChainStepOfferChain OfferChain;

        public ClaimOfferClaimOfferChainStep(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new ClaimOfferClaimOfferChainStepUserErrors(one0)) ?? new List<ClaimOfferClaimOfferChainStepUserErrors>();
            OrderId = json["orderId"].Text;
            OfferChain = json["offerChain"].IsNull ? null : new ClaimOfferClaimOfferChainStepOfferChain(json["offerChain"]);
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class ClaimOfferData
    {
        /// <summary>Claim a free step of an offer chain. Safe to send again: a step is granted once.</summary>
        public readonly ClaimOfferClaimOfferChainStep ClaimOfferChainStep;

        public ClaimOfferData(Json json)
        {
            ClaimOfferChainStep = json["claimOfferChainStep"].IsNull ? null : new ClaimOfferClaimOfferChainStep(json["claimOfferChainStep"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class ClaimRewardClaimRewardChainStepUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public ClaimRewardClaimRewardChainStepUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>One step of a reward chain: a number of points and what it gives.</summary>
    public sealed class ClaimRewardClaimRewardChainStepRewardChainSteps
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's name to show.</summary>
        public readonly string Name;
        /// <summary>Whether the step is closed, ready to claim or claimed.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;

        public ClaimRewardClaimRewardChainStepRewardChainSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class ClaimRewardClaimRewardChainStepRewardChain
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>How many steps are ready to claim: the number in the chain's red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>All steps in order.</summary>
        public readonly List<ClaimRewardClaimRewardChainStepRewardChainSteps> Steps;

        public ClaimRewardClaimRewardChainStepRewardChain(Json json)
        {
            Id = json["id"].Text ?? "";
            ClaimableCount = json["claimableCount"].Int;
            Steps = json["steps"].Map(one0 => new ClaimRewardClaimRewardChainStepRewardChainSteps(one0)) ?? new List<ClaimRewardClaimRewardChainStepRewardChainSteps>();
        }
    }

    /// <summary>The result of claiming a reward step.</summary>
    public sealed class ClaimRewardClaimRewardChainStep
    {
        /// <summary>Why it was not done; empty if it was done.</summary>
        public readonly List<ClaimRewardClaimRewardChainStepUserErrors> UserErrors;
        /// <summary>The chain after the mutation, newly read: draw it again.</summary>
        public readonly ClaimRewardClaimRewardChainStepRewardChain RewardChain;

        public ClaimRewardClaimRewardChainStep(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new ClaimRewardClaimRewardChainStepUserErrors(one0)) ?? new List<ClaimRewardClaimRewardChainStepUserErrors>();
            RewardChain = json["rewardChain"].IsNull ? null : new ClaimRewardClaimRewardChainStepRewardChain(json["rewardChain"]);
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class ClaimRewardData
    {
        /// <summary>Claim a reward step for which the player has enough points. Safe to send again: a step is granted once.</summary>
        public readonly ClaimRewardClaimRewardChainStep ClaimRewardChainStep;

        public ClaimRewardData(Json json)
        {
            ClaimRewardChainStep = json["claimRewardChainStep"].IsNull ? null : new ClaimRewardClaimRewardChainStep(json["claimRewardChainStep"]);
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class DailyChainsViewerDailyChainsStepsItems
    {
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;
        /// <summary>How many of the item the player gets.</summary>
        public readonly long Quantity;

        public DailyChainsViewerDailyChainsStepsItems(Json json)
        {
            Name = json["name"].Text;
            Quantity = json["quantity"].Long;
        }
    }

    /// <summary>One step of a daily chain.</summary>
    public sealed class DailyChainsViewerDailyChainsSteps
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>Whether the step is closed, ready to claim or claimed.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;
        /// <summary>Whether the day of the step passed without a claim: it stays closed. Show it as missed.</summary>
        public readonly bool IsMissed;
        /// <summary>When the step opens, or has opened; null if the upstream does not say.</summary>
        public readonly DateTime? UnlocksAt;
        /// <summary>What the player gets.</summary>
        public readonly List<DailyChainsViewerDailyChainsStepsItems> Items;

        public DailyChainsViewerDailyChainsSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
            IsMissed = json["isMissed"].Bool;
            UnlocksAt = json["unlocksAt"].IsNull ? (DateTime?)null : json["unlocksAt"].Time;
            Items = json["items"].Map(one0 => new DailyChainsViewerDailyChainsStepsItems(one0)) ?? new List<DailyChainsViewerDailyChainsStepsItems>();
        }
    }

    /// <summary>When a chain runs, and when it starts over. Times left are computed for every response.</summary>
    public sealed class DailyChainsViewerDailyChainsSchedule
    {
        /// <summary>The phase that the chain is in: picks the badge on its card.</summary>
        public readonly Phase Phase;
        /// <summary>`Phase` as it was sent.</summary>
        public readonly string PhaseText;
        /// <summary>Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.</summary>
        public readonly string Cycle;

        public DailyChainsViewerDailyChainsSchedule(Json json)
        {
            Phase = PhaseValues.Parse(json["phase"].Text);
            PhaseText = json["phase"].Text ?? "";
            Cycle = json["cycle"].Text;
        }
    }

    /// <summary>A chain of gifts for coming back: its steps open day by day.</summary>
    public sealed class DailyChainsViewerDailyChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>How the chain counts its days.</summary>
        public readonly DailyChainType Type;
        /// <summary>`Type` as it was sent.</summary>
        public readonly string TypeText;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>When the next step opens that is not open yet; null if none will, or the upstream does not say. The step that can be claimed now is missed then.</summary>
        public readonly DateTime? NextUnlockAt;
        /// <summary>Seconds to count down until the next step opens; 0 while that is due.</summary>
        public readonly int? SecondsUntilNextUnlock;
        /// <summary>How many steps are claimed.</summary>
        public readonly int ClaimedCount;
        /// <summary>All steps in order.</summary>
        public readonly List<DailyChainsViewerDailyChainsSteps> Steps;
        /// <summary>When the chain runs. The upstream does not tell when a daily chain starts over; `cycle` changes when it has.</summary>
        public readonly DailyChainsViewerDailyChainsSchedule Schedule;

        public DailyChainsViewerDailyChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            Type = DailyChainTypeValues.Parse(json["type"].Text);
            TypeText = json["type"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            NextUnlockAt = json["nextUnlockAt"].IsNull ? (DateTime?)null : json["nextUnlockAt"].Time;
            SecondsUntilNextUnlock = json["secondsUntilNextUnlock"].IsNull ? (int?)null : json["secondsUntilNextUnlock"].Int;
            ClaimedCount = json["claimedCount"].Int;
            Steps = json["steps"].Map(one0 => new DailyChainsViewerDailyChainsSteps(one0)) ?? new List<DailyChainsViewerDailyChainsSteps>();
            Schedule = new DailyChainsViewerDailyChainsSchedule(json["schedule"]);
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class DailyChainsViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>All running daily chains, in the order to show them in.</summary>
        public readonly List<DailyChainsViewerDailyChains> DailyChains;

        public DailyChainsViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            DailyChains = json["dailyChains"].Map(one0 => new DailyChainsViewerDailyChains(one0));
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class DailyChainsData
    {
        /// <summary>The gateway's time. Count down against it, and not against the device's clock.</summary>
        public readonly DateTime ServerTime;
        /// <summary>The player whose token came with the request.</summary>
        public readonly DailyChainsViewer Viewer;

        public DailyChainsData(Json json)
        {
            ServerTime = json["serverTime"].Time;
            Viewer = new DailyChainsViewer(json["viewer"]);
        }
    }

    /// <summary>One step of a reward chain: a number of points and what it gives.</summary>
    public sealed class EarnPointsViewerRewardChainsNextStep
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The points still missing; 0 when they are reached or the step is claimed.</summary>
        public readonly long PointsMissing;

        public EarnPointsViewerRewardChainsNextStep(Json json)
        {
            Id = json["id"].Text ?? "";
            PointsMissing = json["pointsMissing"].Long;
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class EarnPointsViewerRewardChainsEarnByItem
    {
        /// <summary>The item's key in the game's catalog.</summary>
        public readonly string Sku;
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;

        public EarnPointsViewerRewardChainsEarnByItem(Json json)
        {
            Sku = json["sku"].Text ?? "";
            Name = json["name"].Text;
        }
    }

    /// <summary>An exact amount of money.</summary>
    public sealed class EarnPointsViewerRewardChainsEarnByPrice
    {
        /// <summary>The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A virtual currency is named by its SKU.</summary>
        public readonly string Display;

        public EarnPointsViewerRewardChainsEarnByPrice(Json json)
        {
            Display = json["display"].Text ?? "";
        }
    }

    /// <summary>An exact amount of money.</summary>
    public sealed class EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount
    {
        /// <summary>The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A virtual currency is named by its SKU.</summary>
        public readonly string Display;

        public EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount(Json json)
        {
            Display = json["display"].Text ?? "";
        }
    }

    /// <summary>How often something can be bought.</summary>
    public sealed class EarnPointsViewerRewardChainsEarnByLimitsPerPlayer
    {
        /// <summary>How often still: for a player without a token, as often as in all.</summary>
        public readonly long? Available;

        public EarnPointsViewerRewardChainsEarnByLimitsPerPlayer(Json json)
        {
            Available = json["available"].IsNull ? (long?)null : json["available"].Long;
        }
    }

    /// <summary>How often an item or a promotion can be bought.</summary>
    public sealed class EarnPointsViewerRewardChainsEarnByLimits
    {
        /// <summary>The player's own limit; null if there is none.</summary>
        public readonly EarnPointsViewerRewardChainsEarnByLimitsPerPlayer PerPlayer;

        public EarnPointsViewerRewardChainsEarnByLimits(Json json)
        {
            PerPlayer = json["perPlayer"].IsNull ? null : new EarnPointsViewerRewardChainsEarnByLimitsPerPlayer(json["perPlayer"]);
        }
    }

    /// <summary>An item that gives points of a chain when it is bought with `orderItem`.</summary>
    public sealed class EarnPointsViewerRewardChainsEarnBy
    {
        /// <summary>How many points of the chain one unit gives.</summary>
        public readonly long Points;
        /// <summary>Whether `orderItem` takes the item now: it is on sale, and no limit is reached.</summary>
        public readonly bool CanOrder;
        /// <summary>The item: its picture, its name, and the `sku` to order it by.</summary>
        public readonly EarnPointsViewerRewardChainsEarnByItem Item;
        /// <summary>The price in real money. Only purchases in real money give points.</summary>
        public readonly EarnPointsViewerRewardChainsEarnByPrice Price;
        /// <summary>The price before the discount, for striking it through; null where there is no discount.</summary>
        public readonly EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount PriceBeforeDiscount;
        /// <summary>How often the item can be bought; null if there is no limit.</summary>
        public readonly EarnPointsViewerRewardChainsEarnByLimits Limits;

        public EarnPointsViewerRewardChainsEarnBy(Json json)
        {
            Points = json["points"].Long;
            CanOrder = json["canOrder"].Bool;
            Item = new EarnPointsViewerRewardChainsEarnByItem(json["item"]);
            Price = json["price"].IsNull ? null : new EarnPointsViewerRewardChainsEarnByPrice(json["price"]);
            PriceBeforeDiscount = json["priceBeforeDiscount"].IsNull ? null : new EarnPointsViewerRewardChainsEarnByPriceBeforeDiscount(json["priceBeforeDiscount"]);
            Limits = json["limits"].IsNull ? null : new EarnPointsViewerRewardChainsEarnByLimits(json["limits"]);
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class EarnPointsViewerRewardChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.</summary>
        public readonly EarnPointsViewerRewardChainsNextStep NextStep;
        /// <summary>The items that give points of this chain when they are bought with `orderItem`, in the store's order: what to offer a player whose `nextAction` is `EARN_POINTS`. May cost upstream calls.</summary>
        public readonly List<EarnPointsViewerRewardChainsEarnBy> EarnBy;

        public EarnPointsViewerRewardChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            NextStep = json["nextStep"].IsNull ? null : new EarnPointsViewerRewardChainsNextStep(json["nextStep"]);
            EarnBy = json["earnBy"].Map(one0 => new EarnPointsViewerRewardChainsEarnBy(one0));
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class EarnPointsViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>All reward chains, personal and clan, in the order to show them in.</summary>
        public readonly List<EarnPointsViewerRewardChains> RewardChains;

        public EarnPointsViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            RewardChains = json["rewardChains"].Map(one0 => new EarnPointsViewerRewardChains(one0));
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class EarnPointsData
    {
        /// <summary>The player whose token came with the request.</summary>
        public readonly EarnPointsViewer Viewer;

        public EarnPointsData(Json json)
        {
            Viewer = new EarnPointsViewer(json["viewer"]);
        }
    }

    /// <summary>What the main menu shows about all chains together.</summary>
    public sealed class HomeViewerBadge
    {
        /// <summary>How many steps can be claimed for free now: the number in the red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a daily step that can be claimed is missed; null if there is none.</summary>
        public readonly DateTime? NextExpiry;

        public HomeViewerBadge(Json json)
        {
            ClaimableCount = json["claimableCount"].Int;
            NextExpiry = json["nextExpiry"].IsNull ? (DateTime?)null : json["nextExpiry"].Time;
        }
    }

    /// <summary>When a chain runs, and when it starts over. Times left are computed for every response.</summary>
    public sealed class HomeViewerOfferChainsSchedule
    {
        /// <summary>The phase that the chain is in: picks the badge on its card.</summary>
        public readonly Phase Phase;
        /// <summary>`Phase` as it was sent.</summary>
        public readonly string PhaseText;
        /// <summary>Seconds to count down to the end; 0 when it is over, null when there is no end.</summary>
        public readonly int? SecondsUntilEnd;
        /// <summary>Seconds to count down until progress starts over; 0 while that is due.</summary>
        public readonly int? SecondsUntilReset;
        /// <summary>Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.</summary>
        public readonly string Cycle;

        public HomeViewerOfferChainsSchedule(Json json)
        {
            Phase = PhaseValues.Parse(json["phase"].Text);
            PhaseText = json["phase"].Text ?? "";
            SecondsUntilEnd = json["secondsUntilEnd"].IsNull ? (int?)null : json["secondsUntilEnd"].Int;
            SecondsUntilReset = json["secondsUntilReset"].IsNull ? (int?)null : json["secondsUntilReset"].Int;
            Cycle = json["cycle"].Text;
        }
    }

    /// <summary>An exact amount of money.</summary>
    public sealed class HomeViewerOfferChainsStepsPrice
    {
        /// <summary>The amount, exact: never a rounded float. To show it, see `display`.</summary>
        public readonly decimal Amount;
        /// <summary>The currency's ISO 4217 code, or the SKU of a virtual currency.</summary>
        public readonly string Currency;

        public HomeViewerOfferChainsStepsPrice(Json json)
        {
            Amount = json["amount"].Decimal;
            Currency = json["currency"].Text ?? "";
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class HomeViewerOfferChainsStepsItems
    {
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;
        /// <summary>How many of the item the player gets.</summary>
        public readonly long Quantity;
        /// <summary>The item's picture.</summary>
        public readonly string ImageUrl;

        public HomeViewerOfferChainsStepsItems(Json json)
        {
            Name = json["name"].Text;
            Quantity = json["quantity"].Long;
            ImageUrl = json["imageUrl"].Text;
        }
    }

    /// <summary>Value points that come with a step.</summary>
    public sealed class HomeViewerOfferChainsStepsValuePoints
    {
        /// <summary>The points' name to show.</summary>
        public readonly string Name;
        /// <summary>How many points the step gives.</summary>
        public readonly long Amount;

        public HomeViewerOfferChainsStepsValuePoints(Json json)
        {
            Name = json["name"].Text;
            Amount = json["amount"].Long;
        }
    }

    /// <summary>One step of an offer chain.</summary>
    public sealed class HomeViewerOfferChainsSteps
    {
        /// <summary>The id for claiming or ordering this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>Whether the step is closed, open or taken.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;
        /// <summary>True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.</summary>
        public readonly bool IsFree;
        /// <summary>The price to show on a paid step; null on a free one.</summary>
        public readonly HomeViewerOfferChainsStepsPrice Price;
        /// <summary>What the player gets; at present always one item.</summary>
        public readonly List<HomeViewerOfferChainsStepsItems> Items;
        /// <summary>Value points that come with the step.</summary>
        public readonly List<HomeViewerOfferChainsStepsValuePoints> ValuePoints;

        public HomeViewerOfferChainsSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
            IsFree = json["isFree"].Bool;
            Price = json["price"].IsNull ? null : new HomeViewerOfferChainsStepsPrice(json["price"]);
            Items = json["items"].Map(one0 => new HomeViewerOfferChainsStepsItems(one0)) ?? new List<HomeViewerOfferChainsStepsItems>();
            ValuePoints = json["valuePoints"].Map(one0 => new HomeViewerOfferChainsStepsValuePoints(one0)) ?? new List<HomeViewerOfferChainsStepsValuePoints>();
        }
    }

    /// <summary>A chain of offers: each step is free or bought, and opens the next.</summary>
    public sealed class HomeViewerOfferChains
    {
        /// <summary>The chain's id, for reading this chain alone.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>Steps taken in whole percent: the progress bar.</summary>
        public readonly int ProgressPercent;
        /// <summary>When the chain runs, and when it starts over.</summary>
        public readonly HomeViewerOfferChainsSchedule Schedule;
        /// <summary>All steps in order.</summary>
        public readonly List<HomeViewerOfferChainsSteps> Steps;

        public HomeViewerOfferChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            ProgressPercent = json["progressPercent"].Int;
            Schedule = new HomeViewerOfferChainsSchedule(json["schedule"]);
            Steps = json["steps"].Map(one0 => new HomeViewerOfferChainsSteps(one0)) ?? new List<HomeViewerOfferChainsSteps>();
        }
    }

    /// <summary>When a chain runs, and when it starts over. Times left are computed for every response.</summary>
    public sealed class HomeViewerRewardChainsSchedule
    {
        /// <summary>Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.</summary>
        public readonly string Cycle;

        public HomeViewerRewardChainsSchedule(Json json)
        {
            Cycle = json["cycle"].Text;
        }
    }

    /// <summary>Value points held by the player, or by the clan.</summary>
    public sealed class HomeViewerRewardChainsBalance
    {
        /// <summary>The points' name to show.</summary>
        public readonly string Name;
        /// <summary>How many points are held.</summary>
        public readonly long Amount;

        public HomeViewerRewardChainsBalance(Json json)
        {
            Name = json["name"].Text ?? "";
            Amount = json["amount"].Long;
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class HomeViewerRewardChainsStepsRewards
    {
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;
        /// <summary>How many of the item the player gets.</summary>
        public readonly long Quantity;
        /// <summary>The item's picture.</summary>
        public readonly string ImageUrl;

        public HomeViewerRewardChainsStepsRewards(Json json)
        {
            Name = json["name"].Text;
            Quantity = json["quantity"].Long;
            ImageUrl = json["imageUrl"].Text;
        }
    }

    /// <summary>One step of a reward chain: a number of points and what it gives.</summary>
    public sealed class HomeViewerRewardChainsSteps
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's name to show.</summary>
        public readonly string Name;
        /// <summary>Whether the step is closed, ready to claim or claimed.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;
        /// <summary>The points that open the step.</summary>
        public readonly long PointsRequired;
        /// <summary>The points still missing; 0 when they are reached or the step is claimed.</summary>
        public readonly long PointsMissing;
        /// <summary>What the player gets.</summary>
        public readonly List<HomeViewerRewardChainsStepsRewards> Rewards;

        public HomeViewerRewardChainsSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
            PointsRequired = json["pointsRequired"].Long;
            PointsMissing = json["pointsMissing"].Long;
            Rewards = json["rewards"].Map(one0 => new HomeViewerRewardChainsStepsRewards(one0)) ?? new List<HomeViewerRewardChainsStepsRewards>();
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class HomeViewerRewardChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>Whether the points of a whole clan count.</summary>
        public readonly bool IsClan;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>How many steps are ready to claim: the number in the chain's red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>When the chain runs, and when it starts over.</summary>
        public readonly HomeViewerRewardChainsSchedule Schedule;
        /// <summary>The points that count for this chain: the number beside its bar. May cost an upstream call.</summary>
        public readonly HomeViewerRewardChainsBalance Balance;
        /// <summary>All steps in order.</summary>
        public readonly List<HomeViewerRewardChainsSteps> Steps;

        public HomeViewerRewardChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            IsClan = json["isClan"].Bool;
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            ClaimableCount = json["claimableCount"].Int;
            Schedule = new HomeViewerRewardChainsSchedule(json["schedule"]);
            Balance = json["balance"].IsNull ? null : new HomeViewerRewardChainsBalance(json["balance"]);
            Steps = json["steps"].Map(one0 => new HomeViewerRewardChainsSteps(one0)) ?? new List<HomeViewerRewardChainsSteps>();
        }
    }

    /// <summary>When a chain runs, and when it starts over. Times left are computed for every response.</summary>
    public sealed class HomeViewerDailyChainsSchedule
    {
        /// <summary>Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.</summary>
        public readonly string Cycle;

        public HomeViewerDailyChainsSchedule(Json json)
        {
            Cycle = json["cycle"].Text;
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class HomeViewerDailyChainsStepsItems
    {
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;
        /// <summary>How many of the item the player gets.</summary>
        public readonly long Quantity;
        /// <summary>The item's picture.</summary>
        public readonly string ImageUrl;

        public HomeViewerDailyChainsStepsItems(Json json)
        {
            Name = json["name"].Text;
            Quantity = json["quantity"].Long;
            ImageUrl = json["imageUrl"].Text;
        }
    }

    /// <summary>One step of a daily chain.</summary>
    public sealed class HomeViewerDailyChainsSteps
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>Whether the step is closed, ready to claim or claimed.</summary>
        public readonly StepState State;
        /// <summary>`State` as it was sent.</summary>
        public readonly string StateText;
        /// <summary>Whether the day of the step passed without a claim: it stays closed. Show it as missed.</summary>
        public readonly bool IsMissed;
        /// <summary>What the player gets.</summary>
        public readonly List<HomeViewerDailyChainsStepsItems> Items;

        public HomeViewerDailyChainsSteps(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            State = StepStateValues.Parse(json["state"].Text);
            StateText = json["state"].Text ?? "";
            IsMissed = json["isMissed"].Bool;
            Items = json["items"].Map(one0 => new HomeViewerDailyChainsStepsItems(one0)) ?? new List<HomeViewerDailyChainsStepsItems>();
        }
    }

    /// <summary>A chain of gifts for coming back: its steps open day by day.</summary>
    public sealed class HomeViewerDailyChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>How the chain counts its days.</summary>
        public readonly DailyChainType Type;
        /// <summary>`Type` as it was sent.</summary>
        public readonly string TypeText;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>How many steps are ready to claim: the number in the chain's red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>Seconds to count down until the next step opens; 0 while that is due.</summary>
        public readonly int? SecondsUntilNextUnlock;
        /// <summary>When the chain runs. The upstream does not tell when a daily chain starts over; `cycle` changes when it has.</summary>
        public readonly HomeViewerDailyChainsSchedule Schedule;
        /// <summary>All steps in order.</summary>
        public readonly List<HomeViewerDailyChainsSteps> Steps;

        public HomeViewerDailyChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            Type = DailyChainTypeValues.Parse(json["type"].Text);
            TypeText = json["type"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            ClaimableCount = json["claimableCount"].Int;
            SecondsUntilNextUnlock = json["secondsUntilNextUnlock"].IsNull ? (int?)null : json["secondsUntilNextUnlock"].Int;
            Schedule = new HomeViewerDailyChainsSchedule(json["schedule"]);
            Steps = json["steps"].Map(one0 => new HomeViewerDailyChainsSteps(one0)) ?? new List<HomeViewerDailyChainsSteps>();
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class HomeViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>Whether a player's token came with the request. Without one, progress is not shown.</summary>
        public readonly bool IsSignedIn;
        /// <summary>What the main menu shows about all chains: the red dot.</summary>
        public readonly HomeViewerBadge Badge;
        /// <summary>All running offer chains, in the order to show them in.</summary>
        public readonly List<HomeViewerOfferChains> OfferChains;
        /// <summary>All reward chains, personal and clan, in the order to show them in.</summary>
        public readonly List<HomeViewerRewardChains> RewardChains;
        /// <summary>All running daily chains, in the order to show them in.</summary>
        public readonly List<HomeViewerDailyChains> DailyChains;

        public HomeViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            IsSignedIn = json["isSignedIn"].Bool;
            Badge = json["badge"].IsNull ? null : new HomeViewerBadge(json["badge"]);
            OfferChains = json["offerChains"].Map(one0 => new HomeViewerOfferChains(one0));
            RewardChains = json["rewardChains"].Map(one0 => new HomeViewerRewardChains(one0));
            DailyChains = json["dailyChains"].Map(one0 => new HomeViewerDailyChains(one0));
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class HomeData
    {
        /// <summary>The gateway's time. Count down against it, and not against the device's clock.</summary>
        public readonly DateTime ServerTime;
        /// <summary>The player whose token came with the request.</summary>
        public readonly HomeViewer Viewer;

        public HomeData(Json json)
        {
            ServerTime = json["serverTime"].Time;
            Viewer = new HomeViewer(json["viewer"]);
        }
    }

    /// <summary>An exact amount of money.</summary>
    public sealed class OfferChainViewerOfferChainNextStepPrice
    {
        /// <summary>The amount, exact: never a rounded float. To show it, see `display`.</summary>
        public readonly decimal Amount;
        /// <summary>The currency's ISO 4217 code, or the SKU of a virtual currency.</summary>
        public readonly string Currency;

        public OfferChainViewerOfferChainNextStepPrice(Json json)
        {
            Amount = json["amount"].Decimal;
            Currency = json["currency"].Text ?? "";
        }
    }

    /// <summary>One step of an offer chain.</summary>
    public sealed class OfferChainViewerOfferChainNextStep
    {
        /// <summary>The id for claiming or ordering this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.</summary>
        public readonly bool IsFree;
        /// <summary>The price to show on a paid step; null on a free one.</summary>
        public readonly OfferChainViewerOfferChainNextStepPrice Price;

        public OfferChainViewerOfferChainNextStep(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            IsFree = json["isFree"].Bool;
            Price = json["price"].IsNull ? null : new OfferChainViewerOfferChainNextStepPrice(json["price"]);
        }
    }

    /// <summary>A chain of offers: each step is free or bought, and opens the next.</summary>
    public sealed class OfferChainViewerOfferChain
    {
        /// <summary>The chain's id, for reading this chain alone.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>A text about the chain to show.</summary>
        public readonly string Description;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none.</summary>
        public readonly OfferChainViewerOfferChainNextStep NextStep;
        /// <summary>How many steps are taken.</summary>
        public readonly int ClaimedCount;
        /// <summary>Whether every step is taken: show the chain as done.</summary>
        public readonly bool IsCompleted;

        public OfferChainViewerOfferChain(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            Description = json["description"].Text;
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            NextStep = json["nextStep"].IsNull ? null : new OfferChainViewerOfferChainNextStep(json["nextStep"]);
            ClaimedCount = json["claimedCount"].Int;
            IsCompleted = json["isCompleted"].Bool;
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class OfferChainViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>One offer chain; null if the player has none with this id.</summary>
        public readonly OfferChainViewerOfferChain OfferChain;

        public OfferChainViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            OfferChain = json["offerChain"].IsNull ? null : new OfferChainViewerOfferChain(json["offerChain"]);
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class OfferChainData
    {
        /// <summary>The player whose token came with the request.</summary>
        public readonly OfferChainViewer Viewer;

        public OfferChainData(Json json)
        {
            Viewer = new OfferChainViewer(json["viewer"]);
        }
    }

    /// <summary>An exact amount of money.</summary>
    public sealed class OrderOrderTotal
    {
        /// <summary>The amount, exact: never a rounded float. To show it, see `display`.</summary>
        public readonly decimal Amount;
        /// <summary>The currency's ISO 4217 code, or the SKU of a virtual currency.</summary>
        public readonly string Currency;

        public OrderOrderTotal(Json json)
        {
            Amount = json["amount"].Decimal;
            Currency = json["currency"].Text ?? "";
        }
    }

    /// <summary>One position of an order.</summary>
    public sealed class OrderOrderItems
    {
        /// <summary>The item's key in the game's catalog.</summary>
        public readonly string Sku;
        /// <summary>The number of items.</summary>
        public readonly long Quantity;

        public OrderOrderItems(Json json)
        {
            Sku = json["sku"].Text ?? "";
            Quantity = json["quantity"].Long;
        }
    }

    /// <summary>An order of the player.</summary>
    public sealed class OrderOrder
    {
        /// <summary>The order's id, for reading the order again.</summary>
        public readonly string Id;
        /// <summary>The order's status: what to tell the player.</summary>
        public readonly OrderStatus Status;
        /// <summary>`Status` as it was sent.</summary>
        public readonly string StatusText;
        /// <summary>Whether the status is final: stop reading the order again.</summary>
        public readonly bool IsTerminal;
        /// <summary>What the order costs, in money or in a virtual currency; null if it is free.</summary>
        public readonly OrderOrderTotal Total;
        /// <summary>What was ordered.</summary>
        public readonly List<OrderOrderItems> Items;

        public OrderOrder(Json json)
        {
            Id = json["id"].Text ?? "";
            Status = OrderStatusValues.Parse(json["status"].Text);
            StatusText = json["status"].Text ?? "";
            IsTerminal = json["isTerminal"].Bool;
            Total = json["total"].IsNull ? null : new OrderOrderTotal(json["total"]);
            Items = json["items"].Map(one0 => new OrderOrderItems(one0)) ?? new List<OrderOrderItems>();
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class OrderData
    {
        /// <summary>One of the player's orders; null if they have none with this id.</summary>
        public readonly OrderOrder Order;

        public OrderData(Json json)
        {
            Order = json["order"].IsNull ? null : new OrderOrder(json["order"]);
        }
    }

    /// <summary>An order of the player.</summary>
    public sealed class OrderUpdatedOrderUpdated
    {
        /// <summary>The order's id, for reading the order again.</summary>
        public readonly string Id;
        /// <summary>The order's status: what to tell the player.</summary>
        public readonly OrderStatus Status;
        /// <summary>`Status` as it was sent.</summary>
        public readonly string StatusText;
        /// <summary>Whether the status is final: stop reading the order again.</summary>
        public readonly bool IsTerminal;

        public OrderUpdatedOrderUpdated(Json json)
        {
            Id = json["id"].Text ?? "";
            Status = OrderStatusValues.Parse(json["status"].Text);
            StatusText = json["status"].Text ?? "";
            IsTerminal = json["isTerminal"].Bool;
        }
    }

    /// <summary>Every subscription that a game can start.</summary>
    public sealed class OrderUpdatedData
    {
        /// <summary>An order as it is now, and again whenever it changes. Ends after a final status, and after 10 minutes at most.</summary>
        public readonly OrderUpdatedOrderUpdated OrderUpdated;

        public OrderUpdatedData(Json json)
        {
            OrderUpdated = new OrderUpdatedOrderUpdated(json["orderUpdated"]);
        }
    }

    /// <summary>What the main menu shows about all chains together.</summary>
    public sealed class OverviewViewerBadge
    {
        /// <summary>How many steps can be claimed for free now: the number in the red dot.</summary>
        public readonly int ClaimableCount;

        public OverviewViewerBadge(Json json)
        {
            ClaimableCount = json["claimableCount"].Int;
        }
    }

    /// <summary>An exact amount of money.</summary>
    public sealed class OverviewViewerOfferChainsNextStepPrice
    {
        /// <summary>The amount, exact: never a rounded float. To show it, see `display`.</summary>
        public readonly decimal Amount;
        /// <summary>The currency's ISO 4217 code, or the SKU of a virtual currency.</summary>
        public readonly string Currency;

        public OverviewViewerOfferChainsNextStepPrice(Json json)
        {
            Amount = json["amount"].Decimal;
            Currency = json["currency"].Text ?? "";
        }
    }

    /// <summary>One step of an offer chain.</summary>
    public sealed class OverviewViewerOfferChainsNextStep
    {
        /// <summary>The id for claiming or ordering this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.</summary>
        public readonly bool IsFree;
        /// <summary>The price to show on a paid step; null on a free one.</summary>
        public readonly OverviewViewerOfferChainsNextStepPrice Price;

        public OverviewViewerOfferChainsNextStep(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            IsFree = json["isFree"].Bool;
            Price = json["price"].IsNull ? null : new OverviewViewerOfferChainsNextStepPrice(json["price"]);
        }
    }

    /// <summary>A chain of offers: each step is free or bought, and opens the next.</summary>
    public sealed class OverviewViewerOfferChains
    {
        /// <summary>The chain's id, for reading this chain alone.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none.</summary>
        public readonly OverviewViewerOfferChainsNextStep NextStep;

        public OverviewViewerOfferChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            NextStep = json["nextStep"].IsNull ? null : new OverviewViewerOfferChainsNextStep(json["nextStep"]);
        }
    }

    /// <summary>Value points held by the player, or by the clan.</summary>
    public sealed class OverviewViewerRewardChainsBalance
    {
        /// <summary>How many points are held.</summary>
        public readonly long Amount;

        public OverviewViewerRewardChainsBalance(Json json)
        {
            Amount = json["amount"].Long;
        }
    }

    /// <summary>One step of a reward chain: a number of points and what it gives.</summary>
    public sealed class OverviewViewerRewardChainsNextStep
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's name to show.</summary>
        public readonly string Name;
        /// <summary>The points that open the step.</summary>
        public readonly long PointsRequired;
        /// <summary>The points still missing; 0 when they are reached or the step is claimed.</summary>
        public readonly long PointsMissing;

        public OverviewViewerRewardChainsNextStep(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            PointsRequired = json["pointsRequired"].Long;
            PointsMissing = json["pointsMissing"].Long;
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class OverviewViewerRewardChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>How many steps are ready to claim: the number in the chain's red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>The points that count for this chain: the number beside its bar. May cost an upstream call.</summary>
        public readonly OverviewViewerRewardChainsBalance Balance;
        /// <summary>The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.</summary>
        public readonly OverviewViewerRewardChainsNextStep NextStep;

        public OverviewViewerRewardChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            ClaimableCount = json["claimableCount"].Int;
            Balance = json["balance"].IsNull ? null : new OverviewViewerRewardChainsBalance(json["balance"]);
            NextStep = json["nextStep"].IsNull ? null : new OverviewViewerRewardChainsNextStep(json["nextStep"]);
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class OverviewViewerDailyChainsNextStepItems
    {
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;
        /// <summary>How many of the item the player gets.</summary>
        public readonly long Quantity;

        public OverviewViewerDailyChainsNextStepItems(Json json)
        {
            Name = json["name"].Text;
            Quantity = json["quantity"].Long;
        }
    }

    /// <summary>One step of a daily chain.</summary>
    public sealed class OverviewViewerDailyChainsNextStep
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's place in the chain, for drawing it.</summary>
        public readonly int Number;
        /// <summary>What the player gets.</summary>
        public readonly List<OverviewViewerDailyChainsNextStepItems> Items;

        public OverviewViewerDailyChainsNextStep(Json json)
        {
            Id = json["id"].Text ?? "";
            Number = json["number"].Int;
            Items = json["items"].Map(one0 => new OverviewViewerDailyChainsNextStepItems(one0)) ?? new List<OverviewViewerDailyChainsNextStepItems>();
        }
    }

    /// <summary>A chain of gifts for coming back: its steps open day by day.</summary>
    public sealed class OverviewViewerDailyChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;
        /// <summary>How many steps are ready to claim: the number in the chain's red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>The step to point at: the one to claim, else the next one to open; null if there is none.</summary>
        public readonly OverviewViewerDailyChainsNextStep NextStep;

        public OverviewViewerDailyChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
            ClaimableCount = json["claimableCount"].Int;
            NextStep = json["nextStep"].IsNull ? null : new OverviewViewerDailyChainsNextStep(json["nextStep"]);
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class OverviewViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>What the main menu shows about all chains: the red dot.</summary>
        public readonly OverviewViewerBadge Badge;
        /// <summary>All running offer chains, in the order to show them in.</summary>
        public readonly List<OverviewViewerOfferChains> OfferChains;
        /// <summary>All reward chains, personal and clan, in the order to show them in.</summary>
        public readonly List<OverviewViewerRewardChains> RewardChains;
        /// <summary>All running daily chains, in the order to show them in.</summary>
        public readonly List<OverviewViewerDailyChains> DailyChains;

        public OverviewViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            Badge = json["badge"].IsNull ? null : new OverviewViewerBadge(json["badge"]);
            OfferChains = json["offerChains"].Map(one0 => new OverviewViewerOfferChains(one0));
            RewardChains = json["rewardChains"].Map(one0 => new OverviewViewerRewardChains(one0));
            DailyChains = json["dailyChains"].Map(one0 => new OverviewViewerDailyChains(one0));
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class OverviewData
    {
        /// <summary>The player whose token came with the request.</summary>
        public readonly OverviewViewer Viewer;

        public OverviewData(Json json)
        {
            Viewer = new OverviewViewer(json["viewer"]);
        }
    }

    /// <summary>What the token that came with the request says of itself.</summary>
    public sealed class RefreshSession
    {
        /// <summary>Seconds until the token ends: get a new one before. Null without a token, and where it does not say.</summary>
        public readonly int? ExpiresInSeconds;

        public RefreshSession(Json json)
        {
            ExpiresInSeconds = json["expiresInSeconds"].IsNull ? (int?)null : json["expiresInSeconds"].Int;
        }
    }

    /// <summary>What the main menu shows about all chains together.</summary>
    public sealed class RefreshViewerBadge
    {
        /// <summary>How many steps can be claimed for free now: the number in the red dot.</summary>
        public readonly int ClaimableCount;
        /// <summary>Whether it counts copies of chains or points, because the upstream could not be read.</summary>
        public readonly bool IsStale;

        public RefreshViewerBadge(Json json)
        {
            ClaimableCount = json["claimableCount"].Int;
            IsStale = json["isStale"].Bool;
        }
    }

    /// <summary>A chain of offers: each step is free or bought, and opens the next.</summary>
    public sealed class RefreshViewerOfferChains
    {
        /// <summary>The chain's id, for reading this chain alone.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>Whether this is a copy, shown because the upstream could not be read.</summary>
        public readonly bool IsStale;
        /// <summary>How old the copy is; null unless `isStale`.</summary>
        public readonly int? AgeSeconds;
        /// <summary>What the player has to do next: the label of the chain's button.</summary>
        public readonly NextAction NextAction;
        /// <summary>`NextAction` as it was sent.</summary>
        public readonly string NextActionText;

        public RefreshViewerOfferChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            IsStale = json["isStale"].Bool;
            AgeSeconds = json["ageSeconds"].IsNull ? (int?)null : json["ageSeconds"].Int;
            NextAction = NextActionValues.Parse(json["nextAction"].Text);
            NextActionText = json["nextAction"].Text ?? "";
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class RefreshViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>The language that texts are asked for in: `locale`, or else the one that `Accept-Language` wants most. The upstream does not tell which it has; null where it chooses.</summary>
        public readonly string LocaleUsed;
        /// <summary>What the main menu shows about all chains: the red dot.</summary>
        public readonly RefreshViewerBadge Badge;
        /// <summary>All running offer chains, in the order to show them in.</summary>
        public readonly List<RefreshViewerOfferChains> OfferChains;

        public RefreshViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            LocaleUsed = json["localeUsed"].Text;
            Badge = json["badge"].IsNull ? null : new RefreshViewerBadge(json["badge"]);
            OfferChains = json["offerChains"].Map(one0 => new RefreshViewerOfferChains(one0));
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class RefreshData
    {
        /// <summary>The token that came with the request, as far as it tells. Costs no upstream call.</summary>
        public readonly RefreshSession Session;
        /// <summary>The player whose token came with the request.</summary>
        public readonly RefreshViewer Viewer;

        public RefreshData(Json json)
        {
            Session = new RefreshSession(json["session"]);
            Viewer = new RefreshViewer(json["viewer"]);
        }
    }

    /// <summary>Value points held by the player, or by the clan.</summary>
    public sealed class RewardChainsViewerRewardChainsBalance
    {
        /// <summary>How many points are held.</summary>
        public readonly long Amount;
        /// <summary>Whether the points belong to the clan.</summary>
        public readonly bool IsClan;

        public RewardChainsViewerRewardChainsBalance(Json json)
        {
            Amount = json["amount"].Long;
            IsClan = json["isClan"].Bool;
        }
    }

    /// <summary>One step of a reward chain: a number of points and what it gives.</summary>
    public sealed class RewardChainsViewerRewardChainsNextStep
    {
        /// <summary>The id for claiming this step.</summary>
        public readonly string Id;
        /// <summary>The step's name to show.</summary>
        public readonly string Name;
        /// <summary>The points still missing; 0 when they are reached or the step is claimed.</summary>
        public readonly long PointsMissing;

        public RewardChainsViewerRewardChainsNextStep(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            PointsMissing = json["pointsMissing"].Long;
        }
    }

    /// <summary>A clan member who contributed points.</summary>
    public sealed class RewardChainsViewerRewardChainsTopContributors
    {
        /// <summary>The member's name to show.</summary>
        public readonly string Name;
        /// <summary>The points that the member contributed.</summary>
        public readonly long Amount;

        public RewardChainsViewerRewardChainsTopContributors(Json json)
        {
            Name = json["name"].Text ?? "";
            Amount = json["amount"].Long;
        }
    }

    /// <summary>A hint to show when the player wants to know how a chain works.</summary>
    public sealed class RewardChainsViewerRewardChainsPopup
    {
        /// <summary>The hint's heading, in the player's language where there is one.</summary>
        public readonly string Header;
        /// <summary>The hint's text, in the player's language where there is one.</summary>
        public readonly string Instruction;

        public RewardChainsViewerRewardChainsPopup(Json json)
        {
            Header = json["header"].Text;
            Instruction = json["instruction"].Text;
        }
    }

    /// <summary>When a chain runs, and when it starts over. Times left are computed for every response.</summary>
    public sealed class RewardChainsViewerRewardChainsSchedule
    {
        /// <summary>How often the chain starts over; null if it never does.</summary>
        public readonly ResetInterval? ResetInterval;
        /// <summary>`ResetInterval` as it was sent.</summary>
        public readonly string ResetIntervalText;
        /// <summary>When progress starts over; null if it never does.</summary>
        public readonly DateTime? ResetsAt;

        public RewardChainsViewerRewardChainsSchedule(Json json)
        {
            ResetInterval = json["resetInterval"].IsNull ? (ResetInterval?)null : ResetIntervalValues.Parse(json["resetInterval"].Text);
            ResetIntervalText = json["resetInterval"].Text;
            ResetsAt = json["resetsAt"].IsNull ? (DateTime?)null : json["resetsAt"].Time;
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class RewardChainsViewerRewardChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>What the game calls a clan; null on a personal chain.</summary>
        public readonly ClanType? ClanType;
        /// <summary>`ClanType` as it was sent.</summary>
        public readonly string ClanTypeText;
        /// <summary>The points that count for this chain: the number beside its bar. May cost an upstream call.</summary>
        public readonly RewardChainsViewerRewardChainsBalance Balance;
        /// <summary>The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.</summary>
        public readonly RewardChainsViewerRewardChainsNextStep NextStep;
        /// <summary>The ten clan members, or fewer, who contributed most points; empty on a personal chain, and for a player without a clan. Costs an upstream call.</summary>
        public readonly List<RewardChainsViewerRewardChainsTopContributors> TopContributors;
        /// <summary>A hint about how the chain works; null if there is none.</summary>
        public readonly RewardChainsViewerRewardChainsPopup Popup;
        /// <summary>When the chain runs, and when it starts over.</summary>
        public readonly RewardChainsViewerRewardChainsSchedule Schedule;

        public RewardChainsViewerRewardChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            ClanType = json["clanType"].IsNull ? (ClanType?)null : ClanTypeValues.Parse(json["clanType"].Text);
            ClanTypeText = json["clanType"].Text;
            Balance = json["balance"].IsNull ? null : new RewardChainsViewerRewardChainsBalance(json["balance"]);
            NextStep = json["nextStep"].IsNull ? null : new RewardChainsViewerRewardChainsNextStep(json["nextStep"]);
            TopContributors = json["topContributors"].Map(one0 => new RewardChainsViewerRewardChainsTopContributors(one0));
            Popup = json["popup"].IsNull ? null : new RewardChainsViewerRewardChainsPopup(json["popup"]);
            Schedule = new RewardChainsViewerRewardChainsSchedule(json["schedule"]);
        }
    }

    /// <summary>The player whose token came with the request, or an anonymous caller.</summary>
    public sealed class RewardChainsViewer
    {
        /// <summary>Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.</summary>
        public readonly string Id;
        /// <summary>All reward chains, personal and clan, in the order to show them in.</summary>
        public readonly List<RewardChainsViewerRewardChains> RewardChains;

        public RewardChainsViewer(Json json)
        {
            Id = json["id"].Text ?? "";
            RewardChains = json["rewardChains"].Map(one0 => new RewardChainsViewerRewardChains(one0));
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class RewardChainsData
    {
        /// <summary>The player whose token came with the request.</summary>
        public readonly RewardChainsViewer Viewer;

        public RewardChainsData(Json json)
        {
            Viewer = new RewardChainsViewer(json["viewer"]);
        }
    }

    /// <summary>Why something that the player wanted was not done.</summary>
    public sealed class UpdateClanUpdateClanUserErrors
    {
        /// <summary>The reason, for the game's own text.</summary>
        public readonly UserErrorCode Code;
        /// <summary>`Code` as it was sent.</summary>
        public readonly string CodeText;
        /// <summary>The reason in English, for developers; with the upstream's own words where GraphiQL is on.</summary>
        public readonly string Message;

        public UpdateClanUpdateClanUserErrors(Json json)
        {
            Code = UserErrorCodeValues.Parse(json["code"].Text);
            CodeText = json["code"].Text ?? "";
            Message = json["message"].Text ?? "";
        }
    }

    /// <summary>One kind of item and how many of it.</summary>
    public sealed class UpdateClanUpdateClanRewards
    {
        /// <summary>The item's name to show, in the player's language where the upstream has it.</summary>
        public readonly string Name;
        /// <summary>How many of the item the player gets.</summary>
        public readonly long Quantity;

        public UpdateClanUpdateClanRewards(Json json)
        {
            Name = json["name"].Text;
            Quantity = json["quantity"].Long;
        }
    }

    /// <summary>Value points held by the player, or by the clan.</summary>
    public sealed class UpdateClanUpdateClanRewardChainsBalance
    {
        /// <summary>How many points are held.</summary>
        public readonly long Amount;

        public UpdateClanUpdateClanRewardChainsBalance(Json json)
        {
            Amount = json["amount"].Long;
        }
    }

    /// <summary>A chain of rewards that value points unlock, for a player or for a whole clan.</summary>
    public sealed class UpdateClanUpdateClanRewardChains
    {
        /// <summary>The chain's id, for reading this chain alone and for claiming all its ready steps.</summary>
        public readonly string Id;
        /// <summary>The chain's title to show.</summary>
        public readonly string Name;
        /// <summary>Whether the points of a whole clan count.</summary>
        public readonly bool IsClan;
        /// <summary>The points that count for this chain: the number beside its bar. May cost an upstream call.</summary>
        public readonly UpdateClanUpdateClanRewardChainsBalance Balance;

        public UpdateClanUpdateClanRewardChains(Json json)
        {
            Id = json["id"].Text ?? "";
            Name = json["name"].Text ?? "";
            IsClan = json["isClan"].Bool;
            Balance = json["balance"].IsNull ? null : new UpdateClanUpdateClanRewardChainsBalance(json["balance"]);
        }
    }

    /// <summary>The result of a change of clan.</summary>
    public sealed class UpdateClanUpdateClan
    {
        /// <summary>Why it was not done; empty if it was done.</summary>
        public readonly List<UpdateClanUpdateClanUserErrors> UserErrors;
        /// <summary>The items that were unclaimed in the former clan and are granted now: show them.</summary>
        public readonly List<UpdateClanUpdateClanRewards> Rewards;
        /// <summary>The reward chains after the mutation, newly read: draw them again.</summary>
        public readonly List<UpdateClanUpdateClanRewardChains> RewardChains;

        public UpdateClanUpdateClan(Json json)
        {
            UserErrors = json["userErrors"].Map(one0 => new UpdateClanUpdateClanUserErrors(one0)) ?? new List<UpdateClanUpdateClanUserErrors>();
            Rewards = json["rewards"].Map(one0 => new UpdateClanUpdateClanRewards(one0)) ?? new List<UpdateClanUpdateClanRewards>();
            RewardChains = json["rewardChains"].Map(one0 => new UpdateClanUpdateClanRewardChains(one0));
        }
    }

    /// <summary>Every mutation that a game can send.</summary>
    public sealed class UpdateClanData
    {
        /// <summary>Adopt the player's present clan, and grant what was unclaimed in the former one. Send this after the player joined, changed or left a clan.</summary>
        public readonly UpdateClanUpdateClan UpdateClan;

        public UpdateClanData(Json json)
        {
            UpdateClan = json["updateClan"].IsNull ? null : new UpdateClanUpdateClan(json["updateClan"]);
        }
    }

    /// <summary>An order of the player.</summary>
    public sealed class WaitForOrderWaitForOrder
    {
        /// <summary>The order's id, for reading the order again.</summary>
        public readonly string Id;
        /// <summary>The order's status: what to tell the player.</summary>
        public readonly OrderStatus Status;
        /// <summary>`Status` as it was sent.</summary>
        public readonly string StatusText;
        /// <summary>Whether the status is final: stop reading the order again.</summary>
        public readonly bool IsTerminal;

        public WaitForOrderWaitForOrder(Json json)
        {
            Id = json["id"].Text ?? "";
            Status = OrderStatusValues.Parse(json["status"].Text);
            StatusText = json["status"].Text ?? "";
            IsTerminal = json["isTerminal"].Bool;
        }
    }

    /// <summary>Every query that a game can send.</summary>
    public sealed class WaitForOrderData
    {
        /// <summary>One of the player's orders, as soon as its status changes or the time is over: query again until it is `isTerminal`. For games that cannot subscribe. Null if the player has none with this id.</summary>
        public readonly WaitForOrderWaitForOrder WaitForOrder;

        public WaitForOrderData(Json json)
        {
            WaitForOrder = json["waitForOrder"].IsNull ? null : new WaitForOrderWaitForOrder(json["waitForOrder"]);
        }
    }

    /// <summary>The game's operations, by their ids of trusted documents.</summary>
    public static class Operations
    {
        public static readonly Operation Badge = new Operation
        {
            Name = "Badge",
            Id = "6fcaf660127aa366d73f236998028bfc9150650a25d520b22a62b23caa760374",
            Text = "query Badge {\n  serverTime\n  viewer {\n    id\n    badge {\n      claimableCount\n      claimableOfferSteps\n      claimableRewardSteps\n      endingSoonCount\n      nextExpiry\n    }\n  }\n}",
            ServerTime = "serverTime",
            IsScreen = true,
        };
        public static readonly Operation BuyOffer = new Operation
        {
            Name = "BuyOffer",
            Id = "46a33cb684fac0d518617918666fbf536f81e1196122a61f827f009de45e9d71",
            Text = "mutation BuyOffer($stepId: ID!, $cycle: String, $key: String) {\n  orderOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n      paymentMode\n    }\n    offerChain {\n      id\n      nextAction\n    }\n  }\n}",
            Payload = "orderOfferChainStep",
            KeyVariable = "key",
            IsOrder = true,
            HasCycle = true,
        };
        public static readonly Operation BuyPoints = new Operation
        {
            Name = "BuyPoints",
            Id = "7d4158bb9e97308f5c1aaf602e2e02c9160cfd66d16b7b76d11c65f7b79e011a",
            Text = "mutation BuyPoints($sku: String!, $key: String) {\n  orderItem(input: { sku: $sku, idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n    }\n  }\n}",
            Payload = "orderItem",
            KeyVariable = "key",
            IsOrder = true,
        };
        public static readonly Operation ChainsChanged = new Operation
        {
            Name = "ChainsChanged",
            Id = "d52074ceb2ffb7d0d58808a8bc211394fdbbeafef55be3668b22fd59e1a6908b",
            Text = "subscription ChainsChanged {\n  chainsChanged {\n    reasons\n    offerChainIds\n    rewardChainIds\n    dailyChainIds\n    viewer {\n      id\n      badge {\n        claimableCount\n      }\n    }\n  }\n}",
        };
        public static readonly Operation ClaimAll = new Operation
        {
            Name = "ClaimAll",
            Id = "9d3b2a6c7cfe5dfa6117826224514ec3e620544bb9e3e053cf4dce647dbcb446",
            Text = "mutation ClaimAll($rewardChainId: ID!, $cycle: String, $key: String) {\n  claimAvailableRewards(\n    input: { rewardChainId: $rewardChainId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    results {\n      stepId\n      isClaimed\n      userError {\n        code\n      }\n    }\n    rewardChain {\n      id\n      nextAction\n    }\n  }\n}",
            Payload = "claimAvailableRewards",
            KeyVariable = "key",
            HasCycle = true,
        };
        public static readonly Operation ClaimDaily = new Operation
        {
            Name = "ClaimDaily",
            Id = "24bc227007f3aa71bcdb2d252a6e9d22eacab5797de04edea97ac19b22f5ffcd",
            Text = "mutation ClaimDaily($stepId: ID!, $cycle: String, $key: String) {\n  claimDailyChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    dailyChain {\n      id\n      nextAction\n      secondsUntilNextUnlock\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
            Payload = "claimDailyChainStep",
            KeyVariable = "key",
            HasCycle = true,
        };
        public static readonly Operation ClaimOffer = new Operation
        {
            Name = "ClaimOffer",
            Id = "d761eb5790a2b04ea9f28caeef97baf1a7962337031464f28d12b0dbe9fa4aa6",
            Text = "mutation ClaimOffer($stepId: ID!, $cycle: String, $key: String) {\n  claimOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    orderId\n    offerChain {\n      id\n      nextAction\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
            Payload = "claimOfferChainStep",
            KeyVariable = "key",
            HasCycle = true,
        };
        public static readonly Operation ClaimReward = new Operation
        {
            Name = "ClaimReward",
            Id = "7b3e8233442b5591f48d09a700ffc3be12ae22a0ff422a87c98e76a7e45760ca",
            Text = "mutation ClaimReward($stepId: ID!, $cycle: String, $key: String) {\n  claimRewardChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    rewardChain {\n      id\n      claimableCount\n      steps {\n        id\n        name\n        state\n      }\n    }\n  }\n}",
            Payload = "claimRewardChainStep",
            KeyVariable = "key",
            HasCycle = true,
        };
        public static readonly Operation DailyChains = new Operation
        {
            Name = "DailyChains",
            Id = "d188254263282761e3db6a6d2ceb1f049b97f544a3dc470927a9014174dad69e",
            Text = "query DailyChains {\n  serverTime\n  viewer {\n    id\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      nextUnlockAt\n      secondsUntilNextUnlock\n      claimedCount\n      steps {\n        id\n        number\n        state\n        isMissed\n        unlocksAt\n        items {\n          name\n          quantity\n        }\n      }\n      schedule {\n        phase\n        cycle\n      }\n    }\n  }\n}",
            ServerTime = "serverTime",
            IsScreen = true,
        };
        public static readonly Operation EarnPoints = new Operation
        {
            Name = "EarnPoints",
            Id = "68c00f3a2d0cfb467a71ae28cabf266907a588ebc4d9cab7832b9b7ffd0513a0",
            Text = "query EarnPoints {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        pointsMissing\n      }\n      earnBy {\n        points\n        canOrder\n        item {\n          sku\n          name\n        }\n        price {\n          display\n        }\n        priceBeforeDiscount {\n          display\n        }\n        limits {\n          perPlayer {\n            available\n          }\n        }\n      }\n    }\n  }\n}",
            IsScreen = true,
        };
        public static readonly Operation Home = new Operation
        {
            Name = "Home",
            Id = "71de0354bd55e19484739131a1d182c5cb7a76654e9b4eb930933d6726f54f4f",
            Text = "query Home {\n  serverTime\n  viewer {\n    id\n    isSignedIn\n    badge {\n      claimableCount\n      nextExpiry\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      progressPercent\n      schedule {\n        phase\n        secondsUntilEnd\n        secondsUntilReset\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isFree\n        price {\n          amount\n          currency\n        }\n        items {\n          name\n          quantity\n          imageUrl\n        }\n        valuePoints {\n          name\n          amount\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      nextAction\n      claimableCount\n      schedule {\n        cycle\n      }\n      balance {\n        name\n        amount\n      }\n      steps {\n        id\n        name\n        state\n        pointsRequired\n        pointsMissing\n        rewards {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      claimableCount\n      secondsUntilNextUnlock\n      schedule {\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isMissed\n        items {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n  }\n}",
            ServerTime = "serverTime",
            IsScreen = true,
        };
        public static readonly Operation OfferChain = new Operation
        {
            Name = "OfferChain",
            Id = "e833a9183cba665afa7e3b6efa81075692139147b5a441e60678d12d3d437469",
            Text = "query OfferChain($id: ID!) {\n  viewer {\n    id\n    offerChain(id: $id) {\n      id\n      name\n      description\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n      claimedCount\n      isCompleted\n    }\n  }\n}",
            IsScreen = true,
        };
        public static readonly Operation Order = new Operation
        {
            Name = "Order",
            Id = "51721286ce4571fb826642e5c37a3bbb16f55c27ebbab9fe4a0b0d0d5d9e1961",
            Text = "query Order($id: ID!) {\n  order(id: $id) {\n    id\n    status\n    isTerminal\n    total {\n      amount\n      currency\n    }\n    items {\n      sku\n      quantity\n    }\n  }\n}",
        };
        public static readonly Operation OrderUpdated = new Operation
        {
            Name = "OrderUpdated",
            Id = "ea5eecc58f1e2f3c16d76dc587187cfa5a6ac37fb68de793a671cdb2cc8c9e03",
            Text = "subscription OrderUpdated($id: ID!) {\n  orderUpdated(id: $id) {\n    id\n    status\n    isTerminal\n  }\n}",
        };
        public static readonly Operation Overview = new Operation
        {
            Name = "Overview",
            Id = "7ea2a6fe716505fadf333350a775eeb0052d5c45adf92b2b6b0d8a1717e05be5",
            Text = "query Overview {\n  viewer {\n    id\n    badge {\n      claimableCount\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      nextAction\n      claimableCount\n      balance {\n        amount\n      }\n      nextStep {\n        id\n        name\n        pointsRequired\n        pointsMissing\n      }\n    }\n    dailyChains {\n      id\n      name\n      nextAction\n      claimableCount\n      nextStep {\n        id\n        number\n        items {\n          name\n          quantity\n        }\n      }\n    }\n  }\n}",
            IsScreen = true,
        };
        public static readonly Operation Refresh = new Operation
        {
            Name = "Refresh",
            Id = "81f5bfd83ea55456d4422f1fe6495f8ca05a0098589c2a068630006a4780d2fe",
            Text = "query Refresh($locale: String) {\n  session {\n    expiresInSeconds\n  }\n  viewer(locale: $locale, refresh: true) {\n    id\n    localeUsed\n    badge {\n      claimableCount\n      isStale\n    }\n    offerChains {\n      id\n      name\n      isStale\n      ageSeconds\n      nextAction\n    }\n  }\n}",
            IsScreen = true,
        };
        public static readonly Operation RewardChains = new Operation
        {
            Name = "RewardChains",
            Id = "a7d7e41517caa13912ad7837dd8ae79abd29b80391d753ad085e192f89074c64",
            Text = "query RewardChains {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      clanType\n      balance {\n        amount\n        isClan\n      }\n      nextStep {\n        id\n        name\n        pointsMissing\n      }\n      topContributors {\n        name\n        amount\n      }\n      popup {\n        header\n        instruction\n      }\n      schedule {\n        resetInterval\n        resetsAt\n      }\n    }\n  }\n}",
            IsScreen = true,
        };
        public static readonly Operation UpdateClan = new Operation
        {
            Name = "UpdateClan",
            Id = "33ac5333db7df76ca98c9deccebd74c55c87a98d2a2c4efab7ecec13c519d8de",
            Text = "mutation UpdateClan($key: String) {\n  updateClan(input: { idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    rewards {\n      name\n      quantity\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      balance {\n        amount\n      }\n    }\n  }\n}",
            Payload = "updateClan",
            KeyVariable = "key",
        };
        public static readonly Operation WaitForOrder = new Operation
        {
            Name = "WaitForOrder",
            Id = "5e0116c2feda2d1004b3875994b20896cbfb4472fbf9ab122203383cd25ebd63",
            Text = "query WaitForOrder($id: ID!, $after: OrderStatus) {\n  waitForOrder(id: $id, after: $after, timeoutSeconds: 20) {\n    id\n    status\n    isTerminal\n  }\n}",
        };
        internal static readonly Operation Clock = Badge;
        internal static readonly Operation WatchBySubscription = OrderUpdated;
        internal static readonly Operation WatchByWaiting = WaitForOrder;
        internal static readonly Operation WatchByReading = Order;

        internal static Dictionary<string, Operation> ByName()
        {
            return new Dictionary<string, Operation>
            {
                { "BuyOffer", BuyOffer },
                { "BuyPoints", BuyPoints },
                { "ClaimAll", ClaimAll },
                { "ClaimDaily", ClaimDaily },
                { "ClaimOffer", ClaimOffer },
                { "ClaimReward", ClaimReward },
                { "UpdateClan", UpdateClan },
            };
        }
    }

    public sealed partial class GatewayClient
    {
        public Task<Answer<BadgeData>> Badge()
        {
            var variables = Json.Object();
            return Query(Operations.Badge, variables, json => new BadgeData(json));
        }

        public Intent<BuyOfferData> BuyOffer(string @stepId, string @cycle)
        {
            var variables = Json.Object();
            if (@stepId != null) variables.With("stepId", Json.Of(@stepId));
            if (@cycle != null) variables.With("cycle", Json.Of(@cycle));
            return Want(Operations.BuyOffer, variables, json => new BuyOfferData(json));
        }

        public Intent<BuyPointsData> BuyPoints(string @sku)
        {
            var variables = Json.Object();
            if (@sku != null) variables.With("sku", Json.Of(@sku));
            return Want(Operations.BuyPoints, variables, json => new BuyPointsData(json));
        }

        public Task ChainsChanged(Action<Answer<ChainsChangedData>> onEvent, Action onConnected = null, CancellationToken cancel = default(CancellationToken))
        {
            var variables = Json.Object();
            return Follow(Operations.ChainsChanged, variables, json => new ChainsChangedData(json), onEvent, onConnected, cancel);
        }

        public Intent<ClaimAllData> ClaimAll(string @rewardChainId, string @cycle)
        {
            var variables = Json.Object();
            if (@rewardChainId != null) variables.With("rewardChainId", Json.Of(@rewardChainId));
            if (@cycle != null) variables.With("cycle", Json.Of(@cycle));
            return Want(Operations.ClaimAll, variables, json => new ClaimAllData(json));
        }

        public Intent<ClaimDailyData> ClaimDaily(string @stepId, string @cycle)
        {
            var variables = Json.Object();
            if (@stepId != null) variables.With("stepId", Json.Of(@stepId));
            if (@cycle != null) variables.With("cycle", Json.Of(@cycle));
            return Want(Operations.ClaimDaily, variables, json => new ClaimDailyData(json));
        }

        public Intent<ClaimOfferData> ClaimOffer(string @stepId, string @cycle)
        {
            var variables = Json.Object();
            if (@stepId != null) variables.With("stepId", Json.Of(@stepId));
            if (@cycle != null) variables.With("cycle", Json.Of(@cycle));
            return Want(Operations.ClaimOffer, variables, json => new ClaimOfferData(json));
        }

        public Intent<ClaimRewardData> ClaimReward(string @stepId, string @cycle)
        {
            var variables = Json.Object();
            if (@stepId != null) variables.With("stepId", Json.Of(@stepId));
            if (@cycle != null) variables.With("cycle", Json.Of(@cycle));
            return Want(Operations.ClaimReward, variables, json => new ClaimRewardData(json));
        }

        public Task<Answer<DailyChainsData>> DailyChains()
        {
            var variables = Json.Object();
            return Query(Operations.DailyChains, variables, json => new DailyChainsData(json));
        }

        public Task<Answer<EarnPointsData>> EarnPoints()
        {
            var variables = Json.Object();
            return Query(Operations.EarnPoints, variables, json => new EarnPointsData(json));
        }

        public Task<Answer<HomeData>> Home()
        {
            var variables = Json.Object();
            return Query(Operations.Home, variables, json => new HomeData(json));
        }

        public Task<Answer<OfferChainData>> OfferChain(string @id)
        {
            var variables = Json.Object();
            if (@id != null) variables.With("id", Json.Of(@id));
            return Query(Operations.OfferChain, variables, json => new OfferChainData(json));
        }

        public Task<Answer<OrderData>> Order(string @id)
        {
            var variables = Json.Object();
            if (@id != null) variables.With("id", Json.Of(@id));
            return Query(Operations.Order, variables, json => new OrderData(json));
        }

        public Task OrderUpdated(string @id, Action<Answer<OrderUpdatedData>> onEvent, Action onConnected = null, CancellationToken cancel = default(CancellationToken))
        {
            var variables = Json.Object();
            if (@id != null) variables.With("id", Json.Of(@id));
            return Follow(Operations.OrderUpdated, variables, json => new OrderUpdatedData(json), onEvent, onConnected, cancel);
        }

        public Task<Answer<OverviewData>> Overview()
        {
            var variables = Json.Object();
            return Query(Operations.Overview, variables, json => new OverviewData(json));
        }

        public Task<Answer<RefreshData>> Refresh(string @locale = null)
        {
            var variables = Json.Object();
            if (@locale != null) variables.With("locale", Json.Of(@locale));
            return Query(Operations.Refresh, variables, json => new RefreshData(json));
        }

        public Task<Answer<RewardChainsData>> RewardChains()
        {
            var variables = Json.Object();
            return Query(Operations.RewardChains, variables, json => new RewardChainsData(json));
        }

        public Intent<UpdateClanData> UpdateClan()
        {
            var variables = Json.Object();
            return Want(Operations.UpdateClan, variables, json => new UpdateClanData(json));
        }

        public Task<Answer<WaitForOrderData>> WaitForOrder(string @id, OrderStatus? @after = null)
        {
            var variables = Json.Object();
            if (@id != null) variables.With("id", Json.Of(@id));
            if (@after != null) variables.With("after", Json.Of(OrderStatusValues.Text(@after.Value)));
            return Query(Operations.WaitForOrder, variables, json => new WaitForOrderData(json));
        }
    }
}
