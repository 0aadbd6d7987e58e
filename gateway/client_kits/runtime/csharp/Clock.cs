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
