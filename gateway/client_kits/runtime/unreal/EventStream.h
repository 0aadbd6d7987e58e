namespace LiveOps
{
// Reads server-sent events, as graphql-sse's "distinct connections mode" has them.
class EventStream
{
public:
    std::function<void(const Answer&)> OnEvent;

    // Called once, as soon as the gateway has taken the subscription.
    std::function<void()> OnConnected;

    // Whether the gateway has said that no more comes.
    bool bIsComplete = false;

    // Whether a result had no data.
    bool bHasFailed = false;

    // Whether the token was not accepted.
    bool bIsRejected = false;

    // Whether the document's id was not known.
    bool bIsUnknownDocument = false;

    void Take(const std::string& Bytes)
    {
        for (const char One : Bytes)
        {
            if (One == '\n')
            {
                TakeLine();
                Line.clear();
            }
            else if (One != '\r')
            {
                Line += One;
            }
        }
    }

private:
    std::string Line;
    std::string Kind;
    std::string Data;
    bool bIsConnected = false;

    static bool Starts(const std::string& Text, const char* With) { return Text.rfind(With, 0) == 0; }

    void TakeLine()
    {
        if (Starts(Line, "event:"))
        {
            Kind = Line.substr(Starts(Line, "event: ") ? 7 : 6);
        }
        else if (Starts(Line, "data:"))
        {
            Data += Line.substr(5);
        }
        else if (Starts(Line, ":"))
        {
            // A heartbeat: the gateway has taken the subscription, though nothing has happened yet.
            Connected();
        }
        else if (Line.empty())
        {
            Dispatch();
            Kind.clear();
            Data.clear();
        }
    }

    void Dispatch()
    {
        bIsComplete = bIsComplete || Kind == "complete";
        if (Kind != "next")
        {
            return;
        }
        bool bValid = false;
        const Answer Told = Answer::Of(Json::Parse(Data, bValid));
        bIsRejected = bIsRejected || Told.Has(&GatewayError::IsAboutToken);
        bIsUnknownDocument = bIsUnknownDocument || Told.Has(&GatewayError::IsUnknownDocument);
        bHasFailed = bHasFailed || !Told.Data.IsObject();
        if (!bHasFailed)
        {
            Connected();
            OnEvent(Told);
        }
    }

    void Connected()
    {
        if (!bIsConnected && OnConnected)
        {
            OnConnected();
        }
        bIsConnected = true;
    }
};
}
