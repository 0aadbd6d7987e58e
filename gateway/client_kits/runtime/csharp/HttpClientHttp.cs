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
