"""The publisher's own calls, to read only: few at a time, to the vendor or this machine, and patient where asked."""

import ipaddress
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from gateway.sandbox.snapshots.snapshot import SnapshotError

VENDOR_URL = "https://store.xsolla.com/api"
CALLS_PER_SECOND = 5
LONGEST_WAIT_SECONDS = 300.0
MOST_ATTEMPTS = 5
LARGEST_BODY = 32 * 2**20
TIMEOUT_SECONDS = 30.0

_VENDOR = "xsolla.com"
_TOO_MANY = 429
_NOT_AVAILABLE = frozenset({403, 404})


class NotAvailableError(SnapshotError):
    """The project has no such call (403), or there is no such thing (404)."""


def checked_url(text: str) -> str:
    """Return the base URL of the vendor or of this machine. Raises SnapshotError for any other."""
    advice = f"It must be {VENDOR_URL}, or an address of this machine such as http://127.0.0.1:8001/api."
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise SnapshotError(f"The URL cannot be read. {advice}") from None
    is_vendor = host == _VENDOR or host.endswith(f".{_VENDOR}")
    is_allowed = parts.scheme == "https" if is_vendor else parts.scheme in {"http", "https"} and _is_loopback(host)
    if not is_allowed or "@" in parts.netloc or parts.query or parts.fragment:
        raise SnapshotError(f"The URL is not one that a project is read from. {advice}")
    return text.rstrip("/")


class AdminApi:
    """GET calls below a project's Admin path: at most five a second, one after the other.

    What is refused with 429, fails with 5xx, or gets no answer is asked for again, after `Retry-After` where that is
    told. `now` is Unix time, and `sleep` waits for seconds.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        url: str,
        project_id: int,
        credential: tuple[str, str],
        *,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        """Take what `checked_url` returned, and the user and API key of the Basic authentication."""
        self._base, self._project_id = url, project_id
        # No environment: a proxy would be another host than those that are allowed.
        self._http = httpx.AsyncClient(
            transport=transport, auth=credential, timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False
        )
        self._now, self._sleep = now, sleep
        self._next_at = 0.0

    @property
    def host(self) -> str:
        """The host that is called, with its port where it has one."""
        return urlsplit(self._base).netloc

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # Any: JSON as it came.
    async def get(self, path: str, *, version: str = "v2", **query: int) -> dict[str, Any]:
        """Return the object that a call answers. Raises NotAvailableError, SnapshotError."""
        url = f"{self._base}/{version}/project/{self._project_id}/admin{path}"
        what = f"GET {urlsplit(url).path}"
        problem, wait = "", 0.0
        for attempt in range(MOST_ATTEMPTS):
            await self._turn(wait)
            try:
                async with self._http.stream("GET", url, params=query) as response:
                    body = await _bounded(response, what)
            except httpx.HTTPError as error:
                problem, wait = f"{what} got no answer ({type(error).__name__})", 2.0**attempt
                continue
            if response.status_code == httpx.codes.OK:
                return _object(body, what)
            problem = f"{what} was answered with {response.status_code}"
            asked = self._wait_or_raise(response, problem)
            wait = 2.0**attempt if asked is None else asked
        raise SnapshotError(f"{problem}, {MOST_ATTEMPTS} times. Try again later.")

    async def _turn(self, wait: float) -> None:
        """Wait for so long, and at least until the next call may be made."""
        pause = 1 / CALLS_PER_SECOND
        # At most a pause: the clock may be set back meanwhile.
        wait = max(wait, min(self._next_at - self._now(), pause))
        if wait > 0:
            await self._sleep(wait)
        self._next_at = self._now() + pause

    def _wait_or_raise(self, response: httpx.Response, problem: str) -> float | None:
        """Return the seconds to wait before the call is made again, None where none are asked for."""
        status = response.status_code
        if status == httpx.codes.UNAUTHORIZED:
            raise SnapshotError(
                f"{problem}: the API key is not accepted for project {self._project_id}. Use a key of this project or "
                "of its company, with --merchant for the company's."
            )
        if status in _NOT_AVAILABLE:
            raise NotAvailableError(f"{problem}: not available with this key, or in this project.")
        if status != _TOO_MANY and status < httpx.codes.INTERNAL_SERVER_ERROR:
            raise SnapshotError(f"{problem}, which is no answer to this call. Check --url.")
        wait = _retry_after(response.headers.get("retry-after"), self._now())
        if wait is not None and wait > LONGEST_WAIT_SECONDS:
            raise SnapshotError(f"{problem}, and asks to come back in {wait:.0f} seconds. Try again then.")
        return wait


async def _bounded(response: httpx.Response, what: str) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise SnapshotError(f"{what} was answered with more than {LARGEST_BODY // 2**20} MiB.")
    return bytes(body)


def _object(body: bytes, what: str) -> dict[str, Any]:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise SnapshotError(f"{what} was not answered with a JSON object. Check --url.")
    return answer


def _retry_after(text: str | None, now: float) -> float | None:
    """Read seconds or a date; None where there is nothing that can be read."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
