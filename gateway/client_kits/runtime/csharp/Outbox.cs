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
