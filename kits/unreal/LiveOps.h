// Client code for the gateway, made by `gateway client unreal`. Make it anew instead of changing it.
// One header: put it into a module that depends on "HTTP". C++14, without exceptions and RTTI.
#pragma once

#include "CoreMinimal.h"
#include "HAL/FileManager.h"
#include "HttpModule.h"
#include "Interfaces/IHttpRequest.h"
#include "Interfaces/IHttpResponse.h"
#include "Misc/FileHelper.h"
#include "Misc/Guid.h"
#include "Misc/Paths.h"
#include "Misc/ScopeLock.h"
#include "Runtime/Launch/Resources/Version.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "LiveOps.generated.h"

namespace LiveOps
{
// A JSON value. Reading never fails: what is missing or of another type is 0, false or empty, so that a newer gateway
// cannot break a game that is out. Numbers keep their text, so that no amount loses digits. Texts are UTF-8.
class Json
{
public:
    Json() {}

    static Json Text(const std::string& Value)
    {
        Json Made(EKind::Text);
        Made.Chars = Value;
        return Made;
    }

    static Json Bool(bool bValue) { return Raw(bValue ? "true" : "false"); }

    static Json Int(int64_t Value) { return Raw(std::to_string(Value)); }

    static Json Number(double Value)
    {
        char Written[32];
        std::snprintf(Written, sizeof(Written), "%.17g", Value);
        return Raw(Written);
    }

    static Json List() { return Json(EKind::List); }

    static Json Object() { return Json(EKind::Object); }

    // The value of a text; bValid says whether it is JSON.
    static Json Parse(const std::string& Source, bool& bValid)
    {
        FReader Reader{Source, 0, true};
        Json Made = Reader.Value(0);
        Reader.SkipSpace();
        bValid = Reader.bValid && Reader.At == Source.size();
        return bValid ? Made : Json();
    }

    bool IsNull() const { return Kind == EKind::Null; }
    bool IsObject() const { return Kind == EKind::Object; }
    bool IsText() const { return Kind == EKind::Text; }

    const std::vector<Json>& Items() const { return Kind == EKind::List ? Values : Nothing().Values; }
    const std::vector<std::string>& Keys() const { return Names; }

    // The value of a key; null if there is none.
    const Json& operator[](const std::string& Key) const
    {
        for (size_t Index = 0; Index < Names.size(); ++Index)
        {
            if (Names[Index] == Key)
            {
                return Values[Index];
            }
        }
        return Nothing();
    }

    Json& With(const std::string& Key, const Json& Value)
    {
        for (size_t Index = 0; Index < Names.size(); ++Index)
        {
            if (Names[Index] == Key)
            {
                Values[Index] = Value;
                return *this;
            }
        }
        Names.push_back(Key);
        Values.push_back(Value);
        return *this;
    }

    Json& Add(const Json& Value)
    {
        Values.push_back(Value);
        return *this;
    }

    std::string AsText() const { return Kind == EKind::Text ? Chars : std::string(); }
    bool AsBool() const { return Kind == EKind::Raw && Chars == "true"; }
    double AsNumber() const { return Kind == EKind::Raw ? std::strtod(Chars.c_str(), nullptr) : 0; }

    int64_t AsInt() const
    {
        if (Kind != EKind::Raw)
        {
            return 0;
        }
        const bool bIsWhole = Chars.find_first_of(".eE") == std::string::npos;
        return bIsWhole ? std::strtoll(Chars.c_str(), nullptr, 10) : static_cast<int64_t>(AsNumber());
    }

    // A moment, written as RFC 3339, in seconds since 1970; 0 if it is none.
    double AsTime() const
    {
        int Year = 0, Month = 0, Day = 0, Hour = 0, Minute = 0, Used = 0;
        double Second = 0;
        const std::string Written = AsText();
        if (std::sscanf(Written.c_str(), "%d-%d-%dT%d:%d:%lf%n", &Year, &Month, &Day, &Hour, &Minute, &Second, &Used) < 6)
        {
            return 0;
        }
        int AwayHours = 0, AwayMinutes = 0;
        const std::string Zone = Written.substr(static_cast<size_t>(Used));
        std::sscanf(Zone.c_str(), "%*1[+-]%d:%d", &AwayHours, &AwayMinutes);
        const int Away = (AwayHours * 60 + AwayMinutes) * (Zone[0] == '-' ? -1 : 1);
        return static_cast<double>(Days(Year, Month, Day)) * 86400 + Hour * 3600 + (Minute - Away) * 60 + Second;
    }

    std::string Write() const
    {
        std::string Into;
        WriteTo(Into);
        return Into;
    }

private:
    enum class EKind { Null, Raw, Text, List, Object };

    EKind Kind = EKind::Null;
    std::string Chars;
    std::vector<std::string> Names;
    std::vector<Json> Values;

    explicit Json(EKind InKind) : Kind(InKind) {}

    static Json Raw(const std::string& Value)
    {
        Json Made(EKind::Raw);
        Made.Chars = Value;
        return Made;
    }

    static const Json& Nothing()
    {
        static const Json None;
        return None;
    }

    // Days since 1970 in the Gregorian calendar.
    static int64_t Days(int Year, int Month, int Day)
    {
        const int64_t Shifted = Month <= 2 ? Year - 1 : Year;
        const int64_t Era = (Shifted >= 0 ? Shifted : Shifted - 399) / 400;
        const int64_t OfEra = Shifted - Era * 400;
        const int64_t OfYear = (153 * (Month + (Month > 2 ? -3 : 9)) + 2) / 5 + Day - 1;
        return Era * 146097 + OfEra * 365 + OfEra / 4 - OfEra / 100 + OfYear - 719468;
    }

    void WriteTo(std::string& Into) const
    {
        if (Kind == EKind::Null)
        {
            Into += "null";
        }
        else if (Kind == EKind::Raw)
        {
            Into += Chars;
        }
        else if (Kind == EKind::Text)
        {
            WriteText(Chars, Into);
        }
        else
        {
            const bool bIsObject = Kind == EKind::Object;
            Into += bIsObject ? '{' : '[';
            for (size_t Index = 0; Index < Values.size(); ++Index)
            {
                Into += Index > 0 ? "," : "";
                if (bIsObject)
                {
                    WriteText(Names[Index], Into);
                    Into += ':';
                }
                Values[Index].WriteTo(Into);
            }
            Into += bIsObject ? '}' : ']';
        }
    }

    static void WriteText(const std::string& Source, std::string& Into)
    {
        Into += '"';
        for (const char One : Source)
        {
            if (One == '"' || One == '\\')
            {
                Into += '\\';
                Into += One;
            }
            else if (static_cast<unsigned char>(One) < 0x20)
            {
                char Escape[8];
                std::snprintf(Escape, sizeof(Escape), "\\u%04x", static_cast<unsigned>(One));
                Into += Escape;
            }
            else
            {
                Into += One;
            }
        }
        Into += '"';
    }

    struct FReader
    {
        const std::string& Source;
        size_t At;
        bool bValid;

        char Peek() const { return At < Source.size() ? Source[At] : '\0'; }

        void SkipSpace()
        {
            while (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t')
            {
                ++At;
            }
        }

        bool Take(char Wanted)
        {
            SkipSpace();
            if (Peek() != Wanted)
            {
                return false;
            }
            ++At;
            return true;
        }

        Json Fail()
        {
            bValid = false;
            return Json();
        }

        Json Value(int Depth)
        {
            if (Depth > 64)
            {
                return Fail();
            }
            if (Take('{') || Take('['))
            {
                return Several(Source[At - 1] == '{', Depth);
            }
            return Peek() == '"' ? Text(String()) : Word();
        }

        Json Several(bool bIsObject, int Depth)
        {
            Json Made(bIsObject ? EKind::Object : EKind::List);
            const char End = bIsObject ? '}' : ']';
            if (Take(End))
            {
                return Made;
            }
            do
            {
                std::string Key;
                if (bIsObject)
                {
                    SkipSpace();
                    Key = String();
                    bValid = bValid && Take(':');
                }
                const Json One = Value(Depth + 1);
                bIsObject ? Made.With(Key, One) : Made.Add(One);
            }
            while (bValid && Take(','));
            bValid = bValid && Take(End);
            return Made;
        }

        Json Word()
        {
            const size_t Start = At;
            while (std::isalnum(static_cast<unsigned char>(Peek())) || Peek() == '+' || Peek() == '-' || Peek() == '.')
            {
                ++At;
            }
            const std::string Found = Source.substr(Start, At - Start);
            if (Found == "null")
            {
                return Json();
            }
            return Found == "true" || Found == "false" || IsNumber(Found) ? Raw(Found) : Fail();
        }

        static bool IsNumber(const std::string& Found)
        {
            size_t Place = Found[0] == '-' ? 1 : 0;
            if (!Digits(Found, Place))
            {
                return false;
            }
            if (Found[Place] == '.' && !Digits(Found, ++Place))
            {
                return false;
            }
            if (Found[Place] == 'e' || Found[Place] == 'E')
            {
                ++Place;
                Place += Found[Place] == '+' || Found[Place] == '-' ? 1 : 0;
                if (!Digits(Found, Place))
                {
                    return false;
                }
            }
            return Place == Found.size();
        }

        static bool Digits(const std::string& Found, size_t& Place)
        {
            const size_t Start = Place;
            while (Place < Found.size() && Found[Place] >= '0' && Found[Place] <= '9')
            {
                ++Place;
            }
            return Place > Start;
        }

        std::string String()
        {
            std::string Made;
            if (Peek() != '"')
            {
                bValid = false;
                return Made;
            }
            for (++At; At < Source.size() && Peek() != '"'; ++At)
            {
                if (Peek() == '\\')
                {
                    Escape(Made);
                }
                else
                {
                    Made += Peek();
                }
            }
            bValid = bValid && Peek() == '"';
            ++At;
            return Made;
        }

        void Escape(std::string& Made)
        {
            ++At;
            const std::string Known = "\"\\/bfnrt";
            const size_t Found = Known.find(Peek());
            if (Peek() != '\0' && Found != std::string::npos)
            {
                Made += "\"\\/\b\f\n\r\t"[Found];
                return;
            }
            unsigned Code = Peek() == 'u' ? Hex() : 0x110000;
            const bool bIsFirstHalf = Code >= 0xD800 && Code < 0xDC00;
            if (bIsFirstHalf && Source.compare(At + 1, 2, "\\u") == 0)
            {
                At += 2;
                const unsigned Low = Hex();
                const bool bIsPair = Low >= 0xDC00 && Low < 0xE000;
                bIsPair ? void() : Utf8(Code, Made);
                Code = bIsPair ? 0x10000 + ((Code - 0xD800) << 10) + (Low - 0xDC00) : Low;
            }
            bValid = bValid && Code < 0x110000;
            bValid ? Utf8(Code, Made) : void();
        }

        // The four digits after the letter that is read now.
        unsigned Hex()
        {
            unsigned Code = 0;
            for (int Count = 0; Count < 4; ++Count)
            {
                ++At;
                const char Digit = static_cast<char>(std::tolower(static_cast<unsigned char>(Peek())));
                const size_t Value16 = std::string("0123456789abcdef").find(Digit);
                if (Digit == '\0' || Value16 == std::string::npos)
                {
                    return 0x110000;
                }
                Code = Code * 16 + static_cast<unsigned>(Value16);
            }
            return Code;
        }

        static void Utf8(unsigned Code, std::string& Made)
        {
            // Half of a pair is no character.
            const unsigned Char = Code >= 0xD800 && Code < 0xE000 ? 0xFFFD : Code;
            if (Char < 0x80)
            {
                Made += static_cast<char>(Char);
                return;
            }
            const int More = Char < 0x800 ? 1 : Char < 0x10000 ? 2 : 3;
            Made += static_cast<char>((0xFF00 >> (More + 1) & 0xFF) | (Char >> 6 * More));
            for (int Left = More - 1; Left >= 0; --Left)
            {
                Made += static_cast<char>(0x80 | (Char >> 6 * Left & 0x3F));
            }
        }
    };
};
}

namespace LiveOps
{
// A POST to send.
struct HttpCall
{
    std::string Url;
    std::string Body;
    std::vector<std::pair<std::string, std::string>> Headers;

    // Seconds until it is given up; 0: never.
    int TimeoutSeconds = 0;
};

// The answer to a POST; Status is 0 if none came: no network, or a timeout.
struct HttpAnswer
{
    int Status = 0;
    std::string Body;
};

// Sends requests. What is done with the answer is called on the game's thread.
class IHttp
{
public:
    virtual ~IHttp() {}

    virtual void Send(const HttpCall& Call, std::function<void(const HttpAnswer&)> Done) = 0;

    // Gives the bytes of an answer as they come, and its status at the end. The number is for `Cancel`, after which
    // nothing is called any more.
    virtual int Stream(
        const HttpCall& Call, std::function<void(const std::string&)> OnBytes, std::function<void(int)> Done) = 0;

    virtual void Cancel(int Stream) = 0;
};

// Tells the time, and calls on the game's thread.
class ITime
{
public:
    virtual ~ITime() {}

    // Seconds that never go back, from any moment on.
    virtual double Monotonic() = 0;

    // The device's clock in seconds since 1970, which may be wrong.
    virtual double UnixNow() = 0;

    // The number is for `Cancel`.
    virtual int CallLater(double Seconds, std::function<void()> Call) = 0;

    virtual void Cancel(int Call) = 0;
};

// Keeps texts by name over restarts.
class IStorage
{
public:
    virtual ~IStorage() {}

    // The text; empty if there is none.
    virtual std::string Read(const std::string& Name) = 0;

    // Keep a text, all of it or nothing; false if that fails.
    virtual bool Write(const std::string& Name, const std::string& Text) = 0;
};
}

namespace LiveOps
{
// Something that waits for calls, and may be gone when they come.
class Living
{
protected:
    // The call, as long as this is there.
    template <typename TCall>
    auto While(TCall Call)
    {
        std::weak_ptr<bool> Still = Alive;
        return [Still, Call](auto&&... Given) {
            if (!Still.expired())
            {
                Call(std::forward<decltype(Given)>(Given)...);
            }
        };
    }

private:
    std::shared_ptr<bool> Alive = std::make_shared<bool>(true);
};
}

namespace LiveOps
{
// What an operation is, as the generator writes it. Texts that do not apply are empty.
struct Operation
{
    std::string Name;
    std::string Id;
    std::string Text;

    // The key of the gateway's time in the answer.
    std::string ServerTime;

    // Whether the last good answer is kept, to be shown without a network.
    bool bIsScreen;

    // The key of a mutation's payload in the answer, and the variable of its idempotency key.
    std::string Payload;
    std::string KeyVariable;
    bool bIsOrder;
    bool bHasCycle;
};

// One of the `errors` of an answer. docs/errors.md of the gateway says what to do for each code.
struct GatewayError
{
    // `NETWORK` if no answer came.
    std::string Code;
    std::string Message;
    bool bIsRetryable = false;

    // When to come back; 0 if the gateway did not say.
    double RetryAfterSeconds = 0;

    // Names the request in the gateway's log.
    std::string RequestId;

    static GatewayError Read(const Json& From)
    {
        const Json& More = From["extensions"];
        GatewayError Made;
        Made.Code = More["code"].IsText() ? More["code"].AsText() : "INTERNAL";
        Made.Message = From["message"].AsText();
        Made.bIsRetryable = More["retryable"].AsBool();
        Made.RetryAfterSeconds = More["retryAfterSeconds"].AsNumber();
        Made.RequestId = More["requestId"].AsText();
        return Made;
    }

    static GatewayError Network(const std::string& Message)
    {
        GatewayError Made;
        Made.Code = "NETWORK";
        Made.Message = Message;
        Made.bIsRetryable = true;
        return Made;
    }

    bool IsNetwork() const { return Code == "NETWORK"; }
    bool IsAboutToken() const { return Code == "UNAUTHENTICATED" || Code == "TOKEN_EXPIRED"; }

    bool IsUnknownDocument() const
    {
        return Code == "PERSISTED_QUERY_NOT_FOUND" || Code == "PERSISTED_QUERY_NOT_SUPPORTED";
    }

    // Whether the same may be answered later. Codes of later versions may.
    bool MayPass() const
    {
        static const char* const Final[] = {
            "BAD_REQUEST", "BAD_USER_INPUT", "FORBIDDEN", "LIMIT_EXCEEDED", "GRAPHQL_PARSE_FAILED",
            "GRAPHQL_VALIDATION_FAILED", "DOCUMENT_NOT_TRUSTED", "INTROSPECTION_DISABLED"};
        return bIsRetryable || std::find(std::begin(Final), std::end(Final), Code) == std::end(Final);
    }
};

// An answer as JSON: the data is null if none came.
struct Answer
{
    Json Data;
    std::vector<GatewayError> Errors;

    // Whether this is the last good answer, from the disk, because no new one came.
    bool bIsStale = false;

    static Answer None(const std::string& Why)
    {
        Answer Made;
        Made.Errors.push_back(GatewayError::Network(Why));
        return Made;
    }

    // The answer in a body, or none for a page of something between.
    static Answer Read(const std::string& Body, int Status)
    {
        bool bValid = false;
        const Json From = Json::Parse(Body, bValid);
        Answer Made = Of(From);
        const bool bIsAnswer = bValid && (Made.Data.IsObject() || !Made.Errors.empty());
        return bIsAnswer ? Made : None("No answer of the gateway: HTTP " + std::to_string(Status));
    }

