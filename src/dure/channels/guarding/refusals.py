"""What a writer is told when a rule is met. All are `restricted_action` to Slack's clients; `data.guard` says more.

A refusal writes down what it was about even where the act around it is undone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from dure.channels.guarding.model import Violation
from dure.channels.refusals import RestrictedAction
from dure.kernel.errors import Conflict, NotFound
from dure.state import Leaves, Tx

Writing = Callable[[Tx], Awaitable[None]]


class Guarded(RestrictedAction, Leaves):
    """A rule of your organisation does not let this be said."""

    def __init__(self, violation: Violation, write: Writing | None, *, field: str = "text") -> None:
        told: dict[str, Any] = {
            "action": violation.action, "rules": [rule["name"] for rule in violation.rules], "violation": violation.id,
            "what": violation.what, "excerpt": violation.excerpt, "unread": violation.unread,
        }  # fmt: skip
        super().__init__(field=field, data={"guard": told})
        self.violation = violation
        self._write = write

    async def leave(self, tx: Tx) -> None:
        if self._write is not None:
            await self._write(tx)


class KeptBack(Guarded):
    """This waits until an administrator lets it through."""


class Heed(Guarded):
    """A rule of your organisation warns you; it can be said all the same."""


class RuleNotFound(NotFound):
    """There is no such rule here."""

    code = "guard_not_found"


class ViolationNotFound(NotFound):
    """There is no such violation here."""

    code = "violation_not_found"


class Decided(Conflict):
    """Somebody has decided this already."""

    code = "already_decided"


class TrialNotFound(NotFound):
    """There is no such trial here."""

    code = "trial_not_found"
