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
