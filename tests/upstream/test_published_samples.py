"""What the vendor's published samples of the client side say, read by the gateway's own decoders."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gateway.errors import NotFound, Refusal, Unauthenticated
from gateway.upstream import decode, failures
from gateway.upstream.decode_lists import ChainLists
from tests.support.published_samples import PublishedSample, published, published_samples
from tests.support.upstream_json import raw

LISTS = ChainLists()
READERS: dict[str, Callable[[bytes], Any]] = {
    "get-offer-chains-list": LISTS.offer_chains,
    "get-user-offer-chain-by-id": decode.offer_chain,
    "claim-user-offer-chain-step-reward": lambda body: {"order_id": decode.claimed_order_id(body)},
    "order-user-offer-chain-step-reward": decode.placed_order,
    "get-reward-chains-list": LISTS.reward_chains,
    "get-user-reward-chain-balance": decode.balance,
    "user-clan-update": lambda body: {"reward": decode.clan_rewards(body)},
    "get-user-clan-top-contributors": decode.contributors,
    "get-daily-chains-list": LISTS.daily_chains,
    "get-user-daily-chain-by-id": decode.daily_chain,
    "create-order-with-item": decode.placed_order,
    "get-order": decode.order,
}
NAMED = {401: Unauthenticated, 404: NotFound, 422: Refusal}
CLIENT = [one for one in published_samples() if one.operation in READERS or "user-" in one.operation]
ANSWERS = [one for one in CLIENT if one.status == 200 and one.operation in READERS and one.body != {}]
REFUSALS = [one for one in CLIENT if one.status in NAMED]


def unlike(model: Any, sample: Any, path: str = "$") -> list[str]:
    """Where a model says something else than a sample; fields that the model does not have are left out."""
    if sample is None:
        return []
    if isinstance(sample, list):
        if len(model) != len(sample):
            return [f"{path}: length"]
        pairs = enumerate(zip(model, sample, strict=True))
        return [line for index, (one, other) in pairs for line in unlike(one, other, f"{path}[{index}]")]
    if isinstance(sample, dict):
        fields = msgspec.structs.asdict(model) if isinstance(model, msgspec.Struct) else model
        return [
            line for key in fields.keys() & sample.keys() for line in unlike(fields[key], sample[key], f"{path}.{key}")
        ]
    told = datetime.fromisoformat(sample) if isinstance(model, datetime) else sample
    told = Decimal(str(sample)) if isinstance(model, Decimal) else told
    return [] if told == model else [f"{path}: {sample!r} is read as {model!r}"]


@pytest.mark.parametrize("sample", ANSWERS, ids=str)
def test_a_sample_is_read_as_it_says(sample: PublishedSample) -> None:
    assert unlike(READERS[sample.operation](raw(sample.body)), sample.body) == []


def test_a_difference_between_model_and_sample_would_be_noticed() -> None:
    chain = decode.offer_chain(raw(published("get-user-offer-chain-by-id", "200")))
    sample = published("get-user-offer-chain-by-id", "200")
    other = {**sample, "order": 2, "date_end": "2025-04-25T18:16:00+04:00", "steps": []}
    assert [line.split(":")[0] for line in sorted(unlike(chain, other))] == ["$.date_end", "$.order", "$.steps"]


@pytest.mark.parametrize("sample", REFUSALS, ids=str)
def test_a_sample_of_an_error_goes_by_its_status_and_keeps_its_number(sample: PublishedSample) -> None:
    assert sample.status is not None
    error = failures.failure(sample.status, raw(sample.body), None, writes=True, now=0.0)
    assert isinstance(error, NAMED[sample.status])
    assert (error.upstream_code, error.transaction_id) == (
        sample.body["errorCode"],
        sample.body.get("transactionId"),
    )


def test_an_empty_balance_tells_nothing() -> None:
    assert decode.balance(raw(published("get-user-reward-chain-balance", "200 empty"))) is None
    assert decode.balance(b'\xef\xbb\xbf{ "sku": "v", "name": "V", "amount": "7" }').amount == 7  # type: ignore[union-attr]
