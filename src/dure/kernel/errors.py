"""The tree of errors that a caller can meet; each has a code, an HTTP status and a sentence.

    DureError
    ├── Invalid (422)         the request makes no sense; names the field
    ├── Malformed (400)       the bytes are not what the protocol asks for
    ├── NotSignedIn (401)     no credential, or one that is not known
    ├── NotAllowed (403)      known, but without the right
    ├── NotFound (404)        nothing by that name that the caller may see
    ├── Conflict (409)        it exists already, or changed meanwhile
    │   └── Cancelled (409)   somebody stopped it while it ran
    ├── TooLarge (413)        beyond a stated limit
    ├── TooMany (429)         beyond a stated rate; carries `retry_after` seconds
    └── Unavailable (503)     cannot be done now and may be tried again; nothing was kept

What goes wrong outside (a webhook that times out) is not here: it is a value that is kept and shown.
"""

from __future__ import annotations

from collections.abc import Mapping


class DureError(Exception):
    """Something went wrong inside; it was logged."""

    code = "internal"
    status = 500

    def __init__(
        self, message: str | None = None, *, field: str | None = None, data: Mapping[str, object] | None = None
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.field = field
        self.data = dict(data or {})
        super().__init__(self.message)

    def as_json(self) -> dict[str, object]:
        """The one shape of an error at Dure's own doors."""
        body: dict[str, object] = {"code": self.code, "message": self.message}
        if self.field is not None:
            body["field"] = self.field
        if self.data:
            body["data"] = self.data
        return {"error": body}


class Invalid(DureError):
    """The request cannot be understood."""

    code = "invalid"
    status = 422


class Malformed(DureError):
    """The body is not what this door reads."""

    code = "malformed"
    status = 400


class NotSignedIn(DureError):
    """Sign in, or send a token that is known here."""

    code = "not_signed_in"
    status = 401


class NotAllowed(DureError):
    """Your role does not allow this."""

    code = "not_allowed"
    status = 403


class NotFound(DureError):
    """There is nothing by that name here."""

    code = "not_found"
    status = 404


class Conflict(DureError):
    """It exists already, or it changed meanwhile."""

    code = "conflict"
    status = 409


class Cancelled(Conflict):
    """This was cancelled while it ran."""

    code = "cancelled"


class TooLarge(DureError):
    """The request is larger than this door takes."""

    code = "too_large"
    status = 413


class TooMany(DureError):
    """Too many requests; try again after `retry_after` seconds."""

    code = "too_many"
    status = 429

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message, data={"retry_after": retry_after})
        self.retry_after = retry_after


class Unavailable(DureError):
    """This cannot be done right now; nothing was kept, try again."""

    code = "unavailable"
    status = 503
