#pragma once

#include "Interfaces/IHttpResponse.h"
#include "Runtime/Launch/Resources/Version.h"

class IHttpRequest;
using FHttpRequestPtr = TSharedPtr<IHttpRequest>;
using FHttpRequestRef = TSharedRef<IHttpRequest>;

class FHttpRequestCompleteDelegate
{
public:
    template <typename TCall>
    void BindLambda(TCall Call)
    {
        Bound = Call;
    }

private:
    std::function<void(FHttpRequestPtr, FHttpResponsePtr, bool)> Bound;
};

class IHttpRequest
{
public:
    void SetURL(const FString&) {}
    void SetVerb(const FString&) {}
    void SetHeader(const FString&, const FString&) {}
    void SetContentAsString(const FString&) {}
    void SetTimeout(float) {}
    bool ProcessRequest() { return true; }
    void CancelRequest() {}
    FHttpRequestCompleteDelegate& OnProcessRequestComplete() { return Complete; }
#if ENGINE_MAJOR_VERSION > 5 || (ENGINE_MAJOR_VERSION == 5 && ENGINE_MINOR_VERSION >= 3)
    bool SetResponseBodyReceiveStream(TSharedRef<FArchive>) { return true; }
#endif

private:
    FHttpRequestCompleteDelegate Complete;
};
