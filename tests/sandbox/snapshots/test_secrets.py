"""No key, no player and no secret reaches a snapshot or what is said of it."""

import base64
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sandbox.demo.tokens import mint_token
from tests.sandbox.scripted_admin import API_KEY, PROJECT, ScriptedAdmin, read

MARK = "S3CRET0F0THERS"
"""Part of every secret of somebody else."""

TOKEN = mint_token(MARK, now=0)

SECRET_NAMES = [
    "api_key",
    "apiKey",
    "secret",
    "webhook_secret",
    "token",
    "accessToken",
    "password",
    "Authorization",
    "session_id",
    "private-key",
    "users",
    "player_id",
    "top_contributors",
    "email",
    "created_by",
    "ip_address",
]
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
secret_texts = st.sampled_from(
    [
        API_KEY,
        f"before {API_KEY} after",
        quote(API_KEY, safe=""),
        base64.b64encode(f"{PROJECT}:{API_KEY}".encode()).decode(),
        base64.urlsafe_b64encode(f"merchant:{API_KEY}".encode()).decode(),
        f"Basic {MARK}",
        f"bearer {MARK}",
        f"see https://someone:{MARK}@cdn.example/hat.png",
        f"https://cdn.example/hat.png?v=1&X-Amz-Signature={MARK}&w=5",
        f"https://cdn.example/hat.png?token={MARK}#top",
        f"{MARK}@studio.example",
        f"signed in with {TOKEN}.",
    ]
)


def _objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    harmless = st.dictionaries(
        words | st.sampled_from(["name", "steps", "items", "custom_attributes"]), values, max_size=3
    )
    private = st.dictionaries(st.sampled_from(SECRET_NAMES), st.just(MARK) | st.just({"id": MARK}), max_size=2)
    keyed = st.dictionaries(secret_texts, values, max_size=1)
    return st.tuples(harmless, private, keyed).map(lambda three: {**three[0], **three[1], **three[2]})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | words | secret_texts,
    lambda inner: st.lists(inner, max_size=3) | _objects(inner),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=40)
@given(item=_objects(values), chain=_objects(values), point=_objects(values))
async def test_no_secret_reaches_a_snapshot_or_its_report(
    item: dict[str, Any], chain: dict[str, Any], point: dict[str, Any]
) -> None:
    admin = ScriptedAdmin()
    admin.lists["/items/virtual_items"] = [{**item, "sku": "hat"}]
    admin.lists["/items/value_points"] = [{**point, "sku": "embers"}]
    admin.lists["/items/embers/value_points/rewards"] = [item]
    for kind, name in (("offer_chain", "id"), ("reward_chain", "reward_chain_id"), ("daily_chain", "id")):
        admin.lists[f"/{kind}"] = [{name: 1}]
        admin.objects[f"/{kind}/id/1"] = {**chain, name: 1}
    said = msgspec.json.encode(await read(admin)).decode()
    for secret in (API_KEY, quote(API_KEY, safe=""), MARK, TOKEN, TOKEN.rpartition(".")[2]):
        assert secret not in said
    for user in (f"{PROJECT}:", "merchant:", "::", ":"):
        # The bytes of a key have three forms in base64; their middles are what is looked for.
        assert base64.b64encode((user + API_KEY).encode()).decode()[8:-4] not in said


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("https://cdn.example/hat.png?v=3&w=64", "https://cdn.example/hat.png?v=3&w=64"),
        ("https://cdn.example/hat.png?v=3&sig=abc", "https://cdn.example/hat.png?v=3&[removed]"),
        ("Bearers of the lantern", "Bearers of the lantern"),
        ("hearth_tokens", "hearth_tokens"),
        ("eyJ. is how it starts", "eyJ. is how it starts"),
        ({"token_cost": 5, "wool": 1}, {"wool": 1}),
        (7, 7),
        (True, True),
    ],
    ids=str,
)
async def test_what_is_harmless_stays(value: object, kept: object) -> None:
    admin = ScriptedAdmin()
    admin.lists["/items/virtual_items"] = [{"sku": "hat", "custom_attributes": {"it": value}}]
    reading = await read(admin)
    assert reading.snapshot.virtual_items[0]["custom_attributes"] == {"it": kept}
    assert bool(reading.left_out) is (value != kept)


async def test_a_key_of_digits_is_found_as_a_number_too(monkeypatch: pytest.MonkeyPatch) -> None:
    admin = ScriptedAdmin()
    admin.lists["/items/virtual_items"] = [{"sku": "hat", "limit": 12345678}]
    monkeypatch.setattr("tests.sandbox.scripted_admin.API_KEY", "12345678")
    reading = await read(admin)
    assert reading.snapshot.virtual_items[0]["limit"] is None
    assert reading.left_out == ("virtual_items.limit",)
