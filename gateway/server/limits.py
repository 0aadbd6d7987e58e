"""Limits: what clients may send, how long they may take, and how much they may keep open."""

from dataclasses import dataclass

from gateway.settings import Settings

_FILES = 150
"""Files and connections of a process besides those to clients and the upstream, with some to spare."""

_SOCKETS = 4
"""Listening sockets of one worker, of which each has those of all: two ports on both families."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """The limits of one server; the defaults are those of the settings."""

    connections: int = 10_000
    head_bytes: int = 65_536
    head_fields: int = 100
    trailer_bytes: int = 8_192
    pipelined_requests: int = 16
    head_seconds: float = 10.0
    body_seconds: float = 10.0
    write_seconds: float = 30.0
    keep_alive_seconds: int = 75
    message_frames: int = 100
    control_frames: int = 100
    other_descriptors: int = 250


def limits_from(settings: Settings) -> ServerLimits:
    """The limits that operators set."""
    return ServerLimits(
        connections=settings.client_connections,
        head_bytes=settings.request_head_bytes,
        head_fields=settings.request_head_fields,
        trailer_bytes=settings.request_trailer_bytes,
        pipelined_requests=settings.pipelined_requests,
        head_seconds=settings.request_head_seconds,
        body_seconds=settings.request_body_seconds,
        write_seconds=settings.response_stall_seconds,
        keep_alive_seconds=settings.keep_alive_seconds,
        message_frames=settings.socket_message_frames,
        control_frames=settings.socket_control_frames,
        other_descriptors=settings.upstream_connections + _FILES + _SOCKETS * (settings.workers - 1),
    )
