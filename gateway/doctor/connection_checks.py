"""The way to the upstream: its name, its port, its certificate, how long it takes, and its clock."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from email.utils import parsedate_to_datetime
from statistics import median
from urllib.parse import urlsplit

from gateway.doctor.calls import Answer, Calls
from gateway.doctor.findings import Finding, ok, problem, skipped, warning
from gateway.settings import Settings

CONNECT_SECONDS = 5.0
CERTIFICATE_DAYS = 14
SKEW_SECONDS = 5.0
SAMPLES = 5
PATH = "/user/offer_chain"
_DAY = 86_400


async def way(settings: Settings, now: Callable[[], float]) -> AsyncIterator[Finding]:
    """Look up the name, connect, and shake hands."""
    parts = urlsplit(settings.upstream_url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        context = ssl.create_default_context(cafile=settings.upstream_ca_file)
    except OSError:
        text = "GATEWAY_UPSTREAM_CA_FILE cannot be read"
        yield problem("tls", text, "Name a PEM file with certificates that the gateway's user may read.")
        return
    if settings.upstream_proxy is not None:
        yield skipped("reachable", "connections lead through GATEWAY_UPSTREAM_PROXY; see latency")
        return
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().getaddrinfo(host, port)
    except OSError:
        yield problem("reachable", f"the name {host} is not known", "Look at GATEWAY_UPSTREAM_URL and the DNS.")
        return
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context if parts.scheme == "https" else None)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or "the handshake failed"
        yield problem("tls", f"{host}: {reason}", "Look at GATEWAY_UPSTREAM_CA_FILE, the host's name and the clock.")
        return
    except (OSError, TimeoutError) as error:
        text = f"{host}:{port} takes no connection ({type(error).__name__})"
        yield problem("reachable", text, "Look at GATEWAY_UPSTREAM_URL, firewalls, and outbound rules.")
        return
    yield ok("reachable", f"{host}:{port}")
    yield _tls(host, writer.get_extra_info("ssl_object"), now())
    writer.close()


def _tls(host: str, connection: ssl.SSLObject | None, now: float) -> Finding:
    if connection is None:
        return skipped(
            "tls", "GATEWAY_UPSTREAM_URL is http: tokens are sent unencrypted, which is for this machine only"
        )
    certificate = connection.getpeercert() or {}
    days = (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - now) / _DAY
    text = f"{connection.version()}, the certificate of {host} is good for {days:.0f} days"
    if days < CERTIFICATE_DAYS:
        return warning("tls", text, "The upstream's certificate has to be renewed: ask its operator.")
    return ok("tls", text)


async def times(calls: Calls, settings: Settings, now: Callable[[], float]) -> AsyncIterator[Finding]:
    """Read the same list a few times, and compare the clocks."""
    answers = [await calls.get(PATH) for _ in range(SAMPLES)]
    read_at = now()
    yield _latency(answers, settings.upstream_read_seconds)
    last = answers[-1]
    if last.response is not None:
        yield _clock(last.response.header(b"date"), read_at - last.seconds / 2)


def _latency(answers: list[Answer], limit: float) -> Finding:
    seconds = [one.seconds for one in answers if one.response is not None]
    if not seconds:
        fix = "Look at the lines above; then at GATEWAY_UPSTREAM_PROXY and GATEWAY_UPSTREAM_CA_FILE."
        return problem("latency", f"{SAMPLES} reads: {answers[0].words}", fix)
    text = f"{median(seconds) * 1000:.0f} ms in the middle of {SAMPLES} reads, {max(seconds) * 1000:.0f} ms at most"
    lost = SAMPLES - len(seconds)
    if lost or max(seconds) >= limit:
        text += f", {lost} without an answer" if lost else ""
        fix = (
            "Run the gateway nearer to the upstream, or raise GATEWAY_UPSTREAM_READ_SECONDS and GATEWAY_QUERY_SECONDS."
        )
        return problem("latency", f"{text}; the gateway waits for {limit:g} s", fix)
    if median(seconds) >= limit / 2:
        return warning(
            "latency", text, f"It is near the {limit:g} s of GATEWAY_UPSTREAM_READ_SECONDS: see docs/slo.md."
        )
    return ok("latency", text)


def _clock(date: str | None, now: float) -> Finding:
    try:
        skew = now - parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return skipped("clock", "the upstream does not tell the time")
    # Its dates have whole seconds.
    if -SKEW_SECONDS < skew < SKEW_SECONDS + 1:
        return ok("clock", "agrees with the upstream's within 5 s")
    text = f"this machine's is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the upstream's"
    return problem("clock", text, "Set it by NTP: countdowns, resets and tokens are judged by it.")
