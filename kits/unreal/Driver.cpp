// A game without a screen and without the engine, which the conformance tests play: tests/kits/driver.py has its commands.
#include "LiveOps.h"

#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <queue>
#include <random>
#include <thread>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

using LiveOps::Json;

// Work for the one thread of the game.
class Loop
{
public:
    void Post(std::function<void()> Call)
    {
        std::lock_guard<std::mutex> Lock(Guard);
        Work.push(Call);
        Came.notify_one();
    }

    void Run()
    {
        while (true)
        {
            std::unique_lock<std::mutex> Lock(Guard);
            Came.wait(Lock, [this]() { return !Work.empty(); });
            const std::function<void()> Call = Work.front();
            Work.pop();
            Lock.unlock();
            if (!Call)
            {
                return;
            }
            Call();
        }
    }

private:
    std::mutex Guard;
    std::condition_variable Came;
    std::queue<std::function<void()>> Work;
};

void Tell(const Json& Event) { std::cout << Event.Write() << std::endl; }

Json Made(const char* Event) { return Json::Object().With("event", Json::Text(Event)); }

// Requests over plain sockets, each in a thread of its own.
class SocketHttp : public LiveOps::IHttp
{
public:
    explicit SocketHttp(Loop& InGame) : Game(InGame) {}

    virtual void Send(const LiveOps::HttpCall& Call, std::function<void(const LiveOps::HttpAnswer&)> Done) override
    {
        auto Body = std::make_shared<std::string>();
        Begin(Call, [Body](const std::string& Bytes) { *Body += Bytes; }, [Body, Done](int Status) {
            LiveOps::HttpAnswer Came;
            Came.Status = Status;
            Came.Body = *Body;
            Done(Came);
        });
    }

    virtual int Stream(
        const LiveOps::HttpCall& Call, std::function<void(const std::string&)> OnBytes,
        std::function<void(int)> Done) override
    {
        return Begin(Call, OnBytes, Done);
    }

    virtual void Cancel(int Number) override { Open.erase(Number); }

private:
    Loop& Game;
    std::set<int> Open;
    int Last = 0;

    int Begin(const LiveOps::HttpCall& Call, std::function<void(const std::string&)> OnBytes, std::function<void(int)> Done)
    {
        const int Number = ++Last;
        Open.insert(Number);
        std::thread([this, Call, OnBytes, Done, Number]() {
            const int Status = Exchange(Call, [this, OnBytes, Number](const std::string& Bytes) {
                Game.Post([this, OnBytes, Number, Bytes]() {
                    if (Open.count(Number) > 0)
                    {
                        OnBytes(Bytes);
                    }
                });
            });
            Game.Post([this, Done, Number, Status]() {
                if (Open.erase(Number) > 0)
                {
                    Done(Status);
                }
            });
        }).detach();
        return Number;
    }

    static int Exchange(const LiveOps::HttpCall& Call, std::function<void(const std::string&)> OnBytes)
    {
        const std::string Rest = Call.Url.substr(7);
        const size_t Slash = Rest.find('/'), Colon = Rest.find(':');
        addrinfo* Found = nullptr;
        getaddrinfo(Rest.substr(0, Colon).c_str(), Rest.substr(Colon + 1, Slash - Colon - 1).c_str(), nullptr, &Found);
        const int Socket = socket(Found->ai_family, SOCK_STREAM, 0);
        const bool bIsConnected = connect(Socket, Found->ai_addr, Found->ai_addrlen) == 0;
        freeaddrinfo(Found);
        std::string Head = "POST " + Rest.substr(Slash) + " HTTP/1.1\r\nHost: " + Rest.substr(0, Slash) + "\r\n";
        for (const auto& One : Call.Headers)
        {
            Head += One.first + ": " + One.second + "\r\n";
        }
        Head += "Connection: close\r\nContent-Length: " + std::to_string(Call.Body.size()) + "\r\n\r\n" + Call.Body;
        int Status = 0;
        if (bIsConnected && send(Socket, Head.data(), Head.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(Head.size()))
        {
            Status = Receive(Socket, OnBytes);
        }
        close(Socket);
        return Status;
    }

    // The status of an answer that is whole; 0 if it is not.
    static int Receive(int Socket, std::function<void(const std::string&)> OnBytes)
    {
        std::string Came;
        size_t End = std::string::npos;
        while ((End = Came.find("\r\n\r\n")) == std::string::npos)
        {
            if (!More(Socket, Came))
            {
                return 0;
            }
        }
        std::string Head = Came.substr(0, End);
        std::transform(Head.begin(), Head.end(), Head.begin(), [](unsigned char One) { return std::tolower(One); });
        Came.erase(0, End + 4);
        const int Status = std::atoi(Head.c_str() + 9);
        const bool bIsWhole = Head.find("transfer-encoding: chunked") == std::string::npos
            ? Plain(Socket, Came, Head, OnBytes)
            : Chunked(Socket, Came, OnBytes);
        return bIsWhole ? Status : 0;
    }

    static bool Plain(
        int Socket, std::string& Came, const std::string& Head, std::function<void(const std::string&)> OnBytes)
    {
        const size_t Found = Head.find("content-length: ");
        const size_t Length = Found == std::string::npos ? 0 : static_cast<size_t>(std::atol(Head.c_str() + Found + 16));
        while (Came.size() < Length)
        {
            if (!More(Socket, Came))
            {
                return false;
            }
        }
        OnBytes(Came.substr(0, Length));
        return true;
    }

    static bool Chunked(int Socket, std::string& Came, std::function<void(const std::string&)> OnBytes)
    {
        while (true)
        {
            size_t Line = std::string::npos;
            while ((Line = Came.find("\r\n")) == std::string::npos)
            {
                if (!More(Socket, Came))
                {
                    return false;
                }
            }
            const size_t Length = std::strtoul(Came.c_str(), nullptr, 16);
            while (Came.size() < Line + 2 + Length + 2)
            {
                if (!More(Socket, Came))
                {
                    return false;
                }
            }
            if (Length == 0)
            {
                return true;
            }
            OnBytes(Came.substr(Line + 2, Length));
            Came.erase(0, Line + 2 + Length + 2);
        }
    }

    static bool More(int Socket, std::string& Came)
    {
        char Buffer[8192];
        const ssize_t Count = recv(Socket, Buffer, sizeof(Buffer), 0);
        Came.append(Buffer, Count > 0 ? static_cast<size_t>(Count) : 0);
        return Count > 0;
    }
};

// Clocks that stand still until they are moved.
class ManualTime : public LiveOps::ITime
{
public:
    double DeviceNow = 0;

