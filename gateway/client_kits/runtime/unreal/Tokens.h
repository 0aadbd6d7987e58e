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
