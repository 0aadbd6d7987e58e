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
