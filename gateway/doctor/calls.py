"""Single reads of the upstream over the gateway's own pool, with how long they took."""

from collections.abc import Callable
from typing import NamedTuple

import httpx

from gateway import __version__
from gateway.http.messages import RequestLimits, RequestTemplate, Response
from gateway.http.transport import Transport
from gateway.settings import Settings

SECONDS = 10.0
"""How long a read may take here; the gateway's own limit is compared with what it took."""

ADVICE = {
    401: "The credential is not accepted.",
    403: "The project does not allow the call; look at its settings in Publisher Account.",
    404: "Look at GATEWAY_PROJECT_ID and GATEWAY_UPSTREAM_URL.",
    429: "The upstream wants fewer calls: try again later, and see docs/resilience.md.",
}
"""What to do about a status."""


class Answer(NamedTuple):
    """A response, or the name of what came instead, and how long it took."""

    response: Response | None
    failure: str
    seconds: float

    @property
    def is_ok(self) -> bool:
        """Whether there is something to read."""
        return self.response is not None and self.response.is_success

    @property
    def words(self) -> str:
        """What came, in a few words."""
        return f"answered with {self.response.status}" if self.response else f"no answer ({self.failure})"

    @property
    def advice(self) -> str:
        """What to do where it is not what was wanted."""
        status = self.response.status if self.response else 0
        return ADVICE.get(status, "The upstream has trouble: try again, and see docs/resilience.md.")


class Calls:
    """Sends reads for one player, or for nobody. `clock` is monotonic."""

    def __init__(
        self, settings: Settings, pool: Transport, clock: Callable[[], float], token: str | None = None
    ) -> None:
        root = f"{settings.upstream_url.rstrip('/')}/v2/project/{settings.project_id}"
        self._template = RequestTemplate(
            root,
            (("accept", "application/json"), ("user-agent", f"liveops-gateway-doctor/{__version__}")),
            RequestLimits(read_seconds=SECONDS, write_seconds=SECONDS, total_seconds=SECONDS),
        )
        self._pool, self._clock, self._token = pool, clock, token

    async def get(self, path: str, *headers: tuple[str, str]) -> Answer:
        """Send one read; whatever comes of it is the answer."""
        credential = (("authorization", f"Bearer {self._token}"),) if self._token else ()
        began = self._clock()
        try:
            response = await self._pool.send(self._template.request("GET", path, (*credential, *headers)))
        except httpx.RequestError as error:
            return Answer(None, type(error).__name__, self._clock() - began)
        return Answer(response, "", self._clock() - began)
