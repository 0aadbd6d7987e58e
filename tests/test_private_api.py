"""Parts of libraries that we use though their authors may change them: what they are, where, and what would break.

A row here needs an upper bound for its library in pyproject.toml. Raise a bound after reading the library's changelog
for the names below and running the whole suite.
"""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent


class Use(NamedTuple):
    """A part of a library: its module, its name there, the file that uses it, and what breaks without it."""

    library: str
    module: str
    name: str
    used_in: str
    breaks: str


STANDARD_LIBRARY = "python"

USES = [
    Use(
        "PyJWT", "jwt.algorithms", "HMACAlgorithm.prepare_key", "gateway/identity/token_verifier.py",
        "Secrets would be examined anew for every token, or not at all when the gateway starts.",
    ),
    Use(
        "PyJWT", "jwt.algorithms", "HMACAlgorithm.check_key_length", "gateway/identity/token_verifier.py",
        "Each token signed with a short secret would warn.",
    ),
    Use(
        "PyJWT", "jwt", "PyJWS.register_algorithm", "gateway/identity/token_verifier.py",
        "HS256 could not be replaced by the variant with an examined secret.",
    ),
    Use(
        "httpx", "httpx", "AsyncBaseTransport.handle_async_request", "gateway/http/httpx_adapter.py",
        "Foreign transports (the embedded sandbox, tests) could not be plugged in.",
    ),
    Use(
        "httpx", "httpx", "create_ssl_context", "gateway/http/transport.py",
        "TLS would have no trusted authorities.",
    ),
    Use(
        "httptools", "httptools", "HttpResponseParser.should_keep_alive", "gateway/http/response_parser.py",
        "Connections would be reused that the upstream closes.",
    ),
    Use(
        "httptools", "httptools", "HttpResponseParser.get_status_code", "gateway/http/response_parser.py",
        "1xx and HEAD could not be told from whole responses.",
    ),
    Use(
        "prometheus-client", "prometheus_client.exposition", "choose_encoder", "gateway/telemetry/metrics.py",
        "The format of /metrics would not follow the Accept header.",
    ),
    Use(
        "prometheus-client", "prometheus_client.utils", "floatToGoString", "gateway/telemetry/metrics.py",
        "Bucket bounds would be written differently, and scrapers would see new series.",
    ),
    Use(
        STANDARD_LIBRARY, "logging", "_srcfile", "gateway/telemetry/log.py",
        "Each line would look for its place in the code, which costs more than the line.",
    ),
]  # fmt: skip

each_use = pytest.mark.parametrize("use", USES, ids=[f"{use.library} {use.name}" for use in USES])


@each_use
def test_the_part_is_there(use: Use) -> None:
    found: object = import_module(use.module)
    for part in use.name.split("."):
        found = getattr(found, part)


@each_use
def test_the_named_file_uses_it(use: Use) -> None:
    assert re.search(rf"\b{re.escape(use.name.rpartition('.')[2])}\b", (ROOT / use.used_in).read_text())


@each_use
def test_its_library_has_an_upper_bound(use: Use) -> None:
    requirements = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    bounded = [re.split(r"[^A-Za-z0-9-]", one)[0] for one in requirements if "<" in one.partition(";")[0]]
    assert use.library in (*bounded, STANDARD_LIBRARY)