    static Answer Of(const Json& From)
    {
        Answer Made;
        Made.Data = From["data"];
        for (const Json& One : From["errors"].Items())
        {
            Made.Errors.push_back(GatewayError::Read(One));
        }
        return Made;
    }

    // The first error's code, or empty.
    std::string ErrorCode() const { return Errors.empty() ? std::string() : Errors[0].Code; }

    bool IsNetwork() const { return !Errors.empty() && Errors[0].IsNetwork(); }

    bool Has(bool (GatewayError::*Test)() const) const
    {
        return std::any_of(Errors.begin(), Errors.end(), [Test](const GatewayError& One) { return (One.*Test)(); });
    }
};

// How an intent ended.
enum class Outcome
{
    // It was done, once.
    Done,
    // It was not done: the payload's user errors say why.
    Refused,
    // The request can never succeed: a defect of the game, or a player without the right.
    Failed,
    // It is not sent any more, because the gateway has forgotten its key. Read the screen, and ask the player.
    Expired,
};

// The end of an intent.
struct Settlement
{
    std::string Key;
    std::string Operation;
    Json Variables;
    LiveOps::Outcome Outcome = LiveOps::Outcome::Failed;

    // Codes of the user errors, or of the errors.
    std::vector<std::string> Codes;

    // The answer's data.
    Json Data;

    // The order that was placed, to be watched; empty if there is none.
    std::string OrderId;
};

// An intent that waits for its next try.
struct Waiting
{
    std::string Key;
    std::string Operation;

    // Why: `NETWORK`, or what the gateway answered, such as `OUTCOME_UNKNOWN`.
    std::string Code;
    double PauseSeconds = 0;
};
}

namespace LiveOps
{
// The gateway's time. Each answer with `serverTime` is taken for the middle of its request; the quickest of the last eight
// counts. Time never goes back, so countdowns never go up, and the device's clock does not matter once an answer has come.
class Clock
{
public:
    explicit Clock(std::shared_ptr<ITime> InTime) : Time(InTime) {}

    // Whether an answer has told the time. Before, the device's clock counts.
    bool IsKnown() const { return bIsKnown; }

    // Seconds since 1970 in UTC.
    double Now()
    {
        if (!bIsKnown)
        {
            return Time->UnixNow();
        }
        Last = std::max(Last, Time->Monotonic() + Offset);
        return Last;
    }

    // Seconds to count down to a moment in seconds since 1970; 0 once it is over.
    double SecondsUntil(double Moment) { return std::max(0.0, Moment - Now()); }

    void Take(double Sent, double Received, double Told)
    {
        Samples.push_back({Received - Sent, Told - (Sent + Received) / 2});
        if (Samples.size() > 8)
        {
            Samples.pop_front();
        }
        double Quickest = Samples.front().first;
        for (const auto& One : Samples)
        {
            if (One.first <= Quickest)
            {
                Quickest = One.first;
                Offset = One.second;
            }
        }
        bIsKnown = true;
    }

    // The device slept: seconds may be missing, so the next answer counts alone.
    void Forget() { Samples.clear(); }

private:
    std::shared_ptr<ITime> Time;
    std::deque<std::pair<double, double>> Samples;
    double Offset = 0;
    double Last = 0;
    bool bIsKnown = false;
};
}

namespace LiveOps
{
// The player's token, asked for once by all who need it at the same time.
class Tokens : private Living
{
public:
    // Takes a token; an empty one if the player is signed out.
    using Told = std::function<void(const std::string&)>;

    // Asks the game: whether the last token was rejected, and where to give the next.
    using Ask = std::function<void(bool, Told)>;

    explicit Tokens(Ask InAsk) : AskGame(InAsk) {}

    void Get(Told Done) { Want(false, std::string(), Done); }

    // Another token than the one that was rejected.
    void Renew(const std::string& Rejected, Told Done) { Want(true, Rejected, Done); }

private:
    Ask AskGame;
    std::string Token;
    std::vector<Told> Askers;

    void Want(bool bIsRejected, const std::string& Rejected, Told Done)
    {
        if (Askers.empty() && !Token.empty() && !(bIsRejected && Token == Rejected))
        {
            Done(Token);
            return;
        }
        Askers.push_back(Done);
        if (Askers.size() > 1)
        {
            return;
        }
        AskGame(bIsRejected, While([this](const std::string& Given) {
            Token = Given;
            std::vector<Told> Waiting;
            Waiting.swap(Askers);
            for (const Told& One : Waiting)
            {
                One(Given);
            }
        }));
    }
};
}

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

// Why the player's chains changed, or may have changed. The set does not grow within a major version: what is added later is `OTHER` here.
UENUM(BlueprintType)
enum class ELiveOpsChangeReason : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // A step was claimed, perhaps on another device.
    Claim,
    // A step was ordered; it is not paid yet.
    OrderPlaced,
    // An order was paid, or its items were granted.
    OrderPaid,
    // An order was canceled, or its payment was returned.
    OrderCanceled,
    // The player's clan changed.
    Clan,
    // Something else, or a reason that this schema does not define yet.
    Other,
};

namespace LiveOps
{
inline ELiveOpsChangeReason ReadChangeReason(const std::string& Text)
{
    if (Text == "CLAIM") return ELiveOpsChangeReason::Claim;
    if (Text == "ORDER_PLACED") return ELiveOpsChangeReason::OrderPlaced;
    if (Text == "ORDER_PAID") return ELiveOpsChangeReason::OrderPaid;
    if (Text == "ORDER_CANCELED") return ELiveOpsChangeReason::OrderCanceled;
    if (Text == "CLAN") return ELiveOpsChangeReason::Clan;
    if (Text == "OTHER") return ELiveOpsChangeReason::Other;
    return ELiveOpsChangeReason::Unknown;
}

inline std::string TextOfChangeReason(ELiveOpsChangeReason Value)
{
    if (Value == ELiveOpsChangeReason::Claim) return "CLAIM";
    if (Value == ELiveOpsChangeReason::OrderPlaced) return "ORDER_PLACED";
    if (Value == ELiveOpsChangeReason::OrderPaid) return "ORDER_PAID";
    if (Value == ELiveOpsChangeReason::OrderCanceled) return "ORDER_CANCELED";
    if (Value == ELiveOpsChangeReason::Clan) return "CLAN";
    if (Value == ELiveOpsChangeReason::Other) return "OTHER";
    return std::string();
}
}

// What the game calls a clan. The set does not grow within a major version: what is added later is `OTHER` here, and `clanTypeRaw` names it.
UENUM(BlueprintType)
enum class ELiveOpsClanType : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // Show the word for “clan”.
    Clan,
    // Show the word for “guild”.
    Guild,
    // Show the word for “faction”.
    Faction,
    // Show the word for “community”.
    Community,
    // Show the word for “team”.
    Team,
    // Show the word for “squad”.
    Squad,
    // Show the word for “alliance”.
    Alliance,
    // Show the word for “association”.
    Association,
    // Show the word for “coalition”.
    Coalition,
    // Show the word for “union”.
    Union,
    // Show the word for “group”.
    Group,
    // Show the word for “civilizations”.
    Civilizations,
    // Show the word for “dynasty”.
    Dynasty,
    // Show the word for “order”.
    Order,
    // Show the word for “league”.
    League,
    // Show the word for “brotherhood”.
    Brotherhood,
    // Show the word for “kingdom”.
    Kingdom,
    // Show the word for “organization”.
    Organization,
    // Show the word for “house”.
    House,
    // Show the word for “empire”.
    Empire,
    // Show the word for “tribe”.
    Tribe,
    // Show the word for “cartel”.
    Cartel,
    // A word that this schema does not define yet: see `clanTypeRaw`.
    Other,
};

namespace LiveOps
{
inline ELiveOpsClanType ReadClanType(const std::string& Text)
{
    if (Text == "CLAN") return ELiveOpsClanType::Clan;
    if (Text == "GUILD") return ELiveOpsClanType::Guild;
    if (Text == "FACTION") return ELiveOpsClanType::Faction;
    if (Text == "COMMUNITY") return ELiveOpsClanType::Community;
    if (Text == "TEAM") return ELiveOpsClanType::Team;
    if (Text == "SQUAD") return ELiveOpsClanType::Squad;
    if (Text == "ALLIANCE") return ELiveOpsClanType::Alliance;
    if (Text == "ASSOCIATION") return ELiveOpsClanType::Association;
    if (Text == "COALITION") return ELiveOpsClanType::Coalition;
    if (Text == "UNION") return ELiveOpsClanType::Union;
    if (Text == "GROUP") return ELiveOpsClanType::Group;
    if (Text == "CIVILIZATIONS") return ELiveOpsClanType::Civilizations;
    if (Text == "DYNASTY") return ELiveOpsClanType::Dynasty;
    if (Text == "ORDER") return ELiveOpsClanType::Order;
    if (Text == "LEAGUE") return ELiveOpsClanType::League;
    if (Text == "BROTHERHOOD") return ELiveOpsClanType::Brotherhood;
    if (Text == "KINGDOM") return ELiveOpsClanType::Kingdom;
    if (Text == "ORGANIZATION") return ELiveOpsClanType::Organization;
    if (Text == "HOUSE") return ELiveOpsClanType::House;
    if (Text == "EMPIRE") return ELiveOpsClanType::Empire;
    if (Text == "TRIBE") return ELiveOpsClanType::Tribe;
    if (Text == "CARTEL") return ELiveOpsClanType::Cartel;
    if (Text == "OTHER") return ELiveOpsClanType::Other;
    return ELiveOpsClanType::Unknown;
}

inline std::string TextOfClanType(ELiveOpsClanType Value)
{
    if (Value == ELiveOpsClanType::Clan) return "CLAN";
    if (Value == ELiveOpsClanType::Guild) return "GUILD";
    if (Value == ELiveOpsClanType::Faction) return "FACTION";
    if (Value == ELiveOpsClanType::Community) return "COMMUNITY";
    if (Value == ELiveOpsClanType::Team) return "TEAM";
    if (Value == ELiveOpsClanType::Squad) return "SQUAD";
    if (Value == ELiveOpsClanType::Alliance) return "ALLIANCE";
    if (Value == ELiveOpsClanType::Association) return "ASSOCIATION";
    if (Value == ELiveOpsClanType::Coalition) return "COALITION";
    if (Value == ELiveOpsClanType::Union) return "UNION";
    if (Value == ELiveOpsClanType::Group) return "GROUP";
    if (Value == ELiveOpsClanType::Civilizations) return "CIVILIZATIONS";
    if (Value == ELiveOpsClanType::Dynasty) return "DYNASTY";
    if (Value == ELiveOpsClanType::Order) return "ORDER";
    if (Value == ELiveOpsClanType::League) return "LEAGUE";
    if (Value == ELiveOpsClanType::Brotherhood) return "BROTHERHOOD";
    if (Value == ELiveOpsClanType::Kingdom) return "KINGDOM";
    if (Value == ELiveOpsClanType::Organization) return "ORGANIZATION";
    if (Value == ELiveOpsClanType::House) return "HOUSE";
    if (Value == ELiveOpsClanType::Empire) return "EMPIRE";
    if (Value == ELiveOpsClanType::Tribe) return "TRIBE";
    if (Value == ELiveOpsClanType::Cartel) return "CARTEL";
    if (Value == ELiveOpsClanType::Other) return "OTHER";
    return std::string();
}
}

// How a daily chain counts its days. The set does not grow within a major version: what is added later is `OTHER` here, and `typeRaw` names it.
UENUM(BlueprintType)
enum class ELiveOpsDailyChainType : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // By the calendar: each step has its day, and is missed after it.
    CalendarHard,
    // Days in a row, counted from the player's own first claim: a day without a claim breaks the streak.
    Rolling,
    // A type that this schema does not define yet: see `typeRaw`.
    Other,
};

namespace LiveOps
{
inline ELiveOpsDailyChainType ReadDailyChainType(const std::string& Text)
{
    if (Text == "CALENDAR_HARD") return ELiveOpsDailyChainType::CalendarHard;
    if (Text == "ROLLING") return ELiveOpsDailyChainType::Rolling;
    if (Text == "OTHER") return ELiveOpsDailyChainType::Other;
    return ELiveOpsDailyChainType::Unknown;
}

inline std::string TextOfDailyChainType(ELiveOpsDailyChainType Value)
{
    if (Value == ELiveOpsDailyChainType::CalendarHard) return "CALENDAR_HARD";
    if (Value == ELiveOpsDailyChainType::Rolling) return "ROLLING";
    if (Value == ELiveOpsDailyChainType::Other) return "OTHER";
    return std::string();
}
}

// What the player has to do to make progress in a chain: the label of its main button. The set does not grow within a major version: what is added later is `OTHER` here.
UENUM(BlueprintType)
enum class ELiveOpsNextAction : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // Something can be claimed for free.
    Claim,
    // The next step is bought.
    Buy,
    // More points are needed: `earnBy` has the items that give them.
    EarnPoints,
    // The chain is for clans, and the player is in none: `updateClan` once they have joined one.
    JoinClan,
    // The player has to sign in first.
    SignIn,
    // The player can do nothing until the chain starts, starts over, or opens its next step.
    Wait,
    // The player can do nothing more.
    None,
    // An action that this schema does not define yet: show no button.
    Other,
};

namespace LiveOps
{
inline ELiveOpsNextAction ReadNextAction(const std::string& Text)
{
    if (Text == "CLAIM") return ELiveOpsNextAction::Claim;
    if (Text == "BUY") return ELiveOpsNextAction::Buy;
    if (Text == "EARN_POINTS") return ELiveOpsNextAction::EarnPoints;
    if (Text == "JOIN_CLAN") return ELiveOpsNextAction::JoinClan;
    if (Text == "SIGN_IN") return ELiveOpsNextAction::SignIn;
    if (Text == "WAIT") return ELiveOpsNextAction::Wait;
    if (Text == "NONE") return ELiveOpsNextAction::None;
    if (Text == "OTHER") return ELiveOpsNextAction::Other;
    return ELiveOpsNextAction::Unknown;
}

inline std::string TextOfNextAction(ELiveOpsNextAction Value)
{
    if (Value == ELiveOpsNextAction::Claim) return "CLAIM";
    if (Value == ELiveOpsNextAction::Buy) return "BUY";
    if (Value == ELiveOpsNextAction::EarnPoints) return "EARN_POINTS";
    if (Value == ELiveOpsNextAction::JoinClan) return "JOIN_CLAN";
    if (Value == ELiveOpsNextAction::SignIn) return "SIGN_IN";
    if (Value == ELiveOpsNextAction::Wait) return "WAIT";
    if (Value == ELiveOpsNextAction::None) return "NONE";
    if (Value == ELiveOpsNextAction::Other) return "OTHER";
    return std::string();
}
}

// The status of an order. The set does not grow within a major version: what is added later is `OTHER` here, and `statusRaw` names it.
UENUM(BlueprintType)
enum class ELiveOpsOrderStatus : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // The order waits for payment.
    New,
    // The order is paid. The items may already be granted.
    Paid,
    // The items are granted. This status is final.
    Done,
    // The order was canceled, or the payment was returned. This status is final.
    Canceled,
    // A newer order replaced this one before it was paid. A late payment may still make it `PAID`.
    Expired,
    // A status that this schema does not define yet: see `statusRaw`.
    Other,
};

namespace LiveOps
{
inline ELiveOpsOrderStatus ReadOrderStatus(const std::string& Text)
{
    if (Text == "NEW") return ELiveOpsOrderStatus::New;
    if (Text == "PAID") return ELiveOpsOrderStatus::Paid;
    if (Text == "DONE") return ELiveOpsOrderStatus::Done;
    if (Text == "CANCELED") return ELiveOpsOrderStatus::Canceled;
    if (Text == "EXPIRED") return ELiveOpsOrderStatus::Expired;
    if (Text == "OTHER") return ELiveOpsOrderStatus::Other;
    return ELiveOpsOrderStatus::Unknown;
}

inline std::string TextOfOrderStatus(ELiveOpsOrderStatus Value)
{
    if (Value == ELiveOpsOrderStatus::New) return "NEW";
    if (Value == ELiveOpsOrderStatus::Paid) return "PAID";
    if (Value == ELiveOpsOrderStatus::Done) return "DONE";
    if (Value == ELiveOpsOrderStatus::Canceled) return "CANCELED";
    if (Value == ELiveOpsOrderStatus::Expired) return "EXPIRED";
    if (Value == ELiveOpsOrderStatus::Other) return "OTHER";
    return std::string();
}
}

// Whether paying moves real money. The set is complete: it does not grow within a major version.
UENUM(BlueprintType)
enum class ELiveOpsPaymentMode : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // Real money.
    Live,
    // Test cards only: no money moves.
    Sandbox,
};

namespace LiveOps
{
inline ELiveOpsPaymentMode ReadPaymentMode(const std::string& Text)
{
    if (Text == "LIVE") return ELiveOpsPaymentMode::Live;
    if (Text == "SANDBOX") return ELiveOpsPaymentMode::Sandbox;
    return ELiveOpsPaymentMode::Unknown;
}

inline std::string TextOfPaymentMode(ELiveOpsPaymentMode Value)
{
    if (Value == ELiveOpsPaymentMode::Live) return "LIVE";
    if (Value == ELiveOpsPaymentMode::Sandbox) return "SANDBOX";
    return std::string();
}
}

