"""A clock that stands still until a test moves it."""


class Clock:
    """Seconds, as `time.monotonic` or `time.time` would tell them."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
