"""All refusals of the sandbox, with the upstream's bodies and numbers (client contract, 7; admin contract, 11).

ApiError
├── UnauthorizedError              401 · 1501
│   └── TokenNotFoundError         401 · 1013
├── PublisherUnauthorizedError     401 · 1020
├── ForbiddenError                 403 · 0
├── NotFoundError                  404 · 4001
│   ├── DetailedNotFoundError      404 · 4001
│   ├── OrderNotFoundError         404 · 9001
│   └── RewardStepNotFoundError    404 · 9911
└── RefusedError                   422 · 1102
    ├── AlreadyClaimedError        422 · 9912
    ├── NotEnoughPointsError       422 · 9913
    ├── InvalidItemError           422 · 1411
    ├── FreeItemError              422 · 1421
    ├── ActiveChainError           422 · 6209
    ├── MissingContentError        422 · 4517
    ├── TooManyAttributesError     422 · 9908
    └── TooManyValuesError         422 · 9909
"""

from enum import Enum
from typing import ClassVar, Self

import msgspec


class DetailsFormat(Enum):
    """The form of `errorMessageExtended`: the upstream's subsections differ (admin contract, 11)."""

    NONE = "absent"
    OBJECT = "an object, or null"
    LIST = "a list"


class ErrorDetail(msgspec.Struct, frozen=True):
    """A property of a body, by its path, and what is wrong with it."""

    property: str
    message: str


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """The upstream's error body; the last two fields are only on some refusals."""

    statusCode: int  # noqa: N815 - the upstream's own spelling
    errorCode: int  # noqa: N815 - as above
    errorMessage: str  # noqa: N815 - as above
    transactionId: str | msgspec.UnsetType = msgspec.UNSET  # noqa: N815 - as above
    errorMessageExtended: msgspec.UnsetType | list[ErrorDetail] | ErrorDetail | None = msgspec.UNSET  # noqa: N815 - as above


class ApiError(Exception):
    """A refused call; `text` is English and for people, programs should not read it."""

    status: ClassVar[int]
    code: ClassVar[int]
    text: ClassVar[str]
    is_traced: bool = False
    details: DetailsFormat = DetailsFormat.NONE
    problem: ErrorDetail | None = None

    def __init__(self, text: str | None = None) -> None:
        """Take a text in place of the class's own."""
        super().__init__(text or self.text)

    def envelope(self, transaction_id: str) -> ErrorBody:
        """Build the body; some have a transaction id and details, as in the upstream's samples."""
        return ErrorBody(
            statusCode=self.status,
            errorCode=self.code,
            errorMessage=f"[0401-{self.code}]: {self}",
            transactionId=transaction_id if self.is_traced else msgspec.UNSET,
            errorMessageExtended=self._extended(),
        )

    def _extended(self) -> msgspec.UnsetType | list[ErrorDetail] | ErrorDetail | None:
        if self.details is DetailsFormat.NONE:
            return msgspec.UNSET
        if self.details is DetailsFormat.OBJECT:
            return self.problem
        return [self.problem] if self.problem else []


class UnauthorizedError(ApiError):
    """The call needs a player's token and has none, or the token is malformed, forged or expired."""

    status, code, text = 401, 1501, "Authorization failed: Provide authorization"


class TokenNotFoundError(UnauthorizedError):
    """An opaque token that was never issued, or has expired."""

    code, text = 1013, "Token not found."


class PublisherUnauthorizedError(ApiError):
    """The call needs the project's API key."""

    status, code, text = 401, 1020, "Error in Authentication method occurred"


class ForbiddenError(ApiError):
    """There is no such Admin call; the upstream's number for it is not known."""

    status, code, text = 403, 0, "Requested endpoint is forbidden"


class NotFoundError(ApiError):
    """No such project, item, chain or offer step.

    The number for offer chains is not published; 4001 is what the upstream documents for items and reward chains.
    """

    status, code, text = 404, 4001, "Not found"


class ItemNotFoundError(NotFoundError):
    """An item that a player's call names does not exist; the sample of this refusal has a transaction id."""

    is_traced = True

    def __init__(self, sku: str) -> None:
        """Take the SKU that was named."""
        super().__init__(f"Item with sku = '{sku}' not found")


class DetailedNotFoundError(NotFoundError):
    """What a call for offer chains names does not exist: all errors there have five fields (admin contract, 11)."""

    is_traced = True
    details = DetailsFormat.OBJECT


class OrderNotFoundError(NotFoundError):
    """The player has no such order; other players' orders are refused in the same way."""

    code, text = 9001, "Order not found"


class RewardStepNotFoundError(NotFoundError):
    """No such step, or no such reward chain: the claim call documents one number for both."""

    code, text = 9911, "Reward chain step not found."


class RefusedError(ApiError):
    """The request is invalid, or the state of the chain does not allow it; the number does not say which."""

    status, code, text = 422, 1102, "Unprocessable Entity"
    is_traced = True
    details = DetailsFormat.OBJECT

    def __init__(self, reason: str | None = None, property: str | None = None) -> None:  # noqa: A002 - the upstream's word
        """Take the reason, which follows the upstream's fixed words, and the property of the body that is wrong."""
        super().__init__(reason and f"Unprocessable Entity. {reason}")
        self.problem = ErrorDetail(property, reason or self.text) if property is not None else None

    def with_details(self, details: DetailsFormat) -> Self:
        """Set the form of the details, and return the refusal."""
        self.details = details
        return self


class InvalidItemError(RefusedError):
    """An item that real money does not buy, or not now."""

    code, text = 1411, "Invalid item"
    details = DetailsFormat.NONE


class FreeItemError(RefusedError):
    """A free item is not ordered by the call for paid ones."""

    code, text = 1421, "Item is free"
    details = DetailsFormat.NONE


class AlreadyClaimedError(RefusedError):
    """The player has claimed this reward step in the current period."""

    code, text = 9912, "Reward already claimed."
    details = DetailsFormat.NONE


class NotEnoughPointsError(RefusedError):
    """The player or their clan has not earned the step's points, or the player has no clan."""

    code, text = 9913, "Not enough value points to claim step reward."
    details = DetailsFormat.NONE


class ActiveChainError(RefusedError):
    """An offer chain must be switched off before it can be changed."""

    code, text = 6209, "Active chain cannot be updated. Please deactivate it first"


class MissingContentError(RefusedError):
    """A bundle was updated without its content; the meaning of the number is inferred."""

    code, text = 4517, "Bundle content is required"


class TooManyAttributesError(RefusedError):
    """An item has too many catalog attributes."""

    code, text = 9908, "Number of catalog attributes per item exceeded"


class TooManyValuesError(RefusedError):
    """A catalog attribute of an item has too many values."""

    code, text = 9909, "Number of attribute values per item exceeded"