// The phase of a chain's schedule. The set is complete: it does not grow within a major version.
UENUM(BlueprintType)
enum class ELiveOpsPhase : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // The chain has not started.
    Upcoming,
    // The chain is running.
    Active,
    // The chain is running and ends within 24 hours: show the countdown.
    EndingSoon,
    // The chain is over.
    Ended,
};

namespace LiveOps
{
inline ELiveOpsPhase ReadPhase(const std::string& Text)
{
    if (Text == "UPCOMING") return ELiveOpsPhase::Upcoming;
    if (Text == "ACTIVE") return ELiveOpsPhase::Active;
    if (Text == "ENDING_SOON") return ELiveOpsPhase::EndingSoon;
    if (Text == "ENDED") return ELiveOpsPhase::Ended;
    return ELiveOpsPhase::Unknown;
}

inline std::string TextOfPhase(ELiveOpsPhase Value)
{
    if (Value == ELiveOpsPhase::Upcoming) return "UPCOMING";
    if (Value == ELiveOpsPhase::Active) return "ACTIVE";
    if (Value == ELiveOpsPhase::EndingSoon) return "ENDING_SOON";
    if (Value == ELiveOpsPhase::Ended) return "ENDED";
    return std::string();
}
}

// How often a chain starts over. The set does not grow within a major version: what is added later is `OTHER` here, and `resetIntervalRaw` names it.
UENUM(BlueprintType)
enum class ELiveOpsResetInterval : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // Every hour.
    Hourly,
    // Every week.
    Weekly,
    // Every month.
    Monthly,
    // An interval that this schema does not define yet: see `resetIntervalRaw`.
    Other,
};

namespace LiveOps
{
inline ELiveOpsResetInterval ReadResetInterval(const std::string& Text)
{
    if (Text == "HOURLY") return ELiveOpsResetInterval::Hourly;
    if (Text == "WEEKLY") return ELiveOpsResetInterval::Weekly;
    if (Text == "MONTHLY") return ELiveOpsResetInterval::Monthly;
    if (Text == "OTHER") return ELiveOpsResetInterval::Other;
    return ELiveOpsResetInterval::Unknown;
}

inline std::string TextOfResetInterval(ELiveOpsResetInterval Value)
{
    if (Value == ELiveOpsResetInterval::Hourly) return "HOURLY";
    if (Value == ELiveOpsResetInterval::Weekly) return "WEEKLY";
    if (Value == ELiveOpsResetInterval::Monthly) return "MONTHLY";
    if (Value == ELiveOpsResetInterval::Other) return "OTHER";
    return std::string();
}
}

// What the player can do with a step now. The set does not grow within a major version: what is added later is `OTHER` here.
UENUM(BlueprintType)
enum class ELiveOpsStepState : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // Show the step closed: it cannot be taken now. The chain's `nextAction` says what comes first.
    Locked,
    // Show the step open: it can be claimed or bought now.
    Available,
    // Show the step as taken.
    Claimed,
    // A state that this schema does not define yet: show the step closed.
    Other,
};

namespace LiveOps
{
inline ELiveOpsStepState ReadStepState(const std::string& Text)
{
    if (Text == "LOCKED") return ELiveOpsStepState::Locked;
    if (Text == "AVAILABLE") return ELiveOpsStepState::Available;
    if (Text == "CLAIMED") return ELiveOpsStepState::Claimed;
    if (Text == "OTHER") return ELiveOpsStepState::Other;
    return ELiveOpsStepState::Unknown;
}

inline std::string TextOfStepState(ELiveOpsStepState Value)
{
    if (Value == ELiveOpsStepState::Locked) return "LOCKED";
    if (Value == ELiveOpsStepState::Available) return "AVAILABLE";
    if (Value == ELiveOpsStepState::Claimed) return "CLAIMED";
    if (Value == ELiveOpsStepState::Other) return "OTHER";
    return std::string();
}
}

// Why something was not done. The set does not grow within a major version: what is added later is `OTHER` here.
UENUM(BlueprintType)
enum class ELiveOpsUserErrorCode : uint8
{
    // A value that this build of the game does not know: the text beside it has it.
    Unknown,
    // This is not an id of the expected kind. Send the id exactly as the gateway returned it.
    InvalidId,
    // There is no such chain, step, item or order for this player.
    NotFound,
    // The player has already claimed or bought this.
    AlreadyClaimed,
    // This step is locked: an earlier step or its day comes first, or the chain's start.
    StepLocked,
    // The day of this step has passed. It cannot be claimed any more.
    StepMissed,
    // The player does not have enough points for this step.
    NotEnoughPoints,
    // The player has to join a clan first. Send updateClan once they have.
    NotInClan,
    // This step has a price. Use orderOfferChainStep.
    StepIsPaid,
    // This step is free. Use claimOfferChainStep.
    StepIsFree,
    // The player cannot buy more of this item now: see `limits`.
    LimitReached,
    // This item cannot be bought for real money now.
    NotForSale,
    // This chain has ended.
    ChainEnded,
    // The chain has started over. Nothing was sent. Show the chain as it is now.
    CycleChanged,
    // The first request with this idempotency key is still in progress. Send it again later.
    InProgress,
    // This key was used for another mutation or other arguments. Use a new key.
    IdempotencyConflict,
    // The upstream did not confirm this claim. Read the chain before you try again.
    OutcomeUnknown,
    // This claim could not be sent. Try again later.
    Unavailable,
    // The upstream refused for a reason that it does not show: see `upstreamCode`.
    Rejected,
    // A reason that this schema does not define yet: see `message`.
    Other,
};

namespace LiveOps
{
inline ELiveOpsUserErrorCode ReadUserErrorCode(const std::string& Text)
{
    if (Text == "INVALID_ID") return ELiveOpsUserErrorCode::InvalidId;
    if (Text == "NOT_FOUND") return ELiveOpsUserErrorCode::NotFound;
    if (Text == "ALREADY_CLAIMED") return ELiveOpsUserErrorCode::AlreadyClaimed;
    if (Text == "STEP_LOCKED") return ELiveOpsUserErrorCode::StepLocked;
    if (Text == "STEP_MISSED") return ELiveOpsUserErrorCode::StepMissed;
    if (Text == "NOT_ENOUGH_POINTS") return ELiveOpsUserErrorCode::NotEnoughPoints;
    if (Text == "NOT_IN_CLAN") return ELiveOpsUserErrorCode::NotInClan;
    if (Text == "STEP_IS_PAID") return ELiveOpsUserErrorCode::StepIsPaid;
    if (Text == "STEP_IS_FREE") return ELiveOpsUserErrorCode::StepIsFree;
    if (Text == "LIMIT_REACHED") return ELiveOpsUserErrorCode::LimitReached;
    if (Text == "NOT_FOR_SALE") return ELiveOpsUserErrorCode::NotForSale;
    if (Text == "CHAIN_ENDED") return ELiveOpsUserErrorCode::ChainEnded;
    if (Text == "CYCLE_CHANGED") return ELiveOpsUserErrorCode::CycleChanged;
    if (Text == "IN_PROGRESS") return ELiveOpsUserErrorCode::InProgress;
    if (Text == "IDEMPOTENCY_CONFLICT") return ELiveOpsUserErrorCode::IdempotencyConflict;
    if (Text == "OUTCOME_UNKNOWN") return ELiveOpsUserErrorCode::OutcomeUnknown;
    if (Text == "UNAVAILABLE") return ELiveOpsUserErrorCode::Unavailable;
    if (Text == "REJECTED") return ELiveOpsUserErrorCode::Rejected;
    if (Text == "OTHER") return ELiveOpsUserErrorCode::Other;
    return ELiveOpsUserErrorCode::Unknown;
}

inline std::string TextOfUserErrorCode(ELiveOpsUserErrorCode Value)
{
    if (Value == ELiveOpsUserErrorCode::InvalidId) return "INVALID_ID";
    if (Value == ELiveOpsUserErrorCode::NotFound) return "NOT_FOUND";
    if (Value == ELiveOpsUserErrorCode::AlreadyClaimed) return "ALREADY_CLAIMED";
    if (Value == ELiveOpsUserErrorCode::StepLocked) return "STEP_LOCKED";
    if (Value == ELiveOpsUserErrorCode::StepMissed) return "STEP_MISSED";
    if (Value == ELiveOpsUserErrorCode::NotEnoughPoints) return "NOT_ENOUGH_POINTS";
    if (Value == ELiveOpsUserErrorCode::NotInClan) return "NOT_IN_CLAN";
    if (Value == ELiveOpsUserErrorCode::StepIsPaid) return "STEP_IS_PAID";
    if (Value == ELiveOpsUserErrorCode::StepIsFree) return "STEP_IS_FREE";
    if (Value == ELiveOpsUserErrorCode::LimitReached) return "LIMIT_REACHED";
    if (Value == ELiveOpsUserErrorCode::NotForSale) return "NOT_FOR_SALE";
    if (Value == ELiveOpsUserErrorCode::ChainEnded) return "CHAIN_ENDED";
    if (Value == ELiveOpsUserErrorCode::CycleChanged) return "CYCLE_CHANGED";
    if (Value == ELiveOpsUserErrorCode::InProgress) return "IN_PROGRESS";
    if (Value == ELiveOpsUserErrorCode::IdempotencyConflict) return "IDEMPOTENCY_CONFLICT";
    if (Value == ELiveOpsUserErrorCode::OutcomeUnknown) return "OUTCOME_UNKNOWN";
    if (Value == ELiveOpsUserErrorCode::Unavailable) return "UNAVAILABLE";
    if (Value == ELiveOpsUserErrorCode::Rejected) return "REJECTED";
    if (Value == ELiveOpsUserErrorCode::Other) return "OTHER";
    return std::string();
}
}

// What the main menu shows about all chains together.
USTRUCT(BlueprintType)
struct FLiveOpsBadgeViewerBadge
{
    GENERATED_BODY()

    // How many steps can be claimed for free now: the number in the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // How many offer chains have a free step to claim.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableOfferSteps = 0;

    // How many reward steps are ready to claim.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableRewardSteps = 0;

    // How many unfinished chains end within 24 hours.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 EndingSoonCount = 0;

    // What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a daily step that can be claimed is missed; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime NextExpiry;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextExpiry = false;

    static FLiveOpsBadgeViewerBadge Read(const LiveOps::Json& From)
    {
        FLiveOpsBadgeViewerBadge Made;
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.ClaimableOfferSteps = static_cast<int32>(From["claimableOfferSteps"].AsInt());
        Made.ClaimableRewardSteps = static_cast<int32>(From["claimableRewardSteps"].AsInt());
        Made.EndingSoonCount = static_cast<int32>(From["endingSoonCount"].AsInt());
        Made.NextExpiry = FDateTime::FromUnixTimestamp(static_cast<int64>(From["nextExpiry"].AsTime()));
        Made.bHasNextExpiry = !From["nextExpiry"].IsNull();
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsBadgeViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the main menu shows about all chains: the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBadgeViewerBadge Badge;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBadge = false;

    static FLiveOpsBadgeViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsBadgeViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Badge = FLiveOpsBadgeViewerBadge::Read(From["badge"]);
        Made.bHasBadge = !From["badge"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsBadgeData
{
    GENERATED_BODY()

    // The gateway's time. Count down against it, and not against the device's clock.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime ServerTime;

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBadgeViewer Viewer;

    static FLiveOpsBadgeData Read(const LiveOps::Json& From)
    {
        FLiveOpsBadgeData Made;
        Made.ServerTime = FDateTime::FromUnixTimestamp(static_cast<int64>(From["serverTime"].AsTime()));
        Made.Viewer = FLiveOpsBadgeViewer::Read(From["viewer"]);
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsBuyOfferOrderOfferChainStepUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsBuyOfferOrderOfferChainStepUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyOfferOrderOfferChainStepUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// An order that waits for payment.
USTRUCT(BlueprintType)
struct FLiveOpsBuyOfferOrderOfferChainStepOrder
{
    GENERATED_BODY()

    // The order's id, for reading whether it is paid.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The payment page: open it in a browser or a web view. Null if the upstream sent no token: the order is there, and the gateway watches it, but it cannot be paid there.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString PaymentUrl;

    // Whether paying moves real money.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsPaymentMode PaymentMode = ELiveOpsPaymentMode::Unknown;

    // PaymentMode as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString PaymentModeText;

    static FLiveOpsBuyOfferOrderOfferChainStepOrder Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyOfferOrderOfferChainStepOrder Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.PaymentUrl = LiveOps::ToFString(From["paymentUrl"].AsText());
        Made.PaymentMode = LiveOps::ReadPaymentMode(From["paymentMode"].AsText());
        Made.PaymentModeText = LiveOps::ToFString(From["paymentMode"].AsText());
        return Made;
    }
};

// A chain of offers: each step is free or bought, and opens the next.
USTRUCT(BlueprintType)
struct FLiveOpsBuyOfferOrderOfferChainStepOfferChain
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    static FLiveOpsBuyOfferOrderOfferChainStepOfferChain Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyOfferOrderOfferChainStepOfferChain Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        return Made;
    }
};

// The result of ordering a paid step.
USTRUCT(BlueprintType)
struct FLiveOpsBuyOfferOrderOfferChainStep
{
    GENERATED_BODY()

    // Why it was not done; empty if it was done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsBuyOfferOrderOfferChainStepUserErrors> UserErrors;

    // The order to pay; null if the gateway made none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBuyOfferOrderOfferChainStepOrder Order;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOrder = false;

    // The chain after the mutation, newly read: draw it again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBuyOfferOrderOfferChainStepOfferChain OfferChain;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOfferChain = false;

    static FLiveOpsBuyOfferOrderOfferChainStep Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyOfferOrderOfferChainStep Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsBuyOfferOrderOfferChainStepUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsBuyOfferOrderOfferChainStepUserErrors::Read(One); });
        Made.Order = FLiveOpsBuyOfferOrderOfferChainStepOrder::Read(From["order"]);
        Made.bHasOrder = !From["order"].IsNull();
        Made.OfferChain = FLiveOpsBuyOfferOrderOfferChainStepOfferChain::Read(From["offerChain"]);
        Made.bHasOfferChain = !From["offerChain"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsBuyOfferData
{
    GENERATED_BODY()

    // Order a paid step of an offer chain: opens an order that waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBuyOfferOrderOfferChainStep OrderOfferChainStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOrderOfferChainStep = false;

    static FLiveOpsBuyOfferData Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyOfferData Made;
        Made.OrderOfferChainStep = FLiveOpsBuyOfferOrderOfferChainStep::Read(From["orderOfferChainStep"]);
        Made.bHasOrderOfferChainStep = !From["orderOfferChainStep"].IsNull();
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsBuyPointsOrderItemUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsBuyPointsOrderItemUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyPointsOrderItemUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// An order that waits for payment.
USTRUCT(BlueprintType)
struct FLiveOpsBuyPointsOrderItemOrder
{
    GENERATED_BODY()

    // The order's id, for reading whether it is paid.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The payment page: open it in a browser or a web view. Null if the upstream sent no token: the order is there, and the gateway watches it, but it cannot be paid there.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString PaymentUrl;

    static FLiveOpsBuyPointsOrderItemOrder Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyPointsOrderItemOrder Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.PaymentUrl = LiveOps::ToFString(From["paymentUrl"].AsText());
        return Made;
    }
};

// The result of ordering an item.
USTRUCT(BlueprintType)
struct FLiveOpsBuyPointsOrderItem
{
    GENERATED_BODY()

    // Why it was not done; empty if it was done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsBuyPointsOrderItemUserErrors> UserErrors;

    // The order to pay; null if the gateway made none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBuyPointsOrderItemOrder Order;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOrder = false;

    static FLiveOpsBuyPointsOrderItem Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyPointsOrderItem Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsBuyPointsOrderItemUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsBuyPointsOrderItemUserErrors::Read(One); });
        Made.Order = FLiveOpsBuyPointsOrderItemOrder::Read(From["order"]);
        Made.bHasOrder = !From["order"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsBuyPointsData
{
    GENERATED_BODY()

    // Order an item of the catalog, such as one of `RewardChain.earnBy`: opens an order that waits for payment at `paymentUrl`. Send an `idempotencyKey`: without one, every call later than 5 seconds after the last makes a new order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsBuyPointsOrderItem OrderItem;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOrderItem = false;

    static FLiveOpsBuyPointsData Read(const LiveOps::Json& From)
    {
        FLiveOpsBuyPointsData Made;
        Made.OrderItem = FLiveOpsBuyPointsOrderItem::Read(From["orderItem"]);
        Made.bHasOrderItem = !From["orderItem"].IsNull();
        return Made;
    }
};

// What the main menu shows about all chains together.
USTRUCT(BlueprintType)
struct FLiveOpsChainsChangedChainsChangedViewerBadge
{
    GENERATED_BODY()

    // How many steps can be claimed for free now: the number in the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    static FLiveOpsChainsChangedChainsChangedViewerBadge Read(const LiveOps::Json& From)
    {
        FLiveOpsChainsChangedChainsChangedViewerBadge Made;
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsChainsChangedChainsChangedViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the main menu shows about all chains: the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsChainsChangedChainsChangedViewerBadge Badge;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBadge = false;

    static FLiveOpsChainsChangedChainsChangedViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsChainsChangedChainsChangedViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Badge = FLiveOpsChainsChangedChainsChangedViewerBadge::Read(From["badge"]);
        Made.bHasBadge = !From["badge"].IsNull();
        return Made;
    }
};

// What changed for the player, and the player after the change. Select what the screen shows.
USTRUCT(BlueprintType)
struct FLiveOpsChainsChangedChainsChanged
{
    GENERATED_BODY()

    // The reasons of the change. There are several if more than one thing happened since the last event.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<ELiveOpsChangeReason> Reasons;

    // Reasons as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FString> ReasonsText;

    // The offer chains that changed. If all three lists are empty, any chain may have changed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FString> OfferChainIds;

    // The reward chains that changed. If all three lists are empty, any chain may have changed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FString> RewardChainIds;

    // The daily chains that changed. If all three lists are empty, any chain may have changed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FString> DailyChainIds;

    // The player, read after the change.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsChainsChangedChainsChangedViewer Viewer;

    static FLiveOpsChainsChangedChainsChanged Read(const LiveOps::Json& From)
    {
        FLiveOpsChainsChangedChainsChanged Made;
        Made.Reasons = LiveOps::ReadList<ELiveOpsChangeReason>(From["reasons"], [](const LiveOps::Json& One) { return LiveOps::ReadChangeReason(One.AsText()); });
        Made.ReasonsText = LiveOps::ReadList<FString>(From["reasons"], [](const LiveOps::Json& One) { return LiveOps::ToFString(One.AsText()); });
        Made.OfferChainIds = LiveOps::ReadList<FString>(From["offerChainIds"], [](const LiveOps::Json& One) { return LiveOps::ToFString(One.AsText()); });
        Made.RewardChainIds = LiveOps::ReadList<FString>(From["rewardChainIds"], [](const LiveOps::Json& One) { return LiveOps::ToFString(One.AsText()); });
        Made.DailyChainIds = LiveOps::ReadList<FString>(From["dailyChainIds"], [](const LiveOps::Json& One) { return LiveOps::ToFString(One.AsText()); });
        Made.Viewer = FLiveOpsChainsChangedChainsChangedViewer::Read(From["viewer"]);
        return Made;
    }
};

// Every subscription that a game can start.
USTRUCT(BlueprintType)
struct FLiveOpsChainsChangedData
{
    GENERATED_BODY()

    // An event whenever the player's chains changed, here or on another device. Several changes within a short time may come as one event.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsChainsChangedChainsChanged ChainsChanged;

    static FLiveOpsChainsChangedData Read(const LiveOps::Json& From)
    {
        FLiveOpsChainsChangedData Made;
        Made.ChainsChanged = FLiveOpsChainsChangedChainsChanged::Read(From["chainsChanged"]);
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsClaimAllClaimAvailableRewardsUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsClaimAllClaimAvailableRewardsUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimAllClaimAvailableRewardsUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsClaimAllClaimAvailableRewardsResultsUserError
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    static FLiveOpsClaimAllClaimAvailableRewardsResultsUserError Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimAllClaimAvailableRewardsResultsUserError Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        return Made;
    }
};

// The result for one step when every ready step was claimed.
USTRUCT(BlueprintType)
struct FLiveOpsClaimAllClaimAvailableRewardsResults
{
    GENERATED_BODY()

    // The id of the `RewardStep` or of the `DailyStep`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StepId;

    // Whether the step is claimed now.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsClaimed = false;

    // Why the step was not claimed; null if it was.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimAllClaimAvailableRewardsResultsUserError UserError;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasUserError = false;

    static FLiveOpsClaimAllClaimAvailableRewardsResults Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimAllClaimAvailableRewardsResults Made;
        Made.StepId = LiveOps::ToFString(From["stepId"].AsText());
        Made.bIsClaimed = From["isClaimed"].AsBool();
        Made.UserError = FLiveOpsClaimAllClaimAvailableRewardsResultsUserError::Read(From["userError"]);
        Made.bHasUserError = !From["userError"].IsNull();
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsClaimAllClaimAvailableRewardsRewardChain
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    static FLiveOpsClaimAllClaimAvailableRewardsRewardChain Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimAllClaimAvailableRewardsRewardChain Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        return Made;
    }
};

// The result of claiming every ready step of a chain.
USTRUCT(BlueprintType)
struct FLiveOpsClaimAllClaimAvailableRewards
{
    GENERATED_BODY()

