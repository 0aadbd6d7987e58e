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
