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