    // Why no claim was sent. Errors of single steps are in `results`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimAllClaimAvailableRewardsUserErrors> UserErrors;

    // One entry for each step that was ready, in the chain's order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimAllClaimAvailableRewardsResults> Results;

    // The chain after the mutation, newly read: draw it again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimAllClaimAvailableRewardsRewardChain RewardChain;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChain = false;

    static FLiveOpsClaimAllClaimAvailableRewards Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimAllClaimAvailableRewards Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsClaimAllClaimAvailableRewardsUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsClaimAllClaimAvailableRewardsUserErrors::Read(One); });
        Made.Results = LiveOps::ReadList<FLiveOpsClaimAllClaimAvailableRewardsResults>(From["results"], [](const LiveOps::Json& One) { return FLiveOpsClaimAllClaimAvailableRewardsResults::Read(One); });
        Made.RewardChain = FLiveOpsClaimAllClaimAvailableRewardsRewardChain::Read(From["rewardChain"]);
        Made.bHasRewardChain = !From["rewardChain"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsClaimAllData
{
    GENERATED_BODY()

    // Claim every step that is ready of a reward chain or of a daily chain, each with its own result.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimAllClaimAvailableRewards ClaimAvailableRewards;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasClaimAvailableRewards = false;

    static FLiveOpsClaimAllData Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimAllData Made;
        Made.ClaimAvailableRewards = FLiveOpsClaimAllClaimAvailableRewards::Read(From["claimAvailableRewards"]);
        Made.bHasClaimAvailableRewards = !From["claimAvailableRewards"].IsNull();
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsClaimDailyClaimDailyChainStepUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsClaimDailyClaimDailyChainStepUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimDailyClaimDailyChainStepUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// One step of a daily chain.
USTRUCT(BlueprintType)
struct FLiveOpsClaimDailyClaimDailyChainStepDailyChainSteps
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // Whether the step is closed, ready to claim or claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    static FLiveOpsClaimDailyClaimDailyChainStepDailyChainSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimDailyClaimDailyChainStepDailyChainSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        return Made;
    }
};

// A chain of gifts for coming back: its steps open day by day.
USTRUCT(BlueprintType)
struct FLiveOpsClaimDailyClaimDailyChainStepDailyChain
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // Seconds to count down until the next step opens; 0 while that is due.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 SecondsUntilNextUnlock = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasSecondsUntilNextUnlock = false;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimDailyClaimDailyChainStepDailyChainSteps> Steps;

    static FLiveOpsClaimDailyClaimDailyChainStepDailyChain Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimDailyClaimDailyChainStepDailyChain Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.SecondsUntilNextUnlock = static_cast<int32>(From["secondsUntilNextUnlock"].AsInt());
        Made.bHasSecondsUntilNextUnlock = !From["secondsUntilNextUnlock"].IsNull();
        Made.Steps = LiveOps::ReadList<FLiveOpsClaimDailyClaimDailyChainStepDailyChainSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsClaimDailyClaimDailyChainStepDailyChainSteps::Read(One); });
        return Made;
    }
};

// The result of claiming a daily step.
USTRUCT(BlueprintType)
struct FLiveOpsClaimDailyClaimDailyChainStep
{
    GENERATED_BODY()

    // Why it was not done; empty if it was done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimDailyClaimDailyChainStepUserErrors> UserErrors;

    // The chain after the mutation, newly read: draw it again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimDailyClaimDailyChainStepDailyChain DailyChain;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasDailyChain = false;

    static FLiveOpsClaimDailyClaimDailyChainStep Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimDailyClaimDailyChainStep Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsClaimDailyClaimDailyChainStepUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsClaimDailyClaimDailyChainStepUserErrors::Read(One); });
        Made.DailyChain = FLiveOpsClaimDailyClaimDailyChainStepDailyChain::Read(From["dailyChain"]);
        Made.bHasDailyChain = !From["dailyChain"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsClaimDailyData
{
    GENERATED_BODY()

    // Claim the step of the day of a daily chain. Safe to send again: a step is granted once.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimDailyClaimDailyChainStep ClaimDailyChainStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasClaimDailyChainStep = false;

    static FLiveOpsClaimDailyData Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimDailyData Made;
        Made.ClaimDailyChainStep = FLiveOpsClaimDailyClaimDailyChainStep::Read(From["claimDailyChainStep"]);
        Made.bHasClaimDailyChainStep = !From["claimDailyChainStep"].IsNull();
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsClaimOfferClaimOfferChainStepUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsClaimOfferClaimOfferChainStepUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimOfferClaimOfferChainStepUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// One step of an offer chain.
USTRUCT(BlueprintType)
struct FLiveOpsClaimOfferClaimOfferChainStepOfferChainSteps
{
    GENERATED_BODY()

    // The id for claiming or ordering this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // Whether the step is closed, open or taken.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    static FLiveOpsClaimOfferClaimOfferChainStepOfferChainSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimOfferClaimOfferChainStepOfferChainSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        return Made;
    }
};

// A chain of offers: each step is free or bought, and opens the next.
USTRUCT(BlueprintType)
struct FLiveOpsClaimOfferClaimOfferChainStepOfferChain
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimOfferClaimOfferChainStepOfferChainSteps> Steps;

    static FLiveOpsClaimOfferClaimOfferChainStepOfferChain Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimOfferClaimOfferChainStepOfferChain Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.Steps = LiveOps::ReadList<FLiveOpsClaimOfferClaimOfferChainStepOfferChainSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsClaimOfferClaimOfferChainStepOfferChainSteps::Read(One); });
        return Made;
    }
};

// The result of claiming a free step.
USTRUCT(BlueprintType)
struct FLiveOpsClaimOfferClaimOfferChainStep
{
    GENERATED_BODY()

    // Why it was not done; empty if it was done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimOfferClaimOfferChainStepUserErrors> UserErrors;

    // The id of the order that granted the item; null if nothing was claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString OrderId;

    // The chain after the mutation, newly read: draw it again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimOfferClaimOfferChainStepOfferChain OfferChain;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOfferChain = false;

    static FLiveOpsClaimOfferClaimOfferChainStep Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimOfferClaimOfferChainStep Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsClaimOfferClaimOfferChainStepUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsClaimOfferClaimOfferChainStepUserErrors::Read(One); });
        Made.OrderId = LiveOps::ToFString(From["orderId"].AsText());
        Made.OfferChain = FLiveOpsClaimOfferClaimOfferChainStepOfferChain::Read(From["offerChain"]);
        Made.bHasOfferChain = !From["offerChain"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsClaimOfferData
{
    GENERATED_BODY()

    // Claim a free step of an offer chain. Safe to send again: a step is granted once.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimOfferClaimOfferChainStep ClaimOfferChainStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasClaimOfferChainStep = false;

    static FLiveOpsClaimOfferData Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimOfferData Made;
        Made.ClaimOfferChainStep = FLiveOpsClaimOfferClaimOfferChainStep::Read(From["claimOfferChainStep"]);
        Made.bHasClaimOfferChainStep = !From["claimOfferChainStep"].IsNull();
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsClaimRewardClaimRewardChainStepUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsClaimRewardClaimRewardChainStepUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimRewardClaimRewardChainStepUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// One step of a reward chain: a number of points and what it gives.
USTRUCT(BlueprintType)
struct FLiveOpsClaimRewardClaimRewardChainStepRewardChainSteps
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // Whether the step is closed, ready to claim or claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    static FLiveOpsClaimRewardClaimRewardChainStepRewardChainSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimRewardClaimRewardChainStepRewardChainSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsClaimRewardClaimRewardChainStepRewardChain
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // How many steps are ready to claim: the number in the chain's red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimRewardClaimRewardChainStepRewardChainSteps> Steps;

    static FLiveOpsClaimRewardClaimRewardChainStepRewardChain Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimRewardClaimRewardChainStepRewardChain Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.Steps = LiveOps::ReadList<FLiveOpsClaimRewardClaimRewardChainStepRewardChainSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsClaimRewardClaimRewardChainStepRewardChainSteps::Read(One); });
        return Made;
    }
};

// The result of claiming a reward step.
USTRUCT(BlueprintType)
struct FLiveOpsClaimRewardClaimRewardChainStep
{
    GENERATED_BODY()

    // Why it was not done; empty if it was done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsClaimRewardClaimRewardChainStepUserErrors> UserErrors;

    // The chain after the mutation, newly read: draw it again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimRewardClaimRewardChainStepRewardChain RewardChain;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChain = false;

    static FLiveOpsClaimRewardClaimRewardChainStep Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimRewardClaimRewardChainStep Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsClaimRewardClaimRewardChainStepUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsClaimRewardClaimRewardChainStepUserErrors::Read(One); });
        Made.RewardChain = FLiveOpsClaimRewardClaimRewardChainStepRewardChain::Read(From["rewardChain"]);
        Made.bHasRewardChain = !From["rewardChain"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsClaimRewardData
{
    GENERATED_BODY()

    // Claim a reward step for which the player has enough points. Safe to send again: a step is granted once.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsClaimRewardClaimRewardChainStep ClaimRewardChainStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasClaimRewardChainStep = false;

    static FLiveOpsClaimRewardData Read(const LiveOps::Json& From)
    {
        FLiveOpsClaimRewardData Made;
        Made.ClaimRewardChainStep = FLiveOpsClaimRewardClaimRewardChainStep::Read(From["claimRewardChainStep"]);
        Made.bHasClaimRewardChainStep = !From["claimRewardChainStep"].IsNull();
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsDailyChainsViewerDailyChainsStepsItems
{
    GENERATED_BODY()

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many of the item the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    static FLiveOpsDailyChainsViewerDailyChainsStepsItems Read(const LiveOps::Json& From)
    {
        FLiveOpsDailyChainsViewerDailyChainsStepsItems Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        return Made;
    }
};

// One step of a daily chain.
USTRUCT(BlueprintType)
struct FLiveOpsDailyChainsViewerDailyChainsSteps
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // Whether the step is closed, ready to claim or claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    // Whether the day of the step passed without a claim: it stays closed. Show it as missed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsMissed = false;

    // When the step opens, or has opened; null if the upstream does not say.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime UnlocksAt;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasUnlocksAt = false;

    // What the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsDailyChainsViewerDailyChainsStepsItems> Items;

    static FLiveOpsDailyChainsViewerDailyChainsSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsDailyChainsViewerDailyChainsSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        Made.bIsMissed = From["isMissed"].AsBool();
        Made.UnlocksAt = FDateTime::FromUnixTimestamp(static_cast<int64>(From["unlocksAt"].AsTime()));
        Made.bHasUnlocksAt = !From["unlocksAt"].IsNull();
        Made.Items = LiveOps::ReadList<FLiveOpsDailyChainsViewerDailyChainsStepsItems>(From["items"], [](const LiveOps::Json& One) { return FLiveOpsDailyChainsViewerDailyChainsStepsItems::Read(One); });
        return Made;
    }
};

// When a chain runs, and when it starts over. Times left are computed for every response.
USTRUCT(BlueprintType)
struct FLiveOpsDailyChainsViewerDailyChainsSchedule
{
    GENERATED_BODY()

    // The phase that the chain is in: picks the badge on its card.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsPhase Phase = ELiveOpsPhase::Unknown;

    // Phase as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString PhaseText;

    // Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Cycle;

    static FLiveOpsDailyChainsViewerDailyChainsSchedule Read(const LiveOps::Json& From)
    {
        FLiveOpsDailyChainsViewerDailyChainsSchedule Made;
        Made.Phase = LiveOps::ReadPhase(From["phase"].AsText());
        Made.PhaseText = LiveOps::ToFString(From["phase"].AsText());
        Made.Cycle = LiveOps::ToFString(From["cycle"].AsText());
        return Made;
    }
};

// A chain of gifts for coming back: its steps open day by day.
USTRUCT(BlueprintType)
struct FLiveOpsDailyChainsViewerDailyChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How the chain counts its days.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsDailyChainType Type = ELiveOpsDailyChainType::Unknown;

    // Type as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString TypeText;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // When the next step opens that is not open yet; null if none will, or the upstream does not say. The step that can be claimed now is missed then.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime NextUnlockAt;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextUnlockAt = false;

    // Seconds to count down until the next step opens; 0 while that is due.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 SecondsUntilNextUnlock = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasSecondsUntilNextUnlock = false;

    // How many steps are claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimedCount = 0;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsDailyChainsViewerDailyChainsSteps> Steps;

    // When the chain runs. The upstream does not tell when a daily chain starts over; `cycle` changes when it has.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsDailyChainsViewerDailyChainsSchedule Schedule;

    static FLiveOpsDailyChainsViewerDailyChains Read(const LiveOps::Json& From)
    {
        FLiveOpsDailyChainsViewerDailyChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Type = LiveOps::ReadDailyChainType(From["type"].AsText());
        Made.TypeText = LiveOps::ToFString(From["type"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.NextUnlockAt = FDateTime::FromUnixTimestamp(static_cast<int64>(From["nextUnlockAt"].AsTime()));
        Made.bHasNextUnlockAt = !From["nextUnlockAt"].IsNull();
        Made.SecondsUntilNextUnlock = static_cast<int32>(From["secondsUntilNextUnlock"].AsInt());
        Made.bHasSecondsUntilNextUnlock = !From["secondsUntilNextUnlock"].IsNull();
        Made.ClaimedCount = static_cast<int32>(From["claimedCount"].AsInt());
        Made.Steps = LiveOps::ReadList<FLiveOpsDailyChainsViewerDailyChainsSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsDailyChainsViewerDailyChainsSteps::Read(One); });
        Made.Schedule = FLiveOpsDailyChainsViewerDailyChainsSchedule::Read(From["schedule"]);
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsDailyChainsViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // All running daily chains, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsDailyChainsViewerDailyChains> DailyChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasDailyChains = false;

    static FLiveOpsDailyChainsViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsDailyChainsViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.DailyChains = LiveOps::ReadList<FLiveOpsDailyChainsViewerDailyChains>(From["dailyChains"], [](const LiveOps::Json& One) { return FLiveOpsDailyChainsViewerDailyChains::Read(One); });
        Made.bHasDailyChains = !From["dailyChains"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsDailyChainsData
{
    GENERATED_BODY()

    // The gateway's time. Count down against it, and not against the device's clock.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime ServerTime;

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsDailyChainsViewer Viewer;

    static FLiveOpsDailyChainsData Read(const LiveOps::Json& From)
    {
        FLiveOpsDailyChainsData Made;
        Made.ServerTime = FDateTime::FromUnixTimestamp(static_cast<int64>(From["serverTime"].AsTime()));
        Made.Viewer = FLiveOpsDailyChainsViewer::Read(From["viewer"]);
        return Made;
    }
};

// One step of a reward chain: a number of points and what it gives.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsNextStep
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The points still missing; 0 when they are reached or the step is claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 PointsMissing = 0;

    static FLiveOpsEarnPointsViewerRewardChainsNextStep Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsNextStep Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.PointsMissing = static_cast<int64>(From["pointsMissing"].AsInt());
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsEarnByItem
{
    GENERATED_BODY()

    // The item's key in the game's catalog.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Sku;

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    static FLiveOpsEarnPointsViewerRewardChainsEarnByItem Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsEarnByItem Made;
        Made.Sku = LiveOps::ToFString(From["sku"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        return Made;
    }
};

// An exact amount of money.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsEarnByPrice
{
    GENERATED_BODY()

    // The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A virtual currency is named by its SKU.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Display;

    static FLiveOpsEarnPointsViewerRewardChainsEarnByPrice Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsEarnByPrice Made;
        Made.Display = LiveOps::ToFString(From["display"].AsText());
        return Made;
    }
};

// An exact amount of money.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsEarnByPriceBeforeDiscount
{
    GENERATED_BODY()

    // The amount as text with the currency's symbol, as the player's language writes it: `9,99 €`. A virtual currency is named by its SKU.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Display;

    static FLiveOpsEarnPointsViewerRewardChainsEarnByPriceBeforeDiscount Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsEarnByPriceBeforeDiscount Made;
        Made.Display = LiveOps::ToFString(From["display"].AsText());
        return Made;
    }
};

// How often something can be bought.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsEarnByLimitsPerPlayer
{
    GENERATED_BODY()

    // How often still: for a player without a token, as often as in all.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Available = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasAvailable = false;

    static FLiveOpsEarnPointsViewerRewardChainsEarnByLimitsPerPlayer Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsEarnByLimitsPerPlayer Made;
        Made.Available = static_cast<int64>(From["available"].AsInt());
        Made.bHasAvailable = !From["available"].IsNull();
        return Made;
    }
};

// How often an item or a promotion can be bought.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsEarnByLimits
{
    GENERATED_BODY()

    // The player's own limit; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewerRewardChainsEarnByLimitsPerPlayer PerPlayer;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPerPlayer = false;

    static FLiveOpsEarnPointsViewerRewardChainsEarnByLimits Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsEarnByLimits Made;
        Made.PerPlayer = FLiveOpsEarnPointsViewerRewardChainsEarnByLimitsPerPlayer::Read(From["perPlayer"]);
        Made.bHasPerPlayer = !From["perPlayer"].IsNull();
        return Made;
    }
};

