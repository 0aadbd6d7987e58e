"""Parts of libraries that we use though their authors may change them: what they are, where, and what would break.

A row here needs an upper bound for its library in pyproject.toml. Raise a bound after reading the library's changelog
for the names below and running the whole suite.
"""

import inspect
import re
import tomllib
from importlib import import_module
from typing import NamedTuple, cast

import httptools
import pytest
import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.supervisors import Multiprocess
from websockets.server import ServerProtocol

from tests.support.paths import REPOSITORY


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
        "prometheus-client", "prometheus_client.metrics_core", "Metric.add_sample",
        "gateway/telemetry/metric_families.py",
        "Metrics of other workers could not be shown.",
    ),
    Use(
        "uvicorn", "uvicorn.protocols.http.httptools_impl", "STATUS_LINE", "gateway/server/response_writer.py",
        "Responses that are complete would have no first line.",
    ),
    *(
        Use(
            "uvicorn", "uvicorn.protocols.http.httptools_impl", name, "gateway/server/response_writer.py",
            "A header field that is no HTTP would be sent.",
        )
        for name in ("HEADER_RE", "HEADER_VALUE_RE")
    ),
    Use(
        STANDARD_LIBRARY, "multiprocessing.resource_tracker", "ensure_running", "gateway/workers/process.py",
        "The first worker would hear Ctrl+C itself, and end before its requests are answered.",
    ),
    Use(
        STANDARD_LIBRARY, "logging", "_srcfile", "gateway/telemetry/log.py",
        "Each line would look for its place in the code, which costs more than the line.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.build", "gateway/execution/engine.py",
        "Variables would not be coerced, and no program could start.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.build_per_event_executor", "gateway/execution/engine.py",
        "Events of subscriptions would have no result.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.build_resolve_info", "gateway/execution/jit/lazy_info.py",
        "Compiled resolvers that read more of `info` than context and path would fail, and every such run be replayed.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.execute_operation", "gateway/execution/jit/run.py",
        "A run with an error could not be replayed.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.middleware_manager", "gateway/execution/jit/run.py",
        "A replay would call the resolvers, and so the upstream, a second time.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.variable_values", "gateway/execution/program_cache.py",
        "The values of @skip and @include, which choose a program, could not be read.",
    ),
    Use(
        "graphql-core", "graphql", "Executor.fragment_definitions", "gateway/execution/program_cache.py",
        "Conditions inside fragments would be missed, and a program with the wrong fields be run.",
    ),
    Use(
        "graphql-core", "graphql.execution.collect_fields", "collect_fields", "gateway/execution/jit/plan.py",
        "Nothing could be planned: selections would have to be merged by code of ours.",
    ),
    Use(
        "graphql-core", "graphql.execution.collect_fields", "collect_subfields", "gateway/execution/jit/plan.py",
        "Nothing could be planned below the root.",
    ),
    Use(
        "graphql-core", "graphql.utilities.validate_input_value", "validate_input_literal",
        "gateway/execution/fast_validation.py",
        "Every document with a literal would go through the slow rules.",
    ),
    Use(
        "graphql-core", "graphql.pyutils", "is_awaitable", "gateway/execution/jit/projection.py",
        "A value that nobody awaited could be shown as an object.",
    ),
    Use(
        "graphql-core", "graphql.pyutils", "Path.add_key", "gateway/execution/jit/lazy_info.py",
        "Partial errors would have no path.",
    ),
    Use(
        "strawberry-graphql", "strawberry", "Schema._schema", "gateway/execution/engine.py",
        "The engine would have no graphql-core schema to parse, validate and compile for.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.schema_converter", "GraphQLCoreConverter.DEFINITION_BACKREF",
        "gateway/execution/jit/field_access.py",
        "Fields of graphql-core would not lead back to those of strawberry, and nothing would be compiled.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.schema_converter", "CustomGraphQLEnumType.wrapped_cls",
        "gateway/execution/jit/leaves.py",
        "Enumerations would be serialized by the slow function.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.field", "StrawberryField.base_resolver",
        "gateway/execution/jit/field_access.py",
        "Compiled code could not call resolvers directly.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.fields.resolver", "StrawberryResolver.wrapped_func",
        "gateway/execution/jit/field_access.py",
        "Compiled code could not call resolvers directly.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.fields.resolver", "StrawberryResolver.parent_parameter",
        "gateway/execution/jit/field_access.py",
        "Compiled code would pass the object under a wrong name.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.info", "Info._raw_info", "gateway/execution/jit/lazy_info.py",
        "The lazy info would be built for each field, or have attributes that are missing.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.info", "Info._field", "gateway/execution/jit/lazy_info.py",
        "`info.python_name` and others would fail in compiled resolvers.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types", "ExecutionContext.graphql_document", "gateway/execution/engine.py",
        "Mutations would be parsed twice.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types", "ExecutionContext.pre_execution_errors",
        "gateway/execution/engine.py",
        "Mutations would be validated twice.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.validation_rules.one_of", "OneOfInputValidationRule",
        "gateway/execution/documents.py",
        "Documents with a wrong OneOf input would pass validation.",
    ),
    Use(
        "strawberry-graphql", "strawberry.schema.validation_rules.maybe_null", "MaybeNullValidationRule",
        "gateway/execution/documents.py",
        "Documents with null for a Maybe input would pass validation.",
    ),
    Use(
        "strawberry-graphql", "strawberry.types.base", "StrawberryObjectDefinition.is_one_of",
        "gateway/execution/fast_validation.py",
        "The fast validator would accept OneOf inputs that are wrong.",
    ),
]  # fmt: skip

