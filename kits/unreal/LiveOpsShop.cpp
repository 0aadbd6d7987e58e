#include "LiveOpsShop.h"

ALiveOpsShop::ALiveOpsShop() { PrimaryActorTick.bCanEverTick = true; }

void ALiveOpsShop::BeginPlay()
{
    AActor::BeginPlay();
    // Ask your sign-in for the player's token, and for a new one if the last was rejected.
    Client = MakeUnique<FLiveOpsClient>(
        Url, Player, [this](bool /*bIsRejected*/, FLiveOpsClient::FTold Told) { Told(PlayerToken); });
    Client->OnSettled = [this](const LiveOps::Settlement& End) { Settled(End); };
    Client->OnWaiting = [this](const LiveOps::Waiting& One) {
        Notice = One.Code == "NETWORK" ? TEXT("No network: it is sent later.") : TEXT("Still being checked ...");
    };
    Client->Start();
    // The screen is read again whenever something changes, here or on another device.
    Changes = Client->ChainsChanged(
        [this](const TLiveOpsAnswer<FLiveOpsChainsChangedData>&) { Refresh(); }, [this]() { Refresh(); });
    Refresh();
}

void ALiveOpsShop::EndPlay(const EEndPlayReason::Type Reason)
{
    Order.reset();
    Changes.reset();
    Client.reset();
    AActor::EndPlay(Reason);
}

void ALiveOpsShop::Tick(float Seconds)
{
    AActor::Tick(Seconds);
    Client->Tick();
}

void ALiveOpsShop::Claim(const FString& StepId, const FString& Cycle) { Client->ClaimOffer(StepId, Cycle); }

void ALiveOpsShop::Buy(const FString& StepId, const FString& Cycle)
{
    Client->BuyOffer(StepId, Cycle, [this](const TLiveOpsSettlement<FLiveOpsBuyOfferData>& End) {
        if (End.Data.bHasOrderOfferChainStep && End.Data.OrderOfferChainStep.bHasOrder)
        {
            Pay(End.Data.OrderOfferChainStep.Order);
        }
    });
}

void ALiveOpsShop::Pay(const FLiveOpsBuyOfferOrderOfferChainStepOrder& Placed)
{
    FPlatformProcess::LaunchURL(*Placed.PaymentUrl, nullptr, nullptr);
    Order = Client->WatchOrder(
        Placed.Id,
        [this](const LiveOps::OrderNews& News) { Notice = LiveOps::ToFString("Order: " + News.StatusText); },
        [this](LiveOps::WatchEnd) { Refresh(); });
}

void ALiveOpsShop::Refresh()
{
    Client->Home([this](const TLiveOpsAnswer<FLiveOpsHomeData>& Came) {
        if (Came.bHasData)
        {
            Home = Came.Data;
        }
        Notice = Came.bIsStale ? FString(TEXT("No network: this is what was here last.")) : Came.ErrorCode;
    });
}

// Something that the player wanted has ended, perhaps what they did before the game was closed.
void ALiveOpsShop::Settled(const LiveOps::Settlement& End)
{
    Notice = End.Outcome == LiveOps::Outcome::Done ? FString(TEXT("Done.")) : LiveOps::ToFString(End.Codes[0]);
    Refresh();
}
