"""Whatever looks like a credential is cut out of a text, and nothing else is."""

import json
import string
import time

import hypothesis.strategies as st
import pytest
from hypothesis import given

from gateway.telemetry.redaction import REDACTED, has_no_secrets, redact, redact_text

BASE64URL = string.ascii_letters + string.digits + "-_"
parts = st.text(BASE64URL, max_size=40)
jwts = st.builds(lambda head, payload, seal: f"eyJ{head}.{payload}.{seal}", parts, parts, parts)
opaque = st.text(BASE64URL + ".~+/", min_size=4, max_size=40).map(lambda text: f"{text}==")
surroundings = st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
        ("{'authorization': 'bearer abc'}", "{'authorization': 'bearer [redacted]'}"),
        ("bearer\tabc, basic", "bearer\t[redacted], basic"),
        ("q=Bearer%20abc", "q=Bearer%20[redacted]"),
        ("it was eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln!", "it was [redacted]!"),
        ("an eyJa..c without payload", "an [redacted] without payload"),
        ("encrypted eyJa.b.c.d.e", "encrypted [redacted]"),
        ("glued_eyJa.b.c", "[redacted]"),
        (
            "https://pay.example/paystation4/?token=abc%2Fd&lang=de",
            "https://pay.example/paystation4/?token=[redacted]&lang=de",
        ),
        ("?access_token=abc#top", "?access_token=[redacted]#top"),
        ("?redirect=%2F%3Ftoken%3Dabc", "?redirect=%2F%3Ftoken%3D[redacted]"),
        ("Bearer one, Bearer two, eyJa.b.c", "Bearer [redacted], Bearer [redacted], [redacted]"),
    ],
)
def test_credentials_are_cut_out(text: str, redacted: str) -> None:
    assert redact_text(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gateway.concurrency.single_flight.FlightEnded in line 12",
        "api.example.com answered 1.2.3",
        "eyJ alone, or eyJa.b with two parts",
        "a bearer",
        "the token is missing",
        "token = none",
        "naïve ünïcode",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert redact_text(text) == text


@given(before=surroundings, token=jwts, after=surroundings)
def test_no_web_token_survives_in_any_surroundings(before: str, token: str, after: str) -> None:
    assert token not in redact_text(before + token + after)


@given(
    before=surroundings, scheme=st.sampled_from(["Bearer ", "bearer  ", "BEARER\n"]), token=opaque, after=surroundings
)
def test_no_bearer_credential_survives_in_any_surroundings(before: str, scheme: str, token: str, after: str) -> None:
    assert token not in redact_text(before + scheme + token + after).removeprefix(before)


@given(
    before=surroundings, name=st.sampled_from(["token=", "access_token=", "Token="]), token=opaque, after=surroundings
)
def test_no_token_parameter_survives_in_any_surroundings(before: str, name: str, token: str, after: str) -> None:
    assert token not in redact_text(before + name + token + after).removeprefix(before)


@given(text=st.text(max_size=200) | st.lists(jwts | opaque | surroundings, max_size=5).map(" Bearer ".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact_text(redact_text(text)) == redact_text(text)


@pytest.mark.parametrize("pattern", ["eyJ", "eyJ.", ".", "a", "bearer ", "Bearer\n", "token=", "Bearer+", " "])
def test_hostile_text_takes_linear_time(pattern: str) -> None:
    text = pattern * (400_000 // len(pattern))
    # Linear it takes a few milliseconds, and quadratic it would take hours.
    began = time.process_time()
    redact_text(text)
    assert time.process_time() - began < 60


@pytest.mark.parametrize(
    "name", ["token", "payment_token", "Authorization", "client_secret", "api_key", "cookie", "password"]
)
def test_members_with_a_secret_name_are_cut_out_whatever_they_hold(name: str) -> None:
    assert redact({name: ["opaque"], "in": [{name: 7}]}) == {name: REDACTED, "in": [{name: REDACTED}]}


@pytest.mark.parametrize("name", ["path", "key", "tokens_read"])
def test_other_members_stay(name: str) -> None:
    members: dict[str, object] = {name: ["opaque", 7, None, {"deep": 1.5}]}
    assert redact(members) == members


@given(text=surroundings | jwts | opaque.map("Bearer {}".format) | opaque.map("x?token={}".format))
def test_what_is_called_innocent_has_nothing_to_cut_out(text: str) -> None:
    assert not has_no_secrets(json.dumps({text: text})) or redact({text: text}) == {text: text}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("GET /graphql", True), ("eyJ", False), ("BEARER", False), ('{"api_key": 1}', False), ('{"key": 1}', True)],
)
def test_a_text_without_any_hint_of_a_credential_has_no_secrets(text: str, expected: bool) -> None:
    assert has_no_secrets(text) is expected
