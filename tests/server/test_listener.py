"""Listening on hosts with one address, with several, and on both families."""

import errno
import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from gateway.errors import ListenError
from gateway.server.listener import SETTINGS, listen, listen_for_each, url

BOTH = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]


def answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=10).close()
    except ConnectionRefusedError:
        return False
    return True


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[socket.AddressFamily, str]) -> None:
    """Let every name have these addresses."""
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 0)) for family, address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize("host", ["::", "0::0"])
def test_both_families_are_listened_on(host: str) -> None:
    with listen(host, 0) as listener:
        ports = {one.getsockname()[1] for one in listener.sockets}
        (port,) = ports
        assert url(listener) == f"http://[::1]:{port}"
        assert answers("127.0.0.1", port)
        assert answers("::1", port)


def test_one_family_is_listened_on_where_it_is_asked_for() -> None:
    with listen("0.0.0.0", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        assert url(listener) == f"http://127.0.0.1:{port}"
        assert answers("127.0.0.1", port)
        assert not answers("::1", port)


def test_a_host_with_several_addresses_is_listened_on_at_each(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        resolve_to(patch, *BOTH, BOTH[0])
        listener = listen("gateway.internal", 0)
    with listener:
        port = listener.sockets[0].getsockname()[1]
        assert [one.getsockname()[0] for one in listener.sockets] == ["127.0.0.1", "::1"]
        assert answers("127.0.0.1", port)
        assert answers("::1", port)


def without(*codes: int) -> Callable[..., socket.socket]:
    """`create_server` that fails for IPv6 with these codes, one after the other, and then works."""
    left, create = list(codes), socket.create_server

    def created(address: Any, *, family: int, **more: Any) -> socket.socket:
        if family == socket.AF_INET6 and left:
            raise OSError(left.pop(0), "")
        return create(address, family=family, **more)

    return created


@pytest.mark.parametrize("code", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
def test_a_family_that_the_machine_does_not_have_is_left_out(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(socket, "create_server", without(code))
    with listen("::", 0) as listener:
        assert [one.family for one in listener.sockets] == [socket.AF_INET]


def test_a_host_of_a_family_that_the_machine_does_not_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_server", without(errno.EAFNOSUPPORT))
    with pytest.raises(ListenError, match=r"^Cannot listen on ::1 port 0: .*\. Choose another with --host\.$"):
        listen("::1", 0)


@pytest.mark.parametrize("conflicts", [1, 9])
def test_another_free_port_is_picked_where_one_is_free_on_one_address_only(
    monkeypatch: pytest.MonkeyPatch, conflicts: int
) -> None:
    resolve_to(monkeypatch, *BOTH)
    monkeypatch.setattr(socket, "create_server", without(*[errno.EADDRINUSE] * conflicts))
    with listen("gateway.internal", 0) as listener:
        assert len(listener.sockets) == 2


@pytest.mark.parametrize(
    ("code", "port", "setting"),
    [
        pytest.param(errno.EADDRINUSE, 80, "GATEWAY_PORT", id="taken"),
        pytest.param(errno.EACCES, 80, "GATEWAY_PORT", id="privileged"),
        pytest.param(errno.EACCES, 0, "GATEWAY_PORT", id="no port may be used"),
        pytest.param(errno.EINVAL, 80, "GATEWAY_HOST", id="another reason"),
    ],
)
def test_an_error_names_the_setting_to_change(
    monkeypatch: pytest.MonkeyPatch, code: int, port: int, setting: str
) -> None:
    resolve_to(monkeypatch, BOTH[1], BOTH[0])
    monkeypatch.setattr(socket, "create_server", without(code))
    with pytest.raises(ListenError, match=rf"\. Choose another with {setting}\.$"):
        listen("gateway.internal", port, SETTINGS)


# Several sockets on one port


@pytest.mark.parametrize("is_free_port", [True, False], ids=["any port", "a port"])
def test_each_of_several_has_a_socket_on_the_same_port(is_free_port: bool) -> None:
    wanted = 0
    if not is_free_port:
        with listen("127.0.0.1", 0) as free:
            wanted = free.sockets[0].getsockname()[1]
    listeners = listen_for_each(3, "127.0.0.1", wanted)
    try:
        (port,) = {one.sockets[0].getsockname()[1] for one in listeners}
        assert port == wanted or is_free_port
        assert len({one.sockets[0].fileno() for one in listeners}) == 3
    finally:
        for one in listeners:
            one.__exit__(None, None, None)


def test_a_port_that_others_share_is_not_shared_with_them() -> None:
    with ExitStack() as closing:
        first, _ = map(closing.enter_context, listen_for_each(2, "127.0.0.1", 0))
        port = first.sockets[0].getsockname()[1]
        with pytest.raises(ListenError, match="Address already in use"):
            listen_for_each(2, "127.0.0.1", port)