    virtual double Monotonic() override { return Elapsed; }
    virtual double UnixNow() override { return DeviceNow; }

    virtual int CallLater(double Seconds, std::function<void()> Call) override
    {
        const int Number = Calls.At(Elapsed + Seconds, Call);
        Tell(Made("waiting").With("seconds", Json::Number(Seconds)));
        return Number;
    }

    virtual void Cancel(int Call) override { Calls.Cancel(Call); }

    void Advance(double Seconds)
    {
        Elapsed += Seconds;
        DeviceNow += Seconds;
        Calls.Tick(Elapsed);
    }

private:
    LiveOps::Alarms Calls;
    double Elapsed = 0;
};

class Files : public LiveOps::IStorage
{
public:
    explicit Files(const std::string& InFolder) : Folder(InFolder) {}

    virtual std::string Read(const std::string& Name) override
    {
        std::ifstream File(Folder + "/" + Name);
        return std::string(std::istreambuf_iterator<char>(File), std::istreambuf_iterator<char>());
    }

    virtual bool Write(const std::string& Name, const std::string& Text) override
    {
        const std::string Into = Folder + "/" + Name;
        std::ofstream File(Into + ".new");
        File << Text;
        File.close();
        return File.good() && std::rename((Into + ".new").c_str(), Into.c_str()) == 0;
    }

private:
    std::string Folder;
};

std::string NewKey()
{
    std::ifstream Kernel("/proc/sys/kernel/random/uuid");
    std::string Key;
    Kernel >> Key;
    return Key;
}

class Game
{
public:
    explicit Game(Loop& InLoop) : Work(InLoop), Time(std::make_shared<ManualTime>()) {}

    void Do(const Json& Command)
    {
        const std::string What = Command["do"].AsText();
        const Json Id = Command["id"];
        if (What == "open")
        {
            Open(Command);
        }
        else if (What == "token")
        {
            const LiveOps::Tokens::Told Told = Askers.front();
            Askers.pop();
            Told(Command["token"].AsText());
        }
        else if (What == "home")
        {
            Client->Home([this, Id](const TLiveOpsAnswer<FLiveOpsHomeData>& Came) { Show(Id, Came); });
        }
        else if (What == "claim")
        {
            Kept(Id, Client->ClaimOffer(Text(Command["step"]), Text(Command["cycle"])));
        }
        else if (What == "buy")
        {
            Kept(Id, Client->BuyPoints(Text(Command["sku"])));
        }
        else if (What == "watch")
        {
            Watch(Id, Text(Command["order"]));
        }
        else if (What == "follow")
        {
            Follow(Id);
        }
        else if (What == "device_clock")
        {
            Time->DeviceNow = Command["now"].AsNumber();
        }
        else if (What == "advance")
        {
            Time->Advance(Command["seconds"].AsNumber());
            Tell(Made("advanced").With("id", Id));
        }
        else if (What == "clock")
        {
            const FDateTime Until = FDateTime::FromUnixTimestamp(static_cast<int64>(Command["until"].AsTime()));
            const double Left = Client->SecondsUntil(Until);
            Tell(Made("clock").With("id", Id).With("now", Json::Number(Client->Now())).With("left", Json::Number(Left)));
        }
    }

private:
    Loop& Work;
    std::shared_ptr<ManualTime> Time;
    std::queue<LiveOps::Tokens::Told> Askers;
    TUniquePtr<FLiveOpsClient> Client;
    std::vector<std::shared_ptr<LiveOps::OrderWatch>> Watches;
    std::shared_ptr<LiveOps::Follower> Changes;

