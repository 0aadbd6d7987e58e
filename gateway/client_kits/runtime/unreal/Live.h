namespace LiveOps
{
// One subscription, over as many connections as it takes.
class Subscription : private Living
{
public:
    Subscription(Client& InOwner, const Operation& InAsked, const Json& InVariables)
        : Owner(InOwner), Asked(InAsked), Variables(InVariables)
    {
    }

    ~Subscription() { Stop(); }

    std::function<void(const Answer&)> OnEvent;
    std::function<void()> OnConnected;

    // Connect: calls at the end with whether the subscription was completed, and not lost.
    void Connect(std::function<void(bool)> Done)
    {
        bIsRenewed = false;
        Again(Done);
    }

    // Hear nothing any more.
    void Stop()
    {
        ITime& Time = *Owner.GetOptions().Time;
        if (Silence != 0)
        {
            Time.Cancel(Silence);
            Silence = 0;
        }
        if (Stream != 0)
        {
            Owner.GetOptions().Http->Cancel(Stream);
            Stream = 0;
        }
    }

private:
    // The gateway sends something on each stream every 15 seconds.
    static constexpr double SilenceSeconds = 40;

    Client& Owner;
    const Operation& Asked;
    Json Variables;
    std::shared_ptr<EventStream> Events;
    double Heard = 0;
    int Stream = 0;
    int Silence = 0;
    bool bIsRenewed = false;

    void Again(std::function<void(bool)> Done)
    {
        Owner.GetTokens().Get(While([this, Done](const std::string& Token) {
            Events = std::make_shared<EventStream>();
            Events->OnEvent = OnEvent;
            Events->OnConnected = OnConnected;
            Heard = Owner.GetOptions().Time->Monotonic();
            const HttpCall Call = Owner.Call(Asked, Variables, Token, "text/event-stream", 0);
            auto Over = While([this, Done, Token](int Status) { End(Status, Token, Done); });
            ListenForSilence(Over);
            Stream = Owner.GetOptions().Http->Stream(
                Call,
                While([this](const std::string& Bytes) {
                    Heard = Owner.GetOptions().Time->Monotonic();
                    const std::shared_ptr<EventStream> Kept = Events;
                    Kept->Take(Bytes);
                }),
                Over);
        }));
    }

    void ListenForSilence(std::function<void(int)> Over)
    {
        ITime& Time = *Owner.GetOptions().Time;
        const double Left = Heard + SilenceSeconds - Time.Monotonic();
        if (Left <= 0)
        {
            Over(0);
            return;
        }
        Silence = Time.CallLater(Left, While([this, Over]() { ListenForSilence(Over); }));
    }

    void End(int Status, const std::string& Token, std::function<void(bool)> Done)
    {
        const std::shared_ptr<EventStream> Was = Events;
        Stop();
        if ((Was->bIsRejected || Status == 401) && !bIsRenewed)
        {
            bIsRenewed = true;
            Owner.GetTokens().Renew(Token, While([this, Done](const std::string& Next) {
                Next.empty() ? Done(false) : Again(Done);
            }));
            return;
        }
        if (Was->bIsUnknownDocument && Owner.ForgetId(Asked))
        {
            Again(Done);
            return;
        }
        Done(Was->bIsComplete && !Was->bHasFailed);
    }
};

// Hears of events until it is stopped; reconnects after 1, 2, 4 … 60 seconds. Events are not sent again: query the screen
// for each connection.
class Follower : private Living
{
public:
    Follower(
        Client& InOwner, const Operation& Asked, const Json& Variables, Client::Told OnEvent,
        std::function<void()> OnConnected)
        : Owner(InOwner), Heard(std::make_shared<Subscription>(InOwner, Asked, Variables))
    {
        Heard->OnEvent = OnEvent;
        Heard->OnConnected = [this, OnConnected]() {
            Failures = 0;
            if (OnConnected)
            {
                OnConnected();
            }
        };
        Connect();
    }

    ~Follower()
    {
        if (Alarm != 0)
        {
            Owner.GetOptions().Time->Cancel(Alarm);
        }
    }

private:
    Client& Owner;
    std::shared_ptr<Subscription> Heard;
    int Failures = 0;
    int Alarm = 0;

    void Connect()
    {
        Heard->Connect(While([this](bool bIsComplete) {
            if (bIsComplete)
            {
                return;
            }
            const double Pause = std::min(60.0, std::pow(2.0, std::min(Failures++, 6)));
            Alarm = Owner.GetOptions().Time->CallLater(Pause, While([this]() {
                Alarm = 0;
                Connect();
            }));
        }));
    }
};

// Why an order is not watched any more.
enum class WatchEnd
{
    // Its status is final.
    Final,
    // It is not paid within the time. Watch it again when the player comes back to the payment.
    Open,
    // The player has no such order.
    Missing,
};

// An order as it is now; the status as it was sent.
struct OrderNews
{
    std::string Id;
    std::string StatusText;
    bool bIsTerminal = false;
};

// Follows an order until it is final: by a subscription; after two failures by long polls; after three errors more by
// reading it every 3 seconds for 10 minutes. The handler gets each status once. Destroying it stops it.
class OrderWatch : private Living
{
public:
    OrderWatch(
        Client& InOwner, const std::string& InId, std::function<void(const OrderNews&)> InOnChange,
        std::function<void(WatchEnd)> InDone)
        : Owner(InOwner), Id(InId), OnChange(InOnChange), Done(InDone)
    {
        Heard = std::make_shared<Subscription>(Owner, Owner.GetOwn().WatchBySubscription, Variables());
        Heard->OnEvent = [this](const Answer& Came) { Take(Came); };
        Subscribe();
    }

    ~OrderWatch()
    {
        if (Alarm != 0)
        {
            Owner.GetOptions().Time->Cancel(Alarm);
        }
    }

private:
    static constexpr int StreamTries = 2;
    static constexpr int WaitTries = 3;
    static constexpr double WatchSeconds = 600;

    enum class EIsThere { Yes, No, Unknown };

    Client& Owner;
    std::string Id;
    std::function<void(const OrderNews&)> OnChange;
    std::function<void(WatchEnd)> Done;
    std::shared_ptr<Subscription> Heard;
    std::string Status;
    bool bIsFinal = false;
    int Failures = 0;
    int Alarm = 0;
    double EndsAt = 0;

    Json Variables() const { return Json::Object().With("id", Json::Text(Id)); }

    double Monotonic() const { return Owner.GetOptions().Time->Monotonic(); }

    // The handler may destroy this, and so itself.
    void Finish(WatchEnd End)
    {
        const std::function<void(WatchEnd)> Call = Done;
        Call(End);
    }

    void Later(double Seconds, std::function<void()> Call)
    {
        Alarm = Owner.GetOptions().Time->CallLater(Seconds, While([this, Call]() {
            Alarm = 0;
            Call();
        }));
    }

    EIsThere Take(const Answer& Came)
    {
        const Json& Order = Came.Data.Keys().empty() ? Came.Data : Came.Data[Came.Data.Keys()[0]];
        if (!Order.IsObject())
        {
            return EIsThere::No;
        }
        OrderNews News;
        News.Id = Order["id"].AsText();
        News.StatusText = Order["status"].AsText();
        News.bIsTerminal = Order["isTerminal"].AsBool();
        const bool bIsNew = News.StatusText != Status;
        Status = News.StatusText;
        bIsFinal = News.bIsTerminal;
        if (bIsNew && OnChange)
        {
            OnChange(News);
        }
        return EIsThere::Yes;
    }

    void Subscribe()
    {
        Heard->Connect(While([this](bool bIsComplete) {
            if (bIsFinal || (bIsComplete && !Status.empty()))
            {
                Finish(bIsFinal ? WatchEnd::Final : WatchEnd::Open);
            }
            else if (++Failures < StreamTries)
            {
                Later(1, [this]() { Subscribe(); });
            }
            else
            {
                Failures = 0;
                EndsAt = Monotonic() + WatchSeconds;
                Wait();
            }
        }));
    }

    void Wait()
    {
        if (Monotonic() >= EndsAt)
        {
            Finish(WatchEnd::Open);
            return;
        }
        Json With = Variables();
        if (!Status.empty())
        {
            With.With("after", Json::Text(Status));
        }
        const std::string Before = Status;
        Ask(Owner.GetOwn().WatchByWaiting, With, [this, Before](EIsThere IsThere) {
            Failures = IsThere == EIsThere::Unknown ? Failures + 1 : 0;
            if (Failures == WaitTries)
            {
                EndsAt = Monotonic() + WatchSeconds;
                Read();
            }
            else if (Status == Before)
            {
                // A gateway that shuts down answers at once with nothing new.
                Later(std::pow(2.0, std::max(0, Failures - 1)), [this]() { Wait(); });
            }
            else
            {
                Wait();
            }
        });
    }

    void Read()
    {
        if (Monotonic() >= EndsAt)
        {
            Finish(WatchEnd::Open);
            return;
        }
        Ask(Owner.GetOwn().WatchByReading, Variables(), [this](EIsThere) { Later(3, [this]() { Read(); }); });
    }

    // Read the order, and go on if it is neither final nor missing.
    void Ask(const Operation& Asked, const Json& With, std::function<void(EIsThere)> GoOn)
    {
        Owner.Execute(Asked, With, While([this, GoOn](const Answer& Came) {
            const EIsThere IsThere = Came.Errors.empty() ? Take(Came) : EIsThere::Unknown;
            if (IsThere == EIsThere::No)
            {
                Finish(WatchEnd::Missing);
            }
            else if (IsThere == EIsThere::Yes && bIsFinal)
            {
                Finish(WatchEnd::Final);
            }
            else
            {
                GoOn(IsThere);
            }
        }), 60);
    }
};
}
