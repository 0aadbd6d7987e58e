// A shop without widgets: an actor that shows how a game reads the screen, claims, buys and waits for the payment.
// Put this, LiveOpsShop.cpp and LiveOps.h into your module, whose Build.cs has "HTTP", and the actor into a level.
#pragma once

#include "GameFramework/Actor.h"
#include "LiveOps.h"

#include "LiveOpsShop.generated.h"

UCLASS()
class ALiveOpsShop : public AActor
{
    GENERATED_BODY()

public:
    ALiveOpsShop();

    // The address of `gateway demo`, and a token that it prints.
    UPROPERTY(EditAnywhere, Category = "LiveOps")
    FString Url = TEXT("http://127.0.0.1:8000/graphql");

    UPROPERTY(EditAnywhere, Category = "LiveOps")
    FString Player = TEXT("demo");

    UPROPERTY(EditAnywhere, Category = "LiveOps")
    FString PlayerToken;

    // What there is to see now: bind your widgets to it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeData Home;

    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Notice;

    // Take what a chain offers now.
    UFUNCTION(BlueprintCallable, Category = "LiveOps")
    void Claim(const FString& StepId, const FString& Cycle);

    UFUNCTION(BlueprintCallable, Category = "LiveOps")
    void Buy(const FString& StepId, const FString& Cycle);

    virtual void BeginPlay() override;
    virtual void EndPlay(const EEndPlayReason::Type Reason) override;
    virtual void Tick(float Seconds) override;

private:
    TUniquePtr<FLiveOpsClient> Client;
    std::shared_ptr<LiveOps::Follower> Changes;
    std::shared_ptr<LiveOps::OrderWatch> Order;

    void Refresh();
    void Settled(const LiveOps::Settlement& End);
    void Pay(const FLiveOpsBuyOfferOrderOfferChainStepOrder& Placed);
};
