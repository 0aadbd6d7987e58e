"""Ids of documents, which clients write in more than one way."""

import hashlib

SHA256 = "sha256:"


def same_id(given: str) -> str:
    """One spelling of an id: a hash is bare and in lower case, with or without `sha256:` in front."""
    if given[:7].lower() == SHA256:
        given = given[7:]
    return given.lower() if len(given) == 64 else given


def sha256_of(text: str) -> str:
    """The id of a text by its hash. Lone surrogates, which JSON can carry, are hashed as they are."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
