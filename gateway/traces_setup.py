"""Traces as the standard `OTEL_` variables say: off without an endpoint."""

from collections.abc import Mapping

from gateway.errors import SettingError
from gateway.identity.addresses import Sources
from gateway.settings import Settings
from gateway.web.request_traces import RequestTraces

_PROTOCOL = "http/protobuf"


def create_traces(settings: Settings, environment: Mapping[str, str]) -> RequestTraces | None:
    """What traces requests; None where nothing is told of them. Raises SettingError."""
    if not _is_on(environment):
        return None
    protocol = _of_traces(environment, "PROTOCOL") or _PROTOCOL
    if protocol != _PROTOCOL:
        raise SettingError(f"OTEL_EXPORTER_OTLP_PROTOCOL must be {_PROTOCOL}: nothing else is offered.")
    try:
        from gateway.telemetry.span_export import SpanExport
    except ImportError:
        raise SettingError(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs OpenTelemetry: pip install 'liveops-gateway[otel]', or leave it unset."
        ) from None
    sources = Sources(settings.trace_parents)
    trusts = (lambda peer: sources.allow(peer, ())) if settings.trace_parents else None
    return RequestTraces(SpanExport(environment), trusts)


def _is_on(environment: Mapping[str, str]) -> bool:
    is_disabled = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    is_disabled = is_disabled or environment.get("OTEL_TRACES_EXPORTER", "").strip() == "none"
    return bool(_of_traces(environment, "ENDPOINT")) and not is_disabled


def _of_traces(environment: Mapping[str, str], name: str) -> str:
    own = environment.get(f"OTEL_EXPORTER_OTLP_TRACES_{name}", "").strip()
    return own or environment.get(f"OTEL_EXPORTER_OTLP_{name}", "").strip()