each_use = pytest.mark.parametrize("use", USES, ids=[f"{use.library} {use.name}" for use in USES])


@each_use
def test_the_part_is_there(use: Use) -> None:
    *owners, part = use.name.split(".")
    owner: object = import_module(use.module)
    for name in owners:
        owner = getattr(owner, name)
    assert hasattr(owner, part) or is_of_instances(owner, part)


def is_of_instances(owner: object, part: str) -> bool:
    """Whether the constructor of a class sets an attribute, or its body declares it."""
    return re.search(rf"^ +(self\.)?{part}\b.*[:=]", inspect.getsource(cast(type, owner)), re.MULTILINE) is not None


@each_use
def test_the_named_file_uses_it(use: Use) -> None:
    assert re.search(rf"\b{re.escape(use.name.rpartition('.')[2])}\b", (REPOSITORY / use.used_in).read_text())


@each_use
def test_its_library_has_an_upper_bound(use: Use) -> None:
    assert use.library in (*bounded_libraries(), STANDARD_LIBRARY)


def bounded_libraries() -> list[str]:
    requirements = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["dependencies"]
    return [re.split(r"[^A-Za-z0-9-]", one)[0] for one in requirements if "<" in one.partition(";")[0]]


@pytest.mark.parametrize("library", ["uvicorn", "httptools", "websockets"])
def test_the_server_libraries_have_an_upper_bound(library: str) -> None:
    assert library in bounded_libraries()


# What the server is built on: methods that are overridden or called, with their parameters

USED = [
    # server/http_protocol.py: the bounds are put around these.
    (HttpToolsProtocol, "data_received", "(self, data)", "heads, bodies and pipelines have no bound"),
    (HttpToolsProtocol, "on_message_begin", "(self)", "the size of a head is not counted"),
    (HttpToolsProtocol, "on_url", "(self, url)", "the size of a target is not counted"),
    (HttpToolsProtocol, "on_header", "(self, name, value)", "trailers pass for fields of the head"),
    (HttpToolsProtocol, "on_headers_complete", "(self)", "heads have no bound"),
    (HttpToolsProtocol, "on_body", "(self, body)", "trailers have no bound"),
    (HttpToolsProtocol, "on_message_complete", "(self)", "the body after an ignored upgrade is lost"),
    (HttpToolsProtocol, "on_response_complete", "(self)", "requests that were held back are never run"),
    (HttpToolsProtocol, "_start_asgi_task", "(self, cycle, app)", "nobody knows which request is run"),
    (HttpToolsProtocol, "_should_upgrade", "(self)", "sockets cannot be told from other upgrades"),
    (HttpToolsProtocol, "_unset_keepalive_if_required", "(self)", "connections in use are closed as idle"),
    (HttpToolsProtocol, "handle_websocket_upgrade", "(self)", "sockets cannot be opened"),
    (HttpToolsProtocol, "timeout_keep_alive_handler", "(self)", "clients that take no response stay"),
    (HttpToolsProtocol, "shutdown", "(self)", "requests are lost when the server ends"),
    (RequestResponseCycle, "run_asgi", "(self, app)", "requests are not run"),
    (RequestResponseCycle, "send", "(self, message)", "responses are not sent"),
    (FlowControl, "pause_reading", "(self)", "a full pipeline is read on"),
    (FlowControl, "resume_reading", "(self)", "a full pipeline is read on"),
    # server/websocket_protocol.py
    (WebSocketsSansIOProtocol, "data_received", "(self, data)", "frames have no bound"),
    (WebSocketsSansIOProtocol, "handle_events", "(self)", "frames are not taken"),
    (WebSocketsSansIOProtocol, "handle_cont", "(self, event)", "fragments have no bound"),
    (WebSocketsSansIOProtocol, "handle_ping", "(self)", "pings have no bound"),
    (WebSocketsSansIOProtocol, "handle_pong", "(self, event)", "pongs have no bound"),
    (WebSocketsSansIOProtocol, "send_receive_event_to_app", "(self)", "broken UTF-8 is logged as an error"),
    (WebSocketsSansIOProtocol, "handle_parser_exception", "(self)", "sockets are not closed with a code"),
    (WebSocketsSansIOProtocol, "keepalive_timeout", "(self)", "clients that are gone stay"),
    (ServerProtocol, "fail", "(self, code, reason='')", "sockets are not closed with a code"),
    # server/draining_server.py
    (uvicorn.Server, "startup", "(self, sockets=None)", "nobody is told when the server answers"),
    (uvicorn.Server, "shutdown", "(self, sockets=None)", "listeners are cut instead of told"),
    (uvicorn.Server, "capture_signals", "(self)", "two servers in one process take each other's signals"),
    # workers/supervisor.py
    (Multiprocess, "__init__", "(self, config, sockets)", "signals are not taken"),
    (Multiprocess, "run", "(self)", "workers are not looked at"),
    (Multiprocess, "init_processes", "(self)", "uvicorn's own workers are started beside ours"),
    (Multiprocess, "keep_subprocess_alive", "(self)", "workers that died are not replaced"),
    (Multiprocess, "terminate_all", "(self)", "workers are not told to end"),
    (Multiprocess, "join_all", "(self)", "workers are not waited for"),
    (Multiprocess, "handle_signals", "(self)", "signals are not taken"),
    (Multiprocess, "handle_int", "(self)", "SIGINT does not end it"),
    (Multiprocess, "handle_term", "(self)", "SIGTERM does not end it"),
    (Multiprocess, "handle_hup", "(self)", "SIGHUP lets uvicorn replace workers that are not there"),
    (Multiprocess, "handle_ttin", "(self)", "SIGTTIN starts a worker of uvicorn's own"),
    (Multiprocess, "handle_ttou", "(self)", "SIGTTOU ends a worker that is not there"),
]


