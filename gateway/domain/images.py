"""The pictures that chains show. Pure."""

from collections.abc import Iterable

from gateway.domain.models import DailyChain, Item, OfferChain, RewardChain


def image_urls(
    offers: Iterable[OfferChain], rewards: Iterable[RewardChain], dailies: Iterable[DailyChain]
) -> tuple[str, ...]:
    """Every picture that the chains show, without doubles, in the order in which a screen meets them."""
    found: dict[str, None] = {}
    for url in (*_offer_images(offers), *_reward_images(rewards), *_daily_images(dailies)):
        if url:
            found[url] = None
    return tuple(found)


def _offer_images(chains: Iterable[OfferChain]) -> Iterable[str | None]:
    for chain in chains:
        for step in chain.steps:
            yield from _item_images(step.items)
            yield from (points.image_url for points in step.step_vp_rewards)
            yield from (points.image_url for points in step.step_loyalty_rewards)


def _reward_images(chains: Iterable[RewardChain]) -> Iterable[str | None]:
    for chain in chains:
        yield from (chain.image_url, chain.value_point.image_url, chain.popup_image_url)
        for step in chain.steps:
            yield step.image_url
            yield from _item_images(step.reward)


def _daily_images(chains: Iterable[DailyChain]) -> Iterable[str | None]:
    for chain in chains:
        for step in chain.steps:
            yield from _item_images(step.items)


def _item_images(items: Iterable[Item]) -> Iterable[str | None]:
    for item in items:
        yield item.image_url
        yield from _item_images(item.content or ())
