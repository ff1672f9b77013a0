"""Ids on the way in and out. Records have Salesforce's shape already; users have Slack's, and are dressed for it."""

from __future__ import annotations

import re

from dure.deals.record_id import full_id

_SHAPE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?", re.ASCII)
_USER = "005"


def is_id(given: str) -> bool:
    """Whether it has the shape of an id, with the right check where it has eighteen characters."""
    return bool(_SHAPE.fullmatch(given)) and (len(given) == 15 or full_id(given[:15]) == given)


def user_outside(user: str) -> str:
    """A user's (or an app's) id for Salesforce's clients: U0ABC… as 0050U0ABC… with its check."""
    return full_id(_USER + user.rjust(12, "0"))


def user_inside(given: str) -> str:
    """And back; anything else as it came."""
    return given[3:15].lstrip("0") if given.startswith(_USER) and len(given) in (15, 18) else given


def inside(given: str, *, users: bool = False) -> str | None:
    """An id from outside as the database has it; None where it is none at all."""
    if not is_id(given):
        return None
    return user_inside(given) if users else full_id(given[:15])


def organisation_outside(workspace: str) -> str:
    """A workspace's id as an organisation's."""
    return full_id("00D" + workspace.rjust(12, "0"))