    static FString Text(const Json& From) { return LiveOps::ToFString(From.AsText()); }

    void Open(const Json& Command)
    {
        Time->DeviceNow = Command["now"].AsNumber();
        LiveOps::Options Options;
        Options.Url = Command["url"].AsText();
        Options.Player = Command["player"].AsText();
        Options.Http = std::make_shared<SocketHttp>(Work);
        Options.Time = Time;
        Options.Storage = std::make_shared<Files>(Command["folder"].AsText());
        Options.NewKey = NewKey;
        Options.Token = [this](bool bIsRejected, LiveOps::Tokens::Told Told) {
            Askers.push(Told);
            Tell(Made("token_wanted").With("isRejected", Json::Bool(bIsRejected)));
        };
        Client = MakeUnique<FLiveOpsClient>(Options);
        Client->OnSettled = [](const LiveOps::Settlement& End) { Settled(End); };
        Client->OnLog = [](const FString& Line) { std::cerr << *Line << std::endl; };
        Client->Start();
        Tell(Made("opened"));
    }

    static void Settled(const LiveOps::Settlement& End)
    {
        static const char* const Outcomes[] = {"done", "refused", "failed", "expired"};
        Json Codes = Json::List();
        for (const std::string& One : End.Codes)
        {
            Codes.Add(Json::Text(One));
        }
        Tell(Made("settled")
                 .With("key", Json::Text(End.Key))
                 .With("operation", Json::Text(End.Operation))
                 .With("outcome", Json::Text(Outcomes[static_cast<int>(End.Outcome)]))
                 .With("codes", Codes)
                 .With("order", End.OrderId.empty() ? Json() : Json::Text(End.OrderId)));
    }

    static void Kept(const Json& Id, const FString& Key)
    {
        Tell(Made("kept").With("id", Id).With("key", Json::Text(LiveOps::FromFString(Key))));
    }

    static Json OrNull(const FString& Value)
    {
        return Value.IsEmpty() ? Json() : Json::Text(LiveOps::FromFString(Value));
    }

    static void Show(const Json& Id, const TLiveOpsAnswer<FLiveOpsHomeData>& Came)
    {
        Json Chains = Json::List();
        for (const FLiveOpsHomeViewerOfferChains& One : Came.Data.Viewer.OfferChains)
        {
            Chains.Add(Json::Object()
                           .With("id", OrNull(One.Id))
                           .With("name", OrNull(One.Name))
                           .With("cycle", OrNull(One.Schedule.Cycle))
                           .With("actionText", OrNull(One.NextActionText))
                           .With("isUnknown", Json::Bool(One.NextAction == ELiveOpsNextAction::Unknown)));
        }
        Tell(Made("home")
                 .With("id", Id)
                 .With("isStale", Json::Bool(Came.bIsStale))
                 .With("error", OrNull(Came.ErrorCode))
                 .With("viewer", OrNull(Came.Data.Viewer.Id))
                 .With("chains", Chains));
    }

    void Follow(const Json& Id)
    {
        Changes = Client->ChainsChanged(
            [Id](const TLiveOpsAnswer<FLiveOpsChainsChangedData>& Change) {
                Json Reasons = Json::List();
                for (const FString& One : Change.Data.ChainsChanged.ReasonsText)
                {
                    Reasons.Add(OrNull(One));
                }
                Tell(Made("changed").With("id", Id).With("reasons", Reasons));
            },
            [Id]() { Tell(Made("connected").With("id", Id)); });
    }

    void Watch(const Json& Id, const FString& Order)
    {
        Watches.push_back(Client->WatchOrder(
            Order,
            [Id](const LiveOps::OrderNews& News) {
                Tell(Made("order")
                         .With("id", Id)
                         .With("status", Json::Text(News.StatusText))
                         .With("isTerminal", Json::Bool(News.bIsTerminal)));
            },
            [Id](LiveOps::WatchEnd End) {
                static const char* const Ends[] = {"final", "open", "missing"};
                Tell(Made("watched").With("id", Id).With("outcome", Json::Text(Ends[static_cast<int>(End)])));
            }));
    }
};

int main()
{
    Loop Work;
    Game Playing(Work);
    std::thread([&Work, &Playing]() {
        std::string Line;
        while (std::getline(std::cin, Line))
        {
            bool bValid = false;
            const Json Command = Json::Parse(Line, bValid);
            Work.Post([&Playing, Command]() { Playing.Do(Command); });
        }
        Work.Post(nullptr);
    }).detach();
    Work.Run();
    std::_Exit(0);
}