@pytest.mark.parametrize(
    ("owner", "name", "signature", "breaks"), USED, ids=[f"{one.__name__}.{name}" for one, name, _, _ in USED]
)
def test_a_method_is_there_with_its_parameters(owner: type, name: str, signature: str, breaks: str) -> None:
    method = getattr(owner, name, None)
    assert method is not None, breaks
    found = inspect.signature(method)
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in found.parameters.values()]
    assert str(found.replace(parameters=bare, return_annotation=inspect.Signature.empty)) == signature, breaks


ATTRIBUTES = [
    (
        HttpToolsProtocol,
        (
            "app client config connections cycle flow headers loop parser pipeline scope server_state "
            "timeout_keep_alive_task transport url"
        ),
        "the bounds are kept from the wrong values, and responses that are ready have no date",
    ),
    (
        RequestResponseCycle,
        (
            "default_headers disconnected flow keep_alive message_event on_response response_complete response_started "
            "scope transport waiting_for_100_continue"
        ),
        "requests that are given up go on, and responses are not written at once",
    ),
    (
        WebSocketsSansIOProtocol,
        "close_sent conn curr_msg_data_type frames handshake_complete initial_response loop read_paused writable",
        "sockets are read while nobody takes what they send",
    ),
    (FlowControl, "read_paused write_paused", "slow applications cost their clients the connection"),
    (Multiprocess, "should_exit signal_queue", "a second signal does not end the workers at once"),
]


@pytest.mark.parametrize(("owner", "names", "breaks"), ATTRIBUTES, ids=[one.__name__ for one, _, _ in ATTRIBUTES])
def test_an_attribute_is_there(owner: type, names: str, breaks: str) -> None:
    source = inspect.getsource(owner)
    assert [name for name in names.split() if f"self.{name}" not in source] == [], breaks


def test_the_parser_of_websockets_tells_of_failed_handshakes_and_frames() -> None:
    protocol = ServerProtocol()
    assert (protocol.handshake_exc, protocol.parser_exc) == (None, None)


def test_the_http_parser_takes_the_end_of_a_head_with_an_upgrade_for_the_end_of_the_request() -> None:
    class Told:
        calls: list[str]

        def __init__(self) -> None:
            self.calls = []

        def on_headers_complete(self) -> None:
            self.calls.append("head")

        def on_message_complete(self) -> None:
            self.calls.append("end")

    told = Told()
    head = b"POST / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\n"
    with pytest.raises(httptools.HttpParserUpgrade) as upgrade:
        httptools.HttpRequestParser(told).feed_data(head + b"hello")
    assert upgrade.value.args == (len(head),), "bodies after ignored upgrades are read from the wrong place"
    assert told.calls == ["head", "end"]
