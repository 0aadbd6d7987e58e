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
