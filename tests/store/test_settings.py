"""The settings of the store."""

import pytest

from gateway.errors import SettingError
from gateway.settings import read_settings
from gateway.store.settings import Address, Layout, StoreSettings, StoreUrl, parse_url

PREFIX = "GATEWAY_STORE_"


def read_store_settings(environment: dict[str, str]) -> StoreSettings | None:
    return read_settings({"GATEWAY_PROJECT_ID": "77", **environment}).store


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("redis://host", StoreUrl(Layout.SINGLE, (Address("host"),))),
        ("redis://[::1]:7/3", StoreUrl(Layout.SINGLE, (Address("::1", 7),), database=3)),
        ("rediss://us%40er:p%3Aw@h", StoreUrl(Layout.SINGLE, (Address("h"),), True, user="us@er", password="p:w")),
        ("unix:///run/redis.sock", StoreUrl(Layout.SINGLE, (Address("", 0, "/run/redis.sock"),))),
        ("unix://user@/s", StoreUrl(Layout.SINGLE, (Address("", 0, "/s"),), user="user")),
        (
            "redis+sentinel://a,b:7/main",
            StoreUrl(Layout.SENTINEL, (Address("a", 26379), Address("b", 7)), service="main"),
        ),
        ("rediss+cluster://a,b:7", StoreUrl(Layout.CLUSTER, (Address("a"), Address("b", 7)), True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_urls(text: str, url: StoreUrl) -> None:
    assert parse_url(text) == url
    assert "p:w" not in repr(parse_url(text))


@pytest.mark.parametrize(
    "text",
    [
        "http://h", "redis://", "redis://a,b", "redis://h/name", "redis://h?x=1", "redis://h#x", "redis://h:port",
        "redis+sentinel://h", "redis+sentinel://h/a/b", "redis+cluster://h/0", "redis+other://h", "redis+://h",
        "unix://host/path", "unix://", "redis://a:1@b:2@c,d", "redis://[::1", "redis://h:99999",
    ],
)  # fmt: skip
def test_other_urls_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(SettingError, match=r"one of redis://host") as caught:
        parse_url(text)
    assert "99999" not in str(caught.value)


def test_addresses_are_shown() -> None:
    assert [str(Address("h", 7)), str(Address("", 0, "/s"))] == ["h:7", "/s"]


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("REPLICAS", "auto", "replicas", None),
        ("REPLICAS", "2", "replicas", 2),
        ("DOWN", "local", "down", "local"),
        ("CHECKS", "warn", "is_strict", False),
        ("SECONDS", "0.5", "seconds", 0.5),
        ("SECRET", "a" * 16, "secret", "a" * 16),
        ("PASSWORD", "p", "password", "p"),
    ],
)
def test_settings(name: str, text: str, field: str, value: object) -> None:
    settings = read_store_settings({PREFIX + "URL": "redis://h", PREFIX + name: text})
    assert getattr(settings, field) == value


def test_without_any_there_is_no_store() -> None:
    assert read_store_settings({PREFIX + "URL": " "}) is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"DOWN": "local"}, "need GATEWAY_STORE_URL"),
        ({"URL": "x"}, "GATEWAY_STORE_URL must be one of"),
        ({"URL": "redis://h", "REPLICAS": "17"}, "auto or a whole number"),
        ({"URL": "redis://h", "DOWN": "x"}, "GATEWAY_STORE_DOWN must be refuse or local"),
        ({"URL": "redis://h", "SECONDS": "0"}, "above 0"),
        ({"URL": "redis://h", "SECRET": "short"}, "at least 16"),
        ({"URL": "redis://:a@h", "PASSWORD": "b"}, "exclude each other"),
        ({"URL": "redis://h", "CA_FILE": "b"}, "need TLS"),
        ({"URL": "rediss://h", "CERT_FILE": "b"}, "set both"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_refused(settings: dict[str, str], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        read_store_settings({PREFIX + name: text for name, text in settings.items()})
