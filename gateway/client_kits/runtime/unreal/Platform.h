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
