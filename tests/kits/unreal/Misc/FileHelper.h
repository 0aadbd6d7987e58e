#pragma once

#include "CoreMinimal.h"

class FFileHelper
{
public:
    enum class EEncodingOptions { ForceUTF8WithoutBOM };

    static bool LoadFileToString(FString&, const TCHAR*) { return false; }
    static bool SaveStringToFile(const FString&, const TCHAR*, EEncodingOptions) { return true; }
};
