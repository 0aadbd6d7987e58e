"""Events that came together, with those that differ only in what changed made into one."""

from collections.abc import Iterable

from msgspec.structs import replace

from gateway.store.events import MOST_IDS, ReceivedEvent

_Subject = tuple[int, int, bytes | None, bytes | None, bytes | None, int | None, str | None]


def merge(events: Iterable[ReceivedEvent]) -> list[ReceivedEvent]:
    """The events, each where the last of its kind was: a write that began again after it ended is under way."""
    found: dict[_Subject, ReceivedEvent] = {}
    for event in events:
        subject = _subject(event)
        earlier = found.pop(subject, None)
        found[subject] = event if earlier is None else _joined(earlier, event)
    return list(found.values())


def _subject(event: ReceivedEvent) -> _Subject:
    return event.version, event.kind, event.owner, event.player, event.record, event.order_id, event.status


def _joined(first: ReceivedEvent, second: ReceivedEvent) -> ReceivedEvent:
    """The second event with the changes of both; about any chain where one is, or where they name too many."""
    if not (first.reasons and second.reasons):
        return first if first.reasons else second
    offers = {*first.offer_chain_ids, *second.offer_chain_ids}
    rewards = {*first.reward_chain_ids, *second.reward_chain_ids}
    dailies = {*first.daily_chain_ids, *second.daily_chain_ids}
    if _is_about_any(first) or _is_about_any(second) or len(offers) + len(rewards) + len(dailies) > MOST_IDS:
        offers, rewards, dailies = set(), set(), set()
    return replace(
        second,
        reasons=first.reasons | second.reasons,
        offer_chain_ids=tuple(sorted(offers)),
        reward_chain_ids=tuple(sorted(rewards)),
        daily_chain_ids=tuple(sorted(dailies)),
    )


def _is_about_any(event: ReceivedEvent) -> bool:
    return not (event.offer_chain_ids or event.reward_chain_ids or event.daily_chain_ids)
