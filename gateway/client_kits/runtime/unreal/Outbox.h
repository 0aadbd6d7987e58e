namespace LiveOps
{
// Intents, on the disk before they are sent and until they are settled. They are sent one after the other in their order.
// Without a network all wait; one that the gateway cannot settle yet waits alone.
class Outbox : private Living
{
public:
    // What the client does for its outbox.
    struct Hooks
    {
        std::shared_ptr<ITime> Time;
        std::shared_ptr<IStorage> Storage;
        std::string File;
        std::function<std::string()> NewKey;
        std::function<void(const Operation&, const Json&, std::function<void(const Answer&)>)> Execute;

        // Calls with whether the gateway's time is known.
        std::function<void(std::function<void(bool)>)> KnowTime;
        std::function<void(const Settlement&)> OnSettled;
        std::function<void(const Waiting&)> OnWaiting;
        std::function<void(const std::string&)> OnLog;
    };

    using Ended = std::function<void(const Settlement&)>;

    Outbox(const Hooks& InHooks, Clock& InClock, const std::vector<const Operation*>& Operations)
        : Does(InHooks), Time(InClock)
    {
        const std::string Kept = Does.Storage->Read(Does.File);
        bool bValid = false;
        const Json Read = Json::Parse(Kept, bValid);
        if (!bValid && !Kept.empty())
        {
            Does.Storage->Write(Does.File + ".damaged", Kept);
            Does.OnLog("The outbox is damaged.");
        }
        for (const Json& One : Read.Items())
        {
            auto Made = std::make_shared<Intent>();
            Made->Key = One["key"].AsText();
            Made->Operation = One["operation"].AsText();
            Made->Variables = One["variables"];
            Made->MadeAt = One["madeAt"].AsNumber();
            for (const Operation* Known : Operations)
            {
                Made->Known = Known->Name == Made->Operation ? Known : Made->Known;
            }
            Intents.push_back(Made);
        }
    }

    // Write an intent down and send it: gives its key, or an empty text if it cannot be written; nothing is sent then.
    std::string Add(const Operation& Wanted, Json Variables, Ended Done)
    {
        auto Made = std::make_shared<Intent>();
        Made->Key = Does.NewKey();
        Made->Operation = Wanted.Name;
        Made->Variables = Variables.With(Wanted.KeyVariable, Json::Text(Made->Key));
        Made->MadeAt = Time.IsKnown() ? Time.Now() : 0;
        Made->Known = &Wanted;
        Made->Done = Done;
        Intents.push_back(Made);
        if (!Write())
        {
            Intents.pop_back();
            return std::string();
        }
        // The player waits, so the network is tried at once.
        NetworkAt = 0;
        Wake();
        return Made->Key;
    }

    // Send what is due now.
    void Wake()
    {
        if (Alarm != 0)
        {
            Does.Time->Cancel(Alarm);
            Alarm = 0;
        }
        Pump();
    }

private:
    struct Intent
    {
        std::string Key;
        std::string Operation;
        Json Variables;

        // When it was made, in the gateway's time; 0 until that is known.
        double MadeAt = 0;

        // Null if this version of the game has the operation no more.
        const LiveOps::Operation* Known = nullptr;
        Ended Done;
        int Tries = 0;
        double NextAt = 0;
    };

    using Held = std::shared_ptr<Intent>;

    // How long the gateway remembers a key. After that, the same key would make another order.
    static constexpr double KeySeconds = 24 * 3600;

    Hooks Does;
    Clock& Time;
    std::vector<Held> Intents;
    double NetworkAt = 0;
    int Alarm = 0;
    bool bIsSending = false;

    double At(const Held& One) const { return std::max(One->NextAt, NetworkAt); }

    void Pump()
    {
        if (bIsSending || Intents.empty())
        {
            return;
        }
        const double Now = Does.Time->Monotonic();
        auto Next = std::find_if(Intents.begin(), Intents.end(), [&](const Held& One) { return At(One) <= Now; });
        if (Next != Intents.end())
        {
            bIsSending = true;
            Try(*Next);
            return;
        }
        Next = std::min_element(
            Intents.begin(), Intents.end(), [&](const Held& One, const Held& Two) { return At(One) < At(Two); });
        Alarm = Does.Time->CallLater(At(*Next) - Now, While([this]() {
            Alarm = 0;
            Pump();
        }));
    }

    void GoOn()
    {
        bIsSending = false;
        Pump();
    }

    void Try(Held One)
    {
        if (One->Known == nullptr)
        {
            End(One, Outcome::Failed, {"UNKNOWN_OPERATION"}, Json());
            return;
        }
        Does.KnowTime(While([this, One](bool bIsKnown) {
            if (!bIsKnown)
            {
                PauseAll(One);
            }
            else if (!Stamp(One))
            {
                // A full disk: nothing is sent that would be forgotten.
                Pause(One, "STORAGE", 0);
            }
            else if (IsForgotten(*One))
            {
                End(One, Outcome::Expired, {"EXPIRED"}, Json());
            }
            else
            {
                Does.Execute(*One->Known, One->Variables, While([this, One](const Answer& Told) { Judge(One, Told); }));
            }
        }));
    }

    bool Stamp(Held One)
    {
        if (One->MadeAt > 0)
        {
            return true;
        }
        One->MadeAt = Time.Now();
        const bool bIsWritten = Write();
        One->MadeAt = bIsWritten ? One->MadeAt : 0;
        return bIsWritten;
    }

    // A claim is safe to send at any time: a step is granted once, and its cycle goes with it.
    bool IsForgotten(const Intent& One)
    {
        const bool bIsSafe = One.Known->bHasCycle && !One.Known->bIsOrder;
        return !bIsSafe && Time.Now() - One.MadeAt >= KeySeconds;
    }

    void Judge(Held One, const Answer& Told)
    {
        const Json& Payload = Told.Data[One->Known->Payload];
        if (Told.IsNetwork())
        {
            PauseAll(One);
            return;
        }
        if (!Payload.IsObject())
        {
            const GatewayError Error = Told.Errors.empty() ? GatewayError::Network("No payload.") : Told.Errors[0];
            Error.MayPass() ? Pause(One, Error.Code, Error.RetryAfterSeconds)
                            : End(One, Outcome::Failed, {Error.Code}, Told.Data);
            return;
        }
        std::vector<std::string> Codes;
        std::string Open;
        for (const Json& Error : Payload["userErrors"].Items())
        {
            Codes.push_back(Error["code"].AsText());
            const bool bIsOpen = Codes.back() == "OUTCOME_UNKNOWN" || Codes.back() == "IN_PROGRESS";
            Open = bIsOpen ? Codes.back() : Open;
        }
        Open.empty() ? End(One, Codes.empty() ? Outcome::Done : Outcome::Refused, Codes, Told.Data) : Pause(One, Open, 0);
    }

    void PauseAll(Held One)
    {
        NetworkAt = Does.Time->Monotonic() + Seconds(One, 0);
        Pause(One, "NETWORK", 0);
    }

    double Seconds(Held One, double RetryAfter) const
    {
        return std::max(RetryAfter, std::min(60.0, std::pow(2.0, std::min(One->Tries, 6))));
    }

    void Pause(Held One, const std::string& Code, double RetryAfter)
    {
        Waiting Told;
        Told.Key = One->Key;
        Told.Operation = One->Operation;
        Told.Code = Code;
        Told.PauseSeconds = Seconds(One, RetryAfter);
        One->NextAt = Does.Time->Monotonic() + Told.PauseSeconds;
        ++One->Tries;
        Does.OnWaiting(Told);
        GoOn();
    }

    // Told first and forgotten then: a crash in between tells it twice, and never not at all.
    void End(Held One, Outcome How, const std::vector<std::string>& Codes, const Json& Data)
    {
        Settlement Told;
        Told.Key = One->Key;
        Told.Operation = One->Operation;
        Told.Variables = One->Variables;
        Told.Outcome = How;
        Told.Codes = Codes;
        Told.Data = Data;
        Told.OrderId = One->Known == nullptr ? "" : Data[One->Known->Payload]["order"]["id"].AsText();
        Does.OnSettled(Told);
        Intents.erase(std::find(Intents.begin(), Intents.end(), One));
        if (!Write())
        {
            Does.OnLog("The outbox cannot be written: what has ended is told once more at the next start.");
        }
        if (One->Done)
        {
            One->Done(Told);
        }
        GoOn();
    }

    bool Write()
    {
        Json All = Json::List();
        for (const Held& One : Intents)
        {
            All.Add(Json::Object()
                        .With("key", Json::Text(One->Key))
                        .With("operation", Json::Text(One->Operation))
                        .With("variables", One->Variables)
                        .With("madeAt", Json::Number(One->MadeAt)));
        }
        return Does.Storage->Write(Does.File, All.Write());
    }
};
}
