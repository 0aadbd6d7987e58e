"""The owners of whom this process keeps anything, by the tags that events name them with."""

from collections.abc import Callable
from weakref import WeakValueDictionary

from gateway.cache.keys import Owner


class OwnerName:
    """An owner and their tag; who keeps anything of the owner keeps this, and nothing else does."""

    __slots__ = ("__weakref__", "owner", "tag")

    def __init__(self, owner: Owner, tag: bytes) -> None:
        self.owner = owner
        self.tag = tag


class OwnerNames:
    """Names of owners, each as long as somebody keeps it."""

    def __init__(self, tag_of: Callable[[Owner], bytes]) -> None:
        self._tag_of = tag_of
        self._by_owner: WeakValueDictionary[Owner, OwnerName] = WeakValueDictionary()
        self._by_tag: WeakValueDictionary[bytes, OwnerName] = WeakValueDictionary()

    def of(self, owner: Owner) -> OwnerName:
        """The name of an owner, to be kept with what is kept of them."""
        name = self._by_owner.get(owner)
        if name is None:
            name = OwnerName(owner, self._tag_of(owner))
            self._by_owner[owner] = self._by_tag[name.tag] = name
        return name

    def owner(self, tag: bytes) -> Owner | None:
        """The owner whom a tag names, if anything is kept of them."""
        name = self._by_tag.get(tag)
        return None if name is None else name.owner