// An item that gives points of a chain when it is bought with `orderItem`.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChainsEarnBy
{
    GENERATED_BODY()

    // How many points of the chain one unit gives.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Points = 0;

    // Whether `orderItem` takes the item now: it is on sale, and no limit is reached.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bCanOrder = false;

    // The item: its picture, its name, and the `sku` to order it by.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewerRewardChainsEarnByItem Item;

    // The price in real money. Only purchases in real money give points.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewerRewardChainsEarnByPrice Price;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPrice = false;

    // The price before the discount, for striking it through; null where there is no discount.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewerRewardChainsEarnByPriceBeforeDiscount PriceBeforeDiscount;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPriceBeforeDiscount = false;

    // How often the item can be bought; null if there is no limit.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewerRewardChainsEarnByLimits Limits;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasLimits = false;

    static FLiveOpsEarnPointsViewerRewardChainsEarnBy Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChainsEarnBy Made;
        Made.Points = static_cast<int64>(From["points"].AsInt());
        Made.bCanOrder = From["canOrder"].AsBool();
        Made.Item = FLiveOpsEarnPointsViewerRewardChainsEarnByItem::Read(From["item"]);
        Made.Price = FLiveOpsEarnPointsViewerRewardChainsEarnByPrice::Read(From["price"]);
        Made.bHasPrice = !From["price"].IsNull();
        Made.PriceBeforeDiscount = FLiveOpsEarnPointsViewerRewardChainsEarnByPriceBeforeDiscount::Read(From["priceBeforeDiscount"]);
        Made.bHasPriceBeforeDiscount = !From["priceBeforeDiscount"].IsNull();
        Made.Limits = FLiveOpsEarnPointsViewerRewardChainsEarnByLimits::Read(From["limits"]);
        Made.bHasLimits = !From["limits"].IsNull();
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewerRewardChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewerRewardChainsNextStep NextStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextStep = false;

    // The items that give points of this chain when they are bought with `orderItem`, in the store's order: what to offer a player whose `nextAction` is `EARN_POINTS`. May cost upstream calls.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsEarnPointsViewerRewardChainsEarnBy> EarnBy;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasEarnBy = false;

    static FLiveOpsEarnPointsViewerRewardChains Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewerRewardChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.NextStep = FLiveOpsEarnPointsViewerRewardChainsNextStep::Read(From["nextStep"]);
        Made.bHasNextStep = !From["nextStep"].IsNull();
        Made.EarnBy = LiveOps::ReadList<FLiveOpsEarnPointsViewerRewardChainsEarnBy>(From["earnBy"], [](const LiveOps::Json& One) { return FLiveOpsEarnPointsViewerRewardChainsEarnBy::Read(One); });
        Made.bHasEarnBy = !From["earnBy"].IsNull();
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // All reward chains, personal and clan, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsEarnPointsViewerRewardChains> RewardChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChains = false;

    static FLiveOpsEarnPointsViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.RewardChains = LiveOps::ReadList<FLiveOpsEarnPointsViewerRewardChains>(From["rewardChains"], [](const LiveOps::Json& One) { return FLiveOpsEarnPointsViewerRewardChains::Read(One); });
        Made.bHasRewardChains = !From["rewardChains"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsEarnPointsData
{
    GENERATED_BODY()

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsEarnPointsViewer Viewer;

    static FLiveOpsEarnPointsData Read(const LiveOps::Json& From)
    {
        FLiveOpsEarnPointsData Made;
        Made.Viewer = FLiveOpsEarnPointsViewer::Read(From["viewer"]);
        return Made;
    }
};

// What the main menu shows about all chains together.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerBadge
{
    GENERATED_BODY()

    // How many steps can be claimed for free now: the number in the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // What the player may miss next: the earliest end or restart of an unfinished chain, or the moment at which a daily step that can be claimed is missed; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime NextExpiry;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextExpiry = false;

    static FLiveOpsHomeViewerBadge Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerBadge Made;
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.NextExpiry = FDateTime::FromUnixTimestamp(static_cast<int64>(From["nextExpiry"].AsTime()));
        Made.bHasNextExpiry = !From["nextExpiry"].IsNull();
        return Made;
    }
};

// When a chain runs, and when it starts over. Times left are computed for every response.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerOfferChainsSchedule
{
    GENERATED_BODY()

    // The phase that the chain is in: picks the badge on its card.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsPhase Phase = ELiveOpsPhase::Unknown;

    // Phase as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString PhaseText;

    // Seconds to count down to the end; 0 when it is over, null when there is no end.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 SecondsUntilEnd = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasSecondsUntilEnd = false;

    // Seconds to count down until progress starts over; 0 while that is due.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 SecondsUntilReset = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasSecondsUntilReset = false;

    // Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Cycle;

    static FLiveOpsHomeViewerOfferChainsSchedule Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerOfferChainsSchedule Made;
        Made.Phase = LiveOps::ReadPhase(From["phase"].AsText());
        Made.PhaseText = LiveOps::ToFString(From["phase"].AsText());
        Made.SecondsUntilEnd = static_cast<int32>(From["secondsUntilEnd"].AsInt());
        Made.bHasSecondsUntilEnd = !From["secondsUntilEnd"].IsNull();
        Made.SecondsUntilReset = static_cast<int32>(From["secondsUntilReset"].AsInt());
        Made.bHasSecondsUntilReset = !From["secondsUntilReset"].IsNull();
        Made.Cycle = LiveOps::ToFString(From["cycle"].AsText());
        return Made;
    }
};

// An exact amount of money.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerOfferChainsStepsPrice
{
    GENERATED_BODY()

    // The amount, exact: never a rounded float. To show it, see `display`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Amount;

    // The currency's ISO 4217 code, or the SKU of a virtual currency.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Currency;

    static FLiveOpsHomeViewerOfferChainsStepsPrice Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerOfferChainsStepsPrice Made;
        Made.Amount = LiveOps::ToFString(From["amount"].AsText());
        Made.Currency = LiveOps::ToFString(From["currency"].AsText());
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerOfferChainsStepsItems
{
    GENERATED_BODY()

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many of the item the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    // The item's picture.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString ImageUrl;

    static FLiveOpsHomeViewerOfferChainsStepsItems Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerOfferChainsStepsItems Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        Made.ImageUrl = LiveOps::ToFString(From["imageUrl"].AsText());
        return Made;
    }
};

// Value points that come with a step.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerOfferChainsStepsValuePoints
{
    GENERATED_BODY()

    // The points' name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many points the step gives.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Amount = 0;

    static FLiveOpsHomeViewerOfferChainsStepsValuePoints Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerOfferChainsStepsValuePoints Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Amount = static_cast<int64>(From["amount"].AsInt());
        return Made;
    }
};

// One step of an offer chain.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerOfferChainsSteps
{
    GENERATED_BODY()

    // The id for claiming or ordering this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // Whether the step is closed, open or taken.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    // True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsFree = false;

    // The price to show on a paid step; null on a free one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewerOfferChainsStepsPrice Price;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPrice = false;

    // What the player gets; at present always one item.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerOfferChainsStepsItems> Items;

    // Value points that come with the step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerOfferChainsStepsValuePoints> ValuePoints;

    static FLiveOpsHomeViewerOfferChainsSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerOfferChainsSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        Made.bIsFree = From["isFree"].AsBool();
        Made.Price = FLiveOpsHomeViewerOfferChainsStepsPrice::Read(From["price"]);
        Made.bHasPrice = !From["price"].IsNull();
        Made.Items = LiveOps::ReadList<FLiveOpsHomeViewerOfferChainsStepsItems>(From["items"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerOfferChainsStepsItems::Read(One); });
        Made.ValuePoints = LiveOps::ReadList<FLiveOpsHomeViewerOfferChainsStepsValuePoints>(From["valuePoints"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerOfferChainsStepsValuePoints::Read(One); });
        return Made;
    }
};

// A chain of offers: each step is free or bought, and opens the next.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerOfferChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // Steps taken in whole percent: the progress bar.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ProgressPercent = 0;

    // When the chain runs, and when it starts over.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewerOfferChainsSchedule Schedule;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerOfferChainsSteps> Steps;

    static FLiveOpsHomeViewerOfferChains Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerOfferChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.ProgressPercent = static_cast<int32>(From["progressPercent"].AsInt());
        Made.Schedule = FLiveOpsHomeViewerOfferChainsSchedule::Read(From["schedule"]);
        Made.Steps = LiveOps::ReadList<FLiveOpsHomeViewerOfferChainsSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerOfferChainsSteps::Read(One); });
        return Made;
    }
};

// When a chain runs, and when it starts over. Times left are computed for every response.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerRewardChainsSchedule
{
    GENERATED_BODY()

    // Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Cycle;

    static FLiveOpsHomeViewerRewardChainsSchedule Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerRewardChainsSchedule Made;
        Made.Cycle = LiveOps::ToFString(From["cycle"].AsText());
        return Made;
    }
};

// Value points held by the player, or by the clan.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerRewardChainsBalance
{
    GENERATED_BODY()

    // The points' name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many points are held.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Amount = 0;

    static FLiveOpsHomeViewerRewardChainsBalance Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerRewardChainsBalance Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Amount = static_cast<int64>(From["amount"].AsInt());
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerRewardChainsStepsRewards
{
    GENERATED_BODY()

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many of the item the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    // The item's picture.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString ImageUrl;

    static FLiveOpsHomeViewerRewardChainsStepsRewards Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerRewardChainsStepsRewards Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        Made.ImageUrl = LiveOps::ToFString(From["imageUrl"].AsText());
        return Made;
    }
};

// One step of a reward chain: a number of points and what it gives.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerRewardChainsSteps
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // Whether the step is closed, ready to claim or claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    // The points that open the step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 PointsRequired = 0;

    // The points still missing; 0 when they are reached or the step is claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 PointsMissing = 0;

    // What the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerRewardChainsStepsRewards> Rewards;

    static FLiveOpsHomeViewerRewardChainsSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerRewardChainsSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        Made.PointsRequired = static_cast<int64>(From["pointsRequired"].AsInt());
        Made.PointsMissing = static_cast<int64>(From["pointsMissing"].AsInt());
        Made.Rewards = LiveOps::ReadList<FLiveOpsHomeViewerRewardChainsStepsRewards>(From["rewards"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerRewardChainsStepsRewards::Read(One); });
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerRewardChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // Whether the points of a whole clan count.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsClan = false;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // How many steps are ready to claim: the number in the chain's red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // When the chain runs, and when it starts over.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewerRewardChainsSchedule Schedule;

    // The points that count for this chain: the number beside its bar. May cost an upstream call.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewerRewardChainsBalance Balance;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBalance = false;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerRewardChainsSteps> Steps;

    static FLiveOpsHomeViewerRewardChains Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerRewardChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.bIsClan = From["isClan"].AsBool();
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.Schedule = FLiveOpsHomeViewerRewardChainsSchedule::Read(From["schedule"]);
        Made.Balance = FLiveOpsHomeViewerRewardChainsBalance::Read(From["balance"]);
        Made.bHasBalance = !From["balance"].IsNull();
        Made.Steps = LiveOps::ReadList<FLiveOpsHomeViewerRewardChainsSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerRewardChainsSteps::Read(One); });
        return Made;
    }
};

// When a chain runs, and when it starts over. Times left are computed for every response.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerDailyChainsSchedule
{
    GENERATED_BODY()

    // Names the time between two resets that the chain's steps belong to: send it with a claim or an order that may arrive later. Null if the chain does not start over. Every daily chain has one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Cycle;

    static FLiveOpsHomeViewerDailyChainsSchedule Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerDailyChainsSchedule Made;
        Made.Cycle = LiveOps::ToFString(From["cycle"].AsText());
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerDailyChainsStepsItems
{
    GENERATED_BODY()

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many of the item the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    // The item's picture.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString ImageUrl;

    static FLiveOpsHomeViewerDailyChainsStepsItems Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerDailyChainsStepsItems Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        Made.ImageUrl = LiveOps::ToFString(From["imageUrl"].AsText());
        return Made;
    }
};

// One step of a daily chain.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerDailyChainsSteps
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // Whether the step is closed, ready to claim or claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsStepState State = ELiveOpsStepState::Unknown;

    // State as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StateText;

    // Whether the day of the step passed without a claim: it stays closed. Show it as missed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsMissed = false;

    // What the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerDailyChainsStepsItems> Items;

    static FLiveOpsHomeViewerDailyChainsSteps Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerDailyChainsSteps Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.State = LiveOps::ReadStepState(From["state"].AsText());
        Made.StateText = LiveOps::ToFString(From["state"].AsText());
        Made.bIsMissed = From["isMissed"].AsBool();
        Made.Items = LiveOps::ReadList<FLiveOpsHomeViewerDailyChainsStepsItems>(From["items"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerDailyChainsStepsItems::Read(One); });
        return Made;
    }
};

