"""Who callers are, as the settings say: the verification of tokens, and the addresses that proxies tell."""

from collections.abc import Callable

from gateway.http.transport import Transport
from gateway.identity.addresses import ClientAddress, ClientNetworks, TrustedProxies
from gateway.identity.caller import Identity
from gateway.identity.token_checks import TokenChecks
from gateway.identity.token_verifier import FETCHES, KeySetVerifier, SharedSecretVerifier, TokenVerifier
from gateway.settings import Settings
from gateway.telemetry.metrics import Metrics


def create_verifier(
    settings: Settings, pool: Transport, metrics: Metrics, now: Callable[[], float]
) -> SharedSecretVerifier | KeySetVerifier | None:
    """What verifies players' tokens; None where only the upstream judges them."""
    fetches = metrics.tally(
        "gateway_token_key_fetches", "Fetches of the keys that sign players' tokens.", result=FETCHES
    )
    checks = TokenChecks(
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        login_project_id=settings.token_login_project,
        leeway_seconds=settings.token_leeway_seconds,
    )
    if settings.token_secret:
        return SharedSecretVerifier(settings.token_secret, clock=now, checks=checks)
    if settings.token_keys_url:
        return KeySetVerifier(
            settings.token_keys_url, transport=pool, clock=now, checks=checks, count_fetch=fetches.count
        )
    return None


def create_identity(settings: Settings, verifier: TokenVerifier | None) -> Identity:
    """Who sent a request: by its headers, and by what the proxies say."""
    header = settings.client_ip_header
    proxies = trusted_proxies(settings)
    address = ClientAddress(header, proxies) if header else None
    networks = ClientNetworks(proxies)
    return Identity(project_id=settings.project_id, verifier=verifier, client_address=address, networks=networks)


def trusted_proxies(settings: Settings) -> TrustedProxies:
    """The proxies in front of the gateway."""
    return TrustedProxies(settings.trusted_proxies, settings.forwarded_header)
