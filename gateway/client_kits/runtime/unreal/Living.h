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
