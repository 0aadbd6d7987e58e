// A shop of one screen. Put this and LiveOps.cs into Assets, add this to an empty object of a scene, and press Play.
// It needs no prefabs: replace OnGUI by your own interface, and Token by your own sign-in.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using LiveOps;
using UnityEngine;

public sealed class ShopScene : MonoBehaviour
{
    // The addresses of `gateway demo`, and a token that it prints.
    public string Url = "http://127.0.0.1:8000/graphql";
    public string Player = "demo";
    public string PlayerToken = "";

    private readonly CancellationTokenSource leaving = new CancellationTokenSource();
    private GatewayClient client;
    private HomeData home;
    private double shownAt;
    private string notice = "";

    private async void Start()
    {
        client = new GatewayClient(new ClientOptions
        {
            Url = Url,
            Player = Player,
            Token = Token,
            Storage = new FileStorage(Application.persistentDataPath),
            Http = new UnityHttp(),
            Time = UnityTime.Create(),
            ClientName = "unity",
            ClientVersion = Application.version,
            OnSettled = Settled,
            OnWaiting = waiting => notice = waiting.Code == "NETWORK" ? "No network: it is sent later." : "Still being checked …",
            OnLog = Debug.LogWarning,
        });
        client.Start();
        try
        {
            // The screen is read again whenever something changes, here or on another device.
            var following = client.ChainsChanged(_ => Refresh(), Refresh, leaving.Token);
            await ShowHome();
            await following;
        }
        catch (OperationCanceledException)
        {
            // The scene has ended.
        }
    }

    private void OnDestroy() { leaving.Cancel(); }

    private void OnApplicationPause(bool isPaused)
    {
        if (isPaused || client == null) return;
        client.Resumed();
        Refresh();
    }

    /// <summary>Ask your sign-in for the player's token, and for a new one if the last was rejected.</summary>
    private Task<string> Token(bool isRejected) { return Task.FromResult(PlayerToken); }

    private async void Refresh() { await ShowHome(); }

    private async Task ShowHome()
    {
        var answer = await client.Home();
        home = answer.Data ?? home;
        shownAt = client.Clock.UnixSeconds;
        if (answer.IsStale) notice = "No network: this is what was here last.";
        else if (answer.ErrorCode != null) notice = answer.ErrorCode;
    }

    /// <summary>Something that the player wanted has ended, perhaps what they did before the game was closed.</summary>
    private void Settled(Settlement end)
    {
        notice = end.Outcome == Outcome.Done ? "Done." : string.Join(", ", end.Codes);
        Refresh();
    }

    private async void Buy(HomeViewerOfferChainsSteps step, string cycle)
    {
        var bought = await client.BuyOffer(step.Id, cycle);
        var order = bought.Data == null ? null : bought.Data.OrderOfferChainStep.Order;
        if (order == null || order.PaymentUrl == null) return;
        Application.OpenURL(order.PaymentUrl);
        try
        {
            await client.WatchOrder(order.Id, news => notice = "Order: " + news.StatusText, leaving.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Refresh();
    }

    private void OnGUI()
    {
        GUILayout.Label(notice);
        if (home == null) return;
        foreach (var chain in home.Viewer.OfferChains ?? new List<HomeViewerOfferChains>()) Draw(chain);
        foreach (var chain in home.Viewer.RewardChains ?? new List<HomeViewerRewardChains>())
        {
            GUILayout.Label(chain.Name + (chain.Balance == null ? "" : ": " + chain.Balance.Amount + " " + chain.Balance.Name));
            foreach (var step in chain.Steps)
            {
                if (step.State == StepState.Available && GUILayout.Button("Claim " + step.Name))
                    client.ClaimReward(step.Id, chain.Schedule.Cycle);
            }
        }
        foreach (var chain in home.Viewer.DailyChains ?? new List<HomeViewerDailyChains>())
        {
            GUILayout.Label(chain.Name + Left(chain.SecondsUntilNextUnlock));
            foreach (var step in chain.Steps)
            {
                if (step.State == StepState.Available && GUILayout.Button("Claim day " + step.Number))
                    client.ClaimDaily(step.Id, chain.Schedule.Cycle);
            }
        }
    }

    private void Draw(HomeViewerOfferChains chain)
    {
        GUILayout.Label(chain.Name + Left(chain.Schedule.SecondsUntilEnd));
        foreach (var step in chain.Steps)
        {
            var label = step.Number + ". " + (step.Items.Count > 0 ? step.Items[0].Quantity + " " + step.Items[0].Name : "");
            if (step.State != StepState.Available) GUILayout.Label(label + " (" + step.StateText + ")");
            else if (step.IsFree && GUILayout.Button("Claim " + label)) client.ClaimOffer(step.Id, chain.Schedule.Cycle);
            else if (!step.IsFree && GUILayout.Button("Buy " + label + Price(step))) Buy(step, chain.Schedule.Cycle);
        }
    }

    private static string Price(HomeViewerOfferChainsSteps step)
    {
        return step.Price == null ? "" : " for " + step.Price.Amount + " " + step.Price.Currency;
    }

    /// <summary>A countdown by the gateway's time, whatever the device's clock says.</summary>
    private string Left(int? secondsWhenShown)
    {
        if (secondsWhenShown == null) return "";
        var left = Math.Max(0, secondsWhenShown.Value - (client.Clock.UnixSeconds - shownAt));
        return " (" + TimeSpan.FromSeconds(Math.Floor(left)) + ")";
    }
}
