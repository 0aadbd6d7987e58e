// An answer with its data, if one came.
template <typename TData>
struct TLiveOpsAnswer
{
    TData Data;
    bool bHasData = false;

    // Whether this is the last good answer, from the disk, because no new one came. Show it as such.
    bool bIsStale = false;

    // The first error's code, such as `NETWORK`, or empty.
    FString ErrorCode;
    std::vector<LiveOps::GatewayError> Errors;
};

// The end of a claim or an order, with its data, if some came.
template <typename TData>
struct TLiveOpsSettlement
{
    TData Data;
    bool bHasData = false;
    LiveOps::Settlement Settlement;
};

// The gateway for one player. Make it when the player is known, set the handlers, call `Start`, and `Tick` in each frame.
// Use it on the game's thread, and do not destroy it in a handler.
class FLiveOpsClient
{
public:
    using FTold = TFunction<void(const FString&)>;

    // Token: gives the player's token to the function, an empty one if they are signed out. The first argument says
    // whether the gateway rejected the last one: then get a new one.
    FLiveOpsClient(const FString& Url, const FString& Player, TFunction<void(bool, FTold)> Token)
        : Http(std::make_shared<LiveOps::UnrealHttp>()), Time(std::make_shared<LiveOps::UnrealTime>())
    {
        LiveOps::Options Options;
        Options.Url = LiveOps::FromFString(Url);
        Options.Player = LiveOps::FromFString(Player);
        Options.Http = Http;
        Options.Time = Time;
        Options.Storage = std::make_shared<LiveOps::UnrealStorage>();
        Options.NewKey = LiveOps::UnrealKey;
        Options.ClientName = "unreal";
        Options.Token = [Token](bool bIsRejected, LiveOps::Tokens::Told Told) {
            Token(bIsRejected, [Told](const FString& Given) { Told(LiveOps::FromFString(Given)); });
        };
        Make(Options);
    }

    // With parts of your own.
    explicit FLiveOpsClient(const LiveOps::Options& Options) { Make(Options); }

    FLiveOpsClient(const FLiveOpsClient&) = delete;
    FLiveOpsClient& operator=(const FLiveOpsClient&) = delete;

    // Each intent that ends, also of earlier runs of the game: show it, grant what it gave.
    TFunction<void(const LiveOps::Settlement&)> OnSettled;

    // An intent that waits for its next try: show that it is not lost.
    TFunction<void(const LiveOps::Waiting&)> OnWaiting;

    // Faults that cost nothing but should be known. Never has a token.
    TFunction<void(const FString&)> OnLog;

    // Send what earlier runs of the game could not settle.
    void Start() { Core->Start(); }

    // Call this in each frame.
    void Tick()
    {
        if (Http)
        {
            Http->Tick();
            Time->Tick();
        }
    }

    // Call this when the device has slept, as in FCoreDelegates::ApplicationHasEnteredForegroundDelegate.
    void Resumed() { Core->Resumed(); }

    // The gateway's time in seconds since 1970, and the seconds until a moment.
    double Now() { return Core->Now.Now(); }
    double SecondsUntil(const FDateTime& Moment) { return Core->Now.SecondsUntil(static_cast<double>(Moment.ToUnixTimestamp())); }

    // Follow an order until it is final; destroying what this gives stops it.
    std::shared_ptr<LiveOps::OrderWatch> WatchOrder(
        const FString& Id, TFunction<void(const LiveOps::OrderNews&)> OnChange, TFunction<void(LiveOps::WatchEnd)> Done)
    {
        return std::make_shared<LiveOps::OrderWatch>(*Core, LiveOps::FromFString(Id), OnChange, Done);
    }

    // OPERATIONS

private:
    std::shared_ptr<LiveOps::UnrealHttp> Http;
    std::shared_ptr<LiveOps::UnrealTime> Time;
    std::unique_ptr<LiveOps::Client> Core;

    void Make(LiveOps::Options Options)
    {
        Options.OnSettled = [this](const LiveOps::Settlement& One) { Tell(OnSettled, One); };
        Options.OnWaiting = [this](const LiveOps::Waiting& One) { Tell(OnWaiting, One); };
        Options.OnLog = [this](const std::string& Text) { Tell(OnLog, LiveOps::ToFString(Text)); };
        Core.reset(new LiveOps::Client(Options, LiveOpsOperations::Own()));
    }

    template <typename TTold>
    static void Tell(const TFunction<void(const TTold&)>& Handler, const TTold& One)
    {
        if (Handler)
        {
            Handler(One);
        }
    }

    template <typename TData>
    static TLiveOpsAnswer<TData> Read(const LiveOps::Answer& Came)
    {
        TLiveOpsAnswer<TData> Made;
        Made.bHasData = Came.Data.IsObject();
        Made.Data = TData::Read(Came.Data);
        Made.bIsStale = Came.bIsStale;
        Made.ErrorCode = LiveOps::ToFString(Came.ErrorCode());
        Made.Errors = Came.Errors;
        return Made;
    }

    template <typename TData>
    void Query(
        const LiveOps::Operation& Asked, const LiveOps::Json& Variables,
        TFunction<void(const TLiveOpsAnswer<TData>&)> Done)
    {
        Core->Query(Asked, Variables, [Done](const LiveOps::Answer& Came) { Done(Read<TData>(Came)); });
    }

    template <typename TData>
    FString Want(
        const LiveOps::Operation& Asked, const LiveOps::Json& Variables,
        TFunction<void(const TLiveOpsSettlement<TData>&)> Done)
    {
        return LiveOps::ToFString(Core->Want(Asked, Variables, [Done](const LiveOps::Settlement& End) {
            if (Done)
            {
                TLiveOpsSettlement<TData> Made;
                Made.bHasData = End.Data.IsObject();
                Made.Data = TData::Read(End.Data);
                Made.Settlement = End;
                Done(Made);
            }
        }));
    }

    template <typename TData>
    std::shared_ptr<LiveOps::Follower> Follow(
        const LiveOps::Operation& Asked, const LiveOps::Json& Variables,
        TFunction<void(const TLiveOpsAnswer<TData>&)> OnEvent, TFunction<void()> OnConnected)
    {
        return std::make_shared<LiveOps::Follower>(
            *Core, Asked, Variables, [OnEvent](const LiveOps::Answer& Came) { OnEvent(Read<TData>(Came)); },
            OnConnected ? std::function<void()>(OnConnected) : nullptr);
    }
};
