#pragma once

#include "CoreMinimal.h"

class IHttpResponse
{
public:
    int32 GetResponseCode() const { return 200; }
    const TArray<uint8>& GetContent() const { return Content; }

private:
    TArray<uint8> Content;
};

using FHttpResponsePtr = TSharedPtr<IHttpResponse>;
