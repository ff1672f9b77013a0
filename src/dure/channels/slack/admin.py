"""What `admin.*` methods have in common: who calls them, of which workspace they speak, how refusals are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call
from dure.governance.api import Principal, allowed
from dure.kernel.errors import Conflict, DureError, NotAllowed, NotFound

BY = ("user", "system")


def administrator(call: Call, right: str = "org:write", error: str = "not_an_admin") -> Principal:
    """The caller as an owner or administrator of the organisation; Refused for everybody else.

    The method has asked for its own scope, and what it does goes by the caller's role from here on.
    """
    acting = replace(call.principal, scopes=frozenset({"*"}))
    if not allowed(acting, right):
        raise Refused(error)
    return acting


async def stepping_in(call: Call, acting: Principal, name: str = "team_id", error: str = "team_not_found") -> Principal:
    """The administrator in the workspace that is named, which is the token's where none is."""
    with named({"workspace": error}):
        return await call.governance.seats.stepping_in(acting, call.arguments.text(name).strip())


@contextmanager
def named(
    by_field: Mapping[str, str] | None = None, *, conflict: str = "", refused: str = "", missing: str = ""
) -> Iterator[None]:
    """Refusals within in Slack's words: by the field they name, else by their kind."""
    try:
        yield
    except DureError as error:
        name = (by_field or {}).get(error.field or "")
        for kind, told in ((Conflict, conflict), (NotAllowed, refused), (NotFound, missing)):
            if not name and isinstance(error, kind):
                name = told
        if not name:
            raise
        raise Refused(name, f"[ERROR] {error.message}") from error


def moment(call: Call, name: str, error: str) -> datetime | None:
    """A time in seconds, with or without a fraction; None where it is absent or 0."""
    text = call.arguments.text(name).strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,11}(\.\d{1,9})?", text):
        raise Refused(error)
    seconds = float(text)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