// A chain of gifts for coming back: its steps open day by day.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewerDailyChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How the chain counts its days.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsDailyChainType Type = ELiveOpsDailyChainType::Unknown;

    // Type as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString TypeText;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // How many steps are ready to claim: the number in the chain's red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // Seconds to count down until the next step opens; 0 while that is due.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 SecondsUntilNextUnlock = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasSecondsUntilNextUnlock = false;

    // When the chain runs. The upstream does not tell when a daily chain starts over; `cycle` changes when it has.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewerDailyChainsSchedule Schedule;

    // All steps in order.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerDailyChainsSteps> Steps;

    static FLiveOpsHomeViewerDailyChains Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewerDailyChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Type = LiveOps::ReadDailyChainType(From["type"].AsText());
        Made.TypeText = LiveOps::ToFString(From["type"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.SecondsUntilNextUnlock = static_cast<int32>(From["secondsUntilNextUnlock"].AsInt());
        Made.bHasSecondsUntilNextUnlock = !From["secondsUntilNextUnlock"].IsNull();
        Made.Schedule = FLiveOpsHomeViewerDailyChainsSchedule::Read(From["schedule"]);
        Made.Steps = LiveOps::ReadList<FLiveOpsHomeViewerDailyChainsSteps>(From["steps"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerDailyChainsSteps::Read(One); });
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsHomeViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // Whether a player's token came with the request. Without one, progress is not shown.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsSignedIn = false;

    // What the main menu shows about all chains: the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewerBadge Badge;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBadge = false;

    // All running offer chains, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerOfferChains> OfferChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOfferChains = false;

    // All reward chains, personal and clan, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerRewardChains> RewardChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChains = false;

    // All running daily chains, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsHomeViewerDailyChains> DailyChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasDailyChains = false;

    static FLiveOpsHomeViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.bIsSignedIn = From["isSignedIn"].AsBool();
        Made.Badge = FLiveOpsHomeViewerBadge::Read(From["badge"]);
        Made.bHasBadge = !From["badge"].IsNull();
        Made.OfferChains = LiveOps::ReadList<FLiveOpsHomeViewerOfferChains>(From["offerChains"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerOfferChains::Read(One); });
        Made.bHasOfferChains = !From["offerChains"].IsNull();
        Made.RewardChains = LiveOps::ReadList<FLiveOpsHomeViewerRewardChains>(From["rewardChains"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerRewardChains::Read(One); });
        Made.bHasRewardChains = !From["rewardChains"].IsNull();
        Made.DailyChains = LiveOps::ReadList<FLiveOpsHomeViewerDailyChains>(From["dailyChains"], [](const LiveOps::Json& One) { return FLiveOpsHomeViewerDailyChains::Read(One); });
        Made.bHasDailyChains = !From["dailyChains"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsHomeData
{
    GENERATED_BODY()

    // The gateway's time. Count down against it, and not against the device's clock.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime ServerTime;

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsHomeViewer Viewer;

    static FLiveOpsHomeData Read(const LiveOps::Json& From)
    {
        FLiveOpsHomeData Made;
        Made.ServerTime = FDateTime::FromUnixTimestamp(static_cast<int64>(From["serverTime"].AsTime()));
        Made.Viewer = FLiveOpsHomeViewer::Read(From["viewer"]);
        return Made;
    }
};

// An exact amount of money.
USTRUCT(BlueprintType)
struct FLiveOpsOfferChainViewerOfferChainNextStepPrice
{
    GENERATED_BODY()

    // The amount, exact: never a rounded float. To show it, see `display`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Amount;

    // The currency's ISO 4217 code, or the SKU of a virtual currency.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Currency;

    static FLiveOpsOfferChainViewerOfferChainNextStepPrice Read(const LiveOps::Json& From)
    {
        FLiveOpsOfferChainViewerOfferChainNextStepPrice Made;
        Made.Amount = LiveOps::ToFString(From["amount"].AsText());
        Made.Currency = LiveOps::ToFString(From["currency"].AsText());
        return Made;
    }
};

// One step of an offer chain.
USTRUCT(BlueprintType)
struct FLiveOpsOfferChainViewerOfferChainNextStep
{
    GENERATED_BODY()

    // The id for claiming or ordering this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsFree = false;

    // The price to show on a paid step; null on a free one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOfferChainViewerOfferChainNextStepPrice Price;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPrice = false;

    static FLiveOpsOfferChainViewerOfferChainNextStep Read(const LiveOps::Json& From)
    {
        FLiveOpsOfferChainViewerOfferChainNextStep Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.bIsFree = From["isFree"].AsBool();
        Made.Price = FLiveOpsOfferChainViewerOfferChainNextStepPrice::Read(From["price"]);
        Made.bHasPrice = !From["price"].IsNull();
        return Made;
    }
};

// A chain of offers: each step is free or bought, and opens the next.
USTRUCT(BlueprintType)
struct FLiveOpsOfferChainViewerOfferChain
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // A text about the chain to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Description;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOfferChainViewerOfferChainNextStep NextStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextStep = false;

    // How many steps are taken.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimedCount = 0;

    // Whether every step is taken: show the chain as done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsCompleted = false;

    static FLiveOpsOfferChainViewerOfferChain Read(const LiveOps::Json& From)
    {
        FLiveOpsOfferChainViewerOfferChain Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Description = LiveOps::ToFString(From["description"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.NextStep = FLiveOpsOfferChainViewerOfferChainNextStep::Read(From["nextStep"]);
        Made.bHasNextStep = !From["nextStep"].IsNull();
        Made.ClaimedCount = static_cast<int32>(From["claimedCount"].AsInt());
        Made.bIsCompleted = From["isCompleted"].AsBool();
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsOfferChainViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // One offer chain; null if the player has none with this id.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOfferChainViewerOfferChain OfferChain;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOfferChain = false;

    static FLiveOpsOfferChainViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsOfferChainViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.OfferChain = FLiveOpsOfferChainViewerOfferChain::Read(From["offerChain"]);
        Made.bHasOfferChain = !From["offerChain"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsOfferChainData
{
    GENERATED_BODY()

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOfferChainViewer Viewer;

    static FLiveOpsOfferChainData Read(const LiveOps::Json& From)
    {
        FLiveOpsOfferChainData Made;
        Made.Viewer = FLiveOpsOfferChainViewer::Read(From["viewer"]);
        return Made;
    }
};

// An exact amount of money.
USTRUCT(BlueprintType)
struct FLiveOpsOrderOrderTotal
{
    GENERATED_BODY()

    // The amount, exact: never a rounded float. To show it, see `display`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Amount;

    // The currency's ISO 4217 code, or the SKU of a virtual currency.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Currency;

    static FLiveOpsOrderOrderTotal Read(const LiveOps::Json& From)
    {
        FLiveOpsOrderOrderTotal Made;
        Made.Amount = LiveOps::ToFString(From["amount"].AsText());
        Made.Currency = LiveOps::ToFString(From["currency"].AsText());
        return Made;
    }
};

// One position of an order.
USTRUCT(BlueprintType)
struct FLiveOpsOrderOrderItems
{
    GENERATED_BODY()

    // The item's key in the game's catalog.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Sku;

    // The number of items.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    static FLiveOpsOrderOrderItems Read(const LiveOps::Json& From)
    {
        FLiveOpsOrderOrderItems Made;
        Made.Sku = LiveOps::ToFString(From["sku"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        return Made;
    }
};

// An order of the player.
USTRUCT(BlueprintType)
struct FLiveOpsOrderOrder
{
    GENERATED_BODY()

    // The order's id, for reading the order again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The order's status: what to tell the player.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsOrderStatus Status = ELiveOpsOrderStatus::Unknown;

    // Status as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StatusText;

    // Whether the status is final: stop reading the order again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsTerminal = false;

    // What the order costs, in money or in a virtual currency; null if it is free.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOrderOrderTotal Total;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasTotal = false;

    // What was ordered.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsOrderOrderItems> Items;

    static FLiveOpsOrderOrder Read(const LiveOps::Json& From)
    {
        FLiveOpsOrderOrder Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Status = LiveOps::ReadOrderStatus(From["status"].AsText());
        Made.StatusText = LiveOps::ToFString(From["status"].AsText());
        Made.bIsTerminal = From["isTerminal"].AsBool();
        Made.Total = FLiveOpsOrderOrderTotal::Read(From["total"]);
        Made.bHasTotal = !From["total"].IsNull();
        Made.Items = LiveOps::ReadList<FLiveOpsOrderOrderItems>(From["items"], [](const LiveOps::Json& One) { return FLiveOpsOrderOrderItems::Read(One); });
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsOrderData
{
    GENERATED_BODY()

    // One of the player's orders; null if they have none with this id.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOrderOrder Order;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOrder = false;

    static FLiveOpsOrderData Read(const LiveOps::Json& From)
    {
        FLiveOpsOrderData Made;
        Made.Order = FLiveOpsOrderOrder::Read(From["order"]);
        Made.bHasOrder = !From["order"].IsNull();
        return Made;
    }
};

// An order of the player.
USTRUCT(BlueprintType)
struct FLiveOpsOrderUpdatedOrderUpdated
{
    GENERATED_BODY()

    // The order's id, for reading the order again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The order's status: what to tell the player.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsOrderStatus Status = ELiveOpsOrderStatus::Unknown;

    // Status as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StatusText;

    // Whether the status is final: stop reading the order again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsTerminal = false;

    static FLiveOpsOrderUpdatedOrderUpdated Read(const LiveOps::Json& From)
    {
        FLiveOpsOrderUpdatedOrderUpdated Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Status = LiveOps::ReadOrderStatus(From["status"].AsText());
        Made.StatusText = LiveOps::ToFString(From["status"].AsText());
        Made.bIsTerminal = From["isTerminal"].AsBool();
        return Made;
    }
};

// Every subscription that a game can start.
USTRUCT(BlueprintType)
struct FLiveOpsOrderUpdatedData
{
    GENERATED_BODY()

    // An order as it is now, and again whenever it changes. Ends after a final status, and after 10 minutes at most.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOrderUpdatedOrderUpdated OrderUpdated;

    static FLiveOpsOrderUpdatedData Read(const LiveOps::Json& From)
    {
        FLiveOpsOrderUpdatedData Made;
        Made.OrderUpdated = FLiveOpsOrderUpdatedOrderUpdated::Read(From["orderUpdated"]);
        return Made;
    }
};

// What the main menu shows about all chains together.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerBadge
{
    GENERATED_BODY()

    // How many steps can be claimed for free now: the number in the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    static FLiveOpsOverviewViewerBadge Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerBadge Made;
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        return Made;
    }
};

// An exact amount of money.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerOfferChainsNextStepPrice
{
    GENERATED_BODY()

    // The amount, exact: never a rounded float. To show it, see `display`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Amount;

    // The currency's ISO 4217 code, or the SKU of a virtual currency.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Currency;

    static FLiveOpsOverviewViewerOfferChainsNextStepPrice Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerOfferChainsNextStepPrice Made;
        Made.Amount = LiveOps::ToFString(From["amount"].AsText());
        Made.Currency = LiveOps::ToFString(From["currency"].AsText());
        return Made;
    }
};

// One step of an offer chain.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerOfferChainsNextStep
{
    GENERATED_BODY()

    // The id for claiming or ordering this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // True: call `claimOfferChainStep`. False: call `orderOfferChainStep`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsFree = false;

    // The price to show on a paid step; null on a free one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewerOfferChainsNextStepPrice Price;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPrice = false;

    static FLiveOpsOverviewViewerOfferChainsNextStep Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerOfferChainsNextStep Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.bIsFree = From["isFree"].AsBool();
        Made.Price = FLiveOpsOverviewViewerOfferChainsNextStepPrice::Read(From["price"]);
        Made.bHasPrice = !From["price"].IsNull();
        return Made;
    }
};

// A chain of offers: each step is free or bought, and opens the next.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerOfferChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // The step to point at: the next one to take, now if it is `AVAILABLE`; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewerOfferChainsNextStep NextStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextStep = false;

    static FLiveOpsOverviewViewerOfferChains Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerOfferChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.NextStep = FLiveOpsOverviewViewerOfferChainsNextStep::Read(From["nextStep"]);
        Made.bHasNextStep = !From["nextStep"].IsNull();
        return Made;
    }
};

// Value points held by the player, or by the clan.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerRewardChainsBalance
{
    GENERATED_BODY()

    // How many points are held.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Amount = 0;

    static FLiveOpsOverviewViewerRewardChainsBalance Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerRewardChainsBalance Made;
        Made.Amount = static_cast<int64>(From["amount"].AsInt());
        return Made;
    }
};

// One step of a reward chain: a number of points and what it gives.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerRewardChainsNextStep
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // The points that open the step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 PointsRequired = 0;

    // The points still missing; 0 when they are reached or the step is claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 PointsMissing = 0;

    static FLiveOpsOverviewViewerRewardChainsNextStep Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerRewardChainsNextStep Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.PointsRequired = static_cast<int64>(From["pointsRequired"].AsInt());
        Made.PointsMissing = static_cast<int64>(From["pointsMissing"].AsInt());
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerRewardChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // How many steps are ready to claim: the number in the chain's red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // The points that count for this chain: the number beside its bar. May cost an upstream call.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewerRewardChainsBalance Balance;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBalance = false;

    // The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewerRewardChainsNextStep NextStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextStep = false;

    static FLiveOpsOverviewViewerRewardChains Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerRewardChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.Balance = FLiveOpsOverviewViewerRewardChainsBalance::Read(From["balance"]);
        Made.bHasBalance = !From["balance"].IsNull();
        Made.NextStep = FLiveOpsOverviewViewerRewardChainsNextStep::Read(From["nextStep"]);
        Made.bHasNextStep = !From["nextStep"].IsNull();
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerDailyChainsNextStepItems
{
    GENERATED_BODY()

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many of the item the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    static FLiveOpsOverviewViewerDailyChainsNextStepItems Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerDailyChainsNextStepItems Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        return Made;
    }
};

// One step of a daily chain.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerDailyChainsNextStep
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's place in the chain, for drawing it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 Number = 0;

    // What the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsOverviewViewerDailyChainsNextStepItems> Items;

    static FLiveOpsOverviewViewerDailyChainsNextStep Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerDailyChainsNextStep Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Number = static_cast<int32>(From["number"].AsInt());
        Made.Items = LiveOps::ReadList<FLiveOpsOverviewViewerDailyChainsNextStepItems>(From["items"], [](const LiveOps::Json& One) { return FLiveOpsOverviewViewerDailyChainsNextStepItems::Read(One); });
        return Made;
    }
};

// A chain of gifts for coming back: its steps open day by day.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewerDailyChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    // How many steps are ready to claim: the number in the chain's red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // The step to point at: the one to claim, else the next one to open; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewerDailyChainsNextStep NextStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextStep = false;

    static FLiveOpsOverviewViewerDailyChains Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewerDailyChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.NextStep = FLiveOpsOverviewViewerDailyChainsNextStep::Read(From["nextStep"]);
        Made.bHasNextStep = !From["nextStep"].IsNull();
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // What the main menu shows about all chains: the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewerBadge Badge;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBadge = false;

    // All running offer chains, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsOverviewViewerOfferChains> OfferChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOfferChains = false;

    // All reward chains, personal and clan, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsOverviewViewerRewardChains> RewardChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChains = false;

    // All running daily chains, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsOverviewViewerDailyChains> DailyChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasDailyChains = false;

    static FLiveOpsOverviewViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Badge = FLiveOpsOverviewViewerBadge::Read(From["badge"]);
        Made.bHasBadge = !From["badge"].IsNull();
        Made.OfferChains = LiveOps::ReadList<FLiveOpsOverviewViewerOfferChains>(From["offerChains"], [](const LiveOps::Json& One) { return FLiveOpsOverviewViewerOfferChains::Read(One); });
        Made.bHasOfferChains = !From["offerChains"].IsNull();
        Made.RewardChains = LiveOps::ReadList<FLiveOpsOverviewViewerRewardChains>(From["rewardChains"], [](const LiveOps::Json& One) { return FLiveOpsOverviewViewerRewardChains::Read(One); });
        Made.bHasRewardChains = !From["rewardChains"].IsNull();
        Made.DailyChains = LiveOps::ReadList<FLiveOpsOverviewViewerDailyChains>(From["dailyChains"], [](const LiveOps::Json& One) { return FLiveOpsOverviewViewerDailyChains::Read(One); });
        Made.bHasDailyChains = !From["dailyChains"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsOverviewData
{
    GENERATED_BODY()

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsOverviewViewer Viewer;

    static FLiveOpsOverviewData Read(const LiveOps::Json& From)
    {
        FLiveOpsOverviewData Made;
        Made.Viewer = FLiveOpsOverviewViewer::Read(From["viewer"]);
        return Made;
    }
};

// What the token that came with the request says of itself.
USTRUCT(BlueprintType)
struct FLiveOpsRefreshSession
{
    GENERATED_BODY()

    // Seconds until the token ends: get a new one before. Null without a token, and where it does not say.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ExpiresInSeconds = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasExpiresInSeconds = false;

    static FLiveOpsRefreshSession Read(const LiveOps::Json& From)
    {
        FLiveOpsRefreshSession Made;
        Made.ExpiresInSeconds = static_cast<int32>(From["expiresInSeconds"].AsInt());
        Made.bHasExpiresInSeconds = !From["expiresInSeconds"].IsNull();
        return Made;
    }
};

// What the main menu shows about all chains together.
USTRUCT(BlueprintType)
struct FLiveOpsRefreshViewerBadge
{
    GENERATED_BODY()

    // How many steps can be claimed for free now: the number in the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 ClaimableCount = 0;

    // Whether it counts copies of chains or points, because the upstream could not be read.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsStale = false;

    static FLiveOpsRefreshViewerBadge Read(const LiveOps::Json& From)
    {
        FLiveOpsRefreshViewerBadge Made;
        Made.ClaimableCount = static_cast<int32>(From["claimableCount"].AsInt());
        Made.bIsStale = From["isStale"].AsBool();
        return Made;
    }
};

// A chain of offers: each step is free or bought, and opens the next.
USTRUCT(BlueprintType)
struct FLiveOpsRefreshViewerOfferChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // Whether this is a copy, shown because the upstream could not be read.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsStale = false;

    // How old the copy is; null unless `isStale`.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int32 AgeSeconds = 0;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasAgeSeconds = false;

    // What the player has to do next: the label of the chain's button.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsNextAction NextAction = ELiveOpsNextAction::Unknown;

    // NextAction as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString NextActionText;

    static FLiveOpsRefreshViewerOfferChains Read(const LiveOps::Json& From)
    {
        FLiveOpsRefreshViewerOfferChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.bIsStale = From["isStale"].AsBool();
        Made.AgeSeconds = static_cast<int32>(From["ageSeconds"].AsInt());
        Made.bHasAgeSeconds = !From["ageSeconds"].IsNull();
        Made.NextAction = LiveOps::ReadNextAction(From["nextAction"].AsText());
        Made.NextActionText = LiveOps::ToFString(From["nextAction"].AsText());
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsRefreshViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The language that texts are asked for in: `locale`, or else the one that `Accept-Language` wants most. The upstream does not tell which it has; null where it chooses.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString LocaleUsed;

    // What the main menu shows about all chains: the red dot.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRefreshViewerBadge Badge;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBadge = false;

    // All running offer chains, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsRefreshViewerOfferChains> OfferChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasOfferChains = false;

    static FLiveOpsRefreshViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsRefreshViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.LocaleUsed = LiveOps::ToFString(From["localeUsed"].AsText());
        Made.Badge = FLiveOpsRefreshViewerBadge::Read(From["badge"]);
        Made.bHasBadge = !From["badge"].IsNull();
        Made.OfferChains = LiveOps::ReadList<FLiveOpsRefreshViewerOfferChains>(From["offerChains"], [](const LiveOps::Json& One) { return FLiveOpsRefreshViewerOfferChains::Read(One); });
        Made.bHasOfferChains = !From["offerChains"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsRefreshData
{
    GENERATED_BODY()

    // The token that came with the request, as far as it tells. Costs no upstream call.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRefreshSession Session;

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRefreshViewer Viewer;

    static FLiveOpsRefreshData Read(const LiveOps::Json& From)
    {
        FLiveOpsRefreshData Made;
        Made.Session = FLiveOpsRefreshSession::Read(From["session"]);
        Made.Viewer = FLiveOpsRefreshViewer::Read(From["viewer"]);
        return Made;
    }
};

// Value points held by the player, or by the clan.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewerRewardChainsBalance
{
    GENERATED_BODY()

    // How many points are held.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Amount = 0;

    // Whether the points belong to the clan.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsClan = false;

    static FLiveOpsRewardChainsViewerRewardChainsBalance Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewerRewardChainsBalance Made;
        Made.Amount = static_cast<int64>(From["amount"].AsInt());
        Made.bIsClan = From["isClan"].AsBool();
        return Made;
    }
};

// One step of a reward chain: a number of points and what it gives.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewerRewardChainsNextStep
{
    GENERATED_BODY()

    // The id for claiming this step.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The step's name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // The points still missing; 0 when they are reached or the step is claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 PointsMissing = 0;

    static FLiveOpsRewardChainsViewerRewardChainsNextStep Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewerRewardChainsNextStep Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.PointsMissing = static_cast<int64>(From["pointsMissing"].AsInt());
        return Made;
    }
};

// A clan member who contributed points.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewerRewardChainsTopContributors
{
    GENERATED_BODY()

    // The member's name to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // The points that the member contributed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Amount = 0;

    static FLiveOpsRewardChainsViewerRewardChainsTopContributors Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewerRewardChainsTopContributors Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Amount = static_cast<int64>(From["amount"].AsInt());
        return Made;
    }
};

// A hint to show when the player wants to know how a chain works.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewerRewardChainsPopup
{
    GENERATED_BODY()

    // The hint's heading, in the player's language where there is one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Header;

    // The hint's text, in the player's language where there is one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Instruction;

    static FLiveOpsRewardChainsViewerRewardChainsPopup Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewerRewardChainsPopup Made;
        Made.Header = LiveOps::ToFString(From["header"].AsText());
        Made.Instruction = LiveOps::ToFString(From["instruction"].AsText());
        return Made;
    }
};

// When a chain runs, and when it starts over. Times left are computed for every response.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewerRewardChainsSchedule
{
    GENERATED_BODY()

    // How often the chain starts over; null if it never does.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsResetInterval ResetInterval = ELiveOpsResetInterval::Unknown;

    // ResetInterval as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString ResetIntervalText;

    // When progress starts over; null if it never does.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FDateTime ResetsAt;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasResetsAt = false;

    static FLiveOpsRewardChainsViewerRewardChainsSchedule Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewerRewardChainsSchedule Made;
        Made.ResetInterval = LiveOps::ReadResetInterval(From["resetInterval"].AsText());
        Made.ResetIntervalText = LiveOps::ToFString(From["resetInterval"].AsText());
        Made.ResetsAt = FDateTime::FromUnixTimestamp(static_cast<int64>(From["resetsAt"].AsTime()));
        Made.bHasResetsAt = !From["resetsAt"].IsNull();
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewerRewardChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // What the game calls a clan; null on a personal chain.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsClanType ClanType = ELiveOpsClanType::Unknown;

    // ClanType as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString ClanTypeText;

    // The points that count for this chain: the number beside its bar. May cost an upstream call.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRewardChainsViewerRewardChainsBalance Balance;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBalance = false;

    // The step to point at: the first one to claim, else the first one not claimed; null if all are claimed.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRewardChainsViewerRewardChainsNextStep NextStep;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasNextStep = false;

    // The ten clan members, or fewer, who contributed most points; empty on a personal chain, and for a player without a clan. Costs an upstream call.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsRewardChainsViewerRewardChainsTopContributors> TopContributors;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasTopContributors = false;

    // A hint about how the chain works; null if there is none.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRewardChainsViewerRewardChainsPopup Popup;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasPopup = false;

    // When the chain runs, and when it starts over.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRewardChainsViewerRewardChainsSchedule Schedule;

    static FLiveOpsRewardChainsViewerRewardChains Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewerRewardChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.ClanType = LiveOps::ReadClanType(From["clanType"].AsText());
        Made.ClanTypeText = LiveOps::ToFString(From["clanType"].AsText());
        Made.Balance = FLiveOpsRewardChainsViewerRewardChainsBalance::Read(From["balance"]);
        Made.bHasBalance = !From["balance"].IsNull();
        Made.NextStep = FLiveOpsRewardChainsViewerRewardChainsNextStep::Read(From["nextStep"]);
        Made.bHasNextStep = !From["nextStep"].IsNull();
        Made.TopContributors = LiveOps::ReadList<FLiveOpsRewardChainsViewerRewardChainsTopContributors>(From["topContributors"], [](const LiveOps::Json& One) { return FLiveOpsRewardChainsViewerRewardChainsTopContributors::Read(One); });
        Made.bHasTopContributors = !From["topContributors"].IsNull();
        Made.Popup = FLiveOpsRewardChainsViewerRewardChainsPopup::Read(From["popup"]);
        Made.bHasPopup = !From["popup"].IsNull();
        Made.Schedule = FLiveOpsRewardChainsViewerRewardChainsSchedule::Read(From["schedule"]);
        return Made;
    }
};

