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
