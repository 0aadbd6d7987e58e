#pragma once

#include "Interfaces/IHttpRequest.h"

class FHttpModule
{
public:
    static FHttpModule& Get()
    {
        static FHttpModule One;
        return One;
    }

    FHttpRequestRef CreateRequest() { return MakeShared<IHttpRequest>(); }
};
