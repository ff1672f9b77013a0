"""What slices bring to governance: which of their events are proven for ever, and which are not, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dure.feed.api import Event


@dataclass(frozen=True, slots=True)
class Audited:
    """How an event becomes an entry of the audit trail.

    `action` is Slack's name where Slack has one; "" is the event's own name in small letters, and "" of a function says
    that there is no entry of this one. `entity` is the kind of
    what it is about; "" is the event's `object_type`. `keep` are the properties that go into the entry: never a secret,
    a message's words or what points at a customer, because no entry is ever changed or erased. `one_of` are the names
    that a function of `action` gives, `of` the kind that a function of `entity` gives.
    """

    action: str | Callable[[Event], str] = ""
    entity: str | Callable[[Event], tuple[str, str]] = ""
    keep: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    of: str = ""


AuditTable = Mapping[str, Audited | str]
"""A slice's events by name: an `Audited`, or the reason for which it is not."""


def audited(*names: str, keep: tuple[str, ...] = (), entity: str = "") -> dict[str, Audited | str]:
    """Rows of events that Slack has no action for."""
    return dict.fromkeys(names, Audited(entity=entity, keep=keep))


def left_out(reason: str, *names: str) -> dict[str, Audited | str]:
    """Rows of events that no entry is made of."""
    return dict.fromkeys(names, reason)
