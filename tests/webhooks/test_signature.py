"""What counts as signed by the vendor."""

import pytest

from gateway.webhooks.signature import Signature
from tests.support.webhook_payloads import SECRET, signed

BODY = b'{"notification_type":"order_paid"}'
GOOD = signed(BODY)


def test_the_signature_is_the_documented_one() -> None:
    # As of `printf '{}my_secret' | sha1sum`.
    assert Signature("my_secret").fits(b"{}", ["Signature bd3749d43f27393b4d2888d771a621924bc51718"])


def test_a_secret_may_have_letters_of_any_alphabet() -> None:
    assert Signature("gehéim").fits(BODY, [signed(BODY, "gehéim")])


@pytest.mark.parametrize(
    "authorization",
    [
        [],
        [""],
        [GOOD, GOOD],
        [GOOD[:-1]],
        [GOOD + "0"],
        [GOOD.removeprefix("Signature ")],
        [GOOD.replace("Signature", "signature")],
        [GOOD.replace("Signature", "Bearer")],
        [GOOD.replace("Signature ", "Signature  ")],
        ["Signature " + GOOD[10:].upper()],
        [signed(BODY, "another")],
        [signed(BODY, "")],
        [signed(BODY + b" ")],
        ["Signature é"],
    ],
)
def test_anything_else_is_forged(authorization: list[str]) -> None:
    assert not Signature(SECRET).fits(BODY, authorization)


def test_both_secrets_count_while_one_is_changed() -> None:
    both = Signature("new-secret", "old-secret")
    assert both.fits(BODY, [signed(BODY, "new-secret")])
    assert both.fits(BODY, [signed(BODY, "old-secret")])
    assert not both.fits(BODY, [signed(BODY, "older-secret")])
