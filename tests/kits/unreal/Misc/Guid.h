#pragma once

#include "CoreMinimal.h"

enum class EGuidFormats { DigitsWithHyphens };

class FGuid
{
public:
    static FGuid NewGuid() { return FGuid(); }
    FString ToString(EGuidFormats) const { return FString(); }
};
