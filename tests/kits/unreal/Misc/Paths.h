#pragma once

#include "CoreMinimal.h"

class FPaths
{
public:
    static FString ProjectSavedDir() { return FString(); }
    static FString Combine(const FString& One, const FString& Two, const FString& Three) { return One + Two + Three; }
};