// The player whose token came with the request, or an anonymous caller.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsViewer
{
    GENERATED_BODY()

    // Tells players apart in the caches of clients, and is taken nowhere. It stays the same when a token is renewed, as far as tokens name their player; all anonymous callers share one.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // All reward chains, personal and clan, in the order to show them in.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsRewardChainsViewerRewardChains> RewardChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChains = false;

    static FLiveOpsRewardChainsViewer Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsViewer Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.RewardChains = LiveOps::ReadList<FLiveOpsRewardChainsViewerRewardChains>(From["rewardChains"], [](const LiveOps::Json& One) { return FLiveOpsRewardChainsViewerRewardChains::Read(One); });
        Made.bHasRewardChains = !From["rewardChains"].IsNull();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsRewardChainsData
{
    GENERATED_BODY()

    // The player whose token came with the request.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsRewardChainsViewer Viewer;

    static FLiveOpsRewardChainsData Read(const LiveOps::Json& From)
    {
        FLiveOpsRewardChainsData Made;
        Made.Viewer = FLiveOpsRewardChainsViewer::Read(From["viewer"]);
        return Made;
    }
};

// Why something that the player wanted was not done.
USTRUCT(BlueprintType)
struct FLiveOpsUpdateClanUpdateClanUserErrors
{
    GENERATED_BODY()

    // The reason, for the game's own text.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsUserErrorCode Code = ELiveOpsUserErrorCode::Unknown;

    // Code as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString CodeText;

    // The reason in English, for developers; with the upstream's own words where GraphiQL is on.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Message;

    static FLiveOpsUpdateClanUpdateClanUserErrors Read(const LiveOps::Json& From)
    {
        FLiveOpsUpdateClanUpdateClanUserErrors Made;
        Made.Code = LiveOps::ReadUserErrorCode(From["code"].AsText());
        Made.CodeText = LiveOps::ToFString(From["code"].AsText());
        Made.Message = LiveOps::ToFString(From["message"].AsText());
        return Made;
    }
};

// One kind of item and how many of it.
USTRUCT(BlueprintType)
struct FLiveOpsUpdateClanUpdateClanRewards
{
    GENERATED_BODY()

    // The item's name to show, in the player's language where the upstream has it.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // How many of the item the player gets.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Quantity = 0;

    static FLiveOpsUpdateClanUpdateClanRewards Read(const LiveOps::Json& From)
    {
        FLiveOpsUpdateClanUpdateClanRewards Made;
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.Quantity = static_cast<int64>(From["quantity"].AsInt());
        return Made;
    }
};

// Value points held by the player, or by the clan.
USTRUCT(BlueprintType)
struct FLiveOpsUpdateClanUpdateClanRewardChainsBalance
{
    GENERATED_BODY()

    // How many points are held.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    int64 Amount = 0;

    static FLiveOpsUpdateClanUpdateClanRewardChainsBalance Read(const LiveOps::Json& From)
    {
        FLiveOpsUpdateClanUpdateClanRewardChainsBalance Made;
        Made.Amount = static_cast<int64>(From["amount"].AsInt());
        return Made;
    }
};

// A chain of rewards that value points unlock, for a player or for a whole clan.
USTRUCT(BlueprintType)
struct FLiveOpsUpdateClanUpdateClanRewardChains
{
    GENERATED_BODY()

    // The chain's id, for reading this chain alone and for claiming all its ready steps.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The chain's title to show.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Name;

    // Whether the points of a whole clan count.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsClan = false;

    // The points that count for this chain: the number beside its bar. May cost an upstream call.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsUpdateClanUpdateClanRewardChainsBalance Balance;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasBalance = false;

    static FLiveOpsUpdateClanUpdateClanRewardChains Read(const LiveOps::Json& From)
    {
        FLiveOpsUpdateClanUpdateClanRewardChains Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Name = LiveOps::ToFString(From["name"].AsText());
        Made.bIsClan = From["isClan"].AsBool();
        Made.Balance = FLiveOpsUpdateClanUpdateClanRewardChainsBalance::Read(From["balance"]);
        Made.bHasBalance = !From["balance"].IsNull();
        return Made;
    }
};

// The result of a change of clan.
USTRUCT(BlueprintType)
struct FLiveOpsUpdateClanUpdateClan
{
    GENERATED_BODY()

    // Why it was not done; empty if it was done.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsUpdateClanUpdateClanUserErrors> UserErrors;

    // The items that were unclaimed in the former clan and are granted now: show them.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsUpdateClanUpdateClanRewards> Rewards;

    // The reward chains after the mutation, newly read: draw them again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    TArray<FLiveOpsUpdateClanUpdateClanRewardChains> RewardChains;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasRewardChains = false;

    static FLiveOpsUpdateClanUpdateClan Read(const LiveOps::Json& From)
    {
        FLiveOpsUpdateClanUpdateClan Made;
        Made.UserErrors = LiveOps::ReadList<FLiveOpsUpdateClanUpdateClanUserErrors>(From["userErrors"], [](const LiveOps::Json& One) { return FLiveOpsUpdateClanUpdateClanUserErrors::Read(One); });
        Made.Rewards = LiveOps::ReadList<FLiveOpsUpdateClanUpdateClanRewards>(From["rewards"], [](const LiveOps::Json& One) { return FLiveOpsUpdateClanUpdateClanRewards::Read(One); });
        Made.RewardChains = LiveOps::ReadList<FLiveOpsUpdateClanUpdateClanRewardChains>(From["rewardChains"], [](const LiveOps::Json& One) { return FLiveOpsUpdateClanUpdateClanRewardChains::Read(One); });
        Made.bHasRewardChains = !From["rewardChains"].IsNull();
        return Made;
    }
};

// Every mutation that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsUpdateClanData
{
    GENERATED_BODY()

    // Adopt the player's present clan, and grant what was unclaimed in the former one. Send this after the player joined, changed or left a clan.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsUpdateClanUpdateClan UpdateClan;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasUpdateClan = false;

    static FLiveOpsUpdateClanData Read(const LiveOps::Json& From)
    {
        FLiveOpsUpdateClanData Made;
        Made.UpdateClan = FLiveOpsUpdateClanUpdateClan::Read(From["updateClan"]);
        Made.bHasUpdateClan = !From["updateClan"].IsNull();
        return Made;
    }
};

// An order of the player.
USTRUCT(BlueprintType)
struct FLiveOpsWaitForOrderWaitForOrder
{
    GENERATED_BODY()

    // The order's id, for reading the order again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString Id;

    // The order's status: what to tell the player.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    ELiveOpsOrderStatus Status = ELiveOpsOrderStatus::Unknown;

    // Status as it was sent.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FString StatusText;

    // Whether the status is final: stop reading the order again.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bIsTerminal = false;

    static FLiveOpsWaitForOrderWaitForOrder Read(const LiveOps::Json& From)
    {
        FLiveOpsWaitForOrderWaitForOrder Made;
        Made.Id = LiveOps::ToFString(From["id"].AsText());
        Made.Status = LiveOps::ReadOrderStatus(From["status"].AsText());
        Made.StatusText = LiveOps::ToFString(From["status"].AsText());
        Made.bIsTerminal = From["isTerminal"].AsBool();
        return Made;
    }
};

// Every query that a game can send.
USTRUCT(BlueprintType)
struct FLiveOpsWaitForOrderData
{
    GENERATED_BODY()

    // One of the player's orders, as soon as its status changes or the time is over: query again until it is `isTerminal`. For games that cannot subscribe. Null if the player has none with this id.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    FLiveOpsWaitForOrderWaitForOrder WaitForOrder;

    // Whether it is there: it may be null.
    UPROPERTY(BlueprintReadOnly, Category = "LiveOps")
    bool bHasWaitForOrder = false;

    static FLiveOpsWaitForOrderData Read(const LiveOps::Json& From)
    {
        FLiveOpsWaitForOrderData Made;
        Made.WaitForOrder = FLiveOpsWaitForOrderWaitForOrder::Read(From["waitForOrder"]);
        Made.bHasWaitForOrder = !From["waitForOrder"].IsNull();
        return Made;
    }
};

// The game's operations, by their ids of trusted documents.
namespace LiveOpsOperations
{
inline const LiveOps::Operation& Badge()
{
    static const LiveOps::Operation Made{
        "Badge",
        "6fcaf660127aa366d73f236998028bfc9150650a25d520b22a62b23caa760374",
        "query Badge {\n  serverTime\n  viewer {\n    id\n    badge {\n      claimableCount\n      claimableOfferSteps\n      claimableRewardSteps\n      endingSoonCount\n      nextExpiry\n    }\n  }\n}",
        "serverTime",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& BuyOffer()
{
    static const LiveOps::Operation Made{
        "BuyOffer",
        "46a33cb684fac0d518617918666fbf536f81e1196122a61f827f009de45e9d71",
        "mutation BuyOffer($stepId: ID!, $cycle: String, $key: String) {\n  orderOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n      paymentMode\n    }\n    offerChain {\n      id\n      nextAction\n    }\n  }\n}",
        "",
        false,
        "orderOfferChainStep",
        "key",
        true,
        true};
    return Made;
}

inline const LiveOps::Operation& BuyPoints()
{
    static const LiveOps::Operation Made{
        "BuyPoints",
        "7d4158bb9e97308f5c1aaf602e2e02c9160cfd66d16b7b76d11c65f7b79e011a",
        "mutation BuyPoints($sku: String!, $key: String) {\n  orderItem(input: { sku: $sku, idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    order {\n      id\n      paymentUrl\n    }\n  }\n}",
        "",
        false,
        "orderItem",
        "key",
        true,
        false};
    return Made;
}

inline const LiveOps::Operation& ChainsChanged()
{
    static const LiveOps::Operation Made{
        "ChainsChanged",
        "d52074ceb2ffb7d0d58808a8bc211394fdbbeafef55be3668b22fd59e1a6908b",
        "subscription ChainsChanged {\n  chainsChanged {\n    reasons\n    offerChainIds\n    rewardChainIds\n    dailyChainIds\n    viewer {\n      id\n      badge {\n        claimableCount\n      }\n    }\n  }\n}",
        "",
        false,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& ClaimAll()
{
    static const LiveOps::Operation Made{
        "ClaimAll",
        "9d3b2a6c7cfe5dfa6117826224514ec3e620544bb9e3e053cf4dce647dbcb446",
        "mutation ClaimAll($rewardChainId: ID!, $cycle: String, $key: String) {\n  claimAvailableRewards(\n    input: { rewardChainId: $rewardChainId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    results {\n      stepId\n      isClaimed\n      userError {\n        code\n      }\n    }\n    rewardChain {\n      id\n      nextAction\n    }\n  }\n}",
        "",
        false,
        "claimAvailableRewards",
        "key",
        false,
        true};
    return Made;
}

inline const LiveOps::Operation& ClaimDaily()
{
    static const LiveOps::Operation Made{
        "ClaimDaily",
        "24bc227007f3aa71bcdb2d252a6e9d22eacab5797de04edea97ac19b22f5ffcd",
        "mutation ClaimDaily($stepId: ID!, $cycle: String, $key: String) {\n  claimDailyChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    dailyChain {\n      id\n      nextAction\n      secondsUntilNextUnlock\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
        "",
        false,
        "claimDailyChainStep",
        "key",
        false,
        true};
    return Made;
}

inline const LiveOps::Operation& ClaimOffer()
{
    static const LiveOps::Operation Made{
        "ClaimOffer",
        "d761eb5790a2b04ea9f28caeef97baf1a7962337031464f28d12b0dbe9fa4aa6",
        "mutation ClaimOffer($stepId: ID!, $cycle: String, $key: String) {\n  claimOfferChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    orderId\n    offerChain {\n      id\n      nextAction\n      steps {\n        id\n        number\n        state\n      }\n    }\n  }\n}",
        "",
        false,
        "claimOfferChainStep",
        "key",
        false,
        true};
    return Made;
}

inline const LiveOps::Operation& ClaimReward()
{
    static const LiveOps::Operation Made{
        "ClaimReward",
        "7b3e8233442b5591f48d09a700ffc3be12ae22a0ff422a87c98e76a7e45760ca",
        "mutation ClaimReward($stepId: ID!, $cycle: String, $key: String) {\n  claimRewardChainStep(\n    input: { stepId: $stepId, cycle: $cycle, idempotencyKey: $key }\n  ) {\n    userErrors {\n      code\n      message\n    }\n    rewardChain {\n      id\n      claimableCount\n      steps {\n        id\n        name\n        state\n      }\n    }\n  }\n}",
        "",
        false,
        "claimRewardChainStep",
        "key",
        false,
        true};
    return Made;
}

inline const LiveOps::Operation& DailyChains()
{
    static const LiveOps::Operation Made{
        "DailyChains",
        "d188254263282761e3db6a6d2ceb1f049b97f544a3dc470927a9014174dad69e",
        "query DailyChains {\n  serverTime\n  viewer {\n    id\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      nextUnlockAt\n      secondsUntilNextUnlock\n      claimedCount\n      steps {\n        id\n        number\n        state\n        isMissed\n        unlocksAt\n        items {\n          name\n          quantity\n        }\n      }\n      schedule {\n        phase\n        cycle\n      }\n    }\n  }\n}",
        "serverTime",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& EarnPoints()
{
    static const LiveOps::Operation Made{
        "EarnPoints",
        "68c00f3a2d0cfb467a71ae28cabf266907a588ebc4d9cab7832b9b7ffd0513a0",
        "query EarnPoints {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        pointsMissing\n      }\n      earnBy {\n        points\n        canOrder\n        item {\n          sku\n          name\n        }\n        price {\n          display\n        }\n        priceBeforeDiscount {\n          display\n        }\n        limits {\n          perPlayer {\n            available\n          }\n        }\n      }\n    }\n  }\n}",
        "",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& Home()
{
    static const LiveOps::Operation Made{
        "Home",
        "71de0354bd55e19484739131a1d182c5cb7a76654e9b4eb930933d6726f54f4f",
        "query Home {\n  serverTime\n  viewer {\n    id\n    isSignedIn\n    badge {\n      claimableCount\n      nextExpiry\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      progressPercent\n      schedule {\n        phase\n        secondsUntilEnd\n        secondsUntilReset\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isFree\n        price {\n          amount\n          currency\n        }\n        items {\n          name\n          quantity\n          imageUrl\n        }\n        valuePoints {\n          name\n          amount\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      nextAction\n      claimableCount\n      schedule {\n        cycle\n      }\n      balance {\n        name\n        amount\n      }\n      steps {\n        id\n        name\n        state\n        pointsRequired\n        pointsMissing\n        rewards {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n    dailyChains {\n      id\n      name\n      type\n      nextAction\n      claimableCount\n      secondsUntilNextUnlock\n      schedule {\n        cycle\n      }\n      steps {\n        id\n        number\n        state\n        isMissed\n        items {\n          name\n          quantity\n          imageUrl\n        }\n      }\n    }\n  }\n}",
        "serverTime",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& OfferChain()
{
    static const LiveOps::Operation Made{
        "OfferChain",
        "e833a9183cba665afa7e3b6efa81075692139147b5a441e60678d12d3d437469",
        "query OfferChain($id: ID!) {\n  viewer {\n    id\n    offerChain(id: $id) {\n      id\n      name\n      description\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n      claimedCount\n      isCompleted\n    }\n  }\n}",
        "",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& Order()
{
    static const LiveOps::Operation Made{
        "Order",
        "51721286ce4571fb826642e5c37a3bbb16f55c27ebbab9fe4a0b0d0d5d9e1961",
        "query Order($id: ID!) {\n  order(id: $id) {\n    id\n    status\n    isTerminal\n    total {\n      amount\n      currency\n    }\n    items {\n      sku\n      quantity\n    }\n  }\n}",
        "",
        false,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& OrderUpdated()
{
    static const LiveOps::Operation Made{
        "OrderUpdated",
        "ea5eecc58f1e2f3c16d76dc587187cfa5a6ac37fb68de793a671cdb2cc8c9e03",
        "subscription OrderUpdated($id: ID!) {\n  orderUpdated(id: $id) {\n    id\n    status\n    isTerminal\n  }\n}",
        "",
        false,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& Overview()
{
    static const LiveOps::Operation Made{
        "Overview",
        "7ea2a6fe716505fadf333350a775eeb0052d5c45adf92b2b6b0d8a1717e05be5",
        "query Overview {\n  viewer {\n    id\n    badge {\n      claimableCount\n    }\n    offerChains {\n      id\n      name\n      nextAction\n      nextStep {\n        id\n        number\n        isFree\n        price {\n          amount\n          currency\n        }\n      }\n    }\n    rewardChains {\n      id\n      name\n      nextAction\n      claimableCount\n      balance {\n        amount\n      }\n      nextStep {\n        id\n        name\n        pointsRequired\n        pointsMissing\n      }\n    }\n    dailyChains {\n      id\n      name\n      nextAction\n      claimableCount\n      nextStep {\n        id\n        number\n        items {\n          name\n          quantity\n        }\n      }\n    }\n  }\n}",
        "",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& Refresh()
{
    static const LiveOps::Operation Made{
        "Refresh",
        "81f5bfd83ea55456d4422f1fe6495f8ca05a0098589c2a068630006a4780d2fe",
        "query Refresh($locale: String) {\n  session {\n    expiresInSeconds\n  }\n  viewer(locale: $locale, refresh: true) {\n    id\n    localeUsed\n    badge {\n      claimableCount\n      isStale\n    }\n    offerChains {\n      id\n      name\n      isStale\n      ageSeconds\n      nextAction\n    }\n  }\n}",
        "",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& RewardChains()
{
    static const LiveOps::Operation Made{
        "RewardChains",
        "a7d7e41517caa13912ad7837dd8ae79abd29b80391d753ad085e192f89074c64",
        "query RewardChains {\n  viewer {\n    id\n    rewardChains {\n      id\n      name\n      clanType\n      balance {\n        amount\n        isClan\n      }\n      nextStep {\n        id\n        name\n        pointsMissing\n      }\n      topContributors {\n        name\n        amount\n      }\n      popup {\n        header\n        instruction\n      }\n      schedule {\n        resetInterval\n        resetsAt\n      }\n    }\n  }\n}",
        "",
        true,
        "",
        "",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& UpdateClan()
{
    static const LiveOps::Operation Made{
        "UpdateClan",
        "33ac5333db7df76ca98c9deccebd74c55c87a98d2a2c4efab7ecec13c519d8de",
        "mutation UpdateClan($key: String) {\n  updateClan(input: { idempotencyKey: $key }) {\n    userErrors {\n      code\n      message\n    }\n    rewards {\n      name\n      quantity\n    }\n    rewardChains {\n      id\n      name\n      isClan\n      balance {\n        amount\n      }\n    }\n  }\n}",
        "",
        false,
        "updateClan",
        "key",
        false,
        false};
    return Made;
}

inline const LiveOps::Operation& WaitForOrder()
{
    static const LiveOps::Operation Made{
        "WaitForOrder",
        "5e0116c2feda2d1004b3875994b20896cbfb4472fbf9ab122203383cd25ebd63",
        "query WaitForOrder($id: ID!, $after: OrderStatus) {\n  waitForOrder(id: $id, after: $after, timeoutSeconds: 20) {\n    id\n    status\n    isTerminal\n  }\n}",
        "",
        false,
        "",
        "",
        false,
        false};
    return Made;
}

inline LiveOps::OwnOperations Own()
{
    return LiveOps::OwnOperations{Badge(), OrderUpdated(), WaitForOrder(), Order(), {&BuyOffer(), &BuyPoints(), &ClaimAll(), &ClaimDaily(), &ClaimOffer(), &ClaimReward(), &UpdateClan()}};
}
}

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

    void Badge(TFunction<void(const TLiveOpsAnswer<FLiveOpsBadgeData>&)> Done)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Query<FLiveOpsBadgeData>(LiveOpsOperations::Badge(), Variables, Done);
    }

    FString BuyOffer(const FString& StepId, const FString& Cycle, TFunction<void(const TLiveOpsSettlement<FLiveOpsBuyOfferData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("stepId", LiveOps::Json::Text(LiveOps::FromFString(StepId)));
        if (!Cycle.IsEmpty()) Variables.With("cycle", LiveOps::Json::Text(LiveOps::FromFString(Cycle)));
        return Want<FLiveOpsBuyOfferData>(LiveOpsOperations::BuyOffer(), Variables, Done);
    }

    FString BuyPoints(const FString& Sku, TFunction<void(const TLiveOpsSettlement<FLiveOpsBuyPointsData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("sku", LiveOps::Json::Text(LiveOps::FromFString(Sku)));
        return Want<FLiveOpsBuyPointsData>(LiveOpsOperations::BuyPoints(), Variables, Done);
    }

    std::shared_ptr<LiveOps::Follower> ChainsChanged(TFunction<void(const TLiveOpsAnswer<FLiveOpsChainsChangedData>&)> OnEvent, TFunction<void()> OnConnected = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        return Follow<FLiveOpsChainsChangedData>(LiveOpsOperations::ChainsChanged(), Variables, OnEvent, OnConnected);
    }

    FString ClaimAll(const FString& RewardChainId, const FString& Cycle, TFunction<void(const TLiveOpsSettlement<FLiveOpsClaimAllData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("rewardChainId", LiveOps::Json::Text(LiveOps::FromFString(RewardChainId)));
        if (!Cycle.IsEmpty()) Variables.With("cycle", LiveOps::Json::Text(LiveOps::FromFString(Cycle)));
        return Want<FLiveOpsClaimAllData>(LiveOpsOperations::ClaimAll(), Variables, Done);
    }

    FString ClaimDaily(const FString& StepId, const FString& Cycle, TFunction<void(const TLiveOpsSettlement<FLiveOpsClaimDailyData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("stepId", LiveOps::Json::Text(LiveOps::FromFString(StepId)));
        if (!Cycle.IsEmpty()) Variables.With("cycle", LiveOps::Json::Text(LiveOps::FromFString(Cycle)));
        return Want<FLiveOpsClaimDailyData>(LiveOpsOperations::ClaimDaily(), Variables, Done);
    }

    FString ClaimOffer(const FString& StepId, const FString& Cycle, TFunction<void(const TLiveOpsSettlement<FLiveOpsClaimOfferData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("stepId", LiveOps::Json::Text(LiveOps::FromFString(StepId)));
        if (!Cycle.IsEmpty()) Variables.With("cycle", LiveOps::Json::Text(LiveOps::FromFString(Cycle)));
        return Want<FLiveOpsClaimOfferData>(LiveOpsOperations::ClaimOffer(), Variables, Done);
    }

    FString ClaimReward(const FString& StepId, const FString& Cycle, TFunction<void(const TLiveOpsSettlement<FLiveOpsClaimRewardData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("stepId", LiveOps::Json::Text(LiveOps::FromFString(StepId)));
        if (!Cycle.IsEmpty()) Variables.With("cycle", LiveOps::Json::Text(LiveOps::FromFString(Cycle)));
        return Want<FLiveOpsClaimRewardData>(LiveOpsOperations::ClaimReward(), Variables, Done);
    }

    void DailyChains(TFunction<void(const TLiveOpsAnswer<FLiveOpsDailyChainsData>&)> Done)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Query<FLiveOpsDailyChainsData>(LiveOpsOperations::DailyChains(), Variables, Done);
    }

    void EarnPoints(TFunction<void(const TLiveOpsAnswer<FLiveOpsEarnPointsData>&)> Done)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Query<FLiveOpsEarnPointsData>(LiveOpsOperations::EarnPoints(), Variables, Done);
    }

    void Home(TFunction<void(const TLiveOpsAnswer<FLiveOpsHomeData>&)> Done)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Query<FLiveOpsHomeData>(LiveOpsOperations::Home(), Variables, Done);
    }

    void OfferChain(TFunction<void(const TLiveOpsAnswer<FLiveOpsOfferChainData>&)> Done, const FString& Id)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("id", LiveOps::Json::Text(LiveOps::FromFString(Id)));
        Query<FLiveOpsOfferChainData>(LiveOpsOperations::OfferChain(), Variables, Done);
    }

    void Order(TFunction<void(const TLiveOpsAnswer<FLiveOpsOrderData>&)> Done, const FString& Id)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("id", LiveOps::Json::Text(LiveOps::FromFString(Id)));
        Query<FLiveOpsOrderData>(LiveOpsOperations::Order(), Variables, Done);
    }

    std::shared_ptr<LiveOps::Follower> OrderUpdated(TFunction<void(const TLiveOpsAnswer<FLiveOpsOrderUpdatedData>&)> OnEvent, const FString& Id, TFunction<void()> OnConnected = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("id", LiveOps::Json::Text(LiveOps::FromFString(Id)));
        return Follow<FLiveOpsOrderUpdatedData>(LiveOpsOperations::OrderUpdated(), Variables, OnEvent, OnConnected);
    }

    void Overview(TFunction<void(const TLiveOpsAnswer<FLiveOpsOverviewData>&)> Done)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Query<FLiveOpsOverviewData>(LiveOpsOperations::Overview(), Variables, Done);
    }

    void Refresh(TFunction<void(const TLiveOpsAnswer<FLiveOpsRefreshData>&)> Done, const FString& Locale = FString())
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        if (!Locale.IsEmpty()) Variables.With("locale", LiveOps::Json::Text(LiveOps::FromFString(Locale)));
        Query<FLiveOpsRefreshData>(LiveOpsOperations::Refresh(), Variables, Done);
    }

    void RewardChains(TFunction<void(const TLiveOpsAnswer<FLiveOpsRewardChainsData>&)> Done)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Query<FLiveOpsRewardChainsData>(LiveOpsOperations::RewardChains(), Variables, Done);
    }

    FString UpdateClan(TFunction<void(const TLiveOpsSettlement<FLiveOpsUpdateClanData>&)> Done = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        return Want<FLiveOpsUpdateClanData>(LiveOpsOperations::UpdateClan(), Variables, Done);
    }

    void WaitForOrder(TFunction<void(const TLiveOpsAnswer<FLiveOpsWaitForOrderData>&)> Done, const FString& Id, const ELiveOpsOrderStatus* After = nullptr)
    {
        LiveOps::Json Variables = LiveOps::Json::Object();
        Variables.With("id", LiveOps::Json::Text(LiveOps::FromFString(Id)));
        if (After != nullptr) Variables.With("after", LiveOps::Json::Text(LiveOps::TextOfOrderStatus((*After))));
        Query<FLiveOpsWaitForOrderData>(LiveOpsOperations::WaitForOrder(), Variables, Done);
    }

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
