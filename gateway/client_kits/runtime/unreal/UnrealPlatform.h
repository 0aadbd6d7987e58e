namespace LiveOps
{
inline FString ToFString(const std::string& Text) { return FString(UTF8_TO_TCHAR(Text.c_str())); }

inline std::string FromFString(const FString& Text) { return std::string(TCHAR_TO_UTF8(*Text)); }

// JSON in a text of the game's.
inline Json ParseText(const FString& Text)
{
    bool bValid = false;
    return Json::Parse(FromFString(Text), bValid);
}

template <typename TItem, typename TRead>
TArray<TItem> ReadList(const Json& From, TRead Read)
{
    TArray<TItem> Made;
    for (const Json& One : From.Items())
    {
        Made.Add(Read(One));
    }
    return Made;
}

template <typename TItem, typename TWrite>
Json WriteList(const TArray<TItem>& From, TWrite Write)
{
    Json Made = Json::List();
    for (const TItem& One : From)
    {
        Made.Add(Write(One));
    }
    return Made;
}

// Requests by Unreal's HTTP module. Subscriptions need Unreal 5.3, which gives bytes as they come; before, a stream fails
// at once, and what follows orders goes on without.
class UnrealHttp : public IHttp
{
public:
    virtual void Send(const HttpCall& Call, std::function<void(const HttpAnswer&)> Done) override
    {
        const FHttpRequestRef Request = Made(Call);
        Request->OnProcessRequestComplete().BindLambda([Done](FHttpRequestPtr, FHttpResponsePtr Response, bool bIsConnected) {
            HttpAnswer Came;
            if (bIsConnected && Response.IsValid())
            {
                Came.Status = Response->GetResponseCode();
                const TArray<uint8>& Content = Response->GetContent();
                Came.Body.assign(reinterpret_cast<const char*>(Content.GetData()), static_cast<size_t>(Content.Num()));
            }
            Done(Came);
        });
        Request->ProcessRequest();
    }

    virtual int Stream(
        const HttpCall& Call, std::function<void(const std::string&)> OnBytes, std::function<void(int)> Done) override
    {
        const int Number = ++Last;
        Open& Made1 = Opened[Number];
        Made1.OnBytes = OnBytes;
        Made1.Done = Done;
#if ENGINE_MAJOR_VERSION > 5 || (ENGINE_MAJOR_VERSION == 5 && ENGINE_MINOR_VERSION >= 3)
        const FHttpRequestRef Request = Made(Call);
        Made1.Request = Request;
        Made1.Bytes = MakeShared<Queue>();
        Request->SetResponseBodyReceiveStream(Made1.Bytes.ToSharedRef());
        std::weak_ptr<bool> Still = Alive;
        Request->OnProcessRequestComplete().BindLambda([this, Still, Number](FHttpRequestPtr, FHttpResponsePtr Response, bool) {
            if (!Still.expired())
            {
                End(Number, Response.IsValid() ? Response->GetResponseCode() : 0);
            }
        });
        Request->ProcessRequest();
#else
        static_cast<void>(Call);
#endif
        return Number;
    }

    virtual void Cancel(int Number) override
    {
        const auto Found = Opened.find(Number);
        if (Found == Opened.end())
        {
            return;
        }
        const FHttpRequestPtr Request = Found->second.Request;
        Opened.erase(Found);
        if (Request.IsValid())
        {
            Request->CancelRequest();
        }
    }

    // Give what has come of streams, on the game's thread, once in each frame.
    void Tick()
    {
        std::vector<int> Numbers;
        for (const auto& One : Opened)
        {
            Numbers.push_back(One.first);
        }
        for (const int Number : Numbers)
        {
            Give(Number);
            const auto Found = Opened.find(Number);
            if (Found != Opened.end() && !Found->second.Request.IsValid())
            {
                End(Number, 0);
            }
        }
    }

private:
    // Takes bytes on the HTTP module's thread.
    class Queue : public FArchive
    {
    public:
        Queue() { SetIsSaving(true); }

        virtual void Serialize(void* Data, int64 Count) override
        {
            FScopeLock Lock(&Guard);
            Came.append(static_cast<const char*>(Data), static_cast<size_t>(Count));
        }

        std::string Take()
        {
            FScopeLock Lock(&Guard);
            std::string Taken;
            Taken.swap(Came);
            return Taken;
        }

    private:
        FCriticalSection Guard;
        std::string Came;
    };

    struct Open
    {
        FHttpRequestPtr Request;
        TSharedPtr<Queue> Bytes;
        std::function<void(const std::string&)> OnBytes;
        std::function<void(int)> Done;
    };

    std::map<int, Open> Opened;
    std::shared_ptr<bool> Alive = std::make_shared<bool>(true);
    int Last = 0;

    static FHttpRequestRef Made(const HttpCall& Call)
    {
        const FHttpRequestRef Request = FHttpModule::Get().CreateRequest();
        Request->SetURL(ToFString(Call.Url));
        Request->SetVerb(TEXT("POST"));
        for (const auto& One : Call.Headers)
        {
            Request->SetHeader(ToFString(One.first), ToFString(One.second));
        }
        Request->SetContentAsString(ToFString(Call.Body));
        if (Call.TimeoutSeconds > 0)
        {
            Request->SetTimeout(static_cast<float>(Call.TimeoutSeconds));
        }
        return Request;
    }

    void Give(int Number)
    {
        const auto Found = Opened.find(Number);
        if (Found == Opened.end() || !Found->second.Bytes.IsValid())
        {
            return;
        }
        const std::string Bytes = Found->second.Bytes->Take();
        const std::function<void(const std::string&)> OnBytes = Found->second.OnBytes;
        if (!Bytes.empty())
        {
            OnBytes(Bytes);
        }
    }

    void End(int Number, int Status)
    {
        Give(Number);
        const auto Found = Opened.find(Number);
        if (Found == Opened.end())
        {
            return;
        }
        const std::function<void(int)> Done = Found->second.Done;
        Opened.erase(Found);
        Done(Status);
    }
};

// Calls at times of a clock that somebody moves: a frame of the game, or a test.
class Alarms
{
public:
    int At(double Time, std::function<void()> Call)
    {
        Waiting[++Last] = {Time, Call};
        return Last;
    }

    void Cancel(int Number) { Waiting.erase(Number); }

    // It is so late now: what is due is called, the earliest first.
    void Tick(double Time)
    {
        for (int Next = Due(Time); Next != 0; Next = Due(Time))
        {
            const std::function<void()> Call = Waiting[Next].second;
            Waiting.erase(Next);
            Call();
        }
    }

private:
    std::map<int, std::pair<double, std::function<void()>>> Waiting;
    int Last = 0;

    int Due(double Time) const
    {
        int Next = 0;
        for (const auto& One : Waiting)
        {
            const bool bIsSooner = Next == 0 || One.second.first < Waiting.at(Next).first;
            Next = One.second.first <= Time && bIsSooner ? One.first : Next;
        }
        return Next;
    }
};

// Unreal's time; calls come in frames.
class UnrealTime : public ITime
{
public:
    virtual double Monotonic() override { return FPlatformTime::Seconds(); }

    virtual double UnixNow() override { return static_cast<double>(FDateTime::UtcNow().ToUnixTimestamp()); }

    virtual int CallLater(double Seconds, std::function<void()> Call) override
    {
        return Calls.At(Monotonic() + Seconds, Call);
    }

    virtual void Cancel(int Call) override { Calls.Cancel(Call); }

    void Tick() { Calls.Tick(Monotonic()); }

private:
    Alarms Calls;
};

// Files in the folder Saved/LiveOps.
class UnrealStorage : public IStorage
{
public:
    virtual std::string Read(const std::string& Name) override
    {
        FString Text;
        // A crash between the two steps of `Write` leaves the new file alone.
        if (!FFileHelper::LoadFileToString(Text, *File(Name)))
        {
            FFileHelper::LoadFileToString(Text, *(File(Name) + TEXT(".new")));
        }
        return FromFString(Text);
    }

    virtual bool Write(const std::string& Name, const std::string& Text) override
    {
        const FString Into = File(Name);
        const FString New = Into + TEXT(".new");
        return FFileHelper::SaveStringToFile(ToFString(Text), *New, FFileHelper::EEncodingOptions::ForceUTF8WithoutBOM)
            && IFileManager::Get().Move(*Into, *New, true);
    }

private:
    static FString File(const std::string& Name)
    {
        return FPaths::Combine(FPaths::ProjectSavedDir(), FString(TEXT("LiveOps")), ToFString(Name));
    }
};

inline std::string UnrealKey() { return FromFString(FGuid::NewGuid().ToString(EGuidFormats::DigitsWithHyphens)); }
}
