"""The kinds of fields that bodies are made of, each with the bounds that the upstream documents (admin contract, 2).

Numbers have bounds of our own as well, where none are documented, so that their products and sums fit into the
database's integers.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

# The published pattern, read literally, admits a range of characters that its own prose excludes: the prose counts.
# `\Z` and not `$`, which would let a line break through at the end.
Sku = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_.-]*\Z")]
AttributeCode = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[-_.A-Za-z0-9]+\Z")]
CatalogAttributeId = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9_-]+\Z")]
ConditionValue = Annotated[str, Meta(max_length=255)]

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]
# A float is written back as it was read as long as it has no more than fifteen digits, which money has not.
Amount = Annotated[int, Meta(gt=0, le=10**12)] | Annotated[float, Meta(gt=0, le=10**12)]

Quantity = Annotated[int, Meta(ge=1, le=1_000_000)]
Points = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Id = Annotated[int, Meta(ge=1, le=2**53)]

Localised = dict[str, str | None]
"""A text by language code, as it is sent: the codes are read by `languages.canonical_texts`."""

Date = Annotated[datetime, Meta(tz=True)]
"""ISO 8601; a date without an offset is refused."""

ResetTime = Annotated[str, Meta(pattern=r"^((0[0-9]|1[0-9]|2[0-3]):00:00)(\+|-)(0[0-9]|1[0-9]|2[0-3]):([0-5][0-9])\Z")]
DayOfWeek = Annotated[int, Meta(ge=1, le=7)]
DayOfMonth = Annotated[int, Meta(ge=1, le=31)]
