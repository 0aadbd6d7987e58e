"""What a step of an offer chain or of a daily chain holds (client contract, 1.4)."""

from gateway.sandbox.client import responses as responses
from gateway.sandbox.client.player_calls import PlayerCall
from gateway.sandbox.storage.items import Items, Part


def chain_item(
    call: PlayerCall, part: Part, items: Items, order: int, outer: tuple[int, ...] = ()
) -> responses.ChainItem:
    """Describe an item with what is inside it; `outer` are the bundles that it is in."""
    item = items[part.item_id]
    inside = (*outer, item.item_id)
    content = [
        chain_item(call, one, items, position, inside)
        for position, one in enumerate(item.content, start=1)
        if one.item_id not in inside
    ]
    return responses.ChainItem(
        item_id=item.item_id,
        sku=item.sku,
        type=item.type,
        name=call.name(item.name),
        description=call.text(item.description),
        bundle_type=item.bundle_type,
        image_url=call.absolute_url(item.image_url),
        is_free=item.is_free,
        quantity=part.quantity,
        order=order,
        content=content if item.bundle_type else None,
    )
