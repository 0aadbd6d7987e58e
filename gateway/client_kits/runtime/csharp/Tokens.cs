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
