"""What goes wrong at Salesforce's door, in its words: `[{"message", "errorCode", "fields"}]` and a status.

A Fault is an error of our tree, so that whatever else handles one knows what to do with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.kernel.errors import (
    Conflict,
    DureError,
    Invalid,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooMany,
    Unavailable,
)

_STATUS = {
    "INVALID_SESSION_ID": 401,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "INSUFFICIENT_ACCESS_OR_READONLY": 403,
    "INSUFFICIENT_ACCESS": 403,
    "API_DISABLED_FOR_ORG": 403,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "METHOD_NOT_ALLOWED": 405,
    "REQUEST_ENTITY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "SERVER_UNAVAILABLE": 503,
    "UNKNOWN_EXCEPTION": 500,
}


class Fault(DureError):
    """Something that Salesforce has a code for."""

    def __init__(self, code: str, message: str, fields: Sequence[str] = (), *, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status or _STATUS.get(code, 400)
        self.fields = tuple(fields)

    def as_salesforce(self) -> dict[str, Any]:
        """One entry of the list that an answer's body is."""
        body: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields or self.code in _OF_FIELDS:
            body["fields"] = list(self.fields)
        return body

    def as_result(self) -> dict[str, Any]:
        """The same inside a result of many records, where the code has another name."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}


# These always say which fields, even where there are none.
_OF_FIELDS = frozenset(
    {
        "REQUIRED_FIELD_MISSING", "DUPLICATE_VALUE", "STRING_TOO_LONG", "INVALID_FIELD_FOR_INSERT_UPDATE",
        "FIELD_INTEGRITY_EXCEPTION", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID", "NUMBER_OUTSIDE_VALID_RANGE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    }
)  # fmt: skip

_CODES: tuple[tuple[type[DureError], str], ...] = (
    (NotSignedIn, "INVALID_SESSION_ID"),
    (NotAllowed, "INSUFFICIENT_ACCESS_OR_READONLY"),
    (NotFound, "NOT_FOUND"),
    (Conflict, "DUPLICATE_VALUE"),
    (Malformed, "JSON_PARSER_ERROR"),
    (TooLarge, "REQUEST_ENTITY_TOO_LARGE"),
    (TooMany, "REQUEST_LIMIT_EXCEEDED"),
    (Unavailable, "SERVER_UNAVAILABLE"),
    (Invalid, "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
)


def fault_of(error: DureError, names: Mapping[str, str] | None = None) -> Fault:
    """Dure's own error as Salesforce says it; `names` turns our fields into the client's."""
    if isinstance(error, Fault):
        return error
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "UNKNOWN_EXCEPTION")
    if code == "INVALID_SESSION_ID":
        return Fault(code, "Session expired or invalid")
    field = error.field or ""
    # Dure names a custom field of a record `custom.Name__c`.
    shown = (names or {}).get(field, field.removeprefix("custom."))
    return Fault(code, error.message, [shown] if shown else [])
