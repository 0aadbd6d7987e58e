#pragma once

#include "CoreMinimal.h"

class IFileManager
{
public:
    static IFileManager& Get()
    {
        static IFileManager One;
        return One;
    }

    bool Move(const TCHAR*, const TCHAR*, bool) { return true; }
};
