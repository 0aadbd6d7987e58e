"""Several changes as one."""

from gateway.events.changes import MOST_IDS, Change, ChangeReason, merged

CLAIM, PAID = frozenset({ChangeReason.CLAIM}), frozenset({ChangeReason.ORDER_PAID})


def test_merged_changes_name_all_their_reasons_and_chains() -> None:
    first, second = Change(CLAIM, frozenset({1, 2})), Change(PAID, frozenset({2}), frozenset({7}))
    assert merged(first, second) == Change(CLAIM | PAID, frozenset({1, 2}), frozenset({7}))
    assert merged(first, second) == merged(second, first)


def test_with_a_change_about_any_chain_all_are_about_any() -> None:
    one = Change(CLAIM, reward_chain_ids=frozenset({1}))
    assert (one.is_about_any, Change(PAID).is_about_any) == (False, True)
    assert merged(one, Change(PAID)) == Change(CLAIM | PAID)
    assert merged(Change(PAID), one) == Change(CLAIM | PAID)


def test_changes_that_name_too_many_chains_are_about_any() -> None:
    half = frozenset(range(MOST_IDS // 2))
    whole = merged(Change(CLAIM, half), Change(CLAIM, reward_chain_ids=half))
    assert whole == Change(CLAIM, half, half)
    assert merged(whole, Change(CLAIM, frozenset({MOST_IDS}))) == Change(CLAIM)
