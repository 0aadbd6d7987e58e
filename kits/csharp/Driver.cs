// A game without a screen, which the conformance tests play: tests/kits/driver.py has its commands and events.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using LiveOps;

public static class Driver
{
    public static int Main()
    {
        var loop = new Loop();
        SynchronizationContext.SetSynchronizationContext(loop);
        var game = new Game();
        new Thread(() =>
        {
            string line;
            while ((line = Console.In.ReadLine()) != null)
            {
                var command = Json.Parse(line);
                loop.Post(_ => game.Do(command), null);
            }
            loop.End();
        }) { IsBackground = true }.Start();
        loop.Run();
        return 0;
    }
}

/// <summary>One thread, as a game has.</summary>
public sealed class Loop : SynchronizationContext
{
    private readonly BlockingCollection<Action> work = new BlockingCollection<Action>();

    public override void Post(SendOrPostCallback call, object state) { work.Add(() => call(state)); }

    public void End() { work.CompleteAdding(); }

    public void Run()
    {
        foreach (var one in work.GetConsumingEnumerable()) one();
    }
}

/// <summary>Clocks that stand still until they are moved.</summary>
public sealed class ManualTime : ITime
{
    private readonly Alarms alarms = new Alarms();

    public double Monotonic { get; private set; }

    public DateTime UtcNow { get; private set; }

    public void Set(double unixSeconds) { UtcNow = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(unixSeconds); }

    public void Advance(double seconds)
    {
        Monotonic += seconds;
        UtcNow = UtcNow.AddSeconds(seconds);
        alarms.Tick(Monotonic);
    }

    public Task Delay(double seconds, CancellationToken cancel)
    {
        var alarm = alarms.At(Monotonic + seconds, cancel);
        Game.Tell("waiting", "seconds", Json.Of(seconds));
        return alarm;
    }
}

public sealed class Game
{
    private readonly ManualTime time = new ManualTime();
    private readonly Queue<TaskCompletionSource<string>> tokens = new Queue<TaskCompletionSource<string>>();
    private GatewayClient client;

    public async void Do(Json command)
    {
        var id = command["id"];
        switch (command["do"].Text)
        {
            case "open": Open(command); break;
            case "token": tokens.Dequeue().SetResult(command["token"].Text); break;
            case "home": Show(id, await client.Home()); break;
            case "claim": Kept(id, client.ClaimOffer(command["step"].Text, command["cycle"].Text).Key); break;
            case "buy": Kept(id, client.BuyPoints(command["sku"].Text).Key); break;
            case "watch": await Watch(id, command["order"].Text); break;
            case "follow": await Follow(id); break;
            case "device_clock": time.Set(command["now"].Double); break;
            case "advance":
                time.Advance(command["seconds"].Double);
                Tell("advanced", "id", id);
                break;
            case "clock":
                var left = client.Clock.SecondsUntil(command["until"].Time);
                Tell("clock", "id", id, "now", Json.Of(client.Clock.UnixSeconds), "left", Json.Of(left));
                break;
        }
    }

    private void Open(Json command)
    {
        time.Set(command["now"].Double);
        client = new GatewayClient(new ClientOptions
        {
            Url = command["url"].Text,
            Player = command["player"].Text,
            Token = isRejected =>
            {
                var asked = new TaskCompletionSource<string>();
                tokens.Enqueue(asked);
                Tell("token_wanted", "isRejected", Json.Of(isRejected));
                return asked.Task;
            },
            Storage = new FileStorage(command["folder"].Text),
            Http = new HttpClientHttp(),
            Time = time,
            OnSettled = Settled,
            OnLog = text => Console.Error.WriteLine(text),
        });
        client.Start();
        Tell("opened");
    }

    private static void Settled(Settlement end)
    {
        Tell(
            "settled", "key", Json.Of(end.Key), "operation", Json.Of(end.Operation),
            "outcome", Json.Of(end.Outcome.ToString().ToLowerInvariant()),
            "codes", Json.List(end.Codes.ConvertAll(Json.Of)), "order", Json.Of(end.OrderId));
    }

    private static void Kept(Json id, string key) { Tell("kept", "id", id, "key", Json.Of(key)); }

    private static void Show(Json id, Answer<HomeData> answer)
    {
        var viewer = answer.Data == null ? null : answer.Data.Viewer;
        var chains = new List<Json>();
        foreach (var one in viewer == null ? new List<HomeViewerOfferChains>() : viewer.OfferChains)
        {
            chains.Add(Json.Object()
                .With("id", Json.Of(one.Id))
                .With("name", Json.Of(one.Name))
                .With("cycle", Json.Of(one.Schedule.Cycle))
                .With("actionText", Json.Of(one.NextActionText))
                .With("isUnknown", Json.Of(one.NextAction == NextAction.Unknown)));
        }
        Tell(
            "home", "id", id, "isStale", Json.Of(answer.IsStale), "error", Json.Of(answer.ErrorCode),
            "viewer", viewer == null ? Json.Null : Json.Of(viewer.Id), "chains", Json.List(chains));
    }

    private async Task Watch(Json id, string order)
    {
        var end = await client.WatchOrder(order, news => Tell(
            "order", "id", id, "status", Json.Of(news.StatusText), "isTerminal", Json.Of(news.IsTerminal)));
        Tell("watched", "id", id, "outcome", Json.Of(end.ToString().ToLowerInvariant()));
    }

    private Task Follow(Json id)
    {
        return client.ChainsChanged(
            change => Tell(
                "changed", "id", id, "reasons", Json.List(change.Data.ChainsChanged.ReasonsText.ConvertAll(Json.Of))),
            () => Tell("connected", "id", id));
    }

    /// <summary>Tell an event with keys and values.</summary>
    public static void Tell(string kind, params object[] values)
    {
        var told = Json.Object().With("event", Json.Of(kind));
        for (var i = 0; i < values.Length; i += 2) told.With((string)values[i], (Json)values[i + 1]);
        Console.Out.WriteLine(told);
        Console.Out.Flush();
    }
}
