"""An intake that lets connections wait until a test lets them read."""

from gateway.server.intake import Connection, Intake
from tests.support.loop_time import until


class FullIntake(Intake):
    """Has no time for any connection while it is full."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full = True
        self.waiting: list[Connection] = []

    def admits(self, connection: Connection, data: bytes) -> bool:
        if self.is_full and connection not in self.waiting:
            self.waiting.append(connection)
        return not self.is_full

    def forget(self, connection: Connection) -> None:
        if connection in self.waiting:
            self.waiting.remove(connection)

    async def until(self, count: int) -> None:
        """Wait until so many connections wait."""
        await until(lambda: len(self.waiting) == count)

    def read(self) -> None:
        """Let them read, and others as well from now on."""
        self.is_full = False
        while self.waiting:
            self.waiting.pop(0).read_on()
