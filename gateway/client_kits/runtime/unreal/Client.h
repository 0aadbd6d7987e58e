namespace LiveOps
{
// What a client is made of. `Language`, `ClientName` and `ClientVersion` may be empty, and handlers null.
struct Options
{
    // The gateway's address, such as https://gateway.example.com/graphql.
    std::string Url;

    // Whose client it is, as the game knows the player. What is kept on the device is kept by player.
    std::string Player;

    Tokens::Ask Token;
    std::shared_ptr<IHttp> Http;
    std::shared_ptr<ITime> Time;
    std::shared_ptr<IStorage> Storage;

    // A new UUID.
    std::function<std::string()> NewKey;

    // Languages to show names and prices in, such as `de-AT, en;q=0.5`.
    std::string Language;

    // The build, as its manifest of trusted documents is named.
    std::string ClientName;
    std::string ClientVersion;

    // Each intent that ends, also of earlier runs of the game: show it, grant what it gave.
    std::function<void(const Settlement&)> OnSettled;

    // An intent that waits for its next try: show that it is not lost.
    std::function<void(const Waiting&)> OnWaiting;

    // Faults that cost nothing but should be known. Never has a token.
    std::function<void(const std::string&)> OnLog;
};

// The operations that the client sends by itself, and the mutations.
struct OwnOperations
{
    const Operation& Clock;
    const Operation& WatchBySubscription;
    const Operation& WatchByWaiting;
    const Operation& WatchByReading;
    std::vector<const Operation*> Writes;
};

// Sends operations for one player.
class Client : private Living
{
public:
    using Told = std::function<void(const Answer&)>;

    Client(const Options& InOptions, const OwnOperations& InOwn)
        : Now(InOptions.Time), Given(InOptions), Own(InOwn), Token(InOptions.Token), Intents(Hooks(), Now, InOwn.Writes)
    {
    }

    // The gateway's time, to count down by.
    Clock Now;

    // Send what earlier runs of the game could not settle.
    void Start() { Intents.Wake(); }

    // Call this when the device has slept.
    void Resumed()
    {
        Now.Forget();
        Intents.Wake();
    }

    // A query: the answer, or the last good one if none comes.
    void Query(const Operation& Asked, const Json& Variables, Told Done)
    {
        Execute(Asked, Variables, [this, &Asked, Variables, Done](const Answer& Came) {
            Done(Asked.bIsScreen ? Screen(Asked, Variables, Came) : Came);
        });
    }

    // A mutation: gives its key, or an empty text if it cannot be written down.
    std::string Want(const Operation& Asked, const Json& Variables, Outbox::Ended Done)
    {
        return Intents.Add(Asked, Variables, Done);
    }

    // Send an operation, once more with a new token if the first is not accepted.
    void Execute(const Operation& Asked, const Json& Variables, Told Done, int Seconds = 30)
    {
        Token.Get(While([this, &Asked, Variables, Done, Seconds](const std::string& First) {
            Post(Asked, Variables, First, Seconds, [this, &Asked, Variables, Done, Seconds, First](const Answer& Came) {
                if (!Came.Has(&GatewayError::IsAboutToken))
                {
                    Done(Came);
                    return;
                }
                Token.Renew(First, While([this, &Asked, Variables, Done, Seconds, Came](const std::string& Second) {
                    Second.empty() ? Done(Came) : Post(Asked, Variables, Second, Seconds, Done);
                }));
            });
        }));
    }

    // Where the live parts begin: how an operation is sent as a stream.
    HttpCall Call(const Operation& Asked, const Json& Variables, const std::string& With, const char* Accept, int Seconds)
    {
        const bool bIsText = UnknownDocuments.count(Asked.Id) > 0;
        Json Body = Json::Object();
        Body.With(bIsText ? "query" : "documentId", Json::Text(bIsText ? Asked.Text : "sha256:" + Asked.Id));
        Body.With("variables", Variables);
        HttpCall Made;
        Made.Url = Given.Url;
        Made.Body = Body.Write();
        Made.TimeoutSeconds = Seconds;
        Made.Headers = {{"Content-Type", "application/json"}, {"Accept", Accept}};
        AddHeader(Made, "Authorization", With.empty() ? With : "Bearer " + With);
        AddHeader(Made, "Accept-Language", Given.Language);
        AddHeader(Made, "graphql-client-name", Given.ClientName);
        AddHeader(Made, "graphql-client-version", Given.ClientVersion);
        return Made;
    }

    // Send the text from now on; false if it is sent already.
    bool ForgetId(const Operation& Asked) { return UnknownDocuments.insert(Asked.Id).second; }

    const Options& GetOptions() const { return Given; }
    const OwnOperations& GetOwn() const { return Own; }
    Tokens& GetTokens() { return Token; }

private:
    Options Given;
    OwnOperations Own;
    Tokens Token;
    std::set<std::string> UnknownDocuments;
    Outbox Intents;

    Outbox::Hooks Hooks()
    {
        Outbox::Hooks Made;
        Made.Time = Given.Time;
        Made.Storage = Given.Storage;
        Made.File = FileOf("outbox.json");
        Made.NewKey = Given.NewKey;
        Made.Execute = [this](const Operation& Asked, const Json& Variables, Told Done) { Execute(Asked, Variables, Done); };
        Made.KnowTime = [this](std::function<void(bool)> Done) { KnowTime(Done); };
        Made.OnSettled = [this](const Settlement& One) { Tell(Given.OnSettled, One); };
        Made.OnWaiting = [this](const Waiting& One) { Tell(Given.OnWaiting, One); };
        Made.OnLog = [this](const std::string& Text) { Tell(Given.OnLog, Text); };
        return Made;
    }

    template <typename TTold>
    static void Tell(const std::function<void(const TTold&)>& Handler, const TTold& One)
    {
        if (Handler)
        {
            Handler(One);
        }
    }

    static void AddHeader(HttpCall& To, const char* Name, const std::string& Value)
    {
        if (!Value.empty())
        {
            To.Headers.push_back({Name, Value});
        }
    }

    void KnowTime(std::function<void(bool)> Done)
    {
        if (Now.IsKnown())
        {
            Done(true);
            return;
        }
        Execute(Own.Clock, Json::Object(), [this, Done](const Answer&) { Done(Now.IsKnown()); });
    }

    void Post(const Operation& Asked, const Json& Variables, const std::string& With, int Seconds, Told Done)
    {
        PostOnce(Asked, Variables, With, Seconds, [=, &Asked](const Answer& Came) {
            if (!Came.Has(&GatewayError::IsUnknownDocument))
            {
                Done(Came);
                return;
            }
            ForgetId(Asked);
            PostOnce(Asked, Variables, With, Seconds, Done);
        });
    }

    void PostOnce(const Operation& Asked, const Json& Variables, const std::string& With, int Seconds, Told Done)
    {
        const double Sent = Given.Time->Monotonic();
        const char* const Accept = "application/graphql-response+json, application/json";
        const HttpCall Made = Call(Asked, Variables, With, Accept, Seconds);
        Given.Http->Send(Made, While([this, &Asked, Sent, Done](const HttpAnswer& Came) {
            const Answer Read = Came.Status == 0 ? Answer::None("No answer.") : Answer::Read(Came.Body, Came.Status);
            const Json& Time = Read.Data[Asked.ServerTime];
            if (Time.IsText())
            {
                Now.Take(Sent, Given.Time->Monotonic(), Time.AsTime());
            }
            Done(Read);
        }));
    }

    // Keep a good screen, or show the last one in place of none.
    Answer Screen(const Operation& Asked, const Json& Variables, const Answer& Came)
    {
        const std::string File = FileOf("screen-" + Asked.Name + ".json");
        if (Came.Errors.empty())
        {
            const Json Kept = Json::Object()
                                  .With("id", Json::Text(Asked.Id))
                                  .With("variables", Json::Text(Variables.Write()))
                                  .With("data", Came.Data);
            if (!Given.Storage->Write(File, Kept.Write()))
            {
                Tell(Given.OnLog, std::string("The last screen cannot be kept."));
            }
            return Came;
        }
        const bool bMayPass = std::all_of(Came.Errors.begin(), Came.Errors.end(), [](const GatewayError& One) {
            return One.MayPass() && !One.IsAboutToken();
        });
        bool bValid = false;
        const Json Kept = Json::Parse(Given.Storage->Read(File), bValid);
        const bool bIsSame = Kept["id"].AsText() == Asked.Id && Kept["variables"].AsText() == Variables.Write();
        if (Came.Data.IsObject() || !bMayPass || !bIsSame)
        {
            return Came;
        }
        Answer Stale = Came;
        Stale.Data = Kept["data"];
        Stale.bIsStale = true;
        return Stale;
    }

    std::string FileOf(const std::string& Name) const
    {
        std::string Made;
        for (const char One : Given.Player)
        {
            char Digits[4];
            std::snprintf(Digits, sizeof(Digits), "%02x", static_cast<unsigned>(static_cast<unsigned char>(One)));
            Made += Digits;
        }
        return Made + "-" + Name;
    }
};
}
