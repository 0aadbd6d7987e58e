#pragma once

#include "CoreMinimal.h"

namespace EEndPlayReason
{
enum Type { Destroyed };
}

class AActor
{
public:
    virtual ~AActor() {}
    virtual void BeginPlay() {}
    virtual void EndPlay(const EEndPlayReason::Type) {}
    virtual void Tick(float) {}

    struct FActorTickFunction
    {
        bool bCanEverTick = false;
    };

    FActorTickFunction PrimaryActorTick;
};
